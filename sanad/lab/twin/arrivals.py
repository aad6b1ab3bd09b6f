"""Who comes where and when, and for what. Totals are exact; the rest is drawn."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from sanad.lab.twin.facts import Ints
from sanad.lab.twin.streams import Streams, in_proportion
from sanad.lab.twin.world import Floats, World, midnight_of, weekday_of

SLOT_SECONDS = 1800
SLOTS = 48
WEEKDAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
# The last to come in are served, so nobody is let in during the last quarter of an hour.
LAST_TICKET_SECONDS = 900


@dataclass(frozen=True)
class Comings:
    """Visits before anybody is served: who came where, when, and with how many requests."""

    centre: Ints
    day: Ints
    arrived: Ints
    requests: Ints


def comings(world: World, streams: Streams) -> Comings:
    """Visits with requests and questions, by governorate, so that each total is met exactly."""
    parts = [_of_governorate(world, streams, g) for g in range(len(world.governorate_totals))]
    centre = np.concatenate([part[0] for part in parts])
    requests = np.concatenate([part[1] for part in parts])
    day, second = _when(world, streams, centre)
    return Comings(centre, day, midnight_of(world.days)[day] + second, requests)


def services_of(world: World, streams: Streams, requests: Ints) -> Ints:
    """The service of each request, visit by visit; every service's total is met exactly.

    A visit asks for one service as often as it has requests, as a company does for its workers.
    What chance gave one service too often goes to those that lack, request by request.
    """
    of_visit = streams.choices("service", world.service_totals, len(requests))
    service = np.repeat(of_visit, requests)
    excess = np.bincount(service, minlength=len(world.service_totals)) - world.service_totals
    shuffled = streams.order("service/balance", len(service))
    chosen = service[shuffled]
    by_service = np.argsort(chosen, kind="stable")
    starts = np.searchsorted(chosen[by_service], np.arange(len(excess)))
    rank = np.arange(len(service)) - starts[chosen[by_service]]
    surplus = shuffled[by_service[rank < excess[chosen[by_service]]]]
    lacking = np.repeat(np.arange(len(excess)), np.maximum(-excess, 0))
    service[surplus] = lacking[streams.order("service/lacking", len(lacking))]
    return service.astype(np.int64)


def _of_governorate(world: World, streams: Streams, governorate: int) -> tuple[Ints, Ints]:
    total = int(world.governorate_totals[governorate])
    sizes = world.assumed["requests_per_visit"]
    mean = sum(k * share for k, share in sizes.items()) / sum(sizes.values())
    purpose = f"governorate {governorate}"
    drawn = streams.choices(f"{purpose}/requests", list(sizes.values()), int(total / mean * 2) + 50)
    requests = np.array(list(sizes), dtype=np.int64)[drawn]
    upto = np.cumsum(requests)
    last = int(np.searchsorted(upto, total))
    requests = requests[: last + 1].copy()
    requests[last] -= int(upto[last]) - total
    questions = round(len(requests) * world.assumed["questions_share"])
    requests = np.concatenate([requests, np.zeros(questions, dtype=np.int64)])
    places = np.flatnonzero(world.governorate == governorate)
    weights = centre_weights(streams, governorate, world.points[places], world.assumed)
    return places[streams.choices(f"{purpose}/centre", weights, len(requests))], requests


def centre_weights(
    streams: Streams, governorate: int, points: Ints, assumed: Mapping[str, Any]
) -> Floats:
    """How a governorate's visits spread over its centres, relative to each other."""
    chance = streams.normals(f"governorate {governorate}/centres", len(points))
    found: Floats = points ** assumed["points_power"] * np.exp(assumed["centre_spread"] * chance)
    return found


def _when(world: World, streams: Streams, centre: Ints) -> tuple[Ints, Ints]:
    """Day and second of the day, within the opening hours of each centre."""
    day = np.empty(len(centre), dtype=np.int64)
    second = np.empty(len(centre), dtype=np.int64)
    within = streams.fractions("second", len(centre))
    for variant in range(len(world.spans)):
        here = np.flatnonzero(world.hours[centre] == variant)
        weights, opens, lasts = _cells(world, variant)
        cell = streams.choices(f"when/{variant}", weights, len(here))
        day[here] = cell // SLOTS
        slot = cell % SLOTS
        weekday = weekday_of(world.days)[day[here]]
        second[here] = opens[weekday, slot] + (within[here] * lasts[weekday, slot]).astype(np.int64)
    return day, second


def _cells(world: World, variant: int) -> tuple[Floats, Ints, Ints]:
    """Weights of (day, half hour), flat, and by weekday where each half hour is open."""
    opens = np.arange(SLOTS)[None, :] * SLOT_SECONDS + np.zeros((7, 1), dtype=np.int64)
    lasts = np.zeros((7, SLOTS), dtype=np.int64)
    first = opens.copy()
    for weekday in range(7):
        for begin, end in world.spans[variant, weekday]:
            if begin < 0:
                continue
            low = np.maximum(opens[weekday], int(begin))
            high = np.minimum(opens[weekday] + SLOT_SECONDS, end - LAST_TICKET_SECONDS)
            open_here = high > low
            first[weekday] = np.where(open_here, low, first[weekday])
            lasts[weekday] = np.where(open_here, high - low, lasts[weekday])
    hourly = np.array([world.assumed["hours"].get(slot // 2, 0.0) for slot in range(SLOTS)])
    daily = np.array([world.assumed["weekdays"][name] for name in WEEKDAYS])
    of_week = daily[:, None] * hourly[None, :] * lasts
    weekdays = weekday_of(world.days)
    weights = of_week[weekdays] * ~world.is_holiday[:, None]
    ends = midnight_of(world.days)[:, None] + first[weekdays] + lasts[weekdays]
    weights[ends > world.now] = 0.0
    return weights.ravel(), first, lasts


def least(totals: Ints, floor: int) -> Ints:
    """The same sum with no part below `floor`; what is added is taken from the large parts.

    Where the sum is too small for that, the floor is what half of it gives each.
    """
    floor = min(floor, int(totals.sum()) // (2 * len(totals)))
    raised = np.maximum(totals, floor)
    surplus = int(raised.sum() - totals.sum())
    room = raised - floor
    return raised - in_proportion(surplus, room) if surplus else raised
