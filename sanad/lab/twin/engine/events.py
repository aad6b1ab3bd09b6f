"""The event loop: what first come, first served cannot say.

1. Kinds of customers with priorities; a due appointment goes before every walk-in.
2. Skills: which server may serve which kind. Of the free servers the first that may is taken, so
   list specialists first.
3. Breaks: a server is away from..until, after finishing the customer they have.
4. Outages: work on a kind slows down, or stands still and nobody of the kind is called.
5. Returns: a customer comes back once after their service, and waits again in the order of coming.
6. Patience: who has waited longer than theirs when their turn comes has left.

Without any of these the answer is that of :mod:`sanad.lab.twin.engine.recursion`, to the second's
billionth. Arrivals come from their sorted array; everything else is an event in a heap. A waiting
customer is called when a server becomes free, an outage ends, or at once on coming. So between
events no free server has a waiting customer whom they may serve.
"""

from typing import NamedTuple

import numpy as np

from sanad.lab.twin.engine.compiled import loop, step
from sanad.lab.twin.engine.heap import pop, push
from sanad.lab.twin.engine.model import (
    MOST_SERVERS,
    Customers,
    Rules,
    Sessions,
    State,
    States,
    Told,
    Wants,
)
from sanad.lab.twin.engine.tables import FOREVER
from sanad.lab.twin.engine.threads import over
from sanad.lab.twin.facts import Ints
from sanad.lab.twin.world import Floats

_SERVED, _LEFT, _STILL = np.int8(State.SERVED), np.int8(State.LEFT), np.int8(State.STILL_THERE)
_NOT_COME = np.int8(State.NOT_COME)
# Codes of events: a server ends a service, or looks up; all do; a customer returns, by row. Of one
# moment servers come first, so that who comes just then finds them as they are from then on.
_LOOK_UP, _ALL_LOOK_UP = MOST_SERVERS, 2 * MOST_SERVERS
_RETURN = 2 * MOST_SERVERS + 1


class _Given(NamedTuple):
    """What the loop reads: the arrays of the model, flat. Numba takes a named tuple as it is."""

    centre: Ints
    opens: Floats
    leaves: Floats
    servers: Ints
    first: Ints
    arrived: Floats
    service: Floats
    patience: Floats
    kind: Ints
    due: Floats
    back_after: Floats
    again: Floats
    priority: Ints
    skills: Ints
    break_first: Ints
    break_server: Ints
    break_from: Floats
    break_until: Floats
    outage_first: Ints
    outage_kind: Ints
    outage_from: Floats
    outage_until: Floats
    outage_pace: Floats


class _Hall(NamedTuple):
    """What the loop remembers of one session. A visit's code is its row, plus N if the second."""

    moments: Floats  # the heap
    codes: Ints
    size: Ints
    waiting: Ints  # visits in the order of coming
    came: Floats  # when each of these came
    length: Ints  # (1,) how many wait
    idle: Ints  # (MOST_SERVERS,) 1 if the server has no customer
    break_at: Ints  # (MOST_SERVERS,) the break that the server has or has next, -1: none
    asked: Ints  # (MOST_SERVERS,) the break after which the server looks up, -1: none
    break_after: Ints  # the same server's break after each of the session, -1: none


class _Books(NamedTuple):
    """What the loop writes, (2, N) each."""

    began: Floats
    ended: Floats
    server: States
    state: States


def serve(
    sessions: Sessions, customers: Customers, wants: Wants, rules: Rules, *, threads: int = 1
) -> Told:
    """What happened to each customer's first and second visit; (2, N) each, in seconds."""
    given = _Given(
        sessions.centre, sessions.opens, sessions.leaves, sessions.servers,
        customers.first, customers.arrived, customers.service, customers.patience,
        wants.kind, wants.due, wants.back_after, wants.again,
        rules.priority, rules.skills,
        rules.break_first, rules.break_server, rules.break_from, rules.break_until,
        rules.outage_first, rules.outage_kind, rules.outage_from, rules.outage_until,
        rules.outage_pace,
    )  # fmt: skip
    shape = (2, len(customers))
    books = _Books(
        np.full(shape, np.nan), np.full(shape, np.nan),
        np.full(shape, -1, dtype=np.int8), np.full(shape, _NOT_COME, dtype=np.int8),
    )  # fmt: skip
    over(len(sessions), threads, lambda begin, end: _serve(begin, end, given, books))
    return Told(books.began, books.state, books.ended, books.server)


