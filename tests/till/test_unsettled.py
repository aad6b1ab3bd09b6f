"""Payments in doubt and payment links: what opens, what stays shut meanwhile, what settles."""

from datetime import timedelta

import pytest

from sanad.beneficiaries.models import Notice
from sanad.cases import actions as cases
from sanad.counter import desk
from sanad.eventlog.queries import events
from sanad.lib.ids import new_id
from sanad.oversight import verify
from sanad.till import actions as till
from sanad.till import ledger, provider, queries, rules, unsettled
from sanad.till.models import Payment, Pending
from sanad.till.provider import Answer
from tests.cases.changes import publish_fee, standing
from tests.network import AISHA, BADR, KHUWAIR, RAHUL, RENEW_CARD, SALIM, SOHAR, ZAHRA
from tests.refusals import said
from tests.walk import WORK_PERMIT, Walk

pytestmark = pytest.mark.django_db
TOTAL = 3_150
OPEN = Answer(provider.OPEN, "PAY-1", TOTAL)
PAID = Answer(provider.CONFIRMED, "PAY-1", TOTAL)


def in_doubt(walk: Walk | None = None) -> Walk:
    walk = walk or Walk().completed().quoted()
    walk.made["payment"] = new_id()
    with walk.scope():
        unsettled.pay_in_doubt(
            payment=walk.made["payment"], quote=walk.made["quote"], at=walk.at, by=walk.operator
        )
    return walk


def linked(walk: Walk | None = None) -> Walk:
    walk = walk or Walk().completed().quoted()
    walk.made["payment"] = new_id()
    with walk.scope():
        unsettled.start_link(
            payment=walk.made["payment"], quote=walk.made["quote"], at=walk.at, by=walk.operator
        )
    return walk


def hear(walk: Walk, answer: Answer) -> str:
    """The provider says something; the payment's state afterwards."""
    with walk.scope():
        unsettled.hear(payment=walk.made["payment"], answer=answer, at=walk.at)
    return state(walk)


def state(walk: Walk) -> str:
    with walk.scope():
        return Payment.objects.get(id=walk.made["payment"]).state


def books(walk: Walk) -> dict:
    with walk.scope():
        return {a.value: b for a, b in ledger.balances(centre=walk.centre).items() if b}


def kinds(walk: Walk) -> list[str]:
    with walk.scope():
        return [e.kind for e in events(case=walk.case)]


def verified() -> None:
    assert verify.ledger().wrong == verify.receipts().wrong == verify.log().wrong == ()


def refused(walk: Walk, kind, verb, /, **details) -> None:
    before = standing(walk)
    with pytest.raises(kind) as refusal, walk.scope():
        verb(**details)
    said(refusal.value)
    assert standing(walk) == before


# -- in doubt -------------------------------------------------------------------------------------


def test_a_terminal_without_an_answer_puts_the_whole_total_in_doubt():
    walk = in_doubt()

    assert books(walk) == {"card_clearing": TOTAL, "in_doubt": -TOTAL}
    assert (walk.status(), state(walk)) == ("ready", "in_doubt")
    with walk.scope():
        assert queries.in_doubt_count(KHUWAIR) == 1
        [row] = queries.open_payments(KHUWAIR)
        assert (row.doubt, row.taken_by, row.baisa) == ("terminal", AISHA, TOTAL)
        assert queries.receipts_of(walk.case) == []
        assert queries.day(KHUWAIR, at=walk.at).taken_baisa == 0
    assert kinds(walk)[-1] == "payment.doubted"
    verified()


def test_the_same_doubt_again_is_the_same():
    walk = in_doubt()
    before = standing(walk)

    with walk.scope():
        unsettled.pay_in_doubt(
            payment=walk.made["payment"], quote=walk.made["quote"], at=walk.at, by=AISHA
        )

    assert standing(walk) == before


@pytest.mark.parametrize("opened", [in_doubt, linked])
def test_while_a_payment_is_open_there_is_no_way_round(opened):
    walk = opened(Walk().completed().quoted().drawer_opened())
    now = {"at": walk.at, "by": AISHA}
    quote = walk.made["quote"]

    for means in ("cash", "card"):
        refused(walk, till.PaymentOpen, till.pay, payment=new_id(), quote=quote, means=means,
                card_reference="445566", **now)  # fmt: skip
    refused(walk, till.PaymentOpen, unsettled.start_link, payment=new_id(), quote=quote, **now)
    refused(walk, till.PaymentOpen, unsettled.pay_in_doubt, payment=new_id(), quote=quote, **now)
    refused(walk, till.PaymentOpen, till.make_quote, case=walk.case, at=walk.at)
    refused(walk, till.PaymentOpen, till.agree_quote, quote=quote, **now)
    refused(walk, till.PaymentOpen, till.cancel, case=walk.case, reason="left", **now)
    refused(walk, till.PaymentOpen, desk.reopen, case=walk.case, **now)
    refused(walk, till.PaymentOpen, desk.correct_person, case=walk.case, person=new_id(), **now)
    refused(walk, cases.rules.NotNow, desk.submit, case=walk.case, **now)


