"""An answer is signed, and comes again under the same id until it was taken."""

import base64
import json

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from sandbox import answers


class Receiver:
    """The other side: answers what it is told to and keeps what came."""

    def __init__(self, *statuses):
        self.statuses = list(statuses)
        self.requests = []

    def __call__(self, request):
        self.requests.append(request)
        status = self.statuses.pop(0) if self.statuses else 200
        if status == 0:
            raise httpx.ConnectError("nobody there", request=request)
        return httpx.Response(status)

    @property
    def bodies(self):
        return [json.loads(request.content) for request in self.requests]


def deliver(sandbox, receiver):
    with sandbox.world.store.transaction() as db:
        db.execute("UPDATE answer SET due_at = 0")  # as if the wait were over
    with httpx.Client(transport=httpx.MockTransport(receiver)) as client:
        return answers.deliver_due(sandbox.world, client)


@pytest.fixture
def accepted(sandbox, request_document):
    document = request_document()
    sandbox.submit("rop", document)
    return document


def control(sandbox, document, verb, **body):
    return sandbox.http.post(f"/control/requests/{document['request_id']}/{verb}", json=body)


def test_a_return_names_fields_and_reason_in_both_languages(sandbox, accepted):
    reason = {"ar": "الصورة غير واضحة", "en": "The photo is not clear"}
    answer_id = control(sandbox, accepted, "return", fields=["photo"], reason=reason).json()
    receiver = Receiver()

    assert deliver(sandbox, receiver) == 1

    (body,) = receiver.bodies
    assert body == {
        "answer_id": answer_id["answer_id"],
        "entity": "rop",
        "request_id": accepted["request_id"],
        "case_code": "7K3M-9QWX-2HTB",
        "receipt_no": "rop-00000001",
        "kind": "returned",
        "reason": reason,
        "fields": ["photo"],
        "decided_at": body["decided_at"],
    }


def test_an_answer_is_signed_over_its_exact_bytes(sandbox, accepted):
    control(sandbox, accepted, "decide", outcome="approved")
    receiver = Receiver()
    deliver(sandbox, receiver)

    (request,) = receiver.requests
    assert str(request.url) == "http://sanad.test/api/entity/v1/answers"
    assert request.headers["X-Entity-Code"] == "rop"
    key = sandbox.http.get("/entities/rop/key").json()["public_key"]
    Ed25519PublicKey.from_public_bytes(base64.b64decode(key)).verify(
        base64.b64decode(request.headers["X-Entity-Signature"]), request.content
    )


def test_an_answer_comes_again_under_the_same_id_until_it_was_taken(sandbox, accepted):
    control(sandbox, accepted, "decide", outcome="rejected")
    receiver = Receiver(503, 0, 404, 204)

    taken = [deliver(sandbox, receiver) for _ in range(5)]

    assert taken == [0, 0, 0, 1, 0]
    assert len(receiver.requests) == 4
    assert len({request.content for request in receiver.requests}) == 1
    (answer,) = sandbox.state(accepted["request_id"])["answers"]
    assert (answer["attempts"], answer["last_status"], answer["delivered"]) == (4, 204, True)
    assert sandbox.counts("rop")["answers_sent"] == 1


def test_a_request_is_answered_once(sandbox, accepted):
    control(sandbox, accepted, "decide", outcome="approved")

    again = control(sandbox, accepted, "decide", outcome="rejected")

    assert again.status_code == 409
    assert sandbox.state(accepted["request_id"])["state"] == "approved"
    assert len(sandbox.state(accepted["request_id"])["answers"]) == 1


def test_automatic_decisions_return_first_and_approve_the_resend(sandbox, request_document):
    sandbox.policy("rop", mode="auto", delay_seconds=0, return_first=True)
    first = request_document()
    sandbox.submit("rop", first, key="1")
    assert answers.decide_due(sandbox.world) == 1
    resend = request_document(resend_of=first["request_id"])
    sandbox.submit("rop", resend, key="2")
    assert answers.decide_due(sandbox.world) == 1
    receiver = Receiver()
    deliver(sandbox, receiver)

    kinds = [(body["request_id"], body["kind"], body["fields"]) for body in receiver.bodies]
    assert kinds == [
        (first["request_id"], "returned", ["passport_number"]),
        (resend["request_id"], "approved", []),
    ]


def test_what_is_not_due_is_not_decided(sandbox, request_document):
    sandbox.policy("rop", mode="auto", delay_seconds=3600)
    sandbox.submit("rop", request_document())

    assert answers.decide_due(sandbox.world) == 0


def test_an_entity_that_is_down_answers_nothing(sandbox, accepted):
    control(sandbox, accepted, "decide", outcome="approved")
    sandbox.policy("rop", down=True)
    receiver = Receiver()

    assert deliver(sandbox, receiver) == 0
    assert receiver.requests == []
    sandbox.policy("rop", down=False)
    assert deliver(sandbox, receiver) == 1


@pytest.mark.parametrize(
    ("verb", "body", "status"),
    [
        ("decide", {"outcome": "maybe"}, 422),
        ("return", {}, 422),
        ("return", {"fields": ["a"], "reason": {"ar": "س"}}, 422),
    ],
)
def test_a_wrong_lever_moves_nothing(sandbox, accepted, verb, body, status):
    assert control(sandbox, accepted, verb, **body).status_code == status
    assert sandbox.state(accepted["request_id"])["state"] == "accepted"


def test_a_request_that_never_came_cannot_be_decided(sandbox):
    assert control(sandbox, {"request_id": "x"}, "decide", outcome="approved").status_code == 404


def test_a_policy_says_what_it_then_is(sandbox):
    assert sandbox.policy("rop", return_first=True).json() == {
        "entity": "rop",
        "mode": "manual",
        "delay_seconds": 0.0,
        "return_first": True,
        "down": False,
        "fee_baisa": None,
        "slow_seconds": 0.0,
        "drop_answers": 0,
        "a_second": None,
        "mix": None,
        "twice": False,
        "early": False,
        "swapped": False,
    }
    assert sandbox.policy("rop", mode="random").status_code == 422
