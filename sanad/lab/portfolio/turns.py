"""The smallest change that turns each answer: what would drop a chosen one, or bring in another.

The value of the best choice with an initiative in it is convex and piecewise linear in its value a
quarter, and without it constant. So the turn is where the two meet, found by Newton's steps in few
solves (Dinkelbach 1967): each choice gives a line, and the next value is where that line meets the
other. In the cost it falls in steps: one program finds the greatest multiple of the cost that a
choice still bears which is good enough. Everything compared is whole, and each turn is confirmed by
solving again, with nothing forced, on both sides of it.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from sanad.lab.portfolio import schedule
from sanad.lab.portfolio.contradictions import Contradiction, first_starts
from sanad.lab.portfolio.instance import Initiative, Instance, Value
from sanad.lab.portfolio.program import BAISA_A_UNIT, build
from sanad.lab.portfolio.solve import Answer, Found, best, force

STEPS_AT_MOST = 40
SOLVE_SECONDS = 10.0  # a solve of a turn

# Why there is no turn.
FORCED = "forced"  # the wishes alone decide
NEEDED = "needed"  # others that are worth it depend on it, or nothing competes with it
IMPOSSIBLE = "impossible"  # no choice with it holds the rules, whatever it is worth
NOT_BY_COST = "not_by_cost"  # even if it cost nothing, it would not be worth its place
FREE = "free"  # it costs nothing within the plan
NOT_IN_TIME = "not_in_time"

Told = Callable[[int, int], bool]


class Stopped(Exception):  # noqa: N818 - somebody asked for it
    """The turns were stopped on request."""


@dataclass(frozen=True)
class Side:
    """One side of a turn, solved again with nothing forced: the value, and whether it is in."""

    given: int  # thousandths of a point a quarter, or baisa in all
    value: int
    is_in: bool
    is_tied: bool  # the best choice of the other kind is worth as much


@dataclass(frozen=True)
class Turn:
    """The turn of one initiative by its value or by its cost.

    `change` is how far away it is: thousandths of a point a quarter, or baisa in all; None where
    no change turns it, and then `why` says so. `tolerance` is what the solves leave open, in the
    same unit; nought where all were proven.
    """

    change: int | None = None
    percent: float | None = None
    why: str = ""
    before: Side | None = None
    after: Side | None = None
    tolerance: float = 0.0

    @property
    def is_confirmed(self) -> bool:
        """Both sides were solved again: past the turn the answer is the other one.

        Before it, it is as it was, or both are worth the same and either may come out.
        """
        if self.before is None or self.after is None:
            return False
        return self.before.is_in != self.after.is_in or self.before.is_tied


@dataclass(frozen=True)
class Turns:
    """Both turns of one initiative."""

    code: str
    is_chosen: bool
    value: Turn
    cost: Turn


def turns(
    instance: Instance, answer: Answer, *, seconds: float = 600.0, told: Told | None = None
) -> list[Turns]:
    """Both turns of every initiative, in the instance's order.

    What the time does not reach says so. `told` hears how many are done and may stop it: `Stopped`.
    """
    clock = _Clock(time.perf_counter() + seconds)
    found = []
    for number, one in enumerate(instance.initiatives):
        if told and not told(number, len(instance.initiatives)):
            raise Stopped
        try:
            found.append(_turns(instance, answer, one, clock))
        except _OutOfTime:
            late = Turn(why=NOT_IN_TIME)
            found.append(Turns(one.code, one.code in answer.starts, late, late))
    return found


class _OutOfTime(Exception):  # noqa: N818 - it says what happened
    pass


@dataclass(frozen=True)
class _Clock:
    """How long the next solve may take."""

    until: float

    def seconds(self) -> float:
        left = self.until - time.perf_counter()
        if left <= 0:
            raise _OutOfTime
        return min(left, SOLVE_SECONDS)


def _turns(instance: Instance, answer: Answer, one: Initiative, clock: _Clock) -> Turns:
    is_chosen = one.code in answer.starts
    if one.must or one.never:
        forced = Turn(why=FORCED)
        return Turns(one.code, is_chosen, forced, forced)
    if is_chosen:
        other = _best(instance, one, clock, is_in=False)
    else:
        other = Found(answer.starts, answer.value.mid, answer.bound)
    if other.starts is None:
        needed = Turn(why=NEEDED)
        return Turns(one.code, is_chosen, needed, needed)
    # What is chosen stays at a tie; what is left out must be better to come in.
    target = other.value + (0 if is_chosen else 1)
    search = _Search(instance, one, clock, is_chosen, target, other.bound - other.value)
    return Turns(one.code, is_chosen, search.by_value(answer), search.by_cost())


def _best(instance: Instance, one: Initiative, clock: _Clock, *, is_in: bool) -> Found:
    """The best choice with it in or out; no starts only where there is none."""
    try:
        found = best(instance, seconds=clock.seconds(), forced={one.code: is_in})
    except Contradiction:
        return Found(None, 0, -np.inf)
    if found.starts is None and not found.is_impossible:
        raise _OutOfTime
    return found


@dataclass
class _Search:
    """The turns of one initiative; `target` is what a choice with it must be worth."""

    instance: Instance
    one: Initiative
    clock: _Clock
    is_chosen: bool
    target: int
    open: float  # what the solves leave between value and bound

    def by_value(self, answer: Answer) -> Turn:
        mid = self.one.value.mid
        start = answer.starts if self.is_chosen else self._brought_in()
        if start is None:
            return Turn(why=IMPOSSIBLE)
        turn = self._least(start)
        if turn is None:
            return Turn(why=NEEDED)
        near, far = (turn, turn - 1) if self.is_chosen else (turn - 1, turn)
        left = max(1, self._left(start))
        change = abs(far - mid)
        return Turn(
            change, _percent(change, mid), "", self._side(self._worth(near), near),
            self._side(self._worth(far), far), self.open / left if self.open >= 1 else 0.0,
        )  # fmt: skip

    def _brought_in(self) -> Mapping[str, int] | None:
        """Starts with it in, at a value so high that no other choice is worth as much."""
        found = _best(self._worth(max(self.target, 1)), self.one, self.clock, is_in=True)
        if found.starts is None or not self._left(found.starts):
            return None
        return found.starts

    def _left(self, starts: Mapping[str, int]) -> int:
        """The quarters in which these starts have it done."""
        return self.instance.done_quarters(self.one, starts[self.one.code])

    def _least(self, starts: Mapping[str, int]) -> int | None:
        """The least value at which a choice with it is worth the target; None where none is.

        Steps of Newton: the least value at which these starts are enough, then whether others
        are enough one below it.
        """
        value = 0
        for _step in range(STEPS_AT_MOST):
            left = self._left(starts)
            rest = self.instance.value_of(starts).mid - left * self.one.value.mid
            if rest >= self.target or not left:
                return None
            value = -((rest - self.target) // left)  # rounded up
            lower = _best(self._worth(value - 1), self.one, self.clock, is_in=True)
            self._leave_open(lower)
            if lower.starts is None or lower.value < self.target:
                return value
            starts = lower.starts
        return value

    def by_cost(self) -> Turn:
        total = self.one.total_baisa
        if not total:
            return Turn(why=FREE)
        starts = self._dearest()
        if starts is None:
            return Turn(why=NOT_BY_COST)
        most = self._bears(starts)
        for _step in range(STEPS_AT_MOST):
            if most is None:
                return Turn(why=FREE)
            more = _best(self._costing(most + 1), self.one, self.clock, is_in=True)
            self._leave_open(more)
            if more.starts is None or more.value < self.target:
                break
            most = self._bears(more.starts)
        assert most is not None
        near, far = (most, most + 1) if self.is_chosen else (most + 1, most)
        change = abs(far - total)
        return Turn(
            change, _percent(change, total), "", self._side(self._costing(near), near),
            self._side(self._costing(far), far),
        )  # fmt: skip

    def _dearest(self) -> Mapping[str, int] | None:
        """The starts, worth the target, that bear the greatest multiple of its cost."""
        forced = force(self._costing(0), {self.one.code: True})
        try:
            choice = build(forced, earliest=first_starts(forced))
        except Contradiction:
            return None
        code = self.one.code
        choice.at_least(self.target)
        columns = choice.start[code]
        most = np.array([self._multiple(start) for start in choice.starts(code)])
        times = choice.program.add(len(columns), high=most)
        rows = choice.program.rule(len(columns), low=-np.inf, high=0.0)
        choice.program.put(rows, times, 1.0)
        choice.program.put(rows, columns, -most)
        for year, row in choice.budget_rows.items():
            for number, start in enumerate(choice.starts(code)):
                cost = self.instance.cost_in(self.one, start)[year] / BAISA_A_UNIT
                choice.program.put(row, times[number : number + 1], cost)
        costs = np.zeros(choice.program.columns)
        costs[times] = -1.0
        choice.program.aim(costs)
        solved = choice.program.solve(seconds=self.clock.seconds())
        if solved.values is None:
            if solved.bound != np.inf:
                raise _OutOfTime
            return None
        return choice.chosen(solved.values)

    def _multiple(self, start: int) -> float:
        """How many times its cost the budgets alone bear with this start."""
        costs = self.instance.cost_in(self.one, start)
        shares = [self.instance.budget_baisa[year] / cost for year, cost in costs.items() if cost]
        return min(shares, default=1.0)

    def _bears(self, starts: Mapping[str, int]) -> int | None:
        """The greatest total cost, in whole baisa, under which these starts hold the budgets.

        None where no cost would break them: all of it falls behind the plan.
        """
        if not any(self.instance.cost_in(self.one, starts[self.one.code]).values()):
            return None
        low, high = 0, 2 + 2 * sum(self.instance.budget_baisa.values()) * self.one.total_baisa
        while low < high:
            middle = (low + high + 1) // 2
            changed = self._costing(middle)
            spent = schedule.spent(changed, starts)
            if all(cost <= changed.budget_baisa[year] for year, cost in spent.items()):
                low = middle
            else:
                high = middle - 1
        return low

    def _leave_open(self, found: Found) -> None:
        if found.starts is not None and not found.is_exact:
            self.open = max(self.open, found.bound - found.value)

    def _worth(self, mid: int) -> Instance:
        value = self.one.value
        return self._changed(replace(self.one, value=Value(value.low, mid, value.high)))

    def _costing(self, total: int) -> Instance:
        """The same with another cost, spread over its quarters as before, in whole baisa."""
        before = self.one.total_baisa
        cost = tuple(each * total // before for each in self.one.cost_baisa)
        return self._changed(replace(self.one, cost_baisa=cost))

    def _changed(self, changed: Initiative) -> Instance:
        return replace(
            self.instance,
            initiatives=tuple(
                changed if one.code == changed.code else one for one in self.instance.initiatives
            ),
        )

    def _side(self, instance: Instance, given: int) -> Side:
        found = best(instance, seconds=self.clock.seconds())
        if found.starts is None:
            raise _OutOfTime
        tied = found.value == self.target - (0 if self.is_chosen else 1)
        return Side(given, found.value, self.one.code in found.starts, tied)


def _percent(change: int, of: int) -> float | None:
    return 100 * change / of if of > 0 else None
