"""Covering half hours by weekly patterns: the best choice of columns, with a bound.

Each aim is met in three steps:

1. The relaxed program (GLOP) gives a bound and each column's reduced cost.
2. CP-SAT solves the program of the few columns with the lowest reduced costs.
3. A column whose reduced cost on top of the bound reaches that answer is in no better one (reduced
   cost fixing: Dantzig, Fulkerson and Johnson 1954). CP-SAT solves the program of all the others.

The second aim looks only at columns that the first leaves possible in an answer as good as its own.
So both bounds hold for all columns. One thread, a fixed seed and the solver's own deterministic
clock: the same question has the same answer, unless the seconds ran out.
"""

import math
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from ortools.linear_solver import pywraplp
from ortools.sat.python import cp_model

from sanad.lab.staffing.patterns import Pattern
from sanad.lab.twin.facts import Flags, Ints
from sanad.lab.twin.world import Floats

SEED: Final = 2025
FEW: Final = 300  # columns
EMPTY: Final = 10  # times as bad as one too few: doors open and nobody at the counters
TOLERANCE: Final = 1e-4  # of what is counted in whole numbers
DIGITS: Final = 6  # of a reduced cost: below them columns are equal
WORK: Final = 3.0  # of the solver's deterministic clock, which runs about as fast as seconds do


@dataclass(frozen=True)
class Row:
    """Half hours that the same columns cover and that need as many people."""

    columns: Ints
    needed: int
    weight: int  # what each person who lacks counts, over these half hours

    @property
    def lacks(self) -> tuple[tuple[int, int], ...]:
        """How many may lack, and what each counts: all but the last, then the last."""
        return (self.needed - 1, self.weight), (1, EMPTY * self.weight)


@dataclass(frozen=True)
class Found:
    """How many work each column, what it is worth, and the bound of all."""

    values: Ints
    value: int
    bound: int
    possible: Flags  # columns that may be in an answer as good as this


