"""Who works when: set covering over weekly patterns, solved by CP-SAT with a bound.

Dantzig (1954), Operations Research 2, "A comment on Edie's traffic delays at toll booths". A column
is one person's whole week, its variable how many work it: people are not named while it is solved,
so the same roster does not come in as many guises as there are ways to deal its names. Only people
who can work on different days are told apart.

1. What lacks is made as little as can be: each person who lacks in a half hour counts as many times
   as visits are expected then, so that the quiet hours go short first; and `EMPTY` times that where
   the doors would be open and nobody there.
2. Of all such rosters, one with the fewest paid hours is taken.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np

from sanad.lab.staffing.cover import EMPTY, Cover
from sanad.lab.staffing.demand import clock
from sanad.lab.staffing.patterns import Pattern, patterns, stretches
from sanad.lab.staffing.rules import RULE_NAMES, Rules
from sanad.lab.staffing.words import WEEKDAY_NAMES
from sanad.lab.twin.facts import Flags, Ints
from sanad.lab.twin.network.model import SLOTS
from sanad.lab.twin.world import Floats
from sanad.lib.refusal import N_, Refused

SECONDS: Final = 5.0  # for both steps together
MOST_PEOPLE: Final = 60
PARTS: Final = 100  # of a visit
ALL_DAYS: Final = frozenset(range(7))


class NobodyToRoster(Refused):
    code = "roster.nobody"
    sentence = N_("There is nobody to roster. Give one person or more, and no more than {most}.")


class OpenOnClosedDay(Refused):
    code = "roster.closed_day"
    sentence = N_(
        "The doors are open on {day} at {time}, but by the rule “{rule}” nobody is rostered then. "
        "Change the opening hours, or take the day out of the rule."
    )


class NoShiftFits(Refused):
    code = "roster.no_shift_fits"
    sentence = N_(
        "No shift that the rules allow covers {day} at {time}. The rule “{rule}” stands in the "
        "way. Change it, or the opening hours."
    )


class NotCovered(Refused):
    code = "roster.not_covered"
    sentence = N_(
        "{people} people cannot cover {day} at {time}: {lacking} more would be needed then. What "
        "stands in the way is “{rule}”. Change it, or allow half hours with too few people."
    )


@dataclass(frozen=True)
class Chosen:
    """So many people of a group who work a pattern."""

    group: frozenset[int]  # the weekdays on which its people can work
    pattern: Pattern
    people: int


@dataclass(frozen=True)
class Roster:
    """A week without names. `gap_percent` is the wider of the two steps'."""

    needed: Ints  # (7, 48)
    weight: Ints  # (7, 48) what a person who lacks counts
    chosen: tuple[Chosen, ...]
    lacking_bound: int  # weight; no roster lacks less
    paid_bound: int  # half hours; none that lacks as few is paid fewer
    gap_percent: float
    seconds: float
    columns: int

    @property
    def covered(self) -> Ints:
        """(7, 48) people at the counters."""
        found = np.zeros((7, SLOTS), dtype=np.int64)
        for one in self.chosen:
            found += one.people * one.pattern.covers()
        return found

    @property
    def lacking(self) -> Ints:
        """(7, 48) people who are needed and not there."""
        return np.maximum(self.needed - self.covered, 0)

    @property
    def lacking_weight(self) -> int:
        """What lacks, as it counts."""
        counts = self.lacking + (EMPTY - 1) * self.empty
        return int((counts * self.weight).sum())

    @property
    def empty(self) -> Flags:
        """(7, 48): somebody is needed and nobody there."""
        return (self.needed > 0) & (self.covered == 0)

    @property
    def paid(self) -> int:
        """Half hours of work."""
        return sum(one.people * one.pattern.paid for one in self.chosen)

    @property
    def people(self) -> int:
        """Who work at all."""
        return sum(one.people for one in self.chosen)


def roster(
    needed: Ints, available: Sequence[frozenset[int]], rules: Rules, *,
    visits: Floats | None = None, seconds: float = SECONDS, cover_all: bool = False,
) -> Roster:  # fmt: skip
    """The best week for people who can work on these weekdays each.

    `needed` is (7, 48); a half hour with somebody needed is one in which the doors are open.
    `visits` (7, 48) are expected then; without them every half hour counts the same.
    Raises `NobodyToRoster`, `OpenOnClosedDay`, `NoShiftFits`, and with `cover_all` `NotCovered`.
    """
    if not 0 < len(available) <= MOST_PEOPLE:
        raise NobodyToRoster(most=MOST_PEOPLE)
    started = time.perf_counter()
    weight = weight_of(needed, visits)
    cover = Cover(needed, weight, available, columns_of(needed, rules))
    least = cover.fewest_lacking(started + seconds / 2)
    best = cover.fewest_paid(started + seconds, least)
    chosen = tuple(
        Chosen(cover.groups[group], pattern, int(count))
        for (group, pattern), count in zip(cover.of, best.values, strict=True)
        if count
    )
    found = Roster(
        needed, weight, chosen, least.bound, best.bound,
        max(_gap(least.value, least.bound), _gap(best.value, best.bound)),
        time.perf_counter() - started, len(cover.of),
    )  # fmt: skip
    if cover_all and found.lacking.any():
        _refuse_uncovered(found, available, rules, seconds)
    return found


