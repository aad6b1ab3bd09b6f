"""What a try leaves behind, and what counts as taken: the entity's own signature over our bytes."""

import base64
import hashlib
import json
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from sanad.db.scope import acting, centre_scope, national_scope
from sanad.eventlog.queries import events
from sanad.gateway import actions, rules, stuck
from sanad.gateway.actions import Outcome
from sanad.gateway.line import call
from sanad.gateway.models import Attempt, Delivery
from sanad.lib.ids import new_id
from tests.network import CHAMBER, KHUWAIR, SOHAR, TEN
from tests.refusals import said
from tests.sandbox_process import sandbox
from tests.walk import Walk, entity_listens

pytestmark = pytest.mark.django_db
KEY = Ed25519PrivateKey.generate()


def claimed_by(walk: Walk, at=TEN):
    with walk.scope():
        return actions.claim(delivery=walk.made["delivery"], at=at)


def concluded(walk: Walk, claimed, outcome, at=TEN):
    with walk.scope():
        actions.conclude(claimed=claimed, outcome=outcome, at=at)
    with walk.scope():
        return Delivery.objects.get(id=walk.made["delivery"])


def acknowledgement(claimed, *, key=KEY, **changes):
    """As docs/sandbox.md says an entity signs it."""
    document = {
        "entity": "occi", "request_id": str(claimed.delivery), "receipt_no": "occi-00000007",
        "accepted_at": "2025-09-30T06:00:01Z",
        "request_sha256": hashlib.sha256(claimed.raw).hexdigest(),
    } | changes  # fmt: skip
    text = json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    signature = base64.b64encode(key.sign(text.encode())).decode()
    return document | {"signature": signature}


def sent() -> Walk:
    entity_listens(key=KEY.public_key().public_bytes_raw())
    return Walk().submitted()


def test_a_signed_acknowledgement_counts_and_is_kept_whole():
    walk = sent()
    claimed = claimed_by(walk)
    document = acknowledgement(claimed)

    found = concluded(walk, claimed, Outcome(202, 40, response_id="R-1", document=document))

    assert (walk.status(), found.state) == ("sent", "acknowledged")
    assert found.acknowledgement == document
    with walk.scope():
        [attempt] = Attempt.objects.all()
    assert attempt.outcome == "acknowledged"
    assert (attempt.request_id, attempt.response_id) == (claimed.headers["X-Road-Id"], "R-1")
    assert attempt.headers == claimed.headers
    assert attempt.headers["X-Road-Represented-Party"] == str(walk.made["person"])
    assert bytes(attempt.body_sha256).hex() == document["request_sha256"]


@pytest.mark.parametrize(
    "forge",
    [
        lambda c: None,
        lambda c: {},
        lambda c: acknowledgement(c, key=Ed25519PrivateKey.generate()),
        lambda c: acknowledgement(c, request_sha256="00" * 32),
        lambda c: acknowledgement(c, request_id=str(new_id())),
        lambda c: acknowledgement(c) | {"receipt_no": "occi-00000008"},
        lambda c: acknowledgement(c) | {"signature": "no base64"},
        lambda c: acknowledgement(c) | {"signature": ""},
        lambda c: acknowledgement(c) | {"more": "\ud800"},
    ],
    ids=["none", "empty", "another key", "other bytes", "another request", "changed", "no base64",
         "unsigned", "half a character"],
)  # fmt: skip
def test_what_is_not_proved_does_not_count_as_sent(forge):
    walk = sent()
    claimed = claimed_by(walk)

    found = concluded(walk, claimed, Outcome(202, 40, "occi-1", document=forge(claimed)))

    assert (walk.status(), found.state, found.acknowledged_at) == ("queued", "pending", None)
    assert found.next_try_at == TEN + rules.FIRST_WAIT
    with walk.scope():
        assert [a.outcome for a in Attempt.objects.all()] == ["unproved"]


def test_each_try_sends_the_same_bytes_under_another_identifier():
    walk = sent()
    first = claimed_by(walk)
    concluded(walk, first, Outcome(503, 5))
    second = claimed_by(walk, TEN + timedelta(minutes=5))

    assert first.raw == second.raw
    assert json.loads(first.raw)["request_id"] == str(walk.made["delivery"])
    assert first.headers["X-Road-Id"] != second.headers["X-Road-Id"]


