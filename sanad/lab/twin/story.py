"""A story: one quarter of the whole network, from arrival to decision, from one seed."""

import numpy as np

from sanad.lab.twin import arrivals, counter, people, requests
from sanad.lab.twin.facts import Facts
from sanad.lab.twin.streams import Streams
from sanad.lab.twin.world import World

START_SECONDS = 10  # from the call to sitting down


def simulate(world: World) -> Facts:
    """What happened in the period of `world`; the same world gives the same facts.

    The steps: 1. who comes where, when and for what; 2. a few who change their mind after paying,
    whose requests come on top; 3. everybody is served in turn; 4. who they are; 5. the life of
    each request; 6. who still waits when the story stops.
    """
    streams = Streams(world.seed)
    came = arrivals.comings(world, streams)
    service = arrivals.services_of(world, streams, came.requests)
    changed = _change_their_mind(world, streams, came)
    of_case = np.repeat(np.arange(len(came.requests)), came.requests + changed)
    position = _position(of_case)
    is_extra = position == came.requests[of_case]
    first_case = np.cumsum(came.requests) - came.requests
    service = service[np.minimum(first_case[of_case] + position - is_extra, len(service) - 1)]
    seconds = counter.request_seconds(world, streams, service, (position == 0).astype(np.int64))
    at_counter = np.bincount(of_case, weights=seconds, minlength=len(came.requests))
    asked = 60 * world.assumed["question_minutes_median"]
    at_counter = counter.LEAD_SECONDS + np.where(came.requests > 0, at_counter, asked)
    first_service = np.full(len(came.requests), -1, dtype=np.int64)
    first_service[of_case[position == 0]] = service[position == 0]
    visits, place = counter.served(world, streams, came, at_counter.astype(np.int64), first_service)
    visits, known, companies = people.known(world, streams, visits)

    visit = place[of_case]
    order = np.lexsort((position, visit))
    visit, service, seconds = visit[order], service[order], seconds[order]
    changed_mind = is_extra[order]
    before = np.cumsum(seconds) - seconds
    first_of_visit = np.searchsorted(visit, visit)
    begins = visits.called[visit] + START_SECONDS + 20 + before - before[first_of_visit]
    down = requests.outages(world, streams)
    cases = requests.lives(
        world, streams, visits, down, visit, service, seconds, begins, changed_mind
    )
    waiting = counter.still_waiting(world, streams, visits)
    by_time = np.lexsort((cases.visit, cases.opened))
    return Facts(visits, cases.take(by_time), waiting, down, known, companies)


def _change_their_mind(world: World, streams: Streams, came: arrivals.Comings) -> np.ndarray:
    """1 for the visits with one request more, which is paid and then given up."""
    drawn = streams.fractions("changes mind", len(came.requests))
    may = (came.requests > 0) & ~world.alone[came.centre]
    return ((drawn < world.assumed["changed_mind_share"]) & may).astype(np.int64)


def _position(of_case: np.ndarray) -> np.ndarray:
    """The place of each request in its visit, from 0."""
    return np.arange(len(of_case)) - np.searchsorted(of_case, of_case)
