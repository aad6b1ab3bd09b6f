"""A ticket sent on: to a service, a counter, a colleague, another centre."""

from datetime import timedelta

import pytest

from sanad.beneficiaries import queries as beneficiaries
from sanad.beneficiaries.queries import NoSuchPerson
from sanad.cases import actions as cases
from sanad.cases import queries as case_queries
from sanad.counter import actions, offers, queries, rules, transfers
from sanad.counter.models import Ticket, TransferOffer
from sanad.eventlog import queries as log
from sanad.lib.secrets_in_text import SecretRefused
from tests.counter.line import (
    call,
    does,
    eyes,
    finish,
    found,
    issue,
    settle,
    sohar,
    start,
    to_sohar,
    waiting,
)
from tests.network import AISHA, BADR, KHUWAIR, RENEW_CARD, RENEW_MEMBERSHIP, SOHAR, TEN, ZAHRA
from tests.walk import Walk

pytestmark = pytest.mark.django_db


def test_to_another_service_the_number_and_the_place_stay():
    first, second = issue("A"), issue("A")

    does(transfers.to_service, first, service_code=RENEW_MEMBERSHIP, note="asks for both")

    ticket = found(first)
    assert (ticket.group, ticket.number, ticket.line_group) == ("A", 1, "B")
    assert (ticket.service_code, ticket.note) == (RENEW_MEMBERSHIP, "asks for both")
    assert waiting() == ["A-001", "A-002"]
    assert call() == first
    assert found(second).status == rules.WAITING


def test_to_a_counter_only_that_counter_calls_it():
    ticket = issue()
    does(transfers.to_point, ticket, point=2)

    with pytest.raises(rules.NobodyWaiting):
        call(AISHA, point=1)
    assert call(BADR, point=2) == ticket


def test_to_a_colleague_only_they_call_it_until_it_is_anybodys():
    ticket = issue()
    does(transfers.to_colleague, ticket, account=BADR)
    almost = TEN + timedelta(minutes=rules.SENT_MINUTES) - timedelta(seconds=1)

    with pytest.raises(rules.NobodyWaiting):
        call(AISHA, at=almost)
    assert call(AISHA, at=almost + timedelta(seconds=1)) == ticket


def test_who_is_being_served_waits_again_at_the_old_place_and_sits_down_anew():
    ticket, behind = issue(), issue()
    call()
    first = start(ticket)
    at = TEN + timedelta(minutes=10)

    assert does(transfers.to_colleague, ticket, account=BADR, at=at) == first
    with eyes():
        assert case_queries.visit(first).ended_at == at
    assert call(BADR, point=2, at=at + timedelta(minutes=2)) == ticket
    second = start(ticket, by=BADR, at=at + timedelta(minutes=2))
    finish(second, by=BADR, at=at + timedelta(minutes=3))

    assert second != first
    assert found(ticket).status == rules.DONE
    assert found(behind).status == rules.WAITING
    with eyes():
        (started,) = log.events(visit=second, kinds=("visit.started",))
    assert started.payload["wait_seconds"] == 120


@pytest.mark.parametrize("what", [
    (transfers.to_point, {"point": 9}, transfers.NoSuchPoint),
    (transfers.to_colleague, {"account": ZAHRA}, transfers.NoSuchColleague),
    (transfers.to_point, {"point": 2, "note": "the PIN is 4711"}, SecretRefused),
])  # fmt: skip
def test_where_nobody_is_nothing_is_sent(what):
    verb, where, refused = what
    ticket = issue()
    call()
    visit = start(ticket)

    with pytest.raises(refused):
        does(verb, ticket, **where)

    assert found(ticket).status == rules.SERVING
    with eyes():
        assert case_queries.visit(visit).ended_at is None


def test_nobody_sends_on_whom_a_colleague_serves():
    ticket = issue()
    call(BADR)

    with pytest.raises(rules.TicketElsewhere):
        does(transfers.to_point, ticket, point=2, by=AISHA)

    assert found(ticket).called_by == BADR