def test_the_stand_ins_own_acknowledgement_is_proved(tmp_path):
    with sandbox(tmp_path, "http://127.0.0.1:9", "--mode", "manual") as client:
        url = str(client.base_url).rstrip("/") + "/entities/occi"
        key = base64.b64decode(client.get("/entities/occi/key").json()["public_key"])
        entity_listens(url=url, key=key)
        walk = Walk().submitted()
        claimed = claimed_by(walk)
        outcome = call(claimed)
        client.post("/control/entities/occi/policy", json={"down": True})
        down = call(claimed)

    found = concluded(walk, claimed, outcome)
    assert (outcome.status, found.state) == (202, "acknowledged")
    assert found.entity_reference == found.acknowledgement["receipt_no"] == "occi-00000001"
    assert (down.status, down.retry_after_seconds) == (503, 5)


@pytest.mark.parametrize(("tries", "status", "told", "seconds"), [
    (1, 503, None, 5), (1, 503, 30, 30), (1, 503, 10**6, 3600), (30, 503, 5, 900),
    (30, 429, 1, 60), (1, 429, 1, 5), (1, None, 0, 5),
])  # fmt: skip
def test_a_wait_is_never_shorter_than_the_entity_asked_for(tries, status, told, seconds):
    assert rules.wait_after(tries, status=status, told_seconds=told) == timedelta(seconds=seconds)


def test_whoever_waits_for_somebody_is_listed_and_nobody_else():
    walk = sent()
    day = TEN + rules.LATE_AFTER
    with walk.scope():
        assert stuck.stuck(KHUWAIR, at=day) == []
        [late] = stuck.stuck(KHUWAIR, at=day + timedelta(seconds=1))
        assert (late.why, late.case, late.tries) == ("late", walk.case, 0)
    with acting(centre_scope(SOHAR)):
        assert stuck.stuck(KHUWAIR, at=day + timedelta(days=9)) == []
    with acting(national_scope()):
        assert stuck.late_by_centre(CHAMBER, at=day + timedelta(seconds=1)) == [(KHUWAIR, 1)]

    at = TEN
    for n in range(1, rules.UNPROVED_NEEDS_SOMEBODY + 1):
        at += timedelta(hours=1)
        concluded(walk, claimed_by(walk, at), Outcome(202, 5), at)
        with walk.scope():
            assert stuck.stuck_count(KHUWAIR, at=at) == (n == rules.UNPROVED_NEEDS_SOMEBODY)
    with walk.scope():
        [unproved] = stuck.stuck(KHUWAIR, at=at)
    assert (unproved.why, unproved.tries, len(unproved.evidence)) == ("unproved", 5, 5)
    with acting(national_scope()):
        assert stuck.tries_by_outcome(CHAMBER, since=TEN) == [("unproved", 202, 5)]


def test_a_refused_one_leaves_the_list_when_it_was_sent_again():
    walk = Walk().bounced()
    with walk.scope():
        [refused] = stuck.stuck(KHUWAIR, at=TEN)
    assert (refused.why, refused.next_try_at, refused.last.status) == ("refused", None, 422)

    walk.sent_again()
    with walk.scope():
        assert stuck.stuck(KHUWAIR, at=TEN) == []


def test_try_again_now_makes_it_due_and_says_who():
    walk = sent()
    concluded(walk, claimed_by(walk), Outcome(503, 5))
    assert claimed_by(walk) is None

    with walk.scope():
        actions.retry_now(delivery=walk.made["delivery"], at=TEN, by=walk.operator)

    assert claimed_by(walk) is not None
    with walk.scope():
        last = list(events(case=walk.case))[-1]
    assert (last.kind, last.actor_id) == ("delivery.retried", walk.operator)


def test_what_is_not_in_the_line_is_not_tried_again():
    walk = Walk().bounced()

    with pytest.raises(rules.NotInLine) as refusal, walk.scope():
        actions.retry_now(delivery=walk.made["delivery"], at=TEN, by=walk.operator)
    said(refusal.value)
    with walk.scope():
        assert Delivery.objects.get(id=walk.made["delivery"]).state == "dead"