def weight_of(needed: Ints, visits: Floats | None) -> Ints:
    """(7, 48) what a person who lacks counts: visits in hundredths, one at least."""
    if visits is None:
        return np.ones_like(needed)
    return np.maximum(np.round(PARTS * visits), 1).astype(np.int64)


def fewest_people(needed: Ints, rules: Rules) -> int:
    """No fewer can cover a week: by the busiest half hour, the busiest day and the week's hours."""
    day = float(needed.sum(axis=1).max(initial=0)) / rules.slots("hours_a_day")
    week = float(needed.sum()) / min(
        rules.slots("hours_a_week"), rules.days_a_week * rules.slots("hours_a_day")
    )
    return max(int(needed.max(initial=0)), int(np.ceil(day)), int(np.ceil(week)))


def columns_of(needed: Ints, rules: Rules) -> tuple[Pattern, ...]:
    """The patterns for a week. Raises `OpenOnClosedDay`, `NoShiftFits`."""
    for day, slot in np.argwhere(needed > 0):
        if int(day) in rules.closed:
            raise OpenOnClosedDay(
                day=WEEKDAY_NAMES[day], time=clock(int(slot)), rule=RULE_NAMES["closed"]
            )
    columns = patterns([stretches(day > 0) for day in needed], rules)
    uncovered = np.argwhere((needed > 0) & ~_coverable(columns))
    if len(uncovered):
        day, slot = (int(one) for one in uncovered[0])
        raise NoShiftFits(
            rule=RULE_NAMES[_shift_rule(needed, rules, day, slot)], day=WEEKDAY_NAMES[day],
            time=clock(slot),
        )  # fmt: skip
    return columns


def _coverable(columns: Sequence[Pattern]) -> Flags:
    """(7, 48): half hours in which somebody could work."""
    found = np.zeros((7, SLOTS), dtype=np.bool_)
    for day, shift in {at for column in columns for at in enumerate(column.shifts)}:
        for since, until in shift:
            found[day, since:until] = True
    return found


_LOOSER: Final[dict[str, Any]] = {
    "hours_a_shift_least": 1.0, "hours_a_day": 24.0, "hours_a_week": 168.0, "break_hours": 0.0,
    "hours_without_break": 24.0, "rest_hours": 0.0, "days_a_week": 7,
}  # fmt: skip


def _shift_rule(needed: Ints, rules: Rules, day: int, slot: int) -> str:
    """The first rule without which a half hour could be covered."""
    week = [stretches(one > 0) for one in needed]
    for name, value in _LOOSER.items():
        looser: Rules = replace(rules, **{name: value})
        if _coverable(patterns(week, looser))[day, slot]:
            return name
    return "hours_a_shift_least"


def _refuse_uncovered(
    found: Roster, available: Sequence[frozenset[int]], rules: Rules, seconds: float
) -> None:
    """Say where most lack, and the first rule without which fewer would."""
    day, slot = (int(one) for one in np.argwhere(found.lacking == found.lacking.max())[0])
    raise NotCovered(
        people=len(available), day=WEEKDAY_NAMES[day], time=clock(slot),
        lacking=int(found.lacking[day, slot]),
        rule=RULE_NAMES[_in_the_way(found, available, rules, seconds)],
    )  # fmt: skip


def _in_the_way(
    found: Roster, available: Sequence[frozenset[int]], rules: Rules, seconds: float
) -> str:
    lacking = found.lacking_weight
    tries: list[tuple[str, Sequence[frozenset[int]], Rules]] = [
        ("days_off", [ALL_DAYS] * len(available), rules)
    ]
    tries += [
        (name, available, replace(rules, **{name: _LOOSER[name]}))
        for name in ("hours_a_week", "days_a_week", "hours_a_day", "rest_hours")
    ]
    for name, people, changed in tries:
        cover = Cover(found.needed, found.weight, people, columns_of(found.needed, changed))
        if cover.fewest_lacking(time.perf_counter() + seconds).value < lacking:
            return name
    return "people"


def _gap(value: int, bound: int) -> float:
    return 100.0 * (value - bound) / value if value > bound else 0.0
