"""Opening hours: which hour at the edge costs more than it brings, and what one more would bring.

An hour's income is a compound Poisson sum over the days of the period (Poisson visits, each with
what the centre charges for its requests): mean v m, variance v m2, with the spread of the days
beyond chance; a band of 90 % by the normal. Where people go when hours change was measured by
nobody, so the band is taken at both ends of what is assumed. An hour is called a loss or a gain
only where the whole band says so.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

import numpy as np

from sanad.lab.staffing.assumed import Costs
from sanad.lab.staffing.demand import Demand, clock, weekday_code
from sanad.lab.staffing.patterns import Stretch, stretches
from sanad.lab.twin.facts import Ints
from sanad.lab.twin.network.model import SLOT_SECONDS, SLOTS, Model

WITHIN_90: Final = 1.6448536269514722  # standard deviations of the normal
HOUR: Final = 2  # half hours


class Verdict(StrEnum):
    """What the band says."""

    GAIN = "gain"
    LOSS = "loss"
    NOT_SURE = "not_sure"


@dataclass(frozen=True)
class Change:
    """An hour less or more of a weekday, and what that would bring (baisa a week)."""

    weekday: int
    since: int  # half hour
    until: int
    visits: float  # on such a day
    gain_low: float
    gain_high: float

    @property
    def verdict(self) -> Verdict:
        if self.gain_low > 0:
            return Verdict.GAIN
        return Verdict.LOSS if self.gain_high < 0 else Verdict.NOT_SURE

    def as_json(self) -> dict[str, Any]:
        return {
            "weekday": weekday_code(self.weekday), "from": clock(self.since),
            "until": clock(self.until), "visits": round(self.visits, 4),
            "gain_baisa": [round(self.gain_low), round(self.gain_high)],
            "verdict": str(self.verdict),
        }  # fmt: skip


@dataclass(frozen=True)
class Hours:
    """Advice on the hours of one centre."""

    open_a_week: float  # hours
    close: tuple[Change, ...]  # in the order in which they would go
    stays: tuple[Change, ...]  # at the edge of what is left
    kept_by_least: bool  # more would go, but for the least hours a week
    add: tuple[Change, ...]  # one hour before or after a stretch

    def as_json(self) -> dict[str, Any]:
        return {
            "open_a_week": self.open_a_week, "kept_by_least": self.kept_by_least,
            "close": [one.as_json() for one in self.close],
            "stays": [one.as_json() for one in self.stays],
            "add": [one.as_json() for one in self.add],
        }  # fmt: skip


def hours_advice(model: Model, demand: Demand, people: Ints, costs: Costs) -> Hours:
    """Advice for the centre of a model of one centre, which needs (7, 48) people."""
    at = _Centre(model, demand, people, costs)
    week = [list(stretches(day)) for day in demand.is_open[0]]
    left = sum(until - since for day in week for since, until in day) / 2
    open_a_week, gone, kept = left, [], False
    while True:
        edges = [change for change, _ in _edges(at, week)]
        going = [one for one in edges if one.verdict is Verdict.GAIN]
        if not going:
            break
        best = max(going, key=lambda one: (one.gain_low, -one.weekday, -one.since))
        hours = (best.until - best.since) / 2
        if left - hours < costs.open_hours_least:
            kept = True
            break
        gone.append(best)
        left -= hours
        week[best.weekday] = _without(week[best.weekday], best)
    added = tuple(at.opened(*one) for one in _beside(demand))
    return Hours(open_a_week, tuple(gone), tuple(edges), kept, added)


class _Centre:
    """What an hour brings and costs at one centre."""

    def __init__(self, model: Model, demand: Demand, people: Ints, costs: Costs) -> None:
        self.demand, self.people, self.costs, self.model = demand, people, costs, model
        self.income, self.square = income_of_visit(model)

    def closed(self, weekday: int, since: int, until: int) -> Change:
        """An hour less: its cost is saved, a part of its income lost."""
        visits = sum(self._known(weekday, slot) for slot in range(since, until))
        people = float(self.people[weekday, since:until].sum()) / 2
        saved = self._cost(people, (until - since) / 2)
        low, high = self._band(weekday, visits)
        lost = self.costs.lost
        return Change(
            weekday, since, until, visits, saved - lost[1] * high, saved - lost[0] * low
        )  # fmt: skip

    def opened(self, weekday: int, since: int, until: int, beside: Stretch) -> Change:
        """An hour more: a part of who would come then would not have come otherwise."""
        visits = sum(self._expected(weekday, slot, beside) for slot in range(since, until))
        hours = (until - since) / 2
        low, high = self._band(weekday, visits)
        few = int(self.people[self.people > 0].min(initial=1))
        cost, new = self._cost(hours * few, hours), self.costs.new
        return Change(weekday, since, until, visits, new[0] * low - cost, new[1] * high - cost)

    def _cost(self, person_hours: float, hours: float) -> float:
        return person_hours * self.costs.person_hour_baisa + hours * self.costs.doors_hour_baisa

    def _band(self, weekday: int, visits: float) -> tuple[float, float]:
        """Income of the hour on one day, in the mean of the period's days: 90 %, not below 0."""
        days = max(int(self.demand.days[weekday]), 1)
        mean = visits * self.income
        variance = (visits * self.square + (self.model.day_spread * mean) ** 2) / days
        half = WITHIN_90 * math.sqrt(variance)
        return max(mean - half, 0.0), mean + half

    def _known(self, weekday: int, slot: int) -> float:
        """Visits of a half hour that is open; where the model knows none, a part of the nearest."""
        visits = self.demand.visits[0, weekday]
        if self.model.of_hour[slot] > 0 or not visits.any():
            return float(visits[slot])
        known = np.flatnonzero(visits)
        return self.costs.edge * float(visits[known[np.argmin(np.abs(known - slot))]])

    def _expected(self, weekday: int, slot: int, beside: Stretch) -> float:
        """Visits of a half hour that is not open: by the model's profile, or a part of beside."""
        visits, seconds = self.demand.visits[0, weekday], self.demand.let_in_seconds[0, weekday]
        weight = self.model.of_hour * seconds
        if self.model.of_hour[slot] > 0 and weight.sum() > 0:
            return float(
                self.model.of_hour[slot] * SLOT_SECONDS * visits.sum() / weight.sum()
            )  # fmt: skip
        near = visits[beside[0] : beside[1]]
        return self.costs.edge * float(near.mean()) if len(near) else 0.0


