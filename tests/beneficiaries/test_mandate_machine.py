"""Grant, ask by phone, revoke, renew, wait, pay, send, in any order.

A request is sent only under a mandate that is live at that moment, each mandate serves one request,
and nothing above its ceiling is paid.
"""

from datetime import timedelta

from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from sanad.beneficiaries import links, remote, rules
from sanad.beneficiaries.models import Mandate
from sanad.cases import actions as cases
from sanad.cases import mine
from sanad.cases.models import Case
from sanad.cases.rules import NotNow
from sanad.catalogue import queries as catalogue
from sanad.db.scope import acting, public_scope
from sanad.gateway import actions as gateway
from sanad.gateway.models import Delivery
from sanad.lib.refusal import Refused
from sanad.till.models import Payment
from tests.network import AISHA, KHUWAIR, MARYAM, RENEW_MEMBERSHIP
from tests.walk import Walk

ENOUGH, TOO_LITTLE = 500_000, 1_000
MANDATE_LASTS = timedelta(hours=24)


class Mandates(RuleBasedStateMachine):
    """One request of Maryam's and the mandates she gives for it, in the model and in the rows."""

    def __init__(self) -> None:
        super().__init__()
        self.whole = transaction.atomic()
        self.whole.__enter__()
        self.walk = Walk()
        self.live_until = None  # of the mandate that the case has
        self.ceiling = 0
        self.spare: list = []  # (mandate, until, ceiling) that no case has used
        self.agreed = self.is_paid = self.is_sent = False

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.whole.__exit__(None, None, None)

    @initialize(begins=st.sampled_from(("paid", "paid", "ready", "too little")))
    def open_case(self, begins: str) -> None:
        self.walk.ceiling = self.ceiling = TOO_LITTLE if begins == "too little" else ENOUGH
        self.walk.completed()
        self.live_until = self.walk.at + MANDATE_LASTS
        if begins == "paid":
            self.pay()

    @rule(minutes=st.sampled_from((5, 29, 31, 12 * 60, 24 * 60)))
    def time_passes(self, minutes: int) -> None:
        self.walk.later(minutes=minutes)

    @rule(ceiling=st.sampled_from((ENOUGH, TOO_LITTLE)))
    def grant(self, ceiling: int) -> None:
        self.walk.ceiling = ceiling
        with self.walk.scope():
            self.spare.append(
                (self.walk.spare_mandate(), self.walk.at + MANDATE_LASTS, ceiling)
            )  # fmt: skip

    @rule(agreed=st.booleans(), minutes=st.sampled_from((1, 29, 30)))
    def ask_on_the_phone(self, agreed: bool, minutes: int) -> None:
        walk, until = self.walk, self.walk.at + MANDATE_LASTS
        with walk.scope():
            service = catalogue.service(RENEW_MEMBERSHIP, walk.at.date())
            terms = rules.Terms(
                service.name, service.name, service.entity.name, ENOUGH, False, "soon"
            )
            try:
                request = remote.ask_by_phone(
                    person=walk.made["person"], service_id=service.id, service_code=service.code,
                    centre=KHUWAIR, terms=terms, until=until, at=walk.at, by=AISHA,
                )  # fmt: skip
            except remote.AskedTooOften:
                return
        walk.later(minutes=minutes)
        token = links.token_for("approve", request)
        outcome = self.tried(
            public_scope(), lambda: remote.answer(
                token=token, agreed=agreed, typed_name=MARYAM.name.ar, signature="", at=walk.at
            ),
        )  # fmt: skip
        assert (outcome is None) == (minutes < 30)
        again = self.tried(public_scope(), lambda: remote.answer(
            token=token, agreed=True, typed_name=MARYAM.name.ar, signature="", at=walk.at
        ))  # fmt: skip
        assert isinstance(again, remote.LinkOver)
        if agreed and outcome is None:
            with walk.scope():
                found = remote.approval(request, at=walk.at)
            self.spare.append((found.mandate_id, until, ENOUGH))

    @rule(data=st.data())
    @precondition(lambda self: self.spare)
    def renew(self, data: st.DataObject) -> None:
        mandate, until, ceiling = data.draw(st.sampled_from(self.spare))
        at = self.walk.at
        outcome = self.tried(self.walk, lambda: cases.renew_mandate(
            case=self.walk.case, mandate=mandate, at=at, by=AISHA
        ))  # fmt: skip
        if self.is_sent:
            assert isinstance(outcome, NotNow)
        elif at >= until:
            assert isinstance(outcome, rules.MandateNotLive)
        else:
            assert outcome is None
            self.spare.remove((mandate, until, ceiling))
            self.live_until, self.ceiling = until, ceiling

    @rule(by_the_person=st.booleans())
    @precondition(lambda self: not self.is_sent)
    def revoke(self, by_the_person: bool) -> None:
        if not by_the_person:
            self.walk.revoked()
            self.live_until = None
            return
        token = self.own_page()
        with self.walk.scope():
            used = Mandate.objects.filter(case_id=self.walk.case).first()
        if token is None or used is None:
            return
        outcome = self.tried(public_scope(), lambda: mine.revoke(
            token=token, mandate=used.id, at=self.walk.at
        ))  # fmt: skip
        assert (outcome is None) == (self.walk.at < used.expires_at)
        if outcome is None:
            self.live_until = None

    @rule()
    @precondition(lambda self: not self.is_paid)
    def pay_now(self) -> None:
        self.pay()

    def pay(self) -> None:
        def take() -> None:
            self.walk.made.pop("quote", None)
            self.walk.quoted().paid()

        outcome = self.tried(None, take)
        assert (outcome is None) == (self.is_live() and self.ceiling == ENOUGH), outcome
        self.is_paid = outcome is None

    @rule()
    @precondition(lambda self: self.is_paid and not self.is_sent)
    def submit(self) -> None:
        outcome = self.tried(self.walk, lambda: gateway.submit(
            case=self.walk.case, at=self.walk.at, by=AISHA
        ))  # fmt: skip
        assert (outcome is None) == self.is_live(), outcome
        self.is_sent = outcome is None

    @invariant()
    def it_was_sent_as_the_model_says(self) -> None:
        if "case" not in self.walk.made:
            return
        with self.walk.scope():
            assert Delivery.objects.count() == int(self.is_sent)
            assert Payment.objects.count() == int(self.is_paid)
            case = Case.objects.get(id=self.walk.case)
            assert (case.submitted_at is not None) == self.is_sent
            assert Mandate.objects.filter(case_id=case.id, revoked_at=None).count() <= 1

    def is_live(self) -> bool:
        return self.live_until is not None and self.walk.at < self.live_until

    def own_page(self) -> str | None:
        """The token of the person's page; None where one was sent a moment ago."""
        from sanad.beneficiaries.models import PersonPage

        with self.walk.scope():
            code = Case.objects.get(id=self.walk.case).code
        with acting(public_scope()):
            mine.send_page(code=code, at=self.walk.at)
        with self.walk.scope():
            page = PersonPage.objects.filter(expires_at__gt=self.walk.at).order_by("-made_at")
            found = page.first()
        return links.token_for("page", found.id) if found else None

    def tried(self, scope, verb) -> Refused | None:
        """What the verb refused, taken back whole."""
        try:
            with transaction.atomic():
                if scope is None:
                    verb()
                else:
                    with scope.scope() if isinstance(scope, Walk) else acting(scope):
                        verb()
        except Refused as refused:
            return refused
        return None


def test_no_order_of_steps_sends_without_a_live_mandate(db):
    from hypothesis.stateful import run_state_machine_as_test

    run_state_machine_as_test(
        Mandates,
        settings=settings(
            max_examples=60, stateful_step_count=10, deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )  # fmt: skip
