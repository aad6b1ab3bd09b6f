"""Verbs about money. Each is one transaction; the database's constraints settle every race."""

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import IntegrityError, transaction

from sanad.beneficiaries import actions as beneficiaries
from sanad.beneficiaries import rules as mandates
from sanad.cases import actions as cases
from sanad.cases.rules import Status, Verb, after
from sanad.catalogue import queries as catalogue
from sanad.db.locks import Rank, lock
from sanad.eventlog.actions import append
from sanad.lib.business_day import business_date, day_bounds, in_muscat
from sanad.lib.ids import new_id
from sanad.lib.money import baisa as require_baisa
from sanad.lib.refusal import N_, Refused
from sanad.till import ledger, receipts, refunds, rules
from sanad.till.models import DayClose, Drawer, Payment, Quote, QuoteLine, Receipt
from sanad.till.quotes import (
    FeeChanged,
    is_agreed,
    needs_mandate,
    require_unchanged,
    stage_asked,
    total_of,
    verb_for,
    worked_out,
)
from sanad.till.refunds import NotEnoughInDrawer, RefundAsked, give_up
from sanad.till.rules import Account, Posting
from sanad.till.taking import (
    AnotherPayment,
    NoOpenDrawer,
    NoSuchPayment,
    NoSuchQuote,
    PaidAlready,
    PaymentOpen,
    QuoteNotAgreed,
    ReferenceUsed,
    complete,
    drawer_for,
    locked_quote,
    payable,
    quote_of,
    reference,
    require_nothing_open,
    require_same,
    tendered,
    written,
)

__all__ = [
    "AnotherPayment",
    "NoOpenDrawer",
    "NoSuchPayment",
    "NoSuchQuote",
    "NotEnoughInDrawer",
    "PaidAlready",
    "PaymentOpen",
    "QuoteNotAgreed",
    "ReferenceUsed",
    "RefundAsked",
    "agree_quote",
    "cancel",
    "close_day",
    "count_drawer",
    "make_quote",
    "open_drawer",
    "pay",
]


if TYPE_CHECKING:
    from sanad.cases.models import Case


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


# -- quotes -------------------------------------------------------------------------------------


def make_quote(*, case: UUID, at: datetime, units: int = 1, stage: str | None = None) -> UUID:
    """Work out the four lines of the stage that is due, replacing what was not paid.

    `stage` asks for another one of a sent request: a further step of the official list, or
    `rules.GOVERNMENT` for the fee that the entity stated. Raises `PaymentOpen`, `NoPublishedFee`,
    `NotPricedYet`, `NothingToPay`, `NoSuchStage`, `UnitsRefused`, `OneUnitOnly`,
    `ServiceWithdrawn`, or `NotNow` where the case is not at that point.
    """
    found = cases.locked(case)
    require_nothing_open(case)
    after(Status(found.status), Verb.PAY if stage is None else Verb.PAY_FURTHER)
    day = business_date(at)
    service = catalogue.service_by_id(found.service_id, day)
    cases.require_goes_on(found, service)
    due = stage_asked(found, service, stage)
    lines, total = worked_out(found, service, due, units, day)
    times = Quote.objects.filter(case=found, stage=due, payments__state=rules.CONFIRMED).count()
    unpaid = Quote.objects.filter(case=found, replaced_at=None)
    unpaid.exclude(payments__state=rules.CONFIRMED).update(replaced_at=at)
    quote = Quote(
        id=new_id(), case=found, centre_id=found.centre_id, stage=due, round=times + 1,
        centre_baisa=total.centre_baisa, government_baisa=total.government_baisa,
        vat_baisa=total.vat_baisa, made_at=at,
    )  # fmt: skip
    quote.save(force_insert=True)
    QuoteLine.objects.bulk_create(
        QuoteLine(
            quote=quote, centre_id=found.centre_id, stage=due, fee_line_id=line.fee_line,
            own_price_id=line.own_price, cap_baisa=line.cap_baisa, units=line.units,
            baisa=line.baisa,
        )
        for line in lines
    )  # fmt: skip
    return quote.id


