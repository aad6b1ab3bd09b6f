"""The report of a quarter as PDF: about eight A4 pages, in Arabic or in English.

`QuarterReport` is plain values, so that whoever counts them needs to know nothing of paper. Every
page says that the figures are simulated where they are.
"""

import json
import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, Final

import typst
from django.conf import settings

from sanad.lib.bilingual import Text
from sanad.lib.business_day import in_muscat
from sanad.lib.quarters import Quarter
from sanad.oversight.report_words import QUARTERS, WORDS

TEMPLATE = Path(__file__).parent / "print" / "quarter.typ"
WEIGHTS = ("400Regular", "600SemiBold", "700Bold")
LANGUAGES = ("ar", "en")
SHADES: Final = 5
MOST_SERVICES: Final = 10
# Latin words, codes, formulas and numbers inside Arabic text stand in one piece, left to right.
_LATIN: Final = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9 .,:/_%=+\-–−]*[A-Za-z0-9%])?")
UNSAID: Final = Text("", "")
_ISOLATE: Final = "\u2066{}\u2069"


@dataclass(frozen=True)
class TableRow:
    """A line of the announced table. `announced` is empty where nothing was announced."""

    label: Text
    announced: Text
    counted: int
    meaning: Text = UNSAID
    is_percent: bool = False


@dataclass(frozen=True)
class KpiRow:
    """A KPI with its value as it is to be read; empty where there is nothing to measure.

    `unit` is that of `value` as it stands: rials, where an amount was written in rials.
    """

    name: Text
    definition: Text
    formula: Text
    unit: Text
    source: Text
    value: str


@dataclass(frozen=True)
class GovernorateRow:
    """One of the eleven. `code` is the Ministry of Interior's, 1 to 11; the map places it by it."""

    code: int
    name: Text
    centres: int
    jobs: int
    transactions: int
    people: int


@dataclass(frozen=True)
class ServiceRow:
    """One of the services with the most transactions."""

    rank: int
    name: Text
    entity: Text
    transactions: int


@dataclass(frozen=True)
class YearRow:
    """What the ministry's portal counted in a year and governorate: its open data, not ours."""

    year: int
    governorate_code: int
    transactions: int
    income_baisa: int


@dataclass(frozen=True)
class QuarterReport:
    """Everything the report says. `seed` names the simulated history, where there is one.

    `calibration` is what the figures were set to agree with, empty in a real network;
    `announced_source` says who announced the announced figures; `source` where ours were counted;
    `definition` is that of a transaction; `version` is the program's.
    """

    quarter: Quarter
    calibration: Text
    is_simulated: bool
    seed: str
    issued_at: datetime
    version: str
    definition: Text
    source: Text
    announced_source: Text
    rows: Sequence[TableRow]
    kpis: Sequence[KpiRow]
    governorates: Sequence[GovernorateRow]
    services: Sequence[ServiceRow]
    series: Sequence[YearRow]


def report_pdf(report: QuarterReport, *, language: str) -> bytes:
    """The bytes of the PDF in "ar" or "en"."""
    assert language in LANGUAGES, language
    data = json.dumps(report_data(report, language), ensure_ascii=False)
    made = _compiler().compile(str(TEMPLATE), format="pdf", sys_inputs={"data": data})
    assert isinstance(made, bytes)
    return made


def report_data(report: QuarterReport, language: str) -> dict[str, Any]:
    """What the template draws: texts of one language, numbers as they are to be read."""

    def said(text: Text) -> str:
        shown = text.in_language(language)
        return _LATIN.sub(lambda run: _ISOLATE.format(run[0]), shown) if language == "ar" else shown

    transactions = sum(one.transactions for one in report.governorates)
    return {
        "language": language,
        "words": {name: said(text) for name, text in WORDS.items()},
        "title": said(QUARTERS[report.quarter.number]),
        "year": str(report.quarter.year),
        "code": str(report.quarter),
        "first_day": report.quarter.first_day.isoformat(),
        "last_day": report.quarter.last_day.isoformat(),
        "calibration": said(report.calibration),
        "simulated": report.is_simulated,
        "seed": report.seed,
        "issued_at": f"{in_muscat(report.issued_at):%Y-%m-%d %H:%M}",
        "version": report.version,
        "definition": said(report.definition),
        "source": said(report.source),
        "announced_source": said(report.announced_source),
        "rows": [
            {
                "label": said(row.label),
                "announced": said(row.announced),
                "counted": f"{row.counted:,}" + ("%" if row.is_percent else ""),
                "meaning": said(row.meaning),
            }
            for row in report.rows
        ],
        "kpis": [
            {
                "name": said(row.name), "definition": said(row.definition),
                "formula": said(row.formula), "unit": said(row.unit), "source": said(row.source),
                "value": row.value,
            }
            for row in report.kpis
        ],
        "governorates": _governorates(report.governorates, transactions, said),
        "total": _total(report.governorates, transactions),
        "services": _services(report.services, transactions, said),
        "years": _years(report.series),
        "by_governorate": _by_governorate(report, said),
    }  # fmt: skip


