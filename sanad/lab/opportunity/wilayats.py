"""Each wilayat for an investor: demand, trend, competition, dependence and break-even.

Real are people, centres and the ministry's yearly transactions by governorate. Assumed are the
share of a wilayat in its governorate (by people, as in siting), what a centre costs
(`data/costs.yaml`) and the mix of services (the calibration `portal`). A new centre is given the
same part of the wilayat's transactions as every other:

    expected a month = wilayat's transactions a year / 12 / (centres + 1)
    break-even a month = fixed costs / (charge of a mean transaction - cost of each)

Expected volume is next year's, with the forecast's band of 90 %; costs have a low and a high end.
The table has 63 rows and is made once for each process.
"""

from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np

from sanad.centres.demonstration import demonstration_network
from sanad.centres.files import read_network
from sanad.centres.network_data import Wilayat
from sanad.lab.forecast.series import Foretold, foretold
from sanad.lab.siting.advice import advise
from sanad.lab.siting.assumed import Assumed
from sanad.lab.siting.places import Places, places
from sanad.lab.sustainability.costs import MONTHLY, read_defaults
from sanad.lab.sustainability.income import Income, expected, kinds_of, of_entity
from sanad.lab.sustainability.measures import break_even_of, herfindahl
from sanad.lab.sustainability.network import entity_names, model_of
from sanad.lab.twin.world import Floats
from sanad.lib.bilingual import Text

CALIBRATION: Final = "portal"
STAFF: Final = 2  # the owner and one who is paid: "offices of two or three"
MORE, WITHIN_KM = 10, 20.0  # what siting is asked: ten centres more, twenty kilometres
BAISA_A_RIAL: Final = 1000
LIVES, OPEN, DOES_NOT = "lives", "open", "does_not"


@dataclass(frozen=True)
class Range:
    """The least, the middle and the most that we expect."""

    low: float
    mid: float
    high: float


@dataclass(frozen=True)
class Opportunity:
    """A wilayat as a place for one centre more. Amounts are baisa a month."""

    wilayat: Wilayat
    governorate: Text
    year: int  # of the last yearly figures
    first_year: int
    centres: int
    transactions: float  # last year, the wilayat's part
    change_percent: float  # of the governorate since the first year
    last_change_percent: float  # of the governorate in the last year
    next_percent: Range  # next year of the governorate over the last
    charge: float  # baisa of a mean transaction
    contribution: float  # what of it is left after its own cost
    fixed: Range
    expected: Range  # transactions a month of a new centre, next year
    break_even: Range  # transactions a month
    entity: Text  # the largest
    entity_percent: float  # of the income
    herfindahl: float
    advised: int  # centres that siting would add
    surplus: int  # centres that siting calls too many

    @property
    def people_per_centre(self) -> float | None:
        return self.wilayat.people / self.centres if self.centres else None

    @property
    def margin(self) -> Range:
        """Left a month after all costs, before the owner's living."""
        return Range(
            self.expected.low * self.contribution - self.fixed.high,
            self.expected.mid * self.contribution - self.fixed.mid,
            self.expected.high * self.contribution - self.fixed.low,
        )

    @property
    def verdict(self) -> str:
        """`lives` if even the low end covers the costs, `does_not` if not even the high end."""
        if self.margin.low >= 0:
            return LIVES
        return DOES_NOT if self.margin.high < 0 else OPEN

    @property
    def covered_percent(self) -> float:
        """The expected volume in a hundred of break-even."""
        return 100 * self.expected.mid / self.break_even.mid


@cache
def opportunities() -> tuple[Opportunity, ...]:
    """All wilayats, where a new centre comes nearest to its break-even first."""
    model = model_of(CALIBRATION)
    income = expected(model, kinds_of(model.services))
    there = places(read_network(), demonstration_network(Assumed().seed, CALIBRATION))
    series, advice = foretold(), advise(add=MORE, within_km=WITHIN_KM)
    advised = {row["code"]: row["count"] for row in advice["recommended"]}
    surplus = {row["code"]: row["count"] for row in advice["too_many"]}
    economies = {
        code: _economy(income, model.governorate == code) for code in series.portal.governorates
    }
    found = [
        _of(k, there, series, economies[one.governorate_code],
            advised.get(one.code, 0), surplus.get(one.code, 0))
        for k, one in enumerate(there.wilayats)
    ]  # fmt: skip
    return tuple(sorted(found, key=lambda one: (-one.covered_percent, one.wilayat.code)))


@dataclass(frozen=True)
class _Economy:
    """What a mean transaction of a governorate brings, and whose it is."""

    charge: float
    entity: Text
    entity_percent: float
    herfindahl: float


def _economy(income: Income, rows: np.ndarray) -> _Economy:
    by_entity: Floats = of_entity(income)[rows].sum(axis=0)
    total = float(by_entity.sum())
    largest = int(by_entity.argmax())
    return _Economy(
        total / float(income.requests[rows].sum()),
        entity_names()[income.model.entities[largest]],
        100 * float(by_entity[largest]) / total,
        float(herfindahl(by_entity[None])[0]),
    )


def _of(
    k: int, there: Places, series: Foretold, economy: _Economy, advised: int, surplus: int
) -> Opportunity:
    one, centres, volume = there.wilayats[k], int(there.centres[k]), float(there.volume[k])
    row = series.portal.governorates.index(one.governorate_code)
    counted = series.portal.transactions[row]
    ahead = (series.ahead.low, series.ahead.middle, series.ahead.high)
    following = Range(*(float(end[row, 0] / counted[-1]) for end in ahead))
    each = volume / 12 / (centres + 1)
    defaults = read_defaults()
    fixed, left = {}, {}
    for level in ("low", "mid", "high"):
        costs = defaults.of_wilayat(one.code, STAFF, level)
        fixed[level] = float(sum(costs[line] for line in MONTHLY))
        left[level] = economy.charge - costs["each"]
    break_even = {
        level: float(break_even_of(np.array([fixed[level]]), np.array([left[level]]))[0])
        for level in fixed
    }
    return Opportunity(
        wilayat=one, governorate=series.portal.names[row], year=series.portal.years[-1],
        first_year=series.portal.years[0], centres=centres, transactions=volume,
        change_percent=100 * float(counted[-1] / counted[0] - 1),
        last_change_percent=100 * float(counted[-1] / counted[-2] - 1),
        next_percent=Range(*(100 * (end - 1) for end in vars(following).values())),
        charge=economy.charge, contribution=left["mid"], fixed=Range(**fixed),
        expected=Range(*(each * end for end in vars(following).values())),
        break_even=Range(**break_even), entity=economy.entity,
        entity_percent=economy.entity_percent, herfindahl=economy.herfindahl,
        advised=advised, surplus=surplus,
    )  # fmt: skip
