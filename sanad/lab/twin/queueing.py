"""Waiting and being served, first come first served, compiled.

Kiefer and Wolfowitz (1955): keep when each server becomes free; a customer takes the one that is
free first and waits until then. Exact for several servers; no list of events is needed.
"""

import numpy as np
import numpy.typing as npt
from numba import njit

Ints = npt.NDArray[np.int64]
MOST_SERVERS = 16


@njit(cache=True, nogil=True)
def serve(
    arrived: Ints, place: Ints, session: Ints, servers: Ints, seconds: Ints, patience: Ints,
    no_show_seconds: int, started: Ints, server: Ints, left: npt.NDArray[np.bool_],
) -> None:  # fmt: skip
    """Fill `started`, `server` and `left` for customers sorted by place, session and arrival.

    `session` numbers a stretch of opening hours: at its start every server is free. A customer
    whose wait exceeds `patience` seconds is called in vain, which takes `no_show_seconds`.
    All times are whole seconds; `servers` is by place, at most `MOST_SERVERS`.
    """
    free = np.zeros(MOST_SERVERS, dtype=np.int64)
    last_place, last_session = -1, -1
    for i in range(len(arrived)):
        if place[i] != last_place or session[i] != last_session:
            last_place, last_session = place[i], session[i]
            free[:] = 0
        first = 0
        for s in range(1, servers[place[i]]):
            if free[s] < free[first]:
                first = s
        begins = max(arrived[i], free[first])
        left[i] = begins - arrived[i] > patience[i]
        started[i], server[i] = begins, first
        free[first] = begins + (no_show_seconds if left[i] else seconds[i])


@njit(cache=True, nogil=True)
def deliver(
    person: Ints, submitted: Ints, entity: Ints, call_seconds: Ints, outage_from: Ints,
    outage_until: Ints, outage_of: Ints, first_wait: int, longest_wait: int,
    first_claim: Ints, tries: Ints, acknowledged: Ints,
) -> None:  # fmt: skip
    """Fill first claim, number of tries and acknowledgement of deliveries sorted by person, time.

    A person's earlier request goes first; the one behind it is taken up on the next full minute.
    While the entity's portal is down a try fails after `call_seconds` and the next one waits,
    doubling from `first_wait` up to `longest_wait` seconds.
    """
    last_person, last_done = -1, -1
    for i in range(len(submitted)):
        if person[i] != last_person:
            last_person, last_done = person[i], -1
        claim = submitted[i]
        if last_done > submitted[i]:
            claim = (last_done // 60 + 1) * 60
        first_claim[i], tries[i] = claim, 1
        while True:
            down = False
            for o in range(outage_of[entity[i]], outage_of[entity[i] + 1]):
                if outage_from[o] <= claim < outage_until[o]:
                    down = True
            concluded = claim + call_seconds[i]
            if not down:
                break
            wait = min(first_wait * 2 ** min(tries[i] - 1, 12), longest_wait)
            claim = concluded + wait
            tries[i] += 1
        acknowledged[i] = concluded
        last_done = max(last_done, concluded)
