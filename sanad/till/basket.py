"""Several requests of one visit, agreed to and paid together: one tender, a receipt for each.

The rows are locked kind by kind, in the order of docs/locks.md: cases, mandates, quotes.
Each request has a payment and a numbered receipt of its own, as if it had been paid alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sanad.cases import actions as cases
from sanad.cases import queries as case_queries
from sanad.cases.queries import CaseLine
from sanad.cases.rules import Status
from sanad.lib.money import baisa as require_baisa
from sanad.lib.refusal import N_, Refused
from sanad.till import queries, rules
from sanad.till.actions import agreed_to, require_agreeable
from sanad.till.models import Payment, Receipt
from sanad.till.queries import QuoteView
from sanad.till.taking import (
    AnotherPayment,
    complete,
    dealt,
    drawer_for,
    quote_of,
    reference,
    require_payable,
    written,
)

MOST_TOGETHER = 50
# A slip's reference stands on the first payment; on the others it is followed by their place.
LONGEST_SHARED_REFERENCE = 16


class BasketEmpty(Refused):
    code = "till.basket_empty"
    sentence = N_("Nothing in this visit is ready to be paid. Finish a form first, then come back.")


class TooManyTogether(Refused):
    code = "till.too_many_together"
    sentence = N_("At most {most} requests are paid together. Pay these in two parts.")


class ReferenceTooLong(Refused):
    code = "till.reference_too_long"
    sentence = N_("For several requests the slip's reference has at most {most} digits. Check it.")


@dataclass(frozen=True)
class Wanted:
    """A payment that is asked for: the id is made where it is asked, so a repeat is the same."""

    payment: UUID
    quote: UUID


@dataclass(frozen=True)
class Basket:
    """What a visit has to pay: each request with its four lines."""

    rows: tuple[tuple[CaseLine, QuoteView], ...]

    @property
    def total_baisa(self) -> int:
        return sum(quote.total_baisa for _, quote in self.rows)

    @property
    def centre_baisa(self) -> int:
        return sum(quote.centre_baisa for _, quote in self.rows)

    @property
    def government_baisa(self) -> int:
        return sum(quote.government_baisa or 0 for _, quote in self.rows)

    @property
    def vat_baisa(self) -> int:
        return sum(quote.vat_baisa for _, quote in self.rows)

    @property
    def has_open_fee(self) -> bool:
        return any(quote.government_baisa is None for _, quote in self.rows)

    @property
    def is_agreed(self) -> bool:
        return bool(self.rows) and all(quote.agreed_at for _, quote in self.rows)


def of_visit(visit: UUID, *, at: datetime) -> Basket:
    """The requests of a visit whose amounts are worked out and not paid, oldest first."""
    found = []
    for line in case_queries.visit(visit).cases:
        quote = queries.live_quote(line.id, at=at) if line.status is Status.READY else None
        if quote is None or quote.paid or quote.changed or queries.open_payment_of(line.id):
            continue
        found.append((line, quote))
    return Basket(tuple(found))


def agree_together(*, quotes: Sequence[UUID], at: datetime, by: UUID) -> None:
    """The person agreed to all of them on the client's screen.

    Raises `BasketEmpty`, `TooManyTogether` and what `agree_quote` raises; then none is agreed to.
    """
    _require_some(quotes)
    asked = [quote_of(quote) for quote in quotes]
    held = cases.locked_together(quote.case_id for quote in asked)
    for quote in asked:
        require_agreeable(quote, held[quote.case_id], at)
    for quote in sorted(asked, key=lambda quote: quote.id):
        agreed_to(quote, held[quote.case_id], at=at, by=by)


def pay_together(
    *, wanted: Sequence[Wanted], means: str, at: datetime, by: UUID,
    tendered_baisa: int | None = None, card_reference: str = "",
) -> list[UUID]:  # fmt: skip
    """Take one tender for all of them; the receipts' ids in the order asked for.

    The same payments again are the same receipts. Raises `BasketEmpty`, `TooManyTogether`,
    `ReferenceTooLong` and what `pay` raises; then nothing moved.
    """
    if means not in rules.AT_ONCE:
        raise rules.MeansUnknown
    _require_some(wanted)
    asked = {one.payment: quote_of(one.quote) for one in wanted}
    held = cases.locked_together(quote.case_id for quote in asked.values())
    known = Payment.objects.filter(id__in=asked)
    if known:
        return _receipts_again(wanted, list(known))
    for quote in asked.values():
        require_payable(quote, held[quote.case_id], at)
    in_order = sorted(asked.items(), key=lambda one: one[1].id)
    deals = {payment: dealt(quote, held[quote.case_id], at) for payment, quote in in_order}
    handed = _handed(means, [deal.total.total_baisa for deal in deals.values()], tendered_baisa)
    slip = _slip(means, card_reference)
    drawer = drawer_for(means, by)
    taken = [
        written(Payment(
            id=payment, quote=deal.quote, case=deal.case, centre_id=deal.case.centre_id,
            drawer=drawer, means=means, state=rules.CONFIRMED, baisa=deal.total.total_baisa,
            tendered_baisa=given, made_at=at, settled_at=at,
            card_reference=slip if not slip or place == 1 else f"{slip}-{place}",
        ))
        for place, ((payment, deal), given) in enumerate(
            zip(deals.items(), handed, strict=True), start=1
        )
    ]  # fmt: skip
    receipts = {
        payment.id: complete(payment, deals[payment.id], at=at, by=by).id for payment in taken
    }
    return [receipts[one.payment] for one in wanted]


def _require_some(asked: Sequence[object]) -> None:
    if not asked:
        raise BasketEmpty
    if len(asked) > MOST_TOGETHER:
        raise TooManyTogether(most=MOST_TOGETHER)


def _receipts_again(wanted: Sequence[Wanted], known: list[Payment]) -> list[UUID]:
    """The receipts of a repeat, which asks for exactly what was paid. Raises `AnotherPayment`."""
    if {(p.id, p.quote_id) for p in known} != {(one.payment, one.quote) for one in wanted}:
        raise AnotherPayment
    found = dict(Receipt.objects.filter(payment__in=known).values_list("payment_id", "id"))
    return [found[one.payment] for one in wanted]


def _handed(means: str, totals: list[int], tendered_baisa: int | None) -> list[int | None]:
    """What each payment is handed: its own total, and the last one the change as well."""
    if means != rules.CASH:
        return [None] * len(totals)
    total = sum(totals)
    tendered = total if tendered_baisa is None else require_baisa(tendered_baisa)
    change = rules.change_due(total_baisa=total, tendered_baisa=tendered)
    return [*totals[:-1], totals[-1] + change]


def _slip(means: str, typed: str) -> str:
    slip = reference(means, typed)
    if len(slip) > LONGEST_SHARED_REFERENCE:
        raise ReferenceTooLong(most=LONGEST_SHARED_REFERENCE)
    return slip
