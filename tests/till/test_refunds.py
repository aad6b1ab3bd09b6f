"""Money goes back once, with the word of a second person; until then nothing moves."""

import pytest
from django.db import IntegrityError

from sanad.counter import desk
from sanad.lib.ids import new_id
from sanad.oversight import verify
from sanad.till import actions as till
from sanad.till import ledger, provider, queries, refunds, rules, unsettled
from sanad.till.models import Payment, Receipt, Refund
from sanad.till.provider import Answer
from tests.cases.changes import standing
from tests.network import AISHA, BADR, KHUWAIR, RAHUL, RENEW_CARD, SALIM, SOHAR, ZAHRA
from tests.refusals import said
from tests.walk import Walk

pytestmark = pytest.mark.django_db


def refused(walk: Walk, kind, verb, /, **details) -> None:
    before = standing(walk)
    with pytest.raises(kind) as refusal, walk.scope():
        verb(**details)
    said(refusal.value)
    assert standing(walk) == before


def approve(walk: Walk, by=SALIM, **details) -> None:
    with walk.scope():
        refunds.approve(refund=walk.made["refund"], at=walk.at, by=by, **details)


def books(walk: Walk) -> dict:
    with walk.scope():
        return {a.value: b for a, b in ledger.balances(centre=walk.centre).items() if b}


def verified() -> None:
    assert verify.ledger().wrong == verify.receipts().wrong == verify.log().wrong == ()


def paid_by_link() -> Walk:
    walk, payment = Walk().completed().quoted(), new_id()
    with walk.scope():
        unsettled.start_link(payment=payment, quote=walk.made["quote"], at=walk.at, by=AISHA)
    with walk.scope():
        answer = Answer(provider.CONFIRMED, "PAY-1", 3_150)
        unsettled.hear(payment=payment, answer=answer, at=walk.at)
    walk.made["payment"] = payment
    return walk


def test_asking_moves_nothing_and_the_request_is_not_sent_meanwhile():
    walk = Walk().drawer_opened().paid("cash")
    before = books(walk)

    walk.refund_asked()

    assert (walk.status(), books(walk)) == ("paid", before)
    with walk.scope():
        assert queries.refunds_pending_count(KHUWAIR) == 1
        assert queries.live_refund_of(walk.case).reason == "changed their mind"
    refused(walk, refunds.RefundAsked, desk.submit, case=walk.case, at=walk.at, by=AISHA)
    refused(walk, refunds.RefundAsked, till.cancel, case=walk.case, reason="again", at=walk.at,
            by=AISHA)  # fmt: skip
    verified()


def test_whoever_asked_does_not_decide():
    walk = Walk().paid().refund_asked()
    own = {"refund": walk.made["refund"], "at": walk.at, "by": AISHA}

    refused(walk, refunds.OwnRefund, refunds.approve, card_reference="1234", **own)
    refused(walk, refunds.OwnRefund, refunds.decline, note="no", **own)
    with pytest.raises(IntegrityError, match="refund_decided_by_another"), walk.scope():
        Refund.objects.update(state="approved", decided_at=walk.at, decided_by=AISHA)


def test_cash_goes_back_out_of_the_chosen_drawer():
    walk = Walk(service=RENEW_CARD, client=RAHUL).drawer_opened().paid("cash").refund_asked()

    approve(walk, drawer=walk.made["drawer"])

    assert walk.status() == "cancelled"
    assert books(walk) == {"drawer": 20_000, "safe": -20_000}
    with walk.scope():
        [receipt] = Receipt.objects.all()
        assert (receipt.number, receipt.voided_at) == (1, walk.at)
        assert queries.drawer(walk.made["drawer"]).expected_baisa == 20_000
        [row] = queries.refunds_of_centre(KHUWAIR)
        assert (row.state, row.asked_by, row.decided_by) == ("approved", AISHA, SALIM)
        assert queries.refunds_pending_count(KHUWAIR) == 0
    verified()


def test_without_a_chosen_drawer_it_is_the_approvers_own():
    walk = Walk().drawer_opened().paid("cash").refund_asked()

    refused(walk, till.NoOpenDrawer, refunds.approve, refund=walk.made["refund"], at=walk.at,
            by=SALIM)  # fmt: skip
    with walk.scope():
        till.open_drawer(centre=KHUWAIR, float_baisa=5_000, at=walk.at, by=SALIM)
    approve(walk)

    with walk.scope():
        assert queries.open_drawer_of(SALIM).expected_baisa == 1_850
        assert queries.open_drawer_of(AISHA).expected_baisa == 23_150
    verified()


