"""Where people meet at the till: one payment of a quote, one count of a drawer, one close.

Threads with a connection each and rows that are committed. Afterwards the books are verified.
"""

from functools import partial

import pytest

from sanad.db.locks import Busy
from sanad.db.scope import acting, centre_scope
from sanad.lib.ids import new_id
from sanad.oversight import verify
from sanad.till import actions, queries, refunds, unsettled
from sanad.till.actions import (
    ClosedAlready,
    DrawerOpenAlready,
    NoOpenDrawer,
    PaidAlready,
    PaymentOpen,
    ReferenceUsed,
)
from sanad.till.models import DayClose, Payment, Receipt, Transfer
from sanad.till.refunds import RefundDecided
from sanad.till.rules import PaymentStands
from tests.committed import at_once
from tests.network import AISHA, BADR, IBRAHIM, KHUWAIR, MARYAM, NOORA, SALIM, TEN
from tests.walk import Walk

pytestmark = pytest.mark.usefixtures("committed")


def pay(walk: Walk, *, payment=None, reference="445566"):
    with walk.scope():
        return actions.pay(
            payment=payment or new_id(), quote=walk.made["quote"], means="card", at=TEN,
            by=walk.operator, card_reference=reference,
        )  # fmt: skip


def counts() -> tuple[int, int]:
    with acting(centre_scope(KHUWAIR)):
        return Payment.objects.count(), Receipt.objects.count()


def books_are_right() -> bool:
    return not (verify.ledger().wrong or verify.receipts().wrong or verify.log().wrong)


@pytest.mark.parametrize("round_number", range(3))
def test_one_quote_is_paid_once_whoever_clicks(round_number):
    walk = Walk().completed().quoted()

    outcomes = at_once(*[partial(pay, walk, reference=f"44556{n}") for n in range(6)])

    assert sum(isinstance(outcome, PaidAlready | Busy) for outcome in outcomes) == 5
    assert counts() == (1, 1)
    assert books_are_right()


def test_the_same_payment_sent_again_is_the_same_receipt():
    walk = Walk().completed().quoted()

    payment = new_id()

    receipts = at_once(*[partial(pay, walk, payment=payment)] * 5)

    assert len(set(receipts)) == 1
    assert counts() == (1, 1)
    assert books_are_right()


def test_one_terminal_slip_pays_for_one_request():
    first = Walk(client=MARYAM).completed().quoted()
    second = Walk(client=IBRAHIM, operator=BADR).completed().quoted()

    outcomes = at_once(partial(pay, first), partial(pay, second))

    assert sum(isinstance(outcome, ReferenceUsed) for outcome in outcomes) == 1
    assert counts() == (1, 1)
    assert books_are_right()


def test_receipts_of_payments_at_once_are_numbered_without_gaps():
    walks = []
    for client, operator in ((MARYAM, AISHA), (IBRAHIM, BADR), (NOORA, SALIM)):
        walks.append(Walk(client=client, operator=operator).completed().quoted())

    at_once(*[partial(pay, walk, reference=f"7700{n}") for n, walk in enumerate(walks)])

    with acting(centre_scope(KHUWAIR)):
        assert list(Receipt.objects.order_by("number").values_list("number", flat=True)) == [
            1, 2, 3,
        ]  # fmt: skip
    assert books_are_right()


def test_a_payment_and_a_cancellation_of_one_request_leave_one_truth():
    walk = Walk().completed().quoted()

    def cancel():
        with walk.scope():
            return actions.cancel(case=walk.case, reason="left", at=TEN, by=AISHA)

    at_once(partial(pay, walk), cancel)

    assert walk.status() in ("paid", "cancelled")
    with acting(centre_scope(KHUWAIR)):
        assert Payment.objects.filter(state="confirmed").count() == (walk.status() == "paid")
    assert books_are_right()


def test_two_means_at_once_are_one_payment():
    walk = Walk().completed().quoted().drawer_opened()

    def cash():
        with walk.scope():
            return actions.pay(payment=new_id(), quote=walk.made["quote"], means="cash", at=TEN,
                               by=AISHA)  # fmt: skip

    def link():
        with walk.scope():
            return unsettled.start_link(payment=new_id(), quote=walk.made["quote"], at=TEN,
                                        by=AISHA)  # fmt: skip

    def doubt():
        with walk.scope():
            return unsettled.pay_in_doubt(payment=new_id(), quote=walk.made["quote"], at=TEN,
                                          by=AISHA)  # fmt: skip

    outcomes = at_once(partial(pay, walk), cash, link, doubt)

    refused = [one for one in outcomes if isinstance(one, PaidAlready | PaymentOpen | Busy)]
    assert len(refused) == 3, outcomes
    with acting(centre_scope(KHUWAIR)):
        assert Payment.objects.count() == 1
    assert books_are_right()


