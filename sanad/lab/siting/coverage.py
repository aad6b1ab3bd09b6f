"""Who has a centre within reach, and the most that so many more could reach.

Church and ReVelle (1974), "The maximal covering location problem":

    maximise    sum over places of people[i] z[i]
    subject to  z[i] <= sum of y[j] over sites j within reach of i,   sum of y <= p
                y whole, 0 <= z <= 1
"""

from dataclasses import dataclass

import numpy as np

from sanad.lab.siting.arrays import Flags, Floats, Ints
from sanad.lab.solver.program import Program


@dataclass(frozen=True)
class Covered:
    """The people with a site in reach, what nobody can exceed, and the sites to open."""

    people: float
    bound: float
    sites: Ints

    @property
    def gap_percent(self) -> float:
        return 100.0 * (self.bound - self.people) / self.bound if self.bound > 0 else 0.0


def maximal_covering(
    people: Floats, near: Flags, p: int, *, already: Flags, seconds: float
) -> Covered:
    """Open up to `p` of the sites; `near` [places, sites], `already` [places] are covered now."""
    has = float(people[already].sum())
    open_to = np.flatnonzero(~already & near.any(axis=1) & (people > 0))
    sites = np.flatnonzero(near[open_to].any(axis=0))
    if not p or not sites.size:
        return Covered(has, has, np.zeros(0, np.int64))
    program = Program()
    is_open = program.add(sites.size, high=1.0, whole=True)
    is_covered = program.add(open_to.size, cost=-people[open_to], high=1.0)
    program.put(program.rule(1, low=0.0, high=float(p)), is_open, 1.0)
    rows = program.rule(open_to.size, low=0.0, high=np.inf)
    place, site = np.nonzero(near[np.ix_(open_to, sites)])
    program.put(rows[place], is_open[site], 1.0)
    program.put(rows, is_covered, -1.0)
    solved = program.solve(seconds=seconds)
    most = has + float(people[open_to].sum())
    if solved.values is None:
        return Covered(has, most, np.zeros(0, np.int64))
    chosen = sites[solved.values[is_open] > 0.5]
    reached = already | near[:, chosen].any(axis=1)
    gained = float(people[reached].sum())
    # Both are sums of the same numbers; the bound is not below what is reached.
    return Covered(gained, min(most, max(gained, has - solved.bound)), chosen)