def test_a_changed_list_opens_no_second_payment_and_settles_at_the_agreed_charge():
    walk = in_doubt()
    walk.later(hours=15)
    publish_fee(walk, 2_500)
    refused(walk, till.PaymentOpen, till.make_quote, case=walk.case, at=walk.at)

    with walk.scope():
        unsettled.confirm_doubt(
            payment=walk.made["payment"], reference_typed="445566", at=walk.at, by=AISHA
        )

    assert books(walk) == {"card_clearing": TOTAL, "earned": -3_000, "vat_due": -150}
    assert walk.status() == "paid"
    verified()


def test_a_resend_in_doubt_is_not_sent_and_not_charged_again():
    walk = Walk(service=WORK_PERMIT).bounced().later(minutes=1).quoted()
    in_doubt(walk)

    refused(walk, desk.ResendNotPaid, desk.submit, case=walk.case, at=walk.at, by=AISHA)
    refused(walk, till.PaymentOpen, till.make_quote, case=walk.case, at=walk.at)
    with walk.scope():
        unsettled.confirm_doubt(
            payment=walk.made["payment"], reference_typed="445566", at=walk.at, by=AISHA
        )
    with walk.scope():
        desk.submit(case=walk.case, at=walk.at, by=AISHA)
    assert walk.status() == "queued"
    verified()


def test_the_slip_settles_it_as_charged():
    walk = in_doubt()

    with walk.scope():
        unsettled.confirm_doubt(
            payment=walk.made["payment"], reference_typed="٤٤٥٥٦٦", at=walk.at, by=AISHA
        )

    assert (walk.status(), state(walk)) == ("paid", "confirmed")
    assert books(walk) == {"card_clearing": TOTAL, "earned": -3_000, "vat_due": -150}
    with walk.scope():
        [receipt] = queries.receipts_of(walk.case)
        assert (receipt.card_reference, receipt.body["means"]) == ("445566", "card")
        assert queries.day(KHUWAIR, at=walk.at).card_baisa == TOTAL
    verified()


def test_a_slip_of_another_payment_settles_nothing():
    Walk(client=RAHUL, service=RENEW_CARD, operator=BADR).paid(reference="445566")
    walk = in_doubt()

    for typed, reason in (("445566", till.ReferenceUsed), ("", rules.CardReferenceRefused),
                          ("4111111111111111", rules.LooksLikeCardNumber)):  # fmt: skip
        refused(walk, reason, unsettled.confirm_doubt, payment=walk.made["payment"],
                reference_typed=typed, at=walk.at, by=AISHA)  # fmt: skip


def test_not_charged_is_said_by_a_second_person_and_with_words():
    walk = in_doubt()
    own = {"payment": walk.made["payment"], "at": walk.at}
    refused(walk, unsettled.OwnDoubt, unsettled.fail_doubt, reason="no slip", by=AISHA, **own)
    refused(walk, unsettled.NoteMissing, unsettled.fail_doubt, reason="  ", by=SALIM, **own)

    with walk.scope():
        unsettled.fail_doubt(reason="not in the bank's journal", by=SALIM, **own)

    assert (walk.status(), state(walk), books(walk)) == ("ready", "failed", {})
    refused(walk, rules.PaymentStands, unsettled.fail_doubt, reason="again", by=SALIM, **own)
    verified()
    walk.paid()
    assert walk.status() == "paid"
    verified()


def test_another_centres_doubt_does_not_exist_here():
    theirs = in_doubt(Walk(centre=SOHAR, operator=ZAHRA).completed().quoted())
    walk = Walk(client=RAHUL, operator=BADR).quoted()

    refused(walk, till.NoSuchPayment, unsettled.fail_doubt, payment=theirs.made["payment"],
            reason="not mine", at=walk.at, by=SALIM)  # fmt: skip
    with walk.scope():
        assert queries.open_payments(KHUWAIR) == []
        assert queries.in_doubt_count(SOHAR) == 0


# -- a payment link -------------------------------------------------------------------------------


def test_a_link_is_begun_sent_when_the_provider_has_it_and_paid():
    walk = linked()
    assert (books(walk), state(walk)) == ({}, "initiated")
    with walk.scope():
        assert not Notice.objects.filter(kind="payment_link").exists()

    assert hear(walk, OPEN) == hear(walk, OPEN) == "initiated"
    with walk.scope():
        [notice] = Notice.objects.filter(kind="payment_link")
        assert f"/pay/{walk.made['payment']}" in notice.text and "3.150" in notice.text

    assert hear(walk, PAID) == "confirmed"
    assert books(walk) == {"link_clearing": TOTAL, "earned": -3_000, "vat_due": -150}
    assert walk.status() == "paid"
    with walk.scope():
        [receipt] = queries.receipts_of(walk.case)
        assert receipt.body["means"] == "link"
        day = queries.day(KHUWAIR, at=walk.at)
        assert (day.link_baisa, day.taken_baisa) == (TOTAL, TOTAL)
    verified()


