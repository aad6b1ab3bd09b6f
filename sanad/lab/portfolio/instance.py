"""What a choice of initiatives is made from. No Django in here.

Quarters are counted from nought within the horizon. Amounts are whole baisa. A value is in whole
thousandths of a point; what a point is, `value.py` says. Whole numbers make every comparison
between two choices exact.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from sanad.lib.bilingual import Text
from sanad.lib.quarters import Quarter

UNITS_A_POINT = 1000
UNSAID = Text("", "")


@dataclass(frozen=True)
class Value:
    """Thousandths of a point a quarter, once the initiative is done: a range and its middle."""

    low: int
    mid: int
    high: int


@dataclass(frozen=True)
class Initiative:
    """One initiative.

    `cost_baisa` and each kind of `crew` hold a number a quarter since its start, as many as there
    are. `after` must all be finished before it starts, of `one_of` at least one; with none of
    `excludes` is it chosen together. `earliest` is the first quarter in which it may start.
    """

    code: str
    name: Text
    duration: int
    value: Value
    cost_baisa: tuple[int, ...] = ()
    crew: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    after: tuple[str, ...] = ()
    excludes: tuple[str, ...] = ()
    one_of: tuple[str, ...] = ()
    earliest: int = 0
    must: bool = False
    never: bool = False
    owner: Text = UNSAID
    entity: Text = UNSAID

    @property
    def total_baisa(self) -> int:
        return sum(self.cost_baisa)


@dataclass(frozen=True)
class Instance:
    """Initiatives over `quarters` from `first`, what a year may cost, and who is there to work.

    `budget_baisa` has every calendar year of the horizon; each crew a number a quarter of it.
    """

    first: Quarter
    quarters: int
    initiatives: tuple[Initiative, ...]
    budget_baisa: Mapping[int, int]
    crews: Mapping[str, tuple[int, ...]] = field(default_factory=dict)

    @cached_property
    def by_code(self) -> dict[str, Initiative]:
        return {one.code: one for one in self.initiatives}

    @cached_property
    def horizon(self) -> tuple[Quarter, ...]:
        """The quarters in their order."""
        found = [self.first]
        while len(found) < self.quarters:
            found.append(found[-1].next)
        return tuple(found)

    @cached_property
    def years(self) -> tuple[int, ...]:
        return tuple(dict.fromkeys(quarter.year for quarter in self.horizon))

    def latest(self, one: Initiative) -> int:
        """The last quarter in which it may start and still be finished within the horizon."""
        return self.quarters - one.duration

    def done_quarters(self, one: Initiative, start: int) -> int:
        """The quarters that are left once it is done."""
        return self.quarters - start - one.duration

    def cost_in(self, one: Initiative, start: int) -> dict[int, int]:
        """What it costs by year; what falls behind the horizon is not counted."""
        costs = dict.fromkeys(self.years, 0)
        for quarter, cost in zip(self.horizon[start:], one.cost_baisa, strict=False):
            costs[quarter.year] += cost
        return costs

    def value_of(self, starts: Mapping[str, int]) -> Value:
        """The value of a choice: each initiative's, over the quarters that are left."""
        parts = [
            (self.by_code[code].value, self.done_quarters(self.by_code[code], start))
            for code, start in starts.items()
        ]
        return Value(
            sum(value.low * left for value, left in parts),
            sum(value.mid * left for value, left in parts),
            sum(value.high * left for value, left in parts),
        )
