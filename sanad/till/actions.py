"""Verbs about money. Each is one transaction; the database's constraints settle every race."""

from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction

from sanad.beneficiaries import actions as beneficiaries
from sanad.beneficiaries import rules as mandates
from sanad.cases import actions as cases
from sanad.cases.rules import Status, Verb, after
from sanad.catalogue import queries as catalogue
from sanad.centres import queries as centres
from sanad.db.locks import Rank, lock
from sanad.eventlog.actions import append
from sanad.lib.business_day import business_date, day_bounds, in_muscat
from sanad.lib.digits import ascii_digits
from sanad.lib.ids import new_id
from sanad.lib.money import baisa as require_baisa
from sanad.lib.money import format_omr
from sanad.lib.refusal import N_, Refused
from sanad.till import ledger, receipts, rules
from sanad.till.models import DayClose, Drawer, Payment, Quote, QuoteLine, Receipt
from sanad.till.prices import own_price
from sanad.till.quotes import (
    FeeChanged,
    current_line,
    government_baisa,
    is_agreed,
    lines_of,
    require_unchanged,
    stage_due,
    total_of,
)
from sanad.till.rules import Account, Posting, Total


class NoSuchQuote(Refused):
    code = "till.no_such_quote"
    sentence = N_("There are no such amounts at this centre. Reload the request.")


class QuoteNotAgreed(Refused):
    code = "till.quote_not_agreed"
    sentence = N_("The person has not agreed to the amounts yet. Show them the client's screen.")


class PaidAlready(Refused):
    code = "till.paid_already"
    sentence = N_("This was paid already; nothing was taken a second time.")


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


class DrawerOpenAlready(Refused):
    code = "till.drawer_open_already"
    sentence = N_("You already have an open drawer. Count it before you open another one.")


class DrawersStillOpen(Refused):
    code = "till.drawers_still_open"
    sentence = N_(
        "The day cannot be closed yet. Drawers still open: {count}. Count each of them first."
    )


class ClosedAlready(Refused):
    code = "till.closed_already"
    sentence = N_(
        "The day was closed at {at} and no money has moved since, so there is nothing to close."
    )


class NotEnoughInDrawer(Refused):
    code = "till.not_enough_in_drawer"
    sentence = N_("The drawer does not hold enough cash to give this back. Bring cash first.")


# -- quotes -------------------------------------------------------------------------------------


def make_quote(*, case: UUID, at: datetime, units: int = 1) -> UUID:
    """Work out the four lines of the stage that is due, replacing an earlier unpaid quote for it.

    Raises `NoPublishedFee`, `NotPricedYet`, `NothingToPay`, `UnitsRefused`, `OneUnitOnly`,
    `ServiceWithdrawn`, or `NotNow` where the case is not at that point.
    """
    found = cases.locked(case)
    after(Status(found.status), Verb.PAY)
    day = business_date(at)
    service = catalogue.service_by_id(found.service_id, day)
    cases.require_goes_on(found, service)
    stage = stage_due(found, service)
    times = Quote.objects.filter(case=found, stage=stage, payments__state=rules.CONFIRMED).count()
    own = own_price(centre=found.centre_id, service=service.id, on=day)
    line = current_line(service, stage, units, own=own)
    total = rules.price(
        [line],
        government_baisa=government_baisa(service, stage, cases.open_answers(found)),
        vat_per_mille=centres.centre(found.centre_id).vat_per_mille,
    )
    Quote.objects.filter(case=found, stage=stage, round=times + 1, replaced_at=None).update(
        replaced_at=at
    )
    quote = Quote(
        id=new_id(), case=found, centre_id=found.centre_id, stage=stage, round=times + 1,
        centre_baisa=total.centre_baisa, government_baisa=total.government_baisa,
        vat_baisa=total.vat_baisa, made_at=at,
    )  # fmt: skip
    quote.save(force_insert=True)
    QuoteLine(
        quote=quote, centre_id=found.centre_id, stage=stage, fee_line_id=line.fee_line,
        own_price_id=line.own_price, cap_baisa=line.cap_baisa, units=line.units, baisa=line.baisa,
    ).save(force_insert=True)  # fmt: skip
    return quote.id


