"""People needed by formula: against the closed forms, by laws, and against the twin."""

import math
from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sanad.lab.calibration import calibrated
from sanad.lab.staffing import erlang, lived
from sanad.lab.staffing.applies import Method, Why, method_of
from sanad.lab.staffing.demand import CentreUnknown, alone, clock, demand_of, with_hours
from sanad.lab.staffing.needs import TooBusy, needs_of
from sanad.lab.staffing.network import State, staffed
from sanad.lab.staffing.roster import fewest_people
from sanad.lab.staffing.rules import usual_rules
from sanad.lab.staffing.target import Target, TargetOutOfRange, usual_target
from sanad.lab.staffing.work import Work, work_of
from sanad.lab.twin.engine.closed_forms import erlang_a, m_m_c
from sanad.lab.twin.network.model import Model
from sanad.lab.twin.network.sessions import Known, expected_visits, plan_of
from sanad.lab.twin.network.visits import mix_of, visits_of
from tests.lab.twin.network.small import small_model

SHARE = Target(minutes=10, share_percent=80)
MEAN = Target(minutes=5, share_percent=None)
minutes = st.floats(1, 60)
services = st.floats(60, 3000)
rates = st.floats(1e-5, 0.02)


@cache
def announced() -> Model:
    return calibrated("announced")


def test_every_expected_visit_falls_into_a_half_hour_of_the_period() -> None:
    for model in (announced(), small_model(of_season=np.linspace(0.5, 1.5, 28))):
        demand = demand_of(model)
        of_period = (demand.visits.sum(axis=2) * demand.days).sum(axis=1)
        assert of_period == pytest.approx(expected_visits(model))
        assert not demand.visits[~demand.is_open].any()


def test_the_moments_of_a_visit_are_those_of_the_twin_s_draws() -> None:
    model = small_model(in_hall=0.5, visits=np.array([40_000.0, 9_000.0, 9_000.0]), patience=900.0)
    plan = plan_of(Known(model))
    drawn = visits_of(model, plan, mix_of(model), 1, 0, len(plan.centre)).customers.service
    work = work_of(model)

    assert work.mean == pytest.approx(drawn.mean(), rel=0.01)
    assert work.variation == pytest.approx(drawn.var() / drawn.mean() ** 2, rel=0.05)


def test_without_spread_a_visit_takes_its_time() -> None:
    one = small_model(
        seconds_sigma=0.0, questions=0.0, sizes=np.array([1]), size_share=np.array([1.0]),
        seconds=np.array([500.0] * 4),
    )  # fmt: skip
    assert work_of(one) == Work(540.0, 0.0, 0.0)


@given(services, rates, st.integers(1, 8), minutes)
def test_erlang_c_is_the_closed_form(service: float, rate: float, people: int, at: float) -> None:
    share, mean = erlang.waiting(Work(service, 1.0, 0.0), people, rate, 60 * at)
    if rate * service >= people:
        assert (share, mean) == (0.0, math.inf)
    else:
        wait = m_m_c(arrivals=rate, service=service, servers=people)
        assert (share, mean) == (1 - wait.beyond(60 * at), wait.mean)


@settings(max_examples=30)
@given(services, rates, st.integers(1, 6), st.floats(30, 20_000))
def test_erlang_a_has_the_mean_of_its_chain(
    service: float, rate: float, people: int, patience: float
) -> None:
    share, mean = erlang.waiting(Work(service, 1.0, patience), people, rate, 600.0)
    chain = erlang_a(arrivals=rate, service=service, servers=people, patience=patience)

    assert mean == pytest.approx(chain.mean, rel=0.01, abs=0.05)
    assert share <= 1 - chain.leaves + 1e-3
    assert share >= 1 - chain.waits - 1e-3


@settings(max_examples=15)
@given(services, st.sampled_from([0.0, 600.0, 5000.0]), minutes, st.integers(20, 95))
def test_more_people_serve_more_and_more_arrivals_never_need_fewer(
    service: float, patience: float, at: float, share: int
) -> None:
    work, target = Work(service, 1.0, patience), Target(minutes=at, share_percent=share)
    highest = erlang.highest_rates(work, target)

    assert (np.diff(highest) > 0).all()
    for people, rate in enumerate(highest[:5], start=1):
        assert erlang.meets(work, target, people, rate * 0.999)
        full = rate * service == pytest.approx(people)  # above a load of one nobody is staffed
        assert full or not erlang.meets(work, target, people, rate * 1.001)


@settings(max_examples=30)
@given(st.floats(0.2, 3.0), st.floats(1.0, 2.0), st.sampled_from([SHARE, MEAN]))
def test_a_busier_or_stricter_network_never_needs_fewer(
    factor: float, more: float, target: Target
) -> None:
    model = small_model()
    some = demand_of(replace(model, visits=model.visits * factor))
    many = demand_of(replace(model, visits=model.visits * factor * more))
    strict = replace(target, minutes=target.minutes / more)
    needed = erlang.needed(some, target)

    assert (erlang.needed(many, target) >= needed).all()
    assert (erlang.needed(some, strict) >= needed).all()
    assert (needed[some.is_open] >= 1).all()
    assert not needed[~some.is_open].any()


