"""Seals: digests of what was written, chained, with their head repeated outside the database.

A run takes the events of every transaction that has surely ended, those below
`pg_snapshot_xmin`. So a run never misses a late commit, and nothing at the counter waits for it.
For each centre: digest = SHA-256 over its rows' digests; head = SHA-256(previous head | digest).
For the run: head = SHA-256(previous head | the centres' heads). The run's head goes to the
anchor, a file that only grows and that lies outside the database. docs/sealing.md says more.
"""

import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import connection

from sanad.db import sql
from sanad.db.scope import acting, system_scope
from sanad.lib.refusal import N_, Refused

ANCHOR_FILE = "anchor.jsonl"
START = b"\0" * 32
SEALER_LOCK = 0x5EA1
SORT_MEMORY = "1500MB"


class CounterWentBack(Refused):
    code = "eventlog.counter_went_back"
    sentence = N_(
        "The log cannot be sealed: this server counts transactions from {now}, and the last seal "
        "ends at {sealed}. The database was restored from a dump into a younger server; "
        "docs/sealing.md says how to move its counter on."
    )


@dataclass(frozen=True)
class Sealed:
    """What one run sealed."""

    run_id: int
    events: int
    centres: int
    head: bytes


def seal(*, at: datetime, anchor: Path) -> Sealed | None:
    """Seal what is not sealed yet, in a transaction of its own; None when there is nothing.

    The steps: 1. one sealer at a time; 2. what an earlier run committed and, killed, did not
    anchor; 3. the range of ended transactions; 4. digests by centre; 5. chain them and commit;
    6. anchor the head. Only what is committed is ever anchored, so one run has one head, and two
    heads of one run in the anchor mean that somebody sealed it twice.
    Raises `CounterWentBack`.
    """
    with alone():
        with acting(system_scope()):
            _anchor_missing(anchor)
            sealed = _seal(at)
        if sealed:
            _write_anchor(anchor, _entry(sealed.run_id, sealed.head, sealed.events, at))
    return sealed


@contextmanager
def alone() -> Iterator[None]:
    """No run begins, and none lies between its commit and its anchor, while this lasts."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [SEALER_LOCK])
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [SEALER_LOCK])


def prepare_to_digest() -> None:
    """Let this transaction digest with several workers and sort in memory: 80 bytes an event."""
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL work_mem = '{SORT_MEMORY}'")
        cursor.execute("SET LOCAL parallel_tuple_cost = 0")


def chain(previous: bytes, digest: bytes) -> bytes:
    """The next head."""
    return hashlib.sha256(previous + digest).digest()


def anchored_heads(anchor: Path) -> dict[int, set[str]]:
    """The heads that the anchor repeats, by run."""
    heads: dict[int, set[str]] = {}
    file = anchor / ANCHOR_FILE
    for line in file.read_text().splitlines() if file.exists() else ():
        # A line torn by a full disk or a power cut is written again by the next sealer.
        with suppress(json.JSONDecodeError):
            entry = json.loads(line)
            heads.setdefault(entry["run"], set()).add(entry["head"])
    return heads


def _seal(at: datetime) -> Sealed | None:
    last = sql.rows("eventlog/last_run")[0]
    run, since, upto = last["run_id"] + 1, last["upto_xid"], last["now_xid"]
    if upto < since:
        raise CounterWentBack(now=upto, sealed=since)
    prepare_to_digest()
    digests = sql.rows("eventlog/digests", {"from_xid": since, "upto_xid": upto})
    if not digests:
        return None
    heads = {row["centre_id"]: bytes(row["head"]) for row in sql.rows("eventlog/last_heads")}
    head = bytes(last["head"] or START)
    for row in digests:
        row["head"] = chain(heads.get(row["centre_id"], START), bytes(row["digest"]))
        head = chain(head, row["head"])
    events = sum(row["event_count"] for row in digests)
    common = {"run_id": run, "from_xid": since, "upto_xid": upto, "sealed_at": at}
    _insert("eventlog_seal", [common | row for row in digests])
    _insert("eventlog_sealrun", [common | {"event_count": events, "head": head}])
    return Sealed(run_id=run, events=events, centres=len(digests), head=head)


def _insert(table: str, rows: list[dict[str, Any]]) -> None:
    columns = list(rows[0])
    places = ", ".join("%s" for _ in columns)
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({places})",  # noqa: S608
            [list(row.values()) for row in rows],
        )


def _anchor_missing(anchor: Path) -> None:
    """Anchor the one run that a killed sealer left; more than one has another cause."""
    known = anchored_heads(anchor)
    runs = sql.rows("eventlog/runs", {"after": max(known, default=0)})
    if len(runs) == 1:
        run = runs[0]
        _write_anchor(
            anchor,
            _entry(run["run_id"], bytes(run["head"]), run["event_count"], run["sealed_at"]),
        )


def _entry(run: int, head: bytes, events: int, at: datetime) -> dict[str, Any]:
    return {"run": run, "head": head.hex(), "events": events, "at": at.isoformat()}


def _write_anchor(anchor: Path, entry: dict[str, Any]) -> None:
    anchor.mkdir(parents=True, exist_ok=True)
    with (anchor / ANCHOR_FILE).open("a+b") as file:
        if file.tell():
            file.seek(-1, os.SEEK_END)
            if file.read(1) != b"\n":
                file.write(b"\n")
        file.write(json.dumps(entry).encode() + b"\n")
        file.flush()
        os.fsync(file.fileno())
