"""Where two people want the same ticket or the same offer: one gets it, the other is told."""

import pytest
from django.db import DatabaseError

from sanad.beneficiaries.models import PersonCentre
from sanad.counter import actions, offers, rules, transfers
from sanad.counter.models import Ticket, TransferOffer
from tests.committed import at_once
from tests.counter.line import call, does, eyes, found, issue, settle, sohar, start, to_sohar
from tests.network import AISHA, BADR, KHUWAIR, SALIM, SOHAR, TEN

pytestmark = pytest.mark.usefixtures("committed")


def refusals(outcomes) -> list:
    return [one for one in outcomes if isinstance(one, Exception)]


def in_hand() -> list[tuple]:
    with eyes():
        held = Ticket.objects.filter(status__in=rules.IN_HAND)
        return list(held.values_list("id", "called_by"))


@pytest.mark.parametrize("round_number", range(3))
def test_eight_calls_beside_transfers_give_nobody_to_two(round_number):
    line = [issue() for _ in range(8)]
    moved = line[:4]

    outcomes = at_once(
        *[lambda by=by: call(by) for by in (AISHA, BADR, SALIM)],
        *[lambda by=by: call(by, point=2) for by in (AISHA, BADR, SALIM)],
        *[lambda t=t: does(transfers.to_point, t, point=2) for t in moved],
    )

    held = in_hand()
    assert len(held) == len({by for _, by in held}) == len({ticket for ticket, _ in held})
    assert all(
        isinstance(one, rules.OneInHand | rules.NobodyWaiting | rules.TicketElsewhere)
        for one in refusals(outcomes)
    )
    with eyes():
        assert Ticket.objects.filter(status=rules.WAITING).count() == 8 - len(held)


@pytest.mark.parametrize("round_number", range(5))
def test_sent_to_a_colleague_or_called_but_never_both(round_number):
    ticket = issue()

    sent, called = at_once(
        lambda: does(transfers.to_colleague, ticket, account=BADR, by=SALIM),
        lambda: call(AISHA),
    )

    kept = found(ticket)
    if isinstance(called, Exception):
        assert (kept.status, kept.for_account) == (rules.WAITING, BADR)
    else:
        assert (kept.status, kept.called_by) == (rules.CALLED, AISHA)
        assert isinstance(sent, rules.TicketElsewhere)


@pytest.mark.parametrize("round_number", range(5))
def test_an_offer_is_accepted_or_withdrawn(round_number):
    ticket = issue()
    offer = to_sohar(ticket)

    def withdraw():
        with eyes(AISHA):
            offers.withdraw_offer(offer=offer, at=TEN, by=AISHA)

    accepted, withdrawn = at_once(lambda: sohar(offers.accept_offer, offer), withdraw)
    settle(offer)

    assert len(refusals([accepted, withdrawn])) == 1
    with eyes(centre=SOHAR):
        there = Ticket.objects.filter(centre_id=SOHAR).count()
    with eyes():
        state = TransferOffer.objects.get(id=offer).state
    if isinstance(accepted, Exception):
        assert (there, state, found(ticket).status) == (0, "withdrawn", rules.WAITING)
    else:
        assert (there, state, found(ticket).status) == (1, "accepted", rules.TRANSFERRED)


@pytest.mark.parametrize("round_number", range(3))
def test_two_clicks_on_accept_give_one_ticket(round_number):
    offer = to_sohar(issue())

    outcomes = at_once(*[lambda: sohar(offers.accept_offer, offer)] * 3)

    assert len(refusals(outcomes)) == 2
    with eyes(centre=SOHAR):
        assert list(Ticket.objects.values_list("number", flat=True)) == [1]


@pytest.mark.parametrize("round_number", range(3))
def test_called_back_here_or_accepted_there(round_number):
    ticket = issue()
    offer = to_sohar(ticket)

    back, accepted = at_once(
        lambda: does(actions.call_back, ticket, point=1),
        lambda: sohar(offers.accept_offer, offer),
    )
    settle(offer)

    assert len(refusals([back, accepted])) == 1
    wanted = rules.TRANSFERRED if isinstance(back, Exception) else rules.CALLED
    assert found(ticket).status == wanted


@pytest.mark.parametrize("round_number", range(3))
def test_withdrawing_priority_while_it_is_called_loses_neither(round_number):
    ticket = issue(priority="elderly")

    withdrawn, called = at_once(
        lambda: does(actions.withdraw_priority, ticket, by=SALIM), lambda: call(AISHA)
    )

    kept = found(ticket)
    assert withdrawn is None
    assert (kept.priority, kept.rank_at) == ("", kept.issued_at)
    if isinstance(called, Exception):
        assert isinstance(called, rules.NobodyWaiting)
        assert kept.status == rules.WAITING
    else:
        assert (kept.status, kept.called_by) == (rules.CALLED, AISHA)


def test_finish_and_transfer_of_one_visit_end_it_once():
    ticket = issue()
    call()
    visit = start(ticket)

    def finish():
        with eyes(AISHA):
            actions.finish(visit=visit, at=TEN, by=AISHA)

    outcomes = at_once(finish, lambda: does(transfers.to_point, ticket, point=2))

    assert len(refusals(outcomes)) == 1
    assert found(ticket).status in (rules.DONE, rules.WAITING)


def test_who_sees_an_offer_and_who_may_answer_it():
    ticket = issue()
    offer = to_sohar(ticket)

    with eyes(centre=3):
        assert not TransferOffer.objects.exists()
    with pytest.raises(DatabaseError, match="row-level security"), eyes():
        TransferOffer.objects.filter(id=offer).update(state="declined", decided_at=TEN)
    with pytest.raises(DatabaseError, match="row-level security"), eyes(centre=SOHAR):
        TransferOffer.objects.filter(id=offer).update(state="withdrawn", decided_at=TEN)
    with eyes(centre=SOHAR):
        assert not Ticket.objects.filter(id=ticket).exists()
        assert not PersonCentre.objects.filter(centre_id=KHUWAIR).exists()
