"""What happened to a case, in words."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sanad.lib.bilingual import Text
from sanad.lib.refusal import N_

NAMES = {
    "case.opened": N_("Opened"),
    "case.completed": N_("Form and documents complete"),
    "case.reopened": N_("Opened again for changes"),
    "case.person_corrected": N_("Given to the right person"),
    "case.taken_over": N_("Gone on with in another visit"),
    "case.document_reused": N_("A kept document used again"),
    "case.duplicate_overruled": N_("Said not to be a duplicate"),
    "case.mandate_renewed": N_("Agreed anew"),
    "quote.agreed": N_("Charges agreed"),
    "payment.confirmed": N_("Paid"),
    "payment.initiated": N_("Payment link begun"),
    "payment.doubted": N_("Payment in doubt"),
    "payment.withdrawn": N_("Payment link withdrawn; the provider is asked"),
    "payment.failed": N_("Not paid"),
    "payment.contradicted": N_("The provider says it was paid after it was settled as not charged"),
    "refund.asked": N_("Refund asked for"),
    "refund.approved": N_("Refund approved"),
    "refund.declined": N_("Refund declined"),
    "case.fee_stated": N_("The entity stated the government fee"),
    "stage.sent": N_("Further step sent"),
    "stage.acknowledged": N_("Further step taken by the entity"),
    "payment.refunded": N_("Money given back"),
    "receipt.issued": N_("Receipt given"),
    "receipt.printed": N_("Receipt printed"),
    "receipt.voided": N_("Receipt voided"),
    "case.submitted": N_("Handed to the line"),
    "delivery.acknowledged": N_("Taken by the entity"),
    "delivery.delayed": N_("The entity's system did not take it; tried again later"),
    "delivery.retried": N_("Tried again at once, by hand"),
    "delivery.refused": N_("Refused by the entity's system"),
    "answer.received": N_("The entity's answer came in"),
    "case.returned": N_("Returned for correction"),
    "case.decided": N_("Decided"),
    "case.delivered": N_("Handed over"),
    "case.cancelled": N_("Cancelled"),
}


@dataclass(frozen=True)
class Happened:
    """A line of the history."""

    seq: int
    at: datetime
    name: str
    by: Text | None


def named(events: list[Any], people: dict[UUID, Text]) -> list[Happened]:
    """Events in the order of the case, each with its name and whose hands it was."""
    return [
        Happened(e.seq, e.occurred_at, NAMES.get(e.kind, e.kind), people.get(e.actor_id))
        for e in events
    ]
