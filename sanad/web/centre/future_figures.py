"""What the owner's page of the future says, from the ledger and what the owner stated."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from sanad.accounts import queries as accounts
from sanad.centres import queries as centres
from sanad.centres.queries import CentreView
from sanad.centres.stated import Stated
from sanad.lab.sustainability import ledger, owner
from sanad.lab.sustainability.income import MONTH_DAYS
from sanad.lab.sustainability.ledger import Alike, Books
from sanad.lab.sustainability.network import entity_names, service_names
from sanad.lab.sustainability.owner import Dependence, Month
from sanad.lib.bilingual import Text
from sanad.lib.business_day import business_date, day_bounds
from sanad.lib.opening_hours import WeeklyHours
from sanad.oversight import queries as oversight

LOOKED_BACK_DAYS: Final = 92  # three months, today among them
WEEK: Final = 7


@dataclass(frozen=True)
class Line:
    """A part of the income: its name, baisa, charges, and its share of a hundred."""

    name: Text | None
    baisa: int
    charges: int
    share: str
    hour: int | None = None


@dataclass(frozen=True)
class Figures:
    """A centre's last months and what they come to a month."""

    since: date
    days: int
    books: Books
    month: Month
    services: tuple[Line, ...]
    people: tuple[Line, ...]
    hours: tuple[Line, ...]
    dependence: Dependence | None
    entity: Text | None
    service: Text | None


def figures_of(centre: CentreView, stated: Stated, *, at: datetime) -> Figures:
    """The last 92 days, or those since the first income in them."""
    today = business_date(at)
    first = today - timedelta(days=LOOKED_BACK_DAYS - 1)
    books = ledger.books(centre.id, since=day_bounds(first)[0], before=at)
    if books.first is not None:
        first = max(first, business_date(books.first))
    days = (today - first).days + 1
    month = _month(centre, books, stated, days)
    parts = [
        (one.service, one.entity or 0, owner.per_month(one.baisa, days),
         owner.per_month(one.charges, days))
        for one in books.services
    ]  # fmt: skip
    hangs = owner.dependence(month, parts)
    names, services = (
        accounts.names_of({one.account for one in books.people if one.account}),
        (service_names()),
    )
    total = books.total.baisa
    return Figures(
        first, days, books, month,
        tuple(
            Line(services.get(one.service) or Text(one.service, one.service), one.baisa,
                 one.charges, _share(one.baisa, total))
            for one in books.services
        ),
        tuple(
            Line(names.get(one.account) if one.account else None, one.baisa, one.charges,
                 _share(one.baisa, total))
            for one in books.people
        ),
        tuple(
            Line(None, one.baisa, one.charges, _share(one.baisa, total), one.hour)
            for one in books.hours
        ),
        hangs, entity_names().get(hangs.entity) if hangs else None,
        services.get(hangs.service) if hangs else None,
    )  # fmt: skip


def _month(centre: CentreView, books: Books, stated: Stated, days: int) -> Month:
    hours = centres.weekly_hours(centre.id)
    people = max(len(accounts.staff_of(centre.id)), 1)
    listed = sum(one.baisa for one in books.services if one.listed)
    open_days, minutes = _open(hours)
    return Month(
        listed_baisa=owner.per_month(listed, days),
        own_baisa=owner.per_month(books.total.baisa - listed, days),
        charges=owner.per_month(books.total.charges, days), people=people, open_minutes=minutes,
        open_days=open_days * MONTH_DAYS / WEEK,
        costs=owner.costs_with(stated, wilayat=centre.wilayat_code, people=people),
        reserve=stated.reserve,
    )  # fmt: skip


def _open(hours: WeeklyHours) -> tuple[int, float]:
    """Days of a week that it is open, and minutes of such a day on average."""
    days = [spans for spans in hours.days.values() if spans]
    minutes = sum(
        60 * (span.closes.hour - span.opens.hour) + span.closes.minute - span.opens.minute
        for spans in days
        for span in spans
    )
    return len(days), minutes / len(days) if days else 0.0


def _share(part: int, total: int) -> str:
    return f"{100 * part / total:.1f}%" if total > 0 else ""


@dataclass(frozen=True)
class Beside:
    """The centre's own last whole month beside the quartiles of those like it."""

    month: date
    earned: int
    transactions: int  # by the day facts, as those beside it
    alike: Alike | None


def beside(centre: int, *, at: datetime) -> Beside:
    """The last month that is over."""
    this = business_date(at).replace(day=1)
    last = (this - timedelta(days=1)).replace(day=1)
    books = ledger.books(centre, since=day_bounds(last)[0], before=day_bounds(this)[0])
    rows = oversight.day_rows(first=last, last=this - timedelta(days=1), centres=[centre])
    return Beside(
        last, books.total.baisa, sum(row.transactions for row in rows),
        ledger.alike(centre, month=last),
    )  # fmt: skip


def changes_of(now: Month, then: Month) -> list[tuple[str, Any, Any]]:
    """What the two months differ in: code, now, then; baisa or charges."""
    return [
        ("income", round(now.income), round(then.income)),
        ("fixed", now.fixed, then.fixed),
        ("margin", round(now.margin), round(then.margin)),
        ("left", round(now.left), round(then.left)),
    ]
