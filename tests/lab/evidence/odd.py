"""Odd logs, the same every time: what files in the world are like, and tidy examples are not.

    python -m tests.lab.evidence.odd FOLDER

writes them. `ODD` says what each must give: counts, and a digest of every move's and every
variant's count. The figures are those of pm4py 2.7.23.11 on these files (of `ties.csv` with commas
for semicolons), by `benchmarks/peers/evidence_peers.py` in an environment of its own.
"""

import csv
import hashlib
import json
import sqlite3
import sys
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

START = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)
Event = tuple[str, str, datetime]


@dataclass(frozen=True)
class Given:
    """What a file must give."""

    file: str
    events: int
    cases: int
    activities: int
    edges: int
    variants: int
    digest: str
    object_type: str | None = None


def digest(edges: list[list[object]], variants: list[list[object]]) -> str:
    """Of [source, target, count] and [[activity, …], count], both in order."""
    text = json.dumps([edges, variants], ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def events(seed: int, count: int, cases: int, activities: int, minutes: int) -> list[Event]:
    """At random: cases are scattered, time goes back and forth, and few minutes make many ties."""
    draws = np.random.default_rng(seed)
    return [
        (
            f"c{draws.integers(cases)}",
            f"step {draws.integers(activities)}",
            START + timedelta(minutes=int(draws.integers(minutes))),
        )
        for _ in range(count)
    ]


def backwards_with_ties_in_xes(path: Path) -> None:
    """Four times for everything; traces of one name, without events, of one event; four zones;
    starts, completions and suspensions."""
    draws = np.random.default_rng(11)
    zones = [timezone(timedelta(hours=hours)) for hours in (0, 4, -7, 5.5)]
    transitions = ("start", "complete", "suspend", "COMPLETE")
    lines = ["<?xml version='1.0' encoding='UTF-8'?>", "<log>"]
    for number in range(120):
        name = f"c{number % 100}"
        lines.append(f'<trace><string key="concept:name" value="{name}"/>')
        for _ in range(int(draws.integers(0, 9)) if number % 7 else number % 2):
            at = START + timedelta(hours=int(draws.integers(4)))
            name = f"خطوة {draws.integers(5)}"
            there = at.astimezone(draws.choice(zones))
            lines.append(
                "<event>"
                f'<string key="concept:name" value="{name}"/>'
                f'<date key="time:timestamp" value="{there.isoformat()}"/>'
                f'<string key="lifecycle:transition" value="{draws.choice(transitions)}"/>'
                "</event>"
            )
        lines.append("</trace>")
    path.write_text("\n".join([*lines, "</log>", ""]), encoding="utf-8")


def six_hundred_activities_in_csv(path: Path) -> None:
    _write_csv(path, events(12, 9_000, 900, 600, 50_000), ",")


def semicolons_and_ties_in_csv(path: Path) -> None:
    _write_csv(path, events(13, 3_000, 400, 4, 3), ";")


def scattered_in_parquet(path: Path) -> None:
    """Row groups of 97 rows, so that a case lies in many and each has a dictionary of its own."""
    found = events(14, 4_000, 300, 20, 90)
    case, activity, at = zip(*found, strict=True)
    table = pa.table(
        {
            "case": pa.array(case),
            "activity": pa.array(activity),
            "time": pa.array(at, pa.timestamp("us", "UTC")),
        }
    )
    pq.write_table(table, path, row_group_size=97)


def one_long_case_in_parquet(path: Path) -> None:
    """Out of order, with ties, and a hundred cases of one event beside it."""
    found = [("long", name, at) for _, name, at in events(15, 20_000, 1, 7, 4_000)]
    found += [(f"short {n}", f"step {n % 7}", START) for n in range(100)]
    case, activity, at = zip(*found, strict=True)
    table = pa.table({"case": case, "activity": activity, "time": at})
    pq.write_table(table, path)


def shared_events_in_ocel(path: Path) -> None:
    """JSON; events of several orders, named twice with different qualifiers, and with ties."""
    draws = np.random.default_rng(16)
    orders = [f"o{n}" for n in range(60)]
    items = [f"i{n}" for n in range(90)]
    document = {
        "objectTypes": [{"name": name, "attributes": []} for name in ("order", "item")],
        "eventTypes": [{"name": f"step {n}", "attributes": []} for n in range(5)],
        "objects": [{"id": one, "type": "order"} for one in orders]
        + [{"id": one, "type": "item"} for one in items],
        "events": [
            {
                "id": f"e{n}",
                "type": f"step {draws.integers(5)}",
                "time": (START + timedelta(hours=int(draws.integers(6)))).isoformat(),
                "relationships": [
                    {"objectId": str(one), "qualifier": f"q{place}"}
                    for place, one in enumerate(
                        [*draws.choice(orders, 2), *draws.choice(items, int(draws.integers(3)))]
                    )
                ],
            }
            for n in range(500)
        ],
    }
    path.write_text(json.dumps(document), encoding="utf-8")


def ties_in_sqlite(path: Path) -> None:
    """OCEL in SQLite, where the order of the table `event` is not that of the types' tables."""
    draws = np.random.default_rng(17)
    kinds = ["place", "pay", "pack"]
    path.unlink(missing_ok=True)
    with closing(sqlite3.connect(path)) as db:
        db.execute("CREATE TABLE event (ocel_id TEXT, ocel_type TEXT)")
        db.execute("CREATE TABLE object (ocel_id TEXT, ocel_type TEXT)")
        db.execute("CREATE TABLE event_map_type (ocel_type TEXT, ocel_type_map TEXT)")
        db.execute("CREATE TABLE object_map_type (ocel_type TEXT, ocel_type_map TEXT)")
        db.execute("CREATE TABLE object_order (ocel_id TEXT, ocel_time TEXT)")
        db.execute("CREATE TABLE object_object (ocel_source_id, ocel_target_id, ocel_qualifier)")
        db.execute("CREATE TABLE event_object (ocel_event_id, ocel_object_id, ocel_qualifier)")
        db.execute("INSERT INTO object_map_type VALUES ('order', 'order')")
        for kind in kinds:
            db.execute("INSERT INTO event_map_type VALUES (?, ?)", (kind, kind.upper()))
            db.execute(f"CREATE TABLE event_{kind.upper()} (ocel_id TEXT, ocel_time TEXT)")
        for n in range(50):
            db.execute("INSERT INTO object VALUES (?, 'order')", (f"o{n}",))
            db.execute("INSERT INTO object_order VALUES (?, '1970-01-01 00:00:00')", (f"o{n}",))
        for n in range(400):
            kind = str(draws.choice(kinds))
            at = START + timedelta(hours=int(draws.integers(4)))
            db.execute("INSERT INTO event VALUES (?, ?)", (f"e{n}", kind))
            place = (f"e{n}", f"{at:%Y-%m-%d %H:%M:%S}")
            db.execute(f"INSERT INTO event_{kind.upper()} VALUES (?, ?)", place)
            for one in {int(m) for m in draws.integers(50, size=2)}:
                db.execute("INSERT INTO event_object VALUES (?, ?, '')", (f"e{n}", f"o{one}"))
        db.commit()


def _write_csv(path: Path, found: list[Event], sign: str) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, delimiter=sign)
        writer.writerow(["time", "note", "activity", "case"])
        for case, activity, at in found:
            writer.writerow([at.isoformat(), f"a{sign} b\nc", activity, case])


