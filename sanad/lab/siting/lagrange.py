"""Lower bounds on the p-median by Lagrange multipliers, and what they rule out.

Every client must have a median. Give up that rule and pay `worth[i]` for a client instead: then
site j alone is worth rho[j] = sum over i of min(0, cost[i, j] - worth[i]), the best choice are the
p lowest rho, and

    bound = sum of worth + sum of the p lowest rho

is never above the optimum, whatever the worths (Cornuejols, Fisher and Nemhauser 1977). Subgradient
steps raise it (Held, Wolfe and Crowder 1974).

Costs are whole numbers. A site or a pair whose own bound is above `best - 1` is in no choice
cheaper than `best` and is put aside (reduced-cost fixing; Beasley 1985).
"""

from dataclasses import dataclass

import numpy as np

from sanad.lab.siting.arrays import Codes, Flags, Floats, Ints
from sanad.lab.siting.interchange import FAR
from sanad.lab.twin.engine.compiled import loop, step

SLACK = 1e-6  # what floating-point sums may be wrong by, with ROUNDING of the sum;
ROUNDING = 1e-12  # far below one unit of cost while costs are at most MOST_COST
MOST_COST = 10**11
PATIENCE = 20  # steps without a better bound before the steps become half as long
SHORTEST = 1e-3  # of the first step
FRESH = 0.1  # the weight of the last step in how often a site was taken
FREE, IN, OUT = 0, 1, -1


@dataclass
class Dual:
    """Where the search for worths stands."""

    worth: Floats  # [clients], the best so far
    bound: float
    medians: Ints  # the cheapest choice that the multipliers proposed
    cost: int
    pace: Floats  # [length of the steps, steps without a better bound]
    now: Floats  # the worths of the last step

    @property
    def is_done(self) -> bool:
        return bool(self.pace[0] < SHORTEST)


@dataclass(frozen=True)
class Left:
    """What may still be in a choice cheaper than the best: nothing else can."""

    maybe: Flags  # [sites]
    surely: Flags  # [sites] in every cheaper choice
    reach: Ints  # [clients] the highest cost at which a client may be served

    def can_be(self, p: int) -> bool:
        """Whether p sites and a site for every client are left."""
        enough = self.surely.sum() <= p <= self.maybe.sum()
        return bool(enough and (self.reach >= 0).all())

    def pairs(self, cost: Ints) -> int:
        """The pairs of client and site that are left."""
        return int(((cost <= self.reach[:, None]) & self.maybe).sum())


def start(cost: Ints, medians: Ints) -> Dual:
    """Worths between the costs to the nearest and to the second median of a good choice."""
    chosen = np.sort(cost[:, medians], axis=1)
    second = chosen[:, 1] if medians.size > 1 else cost.max(axis=1)
    worth = 0.5 * (chosen[:, 0] + second) + 0.5
    return Dual(worth, -np.inf, medians.copy(), FAR, np.array([1.0, 0.0]), worth.copy())


def climb(dual: Dual, cost: Ints, order: Ints, p: int, best: int, steps: int) -> None:
    """`steps` steps more, or fewer where the bound proves `best`.

    `order` [clients, sites] holds each client's sites from near to far.
    """
    medians, sites = dual.medians.copy(), cost.shape[1]
    free, use = np.zeros(sites, np.int8), np.zeros(sites)
    bound, found = ascend(
        cost, order, p, best, steps, PATIENCE, free, dual.now, dual.worth, dual.bound, dual.pace,
        use, medians,
    )  # fmt: skip
    dual.bound = max(dual.bound, bound)
    if found < dual.cost:
        dual.cost, dual.medians = int(found), medians


def sift(dual: Dual, cost: Ints, order: Ints, p: int, best: int) -> Left:
    """What the worths leave of sites and pairs for a choice cheaper than `best`."""
    rho = np.empty(cost.shape[1])
    values(cost, order, np.zeros(rho.size, np.int8), dual.worth, rho)
    ranked = np.sort(rho)
    bound = dual.worth.sum() + ranked[:p].sum()
    spare = proof(best) - bound
    beyond = ranked[p] if p < rho.size else np.inf
    more = np.maximum(rho - ranked[p - 1], 0.0)
    maybe = more <= spare
    surely = maybe & (beyond - rho > spare)
    reach = _reach(cost, dual.worth + spare, np.where(maybe, more, np.inf))
    return Left(maybe, surely, reach)


