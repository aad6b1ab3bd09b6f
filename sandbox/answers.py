"""What an entity answers to a request, and its way back over HTTP until the other side has it."""

import json
import logging
import sqlite3
import threading
import uuid
from typing import Any, Final

import httpx

from sandbox import callbacks, outgoing
from sandbox.http import Problem
from sandbox.world import World

PATH: Final = "/api/entity/v1/answers"
LOOK_EVERY_SECONDS: Final = 0.5
BATCH: Final = 100
SWAP_WAITS_SECONDS: Final = 2.0

APPROVED: Final = {"ar": "تمت الموافقة على الطلب.", "en": "The request was approved."}
REJECTED: Final = {
    "ar": "رُفض الطلب لعدم استيفاء الشروط.",
    "en": "The request was rejected: the conditions are not met.",
}
RETURNED: Final = {
    "ar": "يُرجى تصحيح الحقول المحددة وإعادة إرسال الطلب.",
    "en": "Please correct the marked fields and send the request again.",
}
REASONS: Final = {"approved": APPROVED, "rejected": REJECTED, "returned": RETURNED}

log = logging.getLogger("sandbox.answers")


def answer(
    world: World,
    request_id: str,
    kind: str,
    *,
    fields: list[str] | None = None,
    reason: dict[str, str] | None = None,
) -> str:
    """Decide a request and put the answer on its way; the answer's id."""
    with world.store.transaction() as db:
        found = db.execute("SELECT * FROM request WHERE request_id = ?", (request_id,)).fetchone()
        if found is None:
            raise Problem(404, "unknown-request", "No such request came in.")
        if found["state"] != "accepted":
            raise Problem(409, "already-answered", f"The request is already {found['state']}.")
        return _put(world, db, found, kind, fields or [], reason or REASONS[kind])


def state_fee(world: World, request_id: str, baisa: int) -> str:
    """State the government fee of a request, which stays open; the answer's id."""
    with world.store.transaction() as db:
        found = db.execute("SELECT * FROM request WHERE request_id = ?", (request_id,)).fetchone()
        if found is None:
            raise Problem(404, "unknown-request", "No such request came in.")
        return _put_fee(world, db, found, baisa)


def decide_due(world: World) -> int:
    """Decide what an entity in mode `auto` has had long enough; how many."""
    with world.store.transaction() as db:
        due = db.execute(
            "SELECT request.*, entity.return_first, entity.fee_baisa AS states"
            " FROM request JOIN entity ON code = entity"
            " WHERE state = 'accepted' AND decide_at <= ? AND NOT down"
            " ORDER BY decide_at LIMIT ?",
            (world.seconds(), BATCH),
        ).fetchall()
        for found in due:
            marked = json.loads(found["fields"])[:1]
            if found["states"] is not None and found["fee_baisa"] is None:
                _put_fee(world, db, found, found["states"])
            if found["return_first"] and found["resend_of"] is None:
                _put(world, db, found, "returned", marked, RETURNED)
            else:
                _put(world, db, found, "approved", [], APPROVED)
    return len(due)


def deliver_due(world: World, client: httpx.Client) -> int:
    """Try every answer that is due, oldest first; how many the other side took."""
    due = world.store.rows(
        "SELECT answer.*, twice, swapped FROM answer JOIN entity ON code = entity"
        " WHERE NOT delivered AND due_at <= ? AND NOT down ORDER BY due_at, answer.rowid LIMIT ?",
        world.seconds(),
        BATCH,
    )
    return sum(_deliver(world, client, row) for row in _in_their_order(world, due))


def run(world: World, stop: threading.Event) -> None:
    """Decide and deliver until `stop` is set."""
    with httpx.Client(timeout=10.0, trust_env=False) as client:
        while not stop.is_set():
            try:
                decide_due(world)
                deliver_due(world, client)
                callbacks.deliver_due(world, client)
            except Exception:
                # The answers stay due in the file; the next round tries again.
                log.exception("round failed")
            world.bell.wait(LOOK_EVERY_SECONDS)
            world.bell.clear()


def _in_their_order(world: World, due: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Where the policy swaps, the newest first; a lone answer waits a moment for another."""
    straight = [row for row in due if not row["swapped"]]
    swapped = [row for row in due if row["swapped"]]
    if len(swapped) == 1 and not swapped[0]["attempts"]:
        waited = world.seconds() - swapped[0]["due_at"]
        swapped = swapped if waited >= SWAP_WAITS_SECONDS else []
    return straight + swapped[::-1]


def _put_fee(world: World, db: sqlite3.Connection, found: sqlite3.Row, baisa: int) -> str:
    db.execute(
        "UPDATE request SET fee_baisa = ? WHERE request_id = ?", (baisa, found["request_id"])
    )
    return _put(world, db, found, "fee", [], {}, government_baisa=baisa)


def _put(
    world: World,
    db: sqlite3.Connection,
    found: sqlite3.Row,
    kind: str,
    fields: list[str],
    reason: dict[str, str],
    **more: int,
) -> str:
    answer_id = str(uuid.uuid4())
    body = {
        "answer_id": answer_id,
        "entity": found["entity"],
        "request_id": found["request_id"],
        "case_code": found["case_code"],
        "receipt_no": found["receipt_no"],
        "kind": kind,
        "reason": reason,
        "fields": fields,
        "decided_at": world.now(),
        **more,
    }
    if kind in REASONS:
        db.execute("UPDATE request SET state = ? WHERE request_id = ?", (kind, found["request_id"]))
    db.execute(
        "INSERT INTO answer (answer_id, entity, request_id, kind, body, due_at)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        (
            answer_id,
            found["entity"],
            found["request_id"],
            kind,
            json.dumps(body, ensure_ascii=False),
            world.seconds(),
        ),
    )
    world.bell.set()
    return answer_id


def _deliver(world: World, client: httpx.Client, row: dict[str, Any]) -> bool:
    """One attempt: the exact bytes that were signed, under the same answer_id every time."""
    signed = {
        "X-Entity-Code": row["entity"],
        "X-Entity-Signature": world.keys.sign(row["entity"], row["body"].encode()),
    }
    for _ in range(2 if row["twice"] else 1):
        status = outgoing.post(world, client, PATH, row, signed)
    with world.store.transaction() as db:
        db.execute(
            "UPDATE answer SET attempts = attempts + 1, last_status = ?, delivered = ?, due_at = ?"
            " WHERE answer_id = ?",
            (status, outgoing.is_taken(status), outgoing.next_at(world, row), row["answer_id"]),
        )
    log.info(
        "answer",
        extra={"ids": {"answer_id": row["answer_id"], "entity": row["entity"], "status": status}},
    )
    return outgoing.is_taken(status)
