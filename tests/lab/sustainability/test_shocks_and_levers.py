"""Withdrawals and levers: laws, hand-worked cases, and what is refused."""

import json

import numpy as np
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as of

from sanad.cli import cli
from sanad.lab.sustainability import levers, network, shocks
from sanad.lab.sustainability.costs import LEVELS
from sanad.lab.sustainability.income import expected
from sanad.lab.sustainability.measures import CODES, judged
from sanad.lab.sustainability.shocks import TooManyServices
from sanad.lab.twin.network.where import NoSuchService
from tests.lab.sustainability.small import KIND, costs, income, model

REQUESTS = of.arrays(np.int64, (3, 4), elements=st.integers(0, 5_000))


@given(REQUESTS, st.integers(0, 3_000_000))
def test_what_is_lost_and_what_stays_are_the_income(requests, rent):
    found, paid = income(requests), costs(rent=[rent] * 3, each=[50] * 3)
    gone = shocks.of_entity(found, 3)
    loss = shocks.withdrawn(found, paid, gone)
    before, after = judged(found, paid), judged(
        income(np.where(gone, 0, requests)), paid
    )  # fmt: skip

    assert np.allclose(before.income - loss.lost, after.income)
    assert np.allclose(loss.margin, after.margin)
    assert (loss.falls == (before.cannot_pay < after.cannot_pay)).all()


def test_the_largest_entity_s_leaving_is_the_withdrawal_of_it():
    found, paid = income([[100, 0, 50, 0]] * 3), costs(rent=[90_000] * 3)
    held = judged(found, paid)
    largest = found.model.entities[int(held.largest_entity[0])]
    loss = shocks.withdrawn(found, paid, shocks.of_entity(found, largest))

    assert loss.margin[0] == held.margin_without[0]


def test_the_ten_that_bring_most_are_at_most_ten_and_exist():
    found = income([[1, 9, 2, 0]] * 3)
    assert shocks.ten_largest(found) == ["a2", "b1", "a1", "b2"]


def test_what_is_not_there_is_refused():
    found = income([[1, 1, 1, 1]] * 3)
    with pytest.raises(NoSuchService):
        shocks.of_entity(found, 77)
    with pytest.raises(NoSuchService):
        shocks.of_services(found, ["a1", "zz"])
    for count in (0, 11):
        with pytest.raises(TooManyServices):
            shocks.of_services(found, ["a1"] * count)


def test_levers_are_ranked_and_beat_only_what_lies_below_their_band():
    here = expected(model(), KIND)
    paid = {level: costs(rent=[50_000] * 3, each=[100] * 3) for level in LEVELS}
    found = levers.ranked(here, paid)
    by_code = {one.code: one for one in found}

    assert {one.code for one in found} == levers.LEVERS.keys()
    assert [one.baisa[1] for one in found] == sorted((o.baisa[1] for o in found), reverse=True)
    for one in found:
        assert one.low <= one.baisa[1] <= one.high
        assert all(one.low > by_code[other].high for other in one.unlike)


def test_merging_by_hand():
    """The village's two become one: the smaller place's rent goes, one owner is paid instead."""
    here = levers.Basis(
        expected(model(), KIND), costs(rent=[90_000, 50_000, 10_000], living=[400_000] * 3), "mid"
    )
    keeps, goes = levers.pairs_of(here.model)
    margin, living = levers.LEVERS["merging"].of(here, 100.0)
    gained = margin.sum() - living.sum() - (here.margin.sum() - 3 * 400_000)

    assert (keeps.tolist(), goes.tolist()) == ([0], [1])
    assert gained == pytest.approx(50_000 + 400_000 - 360_000)


def test_a_charge_a_tenth_higher_that_nobody_answers_brings_a_tenth_of_the_list_s_income():
    here = levers.Basis(expected(model(), KIND), costs(), "mid")
    margin, _ = levers.LEVERS["fee_lines"].of(here, 0.0)
    listed = here.income.baisa[:, KIND == 0].sum()

    assert margin.sum() - here.margin.sum() == pytest.approx(listed / 10)


def test_the_document_s_numbers_agree_with_each_other():
    found = network.assess("announced", "labour_withdrawn", lives=1)
    said = network.document(found)

    assert said["centres"] == 923 and said["cannot_live"] <= said["at_risk"] <= 923
    assert said["by_reason"].keys() == set(CODES)
    assert said["by_reason"]["below_costs"]["count"] == said["cannot_pay_costs"]
    assert abs(sum(said["income_by_kind"].values()) - said["income_baisa"]) <= 3
    assert abs(sum(one["baisa"] for one in said["income_by_entity"]) - said["income_baisa"]) <= 31
    low, mid, high = (said["cannot_live_by_costs"][level] for level in LEVELS)
    assert low <= mid == said["cannot_live"] <= high
    assert {one["entity"]: one["baisa"] for one in said["income_by_entity"]}[3] == 0


def test_the_command_prints_one_stable_document():
    told = ["sustainability", "--calibration", "announced", "--scenario", "labour_withdrawn",
            "--lives", "1", "--json"]  # fmt: skip
    first, second = (json.loads(CliRunner().invoke(cli, told).stdout) for _ in range(2))
    first.pop("seconds"), second.pop("seconds")

    assert first == second
    for key in ("centres", "at_risk", "by_reason", "income_by_kind", "income_by_entity", "levers",
                "forecast", "seed"):  # fmt: skip
        assert key in first
    assert 80 <= first["forecast"]["hidden_years"]["coverage_percent"] <= 97


def test_a_person_reads_it_in_both_languages():
    told = CliRunner().invoke(cli, ["sustainability", "--lives", "1"]).stdout
    assert "تكاليف مفترضة" in told and "assumed costs" in told
