"""Reads about money, within the reader's scope. Amounts are whole baisa."""

import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Case, Q, QuerySet, When

from sanad.beneficiaries.queries import keyring
from sanad.cases import queries as cases
from sanad.catalogue import queries as catalogue
from sanad.lib.bilingual import Text
from sanad.lib.business_day import business_date, day_bounds
from sanad.lib.refusal import N_, Refused
from sanad.till import ledger, quotes, receipts, rules, unsettled
from sanad.till.models import (
    DayClose,
    Drawer,
    Payment,
    Pending,
    Quote,
    Receipt,
    ReceiptSeries,
    Refund,
)
from sanad.till.prices import OwnPriceView, own_price, own_price_history, own_prices
from sanad.till.quotes import (
    FeeChanged,
    NoSuchStage,
    lines_of,
    require_priced,
    require_unchanged,
    total_of,
)
from sanad.till.refunds import is_live as is_refund_live
from sanad.till.refunds import require_none as require_no_refund
from sanad.till.rules import Account
from sanad.till.taking import require_nothing_open

MOST_IN_A_LIST = 200

__all__ = [
    "DayView",
    "DrawerView",
    "FurtherStage",
    "LineView",
    "NoSuchReceipt",
    "NoSuchStage",
    "OwnPriceView",
    "PendingView",
    "QuoteView",
    "ReceiptView",
    "RefundView",
    "centre_of_payment",
    "check_signatures",
    "day",
    "drawer",
    "due_to_ask",
    "due_to_give_back",
    "fee_paid_at",
    "fees_to_collect",
    "further_stages",
    "in_doubt_count",
    "is_payment_of",
    "is_quote_of",
    "is_refund_live",
    "live_quote",
    "live_refund_of",
    "open_drawer_of",
    "open_drawers",
    "open_payment_of",
    "open_payments",
    "owes_resend",
    "owes_stated_fee",
    "own_price",
    "own_price_history",
    "own_prices",
    "receipt",
    "receipts_of",
    "refund",
    "refunds_of_centre",
    "refunds_pending_count",
    "require_no_refund",
    "require_nothing_open",
    "require_priced",
]


class NoSuchReceipt(Refused):
    code = "till.no_such_receipt"
    sentence = N_("There is no such receipt at this centre. Check the number.")


@dataclass(frozen=True)
class LineView:
    """The centre's charge for one stage, as it is shown."""

    stage: str
    stage_name: Text
    unit: str
    units: int
    baisa: int
    cap_baisa: int
    is_own: bool


@dataclass(frozen=True)
class QuoteView:
    """The four lines, and how far the quote has come."""

    id: UUID
    case_id: UUID
    stage: str
    lines: tuple[LineView, ...]
    centre_baisa: int
    government_baisa: int | None
    vat_baisa: int
    total_baisa: int
    agreed_at: datetime | None
    paid: bool
    changed: bool
    made_at: datetime

    @property
    def is_own_price(self) -> bool:
        """Whether the centre set the price, for want of one in the official list."""
        return any(line.is_own for line in self.lines)


@dataclass(frozen=True)
class ReceiptView:
    """A receipt with what was signed."""

    id: UUID
    case_id: UUID
    number: int
    centre_id: int
    body: dict[str, Any]
    issued_at: datetime
    voided_at: datetime | None
    printed: int
    link: str
    tendered_baisa: int | None
    card_reference: str


@dataclass(frozen=True)
class PendingView:
    """A payment that is not settled: since when, by whom, why, and what was heard of it."""

    payment_id: UUID
    case_id: UUID
    case_code: str
    means: str
    state: str
    baisa: int
    since: datetime
    taken_by: UUID
    doubt: str
    doubted_at: datetime | None
    is_registered: bool
    is_withdrawn: bool
    provider_reference: str
    link: str
    next_ask_at: datetime | None


@dataclass(frozen=True)
class RefundView:
    """A refund that was asked for, and what was decided."""

    id: UUID
    case_id: UUID
    case_code: str
    payment_id: UUID
    means: str
    baisa: int
    state: str
    reason: str
    asked_at: datetime
    asked_by: UUID
    decided_at: datetime | None
    decided_by: UUID | None
    note: str
    given_at: datetime | None

    @property
    def is_being_given(self) -> bool:
        return self.state == rules.APPROVED and self.given_at is None


