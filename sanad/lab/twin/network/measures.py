"""The figures of a run: the network's own KPIs, and a few that only a simulation can say."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from sanad.lab.twin.facts import Ints
from sanad.lab.twin.network.after import Column, Person
from sanad.lab.twin.network.sessions import Known, lead_days, plan_of
from sanad.lab.twin.network.simulate import Lived
from sanad.lab.twin.world import Floats
from sanad.lib.bilingual import Text
from sanad.oversight.kpis import DAYS, KPIS, PERCENT, Network

PEOPLE_NAMES: Final = {
    Person.ONE_REQUEST: Text("طلب واحد", "One request"),
    Person.SEVERAL: Text("طلبان", "Two requests"),
    Person.COMPANY: Text("ثلاثة طلبات فأكثر", "Three requests or more"),
    Person.QUESTION: Text("سؤال بلا طلب", "A question"),
    Person.CORRECTION: Text("تصحيح طلب معاد", "Correcting a returned request"),
    Person.BOOKED: Text("بموعد", "By appointment"),
}


@dataclass(frozen=True)
class Measure:
    """A figure of a run. `better` is 1 if more is better, -1 if less is, 0 if neither."""

    code: str
    name: Text
    definition: Text
    unit: str
    better: int
    of: Callable[[Lived], float | None]


def _kpi(code: str, better: int) -> Measure:
    kpi = KPIS[code]

    def of(lived: Lived) -> float | None:
        return kpi.of(lived.day_table(), Network(centres=len(lived.model.centre)))

    return Measure(code, kpi.name, kpi.definition, kpi.unit, better, of)


def _share(part: Column, whole: Column) -> Callable[[Lived], float | None]:
    def of(lived: Lived) -> float | None:
        under = lived.total(whole)
        return 100 * lived.total(part) / under if under else None

    return of


def open_seconds(lived: Lived) -> Floats:
    """(K,) seconds at the counters while doors are open, over the period."""
    plan = plan_of(Known(lived.model))
    lasts = plan.let_in_until + plan.day * 86_400.0 - plan.sessions.opens
    found = np.bincount(plan.centre, lasts * plan.sessions.servers, len(lived.model.centre))
    return found.astype(np.float64)


def _busy(lived: Lived) -> float | None:
    under = float(open_seconds(lived).sum())
    return 100 * lived.total(Column.BUSY_SECONDS) / under if under else None


def _lead(lived: Lived) -> float | None:
    visits = lived.model.visits
    return float(lead_days(lived.model) @ visits / visits.sum()) if lived.model.booked else 0.0


MEASURES: Final = {
    one.code: one
    for one in (
        _kpi("transactions", 1),
        _kpi("visits", 0),
        _kpi("wait_mean_minutes", -1),
        Measure(
            "waited_long_percent",
            Text("انتظروا أكثر من نصف ساعة", "Waited more than half an hour"),
            Text("من كل مئة جاؤوا، من انتظروا أكثر من نصف ساعة حتى نودي عليهم.",
                 "Of a hundred who came, those who waited more than half an hour to be called."),
            PERCENT, -1, _share(Column.WAITED_LONG, Column.CAME),
        ),
        Measure(
            "left_percent",
            Text("غادروا بلا خدمة", "Left unserved"),
            Text("من كل مئة جاؤوا، من نفد صبرهم قبل دورهم.",
                 "Of a hundred who came, those whose patience ended before their turn."),
            PERCENT, -1, _share(Column.LEFT, Column.CAME),
        ),
        Measure(
            "busy_percent",
            Text("انشغال المناضد", "Counters busy"),
            Text("من كل مئة دقيقة عمل على المناضد، الدقائق التي يُخدم فيها أحد.",
                 "Of a hundred minutes of staffed counters, those in which somebody is served."),
            PERCENT, 0, _busy,
        ),
        Measure(
            "access_lead_days",
            Text("مهلة الموعد", "Days to an appointment"),
            Text("الأيام من الرغبة في موعد إلى الموعد. صفر حيث لا مواعيد. بالقيم المتوقعة.",
                 "Days from wishing for an appointment to having it. Nought where there are none."
                 " In expectations."),
            DAYS, -1, _lead,
        ),
        _kpi("returned_percent", -1),
        _kpi("decision_mean_days", -1),
        _kpi("earned_baisa", 1),
        _kpi("income_per_centre_baisa", 1),
        _kpi("transactions_per_centre", 0),
    )
}  # fmt: skip


def figures(lived: Lived) -> list[float | None]:
    """Every measure, in the order of `MEASURES`."""
    return [one.of(lived) for one in MEASURES.values()]


BY_PLACE: Final = (
    Column.CAME, Column.TICKETS_STARTED, Column.WAIT_SECONDS_TOTAL, Column.TRANSACTIONS,
    Column.EARNED_BAISA,
)  # fmt: skip


def by_wilayat(lived: Lived, wilayats: Sequence[int]) -> Ints:
    """(W, 5) sums of `BY_PLACE` over the centres of each wilayat."""
    place = np.searchsorted(np.asarray(wilayats), lived.model.wilayat)
    found = np.zeros((len(wilayats), len(BY_PLACE)), dtype=np.int64)
    for number, column in enumerate(BY_PLACE):
        np.add.at(found[:, number], place, lived.facts[column].sum(axis=1))
    return found
