"""Rows chosen by DuckDB against the same rows chosen in Python."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from sanad.lab.evidence.arrow import TimeUnreadable
from sanad.lab.evidence.log import CaseMissing, Coded, EventLog, LogHasNoEvents
from sanad.lab.evidence.select import TimesNotStamped, count_by, select
from sanad.lab.evidence.tables import ColumnsMissing, TableUnreadable
from tests.lab.evidence.small import as_rows

START = datetime(2026, 3, 1, 8, tzinfo=UTC)
USUAL: dict[str, Any] = {"case": "request", "activity": "kind", "time": "occurred_at"}
Event = dict[str, Any]


def made(seed: int = 3, count: int = 3_000) -> list[Event]:
    """Scattered, with many ties; the centre of a request's events differs, the service is known
    where it is opened only."""
    draws = np.random.default_rng(seed)
    found = []
    for _ in range(count):
        kind = str(draws.choice(["case.opened", "case.sent", "case.closed", "fee.paid"]))
        found.append(
            {
                "request": int(draws.integers(200)) * 10**15 - 7,
                "kind": kind,
                "occurred_at": START + timedelta(hours=int(draws.integers(50))),
                "centre": int(draws.integers(4)),
                "service": str(draws.choice(["a", "b'; --"])) if kind == "case.opened" else None,
            }
        )
    return found


SCHEMA = pa.schema(
    [
        ("request", pa.int64()),
        ("kind", pa.dictionary(pa.int16(), pa.string())),
        ("occurred_at", pa.timestamp("us", "UTC")),
        ("centre", pa.int32()),
        ("service", pa.dictionary(pa.int16(), pa.string())),
    ]
)


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    """Three files in small row groups, with a name that a pattern would misread."""
    events = made()
    paths = []
    for part in range(3):
        path = tmp_path / f"[{part}] month*.parquet"
        rows = events[part * 1_000 : part * 1_000 + 1_000]
        pq.write_table(pa.Table.from_pylist(rows, SCHEMA), path, row_group_size=128)
        paths.append(path)
    return paths


def expected(events: list[Event], group: str | None = None) -> list[tuple[Any, ...]]:
    at = [(one["occurred_at"] - datetime(1970, 1, 1, tzinfo=UTC)) for one in events]
    log = EventLog.of(
        case=Coded.of([str(one["request"]) for one in events]),
        activity=Coded.of([one["kind"] for one in events]),
        time=np.array([moment // timedelta(microseconds=1) for moment in at], np.int64),
        group=None
        if group is None
        else Coded.of([one[group] and str(one[group]) for one in events]),
    )
    return sorted_rows(log)


def sorted_rows(log: EventLog) -> list[tuple[Any, ...]]:
    """By case, each case's events as they stand."""
    return sorted(as_rows(log), key=lambda row: row[0])


def events_of(requests: set[int]) -> list[Event]:
    return [one for one in made() if one["request"] in requests]


def test_all_rows_are_as_read_and_ties_keep_the_order_of_the_files(files: list[Path]) -> None:
    assert sorted_rows(select(files, **USUAL)) == expected(made())
    found = select(files, **USUAL, group="service")
    assert sorted_rows(found) == expected(made(), "service")


def test_rows_by_value_and_time(files: list[Path]) -> None:
    at = START + timedelta(hours=10), START + timedelta(hours=20)
    found = select(files, **USUAL, where={"centre": [1, 3], "service": None}, during=at)
    assert sorted_rows(found) == expected(
        [
            one
            for one in made()
            if one["centre"] in (1, 3)
            and not one["service"]
            and at[0] <= one["occurred_at"] < at[1]
        ]
    )
    later = select(files, **USUAL, during=(at[1], None))
    assert len(later) == sum(one["occurred_at"] >= at[1] for one in made())


