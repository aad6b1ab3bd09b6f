"""Every centre of a calibration under a scenario: one document, and what the pages are made of.

Income is simulated; costs are assumed unless owners state them; the forecast is of the open data.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from typing import Any, Final

import numpy as np

from sanad.catalogue.files import read_catalogue
from sanad.centres.files import read_network
from sanad.centres.stated import Stated
from sanad.lab.calibration import SEED, calibrated
from sanad.lab.forecast.series import foretold
from sanad.lab.sustainability.costs import LEVELS, Costs, costs_of
from sanad.lab.sustainability.income import (
    KIND_NAMES,
    KINDS,
    LIVES,
    Income,
    income_of,
    of_entity,
    of_kind,
)
from sanad.lab.sustainability.levers import Worth, ranked
from sanad.lab.sustainability.measures import CODES, RULES, Judged, judged
from sanad.lab.twin.network.model import Model
from sanad.lab.twin.network.scenarios import BASELINE, Scenario, scenario
from sanad.lab.twin.world import Floats
from sanad.lib.bilingual import Text
from sanad.lib.quarters import Quarter
from sanad.lib.refusal import N_, Refused

QUARTER: Final = "2025Q3"
QUARTILES: Final = (5, 25, 50, 75, 95)


class NotInModel(Refused):
    code = "sustainability.not_in_model"
    sentence = N_("The network as lived here has no centre {centre}. Choose one of the list.")


@dataclass(frozen=True)
class Assessed:
    """The network under one scenario, with its costs at a level."""

    calibration: str
    scenario: Scenario
    level: str
    income: Income
    costs: Costs
    judged: Judged
    stated: Mapping[int, Stated]

    @property
    def centres(self) -> int:
        return len(self.income.model.centre)

    def row_of(self, centre: int) -> int:
        """The position of a centre by its number. Raises `NotInModel`."""
        found = np.flatnonzero(self.income.model.centre == centre)
        if len(found) == 0:
            raise NotInModel(centre=centre)
        return int(found[0])

    @cached_property
    def at_levels(self) -> dict[str, Judged]:
        """The same under low and high costs."""
        factor = factors_of(self.income)
        return {
            level: judged(self.income, costs, factor=factor)
            for level, costs in self.costs_at_levels.items()
        }

    @cached_property
    def costs_at_levels(self) -> dict[str, Costs]:
        """What is not stated, at each level."""
        return {
            level: costs_of(self.income.model, level=level, stated=self.stated) for level in LEVELS
        }

    @cached_property
    def over_lives(self) -> tuple[int, int]:
        """The fewest and the most centres that cannot live, life by life."""
        factor = factors_of(self.income)
        counts = [
            int(judged(self.income.of_life(n), self.costs, factor=factor).cannot_live.sum())
            for n in range(len(self.income.lives))
        ]
        return min(counts), max(counts)

    @cached_property
    def levers(self) -> list[Worth]:
        """What would bring most, ranked."""
        return ranked(self.income, self.costs_at_levels, level=self.level)


def factors_of(income: Income) -> Floats:
    """(K,) the forecast's next year over the last, by the centre's governorate."""
    factors = foretold().factors
    return np.array([factors.get(int(code), 1.0) for code in income.model.governorate])


@lru_cache(maxsize=12)
def lived(calibration: str, codes: str, seed: int = SEED, lives: int = LIVES) -> Income:
    """Income under a scenario; the same for every reader, so it is kept. Raises refusals."""
    return income_of(scenario(codes).apply(model_of(calibration)), seed=seed, lives=lives)


@lru_cache(maxsize=2)
def model_of(calibration: str) -> Model:
    """The calibration's quarter before any change. Raises `UnknownCalibration`."""
    return calibrated(calibration, Quarter.parse(QUARTER))


def assess(
    calibration: str, codes: str = BASELINE, *, level: str = "mid", seed: int = SEED,
    lives: int = LIVES, stated: Mapping[int, Stated] | None = None,
) -> Assessed:  # fmt: skip
    """Live the network and judge it. Raises `UnknownCalibration`, `NoSuchScenario`, ..."""
    said = tuple(sorted((stated or {}).items(), key=lambda one: one[0]))
    return _assessed(calibration, codes, level, seed, lives, said)


