"""The payment provider over HTTP. Nothing here raises for what the network or the provider does."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import httpx

from sanad.till.rules import REFUNDED

ANSWER_WITHIN_SECONDS = 10
OPEN, CONFIRMED, DECLINED, CANCELLED = "open", "confirmed", "declined", "cancelled"
STATUSES = frozenset({OPEN, CONFIRMED, DECLINED, CANCELLED, REFUNDED})


@dataclass(frozen=True)
class Answer:
    """What the provider says of a payment. `status` is None when it gave no clear answer."""

    status: str | None
    reference: str = ""
    baisa: int | None = None


UNCLEAR = Answer(None)


def register(url: str, payment: UUID, baisa: int) -> Answer:
    """Make a payment known, so that the person can pay it; the same one again is the same."""
    return _said("POST", f"{url}/payments", {"payment_id": str(payment), "amount_baisa": baisa})


def ask(url: str, payment: UUID) -> Answer:
    """How a payment stands."""
    return _said("GET", f"{url}/payments/{payment}")


def cancel(url: str, payment: UUID) -> Answer:
    """Take a payment back that nobody paid; one that was paid stays so."""
    return _said("POST", f"{url}/payments/{payment}/cancel", {})


def give_back(url: str, payment: UUID, refund: UUID, baisa: int) -> Answer:
    """Give a payment back, once by the refund's id."""
    document = {"refund_id": str(refund), "amount_baisa": baisa}
    return _said("POST", f"{url}/payments/{payment}/refund", document)


def read(document: Any) -> Answer:
    """An answer's fields; `UNCLEAR` for what is none."""
    if not isinstance(document, dict) or str(document.get("status")) not in STATUSES:
        return UNCLEAR
    baisa = document.get("amount_baisa")
    return Answer(
        str(document["status"]),
        str(document.get("provider_ref") or "").replace("\0", "")[:40],
        baisa if type(baisa) is int else None,
    )


def _said(method: str, url: str, document: dict[str, Any] | None = None) -> Answer:
    try:
        answer = httpx.request(method, url, json=document, timeout=ANSWER_WITHIN_SECONDS)
        return read(answer.json()) if answer.is_success else UNCLEAR
    except (httpx.HTTPError, httpx.InvalidURL, ValueError):
        return UNCLEAR
