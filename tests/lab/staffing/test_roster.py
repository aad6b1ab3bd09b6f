"""Rosters: every rule kept, the bound true, the same again, and what stands in the way named."""

from dataclasses import replace
from itertools import combinations_with_replacement, pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sanad.lab.staffing.cover import EMPTY, lacking_counts
from sanad.lab.staffing.deal import Person, dealt
from sanad.lab.staffing.patterns import Pattern, day_shifts, patterns, stretches, work
from sanad.lab.staffing.roster import (
    ALL_DAYS,
    NobodyToRoster,
    NoShiftFits,
    NotCovered,
    OpenOnClosedDay,
    columns_of,
    fewest_people,
    roster,
)
from sanad.lab.staffing.rules import RuleOutOfRange, Rules, RulesContradict, usual_rules
from sanad.lab.twin.facts import Ints
from sanad.lib.bilingual import Text

RULES = usual_rules()
SPLIT = ((14, 28), (32, 40))
MORNING, ALL_DAY = ((16, 28),), ((16, 32),)
weeks = st.lists(
    st.sampled_from([(), SPLIT, MORNING, ALL_DAY, ((18, 26),), ((14, 44),)]), min_size=7, max_size=7
)


def needing(people: int, days: int = 5, spans: tuple[tuple[int, int], ...] = SPLIT) -> Ints:
    needed = np.zeros((7, 48), dtype=np.int64)
    for since, until in spans:
        needed[:days, since:until] = people
    return needed


