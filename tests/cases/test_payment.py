"""Taking money: once, in full, for amounts that still hold, under a live mandate; else nothing."""

from uuid import uuid4

import pytest

from sanad.beneficiaries.rules import AboveCeiling, MandateNotLive
from sanad.cases.rules import NotNow
from sanad.till import actions as till
from sanad.till import queries, refunds, rules
from sanad.till.models import Receipt
from sanad.till.quotes import FeeChanged, NoPublishedFee
from tests.cases.changes import publish_fee, set_vat, standing
from tests.network import AISHA, BADR, KHUWAIR, RAHUL, RENEW_CARD, SALIM, SOHAR, ZAHRA
from tests.refusals import said
from tests.walk import Walk

pytestmark = pytest.mark.django_db
VISA = "4111111111111111"


def pay(walk: Walk, **details):
    """A payment of the walk's quote, in cash unless told otherwise."""
    asked = {"payment": uuid4(), "quote": walk.made["quote"], "means": "cash"} | details
    with walk.scope():
        return till.pay(**{"at": walk.at, "by": walk.operator} | asked)


def refused(walk: Walk, reason, **details) -> tuple[str, str]:
    """What is said in both languages when a payment is refused; nothing has moved."""
    before = standing(walk)
    with pytest.raises(reason) as refusal:
        pay(walk, **details)
    assert standing(walk) == before
    return said(refusal.value)


def test_the_same_payment_twice_is_one_receipt():
    walk = Walk().quoted().drawer_opened()
    payment = uuid4()

    first = pay(walk, payment=payment, tendered_baisa=5_000)
    before = standing(walk)

    assert pay(walk, payment=payment, tendered_baisa=5_000) == first
    assert standing(walk) == before


@pytest.mark.parametrize(
    "other",
    [
        {"tendered_baisa": 6_000},
        {"means": "card", "card_reference": "123456"},
        {"quote": "another"},
    ],
)
def test_the_same_payment_with_other_details_is_refused(other):
    walk = Walk().quoted().drawer_opened()
    payment = uuid4()
    pay(walk, payment=payment, tendered_baisa=5_000)
    if other == {"quote": "another"}:
        walk.made["quote"] = (
            Walk(service=RENEW_CARD, client=RAHUL, operator=BADR).quoted().made["quote"]
        )
        other = {"tendered_baisa": 40_000}

    refused(walk, till.AnotherPayment, payment=payment, **({"tendered_baisa": 5_000} | other))


def test_another_card_reference_under_the_same_payment_is_refused():
    walk = Walk().quoted()
    payment = uuid4()
    pay(walk, payment=payment, means="card", card_reference="123456")

    refused(walk, till.AnotherPayment, payment=payment, means="card", card_reference="654321")


def test_a_payment_of_another_centre_under_the_same_id_is_refused():
    payment = uuid4()
    pay(Walk(centre=SOHAR, operator=ZAHRA).quoted(), payment=payment, means="card",
        card_reference="123456")  # fmt: skip

    refused(Walk(client=RAHUL).quoted(), till.AnotherPayment, payment=payment, means="card",
            card_reference="778899")  # fmt: skip


def test_a_second_payment_of_a_quote_is_refused():
    refused(Walk().paid(), till.PaidAlready, means="card", card_reference="900800")


def test_a_second_payment_is_paid_already_even_when_the_mandate_is_over():
    refused(Walk().paid().later(hours=30), till.PaidAlready, means="card", card_reference="900800")


def test_a_terminal_reference_stands_on_one_payment():
    Walk().paid(reference="123456")
    walk = Walk(client=RAHUL, service=RENEW_CARD, operator=BADR).quoted()

    assert "123456" in refused(walk, till.ReferenceUsed, means="card", card_reference="١٢٣٤٥٦")[0]
    pay(walk, means="card", card_reference="123457")


@pytest.mark.parametrize("typed", [VISA, "4111 1111 1111 1111", "4111-1111-1111-1111",
                                   "٤١١١١١١١١١١١١١١١", "378282246310005"])  # fmt: skip
def test_what_looks_like_a_cards_number_is_refused_and_not_repeated(typed):
    sentences = refused(Walk().quoted(), rules.LooksLikeCardNumber, means="card",
                        card_reference=typed)  # fmt: skip

    assert not any("1111" in sentence for sentence in sentences)


