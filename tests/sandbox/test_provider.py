"""The payment provider's stand-in: what it does, what its policies change, what it tells."""

import base64
import json
import sqlite3

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from sandbox import answers, callbacks
from sandbox.app import DROPPED
from sandbox.store import Store

PAYMENT = {"payment_id": "p-1", "amount_baisa": 4500}


def registered(sandbox, **policy) -> None:
    assert sandbox.http.post("/payments", json=PAYMENT).status_code == 201
    if policy:
        answer = sandbox.http.post("/control/provider/policy", json=policy)
        assert answer.status_code == 200, answer.text


def pays(sandbox, what="pay"):
    return sandbox.http.post("/pay/p-1", content=f"do={what}")


def status(sandbox) -> str:
    return sandbox.http.get("/payments/p-1").json()["status"]


def told(sandbox) -> list[httpx.Request]:
    """What comes to Sanad by itself."""
    taken: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        taken.append(request)
        return httpx.Response(200)

    with httpx.Client(transport=httpx.MockTransport(answer)) as client:
        while callbacks.deliver_due(sandbox.world, client):
            pass
    return taken


@pytest.mark.parametrize(("what", "then"), [("pay", "confirmed"), ("decline", "declined")])
def test_the_page_pays_or_declines_once(sandbox, what, then):
    registered(sandbox)
    page = sandbox.http.get("/pay/p-1").text
    assert "4.500" in page and "لا يُدفع مال حقيقي" in page and "no real money" in page

    assert pays(sandbox, what).status_code == 200
    pays(sandbox, "pay"), pays(sandbox, "decline")

    assert status(sandbox) == then
    assert "<form" not in sandbox.http.get("/pay/p-1").text


def test_the_page_of_no_payment_and_of_no_button(sandbox):
    assert sandbox.http.get("/pay/p-1").status_code == 404
    assert pays(sandbox).status_code == 404
    registered(sandbox)
    assert pays(sandbox, "x").status_code == 200
    assert status(sandbox) == "open"


def test_a_cancelled_payment_cannot_be_paid_and_a_paid_one_not_cancelled(sandbox):
    registered(sandbox)
    assert sandbox.http.post("/payments/p-1/cancel", json={}).json()["status"] == "cancelled"
    pays(sandbox)
    assert status(sandbox) == "cancelled"
    sandbox.http.post("/payments", json={**PAYMENT, "payment_id": "p-2"})
    sandbox.http.post("/pay/p-2", content="do=pay")
    assert sandbox.http.post("/payments/p-2/cancel", json={}).json()["status"] == "confirmed"


def test_a_refund_is_whole_and_once(sandbox):
    registered(sandbox)
    refund = {"refund_id": "r-1", "amount_baisa": 4500}
    assert sandbox.http.post("/payments/p-1/refund", json=refund).status_code == 409
    pays(sandbox)
    part = sandbox.http.post("/payments/p-1/refund", json={**refund, "amount_baisa": 1})
    assert part.status_code == 422 and status(sandbox) == "confirmed"

    first = sandbox.http.post("/payments/p-1/refund", json=refund)
    again = sandbox.http.post("/payments/p-1/refund", json=refund)
    other = sandbox.http.post("/payments/p-1/refund", json={**refund, "refund_id": "r-2"})

    assert first.json() == again.json() and first.json()["status"] == "refunded"
    assert other.status_code == 409


def test_what_happened_is_told_with_a_signature(sandbox):
    registered(sandbox)
    pays(sandbox)

    [message] = told(sandbox)

    key = base64.b64decode(sandbox.http.get("/provider/key").json()["public_key"])
    signature = base64.b64decode(message.headers["X-Provider-Signature"])
    Ed25519PublicKey.from_public_bytes(key).verify(signature, message.content)
    assert message.url.path == "/api/provider/v1/payments"
    assert json.loads(message.content)["status"] == "confirmed"
    assert told(sandbox) == []


@pytest.mark.parametrize(
    ("policy", "said"),
    [
        ({"calls_back": False}, []),
        ({"twice": True}, ["confirmed", "confirmed"]),
        ({"out_of_order": True}, ["confirmed", "open"]),
    ],
)
def test_a_policy_changes_what_is_told(sandbox, policy, said, monkeypatch):
    registered(sandbox, **policy)
    pays(sandbox)
    now = sandbox.world.seconds() + 1
    monkeypatch.setattr(type(sandbox.world), "seconds", lambda self: now)

    assert [json.loads(m.content)["status"] for m in told(sandbox)] == said


def test_down_does_nothing_and_dropped_acts(sandbox):
    registered(sandbox, down=True)
    assert sandbox.http.post("/payments/p-1/cancel", json={}).status_code == 503
    sandbox.http.post("/control/provider/policy", json={"down": False, "drop_answers": 1})
    answer = sandbox.http.post("/payments/p-1/cancel", json={})
    assert answer.content == b"" and DROPPED.status == 200

    assert status(sandbox) == "cancelled"


@pytest.mark.parametrize("policy", [{}, {"x": 1}, {"slow_seconds": -1}, {"drop_answers": 0.5}])
def test_a_wrong_policy_changes_nothing(sandbox, policy):
    assert sandbox.http.post("/control/provider/policy", json=policy).status_code == 422


def test_a_fee_is_stated_and_the_request_stays_open(sandbox, request_document):
    document = request_document()
    sandbox.submit("rop", document)
    address = f"/control/requests/{document['request_id']}/fee"

    assert sandbox.http.post(address, json={"government_baisa": 12_500}).status_code == 202

    found = sandbox.state(document["request_id"])
    assert found["state"] == "accepted"
    assert [one["kind"] for one in found["answers"]] == ["fee"]
    assert sandbox.http.post(address, json={"government_baisa": -1}).status_code == 422
    unknown = sandbox.http.post("/control/requests/x/fee", json={"government_baisa": 1})
    assert unknown.status_code == 404


def test_a_policy_states_a_fee_before_it_decides(sandbox, request_document):
    sandbox.policy("rop", mode="auto", delay_seconds=0, fee_baisa=7_000)
    document = request_document()
    sandbox.submit("rop", document)
    answers.decide_due(sandbox.world)

    found = sandbox.state(document["request_id"])
    assert [one["kind"] for one in found["answers"]] == ["fee", "approved"]
    assert found["state"] == "approved"


def test_a_further_step_is_acknowledged_and_not_decided(sandbox, request_document):
    sandbox.policy("rop", mode="auto", delay_seconds=0)
    document = request_document(stage="cancel")
    assert sandbox.submit("rop", document).status_code == 202
    answers.decide_due(sandbox.world)

    assert sandbox.state(document["request_id"])["state"] == "accepted"


def test_a_folder_of_an_earlier_version_still_opens(sandbox, tmp_path):
    old = sqlite3.connect(tmp_path / "old.sqlite")
    old.executescript(
        "CREATE TABLE payment (payment_id TEXT PRIMARY KEY, body_sha256 TEXT NOT NULL,"
        " amount_baisa INTEGER NOT NULL, provider_ref TEXT NOT NULL UNIQUE, status TEXT NOT NULL,"
        " created_at TEXT NOT NULL) STRICT"
    )
    old.close()
    store = Store(tmp_path / "old.sqlite")

    assert store.rows("SELECT refund_id FROM payment") == []
    store.close()
