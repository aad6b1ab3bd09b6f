"""Who comes, when, and with what: drawn for every session by its own stream.

Arrivals by change of time (Cinlar 1975, section 4.7): the sums of unit exponentials, put through
the inverse of the cumulative rate, are the arrivals of a Poisson process of that rate. So a change
of the rate moves everybody's arrival, but the n-th customer stays who they are.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sanad.lab.twin.engine.compiled import loop, step
from sanad.lab.twin.engine.model import Customers, Sessions, Wants
from sanad.lab.twin.engine.streams import Purpose, fraction, key_of, purpose_word
from sanad.lab.twin.engine.tables import FOREVER, exponential, look_up
from sanad.lab.twin.engine.threads import over
from sanad.lab.twin.facts import Ints
from sanad.lab.twin.streams import STEP, Words
from sanad.lab.twin.world import Floats

BATCH = 64  # sessions
_ARRIVAL, _SERVICE, _PATIENCE = (
    int(one) for one in (Purpose.ARRIVAL, Purpose.SERVICE, Purpose.PATIENCE)
)
_KIND, _BOOKED, _EARLY = (int(one) for one in (Purpose.KIND, Purpose.BOOKED, Purpose.EARLY))
_BACK, _BACK_AFTER, _AGAIN = (int(one) for one in (Purpose.BACK, Purpose.BACK_AFTER, Purpose.AGAIN))
_UNIT = exponential(1.0).ravel()


@dataclass(frozen=True)
class Demand:
    """Who is expected. S sessions, M kinds, T tables of (2, CELLS + 1), P profiles."""

    expected: Floats  # (S,) customers a session, on average
    profile: Ints  # (S,) row of `moments`
    moments: Floats  # (P, cells + 1) by when each equal part of the expected has come, seconds
    tables: Floats  # (T, 2, CELLS + 1) seconds
    share: Floats  # (M,) of each kind, adding up to 1
    service: Ints  # (M,) row of `tables`
    patience: Ints  # (M,) row of `tables`


@dataclass(frozen=True)
class Habits:
    """What only the event loop knows: shares from 0 to 1 and rows of the demand's tables."""

    booked: float  # share with an appointment
    early: int  # row: seconds by which they come before it
    back: float  # share who come back after their service
    back_after: int  # row: seconds until then
    again: int  # row: seconds of the second service


def moments_of(edges: npt.ArrayLike, rates: npt.ArrayLike, cells: int = 2048) -> Floats:
    """The profile of a rate that is constant between `edges` (seconds): (cells + 1,) moments."""
    at = np.asarray(edges, dtype=np.float64)
    grown = np.concatenate([[0.0], np.cumsum(np.diff(at) * np.asarray(rates, dtype=np.float64))])
    parts = np.linspace(0.0, grown[-1], cells + 1)
    # Where nobody comes for a while, `np.interp` goes on from its end; one cell lies across it.
    found: Floats = np.interp(parts, grown, at)
    return found


def draw(sessions: Sessions, demand: Demand, seed: int, *, threads: int = 1) -> Customers:
    """The customers of every session. The same seed gives the same bytes on any threads."""
    upto = np.concatenate([[0.0], np.cumsum(demand.expected)])
    flat, upto_kind = _flat(demand)

    def part(begin: int, end: int) -> tuple[Ints, Floats, Floats, Floats]:
        expected = float(upto[end] - upto[begin])
        # Eight standard deviations and more: never reached, and checked below.
        room = int(expected + 8 * np.sqrt(expected) + 64)
        first = np.zeros(end - begin + 1, dtype=np.int64)
        arrived, service, patience = np.empty(room), np.empty(room), np.empty(room)
        used = _draw(
            seed, begin, sessions.centre, sessions.day, demand.expected, demand.profile,
            demand.moments, _UNIT, flat, upto_kind, demand.service, demand.patience,
            first, arrived, service, patience,
        )  # fmt: skip
        assert used >= 0, "more customers came than eight standard deviations above the expected"
        return first, arrived[:used], service[:used], patience[:used]

    parts = over(len(sessions), threads, part)
    if len(parts) == 1:
        return Customers(*parts[0])
    ends = np.cumsum([0] + [int(one[0][-1]) for one in parts])
    firsts = [one[0][:-1] + end for one, end in zip(parts, ends[:-1], strict=True)]
    first = np.concatenate([*firsts, ends[-1:]])
    return Customers(first, *(np.concatenate([one[k] for one in parts]) for k in (1, 2, 3)))


def draw_wants(
    sessions: Sessions, demand: Demand, habits: Habits, customers: Customers, seed: int, *,
    threads: int = 1,
) -> Wants:  # fmt: skip
    """Kind, appointment and return of customers that :func:`draw` gave under the same seed."""
    count = len(customers)
    flat, upto_kind = _flat(demand)
    kind = np.empty(count, dtype=np.int64)
    due, back_after, again = np.empty(count), np.empty(count), np.empty(count)

    def part(begin: int, end: int) -> None:
        _wants(
            seed, begin, end, sessions.centre, sessions.day, customers.first, customers.arrived,
            flat, upto_kind, habits.booked, habits.early, habits.back, habits.back_after,
            habits.again, kind, due, back_after, again,
        )  # fmt: skip

    over(len(sessions), threads, part)
    return Wants(kind, due, back_after, again)


