"""What an initiative is worth: percent of the baselines of its KPIs, weighted.

    points a quarter = 100 x sum over its KPIs of  weight x direction x effect / scale

`effect` is the change of the KPI, in the KPI's own unit, that a study or somebody's reasoning gives
as low, mid and high. `direction` is 1 where more of the KPI is better and -1 where less is. Weights
are settings, 1 for each unless changed: an equal weight. `scale` is a setting too: the KPI's
baseline unless changed. So one point is one percent of one KPI's baseline for one quarter, and a
choice's value adds them up over the quarters in which its initiatives are done. It is an index by
which plans are compared; effects on the same KPI are added as if they did not meet.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sanad.lab.portfolio.instance import UNITS_A_POINT, Value
from sanad.lib.bilingual import Text
from sanad.lib.refusal import N_, Refused
from sanad.oversight.kpis import KPIS

LESS_IS_BETTER: Final = frozenset({"wait_mean_minutes", "returned_percent", "decision_mean_days"})
EQUAL_WEIGHT = 1.0


class NoScale(Refused):
    code = "portfolio.no_scale"
    sentence = N_(
        "“{kpi}” has no baseline yet, so an effect on it cannot be weighed. Set its scale, or wait "
        "for its first figures."
    )


@dataclass(frozen=True)
class Effect:
    """A change of one KPI in its own unit, as a range with its middle."""

    kpi: str
    low: float
    mid: float
    high: float


def direction(kpi: str) -> int:
    """1 where more is better, -1 where less is."""
    return -1 if kpi in LESS_IS_BETTER else 1


def worth(
    effects: Sequence[Effect], *, scales: Mapping[str, float | None], weights: Mapping[str, float]
) -> Value:
    """The value a quarter in thousandths of a point. Raises `NoScale`."""
    low = mid = high = 0.0
    for one in effects:
        scale = scales.get(one.kpi)
        if not scale:
            raise NoScale(kpi=_name(one.kpi))
        factor = 100 * weights.get(one.kpi, EQUAL_WEIGHT) * direction(one.kpi) / abs(scale)
        least, most = sorted((factor * one.low, factor * one.high))
        low, mid, high = low + least, mid + factor * one.mid, high + most
    return Value(*(round(UNITS_A_POINT * part) for part in (low, mid, high)))


def _name(kpi: str) -> Text:
    return KPIS[kpi].name if kpi in KPIS else Text(kpi, kpi)