def agree_quote(*, quote: UUID, at: datetime, by: UUID) -> None:
    """The person agreed on the client's screen.

    Raises `NoSuchQuote`, `NotNow`, `MandateNotLive`, `AboveCeiling`, `FeeChanged`.
    """
    found = _quote(quote)
    case = cases.locked(found.case_id)
    after(Status(case.status), Verb.PAY)
    total = total_of(found)
    if found.stage != rules.RESEND:
        mandate = beneficiaries.require_live_mandate(case=case.id, at=at)
        mandates.require_below_ceiling(
            total_baisa=total.total_baisa, ceiling_baisa=mandate.ceiling_baisa
        )
    found = _locked_quote(quote)
    if found.replaced_at is not None:
        raise FeeChanged
    require_unchanged(found, at)
    if not is_agreed(found):
        found.agreed_at = at
        found.save(update_fields=["agreed_at"])
        cases.record(
            case, "quote.agreed", at=at, by=by, quote=quote, stage=found.stage,
            centre_baisa=total.centre_baisa, government_baisa=total.government_baisa,
            vat_baisa=total.vat_baisa,
        )  # fmt: skip


# -- payments -------------------------------------------------------------------------------------


def pay(
    *,
    payment: UUID,
    quote: UUID,
    means: str,
    at: datetime,
    by: UUID,
    tendered_baisa: int | None = None,
    card_reference: str = "",
) -> UUID:
    """Take the money of an agreed quote and give a receipt; the receipt's id.

    The steps: 1. the case's lock; 2. the same payment again is the same receipt; 3. the quote is
    agreed, live and unchanged; 4. the money is right; 5. the ledger; 6. the case; 7. the receipt,
    whose number is taken last. Raises `QuoteNotAgreed`, `FeeChanged`, `PaidAlready`,
    `AnotherPayment`, `ReferenceUsed`, `NoOpenDrawer`, `NotTheAmount`, `CardReferenceRefused`,
    `LooksLikeCardNumber`, `MeansUnknown`, `NoSuchQuote`, `NotNow`, `ServiceWithdrawn`,
    `MandateNotLive`; then nothing moved.
    """
    if means not in rules.MEANS:
        raise rules.MeansUnknown
    asked = _quote(quote)
    case = cases.locked(asked.case_id)
    total, lines = total_of(asked), lines_of(asked)
    repeated = Payment.objects.filter(id=payment).first()
    if repeated is not None:
        _require_same(
            repeated, quote=quote, means=means,
            tendered_baisa=_tendered(means, total, tendered_baisa),
            card_reference=_reference(means, card_reference),
        )  # fmt: skip
        return Receipt.objects.get(payment=repeated).id
    if Payment.objects.filter(quote=asked, state=rules.CONFIRMED).exists():
        raise PaidAlready
    if asked.stage != rules.RESEND:
        beneficiaries.require_live_mandate(case=case.id, at=at)
    agreed = _locked_quote(quote)
    if agreed.replaced_at is not None:
        raise FeeChanged
    if not is_agreed(agreed):
        raise QuoteNotAgreed
    require_unchanged(agreed, at)
    after(Status(case.status), Verb.PAY)
    drawer = _drawer_for(means, by)
    taken = _insert_payment(
        Payment(
            id=payment, quote=agreed, case=case, centre_id=case.centre_id, drawer=drawer,
            means=means, state=rules.CONFIRMED, baisa=total.total_baisa,
            tendered_baisa=_tendered(means, total, tendered_baisa),
            card_reference=_reference(means, card_reference), made_at=at, settled_at=at,
        )
    )  # fmt: skip
    ledger.post(
        centre=case.centre_id, postings=rules.postings(total, lines, means), at=at, payment=taken,
        drawer=drawer.id if drawer else None, case=case.id, stage_round=agreed.round,
    )  # fmt: skip
    cases.mark_paid(case, at=at)
    cases.record(
        case, "payment.confirmed", at=at, by=by, payment=payment, means=means,
        baisa=total.total_baisa, drawer=str(drawer.id) if drawer else None,
    )  # fmt: skip
    receipt = receipts.issue(case=case, payment=taken, total=total, lines=lines, at=at, by=by)
    beneficiaries.write_notice(
        person=case.person_id, centre=case.centre_id, case=case.id, kind="receipt", at=at,
        amount=format_omr(total.total_baisa), code=case.code, number=receipt.number,
        link=f"{settings.SANAD_PUBLIC_URL}/track/{case.code}/",
    )  # fmt: skip
    return receipt.id


