"""Receipts: numbers without gaps, signatures that hold offline, and 1,000 forgeries refused."""

import base64
import json
from urllib.parse import parse_qsl, urlsplit
from uuid import uuid4

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sanad.beneficiaries.queries import keyring
from sanad.db.scope import acting, public_scope
from sanad.eventlog.queries import events
from sanad.lib.keys import Keyring
from sanad.till import actions as till
from sanad.till import queries, receipts
from sanad.till.models import Receipt
from tests.network import IBRAHIM, KHUWAIR, NOORA, RAHUL, SOHAR, ZAHRA
from tests.walk import Walk

pytestmark = pytest.mark.django_db
BODY = {
    "centre": 1, "number": 7, "case": "7K3M-P2XQ-C", "at": "2025-09-30T06:00:00+00:00",
    "means": "cash", "centre_baisa": 3_000, "cap_baisa": 3_000, "government_baisa": None,
    "vat_baisa": 150, "total_baisa": 3_150,
}  # fmt: skip


def view(walk: Walk) -> queries.ReceiptView:
    with walk.scope():
        return queries.receipt(walk.made["receipt"])


def parts(link: str) -> dict[str, str]:
    """What a scanned QR says."""
    return dict(parse_qsl(urlsplit(link).query, keep_blank_values=True))


def packed(body: str, version: object, signature: bytes) -> dict[str, str]:
    return parts(receipts.proof_link(body, version, signature))


def test_numbers_have_no_gaps_and_each_centre_its_own():
    for client in (RAHUL, IBRAHIM, NOORA):
        Walk(client=client).paid().finished_visit()
    Walk(centre=SOHAR, operator=ZAHRA).paid()

    with Walk().scope():
        numbers = Receipt.objects.order_by("number").values_list("number", flat=True)
        assert list(numbers) == [1, 2, 3]
    with Walk(centre=SOHAR, operator=ZAHRA).scope():
        assert list(Receipt.objects.values_list("number", flat=True)) == [1]


def test_a_refused_payment_uses_no_number():
    walk = Walk().quoted()
    for reference in ("", "4111111111111111", "12"):
        with pytest.raises(Exception, match=r"terminal|card"), walk.scope():
            till.pay(payment=uuid4(), quote=walk.made["quote"], means="card", at=walk.at,
                     by=walk.operator, card_reference=reference)  # fmt: skip
    walk.paid()
    assert view(walk).number == 1


def test_the_signed_words_are_those_of_the_payment():
    walk = Walk(service="moh-renew-resident-work-card", client=RAHUL).paid("cash")
    found = view(walk)

    with walk.scope():
        code = walk.view().line.code
        assert receipts.says_its_payment(Receipt.objects.get(), found.body)
    assert found.body == {
        "centre": KHUWAIR, "number": 1, "case": code, "at": "2025-09-30T06:00:00+00:00",
        "means": "cash", "centre_baisa": 4_000, "cap_baisa": 4_000, "government_baisa": 30_000,
        "vat_baisa": 200, "total_baisa": 34_200,
    }  # fmt: skip


def test_anybody_with_the_public_key_verifies_the_qr_without_us():
    said = parts(view(Walk().paid()).link)
    body = base64.urlsafe_b64decode(said["b"])
    public = Ed25519PublicKey.from_public_bytes(keyring().public_key(int(said["k"])))

    public.verify(base64.urlsafe_b64decode(said["s"]), body)
    assert body.decode() == receipts.canonical(json.loads(body))


def test_the_qr_leads_back_to_the_same_fields_without_the_database():
    walk = Walk().paid()
    found = view(walk)

    assert receipts.check_proof(**parts(found.link)) == found.body
    assert receipts.moment_of(found.body) == found.issued_at
    assert len(found.link) < 700  # a QR of level L that a phone reads from print


def test_a_receipt_of_an_old_key_still_holds(tmp_path, monkeypatch):
    keys = Keyring(tmp_path / "keys")
    monkeypatch.setattr(receipts, "keyring", lambda: keys)
    found = view(Walk().paid())

    assert keys.rotate("receipt") == 2

    assert receipts.check_proof(**parts(found.link)) == found.body
    newer = view(Walk(client=RAHUL, operator=ZAHRA, centre=SOHAR).paid())
    assert (parts(found.link)["k"], parts(newer.link)["k"]) == ("1", "2")
    assert receipts.check_proof(**parts(newer.link)) == newer.body


