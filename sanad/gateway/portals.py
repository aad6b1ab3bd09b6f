"""How the entities' portals do, now and in the past. Counts by entity, over all centres."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import connection
from django.db.models import Q, QuerySet

from sanad.centres import queries as centres
from sanad.gateway import rules
from sanad.gateway.models import Outage
from sanad.lib.bilingual import Text
from sanad.lib.business_day import MUSCAT, business_date
from sanad.lib.opening_hours import Holidays, Span, Weekday

MEASURED_OVER = dt.timedelta(hours=1)
MOST_IN_REGISTER = 500
UP, SLOW, DOWN, ANNOUNCED = "up", "slow", "down", "announced"
Pattern = Mapping[Weekday, Sequence[tuple[Span, float]]]


@dataclass(frozen=True)
class Portal:
    """How one entity's portal does. `until` is known only where the entity announced an end.

    `seconds_median` is the time from handing over to acknowledgement over the last hour, None
    where nothing was taken in it. `waiting` are requests in the line.
    """

    entity: int
    state: str
    since: dt.datetime | None = None
    until: dt.datetime | None = None
    note: Text | None = None
    waiting: int = 0
    taken: int = 0
    seconds_median: int | None = None

    @property
    def minutes_median(self) -> int:
        """The same in minutes, at least one."""
        return max(1, round((self.seconds_median or 0) / 60))

    @property
    def takes_requests(self) -> bool:
        return self.state in (UP, SLOW)


@dataclass(frozen=True)
class OutageView:
    """A line of the register. `open_minutes_lost` counts the average centre's opening hours."""

    id: int
    entity: int
    started_at: dt.datetime
    ended_at: dt.datetime | None
    found_by: str
    note: Text
    requests: int
    minutes: int
    open_minutes_lost: int


def portal_status(at: dt.datetime) -> dict[int, Portal]:
    """How each portal does at a moment, by entity: those with an address, or with an outage."""
    now = Outage.objects.filter(started_at__lte=at).filter(Q(ended_at=None) | Q(ended_at__gt=at))
    running: dict[int, list[Outage]] = {}
    for outage in now.order_by("started_at"):
        running.setdefault(outage.entity_id, []).append(outage)
    found = {row[0]: _portal(row, running.get(row[0], [])) for row in _measured(at)}
    for entity in running.keys() - found.keys():
        found[entity] = _portal((entity, 0, 0, None), running[entity])
    return found


def portal_of(entity: int, at: dt.datetime) -> Portal:
    """One entity's; one that nothing is known of counts as up."""
    return portal_status(at).get(entity, Portal(entity, UP))


def coming(at: dt.datetime, *, entity: int | None = None) -> list[OutageView]:
    """Announced outages that have not begun, the next first."""
    found = Outage.objects.filter(found_by=rules.BY_ENTITY, started_at__gt=at)
    return _views(found.filter(_of(entity)).order_by("started_at"), at)


def register(
    *, first: dt.datetime, before: dt.datetime, at: dt.datetime, entity: int | None = None
) -> list[OutageView]:
    """Outages that touch the span, the newest first; running ones are counted up to `at`."""
    touching = Q(started_at__lt=min(before, at)) & (Q(ended_at=None) | Q(ended_at__gt=first))
    found = Outage.objects.filter(touching, _of(entity)).order_by("-started_at", "-id")
    return _views(found[:MOST_IN_REGISTER], at)


def open_minutes(
    start: dt.datetime, end: dt.datetime, pattern: Pattern, holidays: Holidays
) -> float:
    """Minutes between two moments in which the average centre is open."""
    total = 0.0
    day = business_date(start)
    while day <= business_date(end) and start < end:
        if day not in holidays:
            for span, share in pattern.get(Weekday.of(day), ()):
                total += share * _overlap(start, end, day, span)
        day += dt.timedelta(days=1)
    return total


# -- inside --------------------------------------------------------------------------------------


def _of(entity: int | None) -> Q:
    return Q() if entity is None else Q(entity_id=entity)


def _measured(at: dt.datetime) -> list[tuple[int, int, int, int | None]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM gateway_portals(%s, %s)", [at - MEASURED_OVER, at])
        rows: list[tuple[int, int, int, int | None]] = cursor.fetchall()
    return rows


def _portal(row: tuple[int, int, int, int | None], running: list[Outage]) -> Portal:
    entity, waiting, taken, seconds = row
    seen = next((one for one in running if one.found_by == rules.BY_LINE), None)
    said = next((one for one in running if one.found_by == rules.BY_ENTITY), None)
    is_slow = seconds is not None and seconds >= rules.SLOW_FROM_SECONDS
    outage = seen or said
    return Portal(
        entity=entity,
        state=DOWN if seen else ANNOUNCED if said else SLOW if is_slow else UP,
        since=outage.started_at if outage else None,
        until=said.ended_at if said else None,
        note=Text(said.note_ar, said.note_en) if said else None,
        waiting=waiting,
        taken=taken,
        seconds_median=seconds,
    )


def _views(outages: "QuerySet[Outage]", at: dt.datetime) -> list[OutageView]:
    pattern, holidays = centres.opening_pattern(business_date(at)), centres.holidays()
    return [_view(one, pattern, holidays, at) for one in outages]


def _view(one: Outage, pattern: Pattern, holidays: Holidays, at: dt.datetime) -> OutageView:
    is_coming = one.started_at > at
    end = one.ended_at if one.ended_at and (is_coming or one.ended_at < at) else at
    return OutageView(
        id=one.id,
        entity=one.entity_id,
        started_at=one.started_at,
        ended_at=one.ended_at,
        found_by=one.found_by,
        note=Text(one.note_ar, one.note_en),
        requests=one.deliveries,
        minutes=round((end - one.started_at).total_seconds() / 60),
        open_minutes_lost=round(open_minutes(one.started_at, end, pattern, holidays)),
    )


def _overlap(start: dt.datetime, end: dt.datetime, day: dt.date, span: Span) -> float:
    opens = dt.datetime.combine(day, span.opens, MUSCAT)
    closes = dt.datetime.combine(day, span.closes, MUSCAT)
    seconds = (min(end, closes) - max(start, opens)).total_seconds()
    return max(seconds, 0.0) / 60
