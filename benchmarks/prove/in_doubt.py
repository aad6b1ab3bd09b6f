"""A payment whose outcome nobody knows ends once, as what it was, and is never charged again.

Cards whose terminal gave no answer, and links at a provider that is down, drops its answers after
acting, tells twice, in the wrong order or another amount. While one is open, somebody tries again
and again to charge the person a second time. Control: a till that takes silence for "not paid".
"""

import random
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from benchmarks.load.place import Operator, busy_centres
from benchmarks.prove import books, steps
from benchmarks.prove.report import Control, Report
from sanad.lib.ids import new_id
from sanad.lib.refusal import Refused
from sanad.till import actions as till
from sanad.till import provider, unsettled
from sanad.till.models import Payment
from sanad.till.provider import UNCLEAR, Answer

CENTRES, OPERATORS = 2, 4
TRIES_OF_A_SECOND_CHARGE = 2
MOST_TALKS = 40
PAID_SHARE = 0.6  # of those who were asked for money, so many really paid


@dataclass
class Provider:
    """Terminal, bank and payment provider in one: the truth, and what comes through of it."""

    chance: random.Random
    injected: Counter[str] = field(default_factory=Counter)
    charged: dict[UUID, int] = field(default_factory=dict)
    declined: set[UUID] = field(default_factory=set)

    def person_acts(self, payment: UUID, baisa: int) -> None:
        """The person pays or does not: from here on it is so."""
        if self.chance.random() < PAID_SHARE:
            self.charged[payment] = baisa
        else:
            self.declined.add(payment)

    def says(self, payment: UUID) -> Answer:
        """The answer that comes through, now and then a true one."""
        kind = self.chance.choice(["silent", "down", "earlier", "other_amount", "true", "true"])
        if kind != "true":
            self.injected[kind] += 1
        if kind in ("silent", "down"):
            return UNCLEAR
        if kind == "earlier":
            return Answer(provider.OPEN, "PAY", steps.TOTAL_BAISA)
        truth = self.truth(payment)
        if kind == "other_amount" and truth.status == provider.CONFIRMED:
            return Answer(truth.status, truth.reference, steps.TOTAL_BAISA + 1)
        return truth

    def truth(self, payment: UUID) -> Answer:
        if payment in self.charged:
            return Answer(provider.CONFIRMED, "PAY", self.charged[payment])
        if payment in self.declined:
            return Answer(provider.DECLINED, "", steps.TOTAL_BAISA)
        return Answer(provider.OPEN, "PAY", steps.TOTAL_BAISA)


def run(*, rounds: int, seed: int) -> Report:
    """`rounds` payments, half of them cards."""
    chance = random.Random(seed)
    report = Report("in-doubt", seed, Control("a till that takes silence for “not paid”"))
    with busy_centres(centres=CENTRES, operators=OPERATORS) as staff:
        world = Provider(chance)
        payments: dict[UUID, steps.Ready] = {}
        for n in range(rounds):
            one = steps.ready(staff[n % OPERATORS], n)
            payment = new_id()
            payments[payment] = one
            colleague = staff[(n + CENTRES) % OPERATORS]  # of the same centre
            way = _card if n % 2 else _link
            report.leaked += way(one, payment, world, colleague, report)
        _count(report, world, payments)
    report.faults = world.injected
    report.control.found = _naive(seed)
    return report


def _card(
    one: steps.Ready, payment: UUID, world: Provider, colleague: Operator, report: Report
) -> int:
    """No slip came: in doubt until the bank's journal says; how often a second charge was taken."""
    world.injected["no_slip"] += 1
    with steps.scope_of(one.operator):
        unsettled.pay_in_doubt(payment=payment, quote=one.quote, at=one.at, by=one.operator.account)
    world.person_acts(payment, steps.TOTAL_BAISA)
    taken = _second_charges(one, world, report)
    report.attempts += 1
    later = one.at + timedelta(minutes=20)
    with steps.scope_of(colleague):
        if payment in world.charged:
            unsettled.confirm_doubt(
                payment=payment, reference_typed=steps.slip(payment), at=later,
                by=colleague.account,
            )  # fmt: skip
        else:
            unsettled.fail_doubt(
                payment=payment, reason="not in the bank's journal", at=later, by=colleague.account
            )
    return taken


