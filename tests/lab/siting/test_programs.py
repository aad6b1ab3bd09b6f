"""Coverage, shortest ways, catchments and capacity on small made-up places."""

from itertools import combinations, product
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sanad.lab.siting import capacity
from sanad.lab.siting.arrays import Floats
from sanad.lab.siting.capacity import Demand
from sanad.lab.siting.catchment import catchment
from sanad.lab.siting.coverage import maximal_covering
from sanad.lab.siting.nearer import shortest_ways
from sanad.lab.siting.places import EARTH_KM, Points, road_km
from sanad.lab.solver import program
from sanad.lab.solver.program import Program, Solved, SolverFailed

FAST = settings(max_examples=40, deadline=None)


@st.composite
def towns(draw: st.DrawFn) -> tuple[Floats, Floats, Floats, int]:
    """People of places, today's way of each, ways to sites, how many to open."""
    places, sites = draw(st.integers(1, 7)), draw(st.integers(1, 6))
    draws = np.random.default_rng(draw(st.integers(0, 10**6)))
    people = draws.integers(0, 100, places).astype(float)
    km = draws.integers(0, 30, (places, sites)).astype(float)
    return people, draws.integers(0, 40, places).astype(float), km, draw(st.integers(0, sites))


@FAST
@given(towns(), st.integers(0, 30))
def test_covering_is_the_best_of_all_choices(
    given_: tuple[Floats, Floats, Floats, int], within: int
) -> None:
    people, now, km, p = given_
    near, already = km <= within, now <= within

    found = maximal_covering(people, near, p, already=already, seconds=10)

    best = max(
        people[already | near[:, list(sites)].any(axis=1)].sum()
        for sites in combinations(range(km.shape[1]), p)
    )
    assert found.people == best
    assert found.people <= found.bound == pytest.approx(best)
    assert found.sites.size <= p


@FAST
@given(towns())
def test_more_sites_or_a_longer_reach_never_cover_less(
    given_: tuple[Floats, Floats, Floats, int],
) -> None:
    people, now, km, p = given_

    def covered(count: int, within: float) -> float:
        return maximal_covering(
            people, km <= within, count, already=now <= within, seconds=10
        ).people

    assert people[now <= 10].sum() <= covered(p, 10) <= covered(p + 1, 10) <= people.sum()
    assert covered(p, 10) <= covered(p, 15)


@FAST
@given(towns())
def test_ways_are_the_shortest_of_all_choices(
    given_: tuple[Floats, Floats, Floats, int],
) -> None:
    people, now, km, p = given_

    found = shortest_ways(people, now, km, p, seconds=10)

    best = min(
        people @ np.minimum(now, km[:, list(sites)].min(axis=1, initial=np.inf))
        for sites in combinations(range(km.shape[1]), p)
    )
    assert found.ways == pytest.approx(best)
    assert found.bound <= found.ways
    assert found.gap_percent < 1e-6
    assert found.sites.size <= p


@FAST
@given(towns(), st.integers(0, 40))
def test_the_supply_that_people_reach_is_shared_out_among_them(
    given_: tuple[Floats, Floats, Floats, int], within: int
) -> None:
    people, _, km, _ = given_
    supply = np.arange(1.0, km.shape[1] + 1)

    found = catchment(people, supply, km, within)

    reached = [
        supply[j] for j in range(km.shape[1]) if people[km[:, j] <= within].sum() > 0
    ]  # fmt: skip
    assert found.reached == sum(reached)
    assert people @ found.access == pytest.approx(found.reached)
    assert (found.access[(km > within).all(axis=1)] == 0).all()


def test_a_catchment_by_hand() -> None:
    """Two suppliers of 2 and 3; the middle place reaches both, at exactly the limit."""
    km = np.array([[1.0, 9.0], [5.0, 5.0], [9.0, 1.0], [9.0, 9.0]])

    found = catchment(np.array([100.0, 100.0, 50.0, 70.0]), np.array([2.0, 3.0]), km, 5.0)

    assert found.ratio == pytest.approx([2 / 200, 3 / 150])
    assert found.access == pytest.approx([0.01, 0.03, 0.02, 0])


def test_ways_by_road() -> None:
    here = Points(np.array([23.0, 23.0, 24.0]), np.array([58.0, 58.0, 58.0]))

    km = road_km(here, here, 1.0)

    assert km[0, 1] == 0
    assert km[0, 2] == pytest.approx(EARTH_KM * np.pi / 180)
    assert (km == km.T).all()
    assert road_km(here, here, 1.35)[0, 2] == pytest.approx(1.35 * km[0, 2])
    poles = road_km(Points(np.array([90.0]), np.array([0.0])), here, 1.0)
    assert poles[0, 0] == pytest.approx(EARTH_KM * np.radians(67))


@st.composite
def demands(draw: st.DrawFn, *, near: bool) -> Demand:
    size = draw(st.integers(1, 4))
    volume = draw(st.lists(st.integers(0, 400), min_size=size, max_size=size))
    centres = draw(st.lists(st.integers(0, 5), min_size=size, max_size=size))
    centres[0] = max(1, centres[0])
    volume[0] = max(1, volume[0])
    draws = np.random.default_rng(draw(st.integers(0, 10**6)))
    x = draws.integers(0, 60, size).astype(float)
    km = np.abs(x[:, None] - x)
    least = draw(st.integers(10, 60))
    return Demand(
        np.array(volume, float), np.array(centres), km, 20.0 if near else -1.0, float(least),
        float(least * draw(st.integers(2, 4))),
    )  # fmt: skip


