"""The arithmetic of quotes, payments and drawers, without I/O. docs/pricing.md has it in prose.

All amounts are whole baisa.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from sanad.lib.bilingual import Text
from sanad.lib.money import baisa, format_omr
from sanad.lib.refusal import N_, Refused


class Account(StrEnum):
    """The accounts of a centre's ledger. Cash and card are what came in; the rest, whose it is."""

    DRAWER = "drawer"
    SAFE = "safe"
    CARD_CLEARING = "card_clearing"
    LINK_CLEARING = "link_clearing"  # what the payment provider has and owes us
    HELD_FOR_ENTITY = "held_for_entity"
    EARNED = "earned"
    VAT_DUE = "vat_due"
    IN_DOUBT = "in_doubt"
    VARIANCE = "variance"
    BANK = "bank"


ACCOUNTS = tuple(Account)
CASH_IN, CASH_OUT, DEPOSIT = "cash_in", "cash_out", "deposit"
CASH_MOVES = (CASH_IN, CASH_OUT, DEPOSIT)
CASH, CARD, LINK = "cash", "card", "link"
MEANS = (CASH, CARD, LINK)
AT_ONCE = (CASH, CARD)  # known at the counter, in the moment it is taken
INITIATED, CONFIRMED, FAILED, IN_DOUBT, REFUNDED = (
    "initiated",
    "confirmed",
    "failed",
    "in_doubt",
    "refunded",
)
PAYMENT_STATES = (INITIATED, CONFIRMED, FAILED, IN_DOUBT, REFUNDED)
COUNTS_AS_PAID = frozenset({CONFIRMED})
OPEN = frozenset({INITIATED, IN_DOUBT})  # while one of these stands, nothing else is taken
STATE_NAMES = {
    INITIATED: Text("بدأت ولم تُدفع بعد", "begun, not paid yet"),
    CONFIRMED: Text("مؤكدة", "confirmed"),
    FAILED: Text("لم تتم", "failed"),
    IN_DOUBT: Text("غير محسومة", "in doubt"),
    REFUNDED: Text("رُدّت", "given back"),
}
# What may follow; sql/payments.sql holds the same in the database.
FOLLOWS: dict[str, frozenset[str]] = {
    INITIATED: frozenset({CONFIRMED, FAILED, IN_DOUBT}),
    IN_DOUBT: frozenset({CONFIRMED, FAILED}),
    CONFIRMED: frozenset({REFUNDED}),
    FAILED: frozenset(),
    REFUNDED: frozenset(),
}
RECEIVES: dict[str, Account] = {
    CASH: Account.DRAWER,
    CARD: Account.CARD_CLEARING,
    LINK: Account.LINK_CLEARING,
}
# The kinds of transfers that say whose the money of a payment is.
CHARGES = ("centre_charge", "vat", "government")
DOUBT, NOT_CHARGED = "doubt", "not_charged"
# Why a payment is in doubt: who left it open, or said what cannot be.
TERMINAL, PROVIDER, AMOUNT = "terminal", "provider", "amount"
DOUBTS = (TERMINAL, PROVIDER, AMOUNT)
PENDING, APPROVED, DECLINED = "pending", "approved", "declined"
REFUND_STATES = (PENDING, APPROVED, DECLINED)
# The stage that a first request is charged as: the first of these that the list has.
FIRST_STAGES = ("submit", "buy_tickets", "pay", "update", "accept")
RESEND = "resend"
# Not a stage of the official list: the entity's own fee, stated after the request was sent.
GOVERNMENT = "government"
# The stage that a centre's own price is for; the official list has none for the service.
OWN_STAGE = "submit"
CARD_REFERENCE_DIGITS = range(4, 21)
CARD_NUMBER_DIGITS = range(13, 20)
MOST_UNITS = 999
# Notes and coins of Oman in use at counters, in baisa.
PIECES = (50_000, 20_000, 10_000, 5_000, 1_000, 500, 100, 50, 25, 10, 5)


