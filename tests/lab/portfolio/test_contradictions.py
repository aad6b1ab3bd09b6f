"""Wishes that no choice fulfils are refused by the names of the initiatives."""

import pytest

from sanad.lab.portfolio import contradictions as wrong
from sanad.lab.portfolio import schedule
from sanad.lab.portfolio.instance import Initiative, Instance
from sanad.lab.portfolio.solve import solve
from tests.lab.portfolio.small import initiative, plan
from tests.refusals import said

A, B = initiative("a"), initiative("b")


@pytest.mark.parametrize(
    ("instance", "refusal", "names"),
    [
        (plan(initiative("a", after=("b",)), initiative("b", after=("c",)),
              initiative("c", after=("a",))), wrong.DependencyCycle, "abc"),
        (plan(initiative("a", after=("a",))), wrong.DependencyCycle, "a"),
        (plan(initiative("a", after=("z",))), wrong.UnknownInitiative, "a"),
        (plan(initiative("a", must=True, never=True)), wrong.MustAndNever, "a"),
        (plan(initiative("a", must=True, after=("b",)), initiative("b", never=True)),
         wrong.MustAndNever, "ab"),
        (plan(initiative("a", must=True, one_of=("b",)), initiative("b", never=True)),
         wrong.MustAndNever, "ab"),
        (plan(initiative("a", must=True, excludes=("b",)), initiative("b", must=True)),
         wrong.MustExcluded, "ab"),
        (plan(initiative("a", must=True, after=("c",)), initiative("b", must=True),
              initiative("c", excludes=("b",))), wrong.MustExcluded, "bc"),
        (plan(initiative("a", must=True, duration=9)), wrong.MustTooLate, "a"),
        (plan(initiative("a", must=True, after=("b",)), initiative("b", duration=5)),
         wrong.MustTooLate, "a"),
        (plan(initiative("a", must=True), initiative("b", must=True), budget=1000),
         wrong.MustBeyondBudget, "ab"),
        (plan(initiative("a", must=True, crew={"people": (2, 2)}), initiative("b", must=True),
              initiative("c", must=True, duration=3, crew={"people": (1, 1, 1)}), quarters=4,
              people=2), wrong.MustTogether, "ac"),
    ],
)  # fmt: skip
def test_it_is_refused_by_name(
    instance: Instance, refusal: type[wrong.Contradiction], names: str
) -> None:
    with pytest.raises(refusal) as raised:
        solve(instance)

    arabic, english = said(raised.value)
    assert all(f"Initiative {name}" in english for name in names)
    assert all(f"مبادرة {name}" in arabic for name in names)
    assert not any(f"Initiative {name}" in english for name in "abc" if name not in names)


def test_a_code_that_two_have_is_refused() -> None:
    with pytest.raises(wrong.NamedTwice) as raised:
        solve(plan(A, A))
    said(raised.value)


@pytest.mark.parametrize(
    ("initiatives", "starts", "refusal"),
    [
        ((A,), {"a": 5}, schedule.OutsideHorizon),
        ((A,), {"a": -1}, schedule.OutsideHorizon),
        ((initiative("a", earliest=2),), {"a": 1}, schedule.OutsideHorizon),
        ((A, initiative("b", after=("a",))), {"a": 0, "b": 1}, schedule.DependencyBroken),
        ((A, initiative("b", after=("a",))), {"b": 1}, schedule.DependencyBroken),
        ((A, initiative("b", one_of=("a",))), {"a": 1, "b": 2}, schedule.EnablerMissing),
        ((A, initiative("b", excludes=("a",))), {"a": 0, "b": 4}, schedule.ExcludedTogether),
        ((A, initiative("b", cost_baisa=(2500, 500))), {"a": 0, "b": 0}, schedule.BudgetExceeded),
        ((initiative("a", crew={"people": (1, 1)}), initiative("b", crew={"people": (2,)})),
         {"a": 0, "b": 1}, schedule.CrewExceeded),
    ],
)  # fmt: skip
def test_a_start_that_breaks_a_rule_is_refused_by_name(
    initiatives: tuple[Initiative, ...], starts: dict[str, int],
    refusal: type[schedule.ScheduleRefused],
) -> None:  # fmt: skip
    instance = plan(*initiatives, budget=3999, people=2)

    with pytest.raises(refusal) as raised:
        schedule.require_holds(instance, starts)
    arabic, english = said(raised.value)
    assert "Initiative" in english
    assert "مبادرة" in arabic
