"""Two hands at the same moment, each with its own connection: the database lets one through."""

from uuid import uuid4

import pytest

from sanad.till import actions as till
from sanad.till import queries
from sanad.till.models import Payment, Receipt
from tests.cases.changes import standing
from tests.committed import at_once
from tests.network import AISHA, BADR, KHUWAIR, RAHUL
from tests.walk import RENEW_CARD, Walk

pytestmark = pytest.mark.usefixtures("committed")


def paying(walk: Walk, **details):
    asked = {"quote": walk.made["quote"], "means": "card"} | details

    def pay():
        with walk.scope():
            return till.pay(**asked, at=walk.at, by=walk.operator)

    return pay


def test_one_payment_from_four_hands_is_one_receipt():
    walk = Walk().quoted()
    pay = paying(walk, payment=uuid4(), card_reference="445566")

    receipts = at_once(pay, pay, pay, pay)

    assert len(set(receipts)) == 1
    with walk.scope():
        assert Payment.objects.count() == Receipt.objects.count() == 1


def test_two_payments_of_one_quote_take_its_money_once():
    walk = Walk().quoted()

    found = at_once(
        paying(walk, payment=uuid4(), card_reference="445566"),
        paying(walk, payment=uuid4(), card_reference="778899"),
    )

    assert sorted(isinstance(one, till.PaidAlready) for one in found) == [False, True]
    assert standing(walk)["books"]["card_clearing"] == 3_150


def test_one_terminal_reference_on_two_payments_is_taken_once():
    first = Walk().quoted()
    second = Walk(service=RENEW_CARD, client=RAHUL, operator=BADR).quoted()

    found = at_once(
        *(paying(walk, payment=uuid4(), card_reference="445566") for walk in (first, second))
    )

    assert sorted(isinstance(one, till.ReferenceUsed) for one in found) == [False, True]
    with first.scope():
        assert Receipt.objects.count() == 1


def test_paying_and_giving_up_at_once_end_in_one_of_the_two():
    walk = Walk().quoted()

    def give_up():
        with walk.scope():
            return till.cancel(case=walk.case, reason="changed mind", at=walk.at, by=AISHA)

    at_once(paying(walk, payment=uuid4(), card_reference="445566"), give_up)

    after = standing(walk)
    if after["status"] == "paid":  # the payment came first: a second person is asked
        with walk.scope():
            assert queries.refunds_pending_count(KHUWAIR) == 1
            assert queries.day(KHUWAIR, at=walk.at).taken_baisa == 3_150
        return
    assert after["status"] == "cancelled"
    assert set(after["books"].values()) == {0}
