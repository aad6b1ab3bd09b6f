"""Receipts: numbered without gaps, signed, and readable by anybody who has the public key.

What is signed is the canonical JSON of `body`. The QR carries the body's few fields and the
signature, so that a receipt proves itself without the network.
"""

import base64
import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.db import connection

from sanad.beneficiaries.queries import keyring
from sanad.cases import actions as cases
from sanad.db.locks import Rank, lock
from sanad.lib.ids import new_id
from sanad.till.models import Payment, Receipt, ReceiptSeries
from sanad.till.rules import Line, Total

LONGEST_KEY_VERSION = 3


def issue(
    *, case: Any, payment: Payment, total: Total, lines: list[Line], at: datetime, by: UUID | None
) -> Receipt:
    """The next number of the centre, signed. The series row is locked last of all."""
    series = lock_series(case.centre_id)
    series.last_number += 1
    series.save(update_fields=["last_number"])
    # Who set the price is said only where it was the centre: the official list is the rule.
    by_centre = any(line.own_price is not None for line in lines)
    body = canonical(
        ({"price_of": "centre"} if by_centre else {})
        | {
            "centre": case.centre_id,
            "number": series.last_number,
            "case": case.code,
            "at": at.isoformat(timespec="seconds"),
            "means": payment.means,
            "centre_baisa": total.centre_baisa,
            "cap_baisa": sum(line.cap_baisa * line.units for line in lines),
            "government_baisa": total.government_baisa,
            "vat_baisa": total.vat_baisa,
            "total_baisa": total.total_baisa,
        }
    )
    version, signature = keyring().sign(body.encode())
    receipt = Receipt(
        id=new_id(), centre_id=case.centre_id, number=series.last_number, payment=payment,
        case=case, body=body, key_version=version, signature=signature, issued_at=at,
    )  # fmt: skip
    receipt.save(force_insert=True)
    cases.record(
        case, "receipt.issued", at=at, by=by, receipt=receipt.id, number=receipt.number,
        baisa=total.total_baisa,
    )  # fmt: skip
    return receipt


def lock_series(centre: int) -> ReceiptSeries:
    """The centre's series, made where it is missing and held until the transaction ends."""
    ReceiptSeries.objects.get_or_create(centre_id=centre)
    return lock(Rank.RECEIPT_SERIES, ReceiptSeries.objects.filter(centre_id=centre))[0]


def void(receipt: Receipt, *, case: Any, at: datetime, by: UUID | None) -> None:
    """The money went back; the receipt keeps its number."""
    receipt.voided_at = at
    receipt.save(update_fields=["voided_at"])
    cases.record(case, "receipt.voided", at=at, by=by, receipt=receipt.id, number=receipt.number)


def print_copy(*, receipt: UUID, at: datetime, by: UUID) -> int:
    """Count a printing; 1 is the original and every further one is marked as a copy."""
    return print_copies(receipts=[receipt], at=at, by=by)[receipt]


def print_copies(*, receipts: Iterable[UUID], at: datetime, by: UUID) -> dict[UUID, int]:
    """Count a printing of several on one paper; the how-manieth it is of each."""
    wanted = Receipt.objects.filter(id__in=set(receipts))
    held = cases.locked_together(wanted.values_list("case_id", flat=True))
    found = lock(Rank.RECEIPT_SERIES, wanted)
    for one in found:
        one.printed += 1
        one.save(update_fields=["printed"])
        cases.record(
            held[one.case_id], "receipt.printed", at=at, by=by, receipt=one.id, copy=one.printed
        )
    return {one.id: one.printed for one in found}


def canonical(body: dict[str, Any]) -> str:
    """The bytes that are signed: sorted keys, no spaces."""
    return json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=True)


def proof_link(body: str, version: int, signature: bytes) -> str:
    """What the QR holds: a page that checks the receipt, with all that is needed to check it."""
    parts = {
        "b": base64.urlsafe_b64encode(body.encode()).decode(),
        "k": version,
        "s": base64.urlsafe_b64encode(signature).decode(),
    }
    return f"{settings.SANAD_PUBLIC_URL}/receipts/check/?{urlencode(parts)}"


def signed_fields(receipt: Receipt) -> dict[str, Any] | None:
    """What a stored receipt says under its signature; None where the signature does not hold."""
    body, signature = receipt.body.encode(), bytes(receipt.signature)
    if not keyring().verifies(body, version=receipt.key_version, signature=signature):
        return None
    fields: dict[str, Any] = json.loads(body)
    return fields


def says(signed: dict[str, Any], where: tuple[int, int, str], what: tuple[int, str]) -> bool:
    """Whether the signed words are of this centre, number and case, and of this sum and means."""
    return (signed["centre"], signed["number"], signed["case"]) == where and (
        signed["total_baisa"],
        signed["means"],
    ) == what


def says_its_payment(receipt: Receipt, signed: dict[str, Any]) -> bool:
    """Whether the signed words are those of this number, case and payment."""
    where = (receipt.centre_id, receipt.number, receipt.case.code)
    return says(signed, where, (receipt.payment.baisa, receipt.payment.means))


def check_proof(b: str, k: str, s: str) -> dict[str, Any] | None:
    """The fields of a genuine receipt from its QR, without the database; None for a forged one."""
    try:
        if len(k) > LONGEST_KEY_VERSION:
            return None
        body = base64.urlsafe_b64decode(b.encode())
        signature = base64.urlsafe_b64decode(s.encode())
        genuine = keyring().verifies(body, version=int(k), signature=signature)
        fields = json.loads(body) if genuine else None
    except (ValueError, UnicodeError):
        return None
    return fields if isinstance(fields, dict) else None


def moment_of(body: dict[str, Any]) -> datetime:
    """When a receipt was given."""
    return datetime.fromisoformat(body["at"])


def is_void(*, centre: int, number: int) -> bool:
    """Whether a genuine receipt was voided since; asked as anybody."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT till_is_void(%s, %s)", [centre, number])
        return bool(cursor.fetchone()[0])
