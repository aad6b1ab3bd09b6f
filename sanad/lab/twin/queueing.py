"""Deliveries to entities' portals, one person's after the other, compiled."""

from numba import njit

from sanad.lab.twin.facts import Ints


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