def test_a_card_needs_the_terminals_reference_of_the_refund():
    walk = Walk().paid().refund_asked()
    own = {"refund": walk.made["refund"], "at": walk.at, "by": BADR}
    refused(walk, rules.CardReferenceRefused, refunds.approve, **own)

    approve(walk, by=BADR, card_reference="٧٧٨٨٩٩")

    assert (walk.status(), books(walk)) == ("cancelled", {})
    with walk.scope():
        assert Refund.objects.get().reference == "778899"
    walk.finished_visit()
    other = Walk(client=RAHUL, service=RENEW_CARD).paid().refund_asked()
    refused(other, till.ReferenceUsed, refunds.approve, refund=other.made["refund"], at=walk.at,
            by=BADR, card_reference="778899")  # fmt: skip
    verified()


def test_a_declined_refund_moved_nothing_and_the_request_goes_on():
    walk = Walk().paid().refund_asked()
    before = books(walk)
    own = {"refund": walk.made["refund"], "at": walk.at, "by": SALIM}
    refused(walk, refunds.NoteMissing, refunds.decline, note=" ", **own)

    with walk.scope():
        refunds.decline(note="the person stays with it", **own)

    assert (walk.status(), books(walk)) == ("paid", before)
    refused(walk, refunds.RefundDecided, refunds.approve, card_reference="1234", **own)
    walk.submitted()
    assert walk.status() == "queued"
    verified()


def test_after_a_declined_refund_another_may_be_asked_for():
    walk = Walk().paid().refund_asked()
    with walk.scope():
        refunds.decline(refund=walk.made["refund"], note="wait", at=walk.at, by=SALIM)

    walk.refund_asked()
    approve(walk, card_reference="778899")

    assert walk.status() == "cancelled"
    verified()


def test_a_link_goes_back_through_the_provider_and_is_asked_until_it_answers():
    walk = paid_by_link().refund_asked()
    paid = books(walk)

    approve(walk)

    assert (walk.status(), books(walk)) == ("paid", paid)
    with walk.scope():
        assert queries.live_refund_of(walk.case).is_being_given
        mine = refunds.claim(refund=walk.made["refund"], at=walk.at)
        assert (mine.payment, mine.baisa) == (walk.made["payment"], 3_150)
        assert refunds.claim(refund=walk.made["refund"], at=walk.at) is None
        assert not refunds.conclude(refund=mine.refund, answer=provider.UNCLEAR, at=walk.at)
    refused(walk, refunds.RefundAsked, desk.submit, case=walk.case, at=walk.at, by=AISHA)
    with walk.scope():
        given = Answer(rules.REFUNDED, "PAY-1", 3_150)
        assert refunds.conclude(refund=mine.refund, answer=given, at=walk.at)
    with walk.scope():
        assert not refunds.conclude(refund=mine.refund, answer=given, at=walk.at)

    assert (walk.status(), books(walk)) == ("cancelled", {})
    with walk.scope():
        assert Payment.objects.get().state == "refunded"
        assert queries.refunds_of_centre(KHUWAIR)[0].given_at == walk.at
    verified()


def test_what_was_in_doubt_and_was_paid_goes_back_once_and_whole():
    walk, payment = Walk().completed().quoted(), new_id()
    with walk.scope():
        unsettled.pay_in_doubt(payment=payment, quote=walk.made["quote"], at=walk.at, by=AISHA)
    with walk.scope():
        unsettled.confirm_doubt(payment=payment, reference_typed="445566", at=walk.at, by=AISHA)

    walk.refund_asked()
    approve(walk, card_reference="998877")

    assert (walk.status(), books(walk)) == ("cancelled", {})
    verified()


def test_another_centres_refund_does_not_exist_here():
    theirs = Walk(centre=SOHAR, operator=ZAHRA).paid().refund_asked()
    walk = Walk(client=RAHUL, operator=BADR).quoted()

    for verb in (refunds.approve, refunds.decline):
        more = {"note": "no"} if verb is refunds.decline else {}
        refused(walk, refunds.NoSuchRefund, verb, refund=theirs.made["refund"], at=walk.at,
                by=SALIM, **more)  # fmt: skip
    with walk.scope():
        assert queries.refunds_of_centre(KHUWAIR) == []
