"""Seals find tampering and name it: each kind of it is done here, as whoever owns the database."""
# ruff: noqa: PT012 - what fails is a whole transaction

import json
import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from sanad.db import sql
from sanad.db.scope import acting, centre_scope, system_scope
from sanad.eventlog import sealer
from sanad.eventlog.actions import ObjectLink, append
from sanad.eventlog.sealer import ANCHOR_FILE, START, CounterWentBack, anchored_heads, chain, seal
from sanad.eventlog.verify import SealReport, verify_seals
from sanad.lib.ids import new_id
from tests.committed import as_owner_of_all
from tests.network import AISHA, KHUWAIR, SOHAR, TEN
from tests.refusals import said

pytestmark = pytest.mark.usefixtures("empty")


@pytest.fixture
def empty(committed: None) -> None:
    """A log in which nothing has happened yet."""
    with as_owner_of_all() as cursor:
        cursor.execute("TRUNCATE eventlog_event, eventlog_seal, eventlog_sealrun")


@pytest.fixture
def anchor(tmp_path: Path) -> Path:
    return tmp_path / "anchor"


def happen(centre: int = KHUWAIR, times: int = 1) -> None:
    """That many visits begin and are committed, a transaction each."""
    for _ in range(times):
        with acting(centre_scope(centre)):
            append(
                "visit.started", at=TEN, by=AISHA, centre=centre, visit=new_id(), channel="walk_in",
                objects=[ObjectLink("point", "1", "at")],
            )  # fmt: skip


def three_runs(anchor: Path) -> None:
    """Six events of two centres in three sealing runs."""
    for minute in range(3):
        happen(KHUWAIR)
        happen(SOHAR)
        sealed = seal(at=TEN + timedelta(minutes=minute), anchor=anchor)
        assert sealed
        assert (sealed.run_id, sealed.events, sealed.centres) == (minute + 1, 2, 2)


def findings(anchor: Path) -> list[tuple[str, str]]:
    return [(finding.what, finding.where) for finding in verify_seals(anchor=anchor).wrong]


def test_an_untouched_log_is_clean(anchor):
    three_runs(anchor)
    happen()

    assert verify_seals(anchor=anchor) == SealReport(checked=6, unsealed=1, wrong=())


def test_where_nothing_happened_nothing_is_sealed(anchor):
    assert seal(at=TEN, anchor=anchor) is None
    happen()
    assert seal(at=TEN, anchor=anchor)
    assert seal(at=TEN, anchor=anchor) is None
    assert verify_seals(anchor=anchor) == SealReport(checked=1, unsealed=0, wrong=())


def test_the_chain_is_what_the_document_says(anchor):
    three_runs(anchor)

    heads: dict[int, bytes] = {}
    head = START
    for row in sql_rows("SELECT * FROM eventlog_seal ORDER BY run_id, centre_id"):
        centre = row["centre_id"]
        heads[centre] = chain(heads.get(centre, START), bytes(row["digest"]))
        assert bytes(row["head"]) == heads[centre]
        head = chain(head, heads[centre])
    last = sql_rows("SELECT * FROM eventlog_sealrun ORDER BY run_id")[-1]
    assert bytes(last["head"]) == head
    assert anchored_heads(anchor)[3] == {head.hex()}
    lines = [json.loads(line) for line in (anchor / ANCHOR_FILE).read_text().splitlines()]
    assert [(line["run"], line["events"]) for line in lines] == [(1, 2), (2, 2), (3, 2)]


def test_a_transaction_still_open_is_not_missed(anchor):
    """A late commit with an early number: whoever remembers "the last one seen" would miss it."""
    written, may_commit = threading.Event(), threading.Event()

    def slow() -> None:
        try:
            with acting(centre_scope(KHUWAIR)):
                append("visit.ended", at=TEN, by=AISHA, centre=KHUWAIR)
                written.set()
                may_commit.wait(20)
        finally:
            connection.close()

    thread = threading.Thread(target=slow)
    thread.start()
    assert written.wait(20)
    happen(SOHAR)  # begins later, commits earlier
    assert seal(at=TEN, anchor=anchor) is None
    may_commit.set()
    thread.join()

    sealed = seal(at=TEN, anchor=anchor)

    assert sealed
    assert sealed.events == 2
    assert verify_seals(anchor=anchor) == SealReport(checked=2, unsealed=0, wrong=())


def test_what_was_rolled_back_leaves_no_trace_in_the_seals(anchor):
    with pytest.raises(ZeroDivisionError), acting(centre_scope(KHUWAIR)):
        append("visit.ended", at=TEN, by=AISHA, centre=KHUWAIR)
        raise ZeroDivisionError
    happen()
    seal(at=TEN, anchor=anchor)

    assert verify_seals(anchor=anchor) == SealReport(checked=1, unsealed=0, wrong=())


