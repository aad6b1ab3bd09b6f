"""A person's week as one column: the days worked and, on each, start, length and break.

A day's shift is a tuple of pieces (from, until) in half hours, with breaks between them. A pattern
has the same shift on all days whose doors are open alike, and one of its own on the others, so that
the week can be kept in mind. Where the days differ in more than two ways, one shift is cut to each
day's opening hours instead.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations

import numpy as np

from sanad.lab.staffing.rules import Rules
from sanad.lab.twin.facts import Flags
from sanad.lab.twin.network.model import SLOTS

Shift = tuple[tuple[int, int], ...]
Stretch = tuple[int, int]
HOUR = 2  # half hours: shifts begin and end on whole hours from opening or closing
MOST_COLUMNS = 12_000
COARSEST = 4 * HOUR


@dataclass(frozen=True, order=True)
class Pattern:
    """By weekday from Sunday the shift, empty where the person is off."""

    shifts: tuple[Shift, ...]  # (7,)

    @property
    def days(self) -> frozenset[int]:
        """Weekdays that are worked."""
        return frozenset(day for day, shift in enumerate(self.shifts) if shift)

    @property
    def paid(self) -> int:
        """Half hours of work."""
        return sum(work(shift) for shift in self.shifts)

    def covers(self) -> Flags:
        """(7, 48): half hours at the counters."""
        found = np.zeros((7, SLOTS), dtype=np.bool_)
        for day, shift in enumerate(self.shifts):
            for since, until in shift:
                found[day, since:until] = True
        return found


def work(shift: Shift) -> int:
    """Half hours of work in a shift."""
    return sum(until - since for since, until in shift)


def stretches(is_open: Flags) -> tuple[Stretch, ...]:
    """From and until which half hour a day's doors are open; (48,) in."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], is_open, [0]])))
    return tuple((int(a), int(b)) for a, b in zip(edges[::2], edges[1::2], strict=True))


def patterns(week: Sequence[tuple[Stretch, ...]], rules: Rules) -> tuple[Pattern, ...]:
    """Every pattern that the rules allow in a week of opening stretches, in a fixed order.

    Where there are more than `MOST_COLUMNS`, shifts begin and end on a coarser grid.
    """
    return _patterns(tuple(tuple(day) for day in week), rules)


@lru_cache(maxsize=64)
def _patterns(week: tuple[tuple[Stretch, ...], ...], rules: Rules) -> tuple[Pattern, ...]:
    step = HOUR
    while True:
        found = sorted(set(_all(week, rules, step)))
        if len(found) <= MOST_COLUMNS or step >= COARSEST:
            return tuple(found)
        step *= 2


def _all(
    week: tuple[tuple[Stretch, ...], ...], rules: Rules, step: int
) -> Iterator[Pattern]:  # fmt: skip
    groups: dict[tuple[Stretch, ...], list[int]] = {}
    for day, spans in enumerate(week):
        if spans and day not in rules.closed:
            groups.setdefault(spans, []).append(day)
    alike = sorted(groups.items(), key=lambda one: (-len(one[1]), one[1]))
    if len(alike) > 2:
        yield from _cut_to_fit(week, alike, rules, step)
        return
    first, second = [list(_of_group(spans, days, rules, step)) for spans, days in alike] + [
        [()] for _ in range(2 - len(alike))
    ]
    for one in first:
        for other in second:
            found = _week([*one, *other], rules)
            if found is not None:
                yield found


def _of_group(
    spans: tuple[Stretch, ...], days: Sequence[int], rules: Rules, step: int
) -> Iterator[tuple[tuple[int, Shift], ...]]:
    """Nothing, or one shift on some of these days."""
    yield ()
    for shift in day_shifts(spans, rules, step):
        for some in _some(days, rules):
            yield tuple((day, shift) for day in some)


