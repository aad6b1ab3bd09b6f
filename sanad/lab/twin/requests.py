"""The life of a request after the person sat down: money, the line, the entity, the end of it."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from sanad.lab.twin.facts import Cases, Flags, Ints, Outages, Visits
from sanad.lab.twin.queueing import deliver
from sanad.lab.twin.streams import Streams
from sanad.lab.twin.world import (
    DAY_SECONDS,
    MUSCAT_SECONDS,
    Floats,
    World,
    between,
    is_working,
    midnight_of,
)

# Where in the time of a request each step lies.
OPENED, COMPLETED, AGREED, PAID, SUBMITTED = 0.15, 0.60, 0.70, 0.85, 0.95
FIRST_WAIT_SECONDS, LONGEST_WAIT_SECONDS = 5, 900  # as gateway.rules has them
ENTITY_OPENS, ENTITY_SECONDS = 8 * 3600, 6 * 3600
NEVER = -1


def outages(world: World, streams: Streams) -> Outages:
    """When which portal was down: none overlap, each begins in office hours of a working day."""
    assumed = world.assumed
    per_entity = streams.below("outages", 2 * assumed["outages_per_entity"] + 0.999, world.entities)
    entity = np.repeat(np.arange(world.entities), per_entity)
    working = world.days[is_working(world, world.days)]
    day = working[streams.below("outage day", len(working) - 1, len(entity))]
    started = midnight_of(day) + ENTITY_OPENS + streams.below("outage hour", 8 * 3600, len(entity))
    hours = assumed["outage_hours_median"] * np.exp(
        assumed["outage_hours_sigma"] * streams.normals("outage hours", len(entity))
    )
    seconds = (np.minimum(hours, assumed["longest_outage_hours"]) * 3600).astype(np.int64)
    order = np.lexsort((started, entity))
    found = Outages(entity, started, started + np.maximum(seconds, 600)).take(order)
    apart = np.ones(len(found), dtype=bool)
    apart[1:] = (found.entity[1:] != found.entity[:-1]) | (
        found.started[1:] > np.maximum.accumulate(found.ended)[:-1]
    )
    return found.take(apart & (found.ended < world.now))


def lives(
    world: World, streams: Streams, visits: Visits, down: Outages, visit: Ints, service: Ints,
    seconds: Ints, begins: Ints, changed_mind: Flags,
) -> Cases:  # fmt: skip
    """Every request from its opening to its end, or to the moment at which the story stops."""
    count = len(service)
    opened, completed, agreed, paid, sent = (
        begins + (seconds * part).astype(np.int64)
        for part in (OPENED, COMPLETED, AGREED, PAID, SUBMITTED)
    )
    call = world.assumed["call_seconds"]
    call_seconds = call["low"] + streams.below("call", call["high"] - call["low"] + 1, count)
    submitted = np.where(changed_mind, NEVER, sent)
    first_claim, tries, acknowledged = _delivered(
        world, visits.person[visit], submitted, world.service_entity[service], call_seconds, down
    )
    lived = _decided(world, streams, service, submitted, acknowledged, visits.centre[visit])
    after = _after(world, streams, visits, visit, lived["decided"])
    return Cases(
        visit=visit, service=service, variant=streams.below("variant", 1 << 20, count),
        opened=opened, completed=completed, agreed=agreed, paid=paid,
        cash=streams.fractions("cash", count) < world.assumed["cash_share"],
        cancelled=np.where(changed_mind, sent, NEVER), submitted=submitted,
        first_claim=first_claim, call_seconds=call_seconds, tries=tries,
        acknowledged=acknowledged, **lived, **after,
    )  # fmt: skip


def _delivered(
    world: World, person: Ints, submitted: Ints, entity: Ints, call_seconds: Ints, down: Outages
) -> tuple[Ints, Ints, Ints]:
    first_claim, tries, acknowledged = (np.full(len(submitted), NEVER) for _ in range(3))
    rows = np.flatnonzero(submitted >= 0)
    rows = rows[np.lexsort((submitted[rows], person[rows]))]
    parts = [np.empty(len(rows), dtype=np.int64) for _ in range(3)]
    deliver(
        person[rows], submitted[rows], entity[rows], call_seconds[rows], down.started, down.ended,
        np.searchsorted(down.entity, np.arange(world.entities + 1)), FIRST_WAIT_SECONDS,
        LONGEST_WAIT_SECONDS, *parts,
    )  # fmt: skip
    for whole, part in zip((first_claim, tries, acknowledged), parts, strict=True):
        whole[rows] = part
    return first_claim, tries, acknowledged


def _decided(
    world: World, streams: Streams, service: Ints, submitted: Ints, acknowledged: Ints,
    centre: Ints,
) -> dict[str, Any]:  # fmt: skip
    """Returned for correction, sent again, decided; -1 for what lies beyond the end."""
    assumed, count = world.assumed, len(service)
    entity = world.service_entity[service]
    share = returned_shares(streams, assumed, world.entities)
    wanted = (
        (streams.fractions("returned", count) < share[entity])
        & world.may_return[service]
        & (submitted >= 0)
    )
    answered = _answered(world, streams, "first answer", entity, acknowledged)
    returned = np.where(wanted, answered, NEVER)
    returned[returned > world.now] = NEVER
    days = assumed["days_to_correct"]
    wait = days["low"] + streams.below("correct", days["high"] - days["low"] + 1, count)
    resent = np.where(returned >= 0, _at_the_centre(world, streams, "resent", returned, wait), -1)
    resent[resent > world.now - 600] = NEVER
    again = np.where(resent >= 0, resent + 2, NEVER)
    second = np.where(resent >= 0, _answered(world, streams, "second answer", entity, again), -1)
    decided = np.where(wanted, second, np.where(submitted >= 0, answered, NEVER))
    decided[(decided > world.now) | (wanted & (resent < 0))] = NEVER
    approved = streams.fractions("approved", count) < assumed["approved_share"]
    return {
        "returned": returned, "resent": resent, "acknowledged_again": again, "decided": decided,
        "approved": approved,
    }  # fmt: skip


def _answered(world: World, streams: Streams, purpose: str, entity: Ints, since: Ints) -> Ints:
    """When the entity answers: within two hours, or on a later working day in its hours."""
    assumed, count = world.assumed, len(entity)
    medians = decision_medians(streams, assumed, world.entities)
    spread = np.exp(assumed["decision_days_sigma"] * streams.normals(f"{purpose}/days", count))
    days = np.maximum(np.ceil(medians[entity] * spread).astype(np.int64), 1)
    part = streams.fractions(f"{purpose}/moment", count)
    at_once = streams.fractions(f"{purpose}/once", count) < assumed["decided_at_once_share"]
    soon = since + 300 + (part * 6900).astype(np.int64)
    later = _working_day_after(world, since, days) + ENTITY_OPENS
    return np.where(at_once, soon, later + (part * ENTITY_SECONDS).astype(np.int64))


def returned_shares(streams: Streams, assumed: Mapping[str, Any], entities: int) -> Floats:
    """(E,) which part of an entity's requests it returns for correction."""
    return between(assumed["returned_share"], streams.fractions("returned share", entities))