@step
def proof(best: int) -> float:
    """A bound above this proves that nothing is cheaper than `best`."""
    return best - 1 + SLACK + ROUNDING * best


@step
def values(cost: Ints, order: Ints, fixed: Codes, worth: Floats, rho: Floats) -> None:
    """rho of every site that is not out."""
    rho[:] = 0.0
    for i in range(cost.shape[0]):
        for k in range(order.shape[1]):
            j = order[i, k]
            gain = cost[i, j] - worth[i]
            if gain >= 0.0:
                break
            if fixed[j] != OUT:
                rho[j] += gain


@step
def _served(cost: Ints, order: Ints, worth: Floats, is_in: Flags, slope: Floats) -> float:
    """The subgradient, one less the medians that want a client; its square length."""
    length = 0.0
    for i in range(cost.shape[0]):
        slope[i] = 1.0
        for k in range(order.shape[1]):
            j = order[i, k]
            if cost[i, j] >= worth[i]:
                break
            if is_in[j]:
                slope[i] -= 1.0
        length += slope[i] * slope[i]
    return length


@step
def cost_of(cost: Ints, order: Ints, is_in: Flags) -> int:
    """The cost of a choice."""
    total = 0
    for i in range(cost.shape[0]):
        for k in range(order.shape[1]):
            if is_in[order[i, k]]:
                total += int(cost[i, order[i, k]])
                break
    return total


@step
def _choose(p: int, fixed: Codes, rho: Floats, ranked: Ints, is_in: Flags) -> float:
    """Take the sites that are in and the lowest of the free ones; their sum of rho."""
    is_in[:] = False
    total, taken = 0.0, 0
    for j in range(fixed.size):
        if fixed[j] == IN:
            is_in[j] = True
            total += rho[j]
            taken += 1
    for j in ranked:
        if taken == p:
            break
        if fixed[j] == FREE:
            is_in[j] = True
            total += rho[j]
            taken += 1
    return total


@loop
def ascend(
    cost: Ints, order: Ints, p: int, best: int, steps: int, patience: int, fixed: Codes,
    now: Floats, worth: Floats, bound: float, pace: Floats, use: Floats, medians: Ints,
) -> tuple[float, int]:  # fmt: skip
    """Subgradient steps from `now` where some sites are in or out; the bound and a choice's cost.

    Changes `now`, `worth` (the best worths), `pace`, `use` (how often a site was taken, the last
    steps most) and `medians` (the cheapest choice proposed).
    """
    sites = cost.shape[1]
    rho, slope, is_in = np.empty(sites), np.empty(cost.shape[0]), np.zeros(sites, np.bool_)
    found = FAR
    for _ in range(steps):
        values(cost, order, fixed, now, rho)
        here = now.sum() + _choose(p, fixed, rho, np.argsort(rho, kind="mergesort"), is_in)
        use *= 1 - FRESH
        use[is_in] += FRESH
        proposed = cost_of(cost, order, is_in)
        if proposed < found:
            found = proposed
            medians[:] = np.flatnonzero(is_in)
        if here > bound:
            bound, pace[1] = here, 0.0
            worth[:] = now
        else:
            pace[1] += 1.0
        length = _served(cost, order, now, is_in, slope)
        if bound > proof(min(best, found)) or length == 0.0 or pace[0] < SHORTEST:
            break
        if pace[1] >= patience:
            pace[0] /= 2.0
            pace[1] = 0.0
            now[:] = worth
        else:
            now += pace[0] * max(min(best, found) - here, 1.0) / length * slope
    return bound, found


@loop
def _reach(cost: Ints, most: Floats, more: Floats) -> Ints:
    """The highest cost of each client that is not ruled out, with what its site costs more."""
    reach = np.full(cost.shape[0], -1)
    for i in range(cost.shape[0]):
        for j in range(cost.shape[1]):
            if cost[i, j] + more[j] <= most[i] and cost[i, j] > reach[i]:
                reach[i] = cost[i, j]
    return reach
