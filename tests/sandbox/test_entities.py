"""A request is acknowledged once, with a signature that holds."""

import base64
import json

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from sandbox.entities import canonical

from .conftest import Sandbox


def public_key(sandbox, entity):
    document = sandbox.http.get(f"/entities/{entity}/key").json()
    assert document["algorithm"] == "Ed25519"
    return Ed25519PublicKey.from_public_bytes(base64.b64decode(document["public_key"]))


def test_a_request_is_acknowledged_with_a_receipt_and_a_signature(sandbox, request_document):
    answer = sandbox.submit("rop", request_document())

    acknowledgement = answer.json()
    assert answer.status_code == 202
    assert answer.headers["X-Road-Id"] == "message-1"
    assert acknowledgement["receipt_no"] == "rop-00000001"
    signature = base64.b64decode(acknowledgement.pop("signature"))
    public_key(sandbox, "rop").verify(signature, canonical(acknowledgement))
    acknowledgement["receipt_no"] = "rop-00000002"
    with pytest.raises(InvalidSignature):
        public_key(sandbox, "rop").verify(signature, canonical(acknowledgement))


def test_the_same_delivery_again_gets_the_same_answer_and_is_not_accepted_twice(
    sandbox, request_document
):
    document = request_document()
    first = sandbox.submit("rop", document)

    again = sandbox.submit("rop", document)

    assert again.status_code == 202
    assert again.content == first.content
    assert again.headers["Idempotent-Replayed"] == "true"
    assert sandbox.counts("rop") == {
        "received": 2,
        "accepted": 1,
        "duplicates": 1,
        "refused": 0,
        "answers_sent": 0,
    }


def test_the_same_key_with_another_body_is_refused(sandbox, request_document):
    sandbox.submit("rop", request_document())

    refused = sandbox.submit("rop", request_document())

    assert refused.status_code == 409
    assert refused.headers["Content-Type"] == "application/problem+json"
    assert refused.json()["type"] == "urn:sanad:sandbox:key-reused"
    assert sandbox.counts("rop")["accepted"] == 1
    assert sandbox.counts("rop")["refused"] == 1


def test_the_same_request_under_another_key_is_refused(sandbox, request_document):
    document = request_document()
    sandbox.submit("rop", document, key="key-1")

    assert sandbox.submit("rop", document, key="key-2").status_code == 409
    assert sandbox.counts("rop")["accepted"] == 1


def test_entities_do_not_share_keys(sandbox, request_document):
    assert sandbox.submit("rop", request_document()).status_code == 202
    assert sandbox.submit("moh", request_document()).status_code == 202
    assert sandbox.counts("moh")["accepted"] == 1


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"request_id": "7"}, ["request_id"]),
        ({"agent": {"centre_code": "101"}}, ["agent.account"]),
        ({"answers": [], "documents": ["x"]}, ["answers", "documents.0"]),
        ({"submitted_at": "yesterday"}, ["submitted_at"]),
    ],
)
def test_a_malformed_request_is_refused_by_the_names_of_its_fields(
    sandbox, request_document, changes, fields
):
    refused = sandbox.submit("rop", request_document(**changes))

    assert refused.status_code == 422
    assert refused.json()["fields"] == fields
    assert sandbox.counts("rop")["accepted"] == 0


def test_missing_fields_and_headers_are_named(sandbox):
    assert sandbox.submit("rop", {}).json()["fields"] == [
        "agent",
        "answers",
        "case_code",
        "documents",
        "represented_party",
        "request_id",
        "service_code",
        "submitted_at",
    ]
    bare = sandbox.http.post("/entities/rop/requests", content="{}")
    assert bare.status_code == 422
    assert bare.json()["fields"] == [
        "Idempotency-Key",
        "X-Road-Represented-Party",
        "X-Road-UserId",
    ]


def test_a_refusal_repeats_nothing_that_was_typed(sandbox, request_document):
    refused = sandbox.submit("rop", request_document(agent="canary-61234567"))

    assert refused.status_code == 422
    assert "canary" not in refused.text


def test_what_is_no_json_is_refused(sandbox):
    headers = {
        "Idempotency-Key": "k",
        "X-Road-Represented-Party": "p",
        "X-Road-UserId": "u",
    }
    refused = sandbox.http.post("/entities/rop/requests", content="{", headers=headers)

    assert refused.status_code == 400


def test_a_portal_that_is_down_takes_nothing(sandbox, request_document):
    sandbox.policy("rop", down=True)

    refused = sandbox.submit("rop", request_document())

    assert refused.status_code == 503
    assert refused.headers["Retry-After"] == "5"
    assert sandbox.counts("rop")["received"] == 0
    sandbox.policy("rop", down=False)
    assert sandbox.submit("rop", request_document()).status_code == 202


def test_a_returned_request_may_be_sent_again_and_a_decided_one_not(sandbox, request_document):
    returned, decided = request_document(), request_document()
    for key, document, verb, body in (
        ("1", returned, "return", {"fields": []}),
        ("2", decided, "decide", {"outcome": "approved"}),
    ):
        sandbox.submit("rop", document, key=key)
        sandbox.http.post(f"/control/requests/{document['request_id']}/{verb}", json=body)

    resend = request_document(resend_of=returned["request_id"])
    assert sandbox.submit("rop", resend, key="3").status_code == 202
    late = request_document(resend_of=decided["request_id"])
    assert sandbox.submit("rop", late, key="4").status_code == 409
    stray = request_document(resend_of="3f0e0d4e-0000-4000-8000-000000000000")
    assert sandbox.submit("rop", stray, key="5").json()["fields"] == ["resend_of"]
    assert sandbox.counts("rop")["accepted"] == 3


def test_a_resend_closes_an_earlier_request_that_was_still_open(sandbox, request_document):
    open_still = request_document()
    sandbox.submit("rop", open_still, key="1")

    sandbox.submit("rop", request_document(resend_of=open_still["request_id"]), key="2")

    state = sandbox.state(open_still["request_id"])
    assert (state["state"], state["answers"]) == ("returned", [])


def test_a_restart_forgets_nothing(sandbox, request_document, tmp_path):
    document = request_document()
    first = sandbox.submit("rop", document)
    key = sandbox.http.get("/entities/rop/key").json()
    sandbox.close()

    restarted = Sandbox(tmp_path / "sandbox")

    assert restarted.submit("rop", document).content == first.content
    assert restarted.http.get("/entities/rop/key").json() == key
    assert restarted.counts("rop")["accepted"] == 1
    restarted.close()


def test_no_answer_of_a_form_is_kept(sandbox, request_document, tmp_path):
    sandbox.submit("rop", request_document(answers={"name": "canary-name"}))
    sandbox.close()

    kept = b"".join(path.read_bytes() for path in (tmp_path / "sandbox").glob("sandbox.sqlite*"))
    assert b"canary-name" not in kept
    assert b"rop-00000001" in kept


def test_paths_and_methods_that_are_not_ours(sandbox):
    assert sandbox.http.get("/entities").status_code == 404
    assert sandbox.http.get("/entities/../etc/key").status_code == 404
    wrong = sandbox.http.get("/entities/rop/requests")
    assert wrong.status_code == 405
    assert json.loads(wrong.text)["allowed"] == ["POST"]