def income_of_visit(model: Model) -> tuple[float, float]:
    """Mean and mean square of the centre's own charge of a visit of any kind (baisa)."""
    size_share = model.size_share / model.size_share.sum()
    size, square = float(model.sizes @ size_share), float(model.sizes**2 @ size_share)
    asked = float(model.share.sum())
    if asked == 0:
        return 0.0, 0.0
    fee = model.fee[0].astype(np.float64)
    # Questions bring nothing; a visit asks for one service as often as it has requests.
    with_request = 1 / (1 + model.questions)
    return (
        with_request * size * float(model.share @ fee) / asked,
        with_request * square * float(model.share @ fee**2) / asked,
    )


def _edges(at: _Centre, week: list[list[Stretch]]) -> Iterator[tuple[Change, Stretch]]:
    """The first and the last hour of each stretch."""
    for weekday, day in enumerate(week):
        for since, until in day:
            hour = min(HOUR, until - since)
            yield at.closed(weekday, since, since + hour), (since, until)
            if until - since > hour:
                yield at.closed(weekday, until - hour, until), (since, until)


def _without(day: list[Stretch], gone: Change) -> list[Stretch]:
    found = []
    for since, until in day:
        begins = gone.until if since == gone.since else since
        ends = gone.since if until == gone.until and begins == since else until
        if ends > begins:
            found.append((begins, ends))
    return found


def _beside(demand: Demand) -> Iterator[tuple[int, int, int, Stretch]]:
    """Weekday, from and until of the hour before and after each stretch, and the hour beside it."""
    for weekday, is_open in enumerate(demand.is_open[0]):
        day = stretches(is_open)
        for since, until in day:
            before, after = since - HOUR, until + HOUR
            if before >= 0 and not is_open[before:since].any():
                yield weekday, before, since, (since, min(since + HOUR, until))
            if after <= SLOTS and not is_open[until:after].any():
                yield weekday, until, after, (max(until - HOUR, since), until)
