"""Deliveries in any order of losses, repeats and deaths: taken once, in order, sent iff proved.

The entity is a model in this file: it remembers keys as docs/sandbox.md says, and fails the test
where a key comes with other bytes. What travels is held and arrives, gets lost, or comes late; a
worker may die at any point. Answers come in any order, as often as they like. Each run is rolled
back.
"""

import base64
import hashlib
import json
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import transaction
from django.db.models import Q
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from sanad.db.scope import acting, entity_scope
from sanad.eventlog.queries import events
from sanad.gateway import actions
from sanad.gateway.actions import Outcome
from sanad.gateway.models import Delivery
from tests.network import BADR, CHAMBER, RAHUL, TEN
from tests.walk import Walk, answer_body, entity_listens

pytestmark = pytest.mark.django_db
KEY, OTHER_KEY = Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()
LIGHT = settings(
    max_examples=8, stateful_step_count=25, deadline=None,
    suppress_health_check=list(HealthCheck),
)  # fmt: skip
PICK = st.integers(0, 99)
MOST_REQUESTS = 5


class Entity:
    """What its system would remember: each key once, with its bytes."""

    def __init__(self):
        self.taken = {}
        self.order = []

    def take(self, claimed):
        key = claimed.headers["Idempotency-Key"]
        assert key == json.loads(claimed.raw)["request_id"] == str(claimed.delivery)
        if key not in self.taken:
            self.taken[key] = claimed.raw
            self.order.append((claimed.headers["X-Road-Represented-Party"], claimed.delivery))
        assert self.taken[key] == claimed.raw, "the same key with other bytes"

    def acknowledgement(self, claimed, key=KEY):
        document = {"request_id": str(claimed.delivery), "receipt_no": f"R-{len(self.taken)}",
                    "request_sha256": hashlib.sha256(claimed.raw).hexdigest()}  # fmt: skip
        text = json.dumps(document, sort_keys=True, separators=(",", ":"))
        return document | {"signature": base64.b64encode(key.sign(text.encode())).decode()}


