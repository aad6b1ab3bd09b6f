"""The entities' own API: a request comes in and is acknowledged with a signature, once."""

import hashlib
import json
import sqlite3
from typing import Any, Final

from sandbox import levers
from sandbox.checks import REQUEST, checker, unprocessable
from sandbox.http import Problem, Request, Response, Route, json_response
from sandbox.world import World

_check: Final = checker(REQUEST)
_HEADERS_NEEDED: Final = ("Idempotency-Key", "X-Road-Represented-Party", "X-Road-UserId")


def receive(world: World, request: Request, entity: str) -> Response:
    """Take a request in: 202 with a signed acknowledgement, the same one for the same key.

    1. A portal that is down answers 503 and remembers nothing; one that has enough, 429.
    2. What is malformed is refused with the names of the fields.
    3. The same key with the same body gets the first answer again; with another body, 409.
    4. A new request is acknowledged, signed and remembered in one transaction.
    """
    with world.store.transaction() as db:
        policy = _policy(world, db, entity)
        drawn = levers.drawn(world, db, policy)
    levers.refuse(policy, drawn)
    levers.wait(policy, drawn)
    try:
        document = _readable(request)
        with world.store.transaction() as db:
            acknowledgement, replayed = _acknowledged(world, db, entity, request, document)
    except Problem:
        _count(world, entity, "refused")
        raise
    world.bell.set()
    levers.after(world, policy, document["request_id"], drawn)
    headers = {
        "Content-Type": "application/json",
        "Idempotent-Replayed": str(replayed).lower(),
        "X-Road-Id": request.headers.get("x-road-id", ""),
    }
    return Response(202, acknowledgement.encode(), headers)


def public_key(world: World, request: Request, entity: str) -> Response:
    return json_response(
        {"entity": entity, "algorithm": "Ed25519", "public_key": world.keys.public(entity)}
    )


def canonical(document: dict[str, Any]) -> bytes:
    """The bytes an acknowledgement's signature is over: keys sorted, no spaces, UTF-8."""
    return json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _readable(request: Request) -> Any:
    missing = [name for name in _HEADERS_NEEDED if not request.headers.get(name.lower())]
    if missing:
        raise unprocessable(missing)
    document = request.json()
    _check(document)
    return document


def _acknowledged(
    world: World, db: sqlite3.Connection, entity: str, request: Request, document: Any
) -> tuple[str, bool]:
    """The acknowledgement to send, and whether it was sent before."""
    key = request.headers["idempotency-key"]
    digest = hashlib.sha256(request.body).hexdigest()
    known = db.execute(
        "SELECT body_sha256, acknowledgement FROM request WHERE entity = ? AND idempotency_key = ?",
        (entity, key),
    ).fetchone()
    if known is None:
        return _accept(world, db, entity, key, digest, document), False
    if known["body_sha256"] != digest:
        raise Problem(409, "key-reused", "This Idempotency-Key came before with another body.")
    db.execute("UPDATE entity SET duplicates = duplicates + 1 WHERE code = ?", (entity,))
    return known["acknowledgement"], True


def _accept(
    world: World, db: sqlite3.Connection, entity: str, key: str, digest: str, document: Any
) -> str:
    _settle_earlier(db, entity, document)
    policy = _policy(world, db, entity)
    number = db.execute("SELECT count(*) + 1 FROM request WHERE entity = ?", (entity,))
    acknowledgement = {
        "entity": entity,
        "request_id": document["request_id"],
        "receipt_no": f"{entity}-{number.fetchone()[0]:08d}",
        "accepted_at": world.now(),
        "request_sha256": digest,
    }
    acknowledgement["signature"] = world.keys.sign(entity, canonical(acknowledgement))
    text = json.dumps(acknowledgement, ensure_ascii=False)
    stage = document.get("stage") or ""
    # A further step is acknowledged and not decided.
    decides = policy["mode"] == "auto" and not stage
    decide_at = world.seconds() + policy["delay_seconds"] if decides else None
    db.execute(
        "INSERT INTO request (request_id, entity, idempotency_key, body_sha256, acknowledgement,"
        " receipt_no, case_code, service_code, resend_of, fields, accepted_at, state, decide_at,"
        " stage) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'accepted', ?, ?)",
        (
            document["request_id"],
            entity,
            key,
            digest,
            text,
            acknowledgement["receipt_no"],
            document["case_code"],
            str(document["service_code"]),
            document.get("resend_of"),
            json.dumps(list(document["answers"])),
            acknowledgement["accepted_at"],
            decide_at,
            stage,
        ),
    )
    return text


def _settle_earlier(db: sqlite3.Connection, entity: str, document: Any) -> None:
    """A request known under another key, or a resend of what is unknown or already decided.

    A resend of a request that is still open closes it: an officer may have returned it by hand
    on Sanad's own screen, of which this process hears nothing else.
    """
    if _known(db, document["request_id"]) is not None:
        raise Problem(409, "request-known", "This request_id came before under another key.")
    earlier = document.get("resend_of")
    if earlier is None:
        return
    known = _known(db, earlier)
    if known is None or known["entity"] != entity:
        raise unprocessable(["resend_of"])
    if known["state"] in ("approved", "rejected"):
        raise Problem(409, "already-decided", f"That request is already {known['state']}.")
    db.execute("UPDATE request SET state = 'returned' WHERE request_id = ?", (earlier,))


def _known(db: sqlite3.Connection, request_id: str) -> Any:
    return db.execute("SELECT * FROM request WHERE request_id = ?", (request_id,)).fetchone()


def _policy(world: World, db: sqlite3.Connection, entity: str) -> Any:
    """The entity's row; an entity begins with what the process was started with."""
    db.execute(
        "INSERT INTO entity (code, mode, delay_seconds) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
        (entity, world.settings.mode, world.settings.delay_seconds),
    )
    return db.execute("SELECT * FROM entity WHERE code = ?", (entity,)).fetchone()


def _count(world: World, entity: str, column: str) -> None:
    with world.store.transaction() as db:
        db.execute(f"UPDATE entity SET {column} = {column} + 1 WHERE code = ?", (entity,))  # noqa: S608


def set_policy(world: World, entity: str, changes: dict[str, Any]) -> dict[str, Any]:
    """Change some of the policy's values; the policy as it then is."""
    with world.store.transaction() as db:
        now = {**dict(_policy(world, db, entity)), **changes}
        if isinstance(now["mix"], dict):
            now["mix"] = json.dumps(now["mix"])
            now["drawn"] = 0
        columns = (*levers.SET, "drawn")
        db.execute(
            f"UPDATE entity SET {', '.join(f'{name} = ?' for name in columns)} WHERE code = ?",  # noqa: S608
            (*(now[name] for name in columns), entity),
        )
    return {"entity": entity} | levers.shown(now)


ROUTES: Final[list[Route]] = [
    ("POST", "/entities/{entity}/requests", receive),
    ("GET", "/entities/{entity}/key", public_key),
]