def test_long_service_is_staffed_for_who_came_before_too() -> None:
    demand = demand_of(small_model(seconds=np.array([1500.0] * 4)))
    rate = erlang.staffed_rate(demand)

    assert (rate >= demand.rate).all()
    assert rate[0, 0, 27] >= demand.rate[0, 0, 26] * 0.9  # the last half hour has what is left
    one = np.zeros((1, 7, 48))
    one[0, 0, 20] = 1.0
    assert erlang.lagged(one, 2700.0)[0, 0, 21:23].tolist() == [0.5, 0.5]
    assert erlang.lagged(one, 0.0).tolist() == one.tolist()


def test_what_erlang_staffs_meets_the_target_in_the_twin() -> None:
    """Random centres of the network, and the busiest: the share of all who come, and each hour."""
    model = announced()
    needed = erlang.needed(demand_of(model), SHARE)
    draws = np.random.default_rng(7)
    for k in [*draws.choice(len(model.centre), 12, replace=False), int(np.argmax(model.visits))]:
        copies = lived.copies_of(Known(alone(model, int(model.centre[k]))), replications=40, seed=3)
        answer = copies.live(needed[k], SHARE)
        missed = ~answer.meets(SHARE)
        assert answer.share >= 0.8
        assert answer.came[:, missed].sum() <= 0.05 * answer.came.sum()


def test_too_few_miss_the_target_in_the_twin() -> None:
    """One fewer may still do where a peak is short; two fewer do not."""
    model = announced()
    one = alone(model, int(model.centre[np.argmax(model.visits)]))
    needed = erlang.needed(demand_of(one), SHARE)[0]
    copies = lived.copies_of(Known(one), replications=20, seed=3)
    busy = needed == needed.max()
    shares = []
    for fewer in range(3):
        answer = copies.live(needed - fewer * busy, SHARE)
        shares.append(answer.within[:, busy].sum() / answer.came[:, busy].sum())

    assert shares == sorted(shares, reverse=True)
    assert shares[2] < 0.8 < shares[0]


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"booked": 0.3, "missed": 0.1}, Why.APPOINTMENTS), ({"break_seconds": 900.0}, Why.AWAY),
        ({"outage_pace": 0.5}, Why.OUTAGES), ({"lead_seconds": 1700.0}, Why.LONG),
        ({"seconds_sigma": 1.4}, Why.VARIED), ({"day_spread": 0.5}, Why.UNEVEN),
    ],
)  # fmt: skip
def test_where_erlang_does_not_hold_the_twin_is_asked(changes: dict[str, float], why: Why) -> None:
    model = replace(announced(), **changes)
    assert method_of(model, work_of(model)) == (Method.TWIN, why)
    one = alone(model, 134)
    found = needs_of(one, SHARE, seed=5)

    assert (found.method, found.why) == (Method.TWIN, why)
    assert not found.missed.any()
    assert found.lived.share >= 0.8
    assert (found.people > 0).tolist() == found.demand.is_open[0].tolist()


def test_erlang_is_used_where_it_holds() -> None:
    model = announced()
    assert method_of(model, work_of(model)) == (Method.ERLANG_C, Why.HOLDS)
    assert method_of(model, replace(work_of(model), patience=1800.0))[0] is Method.ERLANG_A


def test_what_cannot_be_aimed_at_or_is_not_known_is_refused() -> None:
    for share, at in ((0.0, 10.0), (100.0, 10.0), (80.0, 0.0), (None, 1000.0)):
        with pytest.raises(TargetOutOfRange):
            Target(minutes=at, share_percent=share)
    with pytest.raises(CentreUnknown):
        alone(announced(), 4000)
    with pytest.raises(TooBusy) as refused:
        needs_of(alone(small_model(visits=np.full(3, 90_000.0), patience=600.0), 11), SHARE)
    assert refused.value.facts["centre"] == 11
    assert usual_target() == SHARE


def test_hours_of_its_own_keep_who_comes() -> None:
    one = alone(announced(), 134)
    spans = np.full((7, 1, 2), -1, dtype=np.int64)
    spans[:3, 0] = 9 * 3600, 13 * 3600
    changed = demand_of(with_hours(one, spans))

    assert (changed.visits[0].sum(axis=1) * changed.days).sum() == pytest.approx(
        expected_visits(one)[0]
    )
    assert changed.is_open[0].sum() == 3 * 8
    assert clock(15) == "07:30"


def test_the_network_is_told_apart() -> None:
    found = staffed(announced(), SHARE, usual_rules())
    states = found.states

    assert len(states) == 923
    for k, state in enumerate(states):
        there = found.demand.servers[k]
        assert (state is State.TOO_FEW) == (found.peak[k] > there)
        assert found.fewest[k] >= found.peak[k]
        if state is State.TOO_MANY:
            assert found.fewest[k] < there
    assert found.hours == pytest.approx(found.people.sum(axis=(1, 2)) / 2)
    for k in range(0, 923, 40):
        assert found.fewest[k] == fewest_people(found.people[k], usual_rules())
