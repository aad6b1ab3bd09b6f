"""The network's figures, each with its meaning, formula and source. No Django in here.

A KPI is a function over day rows: of one day or many, of one centre or all, from the log or from
a simulation that emits the same columns. `None` means "nothing to measure", which is not zero.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from sanad.lib.bilingual import Text

COUNT, MINUTES, PERCENT, BAISA = "count", "minutes", "percent", "baisa"
FROM_THE_LOG: Final = Text(
    ar="سجل الأحداث، بالاستعلام oversight/sql/centre_day.sql",
    en="the event log, by the query oversight/sql/centre_day.sql",
)


@dataclass(frozen=True)
class DayRow:
    """What one centre did on one business day. Amounts are whole baisa, times are seconds."""

    centre: int
    day: date
    tickets: int = 0
    tickets_started: int = 0
    wait_seconds_total: int = 0
    visits: int = 0
    cases_opened: int = 0
    cases_submitted: int = 0
    cases_returned: int = 0
    cases_decided: int = 0
    taken_cash_baisa: int = 0
    taken_card_baisa: int = 0
    refunded_cash_baisa: int = 0
    refunded_card_baisa: int = 0

    @property
    def cash_baisa(self) -> int:
        """Cash taken less cash given back."""
        return self.taken_cash_baisa - self.refunded_cash_baisa

    @property
    def card_baisa(self) -> int:
        """Card takings less what was given back."""
        return self.taken_card_baisa - self.refunded_card_baisa


@dataclass(frozen=True)
class Kpi:
    """A figure that can be explained to whoever asks."""

    code: str
    name: Text
    definition: Text
    formula: Text
    unit: str
    source: Text
    of: Callable[[Sequence[DayRow]], float | None]


def _total(column: str) -> Callable[[Sequence[DayRow]], float | None]:
    return lambda rows: _sum(getattr(row, column) for row in rows) if rows else None


def wait_mean_minutes(rows: Sequence[DayRow]) -> float | None:
    """Minutes from a ticket to sitting down, over the tickets that sat down."""
    return _ratio(
        _sum(r.wait_seconds_total for r in rows), _sum(r.tickets_started for r in rows), 60
    )


def returned_percent(rows: Sequence[DayRow]) -> float | None:
    """Returns for correction in a hundred requests sent."""
    return _ratio(100 * _sum(r.cases_returned for r in rows), _sum(r.cases_submitted for r in rows))


def taken_baisa(rows: Sequence[DayRow]) -> float | None:
    """What came in less what was given back, government money included."""
    return _sum(row.cash_baisa + row.card_baisa for row in rows) if rows else None


def _sum(values: Iterable[int]) -> int:
    return sum(values)


def _ratio(over: int, under: int, scale: int = 1) -> float | None:
    return over / under / scale if under else None


KPIS: Final = {
    kpi.code: kpi
    for kpi in (
        Kpi(
            "visits",
            Text("الزيارات", "Visits"),
            Text("من جلسوا إلى المنضدة، بتذكرة أو من دونها.",
                 "People who sat down at the counter, with a ticket or without."),
            Text("عدد أحداث visit.started", "number of visit.started events"),
            COUNT, FROM_THE_LOG, _total("visits"),
        ),
        Kpi(
            "wait_mean_minutes",
            Text("متوسط الانتظار", "Mean wait"),
            Text("الدقائق من أخذ التذكرة إلى الجلوس، لمن جلسوا.",
                 "Minutes from ticket to sitting down, of those who sat down."),
            Text("مجموع wait_seconds ÷ عدد أحداث visit.started ذات التذكرة ÷ 60",
                 "sum of wait_seconds ÷ number of visit.started events with a ticket ÷ 60"),
            MINUTES, FROM_THE_LOG, wait_mean_minutes,
        ),
        Kpi(
            "cases_opened",
            Text("الطلبات المفتوحة", "Requests opened"),
            Text("الخدمات التي طُلبت.", "Services that were asked for."),
            Text("عدد أحداث case.opened", "number of case.opened events"),
            COUNT, FROM_THE_LOG, _total("cases_opened"),
        ),
        Kpi(
            "cases_submitted",
            Text("الطلبات المرسلة", "Requests sent"),
            Text("ما سُلّم إلى الجهات، وكل إعادة إرسال تُعد مرة.",
                 "Handed to entities; each resend counts once more."),
            Text("عدد أحداث case.submitted", "number of case.submitted events"),
            COUNT, FROM_THE_LOG, _total("cases_submitted"),
        ),
        Kpi(
            "returned_percent",
            Text("المعاد للتصحيح", "Returned for correction"),
            Text("ما أعادته الجهات من كل مئة طلب أُرسل.",
                 "How many of a hundred requests sent came back for correction."),
            Text("100 × عدد case.returned ÷ عدد case.submitted",
                 "100 × number of case.returned ÷ number of case.submitted"),
            PERCENT, FROM_THE_LOG, returned_percent,
        ),
        Kpi(
            "cases_decided",
            Text("القرارات", "Decisions"),
            Text("ما بتت فيه الجهات، قبولًا أو رفضًا.", "Decided by entities, either way."),
            Text("عدد أحداث case.decided", "number of case.decided events"),
            COUNT, FROM_THE_LOG, _total("cases_decided"),
        ),
        Kpi(
            "taken_baisa",
            Text("المتحصلات", "Takings"),
            Text("ما دخل نقدًا وبالبطاقة ناقصًا ما رُدّ، وفيه أموال الجهات.",
                 "Cash and card taken less what was given back, the entities' money included."),
            Text("مجموع baisa في payment.confirmed − مجموعه في payment.refunded",
                 "sum of baisa in payment.confirmed − sum of it in payment.refunded"),
            BAISA, FROM_THE_LOG, taken_baisa,
        ),
    )
}  # fmt: skip
