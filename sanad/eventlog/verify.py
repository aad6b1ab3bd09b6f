"""The one function that verifies: are the rows still those that were sealed and anchored?"""

from dataclasses import dataclass
from pathlib import Path

from django.db import connection

from sanad.db import sql
from sanad.eventlog.sealer import START, anchored_heads, chain


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong, named: what it is and where."""

    what: str
    where: str


@dataclass(frozen=True)
class SealReport:
    """`checked` counts sealed events read again; `unsealed` are too young to be sealed."""

    checked: int
    unsealed: int
    wrong: tuple[Finding, ...]


def verify_seals(*, anchor: Path) -> SealReport:
    """Digest every sealed row again and follow every chain to the anchor, as the system.

    Cost: one pass over the log. Finds changed, removed and added rows, rows moved between
    centres, cut tails, and chains computed anew by whoever owns the database.
    """
    findings: list[Finding] = []
    heads: dict[int, bytes] = {}
    run_head, checked, upto = START, 0, 0
    anchored = anchored_heads(anchor)
    for run in _runs():
        if run["from_xid"] != upto:
            findings.append(Finding("a sealing run is missing", f"before run {run['run_id']}"))
        digests = {row["centre_id"]: row for row in sql.rows("eventlog/digests", run)}
        checked += sum(row["event_count"] for row in digests.values())
        for seal in _seals(run["run_id"]):
            centre = seal["centre_id"]
            found = digests.pop(centre, None)
            findings += _compare(seal, found, f"centre {centre}, run {run['run_id']}")
            heads[centre] = chain(heads.get(centre, START), bytes(seal["digest"]))
            if heads[centre] != bytes(seal["head"]):
                findings.append(Finding("the chain is broken", f"centre {centre}, run {run['run_id']}"))
            run_head = chain(run_head, heads[centre])
        findings += [Finding("events were added after sealing", f"centre {centre}, run {run['run_id']}")
                     for centre in digests]  # fmt: skip
        findings += _compare_anchor(run, run_head, anchored)
        upto = run["upto_xid"]
    findings += [Finding("the tail was cut: an anchored run is gone", f"run {run_id}")
                 for run_id in sorted(anchored) if run_id > (_runs() or [{"run_id": 0}])[-1]["run_id"]]  # fmt: skip
    return SealReport(checked=checked, unsealed=_unsealed(upto), wrong=tuple(findings))


def _compare(seal: dict, found: dict | None, where: str) -> list[Finding]:  # type: ignore[type-arg]
    if found is None:
        return [Finding("sealed events are gone", where)]
    if found["event_count"] != seal["event_count"]:
        more = found["event_count"] - seal["event_count"]
        return [Finding(f"{abs(more)} events {'too many' if more > 0 else 'missing'}", where)]
    if bytes(found["digest"]) != bytes(seal["digest"]):
        return [Finding("an event was changed", where)]
    return []


def _compare_anchor(run: dict, head: bytes, anchored: dict[int, set[str]]) -> list[Finding]:  # type: ignore[type-arg]
    where = f"run {run['run_id']}"
    if head != bytes(run["head"]):
        return [Finding("the run's head does not follow from its seals", where)]
    if head.hex() not in anchored.get(run["run_id"], set()):
        return [Finding("the run is not what the anchor says", where)]
    return []


def _runs() -> list[dict]:  # type: ignore[type-arg]
    return _dicts(
        "SELECT run_id, from_xid, upto_xid, head FROM eventlog_sealrun ORDER BY run_id"
    )


def _seals(run_id: int) -> list[dict]:  # type: ignore[type-arg]
    return _dicts(
        "SELECT centre_id, event_count, digest, head FROM eventlog_seal"
        " WHERE run_id = %s ORDER BY centre_id", run_id,
    )  # fmt: skip


def _dicts(statement: str, *values: object) -> list[dict]:  # type: ignore[type-arg]
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        names = [column.name for column in cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _unsealed(upto: int) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM eventlog_event WHERE xid >= %s::bigint", [upto])
        return int(cursor.fetchone()[0])