@dataclass(frozen=True)
class FurtherStage:
    """A further step of a sent request. `is_paid` also where the list asks nothing for it."""

    stage: str
    name: Text
    baisa: int
    is_paid: bool


@dataclass(frozen=True)
class DrawerView:
    """A drawer, open or counted."""

    id: UUID
    account_id: UUID
    opened_at: datetime
    float_baisa: int
    expected_baisa: int
    counted_baisa: int | None
    counted_at: datetime | None
    variance_reason: str

    @property
    def variance_baisa(self) -> int:
        return (self.counted_baisa or 0) - self.expected_baisa if self.counted_at else 0


@dataclass(frozen=True)
class DayView:
    """A centre's day in the ledger. Takings are net of what was given back on the day."""

    business_date: date
    balances: dict[Account, int]
    cash_baisa: int
    card_baisa: int
    link_baisa: int
    refunded_baisa: int
    drawers: tuple[DrawerView, ...]
    closes: tuple[tuple[datetime, UUID, dict[str, int]], ...]

    @property
    def taken_baisa(self) -> int:
        return self.cash_baisa + self.card_baisa + self.link_baisa


def live_quote(case: UUID, *, at: datetime) -> QuoteView | None:
    """The quote that is being agreed or was paid last, with whether today's lists still give it.

    An agreement that was given under an earlier mandate counts no more.
    """
    found = Quote.objects.filter(case_id=case, replaced_at=None).order_by("-made_at", "-id").first()
    if found is None:
        return None
    paid = Payment.objects.filter(quote=found, state=rules.CONFIRMED).exists()
    changed = False
    if not paid:
        try:
            require_unchanged(found, at)
        except FeeChanged:
            changed = True
        except Refused:  # a withdrawn service is said by the case, not by its quote
            changed = False
    agreed = paid or quotes.is_agreed(found)
    return _quote(found, paid=paid, changed=changed, agreed=agreed)


def is_quote_of(quote: UUID, case: UUID) -> bool:
    """Whether a quote in sight belongs to this case."""
    return Quote.objects.filter(id=quote, case_id=case).exists()


def owes_resend(case: UUID, *, at: datetime) -> bool:
    """Whether the list charges for a resend that was not paid since the case was last sent."""
    found = cases.case(case, at=at)
    service = catalogue.service_by_id(found.service_id, business_date(at))
    return quotes.owes_resend(case, service, submitted_at=found.submitted_at)


def open_payment_of(case: UUID) -> PendingView | None:
    """The payment of a case that is begun or in doubt."""
    found = _open_payments().filter(payment__case_id=case).first()
    return _pending(found) if found else None


def open_payments(centre: int) -> list[PendingView]:
    """Every payment of a centre that is not settled, the oldest first."""
    found = _open_payments().filter(centre_id=centre).order_by("since", "payment_id")
    return [_pending(p) for p in found]


def in_doubt_count(centre: int) -> int:
    """How many payments of a centre are in doubt."""
    return Payment.objects.filter(centre_id=centre, state=rules.IN_DOUBT).count()


def is_payment_of(payment: UUID, centre: int) -> bool:
    return Payment.objects.filter(id=payment, centre_id=centre).exists()


def refunds_pending_count(centre: int) -> int:
    """How many refunds of a centre wait for a second person."""
    return Refund.objects.filter(centre_id=centre, state=rules.PENDING).count()


def refunds_of_centre(centre: int) -> list[RefundView]:
    """A centre's refunds: those that wait first, then those being given, then the newest."""
    found = Refund.objects.filter(centre_id=centre).select_related("payment", "case")
    order = Case(
        When(state=rules.PENDING, then=0),
        When(state=rules.APPROVED, given_at=None, then=1),
        default=2,
    )
    return [_refund(r) for r in found.order_by(order, "-asked_at")[:MOST_IN_A_LIST]]


def refund(refund_id: UUID) -> RefundView | None:
    """A refund in sight."""
    found = Refund.objects.filter(id=refund_id).select_related("payment", "case").first()
    return _refund(found) if found else None


def live_refund_of(case: UUID) -> RefundView | None:
    """The refund of a case that waits for a decision, or is being given back."""
    found = Refund.objects.filter(case_id=case, given_at=None).exclude(state=rules.DECLINED)
    return next(map(_refund, found.select_related("payment", "case")), None)


