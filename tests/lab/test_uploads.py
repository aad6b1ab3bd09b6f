"""Logs that are brought: every form gives the same log, and a broken file leaves nothing."""

import csv
import gzip
import io
import json
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanad.lab import upload_files as files
from sanad.lab import uploads
from sanad.lab.evidence.log import EventLog, LogHasNoEvents, LogTooLong
from sanad.lab.evidence.ocel import NoSuchObjectType, OcelBroken, write_ocel
from sanad.lab.evidence.tables import TableUnreadable, TimeUnreadable
from sanad.lab.evidence.times import text_of
from sanad.lab.evidence.xes import XesBroken, XesEntities, write_xes
from sanad.lab.upload_files import Chosen
from sanad.lib.refusal import Refused
from tests.lab.evidence.small import Row, as_rows, log_of, patient, rows

AT = datetime(2025, 9, 30, 6, tzinfo=UTC)
NASSER, HUDA = UUID(int=7), UUID(int=8)
HEADING = ["case_id", "activity", "timestamp", "user"]
LINES = [
    ["c1", "register", "2025-09-01T08:00:00", "x"],
    ["c1", "decide", "2025-09-01T09:00:00", "y"],
    ["c2", "register", "2025-09-02T08:00:00", "x"],
]


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Iterator[Path]:
    settings.SANAD_SNAPSHOTS = tmp_path / "snapshots"
    yield tmp_path / "snapshots" / "uploads"
    uploads.studied.cache_clear()


def table(lines: list[list[str]] = LINES, heading: list[str] = HEADING, sign: str = ",") -> bytes:
    out = io.StringIO()
    csv.writer(out, delimiter=sign).writerows([heading, *lines])
    return out.getvalue().encode()


def brought(
    name: str, content: bytes, *, by: UUID = NASSER, at: datetime = AT, title: str = ""
) -> Any:
    return uploads.receive(name=name, title=title, content=[content], at=at, by=by)


def kept(name: str, content: bytes, chosen: Chosen | None = None, **more: Any) -> uploads.Upload:
    found = brought(name, content, **more)
    if isinstance(found, uploads.Upload):
        return found
    return uploads.keep(draft=found, chosen=chosen or found.guessed, at=AT)