def alone(demand: Demand, more: tuple[int, ...]) -> tuple[float, float, float] | None:
    """What is lost, over and met if nobody may go elsewhere; None if a new centre cannot live."""
    lost = over = met = 0.0
    for volume, has, new in zip(demand.volume, demand.centres, more, strict=True):
        n = has + new
        if new and volume < demand.least * n:
            return None
        if not n:
            lost += volume
        else:
            over += max(0.0, volume - demand.most * n)
            met += volume**2 / n
    return lost, over, met


@FAST
@given(demands(near=False), st.integers(0, 3))
def test_added_centres_are_the_best_of_all_where_nobody_travels(demand: Demand, count: int) -> None:
    found = capacity.add(demand, count, seconds=10)

    tried = (
        alone(demand, more)
        for more in product(range(count + 1), repeat=demand.volume.size)
        if sum(more) <= count
    )
    best = min((one for one in tried if one), key=lambda one: np.round(one, 3).tolist())
    got = alone(demand, tuple(found.count.tolist()))
    assert got is not None
    assert got == pytest.approx(best, rel=1e-4, abs=1e-3)
    assert found.bound <= found.met
    assert found.gap_percent < 1e-3


@FAST
@given(demands(near=True), st.integers(0, 4))
def test_customers_and_centres_are_conserved_and_every_new_centre_lives(
    demand: Demand, count: int
) -> None:
    found = capacity.add(demand, count, seconds=10)
    today = capacity.add(demand, 0, seconds=10)

    centres = demand.centres + found.count
    small = 1e-4 * demand.volume.sum()
    assert 0 <= found.count.sum() <= count
    assert found.load.sum() + found.unserved.sum() == pytest.approx(demand.volume.sum(), rel=1e-4)
    new = found.count > 0
    assert (found.load[new] >= demand.least * centres[new] - small).all()
    assert (found.load <= demand.most * centres + found.over + small).all()
    assert (found.load[centres == 0] <= small).all()
    assert found.unserved.sum() <= today.unserved.sum() + small
    assert found.bound <= found.met
    assert found.gap_percent < 1e-3


@FAST
@given(demands(near=False))
def test_surplus_by_hand_where_nobody_travels(demand: Demand) -> None:
    today = capacity.add(demand, 0, seconds=10)

    found = capacity.surplus(demand, today, seconds=10)

    live = np.floor(demand.volume / demand.least + 1e-9).astype(int)
    kept = np.minimum(demand.centres, np.maximum(1, live))
    assert found.count.tolist() == (demand.centres - kept).tolist()
    assert found.gap_percent == 0


@FAST
@given(demands(near=True))
def test_who_travels_can_only_keep_more_centres(demand: Demand) -> None:
    stays = Demand(
        demand.volume, demand.centres, demand.km, -1.0, demand.least, demand.most
    )  # fmt: skip

    def surplus(of: Demand) -> capacity.Surplus:
        return capacity.surplus(of, capacity.add(of, 0, seconds=10), seconds=10)

    found = surplus(demand)
    kept = demand.centres - found.count

    assert (kept >= np.minimum(demand.centres, 1)).all()
    small = 1e-4 * demand.volume.sum()
    lives = (kept == 0) | (found.is_last == 1) | (found.load >= demand.least * kept - small)
    assert lives.all()
    if (demand.centres > 0).all():
        assert found.count.sum() <= surplus(stays).count.sum()


def _small() -> Program:
    made = Program()
    x = made.add(2, cost=np.array([1.0, 2.0]), high=5.0, whole=True)
    made.put(made.rule(1, low=3.0, high=np.inf), x, 1.0)
    return made


def test_a_small_program() -> None:
    solved = _small().solve(seconds=5)
    assert solved.values is not None
    assert (solved.values.tolist(), solved.value, solved.bound) == ([3.0, 0.0], 3.0, 3.0)


def test_rules_that_nothing_can_hold_have_no_values_and_an_infinite_bound() -> None:
    made = _small()
    made.put(made.rule(1, low=-np.inf, high=2.0), np.array([0, 1]), 1.0)
    assert made.solve(seconds=5) == Solved(None, np.inf, np.inf)


def test_what_has_no_least_value_is_refused() -> None:
    made = Program()
    made.put(made.rule(1, low=0.0, high=np.inf), made.add(1, cost=-1.0), 1.0)
    with pytest.raises(SolverFailed) as refused:
        made.solve(seconds=5)
    assert refused.value.facts["status"]


def test_a_value_that_is_not_that_of_its_variables_is_not_believed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked = []
    true = Program._run

    def run(self: Program, seconds: float, gap: float, *, presolve: str) -> Solved:
        asked.append(presolve)
        solved = true(self, seconds, gap, presolve=presolve)
        wrong = presolve != "off" or len(asked) > 2
        return Solved(solved.values, solved.value - wrong, solved.bound - wrong)

    monkeypatch.setattr(Program, "_run", run)
    assert _small().solve(seconds=5).value == 3.0
    assert asked == ["choose", "off"]
    with pytest.raises(SolverFailed) as refused:
        _small().solve(seconds=5)
    facts: dict[str, Any] = {"status": program.MISCOUNTED}
    assert refused.value.facts == facts
