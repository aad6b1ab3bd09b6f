"""Opening hours: advice only where the band says so, and never below the least hours."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sanad.lab.calibration import calibrated
from sanad.lab.staffing import erlang
from sanad.lab.staffing.assumed import Costs, costs
from sanad.lab.staffing.demand import alone, demand_of
from sanad.lab.staffing.hours import Hours, Verdict, hours_advice, income_of_visit
from sanad.lab.staffing.target import usual_target
from sanad.lab.twin.network.model import Model
from tests.lab.twin.network.small import small_model

FREE = replace(costs(), person_hour_baisa=0, doors_hour_baisa=0)


def advice(model: Model, given_costs: Costs | None = None) -> Hours:
    demand = demand_of(model)
    people = erlang.needed(demand, usual_target())[0]
    return hours_advice(model, demand, people, given_costs or costs())


def small(**changes: Any) -> Model:
    return alone(small_model(**changes), 31)


def test_what_costs_nothing_is_never_closed() -> None:
    found = advice(small(), FREE)
    assert found.close == ()
    assert all(one.verdict is not Verdict.LOSS for one in found.add)


def test_what_nobody_comes_to_is_closed_down_to_the_least_hours() -> None:
    empty = small(visits=np.full(3, 1e-6))
    for least in (0.0, 12.0, 30.0):
        found = advice(empty, replace(costs(), open_hours_least=least))
        left = found.open_a_week - sum((one.until - one.since) / 2 for one in found.close)
        assert left >= least
        assert left == least or not found.stays
        assert found.kept_by_least == (left == least > 0)


@settings(max_examples=20)
@given(st.floats(1.0, 4.0), st.integers(500, 6000))
def test_more_visits_never_close_more_and_a_dearer_hour_never_fewer(more: float, dear: int) -> None:
    model = small()
    usual = replace(costs(), person_hour_baisa=dear)
    few, many = (
        len(
            advice(replace(model, visits=model.visits * factor, servers=np.array([9])), usual).close
        )
        for factor in (1.0, more)
    )
    dearer = len(advice(model, replace(usual, person_hour_baisa=2 * dear)).close)
    assert many <= few <= dearer


def test_advice_carries_its_band_and_the_band_both_assumptions() -> None:
    found = advice(alone(calibrated("announced"), 1))
    for one in (*found.close, *found.stays, *found.add):
        assert one.gain_low <= one.gain_high
    assert all(one.verdict is Verdict.GAIN for one in found.close)
    assert all(one.verdict is not Verdict.GAIN for one in found.stays)
    sure = replace(costs(), lost=(0.5, 0.5), new=(0.3, 0.3))
    narrower = advice(alone(calibrated("announced"), 1), sure)
    for wide, narrow in zip(found.add, narrower.add, strict=True):
        assert wide.gain_low <= narrow.gain_low
        assert narrow.gain_high <= wide.gain_high


def test_the_income_of_a_visit_is_its_requests_and_their_charge() -> None:
    model = alone(small_model(questions=0.0, sizes=np.array([1, 3]), size_share=np.ones(2)), 11)
    mean, square = income_of_visit(model)
    fee = np.array([1000, 2000, 3000, 500])
    share = np.array([0.4, 0.3, 0.2, 0.1])

    assert mean == pytest.approx(2 * share @ fee)
    assert square == pytest.approx(5 * share @ fee**2)
    assert income_of_visit(replace(model, share=np.zeros(4))) == (0.0, 0.0)


def test_an_hour_of_which_nothing_is_known_is_not_taken_as_empty() -> None:
    of_hour = np.ones(48)
    of_hour[26:28] = 0.0  # the last of the small network's hours
    found = advice(small(of_hour=of_hour), FREE)
    last = [one for one in found.stays if (one.since, one.until) == (26, 28)]

    assert last
    beside = demand_of(small(of_hour=of_hour)).visits[0]
    assert all(
        one.visits == pytest.approx(2 * costs().edge * beside[one.weekday, 25]) for one in last
    )
