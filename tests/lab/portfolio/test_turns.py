"""The smallest change that turns an answer, against every choice and every change."""

from dataclasses import replace

import pytest
from hypothesis import given, settings

from sanad.lab.portfolio import turns as turning
from sanad.lab.portfolio.instance import Initiative, Instance, Value
from sanad.lab.portfolio.solve import solve
from sanad.lab.portfolio.turns import FORCED, FREE, IMPOSSIBLE, NEEDED, NOT_BY_COST, turns
from tests.lab.portfolio.small import best_by_trying, initiative, instances, plan

MOST_VALUE = 60  # the values drawn are below 10 and the quarters at most 5


def changed(instance: Instance, code: str, **facts: object) -> Instance:
    return replace(
        instance,
        initiatives=tuple(
            replace(one, **facts) if one.code == code else one  # type: ignore[arg-type]
            for one in instance.initiatives
        ),
    )


def is_in(instance: Instance, code: str, *, was_in: bool) -> bool:
    """Whether it is chosen; at a tie it is as it was."""
    within = best_by_trying(instance, forced={code: True})
    without = best_by_trying(instance, forced={code: False})
    if within is None or without is None:
        return within is not None
    return within >= without if was_in else within > without


def costing(one: Initiative, total: int) -> tuple[int, ...]:
    return tuple(cost * total // one.total_baisa for cost in one.cost_baisa)


@settings(max_examples=12, deadline=None)
@given(instance=instances())
def test_a_turn_by_value_is_the_smallest_and_is_confirmed(instance: Instance) -> None:
    answer = solve(instance)
    for found in turns(instance, answer):
        mid, was_in = instance.by_code[found.code].value.mid, found.is_chosen
        way = range(mid - 1, -2, -1) if was_in else range(mid + 1, MOST_VALUE)
        turned = [
            value
            for value in way
            if is_in(changed(instance, found.code, value=Value(value, value, value)), found.code,
                     was_in=was_in) != was_in
        ]  # fmt: skip
        if found.value.change is None:
            assert turned in ([], [-1])
        else:
            assert found.value.change == abs(turned[0] - mid)
            assert found.value.is_confirmed
            assert found.value.tolerance == 0


@settings(max_examples=12, deadline=None)
@given(instance=instances())
def test_a_turn_by_cost_is_the_smallest_and_is_confirmed(instance: Instance) -> None:
    answer = solve(instance)
    for found in turns(instance, answer):
        one, was_in = instance.by_code[found.code], found.is_chosen
        if not one.total_baisa:
            assert found.cost.why in (FREE, NEEDED)
            continue
        most = 60 * one.total_baisa
        way = range(one.total_baisa + 1, most) if was_in else range(one.total_baisa - 1, -1, -1)
        turned = next(
            (total for total in way
             if is_in(changed(instance, one.code, cost_baisa=costing(one, total)), one.code,
                      was_in=was_in) != was_in),
            None,
        )  # fmt: skip
        if found.cost.change is None:
            assert turned is None
        else:
            assert turned is not None
            assert found.cost.change == abs(turned - one.total_baisa)
            assert found.cost.is_confirmed


def test_what_a_turn_says_can_be_read() -> None:
    """Of two that exclude each other the better one is dropped where it is worth less."""
    a, b = initiative("a", value=Value(1, 1000, 1)), initiative("b", value=Value(1, 800, 1))
    instance = plan(a, replace(b, excludes=("a",)), quarters=4)
    one, other = turns(instance, solve(instance))
    assert (one.is_chosen, other.is_chosen) == (True, False)
    assert (one.value.change, one.value.percent) == (201, 20.1)
    assert one.value.before is not None
    assert one.value.after is not None
    assert (one.value.before.given, one.value.before.value) == (800, 1600)
    assert (one.value.after.given, one.value.after.is_in) == (799, False)
    assert (other.value.change, other.value.percent) == (201, 25.125)
    # Two quarters of each year pay it: what is spread over them may be a hundred times as much.
    assert one.cost.change == 98_000 + 2
    assert other.cost.why == NOT_BY_COST


def test_where_nothing_turns_it_says_why() -> None:
    def found(*initiatives: Initiative) -> list[turning.Turns]:
        instance = plan(*initiatives)
        return turns(instance, solve(instance))

    (must,) = found(initiative("a", must=True))
    assert (must.value.why, must.cost.why) == (FORCED, FORCED)
    (alone,) = found(initiative("a", cost_baisa=()))
    assert (alone.value.why, alone.cost.why) == (NEEDED, FREE)
    needed, _ = found(initiative("a", value=Value(0, 0, 0)), initiative("b", after=("a",)))
    assert needed.is_chosen
    assert needed.value.why == NEEDED
    (late,) = found(initiative("a", duration=7))
    assert (late.value.why, late.cost.why) == (IMPOSSIBLE, NOT_BY_COST)


def test_it_is_told_and_stopped_and_does_what_the_time_allows() -> None:
    instance = plan(initiative("a"), initiative("b"))
    answer = solve(instance)
    with pytest.raises(turning.Stopped):
        turns(instance, answer, told=lambda done, parts: done < 1)
    assert [one.value.why for one in turns(instance, answer, seconds=0)] == ["not_in_time"] * 2