ODD: dict[Callable[[Path], None], tuple[Given, ...]] = {
    backwards_with_ties_in_xes: (Given("back.xes", 341, 81, 5, 25, 65, "ae43822f74a97172"),),
    six_hundred_activities_in_csv: (
        Given("many.csv", 9_000, 900, 600, 8_003, 900, "d8d45ce7abc4661c"),
    ),
    semicolons_and_ties_in_csv: (Given("ties.csv", 3_000, 400, 4, 16, 392, "f7ccdc1759043805"),),
    scattered_in_parquet: (
        Given("scattered.parquet", 4_000, 300, 20, 400, 300, "3ec0c1d0171cd08b"),
    ),
    one_long_case_in_parquet: (Given("long.parquet", 20_100, 101, 7, 49, 8, "40caf18c811d75a7"),),
    shared_events_in_ocel: (
        Given("shared.json", 991, 60, 5, 25, 60, "b3106c275caf5249", "order"),
        Given("shared.json", 480, 90, 5, 25, 89, "450edc19dd4ee60f", "item"),
    ),
    ties_in_sqlite: (Given("ties.sqlite", 791, 50, 3, 9, 50, "da53a7868d47e9a9"),),
}

# Logs of the public, where they lie beside the repository; the same way.
PUBLIC = (
    Given("SEPSIS.xes.gz", 15_214, 1_050, 16, 115, 846, "a96f1d1b8c23cf6f"),
    Given("helpdesk.xes.gz", 21_348, 4_580, 14, 55, 226, "4b88f7ba4ecb80fd"),
    Given("receipt.xes.gz", 8_577, 1_434, 27, 99, 116, "27e5da64fe7568a7"),
    Given("ocel20_example.sqlite", 9, 3, 5, 5, 2, "73407a01a9e44ff5", "Invoice"),
    Given("ocel20_example.sqlite", 3, 3, 1, 0, 1, "629527ae0fa5625f", "Payment"),
    Given("ocel20_example.sqlite", 5, 2, 3, 3, 2, "7efa4a727140a6a5", "Purchase Order"),
    Given("ocel20_example.sqlite", 3, 1, 3, 2, 1, "cd968e200396e437", "Purchase Requisition"),
)


if __name__ == "__main__":
    for write, given in ODD.items():
        write(Path(sys.argv[1]) / given[0].file)