def _cut_to_fit(
    week: tuple[tuple[Stretch, ...], ...],
    alike: list[tuple[tuple[Stretch, ...], list[int]]], rules: Rules, step: int,
) -> Iterator[Pattern]:  # fmt: skip
    """Every day's own shifts, each cut to the opening hours of the other days."""
    shifts = {shift for spans, _ in alike for shift in day_shifts(spans, rules, step)}
    days = sorted(day for _, of_it in alike for day in of_it)
    for shift in sorted(shifts):
        cut = {day: _cut(shift, week[day]) for day in days}
        fits = [day for day in days if cut[day] and _long_enough(cut[day], week[day], rules)]
        for some in _some(fits, rules):
            found = _week([(day, cut[day]) for day in some], rules)
            if found is not None:
                yield found


def _cut(shift: Shift, spans: tuple[Stretch, ...]) -> Shift:
    pieces = [
        (max(since, opens), min(until, closes))
        for since, until in shift for opens, closes in spans
    ]  # fmt: skip
    return tuple(sorted(one for one in pieces if one[1] > one[0]))


def _long_enough(shift: Shift, spans: tuple[Stretch, ...], rules: Rules) -> bool:
    least = min(rules.slots("hours_a_shift_least"), max(b - a for a, b in spans))
    return work(shift) >= least


def _some(days: Sequence[int], rules: Rules) -> Iterator[tuple[int, ...]]:
    for count in range(1, min(len(days), rules.days_a_week) + 1):
        yield from combinations(days, count)


def _week(worked: Iterable[tuple[int, Shift]], rules: Rules) -> Pattern | None:
    """The pattern, if the week's rules allow it."""
    shifts: list[Shift] = [()] * 7
    for day, shift in worked:
        shifts[day] = shift
    found = Pattern(tuple(shifts))
    too_long = found.paid > rules.slots("hours_a_week") or len(found.days) > rules.days_a_week
    return found if found.paid and not too_long and _rests(found, rules) else None


def _rests(pattern: Pattern, rules: Rules) -> bool:
    """Whether there is rest from each day's end to the next day's beginning, around the week."""
    for day in pattern.days:
        after = pattern.shifts[(day + 1) % 7]
        if after and SLOTS + after[0][0] - pattern.shifts[day][-1][1] < rules.slots("rest_hours"):
            return False
    return True


def day_shifts(spans: tuple[Stretch, ...], rules: Rules, step: int = HOUR) -> tuple[Shift, ...]:
    """Every shift of a day with these opening stretches."""
    found: set[Shift] = set()
    for span in spans:
        found.update(_within(span, rules, step))
    for before, after in combinations(spans, 2):
        if after[0] - before[1] >= rules.slots("break_hours"):
            found.update(_across(before, after, rules, step))
    return tuple(sorted(found))


def _within(span: Stretch, rules: Rules, step: int) -> Iterator[Shift]:
    """Shifts inside one stretch, with a break where they are long."""
    opens, closes = span
    pause, alone = rules.slots("break_hours"), rules.slots("hours_without_break")
    least = min(rules.slots("hours_a_shift_least"), closes - opens)
    for since in _grid(opens, closes, step):
        for until in _grid(opens, closes, step):
            if least <= until - since <= min(alone, rules.slots("hours_a_day")):
                yield ((since, until),)
            if alone < until - since - pause <= rules.slots("hours_a_day"):
                yield from _broken(since, until, pause, alone, step)


def _broken(since: int, until: int, pause: int, alone: int, step: int) -> Iterator[Shift]:
    """One break, neither part longer than may be worked without one."""
    for begin in range(since + step, until - pause - step + 1, step):
        if begin - since <= alone and until - begin - pause <= alone:
            yield ((since, begin), (begin + pause, until))


def _across(before: Stretch, after: Stretch, rules: Rules, step: int) -> Iterator[Shift]:
    """Until the doors shut and again from when they open: the closed hours are the break."""
    alone = rules.slots("hours_without_break")
    for since in _grid(*before, step):
        for until in _grid(*after, step):
            first, second = before[1] - since, until - after[0]
            if not (0 < first <= alone and 0 < second <= alone):
                continue
            if rules.slots("hours_a_shift_least") <= first + second <= rules.slots("hours_a_day"):
                yield ((since, before[1]), (after[0], until))


def _grid(opens: int, closes: int, step: int) -> list[int]:
    """Whole steps from opening, and from closing back."""
    return sorted({*range(opens, closes + 1, step), *range(closes, opens - 1, -step)})