def test_cases_by_any_event_by_activities_and_by_the_first(files: list[Path]) -> None:
    asked = {"kind": "case.opened", "service": "b'; --"}
    opened = {one["request"] for one in made() if one["service"] == "b'; --"}
    assert sorted_rows(select(files, **USUAL, of_cases=asked)) == expected(events_of(opened))

    first: dict[int, Event] = {}
    for one in sorted(made(), key=lambda one: one["occurred_at"]):
        first.setdefault(one["request"], one)
    began = {request for request, one in first.items() if one["kind"] == "case.opened"}
    assert 0 < len(began) < len(first)
    found = select(files, **USUAL, first={"kind": "case.opened"})
    assert sorted_rows(found) == expected(events_of(began))

    kinds: dict[int, set[str]] = {}
    for one in made(count=300):
        kinds.setdefault(one["request"], set()).add(one["kind"])
    both = {request for request, done in kinds.items() if done >= {"case.sent", "fee.paid"}}
    few = files[0].with_name("few.parquet")
    pq.write_table(pa.Table.from_pylist(made(count=300), SCHEMA), few)
    found = select(few, **USUAL, having=["case.sent", "fee.paid"], where={"kind": "fee.paid"})
    assert sorted_rows(found) == expected(
        [one for one in made(count=300) if one["request"] in both and one["kind"] == "fee.paid"]
    )


def test_values_are_counted(files: list[Path]) -> None:
    opened = [one["service"] for one in made() if one["service"]]
    counts = {name: opened.count(name) for name in ("a", "b'; --")}
    assert count_by(files, "service", where={"kind": "case.opened"}) == counts
    assert count_by(files, "kind", where={"centre": []}) == {}


def test_names_are_names_and_starts_and_people_are_read(tmp_path: Path) -> None:
    path = tmp_path / "log.parquet"
    name = 'case"; DROP TABLE chosen; --'
    at = pa.array([START, START], pa.timestamp("ms"))
    began = pa.array([None, START - timedelta(hours=1)], pa.timestamp("us", "UTC"))
    who = pa.array(["", "Alice"])
    table = {name: ["p", "q"], "what": ["a", "b"], "at": at, "began": began, "who": who}
    pq.write_table(pa.table(table), path)
    columns: dict[str, Any] = {
        "case": name,
        "activity": "what",
        "time": "at",
        "start": "began",
        "resource": "who",
    }
    hour = 3_600 * 1_000_000
    log = select(path, **columns, where={name: ["p", "q"]}, during=(START, None))
    assert [(row[0], row[1], row[2] - row[3] == hour, row[4]) for row in as_rows(log)] == [
        ("p", "a", False, None),
        ("q", "b", True, "Alice"),
    ]


def test_what_cannot_be_selected_is_refused(files: list[Path], tmp_path: Path) -> None:
    wrong: tuple[tuple[dict[str, Any], type[Exception]], ...] = (
        ({"where": {"kind": "none"}}, LogHasNoEvents),
        ({"where": {"colour": "red"}}, ColumnsMissing),
        ({"where": {"centre": "here"}}, TableUnreadable),
        ({"group": "colour"}, ColumnsMissing),
        ({"start": "centre"}, TimesNotStamped),
    )
    for selection, refusal in wrong:
        with pytest.raises(refusal):
            select(files, **USUAL, **selection)
    with pytest.raises(LogHasNoEvents):
        select([], **USUAL)
    with pytest.raises(TableUnreadable):
        select([*files, tmp_path / "gone.parquet"], **USUAL)
    at = pa.array([START, None], pa.timestamp("us", "UTC"))
    path = tmp_path / "blank.parquet"
    pq.write_table(pa.table({"request": [1, 1], "kind": ["a", "a"], "occurred_at": at}), path)
    with pytest.raises(TimeUnreadable, match="Row 2"):
        select(path, **USUAL)
    rows = [{"request": one, "kind": "a", "occurred_at": START} for one in (None, 1)]
    pq.write_table(pa.Table.from_pylist(rows, SCHEMA), path)
    with pytest.raises(CaseMissing, match="Event 1"):
        select(path, **USUAL)
