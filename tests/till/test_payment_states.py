"""The states of a payment as data, and the database that holds the same table."""

import pytest
from django.db import IntegrityError, transaction

from sanad.cases.models import Case
from sanad.lib.ids import new_id
from sanad.till import rules, unsettled
from sanad.till.models import Payment, Pending, Quote
from sanad.till.rules import CONFIRMED, FAILED, FOLLOWS, IN_DOUBT, INITIATED, REFUNDED
from tests.network import AISHA
from tests.refusals import said
from tests.walk import Walk

pytestmark = pytest.mark.django_db


def test_the_table_is_what_the_page_says():
    assert {
        INITIATED: {CONFIRMED, FAILED, IN_DOUBT},
        IN_DOUBT: {CONFIRMED, FAILED},
        CONFIRMED: {REFUNDED},
        FAILED: set(),
        REFUNDED: set(),
    } == FOLLOWS


@pytest.mark.parametrize("state", rules.PAYMENT_STATES)
@pytest.mark.parametrize("following", rules.PAYMENT_STATES)
def test_the_rule_follows_the_table(state, following):
    if following in FOLLOWS[state]:
        assert rules.follow(state, following) == following
        return
    with pytest.raises(rules.PaymentStands) as refusal:
        rules.follow(state, following)
    said(refusal.value)


@pytest.mark.parametrize("means", rules.MEANS)
def test_doubt_is_the_whole_total_and_leaves_nothing_when_unfounded(means):
    into, back = rules.doubt(3_150, means), rules.doubt_unfounded(3_150, means)

    assert [(p.debit, p.credit, p.baisa) for p in into] == [
        (rules.RECEIVES[means], "in_doubt", 3_150)
    ]
    assert [(p.debit, p.credit, p.baisa) for p in back] == [
        ("in_doubt", rules.RECEIVES[means], 3_150)
    ]
    assert rules.doubt(0, means) == []


def set_state(walk: Walk, payment, state: str) -> str | None:
    """Which constraint refuses the change, made by whoever serves."""
    try:
        with walk.scope(), transaction.atomic():
            Payment.objects.filter(id=payment).update(state=state)
            transaction.set_rollback(True)
    except IntegrityError as error:
        return error.__cause__.diag.constraint_name
    return None


@pytest.mark.parametrize("following", [INITIATED, FAILED, IN_DOUBT])
def test_a_confirmed_payment_stays_confirmed(following):
    walk = Walk().paid()

    assert set_state(walk, walk.made["payment"], following) == "payment_step"


def test_money_goes_back_only_with_an_approved_refund():
    walk = Walk().paid()

    assert set_state(walk, walk.made["payment"], REFUNDED) == "payment_refund_approved"
    walk.refund_asked()
    assert set_state(walk, walk.made["payment"], REFUNDED) == "payment_refund_approved"


def doubted() -> tuple[Walk, object]:
    walk, payment = Walk().completed().quoted(), new_id()
    with walk.scope():
        unsettled.pay_in_doubt(payment=payment, quote=walk.made["quote"], at=walk.at, by=AISHA)
    return walk, payment


@pytest.mark.parametrize("following", [CONFIRMED, FAILED])
def test_nobody_settles_a_doubt_without_writing_who(following):
    walk, payment = doubted()

    assert set_state(walk, payment, following) == "payment_settled_by_somebody"
    assert set_state(walk, payment, INITIATED) == "payment_step"


def test_whoever_took_it_cannot_even_in_sql_say_that_it_was_not_charged():
    walk, payment = doubted()

    with pytest.raises(IntegrityError, match="pending_failed_by_another"), walk.scope():
        Pending.objects.filter(payment=payment).update(
            outcome=FAILED, settled_at=walk.at, settled_by=AISHA
        )
    with pytest.raises(IntegrityError, match="pending_failed_by_another"), walk.scope():
        Pending.objects.filter(payment=payment).update(
            outcome=FAILED, settled_at=walk.at, settled_by=None
        )


def test_a_quote_with_an_open_payment_is_not_replaced_and_no_second_payment_comes():
    walk, _ = doubted()

    with pytest.raises(IntegrityError, match="not settled"), walk.scope():
        Quote.objects.filter(id=walk.made["quote"]).update(replaced_at=walk.at)
    with walk.scope():
        other = Quote(
            id=new_id(), case_id=walk.case, centre_id=walk.centre, stage="submit", round=2,
            centre_baisa=0, government_baisa=0, vat_baisa=0, made_at=walk.at,
        )  # fmt: skip
        other.save(force_insert=True)
    with pytest.raises(IntegrityError, match="not settled"), walk.scope():
        Payment(
            id=new_id(), quote=other, case_id=walk.case, centre_id=walk.centre, means="cash",
            state=CONFIRMED, baisa=0, made_at=walk.at,
        ).save(force_insert=True)  # fmt: skip


def test_the_request_itself_stands_while_money_is_under_way():
    walk, _ = doubted()
    for change in ("draft", "cancelled"):
        with pytest.raises(IntegrityError, match="under way"), walk.scope():
            Case.objects.filter(id=walk.case).update(status=change)


def test_a_request_whose_money_is_asked_back_is_not_sent():
    walk = Walk().paid().refund_asked()

    with pytest.raises(IntegrityError, match="under way"), walk.scope():
        Case.objects.filter(id=walk.case).update(status="queued")