@pytest.mark.parametrize("typed", ["", "123", "12A456", "²²²²²²", "1" * 21, "12345-"])
def test_what_is_no_terminal_reference_is_refused(typed):
    refused(Walk().quoted(), rules.CardReferenceRefused, means="card", card_reference=typed)


@pytest.mark.parametrize("means", ["", "cheque", "CASH", "in_doubt"])
def test_money_comes_in_cash_or_by_card(means):
    refused(Walk().quoted(), rules.MeansUnknown, means=means)


def test_too_little_cash_is_refused():
    walk = Walk().quoted().drawer_opened()

    arabic, english = refused(walk, rules.NotTheAmount, tendered_baisa=3_149)
    assert "3.149" in english and "3.150" in english and "3.149" in arabic


def test_cash_needs_a_drawer_of_ones_own():
    refused(Walk().quoted(), till.NoOpenDrawer)
    walk = Walk(client=RAHUL, service=RENEW_CARD, operator=BADR).drawer_opened().quoted()
    walk.operator = AISHA
    refused(walk, till.NoOpenDrawer)


def test_amounts_nobody_agreed_to_are_refused():
    walk = Walk().completed()
    with walk.scope():
        walk.made["quote"] = till.make_quote(case=walk.case, at=walk.at)

    refused(walk, till.QuoteNotAgreed, means="card", card_reference="123456")


def test_a_mandate_that_ended_pays_nothing_and_a_new_one_asks_for_a_new_agreement():
    walk = Walk().quoted().later(hours=24)
    refused(walk, MandateNotLive, means="card", card_reference="123456")

    walk.agreed_anew()
    refused(walk, till.QuoteNotAgreed, means="card", card_reference="123456")
    with walk.scope():
        assert queries.live_quote(walk.case, at=walk.at).agreed_at is None
        till.agree_quote(quote=walk.made["quote"], at=walk.at, by=AISHA)

    pay(walk, means="card", card_reference="123456")
    assert walk.status() == "paid"


def test_a_revoked_mandate_pays_nothing():
    walk = Walk().quoted().revoked()

    refused(walk, MandateNotLive, means="card", card_reference="123456")


def test_a_total_above_the_ceiling_is_not_agreed_to():
    walk = Walk(ceiling=3_149).completed()
    with walk.scope():
        quote = till.make_quote(case=walk.case, at=walk.at)
    before = standing(walk)

    with pytest.raises(AboveCeiling) as refusal, walk.scope():
        till.agree_quote(quote=quote, at=walk.at, by=AISHA)

    assert "3.150" in said(refusal.value)[0]
    assert standing(walk) == before


@pytest.mark.parametrize(
    ("change", "total"),
    [
        (lambda walk: publish_fee(walk, 2_500), 2_625),
        (lambda walk: publish_fee(walk, 3_500), 3_675),
        (lambda walk: set_vat(KHUWAIR, 0), 3_000),
        (lambda walk: set_vat(KHUWAIR, 100), 3_300),
    ],
    ids=["cheaper", "dearer", "no VAT", "more VAT"],
)
def test_amounts_that_changed_are_refused_worked_out_anew_agreed_and_paid(change, total):
    walk = Walk().quoted().later(hours=15)
    change(walk)
    refused(walk, FeeChanged, means="card", card_reference="123456")
    with walk.scope():
        assert queries.live_quote(walk.case, at=walk.at).changed
    old = walk.made["quote"]
    with pytest.raises(FeeChanged), walk.scope():
        till.agree_quote(quote=old, at=walk.at, by=AISHA)

    walk.quoted()
    refused(walk, FeeChanged, quote=old, means="card", card_reference="123456")
    receipt = pay(walk, means="card", card_reference="123456")

    with walk.scope():
        assert queries.receipt(receipt).body["total_baisa"] == total


def test_a_line_that_left_the_list_takes_nothing():
    walk = Walk().quoted().later(hours=15)
    publish_fee(walk, None)

    refused(walk, NoPublishedFee, means="card", card_reference="123456")