def open_drawers(centre: int) -> list[DrawerView]:
    found = Drawer.objects.filter(centre_id=centre, counted_at=None).order_by("opened_at")
    return [_drawer(d) for d in found]


def further_stages(case: UUID, *, at: datetime) -> list[FurtherStage]:
    """What the official list offers for a sent request beside sending it again."""
    found = cases.case(case, at=at)
    if found.submitted_at is None:
        return []
    service = catalogue.service_by_id(found.service_id, business_date(at))
    return [
        FurtherStage(
            stage, catalogue.STAGE_NAMES[stage], service.fee_lines[stage].baisa,
            service.fee_lines[stage].baisa == 0 or quotes.is_paid(case, stage),
        )
        for stage in quotes.further_stages(service)
    ]  # fmt: skip


def owes_stated_fee(case: UUID, *, at: datetime) -> bool:
    """Whether the entity stated a fee for this case that was not paid."""
    stated = cases.case(case, at=at).stated_fee_baisa
    return bool(stated) and not quotes.is_paid(case, rules.GOVERNMENT)


def fees_to_collect(centre: int, *, at: datetime) -> list[cases.CaseLine]:
    """Requests of a centre whose stated government fee was not paid, longest untouched first."""
    stated = cases.with_stated_fee(centre)
    paid = set(
        Payment.objects.filter(
            case_id__in=stated, quote__stage=rules.GOVERNMENT, state=rules.CONFIRMED
        ).values_list("case_id", flat=True)
    )
    return cases.lines_of([case for case in stated if case not in paid], at=at)


