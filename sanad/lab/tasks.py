"""Background work of the Lab: a snapshot each night, and whenever somebody asks for one."""

from procrastinate.contrib.django import app

from sanad.db import jobs
from sanad.lib import clock

TAKE = "lab.snapshot"


@app.periodic(cron="30 22 * * *")
@app.task(name=TAKE, queue="upkeep")
def take_snapshot(timestamp: int) -> None:
    """The log as it is now, at half past two in the night of Muscat."""
    from sanad.lab import snapshot  # the worker starts without Arrow

    if not snapshot.is_log_empty():
        snapshot.take(at=clock.now())


def ask_for_snapshot() -> None:
    """As soon as the worker comes to it; asked twice before that, it is taken once."""
    jobs.defer(TAKE, queue="upkeep", once=True, timestamp=0)