def left(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


def as_csv(log: EventLog) -> bytes:
    return table(
        [[case, activity, text_of(time), resource or ""]
         for case, activity, time, _, resource, _ in as_rows(log)]
    )  # fmt: skip


def as_parquet(log: EventLog) -> bytes:
    columns = zip(*as_rows(log), strict=True)
    cases, activities, times, _, people, _ = (list(column) for column in columns)
    made = pa.table(
        [
            cases,
            activities,
            pa.array(times, pa.timestamp("us", tz="UTC")),
            pa.array(people, pa.string()),
        ],
        names=HEADING,
    )
    out = io.BytesIO()
    pq.write_table(made, out)
    return out.getvalue()


def written(write: Any, log: EventLog, path: Path) -> bytes:
    write(log, path)
    return path.read_bytes()


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("written")


@patient
@given(given_rows=rows, data=st.data())
def test_every_form_of_a_log_is_the_same_log(place: Path, given_rows: list[Row], data: Any) -> None:
    people = data.draw(
        st.lists(st.sampled_from("xyz"), min_size=len(given_rows), max_size=len(given_rows))
    )
    log = log_of(given_rows, resource=people)
    flat = Chosen(case="case", resource="resource")
    forms = {
        "log.csv": (as_csv(log), None),
        "log.parquet": (as_parquet(log), None),
        "log.xes": (written(write_xes, log, place / "w.xes"), None),
        "log.xes.gz": (written(write_xes, log, place / "w.xes.gz"), None),
        "log.json": (written(write_ocel, log, place / "w.json"), flat),
    }
    for name, (content, chosen) in forms.items():
        found = kept(name, content, chosen)
        assert sorted(as_rows(uploads.studied(found).log)) == sorted(as_rows(log)), name
        assert (found.events, found.cases) == (len(log), log.cases)
        assert uploads.uploads() == [found]
        uploads.delete(found, by=NASSER)
    assert uploads.uploads() == []


def test_what_is_kept_says_from_whom_when_and_what(folder: Path) -> None:
    found = kept("requests.csv", table(), title="Permits")
    assert found == uploads.upload(found.id)
    assert (found.by, found.at, found.title, found.file_name) == (
        NASSER,
        AT,
        "Permits",
        "requests.csv",
    )
    assert found.chosen == Chosen("case_id", "activity", "timestamp", resource="user")
    assert left(folder) == [f"{found.id}.json", f"{found.id}.parquet"]


def test_the_same_log_brought_twice_is_one_and_stays_the_first_ones() -> None:
    first = kept("a.csv", table())
    assert kept("b.csv", table(), by=HUDA, at=AT + timedelta(hours=1)) == first
    assert uploads.uploads() == [first]


def test_times_without_a_zone_are_muscats_unless_otherwise_chosen() -> None:
    muscat = uploads.studied(kept("a.csv", table()))
    draft = brought("a.csv", table())
    chosen = Chosen("case_id", "activity", "timestamp", offset_minutes=0)
    utc = uploads.studied(uploads.keep(draft=draft, chosen=chosen, at=AT))
    assert (utc.log.time - muscat.log.time == 4 * 3_600_000_000).all()
    assert muscat.log.time[0] == int(datetime(2025, 9, 1, 4, tzinfo=UTC).timestamp()) * 1_000_000


def test_a_column_of_choice_tells_the_cases_apart() -> None:
    lines = [[*line, kind] for line, kind in zip(LINES, ["fast", "slow", ""], strict=True)]
    chosen = Chosen("case_id", "activity", "timestamp", kind="speed")
    one = uploads.studied(kept("a.csv", table(lines, [*HEADING, "speed"]), chosen))
    assert one.kind is not None
    assert one.kind_name == "speed"
    assert [one.kind.name(case) for case in range(one.log.cases)] == ["fast", None]


@pytest.mark.parametrize(
    ("names", "guessed"),
    [
        (("case:concept:name", "concept:name", "time:timestamp", "org:resource"),
         Chosen("case:concept:name", "concept:name", "time:timestamp", resource="org:resource")),
        (("Case ID", "Activity", "Start Timestamp", "Complete Timestamp"),
         Chosen("Case ID", "Activity", "Complete Timestamp", "Start Timestamp")),
        (("رقم المعاملة", "النشاط", "الوقت", "الجهة"),
         Chosen("رقم المعاملة", "النشاط", "الوقت", group="الجهة")),
        (("a", "b", "c"), Chosen()),
    ],
)  # fmt: skip
def test_usual_names_are_known(names: tuple[str, ...], guessed: Chosen) -> None:
    assert files.guess(names, "CSV") == guessed


@pytest.mark.parametrize("sign", [";", "\t", "|"])
def test_a_table_may_be_divided_by_another_sign(sign: str) -> None:
    assert kept("a.csv", table(sign=sign)).events == len(LINES)


def test_a_packed_table_is_read() -> None:
    assert kept("a.csv.gz", gzip.compress(table())).events == len(LINES)


def test_the_object_types_of_ocel_are_there_to_choose(shared_data: Path) -> None:
    source = shared_data / "logs" / "ocel20_example.sqlite"
    if not source.exists():
        pytest.skip("the OCEL example ../shared/data/logs/ocel20_example.sqlite is not there")
    draft = brought(source.name, source.read_bytes())
    assert draft.names == ("Invoice", "Payment", "Purchase Order", "Purchase Requisition")
    orders = uploads.keep(draft=draft, chosen=Chosen(case="Purchase Order"), at=AT)
    assert orders.cases > 0
    with pytest.raises(NoSuchObjectType):
        kept(source.name, source.read_bytes(), Chosen(case="Container"))


def sqlite_with(*statements: str) -> bytes:
    with sqlite3.connect(":memory:") as db:
        for statement in statements:
            db.execute(statement)
        db.commit()
        return db.serialize()


XES = b'<log xmlns="http://www.xes-standard.org/"><trace><string key="concept:name" value="c"/>'
BROKEN: dict[str, tuple[str, bytes, type[Refused]]] = {
    "nothing in it": ("a.csv", b"", files.UploadEmpty),
    "another kind": ("a.docx", b"PK", files.NotALog),
    "no name": ("..", b"x", files.NotALog),
    "half an XES": ("a.xes", XES, XesBroken),
    "no gzip": ("a.xes.gz", XES, XesBroken),
    "half a gzip": ("a.xes.gz", gzip.compress(XES * 9)[:-9], XesBroken),
    "an entity": ("a.xes", b'<!DOCTYPE log [<!ENTITY a "b">]><log/>', XesEntities),
    "an XES without events": ("a.xes", b"<log/>", LogHasNoEvents),
    "no Parquet": ("a.parquet", b"PAR1 and no more", TableUnreadable),
    "no JSON": ("a.json", b"{", OcelBroken),
    "deep JSON": ("a.json", b"[" * 100_000, OcelBroken),
    "JSON of something else": ("a.json", b'{"a": 1}', OcelBroken),
    "OCEL without objects": ("a.json", b'{"objects": [], "events": []}', OcelBroken),
    "no SQLite": ("a.sqlite", b"SQLite format 3\0 and no more", OcelBroken),
    "SQLite with a view": (
        "a.sqlite",
        sqlite_with("CREATE TABLE t (a)", "CREATE VIEW object AS SELECT a AS ocel_type FROM t"),
        OcelBroken,
    ),
    "one column": ("a.csv", b"case\n1\n", files.ColumnsTooFew),
    "a column twice": ("a.csv", b"case,time,case\n1,2,3\n", files.ColumnTwice),
}


@pytest.mark.parametrize("what", BROKEN)
def test_a_broken_file_is_refused_and_leaves_nothing(folder: Path, what: str) -> None:
    name, content, refusal = BROKEN[what]
    with pytest.raises(refusal):
        brought(name, content)
    assert left(folder) == []
    assert uploads.uploads() == []


@given(content=st.binary(min_size=1, max_size=200), name=st.sampled_from(list(files.ENDINGS)))
@patient
def test_whatever_bytes_come_nothing_half_read_stays(content: bytes, name: str) -> None:
    try:
        found = brought(f"a{name}", content)
    except Refused:
        assert uploads.uploads() == []
    else:
        assert isinstance(found, uploads.Draft), "random bytes hold columns at most"
        uploads.drop(found)


@pytest.mark.parametrize(
    ("chosen", "refusal"),
    [
        (Chosen(), uploads.NothingChosen),
        (Chosen("case_id", "activity", ""), uploads.NothingChosen),
        (Chosen("case_id", "timestamp", "activity"), TimeUnreadable),
    ],
)
def test_columns_chosen_wrong_are_refused_and_the_file_waits_on(
    folder: Path, chosen: Chosen, refusal: type[Refused]
) -> None:
    draft = brought("a.csv", table())
    with pytest.raises(refusal):
        uploads.keep(draft=draft, chosen=chosen, at=AT)
    assert uploads.draft_of(draft.id, by=NASSER) == draft
    assert uploads.uploads() == []
    uploads.drop(draft)
    assert left(folder) == []


def test_a_draft_is_for_whoever_brought_it_and_lasts_a_day(folder: Path) -> None:
    draft = brought("a.csv", table())
    for name, by in ((draft.id, HUDA), ("../keys", NASSER), ("nothing", NASSER)):
        with pytest.raises(uploads.NoSuchUpload):
            uploads.draft_of(name, by=by)
    kept("b.csv", table(LINES[:2]), by=HUDA, at=AT + timedelta(hours=25))
    with pytest.raises(uploads.NoSuchUpload):
        uploads.draft_of(draft.id, by=NASSER)
    assert len(left(folder)) == 2


def test_the_limits_hold(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "LARGEST_BYTES", 100)
    with pytest.raises(files.UploadTooLarge):
        brought("a.csv", table())
    monkeypatch.undo()
    monkeypatch.setattr(files, "UNPACKED_BYTES_AT_MOST", 1000)
    with pytest.raises(files.UnpacksTooLarge):
        brought("a.xes.gz", gzip.compress(XES + b" " * 100_000))
    with pytest.raises(files.UnpacksTooLarge):
        brought("a.parquet", as_parquet(log_of([(f"c{n}", "a", n) for n in range(400)])))
    monkeypatch.undo()
    monkeypatch.setattr(uploads, "EVENTS_AT_MOST", 2)
    with pytest.raises(LogTooLong):
        kept("a.csv", table())
    for place in (folder / "drafts").glob("*"):
        uploads.drop(uploads.draft_of(place.name, by=NASSER))
    monkeypatch.setattr(uploads, "KEPT_AT_MOST", 0)
    with pytest.raises(uploads.TooManyKept):
        brought("a.csv", table())
    assert left(folder) == []


def test_a_name_cannot_lead_elsewhere(folder: Path) -> None:
    for name in ("../../../evil.csv", "..\\evil.csv", "/etc/evil.CSV"):
        draft = brought(name, table())
        assert draft.file_name == "evil.csv"
        assert draft.path.resolve().is_relative_to(folder.resolve())
        uploads.drop(draft)


def test_only_whoever_brought_it_deletes_it(folder: Path) -> None:
    found = kept("a.csv", table())
    with pytest.raises(uploads.NotYourUpload):
        uploads.delete(found, by=HUDA)
    assert uploads.upload(found.id) == found
    uploads.delete(found, by=NASSER)
    assert left(folder) == []
    with pytest.raises(uploads.NoSuchUpload):
        uploads.upload(found.id)


def test_a_kept_file_that_changed_is_said() -> None:
    found = kept("a.csv", table())
    found.path.write_bytes(found.path.read_bytes()[:-1] + b"x")
    with pytest.raises(uploads.UploadDamaged):
        uploads.studied(found)


@pytest.mark.parametrize(
    ("name", "events", "cases"),
    [("SEPSIS.xes.gz", 15_214, 1_050), ("receipt.xes.gz", 8_577, 1_434)],
)
def test_public_logs_are_read(shared_data: Path, name: str, events: int, cases: int) -> None:
    source = shared_data / "logs" / name
    if not source.exists():
        pytest.skip(f"the public log ../shared/data/logs/{name} is not there")
    found = kept(name, source.read_bytes())
    assert (found.events, found.cases) == (events, cases)


def test_what_is_kept_of_a_log_is_only_what_was_chosen(folder: Path) -> None:
    found = kept("a.csv", table(), Chosen("case_id", "activity", "timestamp"))
    assert pq.read_schema(found.path).names == ["case", "activity", "time"]
    assert "user" not in json.dumps(json.loads((folder / f"{found.id}.json").read_text())["chosen"])
