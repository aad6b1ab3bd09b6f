"""The announced table: what the network was at a quarter's end and did in the quarter.

The same figures come from the raw log and from the day facts; a test holds them equal. Screens
read the facts; the log answers when nothing may stand between a change and its count. The result
is made of plain values, so that a report can be built from it anywhere.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Sum

from sanad.accounts import queries as accounts
from sanad.accounts.queries import Staffing
from sanad.catalogue import queries as catalogue
from sanad.catalogue.queries import ListedService
from sanad.centres import queries as centres
from sanad.centres.queries import Licence
from sanad.db import sql
from sanad.lib.bilingual import Text
from sanad.lib.business_day import day_bounds
from sanad.lib.quarters import Quarter
from sanad.oversight.models import DayFact, EntityDayFact

FROM_EVENTS, FROM_FACTS = "events", "day facts"
TOP = 10
NOBODY = Staffing(0, 0)


@dataclass(frozen=True)
class CentreLine:
    """One centre; `is_open` on the quarter's last day."""

    id: int
    governorate: int
    is_open: bool
    jobs: int
    omanis: int
    transactions: int


@dataclass(frozen=True)
class ServiceLine:
    """One service; `is_offered` on the quarter's last day. `entity` is its owner's number."""

    code: str
    name: Text
    entity: int
    entity_name: Text
    is_offered: bool
    transactions: int


@dataclass(frozen=True)
class GovernorateLine:
    """One of the eleven. `people` live there, by the yearbook."""

    code: int
    name: Text
    people: int
    centres: int
    jobs: int
    omanis: int
    transactions: int

    @property
    def people_per_centre(self) -> float | None:
        return self.people / self.centres if self.centres else None

    @property
    def transactions_per_centre(self) -> float | None:
        return self.transactions / self.centres if self.centres else None

    @property
    def omanisation_percent(self) -> float | None:
        return 100 * self.omanis / self.jobs if self.jobs else None


@dataclass(frozen=True)
class QuarterFigures:
    """Everything the table says. The lines add up to the totals."""

    quarter: Quarter
    source: str
    by_centre: tuple[CentreLine, ...]
    by_service: tuple[ServiceLine, ...]
    by_governorate: tuple[GovernorateLine, ...]

    @property
    def centres(self) -> int:
        return sum(line.is_open for line in self.by_centre)

    @property
    def jobs(self) -> int:
        return sum(line.jobs for line in self.by_centre)

    @property
    def omanis(self) -> int:
        return sum(line.omanis for line in self.by_centre)

    @property
    def omanisation_percent(self) -> float | None:
        return 100 * self.omanis / self.jobs if self.jobs else None

    @property
    def transactions(self) -> int:
        return sum(line.transactions for line in self.by_centre)

    @property
    def services(self) -> int:
        return sum(line.is_offered for line in self.by_service)

    @property
    def services_used(self) -> int:
        return sum(line.transactions > 0 for line in self.by_service)

    @property
    def people(self) -> int:
        return sum(line.people for line in self.by_governorate)

    @property
    def top_services(self) -> tuple[ServiceLine, ...]:
        """The ten with the most transactions; equal ones in the order of their codes."""
        used = [line for line in self.by_service if line.transactions]
        return tuple(sorted(used, key=lambda line: (-line.transactions, line.code))[:TOP])

    def as_json(self) -> dict[str, Any]:
        """The document of `bin/sanad report quarter --json`."""
        return {
            "quarter": str(self.quarter),
            "source": self.source,
            "centres": self.centres,
            "jobs": self.jobs,
            "transactions": self.transactions,
            "services": self.services,
            "services_used": self.services_used,
            "omanisation_percent": _rounded(self.omanisation_percent),
            "by_governorate": [_governorate(line) for line in self.by_governorate],
            "top_services": [
                {"code": line.code, "name_ar": line.name.ar, "name_en": line.name.en,
                 "transactions": line.transactions}
                for line in self.top_services
            ],
        }  # fmt: skip


def from_events(quarter: Quarter) -> QuarterFigures:
    """Counted from the log at this moment, in one pass over the index of first submissions."""
    start, end = day_bounds(quarter.first_day)[0], day_bounds(quarter.last_day)[1]
    by_centre: Counter[int] = Counter()
    by_service: Counter[str] = Counter()
    for row in sql.rows("oversight/quarter", {"start": start, "end": end}):
        if row["service"] is None:
            by_centre[row["centre_id"]] = row["transactions"]
        else:
            by_service[row["service"]] = row["transactions"]
    return _figures(quarter, FROM_EVENTS, by_centre, by_service)


def from_facts(quarter: Quarter) -> QuarterFigures:
    """Summed from the day facts, which are as old as their last filling."""
    between = {"business_date__range": (quarter.first_day, quarter.last_day)}
    return _figures(
        quarter,
        FROM_FACTS,
        _sums(DayFact.objects.filter(**between), "centre_id"),
        _sums(EntityDayFact.objects.filter(**between), "service"),
    )


def _sums(facts: Any, key: str) -> Counter[Any]:
    return Counter(dict(facts.values_list(key).annotate(Sum("transactions")).order_by()))


def _figures(
    quarter: Quarter, source: str, by_centre: Counter[int], by_service: Counter[str]
) -> QuarterFigures:
    staffing = accounts.staffing(at=day_bounds(quarter.last_day)[1])
    lines = tuple(
        _centre_line(one, quarter, staffing.get(one.id, NOBODY), by_centre[one.id])
        for one in centres.licences()
    )
    return QuarterFigures(
        quarter=quarter,
        source=source,
        by_centre=lines,
        by_service=tuple(_service_lines(catalogue.listed(quarter.last_day), by_service)),
        by_governorate=tuple(_governorate_lines(lines)),
    )


def _centre_line(
    one: Licence, quarter: Quarter, staffing: Staffing, transactions: int
) -> CentreLine:
    is_open = one.is_licensed(quarter.last_day)
    return CentreLine(
        one.id, one.governorate_code, is_open, staffing.jobs, staffing.omanis, transactions
    )


def _service_lines(
    listed: dict[str, ListedService], transactions: Counter[str]
) -> Iterable[ServiceLine]:
    for one in listed.values():
        yield ServiceLine(
            one.code, one.name, one.entity.number, one.entity.name, one.is_offered,
            transactions[one.code],
        )  # fmt: skip


def _governorate_lines(lines: tuple[CentreLine, ...]) -> Iterable[GovernorateLine]:
    for place in centres.governorates():
        here = [line for line in lines if line.governorate == place.code]
        yield GovernorateLine(
            code=place.code,
            name=place.name,
            people=place.population,
            centres=sum(line.is_open for line in here),
            jobs=sum(line.jobs for line in here),
            omanis=sum(line.omanis for line in here),
            transactions=sum(line.transactions for line in here),
        )


def _governorate(line: GovernorateLine) -> dict[str, Any]:
    return {
        "code": line.code,
        "name_ar": line.name.ar,
        "name_en": line.name.en,
        "centres": line.centres,
        "jobs": line.jobs,
        "transactions": line.transactions,
        "people": line.people,
        "people_per_centre": _rounded(line.people_per_centre),
    }


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 1)
