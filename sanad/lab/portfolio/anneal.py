"""A good choice to begin with: initiatives put in one after another, the order annealed.

In an order, each initiative is put at its first quarter that the rules allow, after what it depends
on (serial schedule generation: Kolisch 1996); what fits nowhere is left out. Simulated annealing
(Kirkpatrick, Gelatt and Vecchi 1983) moves one initiative at a time to another place in the order.
The number of steps is fixed, so the same instance gives the same choice on every machine.
"""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from sanad.lab.portfolio.contradictions import needed_by
from sanad.lab.portfolio.instance import Instance
from sanad.lab.twin.engine.compiled import loop
from sanad.lab.twin.facts import Ints

STEPS_AN_INITIATIVE = 400
TRIES = 4
OUT = -1
# How much worse a step may be, as a share of the best value: at first, and at last by that factor.
WARM, COOLED = 0.02, 0.01
MISSED = 10**12  # a must that was left out counts as so much less
LONG = 10**6  # quarters


class Tables(NamedTuple):
    """The instance as whole numbers, an initiative a row.

    `chain` lists what an initiative depends on, first things first, then itself; `OUT` fills up.
    """

    duration: Ints
    value: Ints
    must: Ints
    earliest: Ints
    cost: Ints  # (initiative, quarter since start)
    crew: Ints  # (initiative, kind, quarter since start)
    chain: Ints
    after: Ints
    any_of: Ints
    apart: Ints
    year: Ints  # of each quarter
    budget: Ints
    there: Ints  # (kind, quarter)


class Plan(NamedTuple):
    """Where an order has led so far: starts, and what is left of budgets and crews."""

    start: Ints
    tried: Ints
    left: Ints
    free: Ints


def anneal(
    instance: Instance, earliest: Mapping[str, int], *, steps: int | None = None
) -> dict[str, int]:
    """Starts that hold every rule; a must may be missing where none were found with it."""
    codes = list(earliest)
    if not codes:
        return {}
    tables = _tables(instance, codes, earliest)
    tries = [_annealed(tables, steps or STEPS_AN_INITIATIVE * len(codes), n) for n in range(TRIES)]
    _value, starts = max(tries, key=lambda one: one[0])
    return {code: int(s) for code, s in zip(codes, starts, strict=True) if s != OUT}


def _tables(instance: Instance, codes: list[str], earliest: Mapping[str, int]) -> Tables:
    number = {code: n for n, code in enumerate(codes)}
    ones = [instance.by_code[code] for code in codes]
    count, quarters = len(codes), instance.quarters
    kinds = max(len(instance.crews), 1)
    found = Tables(
        duration=np.array([one.duration for one in ones]),
        value=np.array([one.value.mid for one in ones]),
        must=np.array([int(one.must) for one in ones]),
        earliest=np.array([earliest[code] for code in codes]),
        cost=np.zeros((count, quarters), dtype=np.int64),
        crew=np.zeros((count, kinds, quarters), dtype=np.int64),
        chain=np.full((count, count), OUT), after=_none(count), any_of=_none(count),
        apart=_none(count),
        year=np.array([instance.years.index(quarter.year) for quarter in instance.horizon]),
        budget=np.array([instance.budget_baisa[each] for each in instance.years]),
        there=np.zeros((kinds, quarters), dtype=np.int64),
    )  # fmt: skip
    for n, one in enumerate(ones):
        chain = [number[each.code] for each in needed_by(instance, one)]
        found.chain[n, : len(chain)] = chain
        found.cost[n, : min(len(one.cost_baisa), quarters)] = one.cost_baisa[:quarters]
        found.after[n, [number[code] for code in one.after]] = 1
        found.any_of[n, [number[code] for code in one.one_of if code in number]] = 1
        for code in set(one.excludes) & number.keys():
            found.apart[n, number[code]] = found.apart[number[code], n] = 1
        for k, kind in enumerate(instance.crews):
            needs = one.crew.get(kind, ())[:quarters]
            found.crew[n, k, : len(needs)] = needs
    for k, kind in enumerate(instance.crews):
        found.there[k] = instance.crews[kind]
    return found


