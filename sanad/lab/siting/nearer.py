"""Centres more where people's ways to the nearest become shortest: a p-median beside what stands.

Hakimi (1964), ReVelle and Swain (1970), with the centres that stand kept. A site j within the
present way of place i saves s[i, j] = people[i] (way now - way to j):

    maximise    sum of s[i, j] x[i, j]
    subject to  sum over j of x[i, j] <= 1,   x[i, j] <= y[j],   sum of y <= p,   y whole
"""

from dataclasses import dataclass

import numpy as np

from sanad.lab.siting.arrays import Floats, Ints
from sanad.lab.solver.program import Program


@dataclass(frozen=True)
class Nearer:
    """Person-kilometres with the sites opened, and what no choice can be below."""

    ways: float
    bound: float
    sites: Ints

    @property
    def gap_percent(self) -> float:
        return 100.0 * (self.ways - self.bound) / self.ways if self.ways else 0.0


def shortest_ways(people: Floats, now: Floats, km: Floats, p: int, *, seconds: float) -> Nearer:
    """Open up to `p` sites; `now` [places] is today's way, `km` [places, sites] that to a site."""
    before = float(people @ now)
    saves = people[:, None] * (now[:, None] - km)
    place, site = np.nonzero(saves > 0)
    if not p or not place.size:
        return Nearer(before, before, np.zeros(0, np.int64))
    program = Program()
    is_open = program.add(km.shape[1], high=1.0, whole=True)
    goes = program.add(place.size, cost=-saves[place, site], high=1.0)
    program.put(program.rule(1, low=0.0, high=float(p)), is_open, 1.0)
    once = program.rule(people.size, low=-np.inf, high=1.0)
    program.put(once[place], goes, 1.0)
    only = program.rule(place.size, low=0.0, high=np.inf)
    program.put(only, is_open[site], 1.0)
    program.put(only, goes, -1.0)
    solved = program.solve(seconds=seconds)
    if solved.values is None:
        return Nearer(before, 0.0, np.zeros(0, np.int64))
    chosen = np.flatnonzero(solved.values[is_open] > 0.5)
    ways = float(people @ np.minimum(now, km[:, chosen].min(axis=1, initial=np.inf)))
    return Nearer(ways, max(0.0, min(ways, before + solved.bound)), chosen)
