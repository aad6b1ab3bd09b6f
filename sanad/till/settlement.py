"""Government fees: held for their entity, stated line by line, handed over once."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction

from sanad.db import sql
from sanad.eventlog.actions import append
from sanad.lib.business_day import day_bounds
from sanad.lib.ids import new_id
from sanad.lib.money import format_omr
from sanad.lib.refusal import N_, Refused
from sanad.lib.secrets_in_text import require_no_secret
from sanad.till import ledger
from sanad.till.models import SettledTransfer, Settlement
from sanad.till.rules import Account, Posting

PAID_FROM = (Account.BANK, Account.SAFE)
SHORTEST_REFERENCE = 4


class NothingHeld(Refused):
    code = "till.nothing_held"
    sentence = N_(
        "Nothing is held for this entity up to that day, so there is nothing to hand over."
    )


class StatementChanged(Refused):
    code = "till.statement_changed"
    sentence = N_(
        "The statement came to OMR {shown} when it was shown, and comes to OMR {now} now. Look at "
        "it again, then hand over what it says."
    )


class SettledMeanwhile(Refused):
    code = "till.settled_meanwhile"
    sentence = N_("Somebody else settled a part of this at the same moment. Look at it again.")


class SettlementReference(Refused):
    code = "till.settlement_reference"
    sentence = N_(
        "Type the reference of the transfer, at least four letters or digits, one that was not "
        "used for this entity before."
    )


@dataclass(frozen=True)
class HeldLine:
    """Government money of one payment, or of its reversal, that is still held."""

    transfer: UUID
    case_id: UUID
    code: str
    entity_id: int
    at: datetime
    receipt: int | None
    baisa: int


@dataclass(frozen=True)
class SettlementView:
    """What was handed over."""

    id: UUID
    entity_id: int
    until: date
    baisa: int
    paid_from: str
    reference: str
    at: datetime
    by: UUID
    lines: int


def statement(*, centre: int, until: date, entity: int | None = None) -> list[HeldLine]:
    """What is held for an entity, or for all, from payments up to and including a day."""
    _, before = day_bounds(until)
    asked = {"centre": centre, "before": before, "entity": entity}
    return [HeldLine(**row) for row in sql.rows("till/held_for_entity", asked)]


def held_by_entity(*, centre: int, until: date) -> dict[int, tuple[int, int, datetime]]:
    """By entity: baisa held, lines, and the moment of the oldest."""
    found: dict[int, tuple[int, int, datetime]] = {}
    for line in statement(centre=centre, until=until):
        baisa, lines, oldest = found.get(line.entity_id, (0, 0, line.at))
        found[line.entity_id] = (baisa + line.baisa, lines + 1, min(oldest, line.at))
    return found


def settle(
    *, centre: int, entity: int, until: date, paid_from: Account, reference: str,
    shown_baisa: int, at: datetime, by: UUID,
) -> UUID:  # fmt: skip
    """Hand over all that is held for an entity up to a day, as the statement showed it.

    Each line is settled once: the database refuses the second of two who settle together. Raises
    `NothingHeld`, `StatementChanged`, `SettledMeanwhile`, `SettlementReference`.
    """
    assert paid_from in PAID_FROM
    if len(reference.strip()) < SHORTEST_REFERENCE:
        raise SettlementReference
    require_no_secret(reference)
    lines = statement(centre=centre, until=until, entity=entity)
    baisa = sum(line.baisa for line in lines)
    if baisa != shown_baisa:
        raise StatementChanged(shown=format_omr(shown_baisa), now=format_omr(baisa))
    if baisa <= 0:
        raise NothingHeld
    posted = ledger.post(
        centre=centre, at=at,
        postings=[Posting(Account.HELD_FOR_ENTITY, paid_from, baisa, "settlement")],
    )  # fmt: skip
    settlement = Settlement(
        id=new_id(), centre_id=centre, entity_id=entity, until=until, baisa=baisa,
        paid_from=paid_from, reference=reference.strip()[:60], transfer=posted[0], at=at, by=by,
    )  # fmt: skip
    _write(settlement, lines)
    append(
        "settlement.made", at=at, by=by, centre=centre, settlement=settlement.id, entity=entity,
        baisa=baisa, lines=len(lines),
    )  # fmt: skip
    return settlement.id


def settlements(*, centre: int, entity: int | None = None) -> list[SettlementView]:
    """What was handed over, newest first."""
    found = Settlement.objects.filter(centre_id=centre).order_by("-at")
    if entity is not None:
        found = found.filter(entity_id=entity)
    return [
        SettlementView(
            id=s.id, entity_id=s.entity_id, until=s.until, baisa=s.baisa, paid_from=s.paid_from,
            reference=s.reference, at=s.at, by=s.by, lines=s.settled.count(),
        )
        for s in found[:100]
    ]  # fmt: skip


def yesterday(on: date) -> date:
    """The last day that is over: what is handed over is usually up to here."""
    return on - timedelta(days=1)


def _write(settlement: Settlement, lines: list[HeldLine]) -> None:
    try:
        with transaction.atomic():
            settlement.save(force_insert=True)
    except IntegrityError as error:
        raise SettlementReference from error
    try:
        with transaction.atomic():
            SettledTransfer.objects.bulk_create(
                SettledTransfer(
                    transfer_id=line.transfer, centre_id=settlement.centre_id, settlement=settlement
                )
                for line in lines
            )
    except IntegrityError as error:
        raise SettledMeanwhile from error