@settings(max_examples=1_000, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_a_thousand_forgeries_are_refused(data):
    """Another amount, number, centre or case; a flipped bit; another key; another version."""
    body = receipts.canonical(BODY)
    version, signature = keyring().sign(body.encode())
    assert receipts.check_proof(**packed(body, version, signature)) == BODY

    way = data.draw(st.sampled_from(["field", "bit", "signature", "key", "version", "cut"]))
    if way == "field":
        name = data.draw(st.sampled_from(sorted(BODY)))
        value = data.draw(st.integers() | st.text(max_size=20) | st.none())
        if value == BODY[name]:
            return
        forged = packed(receipts.canonical(BODY | {name: value}), version, signature)
    elif way == "bit":
        raw = bytearray(body.encode())
        raw[data.draw(st.integers(0, len(raw) - 1))] ^= 1 << data.draw(st.integers(0, 6))
        forged = packed(raw.decode("latin-1"), version, signature)
    elif way == "signature":
        raw = bytearray(signature)
        raw[data.draw(st.integers(0, 63))] ^= 1 << data.draw(st.integers(0, 7))
        forged = packed(body, version, bytes(raw))
    elif way == "key":
        stranger = Ed25519PrivateKey.from_private_bytes(
            data.draw(st.binary(min_size=32, max_size=32))
        )
        forged = packed(body, version, stranger.sign(body.encode()))
    elif way == "version":
        wrong = data.draw(st.integers().filter(lambda number: number != version))
        forged = packed(body, wrong, signature)
    else:
        forged = packed(body, version, signature[: data.draw(st.integers(0, 63))])
    assert receipts.check_proof(**forged) is None


@pytest.mark.parametrize(
    "junk",
    [
        {"b": "", "k": "", "s": ""},
        {"b": "%%%", "k": "1", "s": "é"},
        {"b": "AAAA", "k": "²", "s": "AAAA"},
        {"b": "AAAA", "k": "9" * 5_000, "s": "AAAA"},
        {"b": "AAAA", "k": "9" * 300, "s": "AAAA"},
        {"b": "AAAA", "k": "-1", "s": "AAAA"},
        {"b": "AAAA", "k": "../1", "s": "AAAA"},
        {"b": "A" * 100_000, "k": "1", "s": "A" * 100_000},
        {"b": "\x00", "k": "\x00", "s": "\x00"},
    ],
)
def test_junk_is_no_receipt(junk):
    assert receipts.check_proof(**junk) is None
    assert Client().get("/receipts/check/", junk).status_code in (200, 404, 409, 422)


def test_a_void_receipt_is_genuine_and_said_to_be_void():
    walk = Walk().paid().paid_back()
    found = view(walk)

    assert found.voided_at == walk.at
    assert receipts.check_proof(**parts(found.link)) == found.body
    with acting(public_scope()):
        assert receipts.is_void(centre=KHUWAIR, number=1)
        assert not receipts.is_void(centre=KHUWAIR, number=2)
        assert not receipts.is_void(centre=SOHAR, number=1)


def test_each_print_after_the_first_is_a_counted_copy():
    walk = Walk().paid()

    for expected in (1, 2, 3):
        with walk.scope():
            assert expected == receipts.print_copy(
                receipt=walk.made["receipt"], at=walk.at, by=walk.operator
            )
    with walk.scope():
        copies = [e.payload["copy"] for e in events(case=walk.case, kinds=("receipt.printed",))]
    assert copies == [1, 2, 3]


def test_stored_receipts_that_were_altered_are_found():
    walk = Walk().paid()
    with walk.scope():
        assert queries.check_signatures() == ()
        stored = Receipt.objects.select_related("payment", "case").get()

        stored.body = stored.body.replace('"total_baisa":3150', '"total_baisa":9150')
        assert receipts.signed_fields(stored) is None
        stored.refresh_from_db()
        stored.payment.baisa = 9_150
        assert not receipts.says_its_payment(stored, receipts.signed_fields(stored))
