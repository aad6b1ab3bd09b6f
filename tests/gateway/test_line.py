"""The line to the entities: what is sent, in which order, how often, and what an answer does."""

import itertools
from datetime import timedelta

import pytest

from sanad.db.scope import acting, centre_scope, entity_scope, system_scope
from sanad.eventlog.queries import events
from sanad.gateway import actions, queries, rules
from sanad.gateway.actions import Outcome
from tests.network import CHAMBER, HEALTH, KHUWAIR, MUNA, RAHUL, RENEW_CARD, SOHAR, TEN
from tests.walk import Walk, answer_body, entity_listens

pytestmark = pytest.mark.django_db


def claim(walk: Walk, at=TEN):
    with walk.scope():
        return actions.claim(delivery=walk.made["delivery"], at=at)


def conclude(walk: Walk, claimed, outcome: Outcome, at=TEN) -> None:
    with walk.scope():
        actions.conclude(claimed=claimed, outcome=outcome, at=at)


def kinds(walk: Walk) -> list[str]:
    with walk.scope():
        return [event.kind for event in events(case=walk.case)]


def test_the_body_names_the_person_and_the_agent_and_opens_civil_numbers_only_for_the_call():
    entity_listens(entity=HEALTH, url="http://health.test")
    walk = Walk(service=RENEW_CARD, client=RAHUL).submitted()

    with walk.scope():
        from sanad.gateway.models import Delivery

        stored = Delivery.objects.get(id=walk.made["delivery"]).body
    claimed = claim(walk)

    assert set(stored["answers"]["worker_civil_number"]) == {"sealed"}
    assert claimed.body["answers"]["worker_civil_number"] == RAHUL.civil
    assert claimed.body["represented_party"]["name"] == RAHUL.name.ar
    assert claimed.body["agent"]["name_en"] == "Aisha"
    assert claimed.headers["Idempotency-Key"] == str(walk.made["delivery"])
    assert claimed.headers["X-Road-Represented-Party"] == str(walk.made["person"])


def test_a_delivery_is_claimed_once_until_the_claim_expires():
    entity_listens()
    walk = Walk().submitted()

    first, second = claim(walk), claim(walk)
    third = claim(walk, TEN + rules.CLAIM_LASTS)

    assert (first.number, second, third.number) == (1, None, 2)


def test_a_persons_earlier_request_goes_first():
    entity_listens()
    earlier = Walk().submitted()
    later = Walk(made={k: earlier.made[k] for k in ("visit", "person")}).later(minutes=1)
    later.submitted()

    assert claim(later, later.at) is None
    conclude(earlier, claim(earlier, later.at), Outcome(202, 5), later.at)
    assert claim(later, later.at) is not None


@pytest.mark.parametrize("status", [None, 500, 503, 429, 401])
def test_what_was_not_taken_stays_in_line_and_is_tried_later(status):
    entity_listens()
    walk = Walk().submitted()

    conclude(walk, claim(walk), Outcome(status, 20_000))

    assert walk.status() == "queued"
    with walk.scope():
        [delivery] = queries.deliveries_of(walk.case)
    assert delivery.state == "pending"
    assert delivery.next_try_at == TEN + rules.FIRST_WAIT
    assert [attempt.status for attempt in delivery.attempts] == [status]
    assert kinds(walk)[-1] == "delivery.delayed"


@pytest.mark.parametrize("status", [400, 404, 409, 422])
def test_a_final_refusal_comes_back_to_the_centre(status):
    entity_listens()
    walk = Walk().submitted()

    conclude(walk, claim(walk), Outcome(status, 5, says="no such service"))

    assert walk.status() == "returned"
    assert kinds(walk)[-2:] == ["delivery.refused", "case.returned"]


def test_waits_double_up_to_a_quarter_of_an_hour():
    waits = [rules.wait_after(tries) for tries in range(1, 12)]

    assert waits[0] == timedelta(seconds=5)
    assert all(b == min(2 * a, rules.LONGEST_WAIT) for a, b in itertools.pairwise(waits))
    assert rules.wait_after(10_000) == rules.LONGEST_WAIT


def test_an_answer_that_overtakes_the_acknowledgement_proves_it():
    entity_listens()
    walk = Walk().submitted()
    raw = answer_body(walk.made["delivery"], "approved")

    with acting(entity_scope(CHAMBER, account=MUNA)):
        answer = actions.receive_answer(entity=CHAMBER, raw=raw, signature=b"", at=TEN, by=MUNA)
    with walk.scope():
        assert actions.apply_answer(answer=answer, at=TEN)
        assert not actions.apply_answer(answer=answer, at=TEN)

    assert walk.status() == "approved"
    assert kinds(walk)[-3:] == ["case.submitted", "delivery.acknowledged", "case.decided"]


def test_an_answer_to_the_request_before_a_resend_changes_nothing():
    key_walk = Walk().answered("returned", fields=["employer_name"])
    old = key_walk.made["delivery"]
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    key = Ed25519PrivateKey.generate()
    key_walk.later(minutes=5).submitted().acknowledged()
    entity_listens(key=key.public_key().public_bytes_raw())
    raw = answer_body(old, "approved")

    with acting(entity_scope(CHAMBER)):
        answer = actions.receive_answer(
            entity=CHAMBER, raw=raw, signature=key.sign(raw), at=key_walk.at
        )
    with key_walk.scope():
        assert not actions.apply_answer(answer=answer, at=key_walk.at)

    assert key_walk.status() == "sent"


def test_a_persons_message_says_no_name_and_no_number():
    walk = Walk().answered("approved")
    from sanad.beneficiaries.queries import notices_of

    with walk.scope():
        notices = notices_of(walk.case)

    assert [notice.kind for notice in notices] == ["receipt", "approved"]
    texts = [notice.text for notice in notices]
    assert all(walk.client.civil not in text for text in texts)
    assert all(walk.client.name.ar not in text for text in texts)


def test_due_and_delayed_requests_are_seen_by_those_who_must_act():
    walk = Walk().submitted()
    later = TEN + timedelta(minutes=5)

    with acting(system_scope()):
        assert queries.due(at=later) == [(walk.made["delivery"], KHUWAIR)]
    with acting(centre_scope(KHUWAIR)):
        assert queries.delayed(KHUWAIR, at=later) == [(walk.case, TEN)]
    with acting(centre_scope(SOHAR)):
        assert queries.delayed(KHUWAIR, at=later) == []


def test_counts_of_the_entity_are_our_own():
    Walk().acknowledged()

    with acting(entity_scope(CHAMBER)):
        assert queries.counts_by_state() == {"acknowledged": 1}
    with acting(entity_scope(HEALTH)):
        assert queries.counts_by_state() == {}
