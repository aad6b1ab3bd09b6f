"""The quarter's report, filled from the figures: what the page shows and the paper says."""

from datetime import datetime
from importlib.metadata import PackageNotFoundError, version

from sanad.centres import queries as centres
from sanad.lib.bilingual import Text
from sanad.lib.money import format_omr
from sanad.lib.quarters import Quarter
from sanad.oversight import kpis, queries
from sanad.oversight.announced import OF_QUARTER, SOURCE
from sanad.oversight.kpis import KPIS, Kpi, Network
from sanad.oversight.quarter import QuarterFigures, from_facts
from sanad.oversight.report_pdf import (
    GovernorateRow,
    KpiRow,
    QuarterReport,
    ServiceRow,
    TableRow,
    YearRow,
)

RIALS = Text("ريال عماني", "rials")
CALIBRATIONS = {
    "announced": Text("الأرقام المعلنة", "announced figures"),
    "portal": Text("سلسلة البوابة", "the portal's series"),
}
MEANINGS = {
    "centres": Text("المراكز", "Centres"),
    "jobs": Text("الوظائف", "Jobs"),
    "transactions": Text("المعاملات", "Transactions"),
    "services": Text("الخدمات", "Services"),
    "omanisation_percent": Text("نسبة العمانيين", "Omani share"),
}
MORE_THAN = frozenset({"centres", "jobs", "transactions"})


def quarter_report(
    quarter: Quarter, *, calibration: str | None, seed: str, at: datetime
) -> QuarterReport:
    """The report of a quarter from the day facts, in the reader's scope, issued at `at`.

    `calibration` names a demonstration's, None for a real network; `seed` its history's.
    """
    found = from_facts(quarter)
    return QuarterReport(
        quarter=quarter, calibration=CALIBRATIONS.get(calibration or "", Text("", "")),
        is_simulated=calibration is not None, seed=seed if calibration else "", issued_at=at,
        version=_version(), definition=KPIS["transactions"].definition,
        source=KPIS["transactions"].source, announced_source=SOURCE, rows=_rows(found),
        kpis=tuple(
            KpiRow(kpi.name, kpi.definition, kpi.formula, _unit(kpi), kpi.source,
                   written(kpi, value))
            for kpi, value in values(found)
        ),
        governorates=tuple(
            GovernorateRow(line.code, line.name, line.centres, line.jobs, line.transactions,
                           line.people)
            for line in found.by_governorate
        ),
        services=tuple(
            ServiceRow(rank, line.name, line.entity_name, line.transactions)
            for rank, line in enumerate(found.top_services, start=1)
        ),
        series=tuple(
            YearRow(row.year, row.governorate_code, row.transactions, row.income_baisa)
            for row in centres.portal_series()
        ),
    )  # fmt: skip


def values(found: QuarterFigures) -> list[tuple[Kpi, float | None]]:
    """Every KPI of a quarter with its value; None where there is nothing to measure."""
    first, last = found.quarter.first_day, found.quarter.last_day
    rows = queries.rows_by_centre(first=first, last=last)
    network = Network(found.centres, found.jobs, found.services_used if rows else None)
    return [(kpi, kpi.of(rows, network)) for kpi in KPIS.values()]


def written(kpi: Kpi, value: float | None) -> str:
    """A KPI's value as it is read; empty where there is nothing to measure."""
    if value is None:
        return ""
    if kpi.unit == kpis.BAISA:
        return format_omr(round(value))
    whole = kpi.unit == kpis.COUNT and float(value).is_integer()
    text = f"{value:,.0f}" if whole else f"{value:,.1f}"
    return text + ("%" if kpi.unit == kpis.PERCENT else "")


def _rows(found: QuarterFigures) -> tuple[TableRow, ...]:
    said = OF_QUARTER.get(found.quarter)
    return tuple(
        TableRow(label, _announced(code, getattr(said, code, None)),
                 round(getattr(found, code) or 0), is_percent=code == "omanisation_percent")
        for code, label in MEANINGS.items()
    )  # fmt: skip


def _announced(code: str, value: int | None) -> Text:
    if value is None:
        return Text("", "")
    text = f"{value:,}" + ("%" if code == "omanisation_percent" else "")
    more = code in MORE_THAN
    return Text(f"أكثر من {text}" if more else text, f"more than {text}" if more else text)


def _unit(kpi: Kpi) -> Text:
    return RIALS if kpi.unit == kpis.BAISA else kpis.UNITS[kpi.unit]


def _version() -> str:
    try:
        return version("sanad")
    except PackageNotFoundError:  # run from a checkout that was never installed
        return "0.1.0"