TARGET = "(SELECT id FROM eventlog_event WHERE centre_id = 1 ORDER BY xid LIMIT 1)"
CHANGED = [("an event was changed", "centre 1, run 1")]
TAMPERINGS: dict[str, tuple[str, list[tuple[str, str]]]] = {
    "an edited payload": (
        f"UPDATE eventlog_event SET payload = '{{\"channel\": \"remote\"}}' WHERE id = {TARGET}",
        CHANGED,
    ),
    "an edited time": (
        ("UPDATE eventlog_event SET occurred_at = occurred_at + interval '1 microsecond'"
        f" WHERE id = {TARGET}"),
        CHANGED,
    ),
    "a record dated back": (
        ("UPDATE eventlog_event SET recorded_at = recorded_at - interval '1 day'"
        f" WHERE id = {TARGET}"),
        CHANGED,
    ),
    "another actor": (
        f"UPDATE eventlog_event SET actor_id = gen_random_uuid() WHERE id = {TARGET}",
        CHANGED,
    ),
    "another kind": (
        f"UPDATE eventlog_event SET kind = 'visit.ended' WHERE id = {TARGET}",
        CHANGED,
    ),
    "an object taken away": (
        f"DELETE FROM eventlog_eventobject WHERE event_id = {TARGET}",
        CHANGED,
    ),
    "an object added": (
        ("INSERT INTO eventlog_eventobject SELECT occurred_at, id, centre_id, 'point', '2', 'at'"
        f" FROM eventlog_event WHERE id = {TARGET}"),
        CHANGED,
    ),
    "a deleted event": (
        f"DELETE FROM eventlog_event WHERE id = {TARGET}",
        [("sealed events are gone", "centre 1, run 1")],
    ),
    "an event added under an old number": (
        ("INSERT INTO eventlog_event (id, kind, occurred_at, centre_id, xid)"
        " SELECT gen_random_uuid(), 'visit.ended', occurred_at, centre_id, xid"
        f" FROM eventlog_event WHERE id = {TARGET}"),
        [("1 events too many", "centre 1, run 1")],
    ),
    "an event added for a centre that had none": (
        ("INSERT INTO eventlog_event (id, kind, occurred_at, centre_id, xid)"
        " SELECT gen_random_uuid(), 'visit.ended', occurred_at, 3, xid"
        f" FROM eventlog_event WHERE id = {TARGET}"),
        [("events were added after sealing", "centre 3, run 1")],
    ),
    "two centres' rows swapped": (
        ("UPDATE eventlog_event SET centre_id = 3 - centre_id"
        " WHERE xid < (SELECT upto_xid FROM eventlog_sealrun WHERE run_id = 1)"),
        [("an event was changed", "centre 1, run 1"), ("an event was changed", "centre 2, run 1")],
    ),
    "an event moved to another run": (
        ("UPDATE eventlog_event SET xid = (SELECT max(upto_xid) - 1 FROM eventlog_sealrun)"
        f" WHERE id = {TARGET}"),
        [("sealed events are gone", "centre 1, run 1"), ("1 events too many", "centre 1, run 3")],
    ),
    "a seal that fits the edit": (
        "UPDATE eventlog_seal SET digest = sha256('x'::bytea) WHERE run_id = 3 AND centre_id = 2",
        [
            ("an event was changed", "centre 2, run 3"),
            ("the chain is broken", "centre 2, run 3"),
            ("the run's head does not follow from its seals", "run 3"),
        ],
    ),
    "a missing run": (
        ("DELETE FROM eventlog_seal WHERE run_id = 2; DELETE FROM eventlog_sealrun"
        " WHERE run_id = 2"),
        [
            ("a sealing run is missing", "before run 3"),
            ("the chain is broken", "centre 1, run 3"),
            ("the chain is broken", "centre 2, run 3"),
            ("the run's head does not follow from its seals", "run 3"),
            ("an anchored run is gone", "run 2"),
        ],
    ),
    "a tail cut off": (
        ("DELETE FROM eventlog_event WHERE xid >= (SELECT from_xid FROM eventlog_sealrun"
        " WHERE run_id = 3); DELETE FROM eventlog_seal WHERE run_id = 3;"
        " DELETE FROM eventlog_sealrun WHERE run_id = 3"),
        [("an anchored run is gone", "run 3")],
    ),
    "everything cut off": (
        "TRUNCATE eventlog_event, eventlog_seal, eventlog_sealrun",
        [("an anchored run is gone", f"run {run}") for run in (1, 2, 3)],
    ),
}  # fmt: skip


@pytest.mark.parametrize("tampering", TAMPERINGS)
def test_each_tampering_is_found_and_named(anchor, tampering):
    statement, expected = TAMPERINGS[tampering]
    three_runs(anchor)
    assert findings(anchor) == []
    with as_owner_of_all() as cursor:
        cursor.execute(statement)

    assert findings(anchor) == expected