@settings(max_examples=15, deadline=None)
@given(weeks, st.sampled_from([30.0, 40.0, 48.0]), st.integers(3, 6), st.sampled_from([0.0, 12.0]))
def test_every_pattern_keeps_every_rule(
    week: list[tuple[tuple[int, int], ...]], hours: float, days: int, rest: float
) -> None:
    rules = replace(RULES, hours_a_week=hours, days_a_week=days, rest_hours=rest)
    found = patterns(week, rules)

    assert len(set(found)) == len(found)
    for pattern in found[:: max(len(found) // 300, 1)]:
        assert 0 < pattern.paid <= rules.slots("hours_a_week")
        assert len(pattern.days) <= days
        assert not pattern.days & rules.closed
        for day in pattern.days:
            keeps_the_day(pattern, day, week[day], rules)


def keeps_the_day(
    pattern: Pattern, day: int, spans: tuple[tuple[int, int], ...], rules: Rules
) -> None:
    shift = pattern.shifts[day]
    after = pattern.shifts[(day + 1) % 7]
    assert work(shift) <= rules.slots("hours_a_day")
    assert all(any(a <= since and until <= b for a, b in spans) for since, until in shift)
    assert all(until - since <= rules.slots("hours_without_break") for since, until in shift)
    for before, then in pairwise(shift):
        assert then[0] - before[1] >= rules.slots("break_hours")
    if after:
        assert 48 + after[0][0] - shift[-1][1] >= rules.slots("rest_hours")


@pytest.mark.parametrize("people", [1, 2, 3])
def test_the_answer_is_that_of_all_choices(people: int) -> None:
    """Few columns, so that every choice can be tried."""
    needed = needing(1, days=2, spans=((16, 28),))
    needed[0, 20:24] = 2
    columns = columns_of(needed, RULES)
    covers = np.stack([one.covers().ravel() for one in columns]).astype(np.int64)
    best = min(
        worth(needed, covers, columns, choice)
        for count in range(people + 1)
        for choice in combinations_with_replacement(range(len(columns)), count)
    )
    found = roster(needed, [ALL_DAYS] * people, RULES)

    assert (found.lacking_weight, found.paid) == best
    assert (found.lacking_bound, found.paid_bound, found.gap_percent) == (*best, 0.0)


def worth(
    needed: Ints, covers: Ints, columns: tuple[Pattern, ...], choice: tuple[int, ...]
) -> tuple[int, int]:
    there = covers[list(choice)].sum(axis=0) if choice else np.zeros(7 * 48, dtype=np.int64)
    lacking = sum(
        lacking_counts(int(need), int(has))
        for need, has in zip(needed.ravel(), there, strict=True)
        if need
    )
    return lacking, sum(columns[n].paid for n in choice)


@settings(max_examples=8, deadline=None)
@given(st.integers(1, 3), st.integers(1, 4), st.integers(0, 3), st.integers(0, 40))
def test_rosters_are_proven_and_nobody_works_against_the_rules(
    need: int, people: int, off: int, seed: int
) -> None:
    draws = np.random.default_rng(seed)
    needed = needing(1)
    needed[:5, 18:26] = draws.integers(1, need + 1, (5, 8))
    available = [ALL_DAYS - set(range(off)), *[ALL_DAYS] * (people - 1)]
    found = roster(needed, available, RULES)

    assert found.gap_percent <= 2.0
    assert found.people <= people
    assert found.lacking_bound <= found.lacking_weight
    assert found.paid_bound <= found.paid <= people * RULES.slots("hours_a_week")
    assert all(one.pattern.days <= one.group for one in found.chosen)
    lacking = np.maximum(needed - found.covered, 0)
    assert (found.lacking == lacking).all()


def test_one_person_more_never_lacks_more() -> None:
    needed = needing(2)
    lacking = [roster(needed, [ALL_DAYS] * n, RULES).lacking_weight for n in range(1, 6)]
    assert lacking == sorted(lacking, reverse=True)
    assert lacking[-1] == 0
    assert roster(needed, [ALL_DAYS] * 5, RULES).people >= fewest_people(needed, RULES)


def test_quiet_hours_go_short_before_busy_ones_and_nobody_there_is_worst() -> None:
    needed = needing(1, spans=((14, 28), (32, 40)))
    visits = np.zeros((7, 48))
    visits[:5, 14:28] = 3.0
    visits[:5, 32:40] = 0.2
    one = roster(needed, [ALL_DAYS], RULES, visits=visits)
    assert one.lacking[:5, 32:40].sum() > one.lacking[:5, 14:28].sum()

    busy = needing(1)
    busy[:5, 18:22] = 2
    two = roster(busy, [ALL_DAYS] * 2, RULES)
    assert not two.empty.any()
    assert (lacking_counts(2, 1), lacking_counts(2, 0), lacking_counts(1, 2)) == (1, 1 + EMPTY, 0)


def test_the_same_question_has_the_same_answer() -> None:
    needed, available = needing(2), [ALL_DAYS, ALL_DAYS - {0}, ALL_DAYS]
    first, again = (roster(needed, available, RULES) for _ in range(2))
    assert first.chosen == again.chosen


def test_a_long_day_without_closing_is_covered_without_an_hour_too_many() -> None:
    found = roster(needing(1, spans=((14, 44),)), [ALL_DAYS] * 3, RULES)
    assert (found.lacking_weight, found.paid, found.gap_percent) == (0, 150, 0.0)


def test_nobody_is_refused_and_so_is_a_crowd() -> None:
    for people in (0, 61):
        with pytest.raises(NobodyToRoster):
            roster(needing(1), [ALL_DAYS] * people, RULES)


def test_a_closed_day_with_open_doors_names_its_rule_and_time() -> None:
    with pytest.raises(OpenOnClosedDay) as refused:
        roster(needing(1, days=6), [ALL_DAYS], RULES)
    assert refused.value.facts["day"].en == "Friday"
    assert (refused.value.facts["time"], refused.value.facts["rule"].en) == ("07:00", "closed days")


def test_hours_that_no_shift_covers_name_the_rule_and_time() -> None:
    long = replace(RULES, hours_a_shift_least=7, hours_without_break=6, break_hours=4, rest_hours=0)
    with pytest.raises(NoShiftFits) as refused:
        roster(needing(1, spans=((16, 32),)), [ALL_DAYS], long)
    assert refused.value.facts["day"].en == "Sunday"
    assert refused.value.facts["rule"].en in ("hours of a break", "fewest hours of a shift")


@pytest.mark.parametrize(
    ("people", "off", "rules", "named"),
    [
        (1, frozenset({0}), RULES, "days on which people are off"),
        (1, frozenset(), replace(RULES, hours_a_week=20), "hours a week"),
        (1, frozenset(), RULES, "number of people"),
    ],
)
def test_what_stands_in_the_way_is_named(
    people: int, off: frozenset[int], rules: Rules, named: str
) -> None:
    needed = needing(1, spans=((16, 28),))
    needed[2, 18] = 3 if named == "number of people" else 1
    with pytest.raises(NotCovered) as refused:
        roster(needed, [ALL_DAYS - off] * people, rules, cover_all=True)
    assert refused.value.facts["rule"].en == named
    assert refused.value.facts["lacking"] >= 1


def test_rules_that_cannot_be_are_refused() -> None:
    for changed in ({"hours_a_day": 25}, {"hours_a_week": 0}, {"break_hours": 0.3}):
        with pytest.raises(RuleOutOfRange):
            replace(RULES, **changed)
    with pytest.raises(RulesContradict):
        replace(RULES, hours_a_shift_least=9)


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 200), st.integers(1, 5))
def test_names_are_dealt_in_turn_and_in_time_all_are_equal(week: int, people: int) -> None:
    found = roster(needing(1, days=2, spans=((16, 28),)), [ALL_DAYS] * people, RULES)
    staff = [Person(f"p{n}", Text(f"م{n}", f"P{n}"), ALL_DAYS) for n in range(people)]
    weeks_ = [dealt(found, staff, week=week + n) for n in range(people)]

    for one in weeks_:
        assert sum(person.paid for person in one) == found.paid
        assert [person.person for person in one] == staff
    worked = [sum(one[n].paid for one in weeks_) for n in range(people)]
    assert len(set(worked)) == 1


def test_who_is_off_is_dealt_only_weeks_without_those_days() -> None:
    available = [ALL_DAYS - {0, 1}, ALL_DAYS, ALL_DAYS]
    staff = [Person(f"p{n}", Text("م", "P"), days) for n, days in enumerate(available)]
    for week in range(3):
        for one in dealt(roster(needing(1), available, RULES), staff, week=week):
            assert one.pattern is None or one.pattern.days <= one.person.days


def test_a_day_is_cut_into_its_stretches() -> None:
    is_open = np.zeros(48, dtype=np.bool_)
    is_open[14:28] = is_open[32:40] = True
    assert stretches(is_open) == SPLIT
    assert ((16, 28), (32, 36)) in day_shifts(SPLIT, RULES)
    assert day_shifts(((16, 18),), RULES) == (((16, 18),),)  # shorter than a shift may be
