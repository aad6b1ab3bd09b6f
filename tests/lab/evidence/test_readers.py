"""Files read and written: the same log comes back, and what is broken is refused whole."""

import csv
import gzip
import json
import sqlite3
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sanad.lab.evidence import log as logs
from sanad.lab.evidence.arrow import TimeUnreadable
from sanad.lab.evidence.export import write_csv, write_parquet
from sanad.lab.evidence.log import Coded, EventLog
from sanad.lab.evidence.ocel import (
    Flattened,
    NoSuchObjectType,
    OcelBroken,
    OcelTimeUnreadable,
    read_ocel,
    write_ocel,
)
from sanad.lab.evidence.parquet import Columns
from sanad.lab.evidence.tables import (
    ColumnsMissing,
    TableUnreadable,
    read_csv,
    read_parquet,
)
from sanad.lab.evidence.times import text_of
from sanad.lab.evidence.xes import (
    XesBroken,
    XesEntities,
    XesTimeUnreadable,
    XesValueMissing,
    read_xes,
    write_xes,
)
from tests.lab.evidence.small import T0, as_rows, log_of, same

PLAIN = Columns("case", "activity", "time")
FULL = Columns("case", "activity", "time", "start", "resource", "group")
HEAD = "case,activity,time,start,resource,group\n"
full_rows = st.lists(
    st.tuples(
        st.sampled_from(["p", "q", "r & <s>", "“ع”"]),
        st.sampled_from(["a", "b", 'تم "x"']),
        st.integers(0, 6),
        st.sampled_from([None, 0, 2]),
        st.sampled_from([None, "Alice", "Bob"]),
        st.sampled_from([None, "c1"]),
    ),
    min_size=1,
    max_size=30,
)


def full(given_rows: list[tuple[str, str, int, int | None, str | None, str | None]]) -> EventLog:
    return log_of(
        [row[:3] for row in given_rows],
        start=[None if row[3] is None else row[2] - row[3] for row in given_rows],
        resource=[row[4] for row in given_rows],
        group=[row[5] for row in given_rows],
    )


@given(full_rows)
@settings(max_examples=60, deadline=None)
def test_every_form_gives_the_log_back(
    tmp_path_factory: pytest.TempPathFactory, given_rows: list
) -> None:  # type: ignore[type-arg]
    log, folder = full(given_rows), tmp_path_factory.mktemp("forms")
    for name in ("log.xes", "log.xes.gz"):
        write_xes(log, folder / name)
        assert same_if_known(read_xes(folder / name), log)
    write_ocel(log, folder / "log.json")
    known = {kind: kind for kind in ("resource", "group") if getattr(log, kind).names}
    assert same_if_known(read_ocel(folder / "log.json", Flattened("case", **known)), log)
    _write_csv(log, folder / "log.csv")
    assert same(read_csv(folder / "log.csv", FULL), log)
    _write_parquet(log, folder / "log.parquet")
    assert same(read_parquet(folder / "log.parquet", FULL), log)
    write_csv(log, folder / "out.csv")
    assert same(read_csv(folder / "out.csv", FULL), log)
    write_parquet(log, folder / "out.parquet")
    assert same(read_parquet(folder / "out.parquet", FULL), log)


def same_if_known(read: EventLog, log: EventLog) -> bool:
    return [row[:6] for row in as_rows(read)] == [
        (*row[:4], row[4] if read.resource else None, row[5] if read.group else None)
        for row in as_rows(log)
    ] and bool(read.resource) == any(row[4] for row in as_rows(log))


def _write_csv(log: EventLog, path: Path) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(FULL.read)
        for case, name, at, start, resource, group in as_rows(log):
            began = "" if start < 0 else text_of(start)
            writer.writerow([case, name, text_of(at), began, resource, group])


def _write_parquet(log: EventLog, path: Path) -> None:
    rows = as_rows(log)
    moment = pa.timestamp("us", tz="UTC")
    table = pa.table(
        {
            "case": [row[0] for row in rows],
            "activity": pa.array([row[1] for row in rows]).dictionary_encode(),
            "time": pa.array([row[2] for row in rows], moment),
            "start": pa.array([None if row[3] < 0 else row[3] for row in rows], moment),
            "resource": pa.array([row[4] for row in rows], pa.string()),
            "group": pa.array([row[5] for row in rows], pa.string()),
        }
    )
    pq.write_table(table, path, row_group_size=4)


