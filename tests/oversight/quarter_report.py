"""A whole report of made-up values, marked as what it is; for tests of the paper."""

from datetime import UTC, datetime

from sanad.centres.files import read_network
from sanad.lib.bilingual import Text
from sanad.lib.quarters import Quarter
from sanad.oversight.kpis import BAISA, KPIS, UNITS, Kpi
from sanad.oversight.report_pdf import (
    GovernorateRow,
    KpiRow,
    QuarterReport,
    ServiceRow,
    TableRow,
    YearRow,
)

NETWORK = read_network()
SERVICES = (
    Text(
        "بيانات اختبار: تجديد بطاقة مقيم للعمل بعد الفحص الطبي", "Test data: renew a resident card"
    ),
    Text("بيانات اختبار: إصدار بطاقة مقيم", "Test data: issue a resident card"),
    Text("بيانات اختبار: تجديد ترخيص عمل", "Test data: renew a work permit"),
)
VALUES = (
    "800,412", "1,204,377", "7.4", "812,001", "846,950", "6.1%", "641,220", "2.3", "91.4%", "88.0%",
    "4,811,250.500", "2,412,004.000", "2,613.222", "867.2", "340.6", "371", "",
)  # fmt: skip


def report(**changed: object) -> QuarterReport:
    """The third quarter of 2025 with test data in every place."""
    values = {
        "quarter": Quarter(2025, 3),
        "calibration": Text("الأرقام المعلنة", "announced figures"),
        "is_simulated": True,
        "seed": "20250930",
        "issued_at": datetime(2025, 9, 30, 6, 0, tzinfo=UTC),
        "version": "0.1.0 (test)",
        "definition": KPIS["transactions"].definition,
        "source": KPIS["transactions"].source,
        "announced_source": Text(
            "كما أُعلن في ديسمبر 2025 ونقلته الصحافة",
            "as announced in December 2025 and reported by the press",
        ),
        "rows": (
            _row("المراكز", "Centres", 920, 923, more=True),
            _row("الوظائف", "Jobs", 2_350, 2_350, more=True),
            _row("المعاملات", "Transactions", 800_000, 800_412, more=True),
            _row("الخدمات", "Services", 388, 388),
            TableRow(
                Text("نسبة التعمين", "Omani share"), Text("100%", "100%"), 100, is_percent=True
            ),
        ),
        "kpis": tuple(
            KpiRow(kpi.name, kpi.definition, kpi.formula, _unit(kpi), kpi.source, value)
            for kpi, value in zip(KPIS.values(), VALUES, strict=False)
        ),
        "governorates": tuple(
            GovernorateRow(one.code, one.name, one.centres, 2 * one.centres + 40,
                           900 * one.centres + one.code, 5_000 * one.centres + 7)
            for one in NETWORK.governorates
        ),
        "services": tuple(
            ServiceRow(rank, SERVICES[rank % 3], Text("وزارة الصحة", "Ministry of Health"),
                       420_000 // rank)
            for rank in range(1, 11)
        ),
        "series": tuple(
            YearRow(one.year, one.governorate_code, one.transactions, one.income_baisa)
            for one in NETWORK.series
        ),
    }  # fmt: skip
    return QuarterReport(**(values | changed))


def _unit(kpi: Kpi) -> Text:
    return Text("ريال عماني", "rials") if kpi.unit == BAISA else UNITS[kpi.unit]


def _row(ar: str, en: str, announced: int, counted: int, *, more: bool = False) -> TableRow:
    said = Text(f"أكثر من {announced:,}", f"more than {announced:,}")
    return TableRow(
        label=Text(ar, en),
        announced=said if more else Text(f"{announced:,}", f"{announced:,}"),
        counted=counted,
        meaning=Text("بيانات اختبار، وليست من الشبكة", "Test data, not the network's"),
    )
