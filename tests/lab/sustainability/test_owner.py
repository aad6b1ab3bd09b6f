"""One centre's future: break-even, runway and what if, from its own month."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanad.centres.stated import Stated
from sanad.lab.sustainability import owner
from sanad.lab.sustainability.costs import LINES
from sanad.lab.sustainability.owner import Change, Month, changed, costs_with, dependence

COSTS = {"rent": 100_000, "wages": 360_000, "utilities": 0, "licence": 0, "connection": 0,
         "each": 100, "living": 400_000}  # fmt: skip
NOW = Month(
    listed_baisa=600_000.0, own_baisa=200_000.0, charges=200.0, people=2, open_minutes=480.0,
    open_days=26.0, costs=COSTS, reserve=None,
)  # fmt: skip


def test_a_month_by_hand():
    assert NOW.income == 800_000 and NOW.fixed == 460_000
    assert NOW.contribution == 3_900
    assert NOW.margin == 800_000 - 20_000 - 460_000 == 320_000
    assert NOW.break_even == 460_000 / 3_900
    assert NOW.left == -80_000


def test_a_reserve_that_nobody_stated_stays_unknown():
    assert NOW.runway_months is None
    assert replace(NOW, reserve=800_000).runway_months == 10
    rich = replace(NOW, listed_baisa=2_000_000.0, reserve=1)
    assert rich.runway_months == float("inf")


def test_without_charges_there_is_no_break_even():
    assert replace(NOW, charges=0.0).break_even is None
    assert replace(NOW, costs=COSTS | {"each": 4_000}).break_even is None


def test_no_change_changes_nothing():
    assert changed(NOW, Change()).margin == pytest.approx(NOW.margin)
    assert Change().is_none and not Change(people=1).is_none


def test_a_person_more_costs_a_wage_and_brings_nobody():
    then = changed(NOW, Change(people=1))
    assert then.income == NOW.income and then.fixed == NOW.fixed + 360_000
    alone = replace(NOW, people=1, costs=COSTS | {"wages": 0})
    assert changed(alone, Change(people=1)).costs["wages"] == 360_000


def test_private_services_are_sold_on_open_days_at_the_mean_charge():
    then = changed(NOW, Change(private_a_day=2))
    assert then.charges == 252 and then.income == NOW.income + 52 * 4_000


def test_an_hour_more_brings_visits_and_wages_for_it():
    then = changed(NOW, Change(minutes_later=60))
    assert then.income == pytest.approx(NOW.income * 1.02)
    assert then.costs["wages"] == 360_000 * 540 / 480


@given(st.integers(-100, 100))
def test_own_prices_never_touch_the_official_list(percent):
    then = changed(NOW, Change(price_percent=percent))
    assert then.listed_baisa == NOW.listed_baisa
    assert (then.own_baisa >= NOW.own_baisa) == (percent >= 0)
    assert (then.charges <= NOW.charges) == (percent >= 0)


def test_what_it_hangs_on():
    found = dependence(NOW, [("a", 1, 500_000, 100), ("b", 1, 100_000, 50), ("c", 2, 200_000, 50)])

    assert found is not None
    assert (found.entity, found.entity_share) == (1, 0.75)
    assert (found.service, found.service_share) == ("a", 0.625)
    assert found.herfindahl == pytest.approx(0.75**2 + 0.25**2)
    assert found.margin_without == NOW.margin - 600_000 + 150 * 100
    assert dependence(NOW, []) is None


def test_stated_costs_go_before_assumed_ones():
    found = costs_with(Stated(rent=7, reserve=9), wilayat=19, people=3)
    assert found["rent"] == 7 and found["wages"] == 720_000
    assert found.keys() == set(LINES)


def test_a_month_of_days():
    assert owner.per_month(92_000, 92) == pytest.approx(1000 * 365.25 / 12)
    assert owner.per_month(5, 0) == 0
