"""Two hands at the same moment, each with its own connection: the database lets one through."""

from uuid import uuid4

import pytest

from sanad.cases import actions as cases
from sanad.till import actions as till
from sanad.till import queries
from sanad.till.models import Payment, Receipt
from tests.cases.changes import standing
from tests.committed import at_once
from tests.network import AISHA, BADR, KHUWAIR, RAHUL
from tests.walk import RENEW_CARD, Walk
from tests.web_client import signed_in

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
    with walk.scope():
        assert queries.day(KHUWAIR, at=walk.at).taken_baisa == 0


def test_two_hands_in_one_draft_lose_neither_field():
    walk = Walk().opened()

    def typing(**answers):
        def save():
            with walk.scope():
                cases.save_draft(case=walk.case, answers=answers, at=walk.at)

        return save

    at_once(
        typing(employer_name="مؤسسة الخوير الحديثة"), typing(membership_number="4471"),
        typing(contact_phone="92345678"), typing(employer_cr_number="1234567"),
    )  # fmt: skip

    with walk.scope():
        assert walk.view().answers == {
            "employer_name": "مؤسسة الخوير الحديثة", "membership_number": "4471",
            "contact_phone": "+96892345678", "employer_cr_number": "1234567",
        }  # fmt: skip


def test_on_screen_a_stale_page_does_not_wipe_what_a_colleague_typed(at_ten):
    walk = Walk().opened()
    aisha, badr = signed_in(AISHA), signed_in(BADR)
    address = f"/desk/cases/{walk.case}/draft/"
    blank = {"employer_name": "", "membership_number": "", "contact_phone": ""}

    aisha.post(address, blank | {"employer_name": "مؤسسة"},
               headers={"HX-Request": "true", "HX-Trigger-Name": "employer_name"})  # fmt: skip
    badr.post(address, blank | {"membership_number": "4471"},
              headers={"HX-Request": "true", "HX-Trigger-Name": "membership_number"})  # fmt: skip

    with walk.scope():
        found = walk.view().answers
    assert (found["employer_name"], found["membership_number"]) == ("مؤسسة", "4471")
