"""Every centre first come, first served, without a list of events.

Kiefer and Wolfowitz (1955), "On the theory of queues with many servers": keep the sorted vector of
the moments at which servers become free. A customer is served by the first if the wait until then
is within their patience; who leaves changes nothing in the vector (Baccelli, Boyer and Hebuterne
1984, for one server; the same holds for several, because an earlier customer's fate is known).

Sessions are computed side by side, LANES at once, the fullest first, so that those that still have
a k-th customer are the first lanes and one instruction serves several of them.
"""

import numpy as np

from sanad.lab.twin.engine.compiled import loop, step
from sanad.lab.twin.engine.model import (
    MOST_SERVERS,
    Called,
    Customers,
    Served,
    Sessions,
    State,
    States,
)
from sanad.lab.twin.engine.threads import over
from sanad.lab.twin.facts import Ints
from sanad.lab.twin.world import Floats

LANES = 128
_SERVED, _LEFT, _STILL = np.int8(State.SERVED), np.int8(State.LEFT), np.int8(State.STILL_THERE)


def serve(sessions: Sessions, customers: Customers, *, threads: int = 1) -> Served:
    """When each customer was called (seconds on the session's clock), if they were; (N,) each."""
    began = np.empty(len(customers))
    state = np.empty(len(customers), dtype=np.int8)

    def part(begin: int, end: int) -> None:
        _serve(
            begin, end, sessions.opens, sessions.leaves, sessions.servers, customers.first,
            customers.arrived, customers.service, customers.patience, began, state,
        )  # fmt: skip

    over(len(sessions), threads, part)
    return Served(began, state)


def serve_calling(sessions: Sessions, customers: Customers, *, vain: float) -> Called:
    """The same where whoever has left is called in vain, which takes a server `vain` seconds.

    One session after the other, for it is asked once for a story and not a thousand times.
    """
    turn = np.full(len(customers), np.nan)
    state = np.full(len(customers), _STILL, dtype=np.int8)
    server = np.full(len(customers), -1, dtype=np.int8)
    _serve_calling(
        sessions.opens, sessions.leaves, sessions.servers, customers.first, customers.arrived,
        customers.service, customers.patience, vain, turn, state, server,
    )  # fmt: skip
    return Called(np.where(state == _SERVED, turn, np.nan), state, turn, server)


@loop
def _serve_calling(
    opens: Floats, leaves: Floats, servers: Ints, first: Ints, arrived: Floats, service: Floats,
    patience: Floats, vain: float, turn: Floats, state: States, server: States,
) -> None:  # fmt: skip
    free = np.empty(MOST_SERVERS)
    for s in range(len(first) - 1):
        free[:] = opens[s]
        for i in range(first[s], first[s + 1]):
            soonest = 0
            for j in range(1, servers[s]):
                if free[j] < free[soonest]:
                    soonest = j
            call = max(arrived[i], free[soonest])
            if call > leaves[s]:
                state[i] = _LEFT if arrived[i] + patience[i] <= leaves[s] else _STILL
                continue
            is_served = call - arrived[i] <= patience[i]
            turn[i], server[i] = call, soonest
            state[i] = _SERVED if is_served else _LEFT
            free[soonest] = call + (service[i] if is_served else vain)


@loop
def _serve(
    begin: int, end: int, opens: Floats, leaves: Floats, servers: Ints, first: Ints,
    arrived: Floats, service: Floats, patience: Floats, began: Floats, state: States,
) -> None:  # fmt: skip
    for batch in range(begin, end, LANES):
        lanes = min(LANES, end - batch)
        counts = first[batch + 1 : batch + lanes + 1] - first[batch : batch + lanes]
        order = _fullest_first(counts)
        at, count, leave = first[batch + order], counts[order], leaves[batch + order]
        most = servers[batch : batch + lanes].max()
        free = np.empty((most, lanes))
        for s in range(most):
            for lane in range(lanes):
                one = batch + order[lane]
                free[s, lane] = opens[one] if s < servers[one] else np.inf
        busy = np.empty(lanes)
        active = lanes
        for k in range(count[0]):
            while count[active - 1] <= k:
                active -= 1
            _call(k, active, at, leave, free[0], arrived, service, patience, busy, began)
            for s in range(1, most):
                _insert(active, free[s - 1], free[s], busy)
            free[most - 1, :active] = busy[:active]
        for s in range(batch, batch + lanes):
            _tell(leaves[s], first[s], first[s + 1], arrived, patience, began, state)


@step
def _tell(
    leaves: float, begin: int, end: int, arrived: Floats, patience: Floats, began: Floats,
    state: States,
) -> None:  # fmt: skip
    """What became of the customers of a session who were called and of the others."""
    for i in range(begin, end):
        went = _LEFT if arrived[i] + patience[i] <= leaves else _STILL
        state[i] = went if np.isnan(began[i]) else _SERVED


@loop
def _fullest_first(counts: Ints) -> Ints:
    """The order of falling counts, by counting how many lanes have more."""
    place = np.zeros(counts.max() + 2, dtype=np.int64)
    for count in counts:
        place[count] += 1
    begin = 0
    for count in range(len(place) - 1, -1, -1):
        here = place[count]
        place[count] = begin
        begin += here
    order = np.empty(len(counts), dtype=np.int64)
    for lane in range(len(counts)):
        order[place[counts[lane]]] = lane
        place[counts[lane]] += 1
    return order


@step
def _call(
    k: int, active: int, at: Ints, leave: Floats, soonest: Floats, arrived: Floats,
    service: Floats, patience: Floats, busy: Floats, began: Floats,
) -> None:  # fmt: skip
    """The k-th customer of each lane; `busy` is until when their server is."""
    for lane in range(active):
        i = at[lane] + k
        came, free = arrived[i], soonest[lane]
        call = came if came > free else free
        is_served = (call - came <= patience[i]) & (call <= leave[lane])
        began[i] = call if is_served else np.nan
        busy[lane] = call + service[i] if is_served else free


@step
def _insert(active: int, before: Floats, here: Floats, busy: Floats) -> None:
    """One step of putting `busy` into its place: the smaller moves down, the larger goes on."""
    for lane in range(active):
        one, other = here[lane], busy[lane]
        before[lane] = one if one < other else other
        busy[lane] = other if one < other else one
