"""Scenarios side by side: the same seeds, honest bands, and the same result wherever it is run."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sanad.lab.calibration import calibrated
from sanad.lab.twin.network.compare import (
    ReplicationsOutOfRange,
    Stopped,
    TooManyScenarios,
    band,
    compare,
    digest_of,
    replicated,
)
from sanad.lab.twin.network.scenarios import Scenario, lever_of, scenario
from sanad.lab.twin.network.spread import ClusterUnknown
from sanad.lib.bilingual import Text
from sanad.oversight.kpis import KPIS, DayRow, DayTable, Network
from tests.lab.twin.network.small import small_model

NAME = Text("تجربة", "Trial")
MORE = Scenario("more", NAME, (lever_of({"lever": "staff_added"}),))
SAME = Scenario("same", NAME, ())
BOTH = Scenario(
    "both", NAME, (lever_of({"lever": "staff_added"}), lever_of({"lever": "growth", "percent": 20}))
)


def test_one_more_at_each_counter_is_told_apart_and_nothing_is_not():
    found = compare(small_model(), [MORE, SAME], seed=3, replications=12)
    more, same = found["scenarios"]

    assert more["difference"]["wait_mean_minutes"]["distinguishable"]
    assert more["difference"]["wait_mean_minutes"]["high"] < 0
    assert not more["difference"]["transactions"]["distinguishable"]
    assert {one["mean"] for one in same["difference"].values()} == {0.0}
    assert not any(one["distinguishable"] for one in same["difference"].values())
    assert [one["wilayat"] for one in more["places"]] == [101, 301]
    assert found["hash"] == compare(small_model(), [MORE, SAME], seed=3, replications=12)["hash"]


def test_a_composed_scenario_has_a_bar_for_each_lever():
    (found,) = compare(small_model(), [BOTH], seed=3, replications=6)["scenarios"]
    staff, growth = found["tornado"]

    assert staff["lever"]["lever"] == "staff_added"
    assert staff["difference"]["wait_mean_minutes"]["mean"] < 0
    assert growth["difference"]["wait_mean_minutes"]["mean"] > 0
    assert growth["difference"]["earned_baisa"]["low"] > 0


@pytest.mark.parametrize("threads", [2, 3])
def test_threads_change_nothing(threads):
    one, several = (
        replicated([small_model()], seed=5, replications=7, threads=n) for n in (1, threads)
    )

    assert digest_of(one) == digest_of(several)
    assert np.array_equal(one[0].figures, several[0].figures, equal_nan=True)


@pytest.mark.filterwarnings("ignore::Warning:distributed", "ignore::ResourceWarning")
def test_a_local_dask_cluster_gives_the_same_result():
    distributed = pytest.importorskip("distributed", reason="Dask is a package of the checks only")
    here = replicated([small_model()], seed=5, replications=7)
    with distributed.LocalCluster(
        n_workers=1, threads_per_worker=2, processes=False, dashboard_address=None,
        protocol="tcp",
    ) as cluster:  # fmt: skip
        address = cluster.scheduler_address.replace("tcp://", "dask://")
        there = replicated([small_model()], seed=5, replications=7, cluster=address)

    assert digest_of(here) == digest_of(there)


@pytest.mark.parametrize("value", ["ray://there", "dask://", "localhost:8786"])
def test_a_cluster_that_is_none_is_said(value):
    with pytest.raises(ClusterUnknown):
        replicated([small_model()], seed=5, replications=2, cluster=value)


def test_bad_questions_are_refused():
    with pytest.raises(TooManyScenarios):
        compare(small_model(), [MORE] * 7, seed=1, replications=2)
    for count in (0, 1001):
        with pytest.raises(ReplicationsOutOfRange):
            compare(small_model(), [MORE], seed=1, replications=count)


def test_a_study_stops_when_it_is_told_to():
    seen = []

    def told(done, all_of_them):
        seen.append((done, all_of_them))
        return done < 2

    with pytest.raises(Stopped):
        compare(small_model(), [MORE], seed=1, replications=20, told=told)
    assert seen == [(1, 8), (2, 8)]


@settings(max_examples=50, deadline=None)
@given(st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=30))
def test_a_band_holds_its_mean_and_follows_a_shift(values):
    found, moved = band(np.array(values)), band(np.array(values) + 10.0)

    assert found.low <= found.mean <= found.high
    assert moved.mean == pytest.approx(found.mean + 10, abs=1e-6)
    assert moved.high - moved.low == pytest.approx(found.high - found.low, abs=1e-5)


def test_nine_bands_of_ten_and_more_hold_the_truth():
    chance = np.random.default_rng(1)
    held = [band(chance.normal(5.0, 2.0, size=8)) for _ in range(2000)]
    share = np.mean([one.low <= 5.0 <= one.high for one in held])

    assert 0.93 <= share <= 0.97


@settings(max_examples=50, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(1, 3), *(st.integers(0, 10**9) for _ in range(4))), min_size=1,
        max_size=20,
    )
)  # fmt: skip
def test_columns_say_what_rows_say(rows):
    names = ("tickets_started", "wait_seconds_total", "transactions", "earned_baisa")
    as_rows = [
        DayRow(centre, None, **dict(zip(names, rest, strict=True)))  # type: ignore[arg-type]
        for centre, *rest in rows
    ]
    table = DayTable(
        np.array([one[0] for one in rows]),
        {name: np.array([one[n + 1] for one in rows]) for n, name in enumerate(names)},
    )
    network = Network(centres=3, jobs=7)
    for code in ("transactions", "wait_mean_minutes", "earned_baisa", "income_per_centre_baisa",
                 "transactions_per_job", "centres_active"):  # fmt: skip
        assert KPIS[code].of(as_rows, network) == KPIS[code].of(table, network)
    with pytest.raises(KeyError):
        KPIS["satisfaction_percent"].of(table, network)


def test_the_announced_quarter_has_the_announced_volume():
    runs = replicated([calibrated("announced")], seed=1, replications=2)
    transactions = runs[0].figures[:, 0]

    assert (np.abs(transactions - 800_000) < 6_000).all()


def test_the_baseline_is_the_scenario_that_changes_nothing():
    model = small_model()
    assert scenario("baseline").apply(model) is model


def test_what_changes_in_one_place_changes_nothing_elsewhere():
    here = Scenario(
        "here", NAME, (lever_of({"lever": "growth", "percent": 50, "where": {"wilayat": 301}}),)
    )
    (found,) = compare(small_model(), [here], seed=3, replications=4)["scenarios"]
    elsewhere, there = found["places"]

    assert elsewhere["wait_change"] | {"distinguishable": 0} == {
        "mean": 0.0, "low": 0.0, "high": 0.0, "distinguishable": 0,
    }  # fmt: skip
    assert elsewhere["earned_change"]["mean"] == 0.0
    assert there["earned_change"]["low"] > 0
