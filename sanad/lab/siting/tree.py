"""Branch and bound over sites, with Lagrange multipliers as the bound.

Christofides and Beasley (1982), "A tree search algorithm for the p-median problem". A node fixes
some sites in and some out. Its bound starts from its parent's worths; what the bound rules out is
fixed at once; then the site that the multipliers took about every second time is put out in one
child and in in the other. Depth first, so at most a node for each site is waiting.
"""

from dataclasses import dataclass

import numpy as np

from sanad.lab.siting.arrays import Codes, Floats, Ints
from sanad.lab.siting.interchange import FAR
from sanad.lab.siting.lagrange import FREE, IN, OUT, Left, ascend, proof, values
from sanad.lab.twin.engine.compiled import loop, step

STEPS = 120  # of the multipliers in a node
PATIENCE = 12
PACE = 1.0  # the length of the first steps in a node


@dataclass
class Tree:
    """The nodes that wait, the last one next."""

    sites: Ints  # what is left, by their numbers in the whole instance
    cost: Ints  # [clients, sites left]
    order: Ints
    fixed: Codes  # [nodes, sites left]
    worth: Floats  # [nodes, clients]
    bounds: Floats  # [nodes]
    waiting: int = 1
    looked_at: int = 0

    def bound(self, best: int) -> float:
        """No choice is below this: the least bound of what waits, or `best` where nothing does."""
        return float(min(self.bounds[: self.waiting].min(initial=np.inf), best))


def plant(cost: Ints, worth: Floats, bound: float, left: Left) -> Tree:
    """The tree over the sites that are left."""
    sites = np.flatnonzero(left.maybe)
    part = np.ascontiguousarray(cost[:, sites])
    room = sites.size + 2
    fixed = np.zeros((room, sites.size), np.int8)
    fixed[0, left.surely[sites]] = IN
    worths = np.zeros((room, cost.shape[0]))
    worths[0] = worth
    bounds = np.full(room, np.inf)
    bounds[0] = bound
    return Tree(sites, part, np.argsort(part, axis=1, kind="stable"), fixed, worths, bounds)


def grow(tree: Tree, p: int, best: int, nodes: int) -> tuple[int, Ints]:
    """Look at so many nodes more; the cost and sites of the cheapest choice met, FAR if none."""
    medians = np.zeros(p, np.int64)
    tree.waiting, looked_at, found = _grow(
        tree.cost, tree.order, p, best, nodes, tree.fixed, tree.worth, tree.bounds, tree.waiting,
        medians,
    )  # fmt: skip
    tree.looked_at += looked_at
    return int(found), tree.sites[medians]


@loop
def _grow(
    cost: Ints, order: Ints, p: int, best: int, nodes: int, fixed: Codes, worth: Floats,
    bounds: Floats, waiting: int, medians: Ints,
) -> tuple[int, int, int]:  # fmt: skip
    sites = cost.shape[1]
    found, looked_at = FAR, 0
    use, rho, proposed = np.empty(sites), np.empty(sites), np.empty(p, np.int64)
    while waiting > 0 and looked_at < nodes:
        top = waiting - 1
        limit = min(best, found)
        looked_at += 1
        if bounds[top] > proof(limit) or not _can_be(fixed[top], p):
            waiting = top
            continue
        use[:] = 0.5
        now = worth[top].copy()
        bound, cheapest = ascend(
            cost, order, p, limit, STEPS, PATIENCE, fixed[top], now, worth[top], -np.inf,
            np.array([PACE, 0.0]), use, proposed,
        )  # fmt: skip
        if cheapest < limit:
            found = cheapest
            limit = cheapest
            medians[:] = proposed
        bounds[top] = max(bounds[top], bound)
        if bound > proof(limit):
            waiting = top
            continue
        _fix(cost, order, p, proof(limit) - bound, fixed[top], worth[top], rho)
        site = _most_open(fixed[top], use)
        if site < 0:  # nothing is free: the choice proposed is the node's only one
            waiting = top
            continue
        fixed[waiting] = fixed[top]
        worth[waiting] = worth[top]
        bounds[waiting] = bounds[top]
        fixed[top, site] = OUT
        fixed[waiting, site] = IN
        waiting += 1
    return waiting, looked_at, found


@step
def _can_be(fixed: Codes, p: int) -> bool:
    """Whether p sites can be chosen; where only one choice is left it is fixed."""
    inside, free = 0, 0
    for code in fixed:
        inside += code == IN
        free += code == FREE
    if inside == p or inside + free == p:
        for j in range(fixed.size):
            if fixed[j] == FREE:
                fixed[j] = OUT if inside == p else IN
    return inside <= p <= inside + free


@loop
def _fix(
    cost: Ints, order: Ints, p: int, spare: float, fixed: Codes, worth: Floats, rho: Floats
) -> None:
    """Put in or out each free site whose other fate costs more than `spare`."""
    values(cost, order, fixed, worth, rho)
    more = p - np.sum(fixed == IN)
    ranked = np.sort(rho[fixed == FREE])
    if more <= 0 or more >= ranked.size:
        return
    last, beyond = ranked[more - 1], ranked[more]
    for j in range(fixed.size):
        if fixed[j] == FREE:
            if rho[j] - last > spare:
                fixed[j] = OUT
            elif beyond - rho[j] > spare:
                fixed[j] = IN


@step
def _most_open(fixed: Codes, use: Floats) -> int:
    """The free site that was taken most nearly every second time; -1 where none is free."""
    site, nearest = -1, 2.0
    for j in range(fixed.size):
        if fixed[j] == FREE and abs(use[j] - 0.5) < nearest:
            site, nearest = j, abs(use[j] - 0.5)
    return site