@pytest.mark.parametrize("round_number", range(2))
def test_two_who_approve_one_refund_give_it_back_once(round_number):
    walk = Walk().drawer_opened().paid("cash").refund_asked()

    def approve(by):
        with acting(centre_scope(KHUWAIR, account=by)):
            return refunds.approve(refund=walk.made["refund"], at=TEN, by=by,
                                   drawer=walk.made["drawer"])  # fmt: skip

    outcomes = at_once(partial(approve, SALIM), partial(approve, BADR))

    assert sorted(isinstance(one, RefundDecided | Busy) for one in outcomes) == [False, True]
    assert walk.status() == "cancelled"
    with acting(centre_scope(KHUWAIR)):
        assert queries.day(KHUWAIR, at=TEN).refunded_baisa == 3_150
    assert books_are_right()


def test_a_doubt_settled_both_ways_at_once_is_settled_once():
    walk = Walk().completed().quoted()
    payment = new_id()
    with walk.scope():
        unsettled.pay_in_doubt(payment=payment, quote=walk.made["quote"], at=TEN, by=AISHA)

    def charged():
        with acting(centre_scope(KHUWAIR, account=AISHA)):
            return unsettled.confirm_doubt(payment=payment, reference_typed="445566", at=TEN,
                                           by=AISHA)  # fmt: skip

    def not_charged():
        with acting(centre_scope(KHUWAIR, account=SALIM)):
            return unsettled.fail_doubt(payment=payment, reason="not in the journal", at=TEN,
                                        by=SALIM)  # fmt: skip

    outcomes = at_once(charged, not_charged, charged)

    refused = [one for one in outcomes if isinstance(one, PaymentStands | Busy)]
    assert len(refused) == 2, outcomes
    with acting(centre_scope(KHUWAIR)):
        [state] = Payment.objects.values_list("state", flat=True)
        balances = queries.day(KHUWAIR, at=TEN).balances
    assert state in ("confirmed", "failed")
    assert (balances["in_doubt"], balances["earned"]) == (0, -3000 * (state == "confirmed"))
    assert books_are_right()


def test_a_drawer_is_opened_once_and_counted_once():
    def open_one():
        with acting(centre_scope(KHUWAIR, account=AISHA)):
            return actions.open_drawer(centre=KHUWAIR, float_baisa=20_000, at=TEN, by=AISHA)

    opened = at_once(*[open_one] * 4)
    assert sum(isinstance(outcome, DrawerOpenAlready) for outcome in opened) == 3
    [drawer] = [outcome for outcome in opened if not isinstance(outcome, Exception)]

    def count():
        with acting(centre_scope(KHUWAIR, account=AISHA)):
            return actions.count_drawer(
                drawer=drawer, counted_baisa=19_000, reason="short", at=TEN, by=AISHA
            )

    counted = at_once(*[count] * 4)

    assert counted.count(-1000) == 1
    assert sum(isinstance(outcome, NoOpenDrawer) for outcome in counted) == 3
    with acting(centre_scope(KHUWAIR)):
        assert Transfer.objects.filter(kind="variance").count() == 1
    assert books_are_right()


@pytest.mark.parametrize("round_number", range(3))
def test_a_day_closed_by_two_at_once_is_closed_once(round_number):
    Walk().completed().quoted().paid().finished_visit()

    def close(by):
        with acting(centre_scope(KHUWAIR, account=by)):
            return actions.close_day(centre=KHUWAIR, at=TEN, by=by)

    outcomes = at_once(partial(close, AISHA), partial(close, SALIM), partial(close, BADR))

    assert sum(isinstance(outcome, ClosedAlready) for outcome in outcomes) == 2
    with acting(centre_scope(KHUWAIR)):
        assert DayClose.objects.count() == 1


def test_a_close_and_a_payment_at_once_lose_nothing():
    walk = Walk().completed().quoted()

    def close():
        with acting(centre_scope(KHUWAIR, account=SALIM)):
            return actions.close_day(centre=KHUWAIR, at=TEN, by=SALIM)

    at_once(partial(pay, walk), close)

    with acting(centre_scope(KHUWAIR)):
        [(_, _, figures)] = queries.day(KHUWAIR, at=TEN).closes
        now = queries.day(KHUWAIR, at=TEN).balances
    if figures["earned"] != -3000:  # the payment came after: it is in the next close
        close()
    assert {account.value: baisa for account, baisa in now.items()}["earned"] == -3000
    assert books_are_right()
