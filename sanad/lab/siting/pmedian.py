"""The p-median, solved with proof.

Choose p of the sites so that the sum of every client's cost to the nearest chosen site is least
(Hakimi 1964). In this order:

1. greedy adding and vertex interchange give a good choice;
2. Lagrange multipliers give a bound, and better choices on the way;
3. if the bound is not within one unit of cost, sites and pairs that no better choice can hold are
   put aside and interchange is tried from shaken choices;
4. branch and bound over sites proves the rest in a few nodes, as it does with few medians; or
   HiGHS does, as it does with many medians, which leave few pairs of client and site; or, where
   neither ends, both go on for as long as there is time.

Costs are whole numbers, so a bound above `cost - 1` is a proof.
"""

import math
import time
from dataclasses import dataclass

import numpy as np

from sanad.lab.siting import interchange, lagrange
from sanad.lab.siting.arrays import Ints
from sanad.lab.siting.radius import radii
from sanad.lab.siting.tree import Tree, grow, plant
from sanad.lib.refusal import N_, Refused

STEPS = 100  # of the multipliers between two looks at the clock
ROUNDS = 40  # of shaking
NODES = 100  # of the tree between two looks at the clock
FEW_NODES = 200  # that are looked at before anything else is tried
LIGHT = 5_000  # pairs of client and site that make a program which HiGHS solves at once
HEAVY = 60_000  # pairs that make one on which HiGHS does not even keep to its time
SOLVER_ROUNDING = 1e-7  # of the cost: the tolerance of HiGHS, which counts a little below it
SEED = 2025


class TooManyMedians(Refused):
    code = "siting.too_many_medians"
    sentence = N_("{medians} medians are asked for, but there are {sites} sites. Ask for fewer.")


class NoMedians(Refused):
    code = "siting.no_medians"
    sentence = N_("{medians} medians are asked for. Ask for one or more.")


class CostsTooLarge(Refused):
    code = "siting.costs_too_large"
    sentence = N_(
        "The costs may add up to {sum}, and sums are exact up to {most}. Choose a larger unit or "
        "fewer decimals."
    )


@dataclass(frozen=True)
class Answer:
    """The cheapest choice found and what no choice can be below; sites are numbered from 0."""

    cost: int
    bound: int
    medians: tuple[int, ...]

    @property
    def proven(self) -> bool:
        return self.bound >= self.cost

    @property
    def gap_percent(self) -> float:
        """What the bound lacks, in percent of the cost."""
        return 100.0 * (self.cost - self.bound) / self.cost if self.cost else 0.0


def solve(cost: Ints, p: int, *, seconds: float) -> Answer:
    """The best `p` sites for `cost` int64 [clients, sites], none negative, in `seconds`."""
    if p < 1:
        raise NoMedians(medians=p)
    if p > cost.shape[1]:
        raise TooManyMedians(medians=p, sites=cost.shape[1])
    largest = int(cost.max(axis=1).sum())
    if largest > lagrange.MOST_COST:
        raise CostsTooLarge(sum=largest, most=lagrange.MOST_COST)
    return _Search(np.ascontiguousarray(cost, dtype=np.int64), p, seconds).answer()