class Cover:
    """A week to cover. Column n is pattern `of[n][1]` worked by people of group `of[n][0]`."""

    def __init__(
        self, needed: Ints, weight: Ints, available: Sequence[frozenset[int]],
        patterns: Sequence[Pattern],
    ) -> None:  # fmt: skip
        groups = sorted(Counter(available).items(), key=lambda one: sorted(one[0]))
        self.groups = [days for days, _ in groups]
        self.people = [count for _, count in groups]
        self.of = [
            (group, pattern)
            for group, days in enumerate(self.groups)
            for pattern in patterns
            if pattern.days <= days
        ]
        self.paid = np.array([pattern.paid for _, pattern in self.of], dtype=np.int64)
        self.days = np.array([len(pattern.days) for _, pattern in self.of], dtype=np.int64)
        self.rows = _rows(needed, weight, [pattern for _, pattern in self.of])

    def fewest_lacking(self, until: float) -> Found:
        """The least weight that lacks; `until` is a moment of the counting clock."""
        size = len(self.of)
        nobody = np.zeros(size, dtype=np.int64)
        return self._best(until, nobody, None, np.ones(size, dtype=np.bool_))

    def fewest_paid(self, until: float, known: Found) -> Found:
        """Of all that lack as little as the known answer, the fewest paid half hours."""
        return self._best(until, known.values, known.value, known.possible)

    def _best(
        self, until: float, known: Ints, most_lacking: int | None, possible: Flags
    ) -> Found:  # fmt: skip
        bound, reduced = self._relaxed(most_lacking, possible)
        # Of equal columns the longer weeks first: few of them make a whole roster.
        order = np.lexsort((-self.days, np.maximum(np.round(reduced, DIGITS), 0.0)))
        few = _with(order[:FEW], np.flatnonzero(known))
        first, value, _ = self._solved(few, known, bound, most_lacking, until)
        better = np.flatnonzero(np.ceil(bound + reduced - TOLERANCE) < value)
        as_good = bound + reduced <= value + TOLERANCE
        if not len(better):
            return Found(first, value, value, as_good)
        those = _with(better, np.flatnonzero(first))
        last, best, below = self._solved(those, first, bound, most_lacking, until)
        as_good = bound + reduced <= best + TOLERANCE
        return Found(last, best, max(_up(bound), min(below, value)), as_good)

    def _relaxed(self, most_lacking: int | None, possible: Flags) -> tuple[float, Floats]:
        """The bound of the relaxed program, and the columns' reduced costs."""
        solver = pywraplp.Solver.CreateSolver("GLOP")
        most = np.array([self.people[group] for group, _ in self.of]) * possible
        counts = [solver.NumVar(0.0, float(people), "") for people in most]
        lacks = []
        for row in self.rows:
            rule = solver.Constraint(float(row.needed), solver.infinity())
            for most_of_it, weight in row.lacks:
                lack = solver.NumVar(0.0, float(most_of_it), "")
                rule.SetCoefficient(lack, 1.0)
                lacks.append((lack, weight))
            for column in row.columns:
                rule.SetCoefficient(counts[column], 1.0)
        for group, people in enumerate(self.people):
            rule = solver.Constraint(-solver.infinity(), float(people))
            for column, (of, _) in enumerate(self.of):
                if of == group:
                    rule.SetCoefficient(counts[column], 1.0)
        self._aim(solver, counts, lacks, most_lacking)
        if solver.Solve() != pywraplp.Solver.OPTIMAL:
            return 0.0, np.where(possible, 0.0, np.inf)  # nothing is known, and all is left in
        reduced = np.array([count.reduced_cost() for count in counts])
        return solver.Objective().Value(), np.where(possible, reduced, np.inf)

    def _aim(self, solver: Any, counts: Any, lacks: Any, most_lacking: int | None) -> None:
        """Make what lacks least, or what is paid while no more lacks."""
        aim = solver.Objective()
        aim.SetMinimization()
        if most_lacking is None:
            for lack, weight in lacks:
                aim.SetCoefficient(lack, float(weight))
            return
        rule = solver.Constraint(-solver.infinity(), float(most_lacking))
        for lack, weight in lacks:
            rule.SetCoefficient(lack, float(weight))
        for count, paid in zip(counts, self.paid, strict=True):
            aim.SetCoefficient(count, float(paid))

    def _solved(
        self, those: Ints, known: Ints, bound: float, most_lacking: int | None, until: float
    ) -> tuple[Ints, int, int]:
        """The best of these columns: values, value and bound."""
        model = cp_model.CpModel()
        counts = {
            int(n): model.new_int_var(0, self.people[self.of[n][0]], "") for n in those
        }  # fmt: skip
        for group, people in enumerate(self.people):
            here = [count for n, count in counts.items() if self.of[n][0] == group]
            if here:
                model.add(cp_model.LinearExpr.sum(here) <= people)
        lacks, weights = [], []
        for row in self.rows:
            here = [model.new_int_var(0, most, "") for most, _ in row.lacks]
            there = [counts[int(n)] for n in row.columns if int(n) in counts]
            model.add(cp_model.LinearExpr.sum([*there, *here]) >= row.needed)
            lacks += here
            weights += [weight for _, weight in row.lacks]
        lacking = cp_model.LinearExpr.weighted_sum(lacks, weights)
        paid = cp_model.LinearExpr.weighted_sum(
            list(counts.values()), [int(self.paid[n]) for n in counts]
        )
        aim = lacking if most_lacking is None else paid
        if most_lacking is not None:
            model.add(lacking <= most_lacking)
        model.add(aim >= _up(bound))
        for n, count in counts.items():
            model.add_hint(count, int(known[n]))
        model.minimize(aim)
        solver = _solver(until)
        status = solver.solve(model)
        if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            return known, self._worth(known, most_lacking), _up(bound)
        values = np.zeros(len(self.of), dtype=np.int64)
        for n, count in counts.items():
            values[n] = solver.value(count)
        return values, round(solver.objective_value), _up(solver.best_objective_bound)

    def _worth(self, values: Ints, most_lacking: int | None) -> int:
        if most_lacking is not None:
            return int(values @ self.paid)
        return sum(
            row.weight * lacking_counts(row.needed, int(values[row.columns].sum()))
            for row in self.rows
        )


def lacking_counts(needed: int, there: int) -> int:
    """What a half hour of weight one counts with so many people there."""
    if there <= 0 < needed:
        return needed - 1 + EMPTY
    return max(needed - there, 0)


def _rows(needed: Ints, weight: Ints, patterns: Iterable[Pattern]) -> list[Row]:
    members: dict[tuple[int, int], list[int]] = {}
    for number, pattern in enumerate(patterns):
        for day, shift in enumerate(pattern.shifts):
            for since, until in shift:
                for slot in range(since, until):
                    members.setdefault((day, slot), []).append(number)
    weights: Counter[tuple[tuple[int, ...], int]] = Counter()
    for day, slot in np.argwhere(needed > 0):
        columns = tuple(members.get((int(day), int(slot)), ()))
        weights[columns, int(needed[day, slot])] += int(weight[day, slot])
    return [
        Row(np.array(columns, dtype=np.int64), people, counts)
        for (columns, people), counts in weights.items()
    ]


def _solver(until: float) -> cp_model.CpSolver:
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = SEED
    solver.parameters.linearization_level = 2
    solver.parameters.cp_model_probing_level = 0
    solver.parameters.max_deterministic_time = WORK
    solver.parameters.max_time_in_seconds = max(until - time.perf_counter(), 0.05)
    return solver


def _with(one: Ints, other: Ints) -> Ints:
    return np.union1d(one, other).astype(np.int64)


def _up(bound: float) -> int:
    return math.ceil(bound - TOLERANCE)