def test_a_quote_of_another_centre_is_no_quote():
    walk, other = Walk().quoted(), Walk(centre=SOHAR, operator=ZAHRA, client=RAHUL).quoted()

    refused(walk, till.NoSuchQuote, quote=other.made["quote"], means="card",
            card_reference="123456")  # fmt: skip
    refused(walk, till.NoSuchQuote, quote=uuid4(), means="card", card_reference="123456")


def test_a_request_that_costs_nothing_gets_its_receipt():
    walk = Walk().quoted().later(hours=15)
    publish_fee(walk, 0)
    walk.quoted().paid()

    with walk.scope():
        receipt = queries.receipt(walk.made["receipt"])
        assert receipt.body["total_baisa"] == 0
        assert sum(queries.day(KHUWAIR, at=walk.at).balances.values()) == 0


@pytest.mark.parametrize("step", ["opened", "completed", "quoted"])
def test_before_payment_a_request_is_given_up_without_money(step):
    walk = getattr(Walk(), step)()
    with walk.scope():
        assert till.cancel(case=walk.case, reason="changed mind", at=walk.at, by=AISHA) is None

    after = standing(walk)
    assert (after["status"], after["payments"], after["receipts"]) == ("cancelled", [], [])
    assert all(mandate["revoked_at"] for mandate in after["mandates"])
    assert all(quote["replaced_at"] for quote in after["quotes"])


@pytest.mark.parametrize("means", ["cash", "card"])
def test_a_paid_request_is_given_up_and_the_money_goes_back_to_the_baisa(means):
    walk = Walk(service=RENEW_CARD, client=RAHUL).drawer_opened()
    before = till_books(walk)
    walk.paid(means)
    assert sum(abs(baisa) for baisa in till_books(walk).values()) > 0

    walk.paid_back()

    after = standing(walk)
    assert till_books(walk) == before
    assert after["status"] == "cancelled"
    assert [payment["state"] for payment in after["payments"]] == ["refunded"]
    assert [(r["number"], r["voided_at"]) for r in after["receipts"]] == [(1, walk.at)]
    assert all(mandate["revoked_at"] for mandate in after["mandates"])


def test_a_void_keeps_its_number_and_the_next_receipt_takes_the_next():
    Walk().paid().paid_back().finished_visit()
    Walk(client=RAHUL, service=RENEW_CARD).paid()

    with Walk().scope():
        numbers = Receipt.objects.order_by("number").values_list("number", "voided_at")
        assert [(number, bool(void)) for number, void in numbers] == [(1, True), (2, False)]


def test_cash_goes_back_out_of_an_open_drawer_that_holds_it():
    walk = Walk().drawer_opened(0).paid("cash")
    with walk.scope():
        till.count_drawer(
            drawer=walk.made["drawer"], counted_baisa=3_150, reason="", at=walk.at, by=AISHA
        )
    walk.refund_asked()
    approval_refused(walk, till.NoOpenDrawer)
    walk.drawer_opened(3_149)
    approval_refused(walk, till.NotEnoughInDrawer, drawer=walk.made["drawer"])


def approval_refused(walk: Walk, refusal_kind, **details) -> None:
    before = standing(walk)
    with pytest.raises(refusal_kind) as refusal, walk.scope():
        refunds.approve(refund=walk.made["refund"], at=walk.at, by=SALIM, **details)
    said(refusal.value)
    assert standing(walk) == before


@pytest.mark.parametrize("reason", ["", "   "])
def test_a_request_is_not_given_up_without_a_reason(reason):
    cancel_refused(Walk().paid(), till.cases.ReasonMissing, reason=reason)


def cancel_refused(walk: Walk, refusal_kind, **details) -> None:
    before = standing(walk)
    with pytest.raises(refusal_kind) as refusal, walk.scope():
        till.cancel(**{"case": walk.case, "reason": "changed mind", "at": walk.at,
                       "by": walk.operator} | details)  # fmt: skip
    said(refusal.value)
    assert standing(walk) == before


@pytest.mark.parametrize("step", ["submitted", "acknowledged", "bounced"])
def test_after_submission_nothing_is_given_up(step):
    cancel_refused(getattr(Walk(), step)(), NotNow)


def till_books(walk: Walk) -> dict:
    with walk.scope():
        return queries.day(walk.centre, at=walk.at).balances