def decision_medians(streams: Streams, assumed: Mapping[str, Any], entities: int) -> Floats:
    """(E,) working days within which an entity answers half of what it does not answer at once."""
    return between(assumed["decision_days_median"], streams.fractions("decision days", entities))


def _working_day_after(world: World, since: Ints, days: Ints) -> Ints:
    """Midnight in Muscat of the n-th working day after that of `since`."""
    calendar = np.arange(world.days[0] - 1, world.days[-1] + np.timedelta64(60, "D"))
    ordinal = np.cumsum(is_working(world, calendar))
    working = calendar[is_working(world, calendar)]
    day = (since + MUSCAT_SECONDS) // DAY_SECONDS - calendar[0].astype(np.int64)
    reached = ordinal[np.clip(day, 0, len(calendar) - 1)] + days - 1
    return midnight_of(working[np.minimum(reached, len(working) - 1)])


def _at_the_centre(world: World, streams: Streams, purpose: str, since: Ints, days: Ints) -> Ints:
    """A moment in the morning hours that every centre has, on a later working day."""
    second = 8 * 3600 + streams.below(f"{purpose}/second", 5 * 3600, len(since))
    return _working_day_after(world, since, days) + second


def _after(
    world: World, streams: Streams, visits: Visits, visit: Ints, decided: Ints
) -> dict[str, Any]:
    """Collected at the centre, and rated on the phone."""
    count, assumed = len(visit), world.assumed
    wait = 1 + streams.below("collected/days", 4, count)
    collected = _at_the_centre(world, streams, "collected", decided, wait)
    collects = streams.fractions("collects", count) < assumed["collected_share"]
    collected[(decided < 0) | ~collects | (collected > world.now)] = NEVER
    rated = decided + 1800 + streams.below("rated/later", DAY_SECONDS, count)
    rates = streams.fractions("rates", count) < assumed["rated_share"]
    rated[(decided < 0) | ~rates | (rated > world.now)] = NEVER
    faces = assumed["faces"]
    face = np.array(list(faces), dtype=np.int64)[
        streams.choices("face", list(faces.values()), count)
    ]
    return {"collected": collected, "rated": rated, "face": face}
