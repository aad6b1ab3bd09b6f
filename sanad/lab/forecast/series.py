"""The portal's transactions by governorate and year, and where they go.

Income is not forecast: the publisher imputed that of 2016 at 2.000 rials a transaction, that of the
next years is close to the same, and the charges changed in 2023.
"""

from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import numpy as np

from sanad.centres.files import read_network
from sanad.lab.forecast.trial import Ints, Tried, baseline, chosen, trial
from sanad.lab.forecast.walk import BASELINES, Ahead, Floats, Method, ahead
from sanad.lib.bilingual import Text

YEARS_AHEAD: Final = 3


@dataclass(frozen=True)
class Portal:
    """(G, T) transactions with their governorates, in the ministry's order, and years."""

    governorates: tuple[int, ...]
    names: tuple[Text, ...]
    years: tuple[int, ...]
    transactions: Ints


@dataclass(frozen=True)
class Foretold:
    """The next years of the portal's series, and what the same way said of hidden years."""

    portal: Portal
    method: Method
    ahead: Ahead
    trial: Tried
    baselines: dict[str, Tried]

    @property
    def years(self) -> tuple[int, ...]:
        return tuple(self.portal.years[-1] + step for step in range(1, YEARS_AHEAD + 1))

    @property
    def factors(self) -> dict[int, float]:
        """By governorate: next year's middle over the last year."""
        next_year = self.ahead.middle[:, 0] / self.portal.transactions[:, -1]
        return dict(zip(self.portal.governorates, next_year.tolist(), strict=True))

    def total(self) -> Ahead:
        """(1, H) of the whole country: ends added, as if all governorates moved alike.

        They nearly do; where they do not, the band of the country is narrower than this.
        """
        return Ahead(*(end.sum(axis=0, keepdims=True) for end in self._ends()))

    def alike(self) -> float:
        """Mean correlation of the yearly changes of two governorates."""
        changes = np.diff(np.log(self.portal.transactions), axis=1)
        found = np.corrcoef(changes)
        apart = ~np.eye(len(found), dtype=bool)
        return float(found[apart].mean())

    def as_json(self) -> dict[str, Any]:
        """Numbers for the command line: the next years, and how the method held."""
        ends = [end.round().astype(int).tolist() for end in self._ends()]
        coverage = self.trial.coverage()
        return {
            "years": list(self.years), "method": self.method.code, "confidence_percent": 90,
            "governorates": [
                {
                    "governorate": code,
                    "last": int(self.portal.transactions[row, -1]),
                    "middle": ends[0][row], "low": ends[1][row], "high": ends[2][row],
                    "coverage_percent": round(float(coverage[row]), 1),
                }
                for row, code in enumerate(self.portal.governorates)
            ],
            "total": {
                name: end[0].round().astype(int).tolist()
                for name, end in zip(("middle", "low", "high"), vars(self.total()).values(),
                                     strict=True)
            },
            "hidden_years": self.trial.as_json(),
            "origins": {
                str(self.portal.years[known - 1]): {
                    "method": method.code, **self.trial.where(np.array([known])).as_json()
                }
                for known, method in self.trial.methods.items()
            },
            "baselines": {code: one.as_json() for code, one in self.baselines.items()},
        }  # fmt: skip

    def _ends(self) -> tuple[Floats, Floats, Floats]:
        return self.ahead.middle, self.ahead.low, self.ahead.high


@cache
def portal() -> Portal:
    """The ministry's open data."""
    data = read_network()
    years = sorted({row.year for row in data.series})
    places = sorted(data.governorates, key=lambda one: one.code)
    counted = {(row.governorate_code, row.year): row.transactions for row in data.series}
    return Portal(
        tuple(one.code for one in places), tuple(one.name for one in places), tuple(years),
        np.array([[counted[one.code, year] for year in years] for one in places]),
    )  # fmt: skip


@cache
def foretold() -> Foretold:
    """The forecast from all years, the trial on hidden ones, and the naive methods on the same."""
    found = portal()
    method = chosen(found.transactions)
    return Foretold(
        found, method, ahead(found.transactions, method, YEARS_AHEAD), trial(found.transactions),
        {code: baseline(found.transactions, code) for code in BASELINES},
    )  # fmt: skip
