"""Background work of this room: delivering, applying answers, and rescuing what got stuck."""

from uuid import UUID

from procrastinate.contrib.django import app

from sanad.db.scope import acting, centre_scope, system_scope
from sanad.gateway import actions, outages, queries
from sanad.gateway.line import call
from sanad.lib import clock


@app.task(name="gateway.deliver", queue="gateway")
def deliver(delivery: str, centre: int) -> None:
    """One try: claim, call, conclude; then a look at how the entity's portal does."""
    with acting(centre_scope(centre)):
        claimed = actions.claim(delivery=UUID(delivery), at=clock.now())
    if claimed is None:
        return
    outcome = call(claimed)
    with acting(centre_scope(centre)):
        actions.conclude(claimed=claimed, outcome=outcome, at=clock.now())
    with acting(system_scope()):
        outages.watch(entity=claimed.entity, at=clock.now())


@app.task(name="gateway.apply_answer", queue="gateway")
def apply_answer(answer: str, centre: int) -> None:
    """Let an answer take effect."""
    with acting(centre_scope(centre)):
        actions.apply_answer(answer=UUID(answer), at=clock.now())


@app.periodic(cron="* * * * *")
@app.task(name="gateway.rescue", queue="gateway")
def rescue(timestamp: int) -> None:
    """Ask again for every due delivery and unapplied answer; a claim lets only one worker try."""
    with acting(system_scope()):
        for delivery, centre in queries.due(at=clock.now()):
            actions.defer_delivery(delivery, centre)
        for answer, centre in queries.unapplied(at=clock.now()):
            actions.defer_answer(answer, centre)
        outages.watch_open(at=clock.now())
