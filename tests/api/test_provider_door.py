"""The payment provider's door: signed messages only, once, and nothing that breaks it."""

import base64
import json
from uuid import uuid4

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from sanad.db.scope import acting, national_scope
from sanad.lib.ids import new_id
from sanad.till import unsettled
from sanad.till.models import Payment
from tests.network import AISHA, TEN
from tests.walk import Walk

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_ten")]
KEY, OTHER = Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()
DOOR = "/api/provider/v1/payments"


@pytest.fixture
def walk():
    with acting(national_scope()):
        unsettled.register_provider(
            url="http://provider.test", public_key=KEY.public_key().public_bytes_raw(), at=TEN
        )
    walk = Walk().quoted()
    walk.made["payment"] = new_id()
    with walk.scope():
        unsettled.start_link(
            payment=walk.made["payment"], quote=walk.made["quote"], at=TEN, by=AISHA
        )
    return walk


def message(payment, status="confirmed", baisa=3_150) -> bytes:
    document = {"payment_id": str(payment), "status": status, "amount_baisa": baisa,
                "provider_ref": "PAY-1"}  # fmt: skip
    return json.dumps(document).encode()


def tell(client, raw: bytes, *, key=KEY, signature=None):
    signature = signature or base64.b64encode(key.sign(raw)).decode()
    return client.post(
        DOOR, raw, content_type="application/json", headers={"X-Provider-Signature": signature}
    )


def state(walk: Walk) -> str:
    with walk.scope():
        return Payment.objects.get().state


def test_a_signed_message_is_taken_and_the_same_again_is_the_same(client, walk):
    raw = message(walk.made["payment"])

    first, again = tell(client, raw), tell(client, raw)

    assert (first.status_code, again.status_code) == (200, 200)
    assert first.json() == again.json() == {"payment_id": str(walk.made["payment"])}
    assert (state(walk), walk.status()) == ("confirmed", "paid")


def test_an_old_message_after_a_new_one_changes_nothing(client, walk):
    tell(client, message(walk.made["payment"]))

    assert tell(client, message(walk.made["payment"], "open")).status_code == 200
    assert state(walk) == "confirmed"


@pytest.mark.parametrize(
    "how", [{"key": OTHER}, {"signature": "AAAA"}, {"signature": "no base64!"}]
)
def test_what_the_provider_did_not_sign_is_refused(client, walk, how):
    refused = tell(client, message(walk.made["payment"]), **how)

    assert (refused.status_code, refused.json()["code"]) == (401, "till.provider_signature")
    assert state(walk) == "initiated"


@pytest.mark.parametrize(
    "raw",
    [b"", b"[]", b"{", b"\xff", b"null", b'{"payment_id": "x", "status": "confirmed"}',
     b'{"status": "confirmed"}', b'{"payment_id": [], "status": "confirmed"}',
     b'{"payment_id": "x", "status": ["confirmed"]}', b"[" * 5000],
)  # fmt: skip
def test_what_is_no_message_is_refused(client, walk, raw):
    refused = tell(client, raw)

    assert (refused.status_code, refused.json()["code"]) == (422, "till.provider_unreadable")
    assert state(walk) == "initiated"


def test_an_unknown_payment_is_not_found(client, walk):
    refused = tell(client, message(uuid4()))

    assert (refused.status_code, refused.json()["code"]) == (404, "till.no_such_payment")


def test_a_zero_character_in_the_reference_breaks_nothing(client, walk):
    raw = message(walk.made["payment"]).replace(b"PAY-1", b"P\\u0000-1")

    assert tell(client, raw).status_code == 200
    assert state(walk) == "confirmed"


def test_another_amount_is_a_doubt_and_no_receipt(client, walk):
    assert tell(client, message(walk.made["payment"], baisa=1)).status_code == 200
    assert (state(walk), walk.status()) == ("in_doubt", "ready")
