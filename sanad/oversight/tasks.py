"""Background work of this room: day facts, filled anew from the log."""

from datetime import timedelta

from procrastinate.contrib.django import app

from sanad.db.scope import acting, system_scope
from sanad.lib import clock
from sanad.lib.business_day import business_date
from sanad.oversight import actions

# Events may be recorded late, after a line was cut: each night the last days are filled anew.
DAYS_BACK = 10


@app.periodic(cron="*/10 * * * *")
@app.task(name="oversight.refill_today", queue="upkeep")
def refill_today(timestamp: int) -> None:
    """Keep today's facts no older than ten minutes."""
    at = clock.now()
    with acting(system_scope()):
        actions.refill_day(business_date(at), at=at)


@app.periodic(cron="30 22 * * *")
@app.task(name="oversight.refill_days", queue="upkeep")
def refill_days(timestamp: int) -> None:
    """After the day has ended in Muscat: its facts, and those of the days before it."""
    at = clock.now()
    for back in range(DAYS_BACK):
        with acting(system_scope()):
            actions.refill_day(business_date(at) - timedelta(days=back), at=at)
