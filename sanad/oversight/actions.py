"""Filling day facts. They may be deleted and rebuilt at any time."""

from datetime import date, datetime

from sanad.oversight.models import DayFact
from sanad.oversight.queries import columns, day_counts


def refill_day(day: date, *, at: datetime) -> int:
    """Count a business day anew, as the system; how many centres did something on it.

    Idempotent: late events are picked up by filling the day again.
    """
    DayFact.objects.filter(business_date=day).delete()
    facts = [
        DayFact(
            centre_id=found["centre"], business_date=day, refilled_at=at,
            **{name: found[name] for name in columns()},
        )
        for found in day_counts(day)
    ]  # fmt: skip
    DayFact.objects.bulk_create(facts)
    return len(facts)