class Deliveries(RuleBasedStateMachine):
    """`calls` are on their way to the entity, `replies` on their way back."""

    @initialize()
    def morning(self):
        self.day = transaction.atomic()
        self.day.__enter__()
        entity_listens(key=KEY.public_key().public_bytes_raw())
        self.entity, self.now = Entity(), TEN
        self.seats = [Walk().person_seated(), Walk(client=RAHUL, operator=BADR).person_seated()]
        self.requests, self.calls, self.replies = [], [], []
        self.proved, self.answers, self.applied = set(), {}, set()

    def teardown(self):
        if hasattr(self, "day"):
            transaction.set_rollback(True)
            self.day.__exit__(None, None, None)

    def later(self, seconds=1):
        self.now += timedelta(seconds=seconds)

    @precondition(lambda self: len(self.requests) < MOST_REQUESTS)
    @rule(seat=st.sampled_from([0, 0, 1]))
    def hand_over(self, seat):
        self.later()
        of = self.seats[seat]
        kept = {name: of.made[name] for name in ("visit", "person")}
        walk = Walk(client=of.client, operator=of.operator, at=self.now, made=kept)
        self.requests.append(walk.submitted())

    @precondition(lambda self: self.requests)
    @rule(pick=PICK, waits=st.sampled_from([0, 5, 61, 1000]))
    def claim(self, pick, waits):
        self.later(waits)
        walk = self.requests[pick % len(self.requests)]
        with walk.scope():
            claimed = actions.claim(delivery=walk.made["delivery"], at=self.now)
        if claimed is not None:
            self.calls.append((walk, claimed))

    @precondition(lambda self: self.calls)
    @rule(pick=PICK)
    def arrives(self, pick):
        walk, claimed = self.calls.pop(pick % len(self.calls))
        self.entity.take(claimed)
        self.replies.append((walk, claimed))

    @precondition(lambda self: self.calls)
    @rule(pick=PICK, dies=st.booleans())
    def is_lost_on_the_way(self, pick, dies):
        walk, claimed = self.calls.pop(pick % len(self.calls))
        if not dies:
            self._conclude(walk, claimed, Outcome(None, 20_000))

    @precondition(lambda self: self.replies)
    @rule(pick=PICK)
    def is_acknowledged(self, pick):
        walk, claimed = self.replies.pop(pick % len(self.replies))
        document = self.entity.acknowledgement(claimed)
        self._conclude(walk, claimed, Outcome(202, 40, "R", document=document))
        self.proved.add(claimed.delivery)

    @precondition(lambda self: self.replies)
    @rule(pick=PICK, kind=st.sampled_from(["lost", "forged", "error", "dies"]))
    def is_not_acknowledged(self, pick, kind):
        walk, claimed = self.replies.pop(pick % len(self.replies))
        forged = self.entity.acknowledgement(claimed, OTHER_KEY)
        outcome = {"lost": Outcome(None, 20_000), "error": Outcome(500, 9),
                   "forged": Outcome(202, 40, "R", document=forged)}.get(kind)  # fmt: skip
        if outcome is not None:
            self._conclude(walk, claimed, outcome)

    def _conclude(self, walk, claimed, outcome):
        self.later()
        with walk.scope():
            actions.conclude(claimed=claimed, outcome=outcome, at=self.now)

    @precondition(lambda self: self.entity.order)
    @rule(pick=PICK, approves=st.booleans())
    def entity_answers(self, pick, approves):
        """Once a request; the same bytes come again whenever the next rule likes."""
        _, delivery = self.entity.order[pick % len(self.entity.order)]
        if delivery not in self.answers:
            kind = "approved" if approves else "rejected"
            self.answers[delivery] = answer_body(delivery, kind, at=self.now)

    @precondition(lambda self: self.answers)
    @rule(pick=PICK, times=st.integers(1, 3), applies=st.booleans())
    def answer_comes(self, pick, times, applies):
        delivery = list(self.answers)[pick % len(self.answers)]
        walk = next(one for one in self.requests if one.made["delivery"] == delivery)
        raw = self.answers[delivery]
        for _ in range(times):
            with acting(entity_scope(CHAMBER)):
                answer = actions.receive_answer(
                    entity=CHAMBER, raw=raw, signature=KEY.sign(raw), at=self.now
                )
            if applies:
                with walk.scope():
                    first = actions.apply_answer(answer=answer, at=self.now)
                assert first == (delivery not in self.applied)
                self.applied.add(delivery)

    @invariant()
    def a_persons_requests_are_taken_in_their_order(self):
        made = {one.made["delivery"]: n for n, one in enumerate(getattr(self, "requests", []))}
        last = {}
        for person, delivery in self.entity.order if made else ():
            assert made[delivery] > last.get(person, -1)
            last[person] = made[delivery]

    @invariant()
    def sent_is_what_was_proved(self):
        for walk in getattr(self, "requests", []):
            delivery = walk.made["delivery"]
            with walk.scope():
                found = Delivery.objects.get(id=delivery)
                kinds = [event.kind for event in events(case=walk.case)]
            is_sent = delivery in self.proved or delivery in self.applied
            assert (found.state == "acknowledged") == is_sent
            assert str(delivery) in self.entity.taken or not is_sent
            assert kinds.count("delivery.acknowledged") == is_sent
            assert kinds.count("case.decided") == (delivery in self.applied)


def test_deliveries_in_any_order_of_losses_repeats_and_deaths(db):
    run_state_machine_as_test(Deliveries, settings=LIGHT)


OFF = {
    "the order of a person": ("Exists", lambda earlier: Q(pk__in=[])),
    "the proof of an acknowledgement": ("is_proved", lambda claimed, outcome: True),
}


@pytest.mark.parametrize("off", OFF)
def test_without_its_mechanism_the_machine_finds_it(db, monkeypatch, off):
    """The negative control: what is switched off is missed within a few runs."""
    name, instead = OFF[off]
    monkeypatch.setattr(actions, name, instead)
    many = settings(LIGHT, max_examples=60, phases=[Phase.generate], derandomize=True)

    with pytest.raises(AssertionError):
        run_state_machine_as_test(Deliveries, settings=many)
