"""Background work of this room: speaking with the payment provider until it has answered."""

from uuid import UUID

from procrastinate.contrib.django import app

from sanad.db.scope import acting, centre_scope, system_scope
from sanad.lib import clock
from sanad.till import provider, queries, refunds, unsettled


@app.task(name="till.ask_provider", queue="till")
def ask_provider(payment: str, centre: int) -> None:
    """One talk: claim, call, hear."""
    with acting(centre_scope(centre)):
        asked = unsettled.claim(payment=UUID(payment), at=clock.now())
    if asked is None:
        return
    if asked.what == unsettled.REGISTER:
        answer = provider.register(asked.url, asked.payment, asked.baisa)
    elif asked.what == unsettled.CANCEL:
        answer = provider.cancel(asked.url, asked.payment)
    else:
        answer = provider.ask(asked.url, asked.payment)
    with acting(centre_scope(centre)):
        unsettled.hear(payment=asked.payment, answer=answer, at=clock.now())


@app.task(name="till.give_back", queue="till")
def give_back(refund: str, centre: int) -> None:
    """One try to give an approved refund back."""
    with acting(centre_scope(centre)):
        mine = refunds.claim(refund=UUID(refund), at=clock.now())
        url = unsettled.provider_url()
    if mine is None:
        return
    answer = provider.give_back(url, mine.payment, mine.refund, mine.baisa)
    with acting(centre_scope(centre)):
        refunds.conclude(refund=mine.refund, answer=answer, at=clock.now())


@app.periodic(cron="* * * * *")
@app.task(name="till.rescue", queue="till")
def rescue(timestamp: int) -> None:
    """Ask again about every link and refund that is due; a claim lets only one worker ask."""
    with acting(system_scope()):
        for payment, centre in queries.due_to_ask(at=clock.now()):
            unsettled.defer_ask(payment, centre)
        for refund, centre in queries.due_to_give_back(at=clock.now()):
            refunds.defer_give_back(refund, centre)
