"""The hall and the counter: tickets, waiting, being served; who serves whom."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from sanad.lab.twin.arrivals import Comings
from sanad.lab.twin.engine.model import Customers, Sessions, State
from sanad.lab.twin.engine.recursion import serve_calling
from sanad.lab.twin.engine.tables import FOREVER
from sanad.lab.twin.facts import Ints, Visits, Waiting
from sanad.lab.twin.streams import Streams
from sanad.lab.twin.world import Floats, World, between, midnight_of, weekday_of

LEAST_REQUEST_SECONDS = 90
WAITING_SECONDS = 1400  # how long those who wait at the end have waited at most
LEAD_SECONDS = 40  # to sit down and be found, before the first request


def service_medians(streams: Streams, assumed: Mapping[str, Any], services: int) -> Floats:
    """(S,) minutes at the counter that half of a service's requests take at most."""
    return between(
        assumed["service_minutes_median"], streams.fractions("service minutes", services)
    )


def request_seconds(world: World, streams: Streams, service: Ints, first: Ints) -> Ints:
    """Seconds at the counter of each request; `first` is 1 for the first of its visit."""
    medians = service_medians(streams, world.assumed, len(world.service_totals))
    spread = np.exp(
        world.assumed["service_minutes_sigma"] * streams.normals("request seconds", len(service))
    )
    factor = np.where(first == 1, 1.0, world.assumed["further_request_factor"])
    seconds = (60 * medians[service] * spread * factor).astype(np.int64)
    return np.maximum(seconds, LEAST_REQUEST_SECONDS)


def served(
    world: World, streams: Streams, came: Comings, seconds: Ints, service: Ints
) -> tuple[Visits, Ints]:
    """Everybody served in turn, in the order of time; and where each coming went in that order.

    `seconds` is the time at the counter by coming, `service` what it asks for first (-1: nothing).
    Who could not be served before the story stops came on the same weekday a week earlier.
    """
    arrived, day = came.arrived.copy(), came.day.copy()
    while True:
        started, server, left = _queue(world, streams, came, arrived, day, seconds)
        ended = started + np.where(left, world.assumed["no_show_seconds"], seconds)
        late = ended > world.now - 60
        if not late.any():
            break
        back = np.where(world.is_holiday[day - 7], 14, 7)[late]
        day[late] -= back
        arrived[late] -= back * 86_400
    nobody_before = started == arrived
    quick = nobody_before & (
        streams.fractions("without ticket", len(arrived)) < world.assumed["without_ticket_share"]
    )
    group = world.service_group[np.maximum(service, 0)]
    order = np.lexsort((came.centre, arrived))
    number = np.empty(len(arrived), dtype=np.int64)
    number[order] = _numbers(came.centre[order], day[order], group[order], ~quick[order])
    nobody = np.full(len(arrived), -1, dtype=np.int64)
    visits = Visits(
        centre=came.centre, day=day, arrived=arrived, called=started, ended=ended, came=~left,
        point=server + 1, operator=world.operators[came.centre, server], group=group,
        number=number, service=service, requests=came.requests, person=nobody, company=nobody,
    )  # fmt: skip
    place = np.empty(len(order), dtype=np.int64)
    place[order] = np.arange(len(order))
    return visits.take(order), place


def still_waiting(world: World, streams: Streams, visits: Visits) -> Waiting:
    """A few people in the halls that are open when the story stops, behind today's tickets."""
    today = len(world.days) - 1
    second = world.now - int(midnight_of(world.days)[today])
    spans = world.spans[world.hours, int(weekday_of(world.days)[today])]
    is_open = ((spans[:, :, 0] <= second - 1500) & (spans[:, :, 1] > second)).any(axis=1)
    is_open &= not bool(world.is_holiday[today])
    here = visits.day == today
    # Nobody is passed over: they came after everybody who was called.
    since = np.full(len(world.points), world.now - WAITING_SECONDS)
    np.maximum.at(since, visits.centre[here], visits.arrived[here] + 1)
    is_open &= since < world.now - 60
    count = streams.below("waiting", 3, len(world.points)) * is_open
    centre = np.repeat(np.arange(len(world.points)), count)
    window = world.now - 30 - since[centre]
    issued = since[centre] + streams.below("waiting/since", window, len(centre))
    order = np.lexsort((centre, issued))
    centre, issued = centre[order], issued[order]
    service = streams.choices("waiting/service", world.service_totals, len(centre))
    group = world.service_group[service]
    before = np.zeros((len(world.points), int(world.service_group.max()) + 1), dtype=np.int64)
    here &= visits.has_ticket
    np.maximum.at(before, (visits.centre[here], visits.group[here]), visits.number[here])
    day = np.full(len(centre), today)
    number = _numbers(centre, day, group, np.ones(len(centre), dtype=bool))
    return Waiting(centre, day, issued, group, number + before[centre, group], service)


def _queue(
    world: World, streams: Streams, came: Comings, arrived: Ints, day: Ints, seconds: Ints
) -> tuple[Ints, Ints, np.ndarray]:
    patience = np.full(len(arrived), FOREVER)
    asks = came.requests == 0
    mean = 60 * world.assumed["patience_minutes_mean"]
    drawn = -np.log(1 - streams.fractions("patience", len(arrived))) * mean
    patience[asks] = np.floor(drawn[asks])
    order = np.lexsort((arrived, day, came.centre))
    # A centre's day is a session: whoever comes is served, and every counter is free at its start.
    session = came.centre[order] * len(world.days) + day[order]
    which, begins = np.unique(session, return_index=True)
    centre = which // len(world.days)
    sessions = Sessions(
        centre, which % len(world.days), np.zeros(len(which)), np.full(len(which), np.inf),
        world.points[centre],
    )  # fmt: skip
    customers = Customers(
        np.append(begins, len(order)), *(one[order].astype(np.float64) for one in
                                         (arrived, seconds, patience)),
    )  # fmt: skip
    called = serve_calling(sessions, customers, vain=float(world.assumed["no_show_seconds"]))
    back = np.empty(len(order), dtype=np.int64)
    back[order] = np.arange(len(order))
    left = called.state[back] == State.LEFT
    return called.turn[back].astype(np.int64), called.server[back].astype(np.int64), left


def _numbers(centre: Ints, day: Ints, group: Ints, has_ticket: np.ndarray) -> Ints:
    """Ticket numbers from 1 by centre, day and group, in the order given; 0 without a ticket."""
    key = (centre * 1000 + day) * 10 + group
    rows = np.flatnonzero(has_ticket)
    order = rows[np.argsort(key[rows], kind="stable")]
    sorted_key = key[order]
    begins = np.searchsorted(sorted_key, sorted_key)
    number = np.zeros(len(key), dtype=np.int64)
    number[order] = np.arange(len(order)) - begins + 1
    return number