class _Search:
    """One instance: the best choice so far, the best bound so far, and the time that is left."""

    def __init__(self, cost: Ints, p: int, seconds: float) -> None:
        self.ends = time.monotonic() + seconds
        self.cost, self.p = cost, p
        self.by_site = np.ascontiguousarray(cost.T)
        self.order = np.argsort(cost, axis=1, kind="stable")
        self.medians = interchange.greedy(cost, p)
        self.best = interchange.improve(cost, self.by_site, self.medians)
        self.bound = 0

    def answer(self) -> Answer:
        self._climb()
        if not self.is_over:
            self._shake()
            self._prove()
        medians = tuple(sorted(int(one) for one in self.medians))
        return Answer(int(self.best), int(min(self.bound, self.best)), medians)

    @property
    def _slack(self) -> float:
        return lagrange.SLACK + lagrange.ROUNDING * self.best

    @property
    def left(self) -> float:
        return self.ends - time.monotonic()

    @property
    def is_over(self) -> bool:
        return self.bound >= self.best or self.left <= 0

    def _climb(self) -> None:
        self.dual = lagrange.start(self.cost, self.medians)
        while not self.dual.is_done and not self.is_over:
            lagrange.climb(self.dual, self.cost, self.order, self.p, self.best, STEPS)
            self._try(self.dual.medians.copy())
            self.bound = _up(self.dual.bound, self._slack)

    def _try(self, medians: Ints) -> None:
        cost = interchange.improve(self.cost, self.by_site, medians)
        if cost < self.best:
            self.best, self.medians = cost, medians

    def _shake(self) -> None:
        """Interchange from the best choice with one, two, … medians exchanged at random."""
        draws, changes = np.random.default_rng(SEED), 1
        for _ in range(ROUNDS):
            if self.is_over:
                return
            before, fractions = self.best, draws.random(2 * self.p)
            self._try(interchange.shake(self.medians, self.cost.shape[1], changes, fractions))
            changes = 1 if self.best < before else changes % self.p + 1

    def _prove(self) -> None:
        if self.is_over:
            return
        left = lagrange.sift(self.dual, self.cost, self.order, self.p, self.best)
        if not left.can_be(self.p):
            self.bound = self.best
            return
        tree, pairs = (
            plant(self.cost, self.dual.worth, self.dual.bound, left),
            left.pairs(self.cost),
        )
        self._by_tree(tree, self.left, FEW_NODES)
        if pairs <= LIGHT and not self.is_over:
            self._by_program(left, self.left / 2)
        if not self.is_over:
            self._by_tree(tree, self.left / 2 if pairs <= HEAVY else self.left, None)
        if pairs <= HEAVY and not self.is_over:
            self._by_program(left, self.left)

    def _by_tree(self, tree: Tree, seconds: float, nodes: int | None) -> None:
        """Branch and bound for so long or so many nodes more."""
        ends = time.monotonic() + seconds
        most = math.inf if nodes is None else tree.looked_at + nodes
        while tree.waiting and time.monotonic() < ends and tree.looked_at < most:
            found, medians = grow(tree, self.p, self.best, NODES)
            if found < self.best:
                self.best, self.medians = found, medians
        self.bound = max(self.bound, _up(tree.bound(self.best), self._slack))

    def _by_program(self, left: lagrange.Left, seconds: float) -> None:
        model = radii(self.cost, self.p, left)
        slack = lagrange.SLACK + SOLVER_ROUNDING * self.best
        solved = model.program.solve(seconds=seconds, gap=max(0.0, 1 - slack))
        if solved.values is not None:
            medians = model.medians(solved.values)
            cost = int(self.cost[:, medians].min(axis=1).sum())
            if medians.size == self.p and cost < self.best:
                self.best, self.medians = cost, medians
        # What is left holds only choices cheaper than the best when it was made.
        self.bound = max(self.bound, min(_up(solved.bound, slack), self.best))


def _up(bound: float, slack: float) -> int:
    """The next whole number: no choice of whole costs lies between."""
    if math.isinf(bound):
        return 0 if bound < 0 else interchange.FAR
    return max(0, math.ceil(bound - slack))


def compile_loops() -> None:
    """Compile every loop on a few numbers, once on each machine."""
    cost = np.array([[0, 3, 4], [3, 0, 5], [4, 5, 0]])
    search = _Search(cost, 2, seconds=60.0)
    search._climb()
    search._try(interchange.shake(search.medians, 3, 1, np.zeros(2)))
    left = lagrange.sift(search.dual, search.cost, search.order, 2, search.best + 3)
    grow(plant(search.cost, search.dual.worth, -1.0, left), 2, search.best + 3, NODES)
