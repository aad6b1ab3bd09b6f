"""The choice as a program of nought and one, tight enough to be proven.

`start[i, t]` is one where initiative i starts in quarter t; what has started by t is the sum up to
t. That j is finished before i is a row for each quarter, started(i, t) <= started(j, t - duration
of j): without budgets and crews the relaxation is whole by itself (Pritsker, Watters and Wolfe
1969; Christofides, Alvarez-Valdes and Tamarit 1987 for the disaggregated order). Budgets and crews
are knapsacks with all factors positive, from which the solver makes its cuts; with cumulative
variables in their place the gap after the same time was three times as wide. What excludes each
other is taken together in cliques.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import combinations

import numpy as np

from sanad.lab.portfolio.instance import UNITS_A_POINT, Instance
from sanad.lab.solver.program import Program
from sanad.lab.twin.facts import Ints
from sanad.lab.twin.world import Floats

BAISA_A_UNIT = 1000.0  # rials in the budgets' rows keep the numbers small


@dataclass
class Choice:
    """A program with its variables: `start[code]` from the first possible start to the last."""

    instance: Instance
    program: Program = field(default_factory=Program)
    start: dict[str, Ints] = field(default_factory=dict)
    first: dict[str, int] = field(default_factory=dict)
    budget_rows: dict[int, int] = field(default_factory=dict)

    def starts(self, code: str) -> range:
        return range(self.first[code], self.first[code] + len(self.start[code]))

    def by(self, code: str, quarter: int) -> Ints:
        """The variables of which one is 1 where it has started by this quarter."""
        return self.start[code][: max(0, quarter + 1 - self.first[code])]

    def chosen(self, values: Floats) -> dict[str, int]:
        """The starts in a solution."""
        return {
            code: self.first[code] + int(np.argmax(values[columns]))
            for code, columns in self.start.items()
            if values[columns].max() > 0.5
        }

    def worth(self) -> Floats:
        """What each variable adds to the value."""
        found = np.zeros(self.program.columns)
        for code, columns in self.start.items():
            one = self.instance.by_code[code]
            left = [self.instance.done_quarters(one, start) for start in self.starts(code)]
            found[columns] = one.value.mid * np.array(left)
        return found

    def at_least(self, value: int) -> None:
        """Only choices of so much value hold from here on.

        Values are whole, so half of one less asks for the same and keeps away from rounding.
        """
        worth = self.worth()
        columns = np.flatnonzero(worth)
        [row] = self.program.rule(1, low=(value - 0.5) / UNITS_A_POINT, high=np.inf)
        self.program.put(int(row), columns, worth[columns] / UNITS_A_POINT)


def build(instance: Instance, *, earliest: Mapping[str, int]) -> Choice:
    """The program; `earliest` holds those that can be chosen, with their first possible quarter."""
    choice = Choice(instance)
    for code, first in earliest.items():
        one = instance.by_code[code]
        choice.first[code] = first
        choice.start[code] = choice.program.add(
            instance.latest(one) - first + 1, high=1.0, whole=True
        )
        [row] = choice.program.rule(1, low=float(one.must), high=1.0)
        choice.program.put(int(row), choice.start[code], 1.0)
    for code in choice.start:
        one = instance.by_code[code]
        for before in one.after:
            _finished_before(choice, code, [before])
        if one.one_of:
            _finished_before(choice, code, [each for each in one.one_of if each in choice.start])
    _apart(choice)
    _budgets(choice)
    _crews(choice)
    return choice


def _finished_before(choice: Choice, code: str, before: list[str]) -> None:
    """Started by t only where one of `before` started by t less its duration."""
    rows = choice.program.rule(len(choice.start[code]), low=-np.inf, high=0.0)
    for row, quarter in zip(rows, choice.starts(code), strict=True):
        choice.program.put(int(row), choice.by(code, quarter), 1.0)
        for other in before:
            finished = quarter - choice.instance.by_code[other].duration
            choice.program.put(int(row), choice.by(other, finished), -1.0)


def _apart(choice: Choice) -> None:
    for clique in cliques(choice.instance, choice.start):
        [row] = choice.program.rule(1, low=0.0, high=1.0)
        for code in clique:
            choice.program.put(int(row), choice.start[code], 1.0)


def cliques(instance: Instance, codes: Iterable[str]) -> list[list[str]]:
    """Groups of which each two exclude each other; every such pair is in one of them."""
    known = set(codes)
    apart: dict[str, set[str]] = {code: set() for code in known}
    for one in instance.initiatives:
        for other in set(one.excludes) & known - {one.code}:
            if one.code in known:
                apart[one.code].add(other)
                apart[other].add(one.code)
    left = {pair for a in apart for pair in ((a, b) for b in apart[a]) if pair[0] < pair[1]}
    found = []
    while left:
        clique = list(min(left))
        for code in sorted(apart[clique[0]] & apart[clique[1]]):
            if all(code in apart[other] for other in clique):
                clique.append(code)
        found.append(sorted(clique))
        left -= set(combinations(sorted(clique), 2))
    return found


def _budgets(choice: Choice) -> None:
    instance = choice.instance
    for year in instance.years:
        high = instance.budget_baisa[year] / BAISA_A_UNIT
        [row] = choice.program.rule(1, low=-np.inf, high=high)
        choice.budget_rows[year] = int(row)
        for code, columns in choice.start.items():
            one = instance.by_code[code]
            for column, start in zip(columns, choice.starts(code), strict=True):
                cost = instance.cost_in(one, start)[year]
                if cost:
                    choice.program.put(int(row), np.array([column]), cost / BAISA_A_UNIT)


def _crews(choice: Choice) -> None:
    instance = choice.instance
    for kind, there in instance.crews.items():
        rows = choice.program.rule(
            instance.quarters, low=-np.inf, high=np.array(there, dtype=np.float64)
        )
        for code, columns in choice.start.items():
            needs = instance.by_code[code].crew.get(kind, ())
            for column, start in zip(columns, choice.starts(code), strict=True):
                for row, need in zip(rows[start:], needs, strict=False):
                    if need:
                        choice.program.put(int(row), np.array([column]), float(need))
