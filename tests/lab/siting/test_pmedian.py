"""The p-median against brute force, an independent program, known optima and its own laws."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from sanad.lab.siting import interchange, lagrange, orlib, pmedian
from sanad.lab.siting.arrays import Ints
from sanad.lab.siting.pmedian import (
    CostsTooLarge,
    NoMedians,
    TooManyMedians,
    _Search,
    compile_loops,
    solve,
)
from sanad.lab.siting.tree import plant
from sanad.lab.solver.program import Program
from tests.lab.siting.graphs import FOLDER, OPTIMA, graph, least, relabelled, ways

FAST = settings(max_examples=60, deadline=None)


@pytest.fixture(scope="module", autouse=True)
def _compiled() -> None:
    compile_loops()


@st.composite
def instances(draw: st.DrawFn) -> tuple[Ints, int]:
    """Any whole costs from clients to sites, with many ties or with none."""
    clients, sites = draw(st.integers(1, 9)), draw(st.integers(1, 8))
    highest = draw(st.sampled_from([0, 1, 4, 1000]))
    cell = st.integers(0, highest)
    row = st.lists(cell, min_size=sites, max_size=sites)
    cost = draw(st.lists(row, min_size=clients, max_size=clients))
    return np.array(cost, dtype=np.int64), draw(st.integers(1, sites))


@FAST
@given(instances())
def test_the_answer_is_the_best_of_all_choices(instance: tuple[Ints, int]) -> None:
    cost, p = instance

    answer = solve(cost, p, seconds=60)

    assert answer.proven
    assert answer.cost == answer.bound == least(cost, p)
    assert len(set(answer.medians)) == p
    assert int(cost[:, list(answer.medians)].min(axis=1).sum()) == answer.cost
    assert answer.gap_percent == 0


@FAST
@given(instances(), st.integers(1, 40))
def test_each_proof_finds_the_best_alone_and_its_bound_is_below(
    instance: tuple[Ints, int], worse: int
) -> None:
    """Told of a choice that is worse than it is, the tree and the program find the best one."""
    cost, p = instance
    optimum = least(cost, p)
    for kind in ("tree", "program"):
        search = _Search(cost, p, seconds=60)
        dual = lagrange.start(cost, search.medians)
        lagrange.climb(dual, cost, search.order, p, search.best, 5)
        search.dual, search.best = dual, optimum + worse
        assert dual.bound <= optimum + lagrange.SLACK
        left = lagrange.sift(dual, cost, search.order, p, search.best)
        assert left.can_be(p)  # the best choice is left
        if kind == "tree":
            search._by_tree(plant(cost, dual.worth, dual.bound, left), 60, None)
        else:
            search._by_program(left, 60)
        assert (kind, search.best, search.bound) == (kind, optimum, optimum)


@FAST
@given(instances())
def test_what_is_put_aside_is_not_missed(instance: tuple[Ints, int]) -> None:
    cost, p = instance
    optimum = least(cost, p)
    search = _Search(cost, p, seconds=60)
    dual = lagrange.start(cost, search.medians)
    lagrange.climb(dual, cost, search.order, p, search.best, 30)

    left = lagrange.sift(dual, cost, search.order, p, optimum + 1)

    assert left.can_be(p)
    assert least(cost[:, left.maybe], p) == optimum
    sure = np.flatnonzero(left.surely)
    others = [j for j in range(cost.shape[1]) if j not in sure]
    for site in sure:  # without it every choice costs more
        if len(others) + sure.size - 1 >= p:
            assert least(np.delete(cost, site, axis=1), p) > optimum
    if not sure.size:
        assert (cost.min(axis=1) <= left.reach).all()


@FAST
@given(instances(), st.integers(0, 10**6))
def test_exchanges_end_where_no_single_one_helps(instance: tuple[Ints, int], seed: int) -> None:
    cost, p = instance
    medians = np.random.default_rng(seed).permutation(cost.shape[1])[:p]

    found = interchange.improve(cost, np.ascontiguousarray(cost.T), medians)

    assert found == cost[:, medians].min(axis=1).sum()
    assert len(set(medians.tolist())) == p
    for out in range(p):
        for come in set(range(cost.shape[1])) - set(medians.tolist()):
            other = medians.copy()
            other[out] = come
            assert cost[:, other].min(axis=1).sum() >= found


@pytest.mark.parametrize(("nodes", "p"), [(30, 3), (40, 6), (50, 16)])
@pytest.mark.parametrize("seed", [1, 2])
def test_graphs_of_the_library_s_kind_against_the_plain_program(
    nodes: int, p: int, seed: int
) -> None:
    """A variable for each pair of client and site, and nothing put aside."""
    cost = ways(nodes, graph(nodes, seed))
    program = Program()
    is_open = program.add(nodes, high=1.0, whole=True)
    goes = program.add(nodes * nodes, cost=cost.ravel().astype(float), high=1.0)
    program.put(program.rule(1, low=p, high=p), is_open, 1.0)
    client, site = np.divmod(np.arange(nodes * nodes), nodes)
    program.put(program.rule(nodes, low=1.0, high=1.0)[client], goes, 1.0)
    only = program.rule(nodes * nodes, low=0.0, high=np.inf)
    program.put(only, is_open[site], 1.0)
    program.put(only, goes, -1.0)

    answer = solve(cost, p, seconds=60)

    assert answer.proven
    assert answer.cost == round(program.solve(seconds=60).value)


@pytest.mark.parametrize(
    ("nodes", "p"), [(100, 5), (100, 33), (200, 5), (200, 67), (300, 30), (400, 40), (400, 133)]
)
def test_larger_graphs_are_proven_under_any_numbering(nodes: int, p: int) -> None:
    cost = ways(nodes, graph(nodes, seed=nodes + p))
    other = np.random.default_rng(p).permutation(nodes)

    answer = solve(cost, p, seconds=120)
    renamed = solve(np.ascontiguousarray(cost[np.ix_(other, other)]), p, seconds=120)

    assert answer.proven
    assert renamed.proven
    assert answer.cost == renamed.cost
    assert int(cost[:, list(answer.medians)].min(axis=1).sum()) == answer.cost


@pytest.mark.parametrize("number", range(1, 11))
def test_the_library_s_optima(number: int, tmp_path: Path) -> None:
    file = FOLDER / f"pmed{number}.txt"
    if not file.is_file():
        pytest.skip(f"the instance ../shared/data/orlib/{file.name} is not there")
    (tmp_path / "renamed.txt").write_text(relabelled(file.read_text(), seed=number))
    for path in (file, tmp_path / "renamed.txt"):
        instance = orlib.read(path)
        answer = solve(instance.cost, instance.p, seconds=120)
        assert (answer.cost, answer.bound) == (OPTIMA[number - 1], OPTIMA[number - 1])


@FAST
@given(instances())
def test_without_time_the_bound_is_still_below_the_cost(instance: tuple[Ints, int]) -> None:
    cost, p = instance

    answer = solve(cost, p, seconds=0)

    assert answer.bound <= least(cost, p) <= answer.cost
    assert answer.proven == (answer.bound == answer.cost)
    assert answer.gap_percent >= 0


def test_an_answer_that_is_not_proven_says_its_gap() -> None:
    cost = ways(200, graph(200, seed=3))

    answer = solve(cost, 10, seconds=0)

    assert not answer.proven
    assert answer.bound < answer.cost
    assert answer.gap_percent == pytest.approx(100 * (1 - answer.bound / answer.cost))


def test_more_medians_never_cost_more() -> None:
    cost = ways(60, graph(60, seed=4))

    costs = [solve(cost, p, seconds=60).cost for p in range(1, 61)]

    assert costs == sorted(costs, reverse=True)
    assert costs[-1] == 0
    assert costs[0] == int(cost.sum(axis=0).min())


@FAST
@given(instances(), st.integers(2, 9))
def test_costs_in_another_unit_cost_so_much_more(instance: tuple[Ints, int], unit: int) -> None:
    cost, p = instance
    assume(p < cost.shape[1])

    assert solve(cost * unit, p, seconds=60).cost == unit * solve(cost, p, seconds=60).cost


@pytest.mark.parametrize("p", [0, -2])
def test_no_medians_are_refused(p: int) -> None:
    with pytest.raises(NoMedians) as refused:
        solve(np.zeros((2, 2), np.int64), p, seconds=1)
    assert refused.value.facts == {"medians": p}


def test_more_medians_than_sites_are_refused() -> None:
    with pytest.raises(TooManyMedians) as refused:
        solve(np.zeros((2, 2), np.int64), 3, seconds=1)
    assert refused.value.facts == {"medians": 3, "sites": 2}


@pytest.mark.parametrize("nodes", [0, 1, 2, 4])
def test_the_tree_s_bound_is_that_of_the_nodes_that_wait(nodes: int) -> None:
    """Stopped in the middle, the tree bounds what it has not looked at."""
    cost = ways(200, graph(200, seed=3))
    search = _Search(cost, 10, seconds=60)
    dual = lagrange.start(cost, search.medians)
    lagrange.climb(dual, cost, search.order, 10, search.best, 20)
    left = lagrange.sift(dual, cost, search.order, 10, search.best)
    tree = plant(cost, dual.worth, dual.bound, left)

    pmedian.grow(tree, 10, search.best, nodes)

    assert tree.waiting > 0
    optimum = solve(cost, 10, seconds=60).cost
    assert dual.bound - lagrange.SLACK <= tree.bound(search.best) <= optimum


def test_costs_that_would_not_add_up_exactly_are_refused() -> None:
    cost = np.array([[0, 60_000_000_000], [60_000_000_000, 0]])
    with pytest.raises(CostsTooLarge) as refused:
        solve(cost, 1, seconds=1)
    assert refused.value.facts == {"sum": 120_000_000_000, "most": 100_000_000_000}


@FAST
@given(instances(), st.integers(10**4, 10**6), st.integers(0, 10**6))
def test_large_costs_that_differ_by_little_are_told_apart(
    instance: tuple[Ints, int], unit: int, seed: int
) -> None:
    cost, p = instance
    cost = cost * unit + np.random.default_rng(seed).integers(0, 3, cost.shape)

    answer = solve(cost, p, seconds=60)

    assert answer.cost == answer.bound == least(cost, p)