# The provider is asked again after a quarter of the time that a payment has been open.
FIRST_ASK, LONGEST_ASK = timedelta(seconds=5), timedelta(minutes=15)
CLAIM_LASTS = timedelta(seconds=60)
UNANSWERED_SAYS_DOUBT = 3  # asks in a row without a clear answer


class AboveCap(Refused):
    code = "till.above_cap"
    sentence = N_(
        "OMR {asked} is above the published OMR {cap} for this stage. The official list is a "
        "ceiling; charge {cap} or less."
    )


class UnitsRefused(Refused):
    code = "till.units"
    sentence = N_("“{text}” is not a number of pages. Type a whole number from 1 to {most}.")


class MeansUnknown(Refused):
    code = "till.means_unknown"
    sentence = N_("Money is taken in cash, by card or by a payment link. Choose one of them.")


class NotTheAmount(Refused):
    code = "till.not_the_amount"
    sentence = N_(
        "OMR {tendered} is less than the total of OMR {total}. Take the whole amount before "
        "giving a receipt."
    )


class CardReferenceRefused(Refused):
    code = "till.card_reference"
    sentence = N_(
        "“{text}” is not a terminal reference. Type the 4 to 20 digits that the terminal printed "
        "on its slip; never the card's number."
    )


class LooksLikeCardNumber(Refused):
    code = "till.card_number"
    sentence = N_(
        "That looks like a card's number, which is never kept here. Type the reference from the "
        "terminal's slip."
    )


class PaymentStands(Refused):
    code = "till.payment_stands"
    sentence = N_(
        "This payment is “{state}” already, so that step is not possible. Reload the page to see "
        "what can be done now."
    )


class ReasonForVariance(Refused):
    code = "till.reason_for_variance"
    sentence = N_(
        "The drawer differs from what was expected. Count again, and if it stays so say why in a "
        "few words."
    )


class PiecesDiffer(Refused):
    code = "till.pieces_differ"
    sentence = N_(
        "The pieces come to OMR {pieces}, and the total says OMR {total}. Count again, or correct "
        "one of them."
    )


@dataclass(frozen=True)
class Line:
    """What the centre charges for one stage; the cap is for each of `units`.

    It is by a line of the official list, or by the centre's own price: one of the two.
    """

    stage: str
    fee_line: int | None
    cap_baisa: int
    baisa: int
    units: int = 1
    own_price: int | None = None


@dataclass(frozen=True)
class Total:
    """The four lines of a quote. `government_baisa` is None while the entity has not said."""

    centre_baisa: int
    government_baisa: int | None
    vat_baisa: int

    @property
    def total_baisa(self) -> int:
        """What is paid now: an unknown government fee is not part of it."""
        return self.centre_baisa + (self.government_baisa or 0) + self.vat_baisa


@dataclass(frozen=True)
class Posting:
    """`baisa` from `credit` to `debit`."""

    debit: Account
    credit: Account
    baisa: int
    kind: str
    line: Line | None = None


def price(lines: Sequence[Line], *, government_baisa: int | None, vat_per_mille: int) -> Total:
    """The four lines. VAT is on the centre's own charge, rounded half up to the baisa.

    Raises what `require_below_cap` raises.
    """
    for line in lines:
        require_below_cap(line)
    centre = sum(line.baisa for line in lines)
    return Total(centre, government_baisa, vat_on(centre, vat_per_mille))


def require_below_cap(line: Line) -> None:
    """Raises `AboveCap`, or `NotWholeBaisa` for what is no amount at all."""
    baisa(line.baisa)
    cap = line.cap_baisa * line.units
    if line.baisa > cap:
        raise AboveCap(asked=format_omr(line.baisa), cap=format_omr(cap))


def require_units(units: int, *, typed: str = "") -> int:
    """How many pages a charge by the page is for. Raises `UnitsRefused`."""
    if type(units) is not int or units not in range(1, MOST_UNITS + 1):
        raise UnitsRefused(text=typed or str(units), most=MOST_UNITS)
    return units


