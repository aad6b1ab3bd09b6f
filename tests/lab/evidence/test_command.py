"""`evidence map`: what it prints, what it finds by itself, what it refuses and how."""

import gzip
import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner, Result

from sanad.cli.evidence import evidence
from sanad.lab.evidence.arrow import TimeUnreadable
from sanad.lab.evidence.log import LogHasNoEvents
from sanad.lab.evidence.ocel import write_ocel
from sanad.lab.evidence.read import ColumnsNotPlain, FileKindUnknown, ObjectTypeNotChosen
from sanad.lab.evidence.tables import TableUnreadable
from sanad.lab.evidence.xes import XesValueMissing, write_xes
from tests.lab.evidence.small import log_of, words
from tests.lab.evidence.test_readers import event, xes

ROWS = "p,a,2026-03-01T08:00:00Z\nq,a,2026-03-01T08:00:00Z\np,b,2026-03-01T09:00:00Z\n"


def run(*given: object) -> Result:
    return CliRunner().invoke(evidence, ["map", *map(str, given)])


def document(*given: object) -> dict[str, Any]:
    done = run(*given, "--json")
    assert done.exit_code == 0, done.output
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def counts(found: dict[str, Any]) -> tuple[int, ...]:
    return tuple(found[key] for key in ("cases", "events", "activities", "variants", "edges"))


def test_the_keys_and_the_full_map(tmp_path: Path) -> None:
    path = tmp_path / "log.xes.gz"
    write_xes(words("ab", "ab", "aab", "c"), path)
    assert list(document(path)) == [
        "cases", "events", "activities", "variants", "edges", "seconds",
    ]  # fmt: skip
    found = document(path, "--full", "--ways", 2)
    assert counts(found) == (4, 8, 3, 3, 2)
    assert found["edge_list"][0] == {
        "source": "a", "target": "b", "count": 3, "cases": 3, "mean_seconds": 3600.0,
        "median_seconds": 3600.0, "p90_seconds": 3600.0, "p95_seconds": 3600.0,
    }  # fmt: skip
    assert (found["start"], found["end"]) == ({"a": 3, "c": 1}, {"b": 3, "c": 1})
    assert found["variant_list"][0] == {"cases": 2, "activities": ["a", "b"]}
    assert len(found["variant_list"]) == 2
    assert "a → b: 3, median 3600 s" in run(path, "--full", "--ways", 1).stdout


@pytest.mark.parametrize(
    "heading",
    [
        "case:concept:name,concept:name,time:timestamp",
        "case,activity,time",
        "Case ID,Activity,Complete Timestamp",
        "case_id,activity_name,timestamp",
        "\ufeffrequest,kind,occurred_at",
        "CaseID;Task;Date",
    ],
)
def test_the_usual_columns_are_found(tmp_path: Path, heading: str) -> None:
    path = tmp_path / "log.csv"
    text = heading + "\n" + ROWS
    path.write_text(text.replace(",", ";") if ";" in heading else text, encoding="utf-8")
    assert counts(document(path)) == (2, 3, 2, 2, 1)


def test_columns_by_name_zipped_and_in_parquet(tmp_path: Path) -> None:
    named = ("--case", "x", "--activity", "y", "--time", "z")
    (tmp_path / "LOG.CSV.GZ").write_bytes(gzip.compress(f"x,y,z\n{ROWS}".encode()))
    assert counts(document(tmp_path / "LOG.CSV.GZ", *named)) == (2, 3, 2, 2, 1)
    at = pa.array([1, 2], pa.timestamp("us"))
    pq.write_table(pa.table({"x": [1, 1], "y": ["a", "b"], "z": at}), tmp_path / "log.parquet")
    assert counts(document(tmp_path / "log.parquet", *named)) == (1, 2, 2, 1, 1)
    days = pa.array([2, 1], pa.date32())
    pq.write_table(pa.table({"x": ["p"] * 2, "y": ["b", "a"], "z": days}), tmp_path / "d.parquet")
    assert document(tmp_path / "d.parquet", *named, "--full")["start"] == {"a": 1}
    (tmp_path / "part.csv").write_text(f"x,activity,time\n{ROWS}")
    assert counts(document(tmp_path / "part.csv", "--case", "x")) == (2, 3, 2, 2, 1)


