"""Payments that are not known in the moment they are taken: links, and cards left in doubt.

Each way in has its way out beside it. While one is open nothing else is taken for the case.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.conf import settings

from sanad.beneficiaries import actions as beneficiaries
from sanad.cases import actions as cases
from sanad.db import jobs
from sanad.lib.money import format_omr
from sanad.lib.refusal import N_, Refused
from sanad.till import ledger, provider, rules
from sanad.till.models import Payment, Pending, Provider
from sanad.till.provider import Answer
from sanad.till.refunds import NoteMissing
from sanad.till.taking import (
    NoSuchPayment,
    complete,
    deal_of,
    locked_payment,
    payable,
    quote_of,
    reference,
    require_same,
    written,
)

if TYPE_CHECKING:
    from sanad.cases.models import Case

REGISTER, ASK, CANCEL = "register", "ask", "cancel"


class NothingForLink(Refused):
    code = "till.nothing_for_link"
    sentence = N_("There is nothing to pay, so a link leads nowhere. Give the receipt as cash.")


class OwnDoubt(Refused):
    code = "till.own_doubt"
    sentence = N_(
        "You took this payment yourself, so somebody else of the centre has to say that it was not "
        "charged. Ask a colleague or the owner."
    )


class JournalReference(Refused):
    code = "till.journal_reference"
    sentence = N_("Type the reference that the provider's or the bank's journal shows for it.")


class ProviderSignature(Refused):
    code = "till.provider_signature"
    sentence = N_(
        "This is not signed with the payment provider's key, so it was not taken. Sign the exact "
        "bytes of the body with the key that was registered."
    )


class ProviderUnreadable(Refused):
    code = "till.provider_unreadable"
    sentence = N_("The message about a payment cannot be read. Send it as docs/api.md shows.")


@dataclass(frozen=True)
class ToAsk:
    """A payment that is ours to ask the provider about now, and what to ask."""

    payment: UUID
    centre: int
    baisa: int
    what: str
    url: str


# -- a card whose terminal gave no answer ---------------------------------------------------------


def pay_in_doubt(*, payment: UUID, quote: UUID, at: datetime, by: UUID) -> None:
    """The terminal was asked for the whole amount and gave no answer; the same again is the same.

    Raises what `taking.payable` raises, `AnotherPayment`, `NoSuchQuote`.
    """
    begun = _begin(payment, quote, rules.CARD, rules.IN_DOUBT, at=at, by=by)
    if begun is not None:
        case, found = begun
        _doubted(case, found, rules.TERMINAL, at=at, by=by)


def confirm_doubt(*, payment: UUID, reference_typed: str, at: datetime, by: UUID) -> UUID:
    """The slip or the bank's journal shows the payment: it was charged; the receipt's id.

    Raises `NoSuchPayment`, `PaymentStands`, `ReferenceUsed`, `JournalReference`, and what
    `clean_card_reference` raises.
    """
    case, found = locked_payment(payment)
    if found.state != rules.IN_DOUBT:
        raise rules.PaymentStands(state=rules.STATE_NAMES[found.state])
    if found.means == rules.CARD:
        found.card_reference = reference(found.means, reference_typed)
    elif not reference_typed.strip():
        raise JournalReference
    return _confirm(case, found, at=at, by=by, note=reference_typed.strip()[:40])


def fail_doubt(*, payment: UUID, reason: str, at: datetime, by: UUID) -> None:
    """It was not charged, says somebody else than who took it.

    Raises `NoSuchPayment`, `PaymentStands`, `OwnDoubt` or `NoteMissing`.
    """
    case, found = locked_payment(payment)
    if found.state != rules.IN_DOUBT:
        raise rules.PaymentStands(state=rules.STATE_NAMES[found.state])
    if Pending.objects.get(payment=found).taken_by == by:
        raise OwnDoubt
    if not reason.strip():
        raise NoteMissing
    _fail(case, found, "not_charged", at=at, by=by, note=reason.strip()[:200])


# -- a payment link -------------------------------------------------------------------------------


def start_link(*, payment: UUID, quote: UUID, at: datetime, by: UUID) -> None:
    """Begin a payment that the person makes at the provider; the same again is the same.

    The worker makes it known to the provider, then the person gets the link. Raises what
    `taking.payable` raises, `NothingForLink`, `AnotherPayment`, `NoSuchQuote`.
    """
    begun = _begin(payment, quote, rules.LINK, rules.INITIATED, at=at, by=by)
    if begun is None:
        return
    case, found = begun
    cases.record(
        case, "payment.initiated", at=at, by=by, payment=payment, means=rules.LINK,
        baisa=found.baisa,
    )  # fmt: skip
    defer_ask(payment, case.centre_id)


def withdraw_link(*, payment: UUID, at: datetime, by: UUID) -> None:
    """Take an unpaid link back: the provider is asked to cancel it, and only its word settles it.

    Raises `NoSuchPayment` or `PaymentStands`.
    """
    case, found = _open_link(payment)
    Pending.objects.filter(payment=found, withdrawn_at=None).update(withdrawn_at=at)
    cases.record(case, "payment.withdrawn", at=at, by=by, payment=payment)
    _ask_now(found, at)


def ask_again(*, payment: UUID, at: datetime) -> None:
    """Ask the provider about a link without waiting. Raises `NoSuchPayment`, `PaymentStands`."""
    _, found = _open_link(payment)
    _ask_now(found, at)


def defer_ask(payment: UUID, centre: int, *, seconds: int = 0) -> None:
    """Ask the worker to speak with the provider about a payment, now or in some seconds."""
    jobs.defer(
        "till.ask_provider", queue="till", seconds=seconds, payment=str(payment), centre=centre
    )


def claim(*, payment: UUID, at: datetime) -> ToAsk | None:
    """Take a payment for one talk with the provider; None when it is another's or not due."""
    taken = Pending.objects.filter(payment=payment, outcome="", next_ask_at__lte=at).update(
        next_ask_at=at + rules.CLAIM_LASTS
    )
    if taken != 1:
        return None
    found = Pending.objects.select_related("payment").get(payment=payment)
    what = CANCEL if found.withdrawn_at else ASK
    if found.registered_at is None:
        what = REGISTER
    return ToAsk(payment, found.centre_id, found.payment.baisa, what, provider_url())


