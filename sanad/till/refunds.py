"""Giving money back: asked for by one person, decided by another, given once.

Cash and card go back in the moment of the approval. A payment link goes back through the provider,
which is asked until it answers; meanwhile the refund is approved and not given.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import IntegrityError, transaction

from sanad.beneficiaries import actions as beneficiaries
from sanad.cases import actions as cases
from sanad.db import jobs
from sanad.db.locks import Rank, lock
from sanad.lib.ids import new_id
from sanad.lib.refusal import N_, Refused
from sanad.till import ledger, receipts, rules
from sanad.till.models import Drawer, Payment, Quote, Receipt, Refund
from sanad.till.provider import Answer
from sanad.till.taking import NoOpenDrawer, ReferenceUsed, reference

if TYPE_CHECKING:
    from sanad.cases.models import Case


class NotEnoughInDrawer(Refused):
    code = "till.not_enough_in_drawer"
    sentence = N_("The drawer does not hold enough cash to give this back. Bring cash first.")


class RefundAsked(Refused):
    code = "till.refund_asked"
    sentence = N_(
        "The money of this request is being given back, so nothing else can be done with it now. "
        "A second person of the centre decides under “Refunds”."
    )


class NoSuchRefund(Refused):
    code = "till.no_such_refund"
    sentence = N_("There is no such refund at this centre. Look at the list.")


class RefundDecided(Refused):
    code = "till.refund_decided"
    sentence = N_("This refund was decided already. Look at the list for what was decided.")


class OwnRefund(Refused):
    code = "till.own_refund"
    sentence = N_(
        "You asked for this refund yourself, so somebody else of the centre has to decide. Ask a "
        "colleague or the owner."
    )


class NoteMissing(Refused):
    code = "till.note_missing"
    sentence = N_("Say why in a few words; it stays with the payment.")


@dataclass(frozen=True)
class ToGive:
    """A refund that is ours to ask the provider for now."""

    refund: UUID
    payment: UUID
    centre: int
    baisa: int


def ask(*, payment: Payment, case: "Case", reason: str, at: datetime, by: UUID) -> UUID:
    """Ask for a payment to be given back, under the case's lock; the refund's id.

    Raises `ReasonMissing` or `RefundAsked`.
    """
    if not reason.strip():
        raise cases.ReasonMissing
    refund = Refund(
        id=new_id(), payment=payment, case=case, centre_id=case.centre_id,
        reason=reason.strip()[:400], asked_at=at, asked_by=by,
    )  # fmt: skip
    try:
        with transaction.atomic():
            refund.save(force_insert=True)
    except IntegrityError as error:
        raise RefundAsked from error
    cases.record(
        case, "refund.asked", at=at, by=by, refund=refund.id, payment=payment.id,
        baisa=payment.baisa,
    )  # fmt: skip
    return refund.id


def approve(
    *, refund: UUID, at: datetime, by: UUID, drawer: UUID | None = None, card_reference: str = ""
) -> None:
    """A second person agrees, and the money moves.

    Cash leaves `drawer`, or the approver's own; a card's refund has the terminal's reference; a
    payment link goes back through the provider. The steps: 1. the case's lock; 2. the decision;
    3. the mandate ends; 4. the money; 5. the request is given up. Raises `NoSuchRefund`,
    `RefundDecided`, `OwnRefund`, `NoOpenDrawer`, `NotEnoughInDrawer`, `ReferenceUsed` and what
    `clean_card_reference` raises; then nothing moved.
    """
    case, found = _pending(refund, by)
    means = found.payment.means
    found.reference = reference(means, card_reference)
    found.state, found.decided_at, found.decided_by = rules.APPROVED, at, by
    if means == rules.LINK:
        found.next_ask_at = at
        _save(found)
        _record(case, "refund.approved", found, at=at, by=by)
        defer_give_back(found.id, found.centre_id)
        return
    _record(case, "refund.approved", found, at=at, by=by)
    beneficiaries.revoke_mandate(case=case.id, centre=case.centre_id, at=at, by=by)
    payment = lock(Rank.PAYMENT, Payment.objects.filter(id=found.payment_id))[0]
    found.drawer = _drawer(drawer, by, payment) if means == rules.CASH else None
    found.given_at = at
    _save(found)
    _give(case, payment, found, at=at, by=by)


def decline(*, refund: UUID, note: str, at: datetime, by: UUID) -> None:
    """A second person does not agree: nothing moved, and the request goes on.

    Raises `NoSuchRefund`, `RefundDecided`, `OwnRefund` or `NoteMissing`.
    """
    case, found = _pending(refund, by)
    if not note.strip():
        raise NoteMissing
    found.state, found.decided_at, found.decided_by = rules.DECLINED, at, by
    found.note = note.strip()[:200]
    _save(found)
    _record(case, "refund.declined", found, at=at, by=by)


def defer_give_back(refund: UUID, centre: int, *, seconds: int = 0) -> None:
    """Ask the worker to give a refund back through the provider, now or in some seconds."""
    jobs.defer("till.give_back", queue="till", seconds=seconds, refund=str(refund), centre=centre)


def claim(*, refund: UUID, at: datetime) -> ToGive | None:
    """Take an approved refund for one try; None when another worker has it, or it is given."""
    taken = Refund.objects.filter(
        id=refund, state=rules.APPROVED, given_at=None, next_ask_at__lte=at
    ).update(next_ask_at=at + rules.CLAIM_LASTS)
    if taken != 1:
        return None
    found = Refund.objects.select_related("payment").get(id=refund)
    return ToGive(found.id, found.payment_id, found.centre_id, found.payment.baisa)


def conclude(*, refund: UUID, answer: Answer, at: datetime) -> bool:
    """What the provider said: given back, once; else it is asked again later. True when given."""
    case_id = Refund.objects.values_list("case_id", flat=True).get(id=refund)
    case = cases.locked(case_id)
    found = Refund.objects.select_related("payment").get(id=refund)
    if found.given_at is not None:
        return False
    if answer.status != rules.REFUNDED:
        wait = rules.ask_after(at - (found.decided_at or at))
        found.tries = min(found.tries + 1, 30_000)
        found.next_ask_at = at + wait
        found.save(update_fields=["tries", "next_ask_at"])
        defer_give_back(found.id, found.centre_id, seconds=int(wait.total_seconds()))
        return False
    beneficiaries.revoke_mandate(case=case.id, centre=case.centre_id, at=at, by=None)
    payment = lock(Rank.PAYMENT, Payment.objects.filter(id=found.payment_id))[0]
    found.given_at, found.next_ask_at = at, None
    found.save(update_fields=["given_at", "next_ask_at"])
    _give(case, payment, found, at=at, by=None)
    return True


def is_live(case: UUID) -> bool:
    """Whether a refund of the case waits for a decision or is being given back."""
    live = Refund.objects.filter(case_id=case, given_at=None)
    return live.exclude(state=rules.DECLINED).exists()


def require_none(case: UUID) -> None:
    """Raises `RefundAsked`."""
    if is_live(case):
        raise RefundAsked


def give_up(case: "Case", *, reason: str, at: datetime, by: UUID) -> None:
    """End a request for which no money was taken. Raises `ReasonMissing`."""
    beneficiaries.revoke_mandate(case=case.id, centre=case.centre_id, at=at, by=by)
    _end(case, reason, at=at, by=by)


def _give(case: "Case", payment: Payment, refund: Refund, *, at: datetime, by: UUID | None) -> None:
    payment.state = rules.follow(payment.state, rules.REFUNDED)
    payment.save(update_fields=["state"])
    ledger.reverse(payment, at=at, drawer=refund.drawer_id)
    cases.record(
        case, "payment.refunded", at=at, by=by, payment=payment.id, means=payment.means,
        baisa=payment.baisa,
    )  # fmt: skip
    receipts.void(Receipt.objects.get(payment=payment), case=case, at=at, by=by)
    _end(case, refund.reason, at=at, by=by)


def _end(case: "Case", reason: str, *, at: datetime, by: UUID | None) -> None:
    Quote.objects.filter(case=case, replaced_at=None).update(replaced_at=at)
    cases.mark_cancelled(case, reason=reason, at=at, by=by)


def _pending(refund: UUID, by: UUID) -> tuple["Case", Refund]:
    """A refund that waits, with its locked case, for somebody who may decide."""
    case_id = Refund.objects.filter(id=refund).values_list("case_id", flat=True).first()
    if case_id is None:
        raise NoSuchRefund
    case = cases.locked(case_id)
    found = Refund.objects.select_related("payment").get(id=refund)
    if found.state != rules.PENDING:
        raise RefundDecided
    if found.asked_by == by:
        raise OwnRefund
    return case, found


def _drawer(chosen: UUID | None, by: UUID, payment: Payment) -> Drawer:
    """The open drawer that cash is taken out of. Raises `NoOpenDrawer`, `NotEnoughInDrawer`."""
    rows = Drawer.objects.filter(centre_id=payment.centre_id, counted_at=None)
    found = lock(Rank.DRAWER, rows.filter(id=chosen) if chosen else rows.filter(account_id=by))
    if not found:
        raise NoOpenDrawer
    if ledger.drawer_balance(found[0].id) < payment.baisa:
        raise NotEnoughInDrawer
    return found[0]


def _save(refund: Refund) -> None:
    try:
        with transaction.atomic():
            refund.save(
                update_fields=["state", "decided_at", "decided_by", "note", "drawer", "reference",
                               "given_at", "next_ask_at"]
            )  # fmt: skip
    except IntegrityError as error:
        broken = error.__cause__.diag.constraint_name  # type: ignore[union-attr]
        if broken == "refund_card_reference_once":
            raise ReferenceUsed(reference=refund.reference) from error
        raise


def _record(case: "Case", kind: str, refund: Refund, *, at: datetime, by: UUID) -> None:
    cases.record(case, kind, at=at, by=by, refund=refund.id, payment=refund.payment_id)
