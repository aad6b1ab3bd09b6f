"""Every centre at once: people needed against those who are there, by Erlang's formulas."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from sanad.lab.staffing import erlang
from sanad.lab.staffing.applies import Method, Why, method_of
from sanad.lab.staffing.demand import Demand, demand_of
from sanad.lab.staffing.rules import Rules
from sanad.lab.staffing.target import Target
from sanad.lab.twin.facts import Ints
from sanad.lab.twin.network.model import Model
from sanad.lab.twin.world import Floats


class State(StrEnum):
    """How a centre stands."""

    TOO_FEW = "too_few"  # at the busiest half hour more are needed than there are
    HOURS_LONG = "hours_long"  # enough at any one time, but not for all the hours of the week
    ENOUGH = "enough"
    TOO_MANY = "too_many"  # more than the week's work asks for


@dataclass(frozen=True)
class Staffed:
    """K centres. `method` is what a single centre would be asked by; here Erlang always guesses."""

    demand: Demand
    method: Method
    why: Why
    people: Ints  # (K, 7, 48)
    peak: Ints  # (K,) at the busiest half hour
    hours: Floats  # (K,) of people at the counters, a week
    fewest: Ints  # (K,) no fewer people can cover the week

    @property
    def states(self) -> list[State]:
        """(K,)"""
        there = self.demand.servers
        return [
            State.TOO_FEW if peak > now
            else State.HOURS_LONG if fewest > now
            else State.TOO_MANY if fewest < now
            else State.ENOUGH
            for peak, fewest, now in zip(self.peak, self.fewest, there, strict=True)
        ]  # fmt: skip


def staffed(model: Model, target: Target, rules: Rules) -> Staffed:
    """The people that all centres of a model need."""
    demand = demand_of(model)
    method, why = method_of(model, demand.work)
    people = erlang.needed(demand, target)
    by_day = people.sum(axis=2)
    a_day, a_week = rules.slots("hours_a_day"), rules.slots("hours_a_week")
    week = by_day.sum(axis=1)
    peak = people.max(axis=(1, 2))
    fewest = np.maximum(peak, np.ceil(by_day.max(axis=1) / a_day)).astype(np.int64)
    of_week = np.ceil(week / min(a_week, rules.days_a_week * a_day)).astype(np.int64)
    return Staffed(demand, method, why, people, peak, week / 2, np.maximum(fewest, of_week))
