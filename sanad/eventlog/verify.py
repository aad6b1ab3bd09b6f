"""The one function that verifies: are the rows still those that were sealed and anchored?"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sanad.db import sql
from sanad.db.scope import acting, system_scope
from sanad.eventlog.sealer import START, alone, anchored_heads, chain, prepare_to_digest

Row = dict[str, Any]


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

    Cost: one pass over the log, while no sealing run begins. Finds changed, removed and added
    rows, rows moved between centres, cut tails, and chains computed anew by whoever owns the
    database.
    """
    with alone(), acting(system_scope()):
        prepare_to_digest()
        log = _Log.read(anchorage=anchored_heads(anchor))
    return SealReport(
        checked=sum(row["event_count"] for rows in log.rows.values() for row in rows.values()),
        unsealed=log.unsealed,
        wrong=tuple(_findings(log)),
    )


@dataclass(frozen=True)
class _Log:
    """What the database and the anchor say, before anything is compared."""

    runs: list[Row]
    seals: dict[int, list[Row]]
    # What is in the table now: range of transactions -> centre -> count and digest.
    rows: dict[tuple[int, int], dict[int, Row]]
    unsealed: int
    anchored: dict[int, set[str]]

    @classmethod
    def read(cls, *, anchorage: dict[int, set[str]]) -> "_Log":
        runs = sql.rows("eventlog/runs", {"after": 0})
        seals: dict[int, list[Row]] = defaultdict(list)
        for seal in sql.rows("eventlog/seals"):
            seals[seal["run_id"]].append(seal)
        bounds = sorted({0} | {run[end] for run in runs for end in ("from_xid", "upto_xid")})
        rows: dict[tuple[int, int], dict[int, Row]] = defaultdict(dict)
        unsealed = 0
        for row in sql.rows("eventlog/digests_by_run", {"bounds": bounds}):
            if row["slot"] == len(bounds):
                unsealed += row["event_count"]
            else:
                span = (bounds[row["slot"] - 1], bounds[row["slot"]])
                rows[span][row["centre_id"]] = row
        return cls(runs, seals, rows, unsealed, anchorage)


def _findings(log: _Log) -> Iterator[Finding]:
    heads: dict[int, bytes] = {}
    head, upto = START, 0
    for number, run in enumerate(log.runs, start=1):
        if run["from_xid"] != upto or (number == 1 and run["run_id"] != 1):
            yield Finding("a sealing run is missing", f"before run {run['run_id']}")
        upto = run["upto_xid"]
        seals = log.seals[run["run_id"]]
        yield from _compare_rows(run, seals, log.rows.get((run["from_xid"], upto), {}))
        for seal in seals:
            centre = seal["centre_id"]
            heads[centre] = chain(heads.get(centre, START), bytes(seal["digest"]))
            if heads[centre] != bytes(seal["head"]):
                yield Finding("the chain is broken", _where(run, centre))
            head = chain(head, heads[centre])
        if head != bytes(run["head"]):
            yield Finding("the run's head does not follow from its seals", _where(run))
    yield from _compare_anchor(log)


def _compare_rows(run: Row, seals: list[Row], found: dict[int, Row]) -> Iterator[Finding]:
    """The rows of a run's transactions against its seals."""
    for seal in seals:
        if what := _difference(seal, found.get(seal["centre_id"])):
            yield Finding(what, _where(run, seal["centre_id"]))
    for centre in sorted(found.keys() - {seal["centre_id"] for seal in seals}):
        yield Finding("events were added after sealing", _where(run, centre))


def _difference(seal: Row, found: Row | None) -> str:
    if found is None:
        return "sealed events are gone"
    more = found["event_count"] - seal["event_count"]
    if more:
        return f"{abs(more)} events {'too many' if more > 0 else 'missing'}"
    return "" if bytes(found["digest"]) == bytes(seal["digest"]) else "an event was changed"


def _compare_anchor(log: _Log) -> Iterator[Finding]:
    """Every run's head against the file outside the database, both ways."""
    for run in log.runs:
        known = log.anchored.get(run["run_id"], set())
        if not known:
            yield Finding("the run is not in the anchor", _where(run))
        elif bytes(run["head"]).hex() not in known:
            yield Finding("the run is not what the anchor says", _where(run))
    there = {run["run_id"] for run in log.runs}
    for number, known in sorted(log.anchored.items()):
        if len(known) > 1:
            yield Finding("the run was sealed twice", f"run {number}")
        if number not in there:
            yield Finding("an anchored run is gone", f"run {number}")


def _where(run: Row, centre: int | None = None) -> str:
    return f"run {run['run_id']}" if centre is None else f"centre {centre}, run {run['run_id']}"
