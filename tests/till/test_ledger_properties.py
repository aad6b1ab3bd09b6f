"""One centre's money under any order of opening, paying, giving back, counting and closing.

The model is a few integers; the ledger must agree with it after every step, and always sum to
zero. Each run is rolled back.
"""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import DatabaseError, transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from sanad.till import actions as till
from sanad.till import cash, ledger, queries, refunds, rules
from sanad.till.models import DayClose, Drawer, Receipt, Transfer
from sanad.till.rules import Account
from tests.network import AISHA, KHUWAIR, RENEW_MEMBERSHIP, SALIM
from tests.refusals import said
from tests.walk import RENEW_CARD, Walk

pytestmark = pytest.mark.django_db
PRICES = {RENEW_MEMBERSHIP: (3_000, 0, 150), RENEW_CARD: (4_000, 30_000, 200)}
LIGHT = settings(
    max_examples=20, stateful_step_count=20, deadline=None,
    suppress_health_check=list(HealthCheck),
)  # fmt: skip


class Till(RuleBasedStateMachine):
    """Aisha's till. `cash` is None while no drawer is open, else what should lie in it."""

    @initialize()
    def morning(self):
        self.day = transaction.atomic()
        self.day.__enter__()
        self.seat = Walk().person_seated()
        self.cash = self.last_move = None
        self.books = dict.fromkeys(Account, 0)
        self.paid = []
        self.receipts = 0
        self.moved = self.closed = False

    def teardown(self):
        if hasattr(self, "day"):
            transaction.set_rollback(True)
            self.day.__exit__(None, None, None)

    def now(self):
        self.seat.later(minutes=1)
        return {"at": self.seat.at, "by": AISHA}

    def move(self, debit, credit, baisa):
        self.books[debit] += baisa
        self.books[credit] -= baisa
        self.moved = self.moved or baisa > 0

    @rule(float_baisa=st.sampled_from([0, 500, 20_000]))
    def open_drawer(self, float_baisa):
        if self.cash is not None:
            return self.refused(till.DrawerOpenAlready, till.open_drawer, centre=KHUWAIR,
                                float_baisa=float_baisa)  # fmt: skip
        with self.seat.scope():
            self.drawer = till.open_drawer(centre=KHUWAIR, float_baisa=float_baisa, **self.now())
        self.cash = float_baisa
        self.move(Account.DRAWER, Account.SAFE, float_baisa)
        return None

    @rule(
        service=st.sampled_from(sorted(PRICES)),
        means=st.sampled_from(rules.AT_ONCE),
        above=st.sampled_from([None, 0, 1, 850]),
    )
    def pay(self, service, means, above):
        walk = Walk(service=service, at=self.seat.at,
                    made={key: self.seat.made[key] for key in ("visit", "person")})  # fmt: skip
        walk.quoted()
        centre, government, vat = PRICES[service]
        total = centre + government + vat
        asked = {"payment": uuid4(), "quote": walk.made["quote"], "means": means}
        if means == rules.CARD:
            asked["card_reference"] = str(uuid4().int)[:12]
        elif above is not None:
            asked["tendered_baisa"] = total + above
        if means == rules.CASH and self.cash is None:
            self.refused(till.NoOpenDrawer, till.pay, **asked)
            return
        with self.seat.scope():
            receipt = till.pay(**asked, **self.now())
        with self.seat.scope():
            assert till.pay(**asked, **self.now()) == receipt
        into = rules.RECEIVES[means]
        for whose, baisa in ((Account.EARNED, centre), (Account.HELD_FOR_ENTITY, government),
                             (Account.VAT_DUE, vat)):  # fmt: skip
            self.move(into, whose, baisa)
        if means == rules.CASH:
            self.cash += total
        self.receipts += 1
        self.paid.append((walk.case, means, PRICES[service]))

    @precondition(lambda self: self.paid)
    @rule(which=st.integers(0, 99))
    def give_back(self, which):
        case, means, (centre, government, vat) = self.paid[which % len(self.paid)]
        total = centre + government + vat
        with self.seat.scope():
            live = queries.live_refund_of(case)
            refund = live.id if live else till.cancel(
                case=case, reason="changed mind", **self.now()
            )  # fmt: skip
        asked = {"refund": refund}
        if means == rules.CARD:
            asked["card_reference"] = str(uuid4().int)[:12]
        elif self.cash is None:
            self.refused(till.NoOpenDrawer, refunds.approve, by=SALIM, **asked)
            return
        else:
            asked["drawer"] = self.drawer
        if means == rules.CASH and self.cash < total:
            self.refused(till.NotEnoughInDrawer, refunds.approve, by=SALIM, **asked)
            return
        with self.seat.scope():
            refunds.approve(**asked, **(self.now() | {"by": SALIM}))
        out = rules.RECEIVES[means]
        for whose, baisa in ((Account.EARNED, centre), (Account.HELD_FOR_ENTITY, government),
                             (Account.VAT_DUE, vat)):  # fmt: skip
            self.move(whose, out, baisa)
        if means == rules.CASH:
            self.cash -= total
        self.paid.remove((case, means, (centre, government, vat)))

    @rule(kind=st.sampled_from([rules.CASH_IN, rules.CASH_OUT]), baisa=st.integers(0, 30_000))
    def move_cash(self, kind, baisa):
        asked = {"drawer": getattr(self, "drawer", uuid4()), "kind": kind, "baisa": baisa,
                 "reason": "more change"}  # fmt: skip
        if self.cash is None:
            self.refused(cash.DrawerNotOpen, cash.move_cash, **asked)
            return
        if kind == rules.CASH_OUT and baisa > self.cash:
            self.refused(cash.MoreThanInDrawer, cash.move_cash, **asked)
            return
        if baisa == 0:
            self.refused(cash.NothingMoved, cash.move_cash, **asked)
            return
        with self.seat.scope():
            self.last_move = cash.move_cash(**asked, **self.now()), kind, baisa
        self.cash_moved(kind, baisa)

    @precondition(lambda self: self.last_move is not None)
    @rule()
    def post_back(self):
        move, kind, baisa = self.last_move
        asked = {"move": move, "reason": "a mistake"}
        if self.cash is None:
            self.refused(cash.DrawerNotOpen, cash.undo, **asked)
            return
        if kind == rules.CASH_IN and baisa > self.cash:
            self.refused(cash.MoreThanInDrawer, cash.undo, **asked)
            return
        with self.seat.scope():
            cash.undo(**asked, **self.now())
        self.cash_moved(kind, -baisa)
        self.last_move = None

    def cash_moved(self, kind, baisa):
        into = baisa if kind == rules.CASH_IN else -baisa
        self.cash += into
        self.books[Account.DRAWER] += into
        self.books[Account.SAFE] -= into
        self.moved = True

    @rule(baisa=st.integers(1, 50_000))
    def deposit(self, baisa):
        with self.seat.scope():
            cash.deposit(centre=KHUWAIR, baisa=baisa, reference="SLIP-4471", **self.now())
        self.move(Account.BANK, Account.SAFE, baisa)

    @precondition(lambda self: self.cash is not None)
    @rule(off=st.sampled_from([0, 0, 5, -5, 1_000]), reason=st.sampled_from(["", "a coin fell"]))
    def count(self, off, reason):
        counted = max(self.cash + off, 0)
        asked = {"drawer": self.drawer, "counted_baisa": counted, "reason": reason}
        differs = counted - self.cash
        if differs and not reason:
            self.refused(rules.ReasonForVariance, till.count_drawer, **asked)
            return
        self.refused(rules.PiecesDiffer, till.count_drawer, **asked, pieces={5: counted // 5 + 1})
        with self.seat.scope():
            assert till.count_drawer(**asked, **self.now()) == differs
            drawer = Drawer.objects.get(id=self.drawer)
        assert (drawer.expected_baisa, drawer.counted_baisa) == (self.cash, counted)
        if differs > 0:
            self.move(Account.DRAWER, Account.VARIANCE, differs)
        if differs < 0:
            self.move(Account.VARIANCE, Account.DRAWER, -differs)
        self.move(Account.SAFE, Account.DRAWER, counted)
        self.cash = self.last_move = None

    @rule()
    def close(self):
        if self.cash is not None:
            self.refused(till.DrawersStillOpen, till.close_day, centre=KHUWAIR)
            return
        if self.closed and not self.moved:
            self.refused(till.ClosedAlready, till.close_day, centre=KHUWAIR)
            return
        with self.seat.scope():
            close = till.close_day(centre=KHUWAIR, **self.now())
            figures = DayClose.objects.get(id=close).figures
        assert figures == {account.value: baisa for account, baisa in self.books.items()}
        self.closed, self.moved = True, False

    def refused(self, refusal_kind, verb, **details):
        with pytest.raises(refusal_kind) as refusal, self.seat.scope():
            verb(**(self.now() | details))
        said(refusal.value)

    @invariant()
    def the_ledger_agrees(self):
        if not hasattr(self, "seat"):
            return
        with self.seat.scope():
            found = ledger.balances(centre=KHUWAIR)
            assert found == self.books
            assert sum(found.values()) == 0
            drawer = queries.open_drawer_of(AISHA)
            assert (drawer.expected_baisa if drawer else None) == self.cash
            day = queries.day(KHUWAIR, at=self.seat.at)
            assert day.taken_baisa == sum(sum(prices) for _, _, prices in self.paid)
            assert Receipt.objects.count() == self.receipts
            assert Receipt.objects.filter(voided_at=None).count() == len(self.paid)
            assert not Transfer.objects.filter(baisa__lte=0).exists()


def test_any_order_of_a_tills_steps_agrees_with_the_model():
    run_state_machine_as_test(Till, settings=LIGHT)


def test_a_transfer_is_never_changed_or_removed_by_whoever_serves():
    walk = Walk().paid()
    for change in (
        lambda: Transfer.objects.update(baisa=1),
        lambda: Transfer.objects.all().delete(),
        lambda: Receipt.objects.update(number=9),
        lambda: Receipt.objects.all().delete(),
        lambda: DayClose.objects.update(figures={}),
    ):
        with (
            walk.scope(),
            pytest.raises(DatabaseError, match="permission denied"),
            transaction.atomic(),
        ):
            change()


def test_postings_of_yesterday_are_not_todays():
    walk = Walk().paid().later(days=1)

    with walk.scope():
        today = queries.day(KHUWAIR, at=walk.at)
        yesterday = queries.day(KHUWAIR, at=walk.at - timedelta(days=1))
    assert (today.taken_baisa, yesterday.taken_baisa) == (0, 3_150)
