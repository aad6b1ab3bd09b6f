"""A centre's week: what it needs, who is there, as pictures of the days and as rows.

A picture runs from left to right in either language, as a clock's day is written down here.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from sanad.lab.staffing.assumed import costs
from sanad.lab.staffing.demand import clock
from sanad.lab.staffing.hours import Hours, hours_advice
from sanad.lab.staffing.needs import Needs, needs_of
from sanad.lab.staffing.roster import Roster, roster
from sanad.lab.staffing.rules import Rules
from sanad.lab.staffing.target import Target
from sanad.lab.staffing.words import WEEKDAY_NAMES
from sanad.lab.twin.facts import Ints
from sanad.lab.twin.network.sessions import Known
from sanad.lab.twin.world import Floats
from sanad.lib.bilingual import Text

WIDTH, HEIGHT, TOP, FOOT, EDGE = 560, 150, 12, 28, 30
MARKS = 2  # hours between two times that are written
KEPT = 64


@dataclass(frozen=True)
class Week:
    """A centre's needs with a roster, and advice on its hours."""

    needs: Needs
    roster: Roster
    hours: Hours


@lru_cache(maxsize=KEPT)
def needs_here(known: Known, target: Target) -> Needs:
    """The needs of a model of one centre; kept, for the twin may have been asked."""
    return needs_of(known.model, target)


@lru_cache(maxsize=KEPT)
def week_of(
    known: Known, target: Target, rules: Rules, available: tuple[frozenset[int], ...],
    shut: frozenset[int] = frozenset(),
) -> Week:  # fmt: skip
    """The week of a model of one centre; `shut` are weekdays that are holidays in it.

    Raises what needs and rosters refuse.
    """
    needs = needs_here(known, target)
    people = needs.people.copy()
    people[sorted(shut)] = 0
    found = roster(people, available, rules, visits=needs.demand.visits[0])
    return Week(needs, found, hours_advice(known.model, needs.demand, needs.people, costs()))


@dataclass(frozen=True)
class Bar:
    """Visits expected in a half hour."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class Mark:
    """A time, or a level, that is written."""

    x: float
    y: float
    text: str


@dataclass(frozen=True)
class Day:
    """One weekday as a picture: bars of visits, a line of who is needed and one of who is there."""

    name: Text
    id: str
    width: int
    height: int
    floor: float
    bars: tuple[Bar, ...]
    needed: str
    there: str
    times: tuple[Mark, ...]
    levels: tuple[Mark, ...]
    visits: float
    lacks: bool


def days_of(week: Week) -> list[Day]:
    """The open weekdays; all have one scale."""
    found = week.roster
    visits = np.where(found.needed > 0, week.needs.demand.visits[0], 0.0)
    slots = np.flatnonzero((found.needed > 0).any(axis=0))
    if not len(slots):
        return []
    first, last = int(slots[0]), int(slots[-1]) + 1
    most = max(int(found.needed.max()), int(found.covered.max()), 1)
    busiest = max(float(visits.max()), 1e-9)
    return [
        _day(week, day, visits[day], (first, last), most, busiest)
        for day in range(7)
        if found.needed[day].any()
    ]


def _day(
    week: Week, day: int, visits: Floats, span: tuple[int, int], most: int, busiest: float
) -> Day:  # fmt: skip
    first, last = span
    step = (WIDTH - 2 * EDGE) / (last - first)
    floor = HEIGHT - FOOT
    tall = floor - TOP

    def x(slot: int) -> float:
        return round(EDGE + (slot - first) * step, 1)

    def y(people: int) -> float:
        return round(floor - tall * people / most, 1)

    bars = tuple(
        Bar(x(slot) + 1, round(floor - tall * visits[slot] / busiest, 1), round(step - 2, 1),
            round(tall * visits[slot] / busiest, 1))
        for slot in range(first, last)
        if visits[slot] > 0
    )  # fmt: skip
    times = tuple(
        Mark(x(slot), HEIGHT - 6, clock(slot))
        for slot in range(first + first % 2, last + 1, 2 * MARKS)
    )
    needed, there = week.roster.needed[day], week.roster.covered[day]
    return Day(
        WEEKDAY_NAMES[day], f"day-{day}", WIDTH, HEIGHT, floor, bars,
        _steps(needed, span, x, y), _steps(there, span, x, y), times,
        tuple(Mark(EDGE - 6, y(people), str(people)) for people in range(1, most + 1)),
        float(visits.sum()), bool(week.roster.lacking[day].any()),
    )  # fmt: skip


def _steps(
    people: Ints, span: tuple[int, int], x: Callable[[int], float], y: Callable[[int], float]
) -> str:  # fmt: skip
    """A line in steps, as SVG writes a path."""
    parts = [f"M{x(span[0])} {y(int(people[span[0]]))}"]
    for slot in range(*span):
        parts.append(f"V{y(int(people[slot]))}H{x(slot + 1)}")
    return "".join(parts)


@dataclass(frozen=True)
class Run:
    """Half hours of a day that follow each other with the same people."""

    day: Text
    since: str
    until: str
    visits: float
    needed: int
    there: int

    @property
    def lacking(self) -> int:
        return max(self.needed - self.there, 0)


def runs_of(week: Week) -> list[Run]:
    """The week as rows: where the number needed or there changes, a new one begins."""
    return [run for day in range(7) for run in _runs(week, day)]


def _runs(week: Week, day: int) -> Iterator[Run]:
    needed, there = week.roster.needed[day], week.roster.covered[day]
    visits = week.needs.demand.visits[0, day]
    slots = np.flatnonzero(needed > 0)
    begin = 0
    for n in range(1, len(slots) + 1):
        same = n < len(slots) and slots[n] == slots[n - 1] + 1
        if same and all(one[slots[n]] == one[slots[begin]] for one in (needed, there)):
            continue
        since, until = int(slots[begin]), int(slots[n - 1]) + 1
        yield Run(
            WEEKDAY_NAMES[day], clock(since), clock(until), float(visits[since:until].sum()),
            int(needed[since]), int(there[since]),
        )  # fmt: skip
        begin = n
