"""The network's model from its log and its registry, calibrated where the log is silent."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from sanad.lab.fitting.network.hall import (
    LEAD_SECONDS,
    Left,
    Stays,
    coming_of,
    patience_of,
    questions_of,
    servers_of,
    sizes_of,
    stays_of,
    times_of,
    without_ticket_of,
)
from sanad.lab.fitting.network.log import Events, Finding, Mask, Place, positions
from sanad.lab.fitting.network.requests import answers_of
from sanad.lab.twin.engine.runs import seed_of
from sanad.lab.twin.facts import Ints
from sanad.lab.twin.network.after import Column
from sanad.lab.twin.network.compare import Band, band
from sanad.lab.twin.network.model import SLOT_SECONDS, Model, hours_of, let_in
from sanad.lab.twin.network.simulate import Lived, simulate
from sanad.lab.twin.world import Days, Floats, weekday_of, works

TRAIN = 2 / 3
TRIES, SEEDS = 7, 4
LONGEST_AWAY = 5400.0  # seconds a stretch: more than this is staff that is not there at all


@dataclass(frozen=True)
class Learned:
    """A model, what was learned, and how the days it was not calibrated on came out."""

    model: Model
    findings: tuple[Finding, ...]
    away_seconds: float  # calibrated on the training days
    train_days: int
    test_days: int
    seen_wait_minutes: float  # on the test days
    foretold_wait_minutes: Band


def learned(
    events: Events, places: Sequence[Place], entity_of: Mapping[str, int], holidays: Days,
    *, seed: int,
) -> Learned:  # fmt: skip
    """The model of a log. Raises `NothingToFit`."""
    stays, left = stays_of(events)
    days = np.arange(stays.day.min(), stays.day.max() + 1).astype("datetime64[D]")
    seen = positions(np.array([one.id for one in places]), np.unique(stays.centre)) >= 0
    kept = [place for place, here in zip(places, seen, strict=True) if here]
    model, findings = _model(events, stays, left, kept, entity_of, days, holidays)
    first = max(int(len(days) * TRAIN), 1)
    train, test = _waits(stays, days[:first]), _waits(stays, days[first:])
    away = _calibrated(_only(model, stays, days[:first]), train, seed)
    calibrated = replace(model, break_seconds=away)
    later = _only(calibrated, stays, days[first:])
    foretold = band(np.array([_wait(simulate(later, seed_of(seed, n))) for n in range(20)]) / 60)
    return Learned(calibrated, tuple(findings), away, first, len(days) - first, test / 60, foretold)


def _model(
    events: Events, stays: Stays, left: Left, places: Sequence[Place],
    entity_of: Mapping[str, int], days: Days, holidays: Days,
) -> tuple[Model, list[Finding]]:  # fmt: skip
    services, stays = _services(events, stays, entity_of)
    entities = np.unique([entity_of[code] for code in services])
    of_service = np.searchsorted(entities, [entity_of[code] for code in services])
    centres = np.array([one.id for one in places])
    spans, hours = hours_of([one.hours for one in places])
    is_holiday = np.isin(days, holidays)
    open_days = days[~is_holiday]
    first, last = let_in(spans)
    coming = coming_of(
        stays, centres, (last - first)[hours] / SLOT_SECONDS, weekday_of(open_days),
        open_days.astype(np.int64),
    )  # fmt: skip
    times = times_of(stays, len(services))
    patience, left_finding = patience_of(stays, left)
    sizes, size_share = sizes_of(stays)
    around = np.arange(days[0] - 7, days[-1] + np.timedelta64(90, "D"))
    working = around[works(around, holidays)].astype(np.int64)
    narrowed = _renumbered(events, services)
    answers = answers_of(narrowed, entities, of_service, working)
    questions, quick = questions_of(stays), without_ticket_of(stays)
    asked = np.bincount(stays.service[stays.service >= 0], minlength=len(services))
    model = Model(
        days=days, is_holiday=is_holiday, centre=centres,
        governorate=np.array([one.governorate for one in places]),
        wilayat=np.array([one.wilayat for one in places]),
        village=np.array([one.village for one in places]),
        servers=servers_of(stays, centres),
        visits=coming.visits * (1 + len(left.wait) / len(stays)), hours=hours, spans=spans,
        of_hour=coming.of_hour, of_weekday=coming.of_weekday,
        of_season=_every_day(coming.of_season, ~is_holiday), day_spread=coming.day_spread,
        services=services, entity=of_service, entities=tuple(int(one) for one in entities),
        share=asked / asked.sum(), seconds=times.seconds,
        fee=_fees(narrowed, centres, len(services)),
        vat_per_mille=np.array([one.vat_per_mille for one in places]),
        seconds_sigma=times.sigma, further=times.further, lead_seconds=LEAD_SECONDS, sizes=sizes,
        size_share=size_share, questions=questions.value / max(1 - questions.value, 1e-9),
        question_seconds=times.question, question_patience=patience, patience=patience,
        without_ticket=quick.value, returned=answers.returned,
        correct_days=answers.correct_days, in_hall=0.0, decision_days=answers.decision_days,
        decision_sigma=answers.sigma, at_once=answers.at_once, approved=answers.approved,
        outages=answers.outages, outage_seconds=answers.outage_seconds,
        outage_sigma=answers.outage_sigma, outage_pace=1.0, booked=0.0, missed=0.0,
        break_seconds=0.0,
    )  # fmt: skip
    return model, [*coming.findings, *times.findings, left_finding, questions, quick,
                   *answers.findings]  # fmt: skip


def _every_day(of_season: Floats, counts: Mask) -> Floats:
    """The factor of every date; of one that does not count the last before it."""
    last = np.maximum(np.cumsum(counts) - 1, 0)
    return of_season[last]


def _services(
    events: Events, stays: Stays, entity_of: Mapping[str, int]
) -> tuple[tuple[str, ...], Stays]:
    """The services that were asked for, by code, and the visits numbered by them."""
    used = np.unique(stays.service[stays.service >= 0])
    codes = sorted(events.services[one] for one in used if events.services[one] in entity_of)
    return tuple(codes), replace(stays, service=_codes(events, codes)[stays.service])


def _codes(events: Events, codes: Sequence[str]) -> Ints:
    """The new number of each old one; -1 for what is not in `codes` and, last, for nothing."""
    place = {code: number for number, code in enumerate(codes)}
    return np.array([*(place.get(name, -1) for name in events.services), -1], dtype=np.int64)


def _renumbered(events: Events, codes: Sequence[str]) -> Events:
    """Only events of requests for these services, and of no request."""
    renamed = _codes(events, codes)[events.service]
    opened = events.of("case.opened")
    unknown = np.unique(events.request[opened][renamed[opened] < 0])
    keep = positions(events.request, unknown) < 0
    names = ("at", "kind", "centre", "request", "visit", "resource", "ticket", "entity",
             "outcome", "charge_baisa")  # fmt: skip
    return replace(
        events, services=tuple(codes), service=renamed[keep],
        **{name: getattr(events, name)[keep] for name in names},
    )  # fmt: skip


def _fees(events: Events, centres: Ints, services: int) -> Ints:
    """(K, S) baisa: the mean charge agreed at the centre, else of the service, else of all."""
    opened, agreed = events.of("case.opened"), events.of("quote.agreed")
    requests, first = np.unique(events.request[opened], return_index=True)
    service = events.service[opened][first]
    place = positions(events.request[agreed], requests)
    agreed, place = agreed[place >= 0], place[place >= 0]
    centre = positions(events.centre[agreed], centres)
    agreed, place, centre = agreed[centre >= 0], place[centre >= 0], centre[centre >= 0]
    charge = events.charge_baisa[agreed].astype(np.float64)
    cell = centre * services + service[place]
    count = np.bincount(cell, minlength=len(centres) * services)
    total = np.bincount(cell, charge, len(centres) * services)
    by_service = np.bincount(service[place], charge, services) / np.maximum(
        np.bincount(service[place], minlength=services), 1
    )
    overall = charge.mean() if len(charge) else 0.0
    usual = np.where(by_service > 0, by_service, overall)
    found = np.where(count > 0, total / np.maximum(count, 1), np.tile(usual, len(centres)))
    return np.round(found).astype(np.int64).reshape(len(centres), services)


def _only(model: Model, stays: Stays, days: Days) -> Model:
    """The model on these days, with as many visits as they had."""
    inside = positions(stays.day, days.astype(np.int64)) >= 0
    asks = inside & (stays.service >= 0)
    place = positions(stays.centre[asks], model.centre)
    visits = np.bincount(place[place >= 0], minlength=len(model.centre)).astype(np.float64)
    here = np.isin(model.days, days)
    # A centre whose few visits fell on days without opening hours is left out.
    narrowed = replace(
        model, days=model.days[here], is_holiday=model.is_holiday[here], visits=visits,
        of_season=model.of_season[here],
        outages=model.outages * here.mean(),
    )  # fmt: skip
    opens = np.asarray(narrowed.open_days().any(axis=1))[narrowed.hours]
    return replace(narrowed, visits=np.where(opens, visits, 0.0))


def _waits(stays: Stays, days: Days) -> float:
    """Mean seconds from ticket to sitting down on these days."""
    inside = (positions(stays.day, days.astype(np.int64)) >= 0) & stays.has_ticket
    return float(stays.wait[inside].mean()) if inside.any() else 0.0


def _wait(lived: Lived) -> float:
    started = lived.total(Column.TICKETS_STARTED)
    return lived.total(Column.WAIT_SECONDS_TOTAL) / started if started else 0.0


def _calibrated(model: Model, seen: float, seed: int) -> float:
    """Seconds each server is away in a stretch, so that the training days' mean wait is met.

    The wait grows with it, so the interval is halved; 0 where the wait is met without.
    """

    def wait(away: float) -> float:
        tried = replace(model, break_seconds=away)
        runs: Floats = np.array([_wait(simulate(tried, seed_of(seed, n))) for n in range(SEEDS)])
        return float(runs.mean())

    low, high = 0.0, LONGEST_AWAY
    if wait(low) >= seen:
        return 0.0
    for _ in range(TRIES):
        middle = (low + high) / 2
        low, high = (middle, high) if wait(middle) < seen else (low, middle)
    return round((low + high) / 2)
