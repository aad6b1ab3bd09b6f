"""How facts are counted: a few relations built on each other, then one query a table of facts.

The relations (`STEPS`) are read by name. To fill facts they are temporary tables, so that a range
of days is read from the log once and planned by its real size; to look at one centre's day they
are parts of one statement, which needs to write nothing.
"""

from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection, models

from sanad.db import sql
from sanad.lib.business_day import day_bounds
from sanad.oversight.models import (
    DayFact,
    EntityDayFact,
    HourDayFact,
    ServiceDayFact,
    StaffDayFact,
)

# A day's older cases are fetched by their index, not by reading the log; a month's fit in memory.
PLANNED_AS = "SET LOCAL random_page_cost = 1.1; SET LOCAL work_mem = '128MB'"
STEPS = ("counted", "told", "of_case", "paid")
FACTS: dict[type[models.Model], str] = {
    DayFact: "centre_day",
    ServiceDayFact: "service_day",
    EntityDayFact: "entity_day",
    StaffDayFact: "staff_day",
    HourDayFact: "hour_day",
}


def range_bounds(first: date, last: date) -> dict[str, datetime]:
    """The moments [start, end) of the business days `first` to `last`, for named queries."""
    return {"start": day_bounds(first)[0], "end": day_bounds(last)[1]}


def fill(first: date, last: date, *, at: datetime) -> dict[str, int]:
    """Count the days `first` to `last` anew into every table; how many rows each has of them.

    The steps: 1. the events into temporary tables; 2. the old facts away; 3. the new ones in.
    """
    parameters = range_bounds(first, last) | {"centre": None}
    days = {"first": first, "last": last, "at": at}
    filled = {}
    with connection.cursor() as cursor:
        cursor.execute(PLANNED_AS)
        for step in STEPS:
            cursor.execute(f"DROP TABLE IF EXISTS pg_temp.{step}")
            cursor.execute(f"CREATE TEMPORARY TABLE {step} AS {_text(step)}", parameters)
            cursor.execute(f"ANALYZE {step}")
        for model, query in FACTS.items():
            table, names = model._meta.db_table, ", ".join(columns(model))
            # The names are the models' own, the query is a file's.
            away = f"DELETE FROM {table} WHERE business_date BETWEEN %(first)s AND %(last)s"  # noqa: S608
            found = f"SELECT {names}, %(at)s FROM ({_text(query)}) AS f"  # noqa: S608
            cursor.execute(away, days)
            cursor.execute(f"INSERT INTO {table} ({names}, refilled_at) {found}", days)
            filled[table] = int(cursor.rowcount)
        for step in STEPS:
            cursor.execute(f"DROP TABLE pg_temp.{step}")
    return filled


def day_of_centre(day: date, *, centre: int) -> dict[str, Any]:
    """The row that `centre_day` makes of a centre's day, from the log now; nothing for no row."""
    steps = ", ".join(f"{step} AS MATERIALIZED ({_text(step)})" for step in STEPS)
    statement = f"WITH {steps} SELECT * FROM ({_text('centre_day')}) AS f"  # noqa: S608 - files
    with connection.cursor() as cursor:
        cursor.execute(statement, range_bounds(day, day) | {"centre": centre})
        names = [column.name for column in cursor.description or ()]
        row = cursor.fetchone()
    return dict(zip(names, row, strict=True)) if row else {}


def months(first: date, last: date) -> list[tuple[date, date]]:
    """The days `first` to `last` month by month: what fits into memory and a partition."""
    found = []
    while first <= last:
        following = (first.replace(day=1) + timedelta(days=32)).replace(day=1)
        found.append((first, min(last, following - timedelta(days=1))))
        first = following
    return found


def columns(model: type[models.Model]) -> tuple[str, ...]:
    """The columns of a table of facts but for when it was filled."""
    names = (field.column for field in model._meta.concrete_fields)
    return tuple(name for name in names if name not in (None, "refilled_at"))


def _text(name: str) -> str:
    return sql.load(f"oversight/{name}")
