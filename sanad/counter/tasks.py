"""Background work of this room: answers carried home, offers that ran out, yesterday's line."""

from contextlib import suppress
from uuid import UUID

from procrastinate.contrib.django import app

from sanad.counter import actions, offers, once, queries, rules
from sanad.db.scope import acting, centre_scope, system_scope
from sanad.lib import clock


@app.task(name="counter.settle_offer", queue="upkeep")
def settle_offer(offer: str, centre: int) -> None:
    """What the other centre said takes effect at the centre that asked."""
    with acting(centre_scope(centre)):
        offers.settle(offer=UUID(offer), at=clock.now())


@app.periodic(cron="* * * * *")
@app.task(name="counter.end_offers", queue="upkeep")
def end_offers(timestamp: int) -> None:
    """Offers that nobody answered are over; an answer whose job was lost is carried home."""
    at = clock.now()
    with acting(system_scope()):
        expired, answered = queries.expired_offers(at=at), queries.answered_offers(at=at)
    for offer, centre in expired:
        with suppress(offers.OfferGone, rules.TicketElsewhere), acting(centre_scope(centre)):
            offers.expire_offer(offer=offer, at=at)
    for offer, centre in answered:
        with acting(centre_scope(centre)):
            offers.settle(offer=offer, at=at)


@app.periodic(cron="5 22 * * *")
@app.task(name="counter.sweep", queue="upkeep")
def sweep(timestamp: int) -> None:
    """After midnight in Muscat: nobody waits for ever."""
    at = clock.now()
    with acting(system_scope()):
        centres = queries.centres_with_old_tickets(at=at)
    for centre in centres:
        with acting(centre_scope(centre)):
            actions.sweep(centre=centre, at=at)


@app.periodic(cron="20 * * * *")
@app.task(name="counter.forget_keys", queue="upkeep")
def forget_keys(timestamp: int) -> None:
    """Answers kept for calls that come again are removed after a day."""
    with acting(system_scope()):
        once.forget_old(at=clock.now())
