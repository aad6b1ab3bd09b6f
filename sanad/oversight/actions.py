"""Filling day facts. They may be deleted and rebuilt at any time."""

from datetime import date, datetime

from sanad.oversight import counting


def refill_day(day: date, *, at: datetime) -> int:
    """Count a business day anew, as the system; how many centres did something on it.

    Idempotent: late events are picked up by filling the day again.
    """
    return counting.fill(day, day, at=at)["oversight_dayfact"]


def refill_days(first: date, last: date, *, at: datetime) -> dict[str, int]:
    """The same for the days `first` to `last`, as the system or the loader; rows by table.

    Each event is read once; a month is held at a time. `ANALYZE` is the caller's after a bulk load.
    """
    filled: dict[str, int] = {}
    for since, until in counting.months(first, last):
        for table, rows in counting.fill(since, until, at=at).items():
            filled[table] = filled.get(table, 0) + rows
    return filled