def hear(*, payment: UUID, answer: Answer, at: datetime) -> None:
    """What the provider said of a payment takes effect, once and in whatever order it comes.

    Without a clear answer it is asked again; after some asks in vain the payment is in doubt.
    Raises `NoSuchPayment`.
    """
    case, found = locked_payment(payment)
    if found.state not in rules.OPEN:
        _contradicted(case, found, answer, at)
        return
    pending = Pending.objects.get(payment=found)
    if answer.status is None:
        pending.tries = min(pending.tries + 1, 30_000)
        if pending.tries >= rules.UNANSWERED_SAYS_DOUBT:
            _doubted(case, found, rules.PROVIDER, at=at, by=None)
    elif answer.baisa != found.baisa:
        _doubted(case, found, rules.AMOUNT, at=at, by=None)
    elif answer.status == provider.CONFIRMED:
        _confirm(case, found, at=at, by=None, provider_reference=answer.reference)
        return
    elif answer.status in (provider.DECLINED, provider.CANCELLED):
        _fail(case, found, answer.status, at=at, by=None)
        return
    elif answer.status == provider.OPEN:
        _registered(case, found, pending, answer, at)
    _ask_later(found, pending, at)


def require_provider_signature(raw: bytes, signature: bytes) -> None:
    """That the provider's key signed exactly these bytes. Raises `ProviderSignature`."""
    found = Provider.objects.first()
    if found is None or found.public_key is None:
        raise ProviderSignature
    try:
        Ed25519PublicKey.from_public_bytes(bytes(found.public_key)).verify(signature, raw)
    except (InvalidSignature, ValueError) as error:
        raise ProviderSignature from error


def register_provider(*, url: str, public_key: bytes | None, at: datetime) -> None:
    """Where the payment provider answers and how it signs."""
    Provider.objects.update_or_create(
        id=1, defaults={"url": url, "public_key": public_key, "key_checked_at": at}
    )


def provider_url() -> str:
    """Where the provider answers: as it was registered, else the stand-in."""
    found = Provider.objects.values_list("url", flat=True).first()
    return found or settings.SANAD_SANDBOX_URL


# -- inside ---------------------------------------------------------------------------------------


def _begin(
    payment: UUID, quote: UUID, means: str, state: str, *, at: datetime, by: UUID
) -> "tuple[Case, Payment] | None":
    """Write a payment that is not settled; None where it was begun before in the same words."""
    asked = quote_of(quote)
    case = cases.locked(asked.case_id)
    repeated = Payment.objects.filter(id=payment).first()
    if repeated is not None:
        require_same(repeated, quote_id=quote, means=means)
        return None
    deal = payable(asked, case, at)
    if means == rules.LINK and not deal.total.total_baisa:
        raise NothingForLink
    begun = written(
        Payment(
            id=payment, quote=deal.quote, case=case, centre_id=case.centre_id, means=means,
            state=state, baisa=deal.total.total_baisa, made_at=at,
        )
    )  # fmt: skip
    Pending(
        payment=begun, centre_id=case.centre_id, means=means, taken_by=by, since=at,
        next_ask_at=at if means == rules.LINK else None,
    ).save(force_insert=True)  # fmt: skip
    return case, begun