@cache
def _compiler() -> typst.Compiler:
    """One compiler a process: fonts are read once. System fonts never decide how we look."""
    fonts = settings.HOME / "node_modules" / "@expo-google-fonts" / "ibm-plex-sans-arabic"
    return typst.Compiler(
        root=str(TEMPLATE.parent),
        font_paths=[str(fonts / weight) for weight in WEIGHTS],
        ignore_system_fonts=True,
    )


def _governorates(
    rows: Sequence[GovernorateRow], transactions: int, said: Any
) -> list[dict[str, Any]]:
    ranked = sorted(row.transactions for row in rows if row.transactions)
    return [
        {
            "code": row.code,
            "name": said(row.name),
            "centres": f"{row.centres:,}",
            "jobs": f"{row.jobs:,}",
            "people": f"{row.people:,}",
            "transactions": f"{row.transactions:,}",
            "share": _percent(row.transactions, transactions),
            "people_per_centre": _each(row.people, row.centres),
            "per_centre": _each(row.transactions, row.centres),
            "shade": _shade(row.transactions, ranked),
        }
        for row in rows
    ]


def _total(rows: Sequence[GovernorateRow], transactions: int) -> dict[str, str]:
    centres, jobs = sum(row.centres for row in rows), sum(row.jobs for row in rows)
    people = sum(row.people for row in rows)
    return {
        "centres": f"{centres:,}",
        "jobs": f"{jobs:,}",
        "people": f"{people:,}",
        "transactions": f"{transactions:,}",
        "people_per_centre": _each(people, centres),
        "per_centre": _each(transactions, centres),
    }


def _services(
    rows: Sequence[ServiceRow], transactions: int, said: Any
) -> list[dict[str, str | float]]:
    shown = list(rows)[:MOST_SERVICES]
    most = max((row.transactions for row in shown), default=1) or 1
    return [
        {
            "rank": str(row.rank),
            "name": said(row.name),
            "entity": said(row.entity),
            "transactions": f"{row.transactions:,}",
            "share": _percent(row.transactions, transactions),
            "part": row.transactions / most,
        }
        for row in shown
    ]


def _years(series: Sequence[YearRow]) -> list[dict[str, str | float]]:
    """The country's total by year, and its part of the greatest year's."""
    transactions: dict[int, int] = defaultdict(int)
    income: dict[int, int] = defaultdict(int)
    for row in series:
        transactions[row.year] += row.transactions
        income[row.year] += row.income_baisa
    most = max(transactions.values(), default=1) or 1
    return [
        {
            "year": str(year),
            "transactions": f"{transactions[year]:,}",
            "thousands": f"{transactions[year] / 1000:,.0f}",
            "income": f"{income[year] / 1000:,.0f}",
            "part": transactions[year] / most,
        }
        for year in sorted(transactions)
    ]


def _by_governorate(report: QuarterReport, said: Any) -> list[dict[str, Any]]:
    """Transactions of each governorate by year, in the order of the governorates."""
    found = {(row.governorate_code, row.year): row.transactions for row in report.series}
    years = sorted({row.year for row in report.series})
    return [
        {
            "name": said(one.name),
            "values": [f"{found.get((one.code, year), 0):,}" for year in years],
        }
        for one in report.governorates
    ]


def _shade(value: int, ranked: list[int]) -> int:
    """By rank, because one governorate is twenty times another: equal steps would show one."""
    return 1 + ranked.index(value) * SHADES // len(ranked) if value else 0


def _percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f}%" if whole else "–"


def _each(over: int, under: int) -> str:
    return f"{over / under:,.0f}" if under else "–"
