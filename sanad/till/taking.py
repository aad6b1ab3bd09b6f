"""What every way of taking money shares: what may be paid, the row, and all that follows."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction

from sanad.beneficiaries import actions as beneficiaries
from sanad.cases import actions as cases
from sanad.cases.rules import Status, after
from sanad.db.locks import Rank, lock
from sanad.lib.digits import ascii_digits
from sanad.lib.money import baisa as require_baisa
from sanad.lib.money import format_omr
from sanad.lib.refusal import N_, Refused
from sanad.till import ledger, receipts, rules
from sanad.till.models import Drawer, Payment, Quote, Receipt
from sanad.till.quotes import (
    FeeChanged,
    is_agreed,
    lines_of,
    needs_mandate,
    require_unchanged,
    total_of,
    verb_for,
)
from sanad.till.rules import Line, Total

if TYPE_CHECKING:
    from sanad.cases.models import Case


class NoSuchQuote(Refused):
    code = "till.no_such_quote"
    sentence = N_("There are no such amounts at this centre. Reload the request.")


class QuoteNotAgreed(Refused):
    code = "till.quote_not_agreed"
    sentence = N_("The person has not agreed to the amounts yet. Show them the client's screen.")


class PaidAlready(Refused):
    code = "till.paid_already"
    sentence = N_("This was paid already; nothing was taken a second time.")


class PaymentOpen(Refused):
    code = "till.payment_open"
    sentence = N_(
        "A payment of this request is not settled yet, so nothing else can be taken or changed. "
        "Look at the request: it says what happened and how to settle it."
    )


class AnotherPayment(Refused):
    code = "till.another_payment"
    sentence = N_(
        "This payment was already made with other details. Reload the page and look at the receipt."
    )


class ReferenceUsed(Refused):
    code = "till.reference_used"
    sentence = N_(
        "The terminal reference {reference} stands on another payment of this centre. Look at the "
        "slip again."
    )


class NoOpenDrawer(Refused):
    code = "till.no_open_drawer"
    sentence = N_("You have no open drawer. Open one with its float before you take cash.")


class NoSuchPayment(Refused):
    code = "till.no_such_payment"
    sentence = N_("There is no such payment at this centre. Look it up on the request.")


@dataclass(frozen=True)
class Deal:
    """A quote that may be paid now, with its locked case and the four lines."""

    case: "Case"
    quote: Quote
    total: Total
    lines: list[Line]


def quote_of(quote: UUID) -> Quote:
    """Raises `NoSuchQuote`."""
    found = Quote.objects.filter(id=quote).first()
    if found is None:
        raise NoSuchQuote
    return found


def locked_quote(quote: UUID) -> Quote:
    return lock(Rank.QUOTE, Quote.objects.filter(id=quote))[0]


def locked_payment(payment: UUID) -> tuple["Case", Payment]:
    """A payment and its case, both locked in their order. Raises `NoSuchPayment`."""
    case_id = Payment.objects.filter(id=payment).values_list("case_id", flat=True).first()
    if case_id is None:
        raise NoSuchPayment
    case = cases.locked(case_id)
    return case, lock(Rank.PAYMENT, Payment.objects.filter(id=payment))[0]


def require_nothing_open(case: UUID) -> None:
    """That no payment of the case is begun or in doubt. Raises `PaymentOpen`."""
    if Payment.objects.filter(case_id=case, state__in=rules.OPEN).exists():
        raise PaymentOpen


def payable(asked: Quote, case: "Case", at: datetime) -> Deal:
    """An agreed, live and unchanged quote whose case is at that point and has no open payment.

    Raises what `require_payable` and `dealt` raise.
    """
    require_payable(asked, case, at)
    return dealt(asked, case, at)


def require_payable(asked: Quote, case: "Case", at: datetime) -> None:
    """What is asked before a quote is locked. Raises `PaymentOpen`, `PaidAlready`,

    `MandateNotLive`.
    """
    require_nothing_open(case.id)
    if Payment.objects.filter(quote=asked, state=rules.CONFIRMED).exists():
        raise PaidAlready
    if needs_mandate(case):
        beneficiaries.require_live_mandate(case=case.id, at=at)


def dealt(asked: Quote, case: "Case", at: datetime) -> Deal:
    """The quote, locked, with what it stands for. Raises `FeeChanged`, `QuoteNotAgreed`,

    `NotNow`, `ServiceWithdrawn`.
    """
    agreed = locked_quote(asked.id)
    if agreed.replaced_at is not None:
        raise FeeChanged
    if not is_agreed(agreed):
        raise QuoteNotAgreed
    require_unchanged(agreed, at)
    after(Status(case.status), verb_for(case, agreed.stage))
    return deal_of(agreed, case)


def deal_of(quote: Quote, case: "Case") -> Deal:
    return Deal(case, quote, total_of(quote), lines_of(quote))


def complete(
    payment: Payment, deal: Deal, *, at: datetime, by: UUID | None, doubted: bool = False
) -> Receipt:
    """All that follows from confirmed money: the ledger, the case, the receipt, the message.

    The receipt's number is taken last, because everybody of the centre waits for it.
    """
    case, drawer = deal.case, payment.drawer_id
    ledger.post(
        centre=case.centre_id, at=at, payment=payment, drawer=drawer, case=case.id,
        stage_round=deal.quote.round,
        postings=rules.postings(deal.total, deal.lines, payment.means, doubted=doubted),
    )  # fmt: skip
    cases.mark_paid(case, at=at)
    cases.record(
        case, "payment.confirmed", at=at, by=by, payment=payment.id, means=payment.means,
        baisa=payment.baisa, drawer=str(drawer) if drawer else None,
    )  # fmt: skip
    receipt = receipts.issue(
        case=case, payment=payment, total=deal.total, lines=deal.lines, at=at, by=by
    )
    beneficiaries.write_notice(
        person=case.person_id, centre=case.centre_id, case=case.id, kind="receipt", at=at,
        amount=format_omr(payment.baisa), code=case.code, number=receipt.number,
        link=f"{settings.SANAD_PUBLIC_URL}/track/{case.code}/",
    )  # fmt: skip
    return receipt


def drawer_for(means: str, by: UUID) -> Drawer | None:
    """Whoever takes cash has an open drawer. Raises `NoOpenDrawer`."""
    if means != rules.CASH:
        return None
    found = lock(Rank.DRAWER, Drawer.objects.filter(account_id=by, counted_at=None))
    if not found:
        raise NoOpenDrawer
    return found[0]


def tendered(means: str, total: Total, tendered_baisa: int | None) -> int | None:
    """What was handed over in cash, in baisa. Raises `NotTheAmount`."""
    if means != rules.CASH:
        return None
    handed = total.total_baisa if tendered_baisa is None else require_baisa(tendered_baisa)
    rules.change_due(total_baisa=total.total_baisa, tendered_baisa=handed)
    return handed


def reference(means: str, typed: str) -> str:
    """The terminal's reference of a card. Raises what `clean_card_reference` raises."""
    if means != rules.CARD:
        return ""
    return rules.clean_card_reference("".join(ascii_digits(typed).split()), typed=typed)


def written(payment: Payment, *fields: str) -> Payment:
    """Insert a payment, or change `fields` of it; what the constraints refuse is said in words.

    Raises `ReferenceUsed`, `AnotherPayment`, `PaidAlready`, `PaymentOpen`.
    """
    try:
        with transaction.atomic():
            payment.save(update_fields=fields) if fields else payment.save(force_insert=True)
    except IntegrityError as error:
        broken = error.__cause__.diag.constraint_name  # type: ignore[union-attr]
        if broken == "payment_card_reference_once":
            raise ReferenceUsed(reference=payment.card_reference) from error
        if broken == "till_payment_pkey":  # a payment that this centre does not see
            raise AnotherPayment from error
        if broken == "payment_one_live_per_quote":
            raise PaidAlready from error
        if broken == "payment_one_open_per_case":
            raise PaymentOpen from error
        raise
    return payment


def require_same(payment: Payment, **asked: object) -> None:
    """A repeat says what was said the first time; else it is not a repeat."""
    if asked != {name: getattr(payment, name) for name in asked}:
        raise AnotherPayment
