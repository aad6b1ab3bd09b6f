"""Figures from the event log and the day facts, within the reader's scope."""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any

from sanad.db import sql
from sanad.lib.business_day import business_date, day_bounds
from sanad.oversight.kpis import DayRow
from sanad.oversight.models import DayFact

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
    found = next(iter(day_counts(day, centre=centre)), {})
    return Today(
        row=_row(centre, day, found),
        waiting=found.get("waiting", 0),
        served=found.get("visits_ended", 0),
    )


def day_rows(*, first: date, last: date, centres: Iterable[int] | None = None) -> list[DayRow]:
    """The day facts of `first` to `last`, both included."""
    found = DayFact.objects.filter(business_date__gte=first, business_date__lte=last)
    if centres is not None:
        found = found.filter(centre_id__in=centres)
    return [
        _row(fact.centre_id, fact.business_date, {name: getattr(fact, name) for name in _COLUMNS})
        for fact in found.order_by("business_date", "centre_id")
    ]


def day_counts(day: date, *, centre: int | None = None) -> list[dict[str, Any]]:
    """The log's counts of a business day, a row a centre that did something."""
    start, end = day_bounds(day)
    return sql.rows("oversight/centre_day", {"start": start, "end": end, "centre": centre})


def columns() -> tuple[str, ...]:
    """What a day fact counts."""
    return _COLUMNS


def _row(centre: int, day: date, found: dict[str, Any]) -> DayRow:
    return DayRow(centre, day, **{name: found.get(name, 0) for name in _COLUMNS})