@loop
def _serve(begin: int, end: int, given: _Given, books: _Books) -> None:
    most = 0
    for s in range(begin, end):
        here = 2 * (given.first[s + 1] - given.first[s])
        fixed = given.break_first[s + 1] - given.break_first[s]
        fixed += given.outage_first[s + 1] - given.outage_first[s]
        most = max(most, here + fixed + 2 * MOST_SERVERS)
    hall = _Hall(
        np.empty(most), np.empty(most, dtype=np.int64), np.zeros(1, dtype=np.int64),
        np.empty(most, dtype=np.int64), np.empty(most), np.zeros(1, dtype=np.int64),
        np.zeros(MOST_SERVERS, dtype=np.int64), np.zeros(MOST_SERVERS, dtype=np.int64),
        np.zeros(MOST_SERVERS, dtype=np.int64), np.empty(most, dtype=np.int64),
    )  # fmt: skip
    for s in range(begin, end):
        _session(s, given, hall, books)


@step
def _session(s: int, given: _Given, hall: _Hall, books: _Books) -> None:
    _open(s, given, hall)
    count, end = len(given.arrived), given.first[s + 1]
    i = given.first[s]
    while i < end or hall.size[0] > 0:
        # A server who becomes free at the very moment of an arrival is free for it.
        if hall.size[0] == 0 or (i < end and given.arrived[i] < hall.moments[0]):
            _come(i, given.arrived[i], s, given, hall, books)
            i += 1
            continue
        now = hall.moments[0]
        code = pop(hall.moments, hall.codes, hall.size)
        if code >= _RETURN:
            _come(count + code - _RETURN, now, s, given, hall, books)
        elif code < _LOOK_UP:
            hall.idle[code] = 1
            _next(code, now, s, given, hall, books)
        elif code < _ALL_LOOK_UP:
            _next(code - _LOOK_UP, now, s, given, hall, books)
        else:
            for j in range(given.servers[s]):
                _next(j, now, s, given, hall, books)
    for w in range(hall.length[0]):
        _go(hall.waiting[w], hall.came[w], s, given, books)


@step
def _open(s: int, given: _Given, hall: _Hall) -> None:
    """Nobody waits, and what is known beforehand is in the heap."""
    hall.size[0] = hall.length[0] = 0
    hall.idle[:] = 1
    hall.break_at[:] = hall.asked[:] = -1
    push(hall.moments, hall.codes, hall.size, given.opens[s], _ALL_LOOK_UP)
    begin = given.break_first[s]
    for b in range(given.break_first[s + 1] - 1, begin - 1, -1):
        j = given.break_server[b]
        hall.break_after[b - begin], hall.break_at[j] = hall.break_at[j], b
    for o in range(given.outage_first[s], given.outage_first[s + 1]):
        push(hall.moments, hall.codes, hall.size, given.outage_until[o], _ALL_LOOK_UP)


@step
def _come(visit: int, now: float, s: int, given: _Given, hall: _Hall, books: _Books) -> None:
    """Somebody comes in: served at once by the first who may, or waiting."""
    count = len(given.arrived)
    kind = given.kind[visit - count if visit >= count else visit]
    if now <= given.leaves[s] and not _stands_still(kind, now, s, given):
        for j in range(given.servers[s]):
            if hall.idle[j] and _may(j, kind, s, given) and _is_there(j, now, s, given, hall):
                _begin(visit, j, now, s, given, hall, books)
                return
    here = hall.length[0]
    hall.waiting[here], hall.came[here] = visit, now
    hall.length[0] = here + 1


@step
def _next(j: int, now: float, s: int, given: _Given, hall: _Hall, books: _Books) -> None:
    """Server j calls whom they should, if they are free, there, and somebody waits for them."""
    if hall.length[0] == 0 or not hall.idle[j] or now > given.leaves[s]:
        return
    if not _is_there(j, now, s, given, hall):
        return
    best = _first_for(j, now, s, given, hall, books)
    if best < 0:
        return
    visit = hall.waiting[best]
    _close_up(best, hall)
    _begin(visit, j, now, s, given, hall, books)