def test_cases_that_are_whole_numbers(tmp_path: Path) -> None:
    times = pa.array([T0 + 3, T0 + 1, T0 + 2, T0], pa.timestamp("us"))
    for cases in ([9, 5, 9, 7], [10**15, 5, 10**15, 7]):
        table = pa.table({"case": cases, "activity": ["a", "b", "a", "c"], "time": times})
        pq.write_table(table, tmp_path / "log.parquet")
        log = read_parquet(tmp_path / "log.parquet", PLAIN)
        assert {row[:3] for row in as_rows(log)} == {
            (str(case), name, T0 + after)
            for case, name, after in zip(cases, ("a", "b", "a", "c"), (3, 1, 2, 0), strict=True)
        }
        assert [int(n) for n in np.diff(log.offsets)] == [
            cases.count(int(name)) for name in log.case.names
        ]
    later = read_parquet(
        tmp_path / "log.parquet", Columns("case", "activity", "time", offset_minutes=240)
    )
    assert later.time.min() == T0 - 4 * 3_600 * 1_000_000


def xes(
    *events: str, head: str = "", case: str = '<string key="concept:name" value="p"/>'
) -> bytes:
    inner = "".join(events)
    return f"<?xml version='1.0'?>\n{head}<log>\n<trace>{case}\n{inner}</trace></log>".encode()


def event(name: str = "a", at: str = "2026-03-01T08:00:00Z", transition: str = "") -> str:
    values = (("string", "concept:name", name), ("date", "time:timestamp", at),
              ("string", "lifecycle:transition", transition))  # fmt: skip
    inner = "".join(f'<{tag} key="{key}" value="{value}"/>' for tag, key, value in values if value)
    return f"<event>{inner}</event>\n"


