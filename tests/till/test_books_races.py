"""Two who settle, or post a move back, at the same moment."""

import pytest

from sanad.db import sql
from sanad.db.scope import acting, centre_scope, system_scope
from sanad.lib.business_day import business_date
from sanad.till import cash, ledger, settlement
from sanad.till.rules import CASH_IN, Account
from tests.committed import at_once
from tests.network import AISHA, HEALTH, KHUWAIR, SALIM, TEN
from tests.walk import RENEW_CARD, Walk

pytestmark = pytest.mark.usefixtures("committed")
FEE = 30_000


def owner():
    return acting(centre_scope(KHUWAIR, account=SALIM))


def nothing_wrong():
    with acting(system_scope()):
        return sql.rows("oversight/verify_ledger")[0]["findings"]


def test_two_who_settle_together_hand_over_once():
    Walk(service=RENEW_CARD).paid().submitted()

    def one(reference):
        with owner():
            return settlement.settle(
                centre=KHUWAIR, entity=HEALTH, until=business_date(TEN), paid_from=Account.BANK,
                reference=reference, shown_baisa=FEE, at=TEN, by=SALIM,
            )  # fmt: skip

    found = at_once(lambda: one("TRF-A001"), lambda: one("TRF-B001"))

    refused = [type(each) for each in found if isinstance(each, Exception)]
    # The second comes while the first is at it, or just after it.
    assert refused in ([settlement.SettledMeanwhile], [settlement.StatementChanged])
    with owner():
        assert ledger.balances(centre=KHUWAIR)[Account.HELD_FOR_ENTITY] == 0
    assert nothing_wrong() == []


def test_two_who_post_a_move_back_together_post_it_once():
    drawer = Walk().drawer_opened().made["drawer"]
    with owner():
        move = cash.move_cash(
            drawer=drawer, kind=CASH_IN, baisa=2_000, reason="more change", at=TEN, by=AISHA
        )

    def back():
        with owner():
            return cash.undo(move=move, reason="a mistake", at=TEN, by=AISHA)

    found = at_once(back, back, back)

    refused = [type(each) for each in found if isinstance(each, Exception)]
    assert refused == [cash.UndoneAlready] * 2
    with owner():
        assert ledger.drawer_balance(drawer) == 20_000
    assert nothing_wrong() == []