def cancel(*, case: UUID, reason: str, at: datetime, by: UUID) -> int:
    """Give up a request before it is submitted, and give back what was paid, in baisa.

    Raises `NotNow` once it was submitted, `ReasonMissing`, `NoOpenDrawer`, `NotEnoughInDrawer`.
    """
    found = cases.locked(case)
    after(Status(found.status), Verb.CANCEL)
    beneficiaries.revoke_mandate(case=case, centre=found.centre_id, at=at, by=by)
    returned = 0
    paid = lock(Rank.PAYMENT, Payment.objects.filter(case=found, state=rules.CONFIRMED))
    for payment in paid:
        returned += _refund(payment, at=at, by=by)
        cases.record(
            found, "payment.refunded", at=at, by=by, payment=payment.id, means=payment.means,
            baisa=payment.baisa,
        )  # fmt: skip
        receipt = Receipt.objects.get(payment=payment)
        receipts.void(receipt, case=found, at=at, by=by)
    Quote.objects.filter(case=found, replaced_at=None).update(replaced_at=at)
    cases.mark_cancelled(found, reason=reason, at=at, by=by)
    return returned


# -- drawers and the day ---------------------------------------------------------------------------


def open_drawer(*, centre: int, float_baisa: int, at: datetime, by: UUID) -> UUID:
    """A drawer with its float, taken from the safe. Raises `DrawerOpenAlready`."""
    drawer = Drawer(
        id=new_id(), centre_id=centre, account_id=by, business_date=business_date(at),
        opened_at=at, float_baisa=require_baisa(float_baisa),
    )  # fmt: skip
    try:
        with transaction.atomic():
            drawer.save(force_insert=True)
    except IntegrityError as error:
        raise DrawerOpenAlready from error
    if float_baisa:
        filled = Posting(Account.DRAWER, Account.SAFE, float_baisa, "float")
        ledger.post(centre=centre, postings=[filled], at=at, drawer=drawer.id)
    append("drawer.opened", at=at, by=by, centre=centre, drawer=drawer.id, float_baisa=float_baisa)
    return drawer.id


def count_drawer(
    *, drawer: UUID, counted_baisa: int, reason: str, at: datetime, by: UUID,
    pieces: dict[int, int] | None = None,
) -> int:  # fmt: skip
    """Count a drawer, post its variance and empty it into the safe; the variance in baisa.

    `pieces` is how many there were of each note and coin, by its baisa. Raises `NoOpenDrawer`,
    `PiecesDiffer`, `ReasonForVariance`.
    """
    if pieces:
        rules.require_pieces(pieces, counted_baisa=counted_baisa)
    found = lock(Rank.DRAWER, Drawer.objects.filter(id=drawer, counted_at=None))
    if not found:
        raise NoOpenDrawer
    opened, counted = found[0], require_baisa(counted_baisa)
    expected = ledger.drawer_balance(drawer)
    differs = rules.variance(expected_baisa=expected, counted_baisa=counted, reason=reason)
    moves = []
    if differs > 0:
        moves.append(Posting(Account.DRAWER, Account.VARIANCE, differs, "variance"))
    if differs < 0:
        moves.append(Posting(Account.VARIANCE, Account.DRAWER, -differs, "variance"))
    if counted:
        moves.append(Posting(Account.SAFE, Account.DRAWER, counted, "to_safe"))
    ledger.post(centre=opened.centre_id, postings=moves, at=at, drawer=drawer)
    opened.counted_at, opened.counted_baisa, opened.expected_baisa = at, counted, expected
    opened.variance_reason = reason.strip()[:200] if differs else ""
    opened.pieces = {str(piece): number for piece, number in pieces.items()} if pieces else None
    opened.save(update_fields=[
        "counted_at", "counted_baisa", "expected_baisa", "variance_reason", "pieces",
    ])  # fmt: skip
    append(
        "drawer.counted", at=at, by=by, centre=opened.centre_id, drawer=drawer,
        expected_baisa=expected, counted_baisa=counted,
    )  # fmt: skip
    return differs