def agree_quote(*, quote: UUID, at: datetime, by: UUID) -> None:
    """The person agreed on the client's screen.

    Raises `NoSuchQuote`, `PaymentOpen`, `NotNow`, `MandateNotLive`, `AboveCeiling`, `FeeChanged`.
    """
    found = quote_of(quote)
    case = cases.locked(found.case_id)
    require_agreeable(found, case, at)
    agreed_to(found, case, at=at, by=by)


def require_agreeable(quote: Quote, case: "Case", at: datetime) -> None:
    """What is asked before the quote is locked. Raises what `agree_quote` raises, but

    `FeeChanged`.
    """
    require_nothing_open(case.id)
    after(Status(case.status), verb_for(case, quote.stage))
    if needs_mandate(case):
        mandate = beneficiaries.require_live_mandate(case=case.id, at=at)
        mandates.require_below_ceiling(
            total_baisa=total_of(quote).total_baisa, ceiling_baisa=mandate.ceiling_baisa
        )


def agreed_to(quote: Quote, case: "Case", *, at: datetime, by: UUID) -> None:
    """Lock the quote and write that it was agreed to. Raises `FeeChanged`."""
    found, total = locked_quote(quote.id), total_of(quote)
    if found.replaced_at is not None:
        raise FeeChanged
    require_unchanged(found, at)
    if not is_agreed(found):
        found.agreed_at = at
        found.save(update_fields=["agreed_at"])
        cases.record(
            case, "quote.agreed", at=at, by=by, quote=found.id, stage=found.stage,
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
    """Take the money of an agreed quote at the counter and give a receipt; the receipt's id.

    The steps: 1. the case's lock; 2. the same payment again is the same receipt; 3. the quote is
    agreed, live and unchanged, and no payment is open; 4. the money is right; 5. what follows
    from confirmed money, in the order of `taking.complete`. Raises what `taking.payable` raises,
    `AnotherPayment`, `ReferenceUsed`, `NoOpenDrawer`, `NotTheAmount`, `CardReferenceRefused`,
    `LooksLikeCardNumber`, `MeansUnknown`, `NoSuchQuote`; then nothing moved.
    """
    if means not in rules.AT_ONCE:
        raise rules.MeansUnknown
    asked = quote_of(quote)
    case = cases.locked(asked.case_id)
    total = total_of(asked)
    repeated = Payment.objects.filter(id=payment).first()
    if repeated is not None:
        return _receipt_of(
            repeated, quote_id=quote, means=means,
            tendered_baisa=tendered(means, total, tendered_baisa),
            card_reference=reference(means, card_reference),
        )  # fmt: skip
    deal = payable(asked, case, at)
    drawer = drawer_for(means, by)
    taken = written(
        Payment(
            id=payment, quote=deal.quote, case=case, centre_id=case.centre_id, drawer=drawer,
            means=means, state=rules.CONFIRMED, baisa=total.total_baisa,
            tendered_baisa=tendered(means, total, tendered_baisa),
            card_reference=reference(means, card_reference), made_at=at, settled_at=at,
        )
    )  # fmt: skip
    return complete(taken, deal, at=at, by=by).id


def cancel(*, case: UUID, reason: str, at: datetime, by: UUID) -> UUID | None:
    """Give up a request before it is submitted.

    An unpaid one is cancelled at once. Of a paid one the money is asked back: the refund's id, and
    the request stays as it is until a second person decides. Raises `NotNow` once it was
    submitted, `ReasonMissing`, `PaymentOpen`, `RefundAsked`.
    """
    found = cases.locked(case)
    after(Status(found.status), Verb.CANCEL)
    require_nothing_open(case)
    paid = Payment.objects.filter(case=found, state=rules.CONFIRMED).first()
    if paid is not None:
        return refunds.ask(payment=paid, case=found, reason=reason, at=at, by=by)
    give_up(found, reason=reason, at=at, by=by)
    return None


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


def _receipt_of(payment: Payment, **asked: object) -> UUID:
    """The receipt of a payment that is made again in the same words. Raises `AnotherPayment`."""
    require_same(payment, **asked)
    found = Receipt.objects.filter(payment=payment).first()
    if found is None:
        raise AnotherPayment
    return found.id