def vat_on(baisa: int, per_mille: int) -> int:
    """VAT in whole baisa, half a baisa rounded up; of a number, or of arrays of numbers."""
    return (baisa * per_mille + 500) // 1000


def follow(state: str, following: str) -> str:
    """The state that a payment goes into. Raises `PaymentStands`."""
    if following not in FOLLOWS[state]:
        raise PaymentStands(state=STATE_NAMES[state])
    return following


def ask_after(age: timedelta) -> timedelta:
    """How long to wait before the provider is asked again about what is open for so long."""
    return min(max(age / 4, FIRST_ASK), LONGEST_ASK)


def doubt(total_baisa: int, means: str) -> list[Posting]:
    """A payment that may have been charged: the whole of it, and nobody's yet."""
    return _one(Posting(RECEIVES[means], Account.IN_DOUBT, total_baisa, DOUBT))


def doubt_unfounded(total_baisa: int, means: str) -> list[Posting]:
    """It was not charged: what `doubt` posted, taken back."""
    return _one(Posting(Account.IN_DOUBT, RECEIVES[means], total_baisa, NOT_CHARGED))


def _one(posting: Posting) -> list[Posting]:
    return [posting] if posting.baisa else []


def postings(
    total: Total, lines: Sequence[Line], means: str, *, doubted: bool = False
) -> list[Posting]:
    """A payment in the ledger: what came in, by whose it is. Their sum is the total.

    What was in doubt lies in its account already, and goes from there to whose it is.
    """
    into = Account.IN_DOUBT if doubted else RECEIVES[means]
    found = [Posting(into, Account.EARNED, line.baisa, "centre_charge", line) for line in lines]
    found.append(Posting(into, Account.VAT_DUE, total.vat_baisa, "vat"))
    found.append(Posting(into, Account.HELD_FOR_ENTITY, total.government_baisa or 0, "government"))
    kept = [posting for posting in found if posting.baisa > 0]
    assert sum(posting.baisa for posting in kept) == total.total_baisa
    return kept


def change_due(*, total_baisa: int, tendered_baisa: int) -> int:
    """Raises `NotTheAmount`."""
    if tendered_baisa < total_baisa:
        raise NotTheAmount(tendered=format_omr(tendered_baisa), total=format_omr(total_baisa))
    return tendered_baisa - total_baisa


def clean_card_reference(digits: str, *, typed: str) -> str:
    """The terminal's reference. Raises `LooksLikeCardNumber` or `CardReferenceRefused`."""
    # A card's number is known however it is grouped, and is not repeated to the screen.
    grouped = re.sub(r"[\s./-]", "", digits)
    if len(grouped) in CARD_NUMBER_DIGITS and grouped.isdecimal() and _luhn(grouped):
        raise LooksLikeCardNumber
    if not digits.isdecimal() or len(digits) not in CARD_REFERENCE_DIGITS:
        raise CardReferenceRefused(text=typed)
    return digits


def variance(*, expected_baisa: int, counted_baisa: int, reason: str) -> int:
    """Counted less expected. Raises `ReasonForVariance` where they differ without a reason."""
    if counted_baisa != expected_baisa and len(reason.strip()) < 4:
        raise ReasonForVariance
    return counted_baisa - expected_baisa


def require_pieces(pieces: dict[int, int], *, counted_baisa: int) -> None:
    """That the notes and coins come to the total. Raises `PiecesDiffer`."""
    total = sum(piece * number for piece, number in pieces.items())
    if total != counted_baisa:
        raise PiecesDiffer(pieces=format_omr(total), total=format_omr(counted_baisa))


def first_stage(stages: set[str]) -> str | None:
    """The stage that a first request is charged as; None where the list has none."""
    return next((stage for stage in FIRST_STAGES if stage in stages), None)


def _luhn(digits: str) -> bool:
    doubled = [int(d) * 2 if i % 2 else int(d) for i, d in enumerate(reversed(digits))]
    return sum(d - 9 if d > 9 else d for d in doubled) % 10 == 0
