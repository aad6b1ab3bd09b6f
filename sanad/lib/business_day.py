"""The business day of Muscat. Storage is UTC; people, deadlines and day closes follow Muscat."""

import datetime as dt
from typing import Final
from zoneinfo import ZoneInfo

MUSCAT: Final = ZoneInfo("Asia/Muscat")


def in_muscat(at: dt.datetime) -> dt.datetime:
    """`at` on Muscat's clock. A time without a zone is a mistake of the caller: ValueError."""
    if at.tzinfo is None:
        raise ValueError(f"A moment needs a time zone: {at.isoformat()}")
    return at.astimezone(MUSCAT)


def business_date(at: dt.datetime) -> dt.date:
    """The date in Muscat at the moment `at`."""
    return in_muscat(at).date()


def day_bounds(day: dt.date) -> tuple[dt.datetime, dt.datetime]:
    """The half-open range of UTC moments [start, end) that belong to the business day `day`."""
    return _midnight(day), _midnight(day + dt.timedelta(days=1))


def _midnight(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(), MUSCAT).astimezone(dt.UTC)
