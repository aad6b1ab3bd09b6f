"""Reads about money, within the reader's scope. Amounts are whole baisa."""

import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Q

from sanad.beneficiaries.queries import keyring
from sanad.cases import queries as cases
from sanad.catalogue import queries as catalogue
from sanad.lib.bilingual import Text
from sanad.lib.business_day import business_date, day_bounds
from sanad.lib.refusal import N_, Refused
from sanad.till import ledger, quotes, receipts, rules
from sanad.till.models import DayClose, Drawer, Payment, Quote, Receipt, ReceiptSeries
from sanad.till.prices import OwnPriceView, own_price, own_price_history, own_prices
from sanad.till.quotes import FeeChanged, lines_of, require_priced, require_unchanged, total_of
from sanad.till.rules import Account

__all__ = [
    "DayView",
    "DrawerView",
    "LineView",
    "NoSuchReceipt",
    "OwnPriceView",
    "QuoteView",
    "ReceiptView",
    "check_signatures",
    "day",
    "drawer",
    "is_quote_of",
    "live_quote",
    "open_drawer_of",
    "owes_resend",
    "own_price",
    "own_price_history",
    "own_prices",
    "receipt",
    "receipts_of",
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
    refunded_baisa: int
    drawers: tuple[DrawerView, ...]
    closes: tuple[tuple[datetime, UUID, dict[str, int]], ...]

    @property
    def taken_baisa(self) -> int:
        return self.cash_baisa + self.card_baisa


def live_quote(case: UUID, *, at: datetime) -> QuoteView | None:
    """The quote that is being agreed or was paid last, with whether today's lists still give it.

    An agreement that was given under an earlier mandate counts no more.
    """
    found = Quote.objects.filter(case_id=case, replaced_at=None).order_by("-made_at").first()
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
