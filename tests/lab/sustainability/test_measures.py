"""Break-even, margin, runway, dependence and risk: by hand, and as laws."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as of

from sanad.lab.sustainability.measures import (
    BELOW_COSTS,
    BELOW_LIVING,
    FALLING,
    ONE_ENTITY,
    SHORT_RESERVE,
    herfindahl,
    judged,
    runway_of,
)
from tests.lab.sustainability.small import costs, income

# Charges by service: 1.000, 2.000, 3.000 and 0.500 rials.
REQUESTS = of.arrays(np.int64, (3, 4), elements=st.integers(0, 5_000))
AMOUNTS = of.arrays(np.int64, 3, elements=st.integers(0, 2_000_000))


def test_a_centre_by_hand():
    """100 requests at 1.000 and 50 at 3.000: 250.000 rials; costs 130.000 and 0.100 each."""
    found = judged(
        income([[100, 0, 50, 0]] * 3),
        costs(rent=[100_000] * 3, utilities=[30_000] * 3, each=[100] * 3, living=[100_000] * 3,
              reserve=[np.nan, 60_000.0, 9_000.0]),
    )  # fmt: skip

    assert found.income[0] == 250_000
    assert found.margin[0] == 250_000 - 150 * 100 - 130_000 == 105_000
    assert found.contribution[0] * 150 == 250_000 - 15_000
    assert found.break_even[0] == 130_000 / (235_000 / 150)
    assert found.largest_entity[0] == 1 and found.largest_entity_share[0] == 0.6
    assert found.largest_service[0] == 2 and found.largest_service_share[0] == 0.6
    assert np.isclose(found.herfindahl[0], 0.36 + 0.16)
    assert found.margin_without[0] == 105_000 - 150_000 + 50 * 100
    assert found.portal_margin[0] == 100_000 - 100 * 100 - 130_000
    assert np.isnan(found.runway[0]) and np.isinf(found.runway[1])
    assert found.reasons(0) == [ONE_ENTITY] and found.verdict(0) == "at_risk"


def test_each_rule_fires_for_its_own_reason_alone():
    served = income([[100, 0, 0, 0]] * 3)  # 100.000
    below = judged(served, costs(rent=[101_000] * 3))
    living = judged(served, costs(rent=[0] * 3, living=[100_001] * 3))
    later = judged(served, costs(rent=[95_000] * 3), factor=np.full(3, 0.9))
    short = judged(served, costs(living=[200_000] * 3, reserve=[1e5, 6e5, np.nan]))

    assert below.reasons(0) == [BELOW_COSTS] and below.verdict(0) == "cannot_pay"
    assert living.reasons(0) == [BELOW_LIVING]
    assert FALLING in later.reasons(0) and ONE_ENTITY in later.reasons(0)
    assert SHORT_RESERVE in short.reasons(0)
    assert SHORT_RESERVE not in short.reasons(1) and SHORT_RESERVE not in short.reasons(2)
    assert short.runway[0] == 1 and short.runway[1] == 6


def test_without_income_nothing_is_invented():
    found = judged(income(np.zeros((3, 4), dtype=int)), costs(rent=[1] * 3))

    assert np.isnan(found.break_even).all() and np.isnan(found.largest_entity_share).all()
    assert np.isnan(found.herfindahl).all() and found.cannot_pay.all()


@given(REQUESTS, AMOUNTS, st.integers(0, 400))
def test_at_break_even_the_margin_is_nought(requests, rent, each):
    found = judged(income(requests), costs(rent=rent, each=[each] * 3))
    known = ~np.isnan(found.break_even)
    margin = found.break_even * found.contribution - found.fixed

    assert np.allclose(margin[known], 0, atol=1e-3)
    # Below it a centre loses, above it does not.
    enough = found.transactions[known] >= found.break_even[known] * (1 + 1e-12)
    assert (found.margin[known][enough] >= -1e-3).all()


@given(REQUESTS, AMOUNTS)
def test_dearer_costs_help_nobody(requests, rent):
    cheap, dear = (judged(income(requests), costs(rent=rent + more)) for more in (0, 10_000))

    assert (dear.margin == cheap.margin - 10_000).all()
    assert (cheap.cannot_live <= dear.cannot_live).all()
    assert (cheap.cannot_live_on_portal <= dear.cannot_live_on_portal).all()


@given(of.arrays(np.float64, (3, 5), elements=st.floats(0, 1e6)))
def test_the_index_lies_between_even_and_all_of_one(amounts):
    found = herfindahl(amounts)
    known = ~np.isnan(found)

    assert (found[known] >= 1 / 5 - 1e-9).all() and (found[known] <= 1 + 1e-9).all()
    assert herfindahl(np.eye(3)).tolist() == [1, 1, 1]


@given(st.floats(1, 1e6), st.floats(1, 1e6))
def test_a_reserve_twice_as_large_lasts_twice_as_long(reserve, drawn):
    one, two = runway_of(np.array([reserve, 2 * reserve]), np.array([drawn, drawn]))
    assert np.isclose(two, 2 * one)