def close_day(*, centre: int, at: datetime, by: UUID) -> UUID:
    """Close the day, or a part of it, with the ledger's figures.

    The centre's receipt series is held while it closes, so no payment comes in between and two
    who close at once close once. Raises `DrawersStillOpen` or `ClosedAlready`.
    """
    receipts.lock_series(centre)
    open_drawers = Drawer.objects.filter(centre_id=centre, counted_at=None).count()
    if open_drawers:
        raise DrawersStillOpen(count=open_drawers)
    day = business_date(at)
    start, end = day_bounds(day)
    balances = ledger.balances(centre=centre, since=start, before=end)
    figures = {account.value: baisa for account, baisa in balances.items()}
    last = DayClose.objects.filter(centre_id=centre, business_date=day).order_by("closed_at").last()
    if last and last.figures == figures and not ledger.moved(centre=centre, since=last.closed_at):
        raise ClosedAlready(at=f"{in_muscat(last.closed_at):%H:%M}")
    close = DayClose(
        id=new_id(), centre_id=centre, business_date=day, closed_at=at, closed_by=by,
        figures=figures,
    )  # fmt: skip
    close.save(force_insert=True)
    append("day.closed", at=at, by=by, centre=centre, close=close.id)
    return close.id


# -- inside ----------------------------------------------------------------------------------------


def _quote(quote: UUID) -> Quote:
    found = Quote.objects.filter(id=quote).first()
    if found is None:
        raise NoSuchQuote
    return found


def _locked_quote(quote: UUID) -> Quote:
    return lock(Rank.QUOTE, Quote.objects.filter(id=quote))[0]


def _drawer_for(means: str, by: UUID) -> Drawer | None:
    if means != rules.CASH:
        return None
    found = lock(Rank.DRAWER, Drawer.objects.filter(account_id=by, counted_at=None))
    if not found:
        raise NoOpenDrawer
    return found[0]


def _tendered(means: str, total: Total, tendered_baisa: int | None) -> int | None:
    if means != rules.CASH:
        return None
    tendered = total.total_baisa if tendered_baisa is None else require_baisa(tendered_baisa)
    rules.change_due(total_baisa=total.total_baisa, tendered_baisa=tendered)
    return tendered


def _reference(means: str, typed: str) -> str:
    if means != rules.CARD:
        return ""
    return rules.clean_card_reference("".join(ascii_digits(typed).split()), typed=typed)


def _insert_payment(payment: Payment) -> Payment:
    try:
        with transaction.atomic():
            payment.save(force_insert=True)
    except IntegrityError as error:
        broken = error.__cause__.diag.constraint_name  # type: ignore[union-attr]
        if broken == "payment_card_reference_once":
            raise ReferenceUsed(reference=payment.card_reference) from error
        if broken == "till_payment_pkey":  # a payment that this centre does not see
            raise AnotherPayment from error
        if broken == "payment_one_live_per_quote":
            raise PaidAlready from error
        raise
    return payment


def _require_same(payment: Payment, **asked: object) -> None:
    """A repeat says what was said the first time; else it is not a repeat."""
    made = {
        "quote": payment.quote_id, "means": payment.means,
        "tendered_baisa": payment.tendered_baisa, "card_reference": payment.card_reference,
    }  # fmt: skip
    if asked != made:
        raise AnotherPayment


def _refund(payment: Payment, *, at: datetime, by: UUID) -> int:
    drawer = _drawer_for(payment.means, by)
    if drawer and ledger.drawer_balance(drawer.id) < payment.baisa:
        raise NotEnoughInDrawer
    payment.state = rules.REFUNDED
    payment.save(update_fields=["state"])
    return ledger.reverse(payment, at=at, drawer=drawer.id if drawer else None)
