"""The figures of a quarter: the announced table, the map, the KPIs, each with where it comes from.

Everything here reads day facts. Each figure leads to its rows: `quarter_rows` draws them.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_GET

from sanad.accounts.roles import Role
from sanad.lib.business_day import business_date
from sanad.lib.quarters import Quarter
from sanad.lib.refusal import N_
from sanad.oversight import kpis, queries
from sanad.oversight.announced import OF_QUARTER
from sanad.oversight.kpis import Kpi
from sanad.oversight.quarter import GovernorateLine, QuarterFigures, from_facts
from sanad.oversight.quarter_report import quarter_report, values, written
from sanad.oversight.report_pdf import LANGUAGES, report_pdf
from sanad.web.shell.screen import SanadRequest, screen

READERS = screen(Role.MINISTRY, Role.ANALYST, Role.INSPECTOR)
OFFERED_BACK: Final = 8
SHADES: Final = 5


@dataclass(frozen=True)
class Announcement:
    """One line of the announced table. `more` says that the announcement said “more than”."""

    name: str
    value: float | None
    announced: int | None
    more: bool
    meaning: str
    rows: str
    is_percent: bool = False


@dataclass(frozen=True)
class Shown:
    """A KPI with its value as text; empty where there is nothing to measure."""

    kpi: Kpi
    value: str
    baisa: int | None
    rows: str


@dataclass(frozen=True)
class Measure:
    """What the map is shaded by."""

    code: str
    name: str
    of: Callable[[GovernorateLine], float | None]


@dataclass(frozen=True)
class Tile:
    """One governorate of the map: its value and its shade, 1 to 5; 0 where there is none."""

    line: GovernorateLine
    value: float | None
    shade: int


MEASURES: Final = (
    Measure("transactions", N_("Transactions"), lambda line: line.transactions),
    Measure("centres", N_("Centres"), lambda line: line.centres),
    Measure(
        "transactions_per_centre",
        N_("Transactions per centre"),
        lambda line: line.transactions_per_centre,
    ),
    Measure("people_per_centre", N_("People per centre"), lambda line: line.people_per_centre),
)
# The KPIs whose rows lie by service; those of the registry by governorate; the rest by day.
ROWS_OF: Final = {
    "services_used": "quarter_services",
    "centres_active": "quarter_centres",
    "income_per_centre_baisa": "quarter_centres",
    "transactions_per_centre": "quarter_governorates",
    "transactions_per_job": "quarter_governorates",
    "transactions": "quarter_centres",
}


@READERS
@require_GET
def latest(request: SanadRequest) -> HttpResponse:
    """The quarter that was asked for, else that of today."""
    asked = request.GET.get("quarter")
    wanted = Quarter.parse(asked) if asked else Quarter.containing(business_date(request.at))
    return redirect("quarter", str(wanted))


@READERS
@require_GET
def quarter(request: SanadRequest, quarter: str) -> HttpResponse:
    """The whole table of one quarter. Raises `QuarterRefused`, which becomes a page."""
    wanted = Quarter.parse(quarter)
    found = from_facts(wanted)
    tiles, legend, measure = _map(found, request.GET.get("measure", ""))
    context = common(wanted) | {
        "found": found,
        "announced": _announced(found),
        "announcement": OF_QUARTER.get(wanted),
        "kpis": _kpis(found),
        "tiles": tiles,
        "legend": legend,
        "measure": measure,
        "measures": MEASURES,
        "offered": _offered(request, wanted),
    }
    return render(request, "network/quarter.html", context)


@READERS
@require_GET
def report(request: SanadRequest, quarter: str) -> HttpResponse:
    """The same on paper, in the language asked for, else the reader's."""
    wanted = Quarter.parse(quarter)
    asked = request.GET.get("language", get_language() or "ar")
    language = asked if asked in LANGUAGES else "ar"
    filled = quarter_report(
        wanted, calibration=settings.SANAD_DEMONSTRATION, seed=settings.SANAD_SEED, at=request.at
    )
    response = HttpResponse(report_pdf(filled, language=language), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="sanad-{wanted}-{language}.pdf"'
    return response


def common(wanted: Quarter) -> dict[str, Any]:
    """What every page of a quarter says."""
    return {
        "quarter": wanted,
        "code": str(wanted),
        "filled_at": queries.refilled_at(first=wanted.first_day, last=wanted.last_day),
        "simulated": settings.SANAD_DEMONSTRATION,
    }


def _announced(found: QuarterFigures) -> list[Announcement]:
    said = OF_QUARTER.get(found.quarter)

    def row(name: str, code: str, meaning: str, route: str, *, more: bool = True) -> Announcement:
        return Announcement(
            name, getattr(found, code), getattr(said, code, None), more, meaning,
            reverse(route, args=[found.quarter]), code == "omanisation_percent",
        )  # fmt: skip

    return [
        row(N_("Centres"), "centres", N_("Licensed on the quarter's last day."),
            "quarter_governorates"),
        row(N_("Jobs"), "jobs", N_("People with a post at a centre at the quarter's end, owners"
            " included; two posts at one centre are one job."), "quarter_governorates"),
        row(N_("Transactions"), "transactions",
            N_("Requests handed to their entity for the first time in the quarter."),
            "quarter_governorates"),
        row(N_("Services"), "services", N_("Offered on the quarter's last day: in the catalogue"
            " and not withdrawn."), "quarter_services", more=False),
        row(N_("Omani share"), "omanisation_percent", N_("Of the jobs at the quarter's end."),
            "quarter_governorates", more=False),
    ]  # fmt: skip


def _kpis(found: QuarterFigures) -> list[Shown]:
    return [
        Shown(
            kpi,
            written(kpi, value),
            round(value) if kpi.unit == kpis.BAISA and value is not None else None,
            reverse(ROWS_OF.get(kpi.code, "quarter_days"), args=[found.quarter]),
        )
        for kpi, value in values(found)
    ]


def _map(found: QuarterFigures, asked: str) -> tuple[list[Tile], list[tuple[int, Any, Any]], Any]:
    """The tiles, each shade's least and greatest value, and the measure."""
    measure = next((one for one in MEASURES if one.code == asked), MEASURES[0])
    values = {line.code: measure.of(line) for line in found.by_governorate}
    ranked = sorted(value for value in values.values() if value)
    tiles = [
        Tile(line, values[line.code], _shade(values[line.code], ranked))
        for line in found.by_governorate
    ]
    legend = []
    for shade in range(1, SHADES + 1):
        inside = [tile.value for tile in tiles if tile.shade == shade and tile.value is not None]
        if inside:
            legend.append((shade, min(inside), max(inside)))
    return tiles, legend, measure


def _shade(value: float | None, ranked: list[float]) -> int:
    """By rank, because one governorate is twenty times another: equal steps would show one."""
    if not value:
        return 0
    return 1 + ranked.index(value) * SHADES // len(ranked)


def _offered(request: SanadRequest, wanted: Quarter) -> list[str]:
    """The quarters of the chooser, the newest first."""
    one = Quarter.containing(business_date(request.at))
    found = {wanted}
    for _ in range(OFFERED_BACK):
        found.add(one)
        one = one.previous
    return [str(each) for each in sorted(found, reverse=True)]
