"""The one place where the clock is read, and only `web`, `api`, `cli` and jobs may ask it.

A demonstration has a clock of its own that runs beside the real one: the environment names how
many seconds to add. Everything below those layers is told the time.
"""

import os
from datetime import UTC, datetime, timedelta

OFFSET_VARIABLE = "SANAD_CLOCK_OFFSET_SECONDS"


def now() -> datetime:
    """The present, aware, in UTC; the demonstration's present where one is running."""
    return datetime.now(UTC) + offset()


def offset() -> timedelta:
    """How far the demonstration's clock is from the real one; zero in service."""
    return timedelta(seconds=float(os.environ.get(OFFSET_VARIABLE, "0")))


def offset_to(start: datetime) -> timedelta:
    """The offset that makes the present `start`."""
    return start - datetime.now(UTC)
