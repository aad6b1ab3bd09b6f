"""The advice on the project's own network."""

from functools import cache
from typing import Any

import numpy as np
import pytest

from sanad.centres.demonstration import demonstration_network
from sanad.centres.files import read_network
from sanad.lab.siting import places as placing
from sanad.lab.siting.advice import Advice, advise
from sanad.lab.siting.assumed import Assumed
from sanad.lab.siting.places import NobodyToServe, Places


@cache
def places() -> Places:
    return placing.places(read_network(), demonstration_network(2025, "announced"))


@cache
def advice(add: int = 10, within_km: float = 20.0) -> Advice:
    return Advice(places(), Assumed(), add, within_km)


@cache
def document(add: int = 10, within_km: float = 20.0) -> dict[str, Any]:
    return advise(add=add, within_km=within_km)


def test_people_centres_and_transactions_are_those_of_the_open_data() -> None:
    data, there = read_network(), places()
    of_year = sum(row.transactions for row in data.series if row.year == there.year)

    assert there.centres.tolist() == [one.centres for one in data.wilayats]
    assert there.people.sum() == sum(one.people for one in data.wilayats)
    assert there.volume.sum() == pytest.approx(of_year)
    by_wilayat = np.bincount(there.of, there.village_people, len(there.wilayats))
    assert by_wilayat == pytest.approx(there.people)
    for governorate in data.governorates:
        inside = [k for k, one in enumerate(there.wilayats)
                  if one.governorate_code == governorate.code]  # fmt: skip
        assert there.centres[inside].sum() == governorate.centres
    assert (document()["centres"], len(there.wilayats)) == (923, 63)


def test_the_advice_is_proven_and_every_added_centre_can_live() -> None:
    found, of = document(), advice()

    assert found["proven"]
    assert found["gap_percent"] <= 1e-3
    assert sum(one["count"] for one in found["recommended"]) == found["placed"] <= 10
    assert found["placed"] > 0
    for k in np.flatnonzero(of.added.count):
        centres = of.places.centres[k] + of.added.count[k]
        assert of.added.load[k] / centres >= of.demand.least * (1 - 1e-6)
    assert found["beyond_reach"]["then"] < found["beyond_reach"]["now"]


def test_what_is_too_many_is_below_what_a_centre_lives_on() -> None:
    of = advice()

    assert document()["surplus"] == of.surplus.count.sum() > 0
    for k in np.flatnonzero(of.surplus.count):
        assert of.surplus.count[k] < of.places.centres[k]
    assert not (of.surplus.count * of.added.count).any()  # nowhere both


def test_supply_is_conserved_in_the_catchments() -> None:
    of = advice()

    assert of.catchment.reached == 923
    assert of.places.village_people @ of.catchment.access == pytest.approx(923)
    access = {one["code"]: one["centres_for_10000_people"] for one in document()["catchment"]}
    people = {one.code: one.people for one in of.places.wilayats}
    total = sum(access[code] * people[code] / 10_000 for code in people)
    assert total == pytest.approx(923, rel=1e-3)


def test_a_longer_reach_leaves_fewer_without_and_fewer_too_many() -> None:
    near, far = document(within_km=10.0), document(within_km=40.0)

    assert near["reach"]["covered_percent"] <= far["reach"]["covered_percent"]
    assert sum(o["count"] for o in near["without"]) >= sum(o["count"] for o in far["without"])
    assert near["surplus"] >= far["surplus"]


def test_nothing_added_changes_nothing() -> None:
    found = document(add=0)

    assert (found["placed"], found["recommended"]) == (0, [])
    assert found["load_met"]["now"] == found["load_met"]["then"]
    assert found["reach"]["covered_percent"] == found["reach"]["covered_percent_most"]
    assert found["reach"]["mean_km"] == found["reach"]["mean_km_least"]


def test_more_added_serve_more() -> None:
    few, many = document(), document(add=40)

    assert many["beyond_capacity"]["then"] <= few["beyond_capacity"]["then"]
    assert few["reach"]["mean_km_least"] >= many["reach"]["mean_km_least"]
    assert few["reach"]["covered_percent_most"] <= many["reach"]["covered_percent_most"]


@pytest.mark.parametrize("key", ["recommended", "too_many", "without"])
def test_every_advice_has_a_name_and_a_reason_in_both_languages(key: str) -> None:
    assert document()[key]
    for one in document()[key]:
        for text in (one["wilayat"], one["reason"]):
            assert text["ar"].strip()
            assert text["en"].strip()
            assert "nan" not in text["en"]


def test_it_is_the_same_every_time() -> None:
    assert document() == advise(add=10, within_km=20.0)


def test_a_network_that_nobody_uses_is_refused() -> None:
    network = demonstration_network(2025, "announced")
    data = read_network()
    without = type(data)(**(vars(data) | {"series": ()}))
    with pytest.raises(NobodyToServe) as refused:
        placing.places(without, network)
    assert refused.value.facts == {"year": 0}