def fee_paid_at(case: UUID) -> datetime | None:
    """When the fee that an entity stated was paid, as that entity."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT till_fee_paid_at(%s)", [case])
        found: datetime | None = cursor.fetchone()[0]
    return found


def centre_of_payment(payment: UUID) -> int | None:
    """The centre of a payment, as the system."""
    return Payment.objects.filter(id=payment).values_list("centre_id", flat=True).first()


def due_to_ask(*, at: datetime) -> list[tuple[UUID, int]]:
    """Links that the provider should have been asked about by now, as the system."""
    found = Pending.objects.filter(next_ask_at__lt=at, outcome="").order_by("next_ask_at")
    return list(found.values_list("payment_id", "centre_id"))


def due_to_give_back(*, at: datetime) -> list[tuple[UUID, int]]:
    """Approved refunds that the provider should have been asked for by now, as the system."""
    found = Refund.objects.filter(next_ask_at__lt=at, given_at=None, state=rules.APPROVED)
    return list(found.order_by("next_ask_at").values_list("id", "centre_id"))


def receipts_of(case: UUID) -> list[ReceiptView]:
    found = Receipt.objects.filter(case_id=case).select_related("payment").order_by("number")
    return [_receipt(r) for r in found]


def receipt(receipt_id: UUID) -> ReceiptView:
    """Raises `NoSuchReceipt`."""
    found = Receipt.objects.filter(id=receipt_id).select_related("payment").first()
    if found is None:
        raise NoSuchReceipt
    return _receipt(found)


def open_drawer_of(account: UUID) -> DrawerView | None:
    found = Drawer.objects.filter(account_id=account, counted_at=None).first()
    return _drawer(found) if found else None


def drawer(drawer_id: UUID) -> DrawerView | None:
    """A drawer in sight, open or counted."""
    found = Drawer.objects.filter(id=drawer_id).first()
    return _drawer(found) if found else None


def day(centre: int, *, at: datetime) -> DayView:
    """The business day of `at`, from the ledger."""
    on = business_date(at)
    start, end = day_bounds(on)
    drawers = Drawer.objects.filter(
        Q(business_date=on) | Q(counted_at=None) | Q(counted_at__gte=start, counted_at__lt=end),
        centre_id=centre,
    ).order_by("opened_at")
    closes = DayClose.objects.filter(centre_id=centre, business_date=on).order_by("closed_at")
    taken = ledger.takings(centre=centre, since=start, before=end)
    return DayView(
        business_date=on,
        balances=ledger.balances(centre=centre, since=start, before=end),
        cash_baisa=taken[rules.CASH],
        card_baisa=taken[rules.CARD],
        link_baisa=taken[rules.LINK],
        refunded_baisa=ledger.given_back(centre=centre, since=start, before=end),
        drawers=tuple(_drawer(d) for d in drawers),
        closes=tuple((c.closed_at, c.closed_by, c.figures) for c in closes),
    )


def check_signatures() -> tuple[str, ...]:
    """A line for each receipt, in sight, whose signature or signed words are not right.

    Read centre by centre, so that a national quarter fits into memory.
    """
    found: list[str] = []
    for centre in ReceiptSeries.objects.order_by("centre_id").values_list("centre_id", flat=True):
        rows = list(
            Receipt.objects.filter(centre_id=centre)
            .order_by("number")
            .values_list("number", "body", "key_version", "signature", "case__code",
                         "payment__baisa", "payment__means")
        )  # fmt: skip
        signed = ((body.encode(), version, bytes(sign)) for _, body, version, sign, *_ in rows)
        for row, is_genuine in zip(rows, keyring().genuine(signed), strict=True):
            number, body, _, _, code, baisa, means = row
            if not is_genuine:
                found.append(f"receipt {number} of centre {centre}: the signature does not hold")
            elif not receipts.says(json.loads(body), (centre, number, code), (baisa, means)):
                found.append(f"receipt {number} of centre {centre}: it says another payment")
    return tuple(found)


def _quote(q: Quote, *, paid: bool, changed: bool, agreed: bool) -> QuoteView:
    return QuoteView(
        id=q.id, case_id=q.case_id, stage=q.stage, lines=tuple(
            LineView(
                line.stage, catalogue.STAGE_NAMES[line.stage], _unit(line),
                line.units, line.baisa, line.cap_baisa * line.units, line.own_price is not None,
            )
            for line in lines_of(q)
        ),
        centre_baisa=q.centre_baisa, government_baisa=q.government_baisa, vat_baisa=q.vat_baisa,
        total_baisa=total_of(q).total_baisa, agreed_at=q.agreed_at if agreed else None,
        paid=paid, changed=changed, made_at=q.made_at,
    )  # fmt: skip


def _open_payments() -> "QuerySet[Pending]":
    found = Pending.objects.filter(payment__state__in=rules.OPEN)
    return found.select_related("payment", "payment__case")


def _pending(p: Pending) -> PendingView:
    return PendingView(
        payment_id=p.payment_id, case_id=p.payment.case_id, case_code=p.payment.case.code,
        means=p.means, state=p.payment.state, baisa=p.payment.baisa, since=p.since,
        taken_by=p.taken_by, doubt=p.doubt, doubted_at=p.doubted_at,
        is_registered=p.registered_at is not None, is_withdrawn=p.withdrawn_at is not None,
        provider_reference=p.provider_reference, next_ask_at=p.next_ask_at,
        link=unsettled.link_of(p.payment_id) if p.means == rules.LINK else "",
    )  # fmt: skip


def _refund(r: Refund) -> RefundView:
    return RefundView(
        id=r.id, case_id=r.case_id, case_code=r.case.code, payment_id=r.payment_id,
        means=r.payment.means, baisa=r.payment.baisa, state=r.state, reason=r.reason,
        asked_at=r.asked_at, asked_by=r.asked_by, decided_at=r.decided_at,
        decided_by=r.decided_by, note=r.note, given_at=r.given_at,
    )  # fmt: skip


def _unit(line: rules.Line) -> str:
    return "request" if line.fee_line is None else catalogue.unit_of(line.fee_line)


def _receipt(r: Receipt) -> ReceiptView:
    return ReceiptView(
        id=r.id, case_id=r.case_id, number=r.number, centre_id=r.centre_id,
        body=json.loads(r.body), issued_at=r.issued_at, voided_at=r.voided_at, printed=r.printed,
        link=receipts.proof_link(r.body, r.key_version, bytes(r.signature)),
        tendered_baisa=r.payment.tendered_baisa, card_reference=r.payment.card_reference,
    )  # fmt: skip


def _drawer(d: Drawer) -> DrawerView:
    expected = d.expected_baisa if d.counted_at else ledger.drawer_balance(d.id)
    return DrawerView(
        id=d.id, account_id=d.account_id, opened_at=d.opened_at, float_baisa=d.float_baisa,
        expected_baisa=int(expected or 0), counted_baisa=d.counted_baisa,
        counted_at=d.counted_at, variance_reason=d.variance_reason,
    )  # fmt: skip
