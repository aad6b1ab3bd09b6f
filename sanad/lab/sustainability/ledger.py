"""One centre's income from its ledger, parted by service, person and hour, as its owner sees it."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import connection

SQL = Path(__file__).parent / "sql"


@dataclass(frozen=True)
class Earned:
    """A part of a centre's income: baisa less refunds, and charges less those given back."""

    baisa: int
    charges: int
    service: str = ""
    entity: int | None = None
    listed: bool = True  # at a price of the official list
    account: UUID | None = None
    hour: int | None = None


@dataclass(frozen=True)
class Books:
    """Income of a span of time; each part adds up to the total."""

    total: Earned
    services: tuple[Earned, ...]
    people: tuple[Earned, ...]
    hours: tuple[Earned, ...]  # in the order of the clock
    first: datetime | None  # the first posting of the span
    held_baisa: int  # taken for entities in the span: not the centre's
    vat_baisa: int  # taken for the tax authority


@dataclass(frozen=True)
class Alike:
    """Centres like one's own in a month; quartiles in baisa and in transactions."""

    month: date
    others: int
    earned: tuple[int, int, int]
    transactions: tuple[int, int, int]


def books(centre: int, *, since: datetime, before: datetime) -> Books:
    """What a centre in sight earned."""
    given = {"centre": centre, "since": since, "before": before}
    parts: dict[str, list[Earned]] = {"total": [], "service": [], "account": [], "hour": []}
    for row in _rows(_text("earned"), given):
        parts[row.pop("part")].append(Earned(**_known(row)))
    [apart] = _rows(_text("apart"), given)
    return Books(
        parts["total"][0], tuple(parts["service"]), tuple(parts["account"]),
        tuple(sorted(parts["hour"], key=lambda one: one.hour or 0)), apart["first"],
        apart["held_baisa"], apart["vat_baisa"],
    )  # fmt: skip


def alike(centre: int, *, month: date) -> Alike | None:
    """Centres of the same governorate and size in a whole month; None of fewer than five."""
    [row] = _rows("SELECT * FROM centres_alike(%(centre)s, %(month)s)",
                  {"centre": centre, "month": month})  # fmt: skip
    if row["others"] is None:
        return None
    return Alike(month, row["others"], tuple(row["earned"]), tuple(row["transactions"]))


def _known(row: dict[str, Any]) -> dict[str, Any]:
    """A row without the columns that its group does not have."""
    return {name: value for name, value in row.items() if value is not None}


def _rows(text: str, given: dict[str, Any]) -> list[dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute(text, given)
        names = [column.name for column in cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


@cache
def _text(name: str) -> str:
    return (SQL / f"{name}.sql").read_text(encoding="utf-8")