def _none(count: int) -> Ints:
    return np.zeros((count, count), dtype=np.int64)


@loop
def _annealed(tables: Tables, steps: int, seed: int) -> tuple[int, Ints]:
    """The best value and its starts."""
    np.random.seed(seed)
    count, quarters = len(tables.duration), len(tables.year)
    worth = tables.value * np.maximum(quarters - tables.earliest - tables.duration, 0)
    order = np.argsort(-worth)
    plan = Plan(
        np.full(count, OUT), np.zeros(count, np.int64), np.empty_like(tables.budget),
        np.empty_like(tables.there),
    )  # fmt: skip
    now = best = _put_in(tables, order, plan)
    kept, found = order.copy(), plan.start.copy()
    for step in range(steps):
        kept[:] = order
        _move(order)
        total = _put_in(tables, order, plan)
        heat = abs(best) * WARM * COOLED ** (step / steps) + 1e-9
        if total >= now or np.random.random() < np.exp((total - now) / heat):
            now = total
        else:
            order[:] = kept
        if total > best:
            best = total
            found[:] = plan.start
    return best, found


@loop
def _move(order: Ints) -> None:
    """One of the order to another place."""
    begin, end = np.random.randint(0, len(order)), np.random.randint(0, len(order))
    moved = order[begin]
    step = 1 if end > begin else -1
    for at in range(begin, end, step):
        order[at] = order[at + step]
    order[end] = moved


@loop
def _put_in(tables: Tables, order: Ints, plan: Plan) -> int:
    """Starts in this order; the value, and much less for each must that is left out."""
    plan.start[:] = OUT
    plan.tried[:] = 0
    plan.left[:] = tables.budget
    plan.free[:] = tables.there
    total = 0
    for last in order:
        for one in tables.chain[last]:
            if one != OUT and not plan.tried[one]:
                plan.tried[one] = 1
                total += _put(tables, plan, one)
    for one in range(len(order)):
        if tables.must[one] and plan.start[one] == OUT:
            total -= MISSED
    return total


@loop
def _put(tables: Tables, plan: Plan, one: int) -> int:
    """One initiative at its first quarter that fits; its value, nought where none does."""
    quarters = len(tables.year)
    start = _first_fit(tables, plan, one)
    if start == OUT:
        return 0
    plan.start[one] = start
    for quarter in range(start, quarters):
        plan.left[tables.year[quarter]] -= tables.cost[one, quarter - start]
        for k in range(len(plan.free)):
            plan.free[k, quarter] -= tables.crew[one, k, quarter - start]
    return int(tables.value[one] * (quarters - start - tables.duration[one]))


@loop
def _first_fit(tables: Tables, plan: Plan, one: int) -> int:
    begin = _begin(tables, plan, one)
    for start in range(begin, len(tables.year) - tables.duration[one] + 1):
        if _fits(tables, plan, one, start):
            return start
    return OUT


@loop
def _begin(tables: Tables, plan: Plan, one: int) -> int:
    """The first quarter after all that must be finished before; too late where it cannot be."""
    begin, enabled = int(tables.earliest[one]), LONG
    for other in range(len(plan.start)):
        is_in = plan.start[other] != OUT
        end = int(plan.start[other] + tables.duration[other]) if is_in else LONG
        if tables.apart[one, other] and is_in:
            return LONG
        if tables.after[one, other]:
            begin = max(begin, end)
        if tables.any_of[one, other]:
            enabled = min(enabled, end)
    return max(begin, enabled) if tables.any_of[one].any() else begin


@loop
def _fits(tables: Tables, plan: Plan, one: int, start: int) -> bool:
    spent = 0
    for quarter in range(start, len(tables.year)):
        if quarter > start and tables.year[quarter] != tables.year[quarter - 1]:
            spent = 0
        spent += tables.cost[one, quarter - start]
        if spent > plan.left[tables.year[quarter]]:
            return False
        for k in range(len(plan.free)):
            if tables.crew[one, k, quarter - start] > plan.free[k, quarter]:
                return False
    return True