def _flat(demand: Demand) -> tuple[Floats, Floats]:
    """The tables laid out flat, and the probability up to each kind but the last."""
    return np.ascontiguousarray(demand.tables).ravel(), np.cumsum(demand.share)[:-1]


@loop
def _draw(
    seed: int, begin: int, centre: Ints, day: Ints, expected: Floats, profile: Ints,
    moments: Floats, unit: Floats, flat: Floats, upto: Floats, service_row: Ints,
    patience_row: Ints, first: Ints, arrived: Floats, service: Floats, patience: Floats,
) -> int:  # fmt: skip
    """Fill the customers of sessions from `begin`; how many they are, or -1 if there is no room.

    A few sessions at a time, so that their counters stay near the processor.
    """
    counters = np.empty(0, dtype=np.uint64)
    kind = np.empty(0, dtype=np.int64)
    used = 0
    for batch in range(0, len(first) - 1, BATCH):
        until = min(batch + BATCH, len(first) - 1)
        some = expected[begin + batch : begin + until].sum()
        room = min(int(some + 8 * np.sqrt(some) + 64), len(arrived) - used)
        if room > len(counters):
            counters = np.empty(room, dtype=np.uint64)
            kind = np.zeros(room, dtype=np.int64)
        here = 0
        for s in range(batch, until):
            row = moments[profile[begin + s]]
            counter = key_of(seed, centre[begin + s], day[begin + s])
            came = arrived[used + here : used + room]
            more = arrivals(counter, expected[begin + s], row, unit, counters[here:room], came)
            if more < 0:
                return -1
            here += more
            first[s + 1] = used + here
        _kinds(upto, counters[:here], kind)
        _by_table(_SERVICE, flat, service_row, kind, counters[:here], service[used:])
        _by_table(_PATIENCE, flat, patience_row, kind, counters[:here], patience[used:])
        used += here
    return used


@step
def arrivals(
    counter: np.uint64, total: float, row: Floats, unit: Floats, counters: Words, arrived: Floats
) -> int:
    """The arrivals of a session and their counters; how many, or -1 if there is no room."""
    crossed = purpose_word(_ARRIVAL)
    cells = len(row) - 1
    scale = cells / total if total > 0 else 0.0
    i = 0
    grown = look_up(unit, 0, fraction(counter, crossed))
    while grown < total:
        if i == len(arrived):
            return -1
        x = grown * scale
        cell = min(int(x), cells - 1)
        arrived[i] = row[cell] + (row[cell + 1] - row[cell]) * (x - cell)
        counters[i] = counter
        i += 1
        counter += STEP
        grown += look_up(unit, 0, fraction(counter, crossed))
    return i


@step
def _kind(upto: Floats, counter: np.uint64, crossed: np.uint64) -> int:
    u = fraction(counter, crossed)
    found = 0
    for k in range(len(upto)):
        found += u >= upto[k]
    return found


@step
def _kinds(upto: Floats, counters: Words, kind: Ints) -> None:
    """The kind of each; where there is only one, `kind` says so from the start."""
    if len(upto) == 0:
        return
    crossed = purpose_word(_KIND)
    for i in range(len(counters)):
        kind[i] = _kind(upto, counters[i], crossed)


@step
def _by_table(
    purpose: int, flat: Floats, row_of: Ints, kind: Ints, counters: Words, drawn: Floats
) -> None:
    crossed = purpose_word(purpose)
    if len(row_of) == 1:
        row = row_of[0]
        for i in range(len(counters)):
            drawn[i] = look_up(flat, row, fraction(counters[i], crossed))
        return
    for i in range(len(counters)):
        drawn[i] = look_up(flat, row_of[kind[i]], fraction(counters[i], crossed))


@loop
def _wants(
    seed: int, begin: int, end: int, centre: Ints, day: Ints, first: Ints, arrived: Floats,
    flat: Floats, upto: Floats, booked: float, early: int, back: float, later: int, second: int,
    kind: Ints, due: Floats, back_after: Floats, again: Floats,
) -> None:  # fmt: skip
    of_kind, of_again = purpose_word(_KIND), purpose_word(_AGAIN)
    of_booked, of_early = purpose_word(_BOOKED), purpose_word(_EARLY)
    of_back, of_later = purpose_word(_BACK), purpose_word(_BACK_AFTER)
    for session in range(begin, end):
        counter = key_of(seed, centre[session], day[session])
        for i in range(first[session], first[session + 1]):
            kind[i] = _kind(upto, counter, of_kind)
            due[i] = back_after[i] = FOREVER
            again[i] = 0.0
            if fraction(counter, of_booked) < booked:
                due[i] = arrived[i] + look_up(flat, early, fraction(counter, of_early))
            if fraction(counter, of_back) < back:
                back_after[i] = look_up(flat, later, fraction(counter, of_later))
                again[i] = look_up(flat, second, fraction(counter, of_again))
            counter += STEP
