"""Payments of several requests in any order of steps: the database is what the model says.

The model knows of each payment its state and of each account one number. After every step the
ledger agrees and sums to zero, the account in doubt is minus what is in doubt, and no quote has
more than one payment that is confirmed or may be. Each run is rolled back.
"""

from uuid import uuid4

import pytest
from django.db import transaction
from django.db.models import Count
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

from sanad.lib.refusal import Refused
from sanad.till import actions as till
from sanad.till import ledger, provider, refunds, rules, unsettled
from sanad.till.models import Payment, Receipt
from sanad.till.provider import Answer
from sanad.till.rules import Account
from tests.network import AISHA, KHUWAIR, SALIM
from tests.refusals import said
from tests.walk import Walk

pytestmark = pytest.mark.django_db
CHARGE, VAT = 3_000, 150
TOTAL = CHARGE + VAT
LIGHT = settings(
    max_examples=15, stateful_step_count=25, deadline=None,
    suppress_health_check=list(HealthCheck),
)  # fmt: skip
PICK = st.integers(0, 99)


class Payments(RuleBasedStateMachine):
    """`cases` are [walk, quote, payments]; `states` and `means` are of payments by their id."""

    @initialize()
    def morning(self):
        self.day = transaction.atomic()
        self.day.__enter__()
        self.seat = Walk().person_seated()
        self.cases, self.states, self.means, self.of_case = [], {}, {}, {}
        self.asked = {}
        self.books = dict.fromkeys(Account, 0)

    def teardown(self):
        if hasattr(self, "day"):
            transaction.set_rollback(True)
            self.day.__exit__(None, None, None)

    def now(self, by=AISHA):
        return {"at": self.seat.later(minutes=1).at, "by": by}

    def move(self, debit, credit, baisa):
        self.books[debit] += baisa
        self.books[credit] -= baisa

    def whose(self, into, sign=1):
        self.move(into, Account.EARNED, sign * CHARGE)
        self.move(into, Account.VAT_DUE, sign * VAT)

    def tried(self, verb, **details) -> bool:
        """Whether the verb was done; what is refused says why in both languages."""
        try:
            with self.seat.scope():
                verb(**details)
        except Refused as refusal:
            said(refusal)
            return False
        return True

    def live(self, case) -> list:
        ids = [p for p, c in self.of_case.items() if c == case]
        return [p for p in ids if self.states[p] not in (rules.FAILED, rules.REFUNDED)]

    def may_begin(self, n) -> bool:
        walk = self.cases[n][0]
        return not self.live(n) and walk.status() == "ready"

    def payments(self, *states) -> list:
        return [p for p, state in self.states.items() if state in states]

    @precondition(lambda self: len(self.cases) < 4)
    @rule()
    def ask_for_a_service(self):
        seated = {key: self.seat.made[key] for key in ("visit", "person")}
        walk = Walk(at=self.seat.at, made=seated).quoted()
        self.cases.append((walk, walk.made["quote"]))

    @precondition(lambda self: self.cases)
    @rule(which=PICK, how=st.sampled_from(["card", "doubt", "link"]))
    def begin(self, which, how):
        n = which % len(self.cases)
        payment, quote = uuid4(), self.cases[n][1]
        verb, more = {
            "card": (till.pay, {"means": "card", "card_reference": str(payment.int)[:12]}),
            "doubt": (unsettled.pay_in_doubt, {}),
            "link": (unsettled.start_link, {}),
        }[how]
        may = self.may_begin(n)
        details = {"payment": payment, "quote": quote, **more}
        assert self.tried(verb, **details, **self.now()) == may
        if not may:
            return
        assert self.tried(verb, **details, **self.now()), "the same again is the same"
        self.of_case[payment] = n
        self.means[payment] = rules.LINK if how == "link" else rules.CARD
        into = rules.RECEIVES[self.means[payment]]
        if how == "card":
            self.states[payment] = rules.CONFIRMED
            self.whose(into)
        elif how == "doubt":
            self.states[payment] = rules.IN_DOUBT
            self.move(into, Account.IN_DOUBT, TOTAL)
        else:
            self.states[payment] = rules.INITIATED

    @precondition(lambda self: any(m == rules.LINK for m in self.means.values()))
    @rule(
        which=PICK,
        status=st.sampled_from([None, provider.OPEN, provider.CONFIRMED, provider.DECLINED]),
        times=st.integers(1, 3),
    )
    def the_provider_says(self, which, status, times):
        links = [p for p, m in self.means.items() if m == rules.LINK]
        payment = links[which % len(links)]
        for _ in range(times):
            with self.seat.scope():
                unsettled.hear(
                    payment=payment, answer=Answer(status, "PAY", TOTAL), at=self.now()["at"]
                )
        with self.seat.scope():
            found = Payment.objects.get(id=payment).state
        was = self.states[payment]
        if was not in rules.OPEN:
            assert found == was
        elif status == provider.CONFIRMED:
            assert found == rules.CONFIRMED
            doubted = was == rules.IN_DOUBT
            self.whose(Account.IN_DOUBT if doubted else Account.LINK_CLEARING)
        elif status == provider.DECLINED:
            assert found == rules.FAILED
            if was == rules.IN_DOUBT:
                self.move(Account.IN_DOUBT, Account.LINK_CLEARING, TOTAL)
        elif found == rules.IN_DOUBT and was == rules.INITIATED:
            assert status is None
            self.move(Account.LINK_CLEARING, Account.IN_DOUBT, TOTAL)
        else:
            assert found == was
        self.states[payment] = found

    @precondition(lambda self: self.states)
    @rule(which=PICK, charged=st.booleans(), by=st.sampled_from([AISHA, SALIM]))
    def settle(self, which, charged, by):
        payment = list(self.states)[which % len(self.states)]
        was, means = self.states[payment], self.means[payment]
        may = was == rules.IN_DOUBT and (charged or by != AISHA)
        if charged:
            done = self.tried(unsettled.confirm_doubt, payment=payment,
                              reference_typed=str(uuid4().int)[:12], **self.now(by))  # fmt: skip
        else:
            done = self.tried(unsettled.fail_doubt, payment=payment, reason="the journal",
                              **self.now(by))  # fmt: skip
        assert done == may
        if done and charged:
            self.states[payment] = rules.CONFIRMED
            self.whose(Account.IN_DOUBT)
        elif done:
            self.states[payment] = rules.FAILED
            self.move(Account.IN_DOUBT, rules.RECEIVES[means], TOTAL)

    @precondition(lambda self: self.cases)
    @rule(which=PICK)
    def a_new_quote_or_a_way_back_opens_nothing(self, which):
        walk, _ = self.cases[which % len(self.cases)]
        if self.live(which % len(self.cases)):
            assert not self.tried(till.make_quote, case=walk.case, at=self.now()["at"])
        if any(self.states[p] in rules.OPEN for p in self.live(which % len(self.cases))):
            assert not self.tried(till.cancel, case=walk.case, reason="left", **self.now())

    @precondition(lambda self: self.payments(rules.CONFIRMED))
    @rule(which=PICK)
    def ask_back(self, which):
        confirmed = self.payments(rules.CONFIRMED)
        payment = confirmed[which % len(confirmed)]
        walk = self.cases[self.of_case[payment]][0]
        may = payment not in self.asked
        assert self.tried(till.cancel, case=walk.case, reason="left", **self.now()) == may
        if may:
            with self.seat.scope():
                self.asked[payment] = walk.case

    @precondition(lambda self: self.asked)
    @rule(which=PICK, by=st.sampled_from([AISHA, SALIM]), agrees=st.booleans())
    def decide(self, which, by, agrees):
        payment = list(self.asked)[which % len(self.asked)]
        with self.seat.scope():
            refund = till.refunds.Refund.objects.filter(
                payment=payment
            ).order_by("-asked_at").first()  # fmt: skip
        pending = refund.state == rules.PENDING
        if not agrees:
            done = self.tried(refunds.decline, refund=refund.id, note="stays", **self.now(by))
            assert done == (pending and by != AISHA)
            if done:
                del self.asked[payment]
            return
        done = self.tried(refunds.approve, refund=refund.id, **self.now(by),
                          card_reference=str(uuid4().int)[:12])  # fmt: skip
        assert done == (pending and by != AISHA)
        if done and self.means[payment] == rules.CARD:
            self.given(payment)

    @precondition(lambda self: self.asked)
    @rule(which=PICK, clear=st.booleans())
    def the_provider_gives_back(self, which, clear):
        payment = list(self.asked)[which % len(self.asked)]
        with self.seat.scope():
            found = till.refunds.Refund.objects.filter(payment=payment, state=rules.APPROVED)
            refund = found.first()
            if refund is None or self.means[payment] != rules.LINK:
                return
            answer = Answer(rules.REFUNDED if clear else None, "PAY", TOTAL)
            is_given = refunds.conclude(refund=refund.id, answer=answer, at=self.now()["at"])
        assert is_given == clear
        if is_given:
            self.given(payment)

    def given(self, payment):
        self.states[payment] = rules.REFUNDED
        self.whose(rules.RECEIVES[self.means[payment]], -1)
        del self.asked[payment]

    @invariant()
    def the_database_is_what_the_model_says(self):
        if not hasattr(self, "seat"):
            return
        with self.seat.scope():
            assert dict(Payment.objects.values_list("id", "state")) == self.states
            found = ledger.balances(centre=KHUWAIR)
            assert found == self.books
            assert sum(found.values()) == 0
            in_doubt = self.payments(rules.IN_DOUBT)
            assert found[Account.IN_DOUBT] == -TOTAL * len(in_doubt)
            given = self.payments(rules.CONFIRMED, rules.REFUNDED)
            assert set(Receipt.objects.values_list("payment_id", flat=True)) == set(given)
            live = Payment.objects.exclude(state__in=(rules.FAILED, rules.REFUNDED))
            counts = live.values_list("quote").annotate(Count("id"))
            assert all(count == 1 for _, count in counts)


def test_any_order_of_steps_agrees_with_the_model():
    run_state_machine_as_test(Payments, settings=LIGHT)
