"""The same figures in one part and in several, by squares and by sorting, whole and by groups."""

import os
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanad.lab.evidence import moves, parts, quantiles
from sanad.lab.evidence.map import process_map
from sanad.lab.evidence.parquet import Columns
from sanad.lab.evidence.quantiles import Spread, spreads
from sanad.lab.evidence.tables import read_parquet
from sanad.lab.evidence.variants import variants
from sanad.lab.evidence.waiting import bottlenecks
from tests.lab.evidence.small import Row, as_rows, log_of, patient, rows, same

PLAIN = Columns("case", "activity", "time")


@pytest.fixture
def divided(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if there were four processors and two events were many."""
    monkeypatch.setattr(parts, "WORTH_DIVIDING", 2)
    monkeypatch.setattr(os, "cpu_count", lambda: 4)


def figures(given_rows: list[Row]) -> tuple[object, ...]:
    log = log_of(given_rows)
    ways = variants(log)
    return (
        as_rows(log), process_map(log), bottlenecks(log),
        [(ways.activities(n), int(ways.counts[n])) for n in range(len(ways))],
    )  # fmt: skip


@patient
@given(rows)
def test_parts_change_nothing(given_rows: list[Row]) -> None:
    whole = figures(given_rows)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(parts, "WORTH_DIVIDING", 2)
        patch.setattr(os, "cpu_count", lambda: 4)
        assert figures(given_rows) == whole


@patient
@given(rows)
def test_many_activities_are_counted_as_few(given_rows: list[Row]) -> None:
    few = figures(given_rows)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(moves, "SQUARE_AT_MOST", 1)
        assert figures(given_rows) == few


@patient
@given(st.lists(st.lists(st.integers(0, 10**13), max_size=9), max_size=9))
def test_spreads_of_groups_are_those_of_each(groups: list[list[int]]) -> None:
    values = np.array([value for group in groups for value in group], np.int64)
    begins = np.cumsum([0, *map(len, groups)]).astype(np.int64)
    each = [Spread.of(np.array(group, np.int64)) for group in groups]
    with pytest.MonkeyPatch.context() as patch:
        for most in (0, 4, 100):
            patch.setattr(quantiles, "TOGETHER_AT_MOST", most)
            found = spreads(values.copy(), begins)
            assert [one.count for one in found] == list(map(len, groups))
            for one, other in zip(found, each, strict=True):
                assert one.seconds_total == other.seconds_total
                assert (one.seconds_median, one.seconds_p90, one.seconds_p95) == pytest.approx(
                    (other.seconds_median, other.seconds_p90, other.seconds_p95), rel=1e-15
                )


@pytest.mark.usefixtures("divided")
@pytest.mark.parametrize("case", ["near", "far", "text", "missing statistics"])
def test_row_groups_come_in_their_order(tmp_path: Path, case: str) -> None:
    draws = np.random.default_rng(5)
    numbers = draws.integers(5, 60, 500) * (10**15 if case == "far" else 3)
    given_rows = [
        (str(number), f"a{draws.integers(9)}", int(draws.integers(7))) for number in numbers
    ]
    log = log_of(given_rows)
    at = pa.array([1_750_000_000_000_000 + 1_000_000 * row[2] for row in given_rows])
    table = pa.table(
        {
            "case": pa.array([row[0] for row in given_rows]) if case == "text" else numbers,
            "activity": [row[1] for row in given_rows],
            "time": at.cast(pa.timestamp("us", "UTC")),
        }
    )
    path = tmp_path / "log.parquet"
    pq.write_table(table, path, row_group_size=64, write_statistics=case != "missing statistics")
    found = read_parquet(path, PLAIN)
    assert sorted(as_rows(found), key=lambda row: row[0]) == sorted(
        as_rows(log), key=lambda row: row[0]
    )
    if case == "text":
        assert same(found, log)


@pytest.mark.usefixtures("divided")
def test_one_long_case_is_one_part(tmp_path: Path) -> None:
    assert [part.tolist() for part in parts.of_cases(np.array([0, 1, 100, 101]))] == [
        [0, 1, 100],
        [100, 101],
    ]
    assert parts.of_cases(np.array([0])) == []
    assert parts.spans(1) == [slice(0, 1)]
    assert parts.groups(0, 0) == [range(0)]
    assert [len(part) for part in parts.groups(3, 100)] == [1, 1, 1]
