"""One way to lock rows, in one order, late, and never for long.

The order is `Rank`, from the first to be locked to the last; docs/locks.md says why it is so.
Two transactions that lock in the same order cannot wait for each other in a circle. A lock taken
out of order is a defect of the program and is refused at once, in tests as in service.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from enum import IntEnum
from typing import Any, TypeVar

from django.db import OperationalError
from django.db.models import Model, QuerySet

from sanad.lib.refusal import N_, Refused

LONGEST_WAIT = "2s"
WAITED_IN_VAIN = ("55P03", "40P01")  # lock not available; deadlock
M = TypeVar("M", bound=Model)


class Rank(IntEnum):
    """The order in which rows are locked."""

    TICKET_SERIES = 10
    TICKET = 20
    OFFER = 25
    VISIT = 30
    PERSON = 35
    CASE = 40
    MANDATE = 50
    QUOTE = 60
    PAYMENT = 70
    DELIVERY = 80
    DRAWER = 90
    RECEIPT_SERIES = 100


class LockedOutOfOrder(AssertionError):  # noqa: N818 - it says what happened
    """The program asked for a lock that must come before one it already holds."""


class Busy(Refused):
    code = "db.busy"
    sentence = N_("Somebody else is working on this at the moment. Wait a little and try again.")


_highest: ContextVar[Rank | None] = ContextVar("highest_lock", default=None)
_together: ContextVar[frozenset[tuple[Rank, Any]]] = ContextVar("together", default=frozenset())


def lock(rank: Rank, rows: "QuerySet[M]", *, together: bool = False) -> list[M]:
    """The rows, locked until the transaction ends, in the order of their keys.

    Rows that are locked `together`, before anything is done with one of them, may be asked for
    again later: see `is_held`. Raises `LockedOutOfOrder` for a programming error and `Busy` when
    another transaction holds a row for longer than `LONGEST_WAIT`, which `db.scope.acting` states.
    """
    _require_order(rank)
    with busy_said():
        found = list(rows.order_by("pk").select_for_update(of=("self",)))
    _highest.set(rank)
    if together:
        _together.set(_together.get() | {(rank, row.pk) for row in found})
    return found


def is_held(rank: Rank, key: Any) -> bool:
    """Whether a row was locked together with others earlier in this transaction."""
    return (rank, key) in _together.get()


def lock_first_free(rank: Rank, rows: "QuerySet[M]") -> M | None:
    """The first of the rows, in their own order, that nobody else holds; None where all are held.

    This is how two people at once never get the same one. Raises `LockedOutOfOrder`.
    """
    _require_order(rank)
    found = rows.select_for_update(of=("self",), skip_locked=True).first()
    _highest.set(rank)
    return found


@contextmanager
def locked_by_statement(rank: Rank) -> Iterator[None]:
    """For a statement that locks its row by itself, such as an upsert of a counter row.

    Raises what `lock` raises.
    """
    _require_order(rank)
    with busy_said():
        yield
    _highest.set(rank)


def _require_order(rank: Rank) -> None:
    held = _highest.get()
    if held is not None and rank < held:
        raise LockedOutOfOrder(f"{rank.name} asked for while {held.name} is held")


@contextmanager
def busy_said() -> Iterator[None]:
    """A wait that took too long, or a circle of waits, is said as `Busy`.

    The time limit holds for every wait of the transaction: two inserts of the same unique key,
    for example.
    """
    try:
        yield
    except OperationalError as error:
        if getattr(error.__cause__, "sqlstate", "") in WAITED_IN_VAIN:
            raise Busy from error
        raise


@contextmanager
def given_back_on_error() -> Iterator[None]:
    """What is locked in a part of a transaction is given back when the part is rolled back."""
    before, together = _highest.get(), _together.get()
    try:
        yield
    except BaseException:
        _highest.set(before)
        _together.set(together)
        raise


@contextmanager
def fresh_order() -> Iterator[None]:
    """The start of a transaction: no lock is held yet."""
    token, ours = _highest.set(None), _together.set(frozenset())
    try:
        yield
    finally:
        _highest.reset(token)
        _together.reset(ours)
