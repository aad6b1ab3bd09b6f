"""The network's figures, each with its meaning, formula and source. No Django in here.

A KPI is a function over day rows: of one day or many, of one centre or all, from the log or from
a simulation that emits the same columns. `None` means "nothing to measure", which is not zero.

A TRANSACTION is a request handed to an entity for the first time: an event `case.submitted` whose
payload has `resend` false. What is sent again after a correction is the same transaction.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
import numpy.typing as npt

from sanad.lib.bilingual import Text

COUNT, MINUTES, DAYS, PERCENT, BAISA = "count", "minutes", "days", "percent", "baisa"
UNITS: Final = {
    COUNT: Text("عدد", "count"), MINUTES: Text("دقيقة", "minutes"), DAYS: Text("يوم", "days"),
    PERCENT: Text("في المئة", "per cent"), BAISA: Text("بيسة", "baisa"),
}  # fmt: skip
SECONDS_A_DAY: Final = 86_400
FROM_THE_LOG: Final = Text(
    ar="سجل الأحداث، بالاستعلام oversight/sql/centre_day.sql",
    en="the event log, by the query oversight/sql/centre_day.sql",
)
WITH_THE_REGISTRY: Final = Text(
    ar="سجل الأحداث، بالاستعلام oversight/sql/centre_day.sql، وسجل المراكز والعاملين",
    en="the event log, by the query oversight/sql/centre_day.sql, and the registry of centres and"
    " staff",
)
BY_SERVICE: Final = Text(
    ar="سجل الأحداث، بالاستعلام oversight/sql/entity_day.sql",
    en="the event log, by the query oversight/sql/entity_day.sql",
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
    transactions: int = 0
    cases_submitted: int = 0
    cases_returned: int = 0
    cases_decided: int = 0
    cases_approved: int = 0
    cases_rejected: int = 0
    decisions_timed: int = 0
    decision_seconds_total: int = 0
    ratings: int = 0
    ratings_happy: int = 0
    ratings_sum: int = 0
    notices: int = 0
    payments_cash: int = 0
    payments_card: int = 0
    taken_cash_baisa: int = 0
    taken_card_baisa: int = 0
    refunded_cash_baisa: int = 0
    refunded_card_baisa: int = 0
    payments_link: int = 0
    taken_link_baisa: int = 0
    refunded_link_baisa: int = 0
    earned_baisa: int = 0
    government_baisa: int = 0
    vat_baisa: int = 0

    @property
    def cash_baisa(self) -> int:
        """Cash taken less cash given back."""
        return self.taken_cash_baisa - self.refunded_cash_baisa

    @property
    def card_baisa(self) -> int:
        """Card takings less what was given back."""
        return self.taken_card_baisa - self.refunded_card_baisa

    @property
    def link_baisa(self) -> int:
        """Payment links confirmed less what went back by the provider."""
        return self.taken_link_baisa - self.refunded_link_baisa


@dataclass(frozen=True)
class DayTable:
    """Day rows in columns, as a simulation has them: some 85,000 rows a quarter, a thousand times.

    `centre` and every column have an entry a centre and day. A column that is not there was not
    simulated, and a figure that needs it raises KeyError instead of saying nought.
    """

    centre: npt.NDArray[np.int64]
    columns: dict[str, npt.NDArray[np.int64]]

    def __len__(self) -> int:
        return len(self.centre)

    def total(self, column: str) -> int:
        """The sum of a column."""
        return int(self.columns[column].sum())


Rows = Sequence[DayRow] | DayTable


@dataclass(frozen=True)
class Network:
    """What day rows do not say about the period: zero or None where nobody counted it."""

    centres: int = 0
    jobs: int = 0
    services_used: int | None = None


Measure = Callable[[Rows, Network], float | None]


@dataclass(frozen=True)
class Kpi:
    """A figure that can be explained to whoever asks."""

    code: str
    name: Text
    definition: Text
    formula: Text
    unit: str
    source: Text
    measure: Measure

    def of(self, rows: Rows, network: Network = Network()) -> float | None:
        """The figure over these rows; None where there is nothing to measure."""
        return self.measure(rows, network)


def _total(column: str) -> Measure:
    return lambda rows, _: _sum(rows, column) if rows else None


def _share(part: str, whole: str) -> Measure:
    return lambda rows, _: _ratio(100 * _sum(rows, part), _sum(rows, whole))


def _mean(total: str, number: str, scale: int) -> Measure:
    return lambda rows, _: _ratio(_sum(rows, total), _sum(rows, number), scale)


def _per_centre(column: str) -> Measure:
    return lambda rows, network: _ratio(_sum(rows, column), network.centres) if rows else None


def taken_baisa(rows: Rows, _: Network) -> float | None:
    """What came in less what was given back, government money included."""
    if not rows:
        return None
    means = ("cash", "card", "link")
    return sum(_sum(rows, f"taken_{m}_baisa") - _sum(rows, f"refunded_{m}_baisa") for m in means)


def transactions_per_job(rows: Rows, network: Network) -> float | None:
    """How much one working person hands over."""
    return _ratio(_sum(rows, "transactions"), network.jobs) if rows else None


def centres_active(rows: Rows, _: Network) -> float | None:
    """Centres that handed over at least one request."""
    if isinstance(rows, DayTable):
        return len(np.unique(rows.centre[rows.columns["transactions"] > 0])) if rows else None
    return len({row.centre for row in rows if row.transactions}) if rows else None


def _sum(rows: Rows, column: str) -> int:
    if isinstance(rows, DayTable):
        return rows.total(column)
    return sum(getattr(row, column) for row in rows)


def _ratio(over: int, under: int, scale: int = 1) -> float | None:
    return over / under / scale if under else None


KPIS: Final = {
    kpi.code: kpi
    for kpi in (
        Kpi(
            "transactions",
            Text("المعاملات", "Transactions"),
            Text("الطلبات التي سُلّمت إلى جهاتها أول مرة. ما أُعيد إرساله بعد التصحيح لا يُعد ثانية.",
                 "Requests handed to their entity for the first time. What is sent again after a"
                 " correction is not counted again."),
            Text("عدد أحداث case.submitted التي فيها resend = false",
                 "number of case.submitted events with resend = false"),
            COUNT, FROM_THE_LOG, _total("transactions"),
        ),
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
            MINUTES, FROM_THE_LOG, _mean("wait_seconds_total", "tickets_started", 60),
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
            PERCENT, FROM_THE_LOG, _share("cases_returned", "cases_submitted"),
        ),
        Kpi(
            "cases_decided",
            Text("القرارات", "Decisions"),
            Text("ما بتت فيه الجهات، قبولًا أو رفضًا.", "Decided by entities, either way."),
            Text("عدد أحداث case.decided", "number of case.decided events"),
            COUNT, FROM_THE_LOG, _total("cases_decided"),
        ),
        Kpi(
            "decision_mean_days",
            Text("متوسط مدة القرار", "Mean time to decision"),
            Text("الأيام من أول تسليم إلى قرار الجهة، لما بُتّ فيه في الفترة. والمتوسط يرفعه القليل"
                 " المتأخر كثيرًا.",
                 "Days from the first handing over to the entity's decision, of those decided in"
                 " the period. A few very late ones raise a mean."),
            Text("مجموع الثواني من case.submitted (resend = false) إلى case.decided ÷ عدد القرارات"
                 " ÷ 86400",
                 "sum of seconds from case.submitted (resend = false) to case.decided ÷ number of"
                 " decisions ÷ 86400"),
            DAYS, FROM_THE_LOG, _mean("decision_seconds_total", "decisions_timed", SECONDS_A_DAY),
        ),
        Kpi(
            "approval_percent",
            Text("نسبة القبول", "Approved"),
            Text("ما قُبل من كل مئة قرار.", "How many of a hundred decisions were approvals."),
            Text("100 × عدد case.decided التي فيها outcome = approved ÷ عدد case.decided",
                 "100 × number of case.decided with outcome = approved ÷ number of case.decided"),
            PERCENT, FROM_THE_LOG, _share("cases_approved", "cases_decided"),
        ),
        Kpi(
            "satisfaction_percent",
            Text("الرضا", "Satisfaction"),
            Text("من اختاروا الوجه الراضي من كل مئة قيّموا. لا يقيّم إلا من شاء.",
                 "How many of a hundred who rated chose the happy face. Only those rate who want"
                 " to."),
            Text("100 × عدد feedback.given التي فيها face = 3 ÷ عدد feedback.given",
                 "100 × number of feedback.given with face = 3 ÷ number of feedback.given"),
            PERCENT, FROM_THE_LOG, _share("ratings_happy", "ratings"),
        ),
        Kpi(
            "taken_baisa",
            Text("المتحصلات", "Takings"),
            Text("ما دخل نقدًا وبالبطاقة وبرابط الدفع ناقصًا ما رُدّ، وفيه أموال الجهات.",
                 "Cash, card and payment links less what was given back, the entities' money"
                 " included."),
            Text("مجموع baisa في payment.confirmed − مجموعه في payment.refunded",
                 "sum of baisa in payment.confirmed − sum of it in payment.refunded"),
            BAISA, FROM_THE_LOG, taken_baisa,
        ),
        Kpi(
            "earned_baisa",
            Text("دخل المراكز", "Centre earnings"),
            Text("أجر المراكز وحده مما دُفع ناقصًا ما رُدّ، من دون رسوم الجهات والضريبة.",
                 "The centres' own charge in what was paid less what was given back, without"
                 " government fees and tax."),
            Text("مجموع centre_baisa في quote.agreed للدفعات المؤكدة − مجموعه للمردودة",
                 "sum of centre_baisa in quote.agreed of confirmed payments − of refunded ones"),
            BAISA, FROM_THE_LOG, _total("earned_baisa"),
        ),
        Kpi(
            "income_per_centre_baisa",
            Text("دخل المركز", "Income per centre"),
            Text("دخل المراكز مقسومًا على المراكز المفتوحة في آخر يوم. قبل التكاليف.",
                 "Centre earnings divided by the centres open on the last day. Before costs."),
            Text("دخل المراكز ÷ عدد المراكز المفتوحة", "centre earnings ÷ number of open centres"),
            BAISA, WITH_THE_REGISTRY, _per_centre("earned_baisa"),
        ),
        Kpi(
            "transactions_per_centre",
            Text("معاملات المركز", "Transactions per centre"),
            Text("المعاملات مقسومة على المراكز المفتوحة في آخر يوم.",
                 "Transactions divided by the centres open on the last day."),
            Text("المعاملات ÷ عدد المراكز المفتوحة", "transactions ÷ number of open centres"),
            COUNT, WITH_THE_REGISTRY, _per_centre("transactions"),
        ),
        Kpi(
            "transactions_per_job",
            Text("معاملات العامل", "Transactions per job"),
            Text("المعاملات مقسومة على الوظائف في آخر يوم، والمالكون منها.",
                 "Transactions divided by the jobs on the last day, owners included."),
            Text("المعاملات ÷ عدد الوظائف", "transactions ÷ number of jobs"),
            COUNT, WITH_THE_REGISTRY, transactions_per_job,
        ),
        Kpi(
            "services_used",
            Text("الخدمات المستعملة", "Services used"),
            Text("الخدمات التي لها معاملة واحدة على الأقل.",
                 "Services with at least one transaction."),
            Text("عدد قيم service المختلفة في case.submitted (resend = false)",
                 "number of different values of service in case.submitted (resend = false)"),
            COUNT, BY_SERVICE, lambda _, network: network.services_used,
        ),
        Kpi(
            "centres_active",
            Text("المراكز العاملة", "Active centres"),
            Text("المراكز التي لها معاملة واحدة على الأقل.",
                 "Centres with at least one transaction."),
            Text("عدد قيم centre_id المختلفة في case.submitted (resend = false)",
                 "number of different values of centre_id in case.submitted (resend = false)"),
            COUNT, FROM_THE_LOG, centres_active,
        ),
    )
}  # fmt: skip


def table() -> str:
    """A line a KPI, in Markdown, as docs/kpis.md shows it."""
    lines = ["| KPI | name | what it says | formula | unit | source |", "|---|---|---|---|---|---|"]
    for kpi in KPIS.values():
        texts = (kpi.name, kpi.definition, kpi.formula, UNITS[kpi.unit], kpi.source)
        cells = " | ".join(f"{text.en}<br>{text.ar}" for text in texts)
        lines.append(f"| `{kpi.code}` | {cells} |")
    return "\n".join(lines)
