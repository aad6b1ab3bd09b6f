"""Good choices of medians, quickly: greedy adding and vertex interchange.

Teitz and Bart (1968): put one median out and another site in while that lowers the cost. All
exchanges are judged together as Whitaker (1983) showed: what a new site saves is summed once, and
what the loss of each median would cost then is summed beside it. Costs are whole numbers,
`cost` int64 [clients, sites].
"""

import numpy as np

from sanad.lab.siting.arrays import Floats, Ints
from sanad.lab.twin.engine.compiled import loop, step

FAR = 2**62  # more than any cost


@step
def nearest_two(cost: Ints, medians: Ints, first: Ints, second: Ints, at: Ints) -> int:
    """The cost to the nearest and the second median and which is nearest; the sum of the first."""
    total = 0
    for i in range(cost.shape[0]):
        best, next_best, place = FAR, FAR, 0
        for m in range(medians.size):
            c = int(cost[i, medians[m]])
            if c < best:
                best, next_best, place = c, best, m
            elif c < next_best:
                next_best = c
        first[i], second[i], at[i] = best, next_best, place
        total += best
    return total


@loop
def greedy(cost: Ints, p: int) -> Ints:
    """Add the site that saves most, `p` times."""
    clients, sites = cost.shape
    near = np.full(clients, cost.max() + 1)
    chosen = np.empty(p, np.int64)
    is_in = np.zeros(sites, np.bool_)
    for m in range(p):
        best_saving, best = -1, 0
        for j in range(sites):
            if is_in[j]:
                continue
            saving = 0
            for i in range(clients):
                saving += max(int(near[i] - cost[i, j]), 0)
            if saving > best_saving:
                best_saving, best = saving, j
        chosen[m] = best
        is_in[best] = True
        for i in range(clients):
            near[i] = min(near[i], cost[i, best])
    return chosen


@loop
def improve(cost: Ints, by_site: Ints, medians: Ints) -> int:
    """Exchange as long as that lowers the cost; changes `medians` and returns their cost.

    `by_site` is `cost` transposed, so that one site's costs lie side by side.
    """
    clients, sites = cost.shape
    first, second = np.empty(clients, np.int64), np.empty(clients, np.int64)
    at = np.empty(clients, np.int64)
    loss = np.empty(medians.size, np.int64)
    is_in = np.zeros(sites, np.bool_)
    is_in[medians] = True
    total = nearest_two(cost, medians, first, second, at)
    while True:
        best, best_in, best_out = 0, 0, 0
        for j in range(sites):
            if is_in[j]:
                continue
            change = _change(by_site[j], first, second, at, loss)
            out = int(loss.argmin())
            saved = change + int(loss[out])
            if saved < best:
                best, best_in, best_out = saved, j, out
        if best >= 0:
            return total
        is_in[medians[best_out]] = False
        is_in[best_in] = True
        medians[best_out] = best_in
        total = nearest_two(cost, medians, first, second, at)


@step
def _change(to_site: Ints, first: Ints, second: Ints, at: Ints, loss: Ints) -> int:
    """What the new site changes by itself; `loss` of each median if that is put out for it."""
    change = 0
    loss[:] = 0
    for i in range(to_site.size):
        c = to_site[i]
        if c < first[i]:
            change += c - first[i]
        else:
            loss[at[i]] += min(c, second[i]) - first[i]
    return change


@loop
def shake(medians: Ints, sites: int, changes: int, fractions: Floats) -> Ints:
    """The medians with `changes` of them exchanged at random; `fractions` are two draws each."""
    shaken = medians.copy()
    is_in = np.zeros(sites, np.bool_)
    is_in[shaken] = True
    for k in range(min(changes, sites - medians.size)):
        out = int(fractions[2 * k] * shaken.size)
        come = int(fractions[2 * k + 1] * sites)
        while is_in[come]:
            come = (come + 1) % sites
        is_in[shaken[out]] = False
        is_in[come] = True
        shaken[out] = come
    return shaken
