"""Seals: digests of what was written, chained, with their head repeated outside the database.

A run takes the events of every transaction that has surely ended, those below
`pg_snapshot_xmin`. So a run never misses a late commit, and nothing at the counter waits for it.
For each centre: digest = SHA-256 over its rows' digests; head = SHA-256(previous head | digest).
For the run: head = SHA-256(previous head | the centres' heads). The run's head goes to the
anchor, a file that only grows and that lies outside the database.
"""

import hashlib
import json
import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.db import connection

from sanad.db import sql

ANCHOR_FILE = "anchor.jsonl"
START = b"\0" * 32
SEALER_LOCK = 0x5EA1


@dataclass(frozen=True)
class Sealed:
    """What one run sealed."""

    run_id: int
    events: int
    centres: int
    head: bytes


def seal(*, at: datetime, anchor: Path) -> Sealed | None:
    """Seal what is not sealed yet, as the system; None when there is nothing.

    The steps: 1. one sealer at a time; 2. the range of ended transactions; 3. digests by centre;
    4. chain them; 5. anchor the head. A run that ends before its commit leaves an anchor line
    without a run; the verifier accepts only the line that repeats a run it finds.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [SEALER_LOCK])
        cursor.execute(
            "SELECT coalesce(max(run_id), 0), coalesce(max(upto_xid), 0),"
            " pg_snapshot_xmin(pg_current_snapshot())::text::bigint FROM eventlog_sealrun"
        )
        last_run, from_xid, upto_xid = cursor.fetchone()
    digests = sql.rows("eventlog/digests", {"from_xid": from_xid, "upto_xid": upto_xid})
    if not digests:
        return None
    run = last_run + 1
    heads = _last_heads()
    rows, head = [], _last_run_head()
    for row in digests:
        centre_head = chain(heads.get(row["centre_id"], START), bytes(row["digest"]))
        rows.append((row["centre_id"], row["event_count"], bytes(row["digest"]), centre_head))
        head = chain(head, centre_head)
    events = sum(count for _, count, _, _ in rows)
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO eventlog_seal (run_id, from_xid, upto_xid, sealed_at, centre_id,"
            " event_count, digest, head) VALUES (%s, %s::bigint, %s::bigint, %s, %s, %s, %s, %s)",
            [(run, from_xid, upto_xid, at, *row) for row in rows],
        )
        cursor.execute(
            "INSERT INTO eventlog_sealrun (run_id, from_xid, upto_xid, event_count, head,"
            " sealed_at) VALUES (%s, %s::bigint, %s::bigint, %s, %s, %s)",
            [run, from_xid, upto_xid, events, head, at],
        )
    sealed = Sealed(run_id=run, events=events, centres=len(rows), head=head)
    _write_anchor(anchor, sealed, at)
    return sealed


def chain(previous: bytes, digest: bytes) -> bytes:
    """The next head."""
    return hashlib.sha256(previous + digest).digest()


def anchored_heads(anchor: Path) -> dict[int, set[str]]:
    """The heads that the anchor repeats, by run."""
    heads: dict[int, set[str]] = {}
    file = anchor / ANCHOR_FILE
    if file.exists():
        for line in file.read_text().splitlines():
            entry = json.loads(line)
            heads.setdefault(entry["run"], set()).add(entry["head"])
    return heads


def _write_anchor(anchor: Path, sealed: Sealed, at: datetime) -> None:
    anchor.mkdir(parents=True, exist_ok=True)
    entry = {"run": sealed.run_id, "head": sealed.head.hex(), "events": sealed.events,
             "at": at.isoformat()}  # fmt: skip
    with (anchor / ANCHOR_FILE).open("a") as file:
        file.write(json.dumps(entry) + "\n")
        file.flush()
        os.fsync(file.fileno())


def _last_heads() -> dict[int, bytes]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT ON (centre_id) centre_id, head FROM eventlog_seal"
            " ORDER BY centre_id, run_id DESC"
        )
        return {centre: bytes(head) for centre, head in cursor.fetchall()}


def _last_run_head() -> bytes:
    with connection.cursor() as cursor:
        cursor.execute("SELECT head FROM eventlog_sealrun ORDER BY run_id DESC LIMIT 1")
        row = cursor.fetchone()
    return bytes(row[0]) if row else START