def test_starts_and_completions_are_paired_and_an_end_may_be_missing(tmp_path: Path) -> None:
    path = tmp_path / "log.xes"
    path.write_bytes(
        xes(
            event("a", "2026-03-01T08:00:00Z", "schedule"),
            event("a", "2026-03-01T08:01:00Z", "start"),
            event("a", "2026-03-01T08:02:00Z", "start"),
            event("a", "2026-03-01T08:05:00Z", "complete"),
            event("b", "2026-03-01T08:07:00Z", "COMPLETE"),
        )
    )
    log = read_xes(path)
    minute = 60_000_000
    begin = int(log.time[0]) - 2 * minute
    assert log.start is not None
    assert [(log.activity.name(i), (int(log.time[i]) - begin) // minute) for i in range(3)] == [
        ("a", 2),
        ("a", 5),
        ("b", 7),
    ]
    assert log.start.tolist() == [-1, begin + minute, -1]


def test_a_namespace_and_nested_attributes_change_nothing(tmp_path: Path) -> None:
    nested = '<string key="x" value=""><string key="concept:name" value="no"/></string></event>'
    body = xes(event().replace("</event>", nested)).replace(b"<log>", b'<log xmlns="http://x/">')
    (tmp_path / "log.xes").write_bytes(body)
    assert read_xes(tmp_path / "log.xes").activity.names == ("a",)


BOMB = '<!DOCTYPE log [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>\n'


@pytest.mark.parametrize(
    ("content", "refusal", "says"),
    [
        (b"<log><trace>", XesBroken, "line 1"),
        (b"<html/>", XesBroken, "no <log>"),
        (b"", XesBroken, "log.xes"),
        (xes(event())[:-20], XesBroken, "line"),
        (xes(event(), head=BOMB), XesEntities, "line 2"),
        (xes(event(), event(name="")), XesValueMissing, "line 5 of “log.xes” has no concept:name"),
        (xes(event(at="")), XesValueMissing, "has no time:timestamp"),
        (xes(event(), event(at="yesterday")), XesTimeUnreadable, "Line 5 of “log.xes”: “yes"),
        (xes(event(at="1899-12-31T23:59:59Z")), logs.TimeTooEarly, "Event 1"),
        (xes(), logs.LogHasNoEvents, "log.xes"),
    ],
)  # fmt: skip
def test_xes_that_is_wrong_is_refused(
    tmp_path: Path, content: bytes, refusal: type[Exception], says: str
) -> None:
    (tmp_path / "log.xes").write_bytes(content)
    with pytest.raises(refusal) as refused:
        read_xes(tmp_path / "log.xes")
    assert says in str(refused.value)


def test_a_gzip_cut_short_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "log.xes.gz"
    for content in (gzip.compress(xes(event()))[:-12], b"no gzip"):
        path.write_bytes(content)
        with pytest.raises(XesBroken):
            read_xes(path)


ROW = "p,a,2026-03-01T08:00:00Z,,,\n"


@pytest.mark.parametrize(
    ("text", "refusal", "says"),
    [
        ("case,what,time\np,a,b\n", ColumnsMissing, "no column activity, start"),
        (HEAD + ROW + "p,a,soon,,,\n", TimeUnreadable, "Row 2 of “log.csv”: “soon” in the"),
        (HEAD + ROW + "p,a,,,,\n", TimeUnreadable, "Row 2"),
        (HEAD + ROW + "p,a,2026-03-01T08:00:00Z,x,,\n", TimeUnreadable, "column start"),
        (HEAD + ROW + "p,a,1899-03-01T08:00:00Z,,,\n", logs.TimeTooEarly, "Event 2"),
        (HEAD + "p,a,2026-03-01T08:00:00Z,1969-03-01T08:00:00Z,,\n", logs.TimeTooEarly, "Event 1"),
        (HEAD + "p,a,2026-03-01T08:00:00Z,2026-03-02T08:00:00Z,,\n", logs.StartAfterEnd, "Event 1"),
        (HEAD + ROW + ",a,2026-03-01T08:00:00Z,,,\n", logs.CaseMissing, "Event 2"),
        (HEAD + ROW + "p,,2026-03-01T08:00:00Z,,,\n", logs.ActivityMissing, "Event 2"),
        (HEAD, logs.LogHasNoEvents, "log.csv"),
        (HEAD + ROW + "p,a\n", TableUnreadable, "CSV"),
        ("", TableUnreadable, "CSV"),
    ],
)  # fmt: skip
def test_a_table_that_is_wrong_is_refused(
    tmp_path: Path, text: str, refusal: type[Exception], says: str
) -> None:
    (tmp_path / "log.csv").write_text(text)
    with pytest.raises(refusal) as refused:
        read_csv(tmp_path / "log.csv", FULL)
    assert says in str(refused.value)


def test_parquet_that_is_wrong_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "log.parquet"
    path.write_bytes(b"PAR1 no")
    with pytest.raises(TableUnreadable):
        read_parquet(path, PLAIN)
    at = pa.array([T0, T0], pa.timestamp("us"))
    pq.write_table(pa.table({"case": [1, None], "activity": ["a", "a"], "time": at}), path)
    with pytest.raises(logs.CaseMissing, match="Event 2"):
        read_parquet(path, PLAIN)
    pq.write_table(pa.table({"case": [1, 2], "activity": ["a", "a"], "time": [T0, T0]}), path)
    with pytest.raises(TimeUnreadable, match="Row 1"):
        read_parquet(path, PLAIN)


def test_ocel_that_is_wrong_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "log.json"
    write_ocel(log_of([("p", "a", 0)]), path)
    with pytest.raises(NoSuchObjectType, match="It has case"):
        read_ocel(path, Flattened("order"))
    document = json.loads(path.read_text())
    document["events"][0]["time"] = "soon"
    path.write_text(json.dumps(document))
    with pytest.raises(OcelTimeUnreadable, match="The event e1"):
        read_ocel(path, Flattened("case"))
    document["events"] = []
    path.write_text(json.dumps(document))
    with pytest.raises(logs.LogHasNoEvents):
        read_ocel(path, Flattened("case"))
    for content in ("{", "[]", "{}", '{"objects": [], "events": [{}]}'):
        path.write_text(content)
        with pytest.raises(OcelBroken):
            read_ocel(path, Flattened("case"))


def test_sqlite_that_is_wrong_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "log.sqlite"
    path.write_bytes(b"no database, but long enough to be looked at" * 40)
    with pytest.raises(OcelBroken):
        read_ocel(path, Flattened("case"))
    empty = tmp_path / "empty.sqlite"
    sqlite3.connect(empty).close()
    with pytest.raises(OcelBroken):
        read_ocel(empty, Flattened("case"))


def test_a_log_too_long_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logs, "EVENTS_AT_MOST", 1)
    with pytest.raises(logs.LogTooLong, match="2 events"):
        log_of([("p", "a", 0), ("p", "b", 1)])


def test_a_column_of_codes_keeps_what_is_not_known() -> None:
    column = Coded.of(["x", None, "y", "x"])
    assert column.codes.tolist() == [0, -1, 1, 0]
    assert [column.name(i) for i in range(4)] == ["x", None, "y", "x"]
