"""Cash that moves without a payment: into and out of a drawer, and from the safe to the bank."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from sanad.db.locks import Rank, lock
from sanad.eventlog.actions import append
from sanad.lib.ids import new_id
from sanad.lib.money import baisa as require_baisa
from sanad.lib.money import format_omr
from sanad.lib.refusal import N_, Refused
from sanad.lib.secrets_in_text import require_no_secret
from sanad.till import ledger
from sanad.till.models import CashMove, Drawer
from sanad.till.rules import CASH_IN, CASH_OUT, DEPOSIT, Account, Posting

SHORTEST_REASON = 4
# From where to where: (debit, credit).
_WAYS = {
    CASH_IN: (Account.DRAWER, Account.SAFE),
    CASH_OUT: (Account.SAFE, Account.DRAWER),
    DEPOSIT: (Account.BANK, Account.SAFE),
}


class NothingMoved(Refused):
    code = "till.nothing_moved"
    sentence = N_("The amount is zero, so nothing moves. Type what is put in or taken out.")


class MoveReasonMissing(Refused):
    code = "till.move_reason"
    sentence = N_(
        "Say in a few words why cash is moved, or the bank's reference; it stays with the day."
    )


class DrawerNotOpen(Refused):
    code = "till.drawer_not_open"
    sentence = N_(
        "This drawer is counted or is not yours. Cash moves in an open drawer of your own."
    )


class MoreThanInDrawer(Refused):
    code = "till.more_than_in_drawer"
    sentence = N_(
        "The drawer holds less than OMR {asked}, so that much cannot be taken out. Count it if you "
        "think it holds more."
    )


class UndoneAlready(Refused):
    code = "till.undone_already"
    sentence = N_("This move was posted back already, or is itself a correction. Look at the list.")


class NoSuchMove(Refused):
    code = "till.no_such_move"
    sentence = N_("There is no such move at this centre. Reload the page.")


@dataclass(frozen=True)
class MoveView:
    """A move of cash as the day shows it."""

    id: UUID
    kind: str
    baisa: int
    reason: str
    at: datetime
    by: UUID
    undone: bool
    undoes: bool


def move_cash(*, drawer: UUID, kind: str, baisa: int, reason: str, at: datetime, by: UUID) -> UUID:
    """Put cash from the safe into one's own open drawer (`cash_in`), or take it out (`cash_out`).

    Raises `DrawerNotOpen`, `MoreThanInDrawer`, `NothingMoved`, `MoveReasonMissing`.
    """
    assert kind in (CASH_IN, CASH_OUT)
    found = lock(Rank.DRAWER, Drawer.objects.filter(id=drawer, counted_at=None, account_id=by))
    if not found:
        raise DrawerNotOpen
    if kind == CASH_OUT and ledger.drawer_balance(drawer) < baisa:
        raise MoreThanInDrawer(asked=format_omr(baisa))
    return _move(found[0].centre_id, kind, baisa, reason, drawer=drawer, at=at, by=by).id


def deposit(*, centre: int, baisa: int, reference: str, at: datetime, by: UUID) -> UUID:
    """Cash of the safe was paid in at the bank, under the bank's reference.

    Raises `NothingMoved` or `MoveReasonMissing`.
    """
    return _move(centre, DEPOSIT, baisa, reference, drawer=None, at=at, by=by).id


def undo(*, move: UUID, reason: str, at: datetime, by: UUID) -> UUID:
    """Post a move back because it was a mistake: once, and never a correction of a correction.

    Raises `NoSuchMove`, `UndoneAlready`, `DrawerNotOpen`, `MoreThanInDrawer`, `MoveReasonMissing`.
    """
    found = CashMove.objects.filter(id=move).first()
    if found is None:
        raise NoSuchMove
    if found.undoes_id is not None or CashMove.objects.filter(undoes=found).exists():
        raise UndoneAlready
    if found.drawer_id is not None:
        _require_room(found, found.drawer_id)
    return _move(
        found.centre_id, found.kind, found.baisa, reason, drawer=found.drawer_id, at=at, by=by,
        undoes=found,
    ).id  # fmt: skip


def moves_between(*, centre: int, since: datetime, before: datetime) -> list[MoveView]:
    """The moves of a stretch of time, oldest first."""
    found = CashMove.objects.filter(centre_id=centre, at__gte=since, at__lt=before)
    rows = list(found.order_by("at", "id"))
    undone = set(CashMove.objects.filter(undoes__in=rows).values_list("undoes_id", flat=True))
    return [
        MoveView(
            id=row.id, kind=row.kind, baisa=row.baisa, reason=row.reason, at=row.at, by=row.by,
            undone=row.id in undone, undoes=row.undoes_id is not None,
        )
        for row in rows
    ]  # fmt: skip


def _require_room(move: CashMove, drawer: UUID) -> None:
    """A drawer that was counted is closed for good, and an open one gives what it holds."""
    if not lock(Rank.DRAWER, Drawer.objects.filter(id=drawer, counted_at=None)):
        raise DrawerNotOpen
    if move.kind == CASH_IN and ledger.drawer_balance(drawer) < move.baisa:
        raise MoreThanInDrawer(asked=format_omr(move.baisa))


def _move(
    centre: int, kind: str, baisa: int, reason: str, *, drawer: UUID | None, at: datetime,
    by: UUID, undoes: CashMove | None = None,
) -> CashMove:  # fmt: skip
    if require_baisa(baisa) == 0:
        raise NothingMoved
    if len(reason.strip()) < SHORTEST_REASON:
        raise MoveReasonMissing
    require_no_secret(reason)
    debit, credit = _WAYS[kind] if undoes is None else reversed(_WAYS[kind])
    posted = ledger.post(
        centre=centre, postings=[Posting(debit, credit, baisa, kind)], at=at, drawer=drawer
    )
    move = CashMove(
        id=new_id(), centre_id=centre, kind=kind, drawer_id=drawer, baisa=baisa,
        reason=reason.strip()[:200], transfer=posted[0], undoes=undoes, at=at, by=by,
    )  # fmt: skip
    try:
        with transaction.atomic():
            move.save(force_insert=True)
    except IntegrityError as error:  # somebody else posted it back at the same moment
        raise UndoneAlready from error
    details: dict[str, Any] = {"move": move.id, "way": kind, "baisa": baisa}
    append(
        "cash.moved", at=at, by=by, centre=centre, undoes=undoes.id if undoes else None, **details
    )
    return move