def _link(
    one: steps.Ready, payment: UUID, world: Provider, colleague: Operator, report: Report
) -> int:
    """Begun, acted upon at some time, and asked about until the provider was clear."""
    with steps.scope_of(one.operator):
        unsettled.start_link(payment=payment, quote=one.quote, at=one.at, by=one.operator.account)
    acts_after = world.chance.randint(0, 5)
    at, taken = one.at, 0
    for talk in range(MOST_TALKS):
        if talk == acts_after:
            world.person_acts(payment, steps.TOTAL_BAISA)
        at += timedelta(seconds=30)
        report.attempts += 1
        answer = world.says(payment)
        state = _hear(one, payment, answer, at)
        if world.chance.random() < 0.3:
            world.injected["told_twice"] += 1
            state = _hear(one, payment, answer, at)
        if state in ("confirmed", "failed"):
            # What comes later, and late, changes nothing more.
            _hear(one, payment, world.says(payment), at)
            return taken
        if talk in (1, 4):
            taken += _second_charges(one, world, report, at=at)
    _hear(one, payment, world.truth(payment), at)
    return taken


def _hear(one: steps.Ready, payment: UUID, answer: Answer, at: datetime) -> str:
    with steps.scope_of(one.operator):
        unsettled.hear(payment=payment, answer=answer, at=at)
        return str(Payment.objects.values_list("state", flat=True).get(id=payment))


def _second_charges(
    one: steps.Ready, world: Provider, report: Report, *, at: datetime | None = None
) -> int:
    """Somebody takes the money again while nobody knows; how often that was taken."""
    taken, by, at = 0, one.operator.account, at or one.at
    for _ in range(TRIES_OF_A_SECOND_CHARGE):
        again, means = new_id(), world.chance.choice(["card", "link", "doubt"])
        world.injected["second_charge"] += 1
        report.attempts += 1
        try:
            with steps.scope_of(one.operator):
                if means == "card":
                    till.pay(payment=again, quote=one.quote, means="card", at=at, by=by,
                             card_reference=steps.slip(again))  # fmt: skip
                elif means == "link":
                    unsettled.start_link(payment=again, quote=one.quote, at=at, by=by)
                else:
                    unsettled.pay_in_doubt(payment=again, quote=one.quote, at=at, by=by)
            taken += 1
        except Refused:
            pass
    return taken


def _count(report: Report, world: Provider, payments: dict[UUID, steps.Ready]) -> None:
    states = dict(books.rows("SELECT id, state FROM till_payment"))
    receipts = {payment for (payment,) in books.rows("SELECT payment_id FROM till_receipt")}
    for payment in payments:
        state = states.get(payment)
        report.lost += payment in world.charged and state != "confirmed"
        report.leaked += payment not in world.charged and state != "failed"
        report.lost += payment in world.charged and payment not in receipts
    report.doubled = books.charged_twice() + len(states) - len(payments)
    report.wrong += books.wrongs()
    report.more = {"payments": len(payments), "confirmed": len(world.charged),
                   "failed": len(world.declined)}  # fmt: skip


def _naive(seed: int) -> int:
    """How often a till charges twice that begins a new payment where the answer was unclear."""
    world, doubled = Provider(random.Random(seed)), 0
    for _ in range(100):
        charges = 0
        for _ in range(10):
            payment = new_id()
            world.person_acts(payment, steps.TOTAL_BAISA)
            charges += payment in world.charged
            if world.says(payment).status == provider.CONFIRMED:
                break
        doubled += charges > 1
    return doubled
