"""The best choice against every choice; the bound; what is long against what is at once."""

from dataclasses import replace

import pytest
from hypothesis import given, settings

from benchmarks import portfolio as benchmark
from sanad.lab.portfolio import anneal
from sanad.lab.portfolio import solve as solver
from sanad.lab.portfolio.contradictions import first_starts
from sanad.lab.portfolio.instance import Instance, Value
from sanad.lab.portfolio.program import cliques
from sanad.lab.portfolio.solve import solve
from tests.lab.portfolio.small import best_by_trying, holds, initiative, instances, plan


@settings(max_examples=60, deadline=None)
@given(instance=instances())
def test_no_choice_is_better_and_the_answer_holds_every_rule(instance: Instance) -> None:
    answer = solve(instance)

    assert answer.value.mid == best_by_trying(instance)
    assert answer.proven
    assert answer.gap_percent == 0
    assert holds(instance, dict(answer.starts))
    assert answer.value == instance.value_of(answer.starts)


@settings(max_examples=15, deadline=None)
@given(instance=instances())
def test_begun_from_an_annealed_choice_it_is_the_same(instance: Instance) -> None:
    with pytest.MonkeyPatch.context() as changed:
        changed.setattr(solver, "SMALL", 0)
        answer = solve(instance)

    assert answer.value.mid == best_by_trying(instance)
    assert answer.proven


@settings(max_examples=30, deadline=None)
@given(instance=instances())
def test_an_annealed_choice_holds_every_rule(instance: Instance) -> None:
    starts = anneal.anneal(instance, first_starts(instance), steps=200)
    best = best_by_trying(instance)
    assert best is not None
    assert holds(instance, starts)
    assert instance.value_of(starts).mid <= best


@settings(max_examples=20, deadline=None)
@given(instance=instances())
def test_more_money_is_never_worse_and_a_longer_wait_never_better(instance: Instance) -> None:
    now = solve(instance).value.mid
    richer = replace(
        instance, budget_baisa={year: baisa + 3 for year, baisa in instance.budget_baisa.items()}
    )
    later = replace(
        instance,
        initiatives=tuple(replace(o, earliest=o.earliest + 1) for o in instance.initiatives),
    )
    assert solve(richer).value.mid >= now >= solve(later).value.mid


def test_an_initiative_counts_for_the_quarters_after_its_end() -> None:
    answer = solve(plan(initiative("a"), quarters=6))

    assert answer.starts == {"a": 0}
    assert answer.value == Value(2000, 4000, 6000)


def test_what_costs_too_much_in_one_year_waits_for_the_next() -> None:
    """The plan begins in the third quarter: two quarters of 2026, then 2027."""
    a, b = initiative("a"), initiative("b", value=Value(1, 900, 1))
    answer = solve(plan(a, b, quarters=6, budget=2000))

    assert answer.starts == {"a": 0, "b": 2}


def test_a_crew_works_for_one_at_a_time() -> None:
    a = initiative("a", crew={"people": (2, 1)})
    b = initiative("b", crew={"people": (1, 2)})
    answer = solve(plan(a, b, quarters=8, people=2))

    assert sorted(answer.starts.values()) == [0, 2] or answer.starts == {"a": 0, "b": 1}
    assert answer.value.mid == best_by_trying(plan(a, b, quarters=8, people=2))


def test_each_two_that_exclude_each_other_are_in_one_clique() -> None:
    a = initiative("a", excludes=("b", "c"))
    b = initiative("b", excludes=("c",))
    instance = plan(a, b, initiative("c"), initiative("d", excludes=("a",)))

    assert cliques(instance, "abcd") == [["a", "b", "c"], ["a", "d"]]


def test_a_made_instance_is_solved_to_its_proof() -> None:
    found = benchmark.run(rounds=1, seconds=20.0, count=10, quarters=8, seed=3)

    (one,) = found["instances"]
    assert one["proven"]
    assert one["value"] == one["bound"]
    assert found["holds"]


def test_the_same_seed_draws_the_same_instance() -> None:
    assert benchmark.made(12, 8, 5) == benchmark.made(12, 8, 5)
    assert benchmark.made(12, 8, 5) != benchmark.made(12, 8, 6)


def test_what_the_time_did_not_prove_says_how_far_it_may_be() -> None:
    """So little time that only annealing answers."""
    instance = benchmark.made(40, 16, 1)
    answer = solve(instance, seconds=0.3)

    assert holds(instance, dict(answer.starts))
    assert answer.bound >= answer.value.mid
    assert answer.proven or 0 < answer.gap_percent <= 100