def _doubted(case: "Case", payment: Payment, why: str, *, at: datetime, by: UUID | None) -> None:
    """Once: the whole of it lies in doubt, and the log says since when and why."""
    pending = Pending.objects.get(payment=payment)
    if pending.doubted_at is not None:
        return
    if payment.state != rules.IN_DOUBT:
        payment.state = rules.follow(payment.state, rules.IN_DOUBT)
        payment.save(update_fields=["state"])
    Pending.objects.filter(payment=payment).update(doubted_at=at, doubt=why)
    ledger.post(
        centre=case.centre_id, postings=rules.doubt(payment.baisa, payment.means), at=at,
        payment=payment, case=case.id,
    )  # fmt: skip
    cases.record(
        case, "payment.doubted", at=at, by=by, payment=payment.id, means=payment.means,
        baisa=payment.baisa, doubt=why,
    )  # fmt: skip


def _confirm(
    case: "Case", payment: Payment, *, at: datetime, by: UUID | None, note: str = "",
    provider_reference: str = "",
) -> UUID:  # fmt: skip
    was_doubted = payment.state == rules.IN_DOUBT
    _settled(payment, rules.CONFIRMED, at=at, by=by, note=note, reference=provider_reference)
    payment.state = rules.follow(payment.state, rules.CONFIRMED)
    payment.settled_at = at
    written(payment, "state", "settled_at", "card_reference")
    deal = deal_of(quote_of(payment.quote_id), case)
    return complete(payment, deal, at=at, by=by, doubted=was_doubted).id


def _fail(
    case: "Case", payment: Payment, why: str, *, at: datetime, by: UUID | None, note: str = ""
) -> None:
    was_doubted = payment.state == rules.IN_DOUBT
    _settled(payment, rules.FAILED, at=at, by=by, note=note)
    payment.state = rules.follow(payment.state, rules.FAILED)
    payment.settled_at = at
    payment.save(update_fields=["state", "settled_at"])
    if was_doubted:
        ledger.post(
            centre=case.centre_id, at=at, payment=payment, case=case.id,
            postings=rules.doubt_unfounded(payment.baisa, payment.means),
        )  # fmt: skip
    cases.record(
        case, "payment.failed", at=at, by=by, payment=payment.id, means=payment.means,
        baisa=payment.baisa, why=why,
    )  # fmt: skip


def _settled(
    payment: Payment, outcome: str, *, at: datetime, by: UUID | None, note: str,
    reference: str = "",
) -> None:  # fmt: skip
    """Who settled it: the database lets no payment out of doubt without it."""
    named = {"provider_reference": reference} if reference else {}
    Pending.objects.filter(payment=payment).update(
        outcome=outcome, settled_at=at, settled_by=by, note=note, next_ask_at=None, **named
    )


def _registered(
    case: "Case", payment: Payment, pending: Pending, answer: Answer, at: datetime
) -> None:
    """The provider has it and waits for the person, who gets the link once."""
    pending.tries = 0
    if pending.registered_at is not None:
        return
    pending.registered_at, pending.provider_reference = at, answer.reference
    beneficiaries.write_notice(
        person=case.person_id, centre=case.centre_id, case=case.id, kind="payment_link", at=at,
        amount=format_omr(payment.baisa), code=case.code, link=link_of(payment.id),
    )  # fmt: skip


def link_of(payment: UUID) -> str:
    """Where the person pays."""
    return f"{provider_url()}/pay/{payment}"


def _ask_later(payment: Payment, pending: Pending, at: datetime) -> None:
    wait = rules.ask_after(at - pending.since)
    if pending.withdrawn_at and not pending.tries:
        wait = rules.FIRST_ASK
    Pending.objects.filter(payment=payment).update(
        tries=pending.tries, registered_at=pending.registered_at, next_ask_at=at + wait,
        provider_reference=pending.provider_reference,
    )  # fmt: skip
    defer_ask(payment.id, payment.centre_id, seconds=int(wait.total_seconds()))


def _ask_now(payment: Payment, at: datetime) -> None:
    Pending.objects.filter(payment=payment).update(next_ask_at=at)
    defer_ask(payment.id, payment.centre_id)


def _open_link(payment: UUID) -> tuple["Case", Payment]:
    case, found = locked_payment(payment)
    if found.means != rules.LINK:
        raise NoSuchPayment
    if found.state not in rules.OPEN:
        raise rules.PaymentStands(state=rules.STATE_NAMES[found.state])
    return case, found


def _contradicted(case: "Case", payment: Payment, answer: Answer, at: datetime) -> None:
    """Charged, says the provider, what was settled as not charged: never silently."""
    if payment.state == rules.FAILED and answer.status == provider.CONFIRMED:
        cases.record(
            case, "payment.contradicted", at=at, by=None, payment=payment.id, said=answer.status
        )
