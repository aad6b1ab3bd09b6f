"""One centre's future: what it needs to live, and what a change would do. No Django in here.

The same arithmetic as for the network (`measures`), from the centre's own figures of a month.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from sanad.centres.stated import LINES, Stated
from sanad.lab.sustainability.costs import MONTHLY, read_defaults
from sanad.lab.sustainability.income import MONTH_DAYS
from sanad.lab.sustainability.measures import break_even_of, herfindahl, runway_of
from sanad.lib.refusal import N_, Refused

MOST_PERCENT: Final = 100
MOST_MINUTES: Final = 240
MOST_PEOPLE: Final = 8
MOST_A_DAY: Final = 50


class ChangeOutOfRange(Refused):
    code = "sustainability.change_out_of_range"
    sentence = N_(
        "“{value}” in “{field}” cannot be used. Give a whole number from {low} to {high}."
    )


@dataclass(frozen=True)
class Month:
    """What a centre does in a month, on average: baisa and charges, and its costs."""

    listed_baisa: float  # at prices of the official list
    own_baisa: float  # at the centre's own prices
    charges: float
    people: int  # who serve, the owner among them
    open_minutes: float  # a day that it is open, on average
    open_days: float
    costs: Mapping[str, int]  # by line, with defaults where nothing is stated
    reserve: int | None

    @property
    def income(self) -> float:
        return self.listed_baisa + self.own_baisa

    @property
    def fixed(self) -> int:
        return sum(self.costs[code] for code in MONTHLY)

    @property
    def contribution(self) -> float | None:
        """Of a charge, in baisa; None without any."""
        if self.charges <= 0:
            return None
        return self.income / self.charges - self.costs["each"]

    @property
    def margin(self) -> float:
        return self.income - self.costs["each"] * self.charges - self.fixed

    @property
    def break_even(self) -> float | None:
        """Charges a month that bring the fixed costs; None where each brings nothing."""
        if self.contribution is None:
            return None
        fixed, each = np.array([float(self.fixed)]), np.array([self.contribution])
        found = float(break_even_of(fixed, each)[0])
        return None if np.isnan(found) else found

    @property
    def left(self) -> float:
        """After the owner's living."""
        return self.margin - self.costs["living"]

    @property
    def runway_months(self) -> float | None:
        """How long the reserve lasts; None where none is stated, inf where nothing is drawn."""
        if self.reserve is None:
            return None
        return float(runway_of(np.array([float(self.reserve)]), np.array([-self.left]))[0])


@dataclass(frozen=True)
class Dependence:
    """How much of the income hangs on one entity, and on one service."""

    entity: int
    entity_share: float
    service: str
    service_share: float
    herfindahl: float
    margin_without: float  # if the entity left


@dataclass(frozen=True)
class Change:
    """What an owner asks about."""

    price_percent: int = 0  # of the centre's own prices
    minutes_later: int = 0  # each day
    people: int = 0  # more, or fewer
    private_a_day: int = 0

    @property
    def is_none(self) -> bool:
        return self == Change()


def per_month(amount: float, days: float) -> float:
    """What so many days brought, a month."""
    return amount * MONTH_DAYS / days if days > 0 else 0.0


def costs_with(stated: Stated, *, wilayat: int, people: int) -> dict[str, int]:
    """By line: what the owner says, else what is assumed for the wilayat."""
    found = read_defaults().of_wilayat(wilayat, people)
    said = {name: getattr(stated, name) for name in LINES if name in found}
    return found | {name: value for name, value in said.items() if value is not None}


def dependence(month: Month, parts: Sequence[tuple[str, int, float, float]]) -> Dependence | None:
    """From (service, entity, baisa, charges) a month; None where nothing was earned."""
    total = sum(max(baisa, 0.0) for _, _, baisa, _ in parts)
    if total <= 0:
        return None
    entities: dict[int, list[float]] = {}
    for _, entity, baisa, charges in parts:
        here = entities.setdefault(entity, [0.0, 0.0])
        here[0] += max(baisa, 0.0)
        here[1] += max(charges, 0.0)
    largest = max(entities, key=lambda one: (entities[one][0], -one))
    service, _, of_service, _ = max(parts, key=lambda one: one[2])
    index = float(herfindahl(np.array([[baisa for baisa, _ in entities.values()]]))[0])
    gone, charges = entities[largest]
    return Dependence(
        largest, gone / total, service, of_service / total, index,
        month.margin - gone + month.costs["each"] * charges,
    )  # fmt: skip


def changed(month: Month, change: Change) -> Month:
    """The month with the change: each assumption stands in words beside the form.

    Own prices: demand stays or falls by the middle elasticity of `fee_lines`. An hour more brings
    the visits of `hours` and the wages of the added time. A person more costs a wage and brings
    nobody by themselves. Private services are sold at the mean own charge of the month.
    """
    assumed = read_defaults()
    factor = 1 + change.price_percent / 100
    # At no price demand would be without bound, so a tenth is the least.
    demand = max(factor, 0.1) ** -float(assumed.levers["fee_lines"]["mid"])
    own = month.own_baisa * factor * demand
    of_own = month.own_baisa / month.income if month.income > 0 else 0.0
    charges = month.charges * (1 - of_own + of_own * demand)
    hours = change.minutes_later / 60 * float(assumed.levers["hours"]["mid"]) / 100
    wage = _wage(month)
    wages = (month.costs["wages"] + wage * change.people) * (
        1 + change.minutes_later / max(month.open_minutes, 1.0)
    )
    sold = change.private_a_day * month.open_days
    price = month.income / month.charges if month.charges > 0 else 0.0
    costs = {**month.costs, "wages": max(round(wages), 0)}
    return replace(
        month, listed_baisa=month.listed_baisa * (1 + hours),
        own_baisa=own * (1 + hours) + sold * price, charges=charges * (1 + hours) + sold,
        people=month.people + change.people, costs=costs,
    )  # fmt: skip


def _wage(month: Month) -> float:
    """Of one paid person: the centre's own where it pays somebody, else what is assumed."""
    paid = month.people - 1
    return month.costs["wages"] / paid if paid > 0 else read_defaults().value("wages", "mid")