def test_what_the_provider_says_twice_or_late_changes_nothing_more():
    walk = linked()
    hear(walk, PAID)
    before = standing(walk)

    for answer in (PAID, OPEN, provider.UNCLEAR, Answer(provider.DECLINED, "", TOTAL)):
        assert hear(walk, answer) == "confirmed"
    assert standing(walk) == before


@pytest.mark.parametrize("said_by", [provider.DECLINED, provider.CANCELLED])
def test_a_link_that_was_not_paid_frees_the_request(said_by):
    walk = linked()

    assert hear(walk, Answer(said_by, "", TOTAL)) == "failed"
    assert (books(walk), walk.status()) == ({}, "ready")
    walk.paid()
    verified()


def test_asks_without_a_clear_answer_end_in_doubt_and_a_late_answer_settles():
    walk = linked()
    hear(walk, OPEN)

    states = [hear(walk, provider.UNCLEAR) for _ in range(4)]

    assert states == ["initiated", "initiated", "in_doubt", "in_doubt"]
    assert books(walk) == {"link_clearing": TOTAL, "in_doubt": -TOTAL}
    with walk.scope():
        assert queries.open_payment_of(walk.case).doubt == "provider"
    assert hear(walk, PAID) == "confirmed"
    assert books(walk) == {"link_clearing": TOTAL, "earned": -3_000, "vat_due": -150}
    verified()


def test_another_amount_is_never_taken_as_paid():
    walk = linked()

    assert hear(walk, Answer(provider.CONFIRMED, "PAY-1", TOTAL + 1)) == "in_doubt"
    with walk.scope():
        assert queries.open_payment_of(walk.case).doubt == "amount"
        assert queries.receipts_of(walk.case) == []
    verified()


def test_a_withdrawn_link_fails_only_by_the_providers_word():
    walk = linked()
    hear(walk, OPEN)
    with walk.scope():
        unsettled.withdraw_link(payment=walk.made["payment"], at=walk.at, by=AISHA)
    with walk.scope():
        asked = unsettled.claim(payment=walk.made["payment"], at=walk.at)
        assert asked.what == unsettled.CANCEL
        assert unsettled.claim(payment=walk.made["payment"], at=walk.at) is None

    assert hear(walk, OPEN) == "initiated"
    assert hear(walk, PAID) == "confirmed", "the person was quicker"
    verified()


def test_a_link_is_asked_about_less_and_less_often():
    waits = [rules.ask_after(timedelta(seconds=n)).total_seconds() for n in (0, 60, 600, 86_400)]

    assert waits == [5, 15, 150, 900]


def test_a_link_is_due_until_it_is_settled():
    walk = linked()
    with walk.scope():
        later = walk.at + timedelta(minutes=1)
        assert queries.due_to_ask(at=later) == [(walk.made["payment"], KHUWAIR)]
        assert unsettled.claim(payment=walk.made["payment"], at=walk.at).what == "register"
    hear(walk, PAID)
    with walk.scope():
        assert queries.due_to_ask(at=walk.at + timedelta(days=1)) == []


def test_what_was_settled_as_not_charged_and_is_charged_after_all_is_said():
    walk = linked()
    for _ in range(3):
        hear(walk, provider.UNCLEAR)
    with walk.scope():
        unsettled.fail_doubt(
            payment=walk.made["payment"], reason="the provider is gone", at=walk.at, by=SALIM
        )

    assert hear(walk, PAID) == "failed"
    assert kinds(walk)[-1] == "payment.contradicted"
    verified()


def test_a_mandate_that_ended_meanwhile_does_not_lose_the_money():
    walk = linked().later(hours=30)

    assert hear(walk, PAID) == "confirmed"
    assert walk.status() == "paid"
    verified()


def test_nothing_to_pay_needs_no_link():
    walk = Walk().quoted().later(hours=15)
    publish_fee(walk, 0)
    walk.quoted()

    refused(walk, unsettled.NothingForLink, unsettled.start_link, payment=new_id(),
            quote=walk.made["quote"], at=walk.at, by=AISHA)  # fmt: skip


def test_the_account_of_what_happened_stays_after_it_was_settled():
    walk = in_doubt()
    with walk.scope():
        unsettled.confirm_doubt(
            payment=walk.made["payment"], reference_typed="445566", at=walk.at, by=BADR
        )
        found = Pending.objects.get(payment=walk.made["payment"])

    assert (found.taken_by, found.settled_by, found.outcome) == (AISHA, BADR, "confirmed")
