"""Figures from the event log and the day facts, within the reader's scope."""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any

from django.db.models import Max, Sum

from sanad.catalogue import queries as catalogue
from sanad.db import sql
from sanad.eventlog import queries as eventlog
from sanad.lib.business_day import business_date, day_bounds
from sanad.oversight import counting
from sanad.oversight.kpis import DayRow
from sanad.oversight.models import DayFact, EntityDayFact

OF_ENTITY = (
    "transactions", "cases_submitted", "cases_returned", "cases_approved", "cases_rejected",
    "decisions_timed", "decision_seconds_total", "acknowledged", "acknowledged_seconds_total",
    "delayed",
)  # fmt: skip
_COLUMNS = tuple(field.name for field in fields(DayRow) if field.name not in ("centre", "day"))


@dataclass(frozen=True)
class Today:
    """A centre's business day so far, from the log alone."""

    row: DayRow
    waiting: int
    served: int


def today(centre: int, *, at: datetime) -> Today:
    """The business day of `at`, counted from the log at this moment."""
    day = business_date(at)
    found = counting.day_of_centre(day, centre=centre)
    bounds: dict[str, Any] = {**counting.range_bounds(day, day), "centre": centre}
    [now] = sql.rows("oversight/now_at_centre", bounds)
    return Today(row=_row(centre, day, found), **now)


def day_rows(*, first: date, last: date, centres: Iterable[int] | None = None) -> list[DayRow]:
    """The day facts of `first` to `last`, both included."""
    found = _between(first, last)
    if centres is not None:
        found = found.filter(centre_id__in=centres)
    return [
        _row(fact.centre_id, fact.business_date, {name: getattr(fact, name) for name in _COLUMNS})
        for fact in found.order_by("business_date", "centre_id")
    ]


def rows_by_centre(*, first: date, last: date) -> list[DayRow]:
    """The same summed over the days: a row a centre, of the last day. KPIs read either."""
    sums = _between(first, last).values("centre_id").annotate(**{c: Sum(c) for c in _COLUMNS})
    return [_row(row["centre_id"], last, row) for row in sums.order_by("centre_id")]


@dataclass(frozen=True)
class DayCount:
    """What came of one business day: of the network, of a centre or of a service."""

    day: date
    transactions: int
    cases_returned: int
    cases_approved: int
    cases_rejected: int


def days(
    *, first: date, last: date, centre: int | None = None, service: str | None = None
) -> list[DayCount]:
    """A line a day with facts, of a centre, else of a service, else of the whole network."""
    found: Any = _between(first, last)
    if centre is not None:
        found = found.filter(centre_id=centre)
    elif service is not None:
        found = EntityDayFact.objects.filter(business_date__range=(first, last), service=service)
    names = [field.name for field in fields(DayCount) if field.name != "day"]
    sums = found.values("business_date").annotate(**{name: Sum(name) for name in names})
    return [
        DayCount(row["business_date"], *(row[name] for name in names))
        for row in sums.order_by("business_date")
    ]


def first_submissions(centre: int, day: date) -> Any:
    """The events behind a centre's transactions of a day, in the order of time."""
    start, end = day_bounds(day)
    found = eventlog.events(centre=centre, kinds=("case.submitted",), since=start, before=end)
    return found.filter(payload__resend=False)


def by_entity(*, first: date, last: date) -> list[dict[str, Any]]:
    """What went to each entity and came back, summed over the days; the busiest first.

    `decision_days` and `acknowledged_seconds` are means, None where there is nothing to measure.
    """
    names = {one.number: one.name for one in catalogue.entities()}
    sums: Any = (
        EntityDayFact.objects.filter(business_date__gte=first, business_date__lte=last)
        .values("entity_id")
        .annotate(**{name: Sum(name) for name in OF_ENTITY})
        .order_by("-transactions", "entity_id")
    )
    return [
        row
        | {
            "name": names[row["entity_id"]],
            "returned_percent": _mean(100 * row["cases_returned"], row["cases_submitted"]),
            "decision_days": _mean(row["decision_seconds_total"] / 86_400, row["decisions_timed"]),
            "acknowledged_seconds": _mean(row["acknowledged_seconds_total"], row["acknowledged"]),
        }
        for row in sums
    ]


def _mean(total: float, count: int) -> float | None:
    return total / count if count else None


def refilled_at(*, first: date, last: date) -> datetime | None:
    """When the facts of these days were filled last; None where there are none."""
    found: datetime | None = _between(first, last).aggregate(at=Max("refilled_at"))["at"]
    return found


def _between(first: date, last: date) -> Any:
    return DayFact.objects.filter(business_date__gte=first, business_date__lte=last)


def _row(centre: int, day: date, found: dict[str, Any]) -> DayRow:
    return DayRow(centre, day, **{name: found.get(name, 0) for name in _COLUMNS})
