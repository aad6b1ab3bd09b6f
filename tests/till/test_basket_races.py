"""Two hands on the same requests: alone, together, and in another order."""

import pytest

from sanad.lib.ids import new_id
from sanad.till import actions as till
from sanad.till import ledger
from sanad.till.basket import Wanted
from sanad.till.models import Payment
from sanad.till.rules import Account
from tests.committed import at_once
from tests.network import AISHA, KHUWAIR, RENEW_MEMBERSHIP
from tests.till.test_basket import agreed, nothing_wrong, paid
from tests.walk import RENEW_CARD

pytestmark = pytest.mark.usefixtures("committed")


def test_together_forwards_together_backwards_and_alone_is_paid_once():
    walk, wanted = agreed(RENEW_CARD, RENEW_MEMBERSHIP, RENEW_MEMBERSHIP)
    backwards = [Wanted(new_id(), one.quote) for one in reversed(wanted)]

    def alone():
        with walk.scope():
            return till.pay(payment=new_id(), quote=wanted[1].quote, means="card",
                            card_reference="7777", at=walk.at, by=AISHA)  # fmt: skip

    at_once(
        lambda: paid(walk, wanted, card_reference="1111"),
        lambda: paid(walk, backwards, card_reference="2222"),
        alone,
    )

    with walk.scope():
        quotes = list(Payment.objects.values_list("quote_id", flat=True))
        assert len(quotes) == len(set(quotes))
        assert quotes
        taken = -sum(
            ledger.balances(centre=KHUWAIR)[account]
            for account in (Account.EARNED, Account.VAT_DUE, Account.HELD_FOR_ENTITY)
        )
        assert taken == sum(Payment.objects.values_list("baisa", flat=True))
    assert nothing_wrong() == []


def test_the_same_tender_from_four_hands_is_one():
    walk, wanted = agreed(RENEW_CARD, RENEW_MEMBERSHIP)

    found = at_once(*[lambda: paid(walk, wanted)] * 4)

    given = [tuple(one) for one in found if isinstance(one, list)]
    assert len(set(given)) == 1
    with walk.scope():
        assert Payment.objects.count() == 2