def test_an_accepted_offer_gives_a_ticket_there_and_closes_the_one_here():
    ticket = issue("A", service=RENEW_CARD)
    offer = to_sohar(ticket, note="the printer is broken")
    assert found(ticket).status == rules.HELD

    new = sohar(offers.accept_offer, offer)
    assert settle(offer)

    assert found(ticket).status == rules.TRANSFERRED
    there = found(new, SOHAR)
    assert (there.group, there.number, there.status) == ("A", 1, rules.WAITING)
    assert (there.from_centre_id, there.service_code) == (KHUWAIR, RENEW_CARD)
    assert not settle(offer)


@pytest.mark.parametrize("how", ["declined", "withdrawn", "expired"])
def test_an_offer_that_comes_to_nothing_leaves_the_old_place(how):
    ticket, behind = issue(), issue()
    offer = to_sohar(ticket)
    assert waiting() == ["A-002"]

    if how == "declined":
        sohar(offers.decline_offer, offer)
        settle(offer)
    elif how == "withdrawn":
        with eyes(AISHA):
            offers.withdraw_offer(offer=offer, at=TEN, by=AISHA)
    else:
        with eyes():
            offers.expire_offer(offer=offer, at=TEN)

    assert waiting() == ["A-001", "A-002"]
    assert found(behind).status == rules.WAITING
    with eyes():
        assert TransferOffer.objects.get(id=offer).state == how
    with pytest.raises(offers.OfferGone):
        sohar(offers.accept_offer, offer)
    assert not settle(offer)


def test_whoever_is_called_back_here_is_offered_nowhere():
    ticket = issue()
    offer = to_sohar(ticket)

    does(actions.call_back, ticket, point=1)

    assert found(ticket).status == rules.CALLED
    with pytest.raises(offers.OfferGone):
        sohar(offers.accept_offer, offer)
    with eyes(centre=SOHAR):
        assert not Ticket.objects.exists()


def test_whoever_was_accepted_elsewhere_is_not_called_back():
    ticket = issue()
    sohar(offers.accept_offer, to_sohar(ticket))

    with pytest.raises(rules.TicketElsewhere):
        does(actions.call_back, ticket, point=1)


def test_an_offer_is_accepted_for_fifteen_minutes():
    offer = to_sohar(issue())

    with pytest.raises(offers.OfferGone):
        sohar(offers.accept_offer, offer, at=TEN + timedelta(minutes=rules.OFFER_MINUTES))

    with eyes(centre=SOHAR):
        assert not Ticket.objects.exists()


def test_one_live_offer_a_ticket_and_only_to_another_open_centre():
    ticket = issue()
    with pytest.raises(offers.CentreNotOffered):
        does(offers.make_offer, ticket, to_centre=KHUWAIR)
    assert found(ticket).status == rules.WAITING
    to_sohar(ticket)
    with pytest.raises(rules.TicketElsewhere):
        to_sohar(ticket)


def test_accepting_lets_the_other_centre_see_who_sat_here():
    ticket = issue()
    call()
    visit = start(ticket)
    walk = Walk()
    with walk.scope():
        person = walk.known_person(visit)
        cases.seat_person(visit=visit, person=person)
    offer = to_sohar(ticket)
    with eyes(ZAHRA, SOHAR), pytest.raises(NoSuchPerson):
        beneficiaries.person(person)

    sohar(offers.accept_offer, offer)

    with eyes(ZAHRA, SOHAR):
        assert beneficiaries.person(person).id == person
    with eyes():
        assert case_queries.visit(visit).ended_at == TEN


def test_declining_shows_nobody():
    ticket = issue()
    call()
    visit = start(ticket)
    walk = Walk()
    with walk.scope():
        person = walk.known_person(visit)
        cases.seat_person(visit=visit, person=person)

    sohar(offers.decline_offer, to_sohar(ticket))

    with eyes(ZAHRA, SOHAR), pytest.raises(NoSuchPerson):
        beneficiaries.person(person)


def test_both_centres_see_an_open_offer():
    to_sohar(issue())

    with eyes():
        into, out = queries.open_offers(KHUWAIR, at=TEN)
        assert (len(into), [offer.name for offer in out]) == (0, ["A-001"])
    with eyes(ZAHRA, SOHAR):
        into, out = queries.open_offers(SOHAR, at=TEN)
        assert ([offer.name for offer in into], len(out)) == (["A-001"], 0)