def reseal(anchor: Path, runs: int) -> None:
    """What the owner of the database may do: hash everything anew, into an anchor of their own."""
    with as_owner_of_all() as cursor:
        bounds = sql_rows("SELECT upto_xid FROM eventlog_sealrun ORDER BY run_id")
        cursor.execute("TRUNCATE eventlog_seal, eventlog_sealrun")
        heads: dict[int, bytes] = {}
        head, since = START, 0
        for run, bound in enumerate(bounds[:runs], start=1):
            upto = bound["upto_xid"]
            rows = sql_rows(sql.load("eventlog/digests"), {"from_xid": since, "upto_xid": upto})
            for row in rows:
                heads[row["centre_id"]] = chain(
                    heads.get(row["centre_id"], START), bytes(row["digest"])
                )
                head = chain(head, heads[row["centre_id"]])
                cursor.execute(
                    "INSERT INTO eventlog_seal VALUES (%s, %s, %s, %s, %s, %s, %s, now())",
                    [run, row["centre_id"], since, upto, row["event_count"], row["digest"],
                     heads[row["centre_id"]]],
                )  # fmt: skip
            events = sum(row["event_count"] for row in rows)
            cursor.execute(
                "INSERT INTO eventlog_sealrun VALUES (%s, %s, %s, %s, %s, now())",
                [run, since, upto, events, head],
            )
            since = upto


def edit(cursor: Any) -> None:
    cursor.execute(TAMPERINGS["an edited payload"][0])


def test_the_owner_who_hashes_everything_anew_meets_the_anchor(anchor):
    three_runs(anchor)
    reseal(anchor, 3)
    assert findings(anchor) == []  # the same rows hash to the same heads
    with as_owner_of_all() as cursor:
        edit(cursor)
    reseal(anchor, 3)

    assert findings(anchor) == [
        ("the run is not what the anchor says", f"run {run}") for run in (1, 2, 3)
    ]


def test_whoever_lets_our_own_sealer_seal_an_edited_log_again_is_found(anchor):
    three_runs(anchor)
    with as_owner_of_all() as cursor:
        edit(cursor)
        cursor.execute("TRUNCATE eventlog_seal, eventlog_sealrun")
    assert seal(at=TEN, anchor=anchor)

    assert ("the run was sealed twice", "run 1") in findings(anchor)
    assert ("an anchored run is gone", "run 3") in findings(anchor)


def test_the_last_run_sealed_again_over_an_edit_is_found_even_though_no_run_is_missing(anchor):
    happen()
    seal(at=TEN, anchor=anchor)
    with as_owner_of_all() as cursor:
        edit(cursor)
        cursor.execute("TRUNCATE eventlog_seal, eventlog_sealrun")
    seal(at=TEN, anchor=anchor)

    assert findings(anchor) == [("the run was sealed twice", "run 1")]


def test_a_lost_anchor_is_not_quietly_replaced(anchor):
    three_runs(anchor)
    (anchor / ANCHOR_FILE).unlink()
    happen()
    seal(at=TEN, anchor=anchor)

    assert findings(anchor) == [("the run is not in the anchor", f"run {n}") for n in (1, 2, 3)]


def test_a_sealer_killed_between_commit_and_anchor_is_made_good_by_the_next(anchor, monkeypatch):
    three_runs(anchor)
    happen()
    with monkeypatch.context() as killed:
        killed.setattr(sealer, "_write_anchor", _die)
        with pytest.raises(KeyboardInterrupt):
            seal(at=TEN, anchor=anchor)
    assert findings(anchor) == [("the run is not in the anchor", "run 4")]

    assert seal(at=TEN, anchor=anchor) is None

    assert findings(anchor) == []


def test_a_line_of_the_anchor_torn_by_a_full_disk_is_written_again(anchor):
    three_runs(anchor)
    file = anchor / ANCHOR_FILE
    file.write_text(file.read_text()[:-20])
    assert findings(anchor) == [("the run is not in the anchor", "run 3")]

    happen()
    seal(at=TEN, anchor=anchor)

    assert findings(anchor) == []
    assert sorted(anchored_heads(anchor)) == [1, 2, 3, 4]


def test_two_sealers_at_once_make_one_chain(anchor):
    happen(times=3)
    found: list[Any] = []

    def run(work: Callable[[], Any]) -> None:
        try:
            found.append(work())
        finally:
            connection.close()

    threads = [
        threading.Thread(target=run, args=(lambda: seal(at=TEN, anchor=anchor),)) for _ in range(3)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(sealed.events for sealed in found if sealed) == [3]
    assert verify_seals(anchor=anchor) == SealReport(checked=3, unsealed=0, wrong=())


def test_a_log_restored_into_a_younger_server_is_said_before_it_is_sealed(anchor):
    three_runs(anchor)
    with as_owner_of_all() as cursor:
        cursor.execute("UPDATE eventlog_sealrun SET upto_xid = upto_xid + 1000000 WHERE run_id = 3")
    happen()

    with pytest.raises(CounterWentBack) as caught:
        seal(at=TEN, anchor=anchor)

    assert "restored from a dump into a younger server" in said(caught.value)[1]


def sql_rows(statement: str, values: Any = None) -> list[dict[str, Any]]:
    with acting(system_scope()), connection.cursor() as cursor:
        cursor.execute(statement, values)
        names = [column.name for column in cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _die(*_: object) -> None:
    raise KeyboardInterrupt