@lru_cache(maxsize=12)
def _assessed(
    calibration: str, codes: str, level: str, seed: int, lives: int,
    said: tuple[tuple[int, Stated], ...],
) -> Assessed:  # fmt: skip
    """The same for every reader while no owner states anything new, so it is kept."""
    income, stated = lived(calibration, codes, seed, lives), dict(said)
    costs = costs_of(income.model, level=level, stated=stated)
    return Assessed(
        calibration, scenario(codes), level, income, costs,
        judged(income, costs, factor=factors_of(income)), stated,
    )  # fmt: skip


def forget() -> None:
    """Live anew what is asked for next: for measuring."""
    lived.cache_clear()
    _assessed.cache_clear()


@cache
def entity_names() -> dict[int, Text]:
    """By number, as the catalogue's files have them."""
    return {one.number: one.name for one in read_catalogue().entities}


@cache
def service_names() -> dict[str, Text]:
    """By code."""
    return {one.code: one.name for one in read_catalogue().services}


@cache
def place_names() -> tuple[dict[int, Text], dict[int, Text]]:
    """Governorates and wilayats by code."""
    data = read_network()
    return (
        {one.code: one.name for one in data.governorates},
        {one.code: one.name for one in data.wilayats},
    )


@cache
def governorate_of() -> dict[int, int]:
    """By wilayat."""
    return {one.code: one.governorate_code for one in read_network().wilayats}


def by_kind(found: Assessed) -> list[tuple[str, Text, float]]:
    """Income a month by kind: code, name, baisa."""
    totals = of_kind(found.income).sum(axis=0)
    return [(code, KIND_NAMES[code], float(totals[at])) for at, code in enumerate(KINDS)]


def by_entity(found: Assessed) -> list[tuple[int, Text, float]]:
    """Income a month by entity, the largest first: number, name, baisa."""
    totals = of_entity(found.income).sum(axis=0)
    names = entity_names()
    numbers = found.income.model.entities
    return [
        (numbers[at], names[numbers[at]], float(totals[at]))
        for at in np.argsort(-totals, kind="stable")
    ]


def document(found: Assessed) -> dict[str, Any]:
    """What the command line prints: stable names, amounts in whole baisa a month."""
    held = found.judged
    least, most = found.over_lives
    return {
        "calibration": found.calibration, "scenario": found.scenario.as_json(),
        "costs": found.level, "lives": len(found.income.lives),
        "simulated": True, "costs_assumed": int((~found.costs.stated).sum()),
        "centres": found.centres,
        "at_risk": int(held.at_risk.sum()),
        "cannot_pay_costs": int(held.cannot_pay.sum()),
        "cannot_live": int(held.cannot_live.sum()),
        "cannot_live_over_lives": {"least": least, "most": most},
        "cannot_live_on_portal": int(held.cannot_live_on_portal.sum()),
        "cannot_live_by_costs": {
            level: int(one.cannot_live.sum()) for level, one in found.at_levels.items()
        },
        "by_reason": {
            code: {"count": int(held.rules[at].sum()), **_said(RULES[code])}
            for at, code in enumerate(CODES)
        },
        "income_baisa": round(float(held.income.sum())),
        "income_by_kind": {code: round(baisa) for code, _, baisa in by_kind(found)},
        "income_by_entity": [
            {"entity": number, **_said(name), "baisa": round(baisa)}
            for number, name, baisa in by_entity(found)
        ],
        "income_quartiles_baisa": _quartiles(held.income),
        "margin_quartiles_baisa": _quartiles(held.margin),
        "largest_entity_share_mean": round(float(np.nanmean(held.largest_entity_share)), 4),
        "levers": [
            {"lever": one.code, **_said(one.name), "assumption": _said(one.assumption),
             "baisa_a_centre": dict(zip(LEVELS, map(round, one.baisa), strict=True)),
             "more_live": dict(zip(LEVELS, one.more_live, strict=True)),
             "distinguishable_from_nothing": one.is_distinguishable,
             "beats": list(one.unlike)}
            for one in found.levers
        ],
        "forecast": foretold().as_json(),
    }  # fmt: skip


def _said(text: Text) -> dict[str, str]:
    return {"ar": text.ar, "en": text.en}


def _quartiles(values: Floats) -> dict[str, int]:
    found = np.percentile(values, QUARTILES)
    return {f"p{at}": round(float(one)) for at, one in zip(QUARTILES, found, strict=True)}
