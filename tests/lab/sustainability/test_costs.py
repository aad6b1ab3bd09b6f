"""What centres cost: assumed with its reason, or as stated; nothing is guessed."""

import numpy as np
import pytest
import yaml

from sanad.centres.files import read_network
from sanad.centres.stated import Stated
from sanad.lab.sustainability import costs as assumed
from sanad.lab.sustainability.costs import (
    FILE,
    LEVELS,
    LINES,
    CostsFileRefused,
    LevelUnknown,
    costs_of,
    read_defaults,
)
from tests.lab.sustainability.small import model


def test_every_default_is_marked_with_its_reason_in_both_languages():
    said = yaml.safe_load(FILE.read_text())["costs"]
    for code in LINES:
        assert said[code]["assumed"] is True
        assert len(said[code]["reason"]["ar"].split()) > 4, code
        assert len(said[code]["reason"]["en"].split()) > 4, code


def test_every_wilayat_has_a_rent_and_the_capital_s_is_the_dearest():
    found = read_defaults()
    rent = found.lines["rent"].baisa

    assert found.rent_group.keys() == {one.code for one in read_network().wilayats}
    assert [rent[group]["mid"] for group in ("capital", "large", "town", "small")] == [
        280_000, 180_000, 120_000, 80_000,
    ]  # fmt: skip


def test_low_is_below_high_for_every_centre():
    low, mid, high = (costs_of(model(), level=level).fixed for level in LEVELS)
    assert (low < mid).all() and (mid < high).all()


def test_the_owner_serves_and_everybody_else_is_paid():
    found = costs_of(model(servers=np.array([1, 2, 4])))
    assert found.wages.tolist() == [0, 360_000, 1_080_000]


def test_what_an_owner_states_stands_in_place_of_what_is_assumed():
    before = costs_of(model())
    after = costs_of(
        model(), stated={12: Stated(rent=1, reserve=500), 31: Stated(), 99: Stated(rent=2)}
    )

    assert after.rent.tolist() == [before.rent[0], 1, before.rent[2]]
    assert after.wages.tolist() == before.wages.tolist()
    assert after.stated.tolist() == [False, True, False]
    assert np.isnan(before.reserve).all()
    assert after.reserve[1] == 500 and np.isnan(after.reserve[[0, 2]]).all()


def test_another_level_is_refused():
    with pytest.raises(LevelUnknown):
        costs_of(model(), level="middling")


@pytest.mark.parametrize(
    "broken",
    [{"assumed": False}, {"low": 900}, {"reason": {"ar": "س"}}, {"mid": None}],
    ids=["not marked", "out of order", "one language", "no value"],
)
def test_a_file_that_hides_an_assumption_is_refused(broken, tmp_path):
    said = yaml.safe_load(FILE.read_text())
    said["costs"]["wages"] |= broken
    path = tmp_path / "costs.yaml"
    path.write_text(yaml.safe_dump(said, allow_unicode=True))

    with pytest.raises(CostsFileRefused):
        assumed.read_defaults(path)
