"""Background work of this room: sealing each minute, and months ahead of time."""

from datetime import timedelta

from django.conf import settings
from procrastinate.contrib.django import app

from sanad.db.scope import acting, system_scope
from sanad.eventlog.actions import MONTHS_AHEAD, ensure_months
from sanad.eventlog.sealer import seal
from sanad.lib import clock


@app.periodic(cron="* * * * *")
@app.task(name="eventlog.seal", queue="upkeep")
def seal_minute(timestamp: int) -> None:
    """Seal what ended since the last time."""
    seal(at=clock.now(), anchor=settings.SANAD_ANCHOR)


@app.periodic(cron="7 1 * * *")
@app.task(name="eventlog.months", queue="upkeep")
def make_months(timestamp: int) -> None:
    """Keep the months ahead made."""
    today = clock.now().date()
    with acting(system_scope()):
        ensure_months(first=today, last=today + timedelta(days=31 * MONTHS_AHEAD))
