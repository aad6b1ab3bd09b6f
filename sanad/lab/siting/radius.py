"""What multipliers left of a p-median, as a program over radii.

Elloumi (2010), "A tighter formulation of the p-median problem", after Cornuejols, Nemhauser and
Wolsey (1980). Let D1 < D2 < … be the different costs of client i to the sites that are left:

    minimise    sum over i of D1 + sum over k of (D(k+1) - Dk) z[i, k]
    subject to  z[i, k] + (medians at exactly Dk) >= z[i, k-1],   z[i, 0] = 1,  z[i, last] = 0
                number of medians = p,  y whole, z >= 0

z[i, k] is 1 where no median lies within Dk. The bound of its relaxation is that of the formulation
with a variable for each pair of client and site, with far fewer variables where costs are ties.
"""

from dataclasses import dataclass

import numpy as np

from sanad.lab.siting.arrays import Floats, Ints
from sanad.lab.siting.lagrange import Left
from sanad.lab.solver.program import Program


@dataclass(frozen=True)
class Radii:
    program: Program
    sites: Ints  # of the first variables
    is_open: Ints  # their numbers

    def medians(self, values: Floats) -> Ints:
        return self.sites[values[self.is_open] > 0.5]


def radii(cost: Ints, p: int, left: Left) -> Radii:
    """The program over the sites and costs that are left."""
    program = Program()
    sites = np.flatnonzero(left.maybe)
    is_open = program.add(
        sites.size, low=left.surely[sites].astype(np.float64), high=1.0, whole=True
    )
    program.put(program.rule(1, low=p, high=p), is_open, 1.0)
    for i in range(cost.shape[0]):
        _client(program, cost[i, sites], int(left.reach[i]), is_open)
    return Radii(program, sites, is_open)


def _client(program: Program, cost: Ints, reach: int, is_open: Ints) -> None:
    """One client's z and rows."""
    within = np.flatnonzero(cost <= reach)
    level, at = np.unique(cost[within], return_inverse=True)
    program.offset += float(level[0])
    z = program.add(level.size - 1, cost=np.diff(level).astype(np.float64), high=1.0)
    # z[k] - z[k-1] + medians at Dk >= 0; in the first row z[0] is 1 and in the last z[last] is 0.
    least = np.zeros(level.size)
    least[0] = 1.0
    rows = program.rule(level.size, low=least, high=np.inf)
    program.put(rows[at], is_open[within], 1.0)
    program.put(rows[:-1], z, 1.0)
    program.put(rows[1:], z, -1.0)