def test_other_attributes_of_xes(tmp_path: Path) -> None:
    path = tmp_path / "log.xes"
    write_xes(log_of([("p", "a", 0), ("p", "b", 1)], resource=["Alice", "Alice"]), path)
    usual = ("--case", "case:concept:name", "--activity", "concept:name")
    assert counts(document(path, *usual)) == (1, 2, 2, 1, 1)
    found = document(path, "--activity", "org:resource", "--full")
    assert (found["activities"], found["edge_list"][0]["source"]) == (1, "Alice")


def test_every_event_of_xes_counts_and_starts_are_joined_when_asked(tmp_path: Path) -> None:
    path = tmp_path / "log.xes"
    both = event(transition="start") + event(at="2026-03-01T09:00:00Z", transition="complete")
    path.write_bytes(xes(event(transition="schedule"), both))
    assert counts(document(path)) == (1, 3, 1, 1, 1)
    assert counts(document(path, "--join-starts")) == (1, 1, 1, 1, 0)


def test_traces_without_a_name_are_cases_of_their_own(tmp_path: Path) -> None:
    path = tmp_path / "log.xes"
    inner = "".join(
        f"<trace>{name}{event()}</trace>"
        for name in ("", '<string key="concept:name" value="#1"/>', "", "")
    )
    path.write_text(f"<log>{inner}<trace/></log>")
    assert counts(document(path))[:2] == (4, 4)


def test_times_before_1970_and_without_an_offset(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    path.write_text("case,activity,time\np,b,1970-01-01\np,a,1948-01-26 23:59:00\n")
    found = document(path, "--full")
    assert (found["edge_list"][0]["source"], found["start"]) == ("a", {"a": 1})
    path.write_text("case,activity,time\np,a,2026-03-01T08:00:00Z\np,b,2026-03-01T09:00:00+04:00\n")
    assert document(path, "--full")["edge_list"][0]["source"] == "b"
    path.write_text("case,activity,time\np,b,2026-03-01 09:00\np,a,2026-03-01T08:30:00Z\n")
    assert document(path, "--full")["edge_list"][0]["source"] == "a"


def test_the_only_object_type_is_the_case(tmp_path: Path) -> None:
    path = tmp_path / "log.json"
    write_ocel(words("ab"), path)
    assert counts(document(path)) == (1, 2, 2, 1, 1)
    write_ocel(log_of([("p", "a", 0)], resource=["Alice"]), path)
    assert counts(document(path, "--object-type", "resource")) == (1, 1, 1, 1, 0)
    refused = run(path).exception
    assert isinstance(refused, ObjectTypeNotChosen)
    assert "case, resource" in str(refused)


@pytest.mark.parametrize(
    ("name", "content", "refusal", "says"),
    [
        ("log.txt", b"", FileKindUnknown, ".xes.gz"),
        ("log.csv", b"when,what,who\n1,2,3\n", ColumnsNotPlain, "It has when, what, who"),
        ("log.csv", b"case,activity,time\n", LogHasNoEvents, "log.csv"),
        ("log.csv", b"case,activity,time\np,a,\n", TimeUnreadable, "Row 1"),
        ("log.csv", b"case,activity,time\np,\xff,2026-03-01\n", TableUnreadable, "UTF8"),
        ("log.csv.gz", b"no gzip", TableUnreadable, "CSV"),
        ("log.xes", b"<log/>", LogHasNoEvents, "log.xes"),
        ("log.xes", xes(event(), event(at="")), XesValueMissing, "The event that ends in line 5"),
    ],
)
def test_what_is_wrong_is_refused(
    tmp_path: Path, name: str, content: bytes, refusal: type[Exception], says: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    refused = run(path, "--json").exception
    assert isinstance(refused, refusal)
    assert says in str(refused)


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("log.csv", ("--object-type", "x")),
        ("log.csv", ("--join-starts",)),
        ("log.json", ("--case", "x")),
        ("none.csv", ()),
        ("log.csv", ("--ways", "-1")),
    ],
)
def test_bad_usage_ends_with_2(tmp_path: Path, name: str, options: tuple[str, ...]) -> None:
    if name != "none.csv":
        (tmp_path / name).write_text("")
    assert run(tmp_path / name, *options).exit_code == 2


def test_the_example_in_the_manual_is_what_it_prints(tmp_path: Path) -> None:
    manual = (Path(__file__).parents[3] / "docs" / "evidence.md").read_text(encoding="utf-8")
    given, printed = (
        manual.partition(f"```{kind}\n")[2].partition("```")[0] for kind in ("csv", "json")
    )
    (tmp_path / "log.csv").write_text(given)
    found = document(tmp_path / "log.csv", "--full", "--ways", 1)
    del found["seconds"]
    assert found == json.loads(printed)
