"""Steps at the line for tests: each a transaction of its own under the eyes of a centre."""

from uuid import UUID

from sanad.counter import actions, offers, queries
from sanad.counter.models import Ticket
from sanad.db.scope import acting, centre_scope
from tests.network import AISHA, KHUWAIR, SOHAR, TEN, ZAHRA


def eyes(by=None, centre=KHUWAIR):
    return acting(centre_scope(centre, account=by))


def issue(group="A", *, priority="", at=TEN, centre=KHUWAIR, service="") -> UUID:
    with eyes(centre=centre):
        return actions.issue_ticket(
            centre=centre, group=group, service_code=service, at=at, by=None, priority=priority
        )


def call(by=AISHA, *, point=1, at=TEN, centre=KHUWAIR) -> UUID:
    with eyes(by, centre):
        return actions.call_next(centre=centre, point=point, at=at, by=by)


def does(verb, ticket, *, by=AISHA, at=TEN, centre=KHUWAIR, **more):
    """A verb of one ticket."""
    with eyes(by, centre):
        return verb(ticket=ticket, at=at, by=by, **more)


def start(ticket, *, by=AISHA, at=TEN):
    return does(actions.start, ticket, by=by, at=at)


def finish(visit, *, by=AISHA, at=TEN):
    with eyes(by):
        actions.finish(visit=visit, at=at, by=by)


def found(ticket, centre=KHUWAIR) -> Ticket:
    with eyes(centre=centre):
        return Ticket.objects.get(id=ticket)


def waiting(*, at=TEN, centre=KHUWAIR) -> list[str]:
    """Names in the order in which they are called."""
    with eyes(centre=centre):
        return [ticket.name for ticket in queries.line(centre, at=at)["waiting"]]


def to_sohar(ticket, *, by=AISHA, at=TEN, **more) -> UUID:
    return does(offers.make_offer, ticket, by=by, at=at, to_centre=SOHAR, **more)


def sohar(verb, offer, *, at=TEN):
    with eyes(ZAHRA, SOHAR):
        return verb(offer=offer, at=at, by=ZAHRA)


def settle(offer, *, at=TEN) -> bool:
    with eyes():
        return offers.settle(offer=offer, at=at)
