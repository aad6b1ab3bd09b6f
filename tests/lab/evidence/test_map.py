"""The map, the variants and the order of a log against dictionaries and numpy."""

import numpy as np
import pytest
from hypothesis import given

from sanad.lab.evidence import kernels
from sanad.lab.evidence.map import ShareOutside, process_map
from sanad.lab.evidence.quantiles import Spread
from sanad.lab.evidence.variants import variants
from tests.lab.evidence.small import (
    T0,
    Row,
    as_rows,
    log_of,
    moves,
    patient,
    rows,
    sequences,
    traces,
    words,
)


@patient
@given(rows)
def test_a_log_is_by_case_then_time_and_ties_keep_their_order(given_rows: list[Row]) -> None:
    found = [
        (case, name, (at - T0) // 1_000_000) for case, name, at, *_ in as_rows(log_of(given_rows))
    ]
    assert found == [row for events in traces(given_rows).values() for row in events]


@patient
@given(rows)
def test_edges_are_those_of_the_reference(given_rows: list[Row]) -> None:
    expected = moves(given_rows)
    drawn = process_map(log_of(given_rows))
    assert {(e.source, e.target): (e.count, e.cases) for e in drawn.edges} == {
        edge: (len(all_), len({case for case, _ in all_})) for edge, all_ in expected.items()
    }
    for edge in drawn.edges:
        seconds = [at for _, at in expected[edge.source, edge.target]]
        between = edge.between
        assert [between.seconds_median, between.seconds_p90, between.seconds_p95] == pytest.approx(
            np.quantile(seconds, [0.5, 0.9, 0.95])
        )
        assert between.seconds_mean == pytest.approx(np.mean(seconds))
    assert [e.count for e in drawn.edges] == sorted((e.count for e in drawn.edges), reverse=True)


@patient
@given(rows)
def test_activities_are_those_of_the_reference(given_rows: list[Row]) -> None:
    all_ = traces(given_rows).values()
    for one in process_map(log_of(given_rows)).activities:
        assert (one.count, one.cases, one.starts, one.ends) == (
            sum(row[1] == one.name for row in given_rows),
            sum(any(row[1] == one.name for row in events) for events in all_),
            sum(events[0][1] == one.name for events in all_),
            sum(events[-1][1] == one.name for events in all_),
        )
        assert one.working is None


@patient
@given(rows)
def test_variants_are_those_of_the_reference(given_rows: list[Row]) -> None:
    found = variants(log_of(given_rows))
    assert {found.activities(v): int(found.counts[v]) for v in range(len(found))} == sequences(
        given_rows
    )
    assert sum(found.share(v) for v in range(len(found))) == pytest.approx(1)
    for v in range(len(found)):
        spans = [
            events[-1][2] - events[0][2]
            for events in traces(given_rows).values()
            if tuple(row[1] for row in events) == found.activities(v)
        ]
        assert found.seconds_median(v) == pytest.approx(np.median(spans))


def test_equal_hashes_do_not_merge_variants() -> None:
    log = words("ab", "ba", "ab", "abc", "a", "ba")
    hashes = np.full(log.cases, 7, np.uint64)
    found, firsts = kernels.group_variants(log.activity.codes, log.offsets, hashes)
    assert found.tolist() == [0, 1, 0, 2, 3, 1]
    assert firsts.tolist() == [0, 1, 3, 4]


def test_hashes_tell_order_and_length_apart() -> None:
    log = words("ab", "ba", "aab", "a", "aa", "ab")
    hashes = kernels.case_hashes(log.activity.codes, log.offsets)
    assert len(set(hashes.tolist())) == 5
    assert hashes[0] == hashes[5]


def test_a_spread_of_nothing_is_nothing() -> None:
    assert Spread.of(np.empty(0, np.int64)) == Spread(0, 0.0, 0.0, 0.0, 0.0, 0.0)


def test_one_event_cases_have_no_edges() -> None:
    drawn = process_map(words("a", "b", "a"))
    assert drawn.edges == ()
    assert drawn.edges_to_share(0.5).activities == drawn.activities
    assert drawn.activities[0].starts == drawn.activities[0].ends == 2


def test_the_fewest_edges_that_hold_a_share() -> None:
    drawn = process_map(words(*["ab"] * 6, *["ac"] * 3, "ad"))
    assert [e.target for e in drawn.edges_to_share(0.6).edges] == ["b"]
    assert [e.target for e in drawn.edges_to_share(0.61).edges] == ["b", "c"]
    assert drawn.edges_to_share(1) == drawn
    for share in (0, 1.1, -1):
        with pytest.raises(ShareOutside):
            drawn.edges_to_share(share)


def test_working_time_counts_known_starts_only() -> None:
    log = log_of([("p", "a", 10), ("p", "a", 20), ("p", "b", 30)], start=[4, None, 30])
    working = {one.name: one.working for one in process_map(log).activities}
    assert working["a"] is not None and working["b"] is not None
    assert (working["a"].count, working["a"].seconds_mean) == (1, 6)
    assert (working["b"].count, working["b"].seconds_total) == (1, 0)


def test_a_case_of_a_million_events_out_of_order() -> None:
    n = 1_000_000
    log = log_of([("p", "ab"[i % 2], n - i // 2) for i in range(n)])
    assert len(log) == n and log.cases == 1
    assert (np.diff(log.time) >= 0).all()
    assert log.activity.codes[:4].tolist() == [0, 1, 0, 1]  # the ties keep their order
    edges = process_map(log).edges
    assert [(e.source, e.target, e.count) for e in edges] == [
        ("a", "b", n // 2),
        ("b", "a", n // 2 - 1),
    ]
    assert len(variants(log)) == 1


def test_six_hundred_activities() -> None:
    draws = np.random.default_rng(3)
    names = [f"a{code}" for code in draws.integers(0, 600, 60_000)]
    given_rows = [(f"c{i % 500}", name, i) for i, name in enumerate(names)]
    drawn = process_map(log_of(given_rows))
    assert {(e.source, e.target): e.count for e in drawn.edges} == {
        edge: len(all_) for edge, all_ in moves(given_rows).items()
    }