@step
def _first_for(j: int, now: float, s: int, given: _Given, hall: _Hall, books: _Books) -> int:
    """The place in the hall of whom server j should call, -1: nobody. Who gave up goes."""
    count = len(given.arrived)
    best, best_rank, best_due = -1, 0, 0.0
    kept = 0
    for w in range(hall.length[0]):
        visit, came = hall.waiting[w], hall.came[w]
        i = visit - count if visit >= count else visit
        if now - came > given.patience[i]:
            _go(visit, came, s, given, books)
            continue
        hall.waiting[kept], hall.came[kept] = visit, came
        kept += 1
        kind = given.kind[i]
        if not _may(j, kind, s, given) or _stands_still(kind, now, s, given):
            continue
        is_due = visit < count and given.due[i] <= now
        rank = -1 if is_due else given.priority[kind]
        due = given.due[i] if is_due else 0.0
        if best < 0 or rank < best_rank or (rank == best_rank and due < best_due):
            best, best_rank, best_due = kept - 1, rank, due
    hall.length[0] = kept
    return best


@step
def _close_up(place: int, hall: _Hall) -> None:
    hall.length[0] -= 1
    for w in range(place, hall.length[0]):
        hall.waiting[w], hall.came[w] = hall.waiting[w + 1], hall.came[w + 1]


@step
def _begin(
    visit: int, j: int, now: float, s: int, given: _Given, hall: _Hall, books: _Books
) -> None:
    count = len(given.arrived)
    is_second = visit >= count
    i = visit - count if is_second else visit
    row = 1 if is_second else 0
    work = given.again[i] if is_second else given.service[i]
    done = _done(now, work, given.kind[i], s, given)
    books.began[row, i], books.ended[row, i] = now, done
    books.server[row, i], books.state[row, i] = j, _SERVED
    hall.idle[j] = 0
    push(hall.moments, hall.codes, hall.size, done, j)
    if not is_second and given.back_after[i] < FOREVER:
        back = done + given.back_after[i]
        if back <= given.leaves[s]:
            push(hall.moments, hall.codes, hall.size, back, _RETURN + i)


@step
def _go(visit: int, came: float, s: int, given: _Given, books: _Books) -> None:
    """Somebody was not called: they gave up before the last server went, or not."""
    count = len(given.arrived)
    i = visit - count if visit >= count else visit
    gave_up = came + given.patience[i] <= given.leaves[s]
    books.state[visit // count, i] = _LEFT if gave_up else _STILL


@step
def _may(j: int, kind: int, s: int, given: _Given) -> bool:
    return (given.skills[given.centre[s], j] >> kind) & 1 == 1


@step
def _is_there(j: int, now: float, s: int, given: _Given, hall: _Hall) -> bool:
    """Whether server j is at work; who asks in vain is why they look up when they are back.

    `now` never goes back, so breaks that are over are forgotten.
    """
    b = hall.break_at[j]
    while b >= 0 and given.break_until[b] <= now:
        b = hall.break_after[b - given.break_first[s]]
    hall.break_at[j] = b
    if now < given.opens[s]:
        return False
    if b < 0 or now < given.break_from[b]:
        return True
    if hall.asked[j] != b:
        hall.asked[j] = b
        push(hall.moments, hall.codes, hall.size, given.break_until[b], _LOOK_UP + j)
    return False


@step
def _stands_still(kind: int, now: float, s: int, given: _Given) -> bool:
    for o in range(given.outage_first[s], given.outage_first[s + 1]):
        if (
            given.outage_kind[o] == kind
            and given.outage_pace[o] == 0.0
            and given.outage_from[o] <= now < given.outage_until[o]
        ):
            return True
    return False


@step
def _done(now: float, work: float, kind: int, s: int, given: _Given) -> float:
    """When `work` seconds begun at `now` are done, outages of the kind considered."""
    for o in range(given.outage_first[s], given.outage_first[s + 1]):
        if given.outage_kind[o] != kind or given.outage_until[o] <= now:
            continue
        before = max(given.outage_from[o] - now, 0.0)
        if before >= work:
            break
        begins = max(given.outage_from[o], now)
        possible = (given.outage_until[o] - begins) * given.outage_pace[o]
        if possible >= work - before:
            return begins + (work - before) / given.outage_pace[o]
        work -= before + possible
        now = given.outage_until[o]
    return now + work
