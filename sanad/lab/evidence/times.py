"""Times as text, to and from microseconds UTC.

A time is ISO 8601 with a date and a clock time. One without an offset is read with the offset the
reader was told, in minutes east of UTC.
"""

from datetime import UTC, datetime, timedelta, timezone
from typing import Final

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND: Final = timedelta(microseconds=1)


def micros(text: str, *, offset_minutes: int = 0) -> int:
    """Microseconds since 1970 UTC. Raises ValueError when `text` is no time."""
    when = datetime.fromisoformat(text.strip())
    if when.tzinfo is None:
        when = when.replace(tzinfo=timezone(timedelta(minutes=offset_minutes)))
    return (when - EPOCH) // MICROSECOND


def text_of(when: int) -> str:
    """ISO 8601 in UTC with microseconds."""
    return (EPOCH + when * MICROSECOND).isoformat(timespec="microseconds")
