"""The payment provider: a payment is registered once by its id, and paid on a hosted page.

Each answer is given as the provider's policy says: late, not at all, or not after the act.
"""

import hashlib
import sqlite3
import time
from typing import Any, Final

from sandbox import callbacks
from sandbox.checks import PAYMENT, PROVIDER_POLICY, REFUND, checker
from sandbox.http import Dropped, Problem, Request, Response, Route, json_response
from sandbox.world import World

_check: Final = checker(PAYMENT)
_check_refund: Final = checker(REFUND)
_check_policy: Final = checker(PROVIDER_POLICY)
KEY: Final = "payment-provider"
SHOWN: Final = ("payment_id", "provider_ref", "status", "amount_baisa", "created_at")


def take(world: World, request: Request) -> Response:
    """Register a payment: the person may pay it from now on."""
    _behave(world)
    document = request.json()
    _check(document)
    digest = hashlib.sha256(request.body).hexdigest()
    with world.store.transaction() as db:
        number = db.execute("SELECT count(*) + 1 FROM payment").fetchone()[0]
        db.execute(
            "INSERT INTO payment VALUES (?, ?, ?, ?, 'open', ?, NULL)"
            " ON CONFLICT (payment_id) DO NOTHING",
            (
                document["payment_id"],
                digest,
                document["amount_baisa"],
                f"PAY-{number:08d}",
                world.now(),
            ),
        )
        kept = _found(db, document["payment_id"])
    if kept["body_sha256"] != digest:
        raise Problem(409, "payment-reused", "This payment_id came before with another body.")
    return _answer(world, dict(kept), 201)


def show(world: World, request: Request, payment_id: str) -> Response:
    _behave(world)
    with world.store.transaction() as db:
        kept = _found(db, payment_id)
    return _answer(world, dict(kept))


def cancel(world: World, request: Request, payment_id: str) -> Response:
    """Take back what nobody paid; what was paid or declined stays as it is."""
    _behave(world)
    return _answer(world, settle(world, payment_id, "cancelled"))


def refund(world: World, request: Request, payment_id: str) -> Response:
    """Give a confirmed payment back, whole and once: the same refund again is the same."""
    _behave(world)
    document = request.json()
    _check_refund(document)
    with world.store.transaction() as db:
        kept = _found(db, payment_id)
        if kept["refund_id"] is None and kept["status"] == "confirmed":
            if document["amount_baisa"] != kept["amount_baisa"]:
                raise Problem(422, "not-the-amount", "A payment is given back whole.")
            db.execute(
                "UPDATE payment SET status = 'refunded', refund_id = ? WHERE payment_id = ?",
                (document["refund_id"], payment_id),
            )
        elif kept["refund_id"] != document["refund_id"]:
            raise Problem(409, "not-refundable", f"The payment is {kept['status']}.")
        kept = _found(db, payment_id)
    return _answer(world, dict(kept))


def settle(world: World, payment_id: str, status: str) -> dict[str, Any]:
    """What the person did on the page, or a cancellation: only an open payment changes by it."""
    with world.store.transaction() as db:
        before = _found(db, payment_id)
        if before["status"] == "open":
            db.execute("UPDATE payment SET status = ? WHERE payment_id = ?", (status, payment_id))
            kept = _found(db, payment_id)
            callbacks.put(world, db, shown(dict(before)), shown(dict(kept)))
        return dict(_found(db, payment_id))


def public_key(world: World, request: Request) -> Response:
    return json_response({"algorithm": "Ed25519", "public_key": world.keys.public(KEY)})


def policy(world: World, request: Request) -> Response:
    """Change how the provider behaves; the policy as it then is."""
    changes = request.json()
    _check_policy(changes)
    with world.store.transaction() as db:
        now = {**dict(db.execute("SELECT * FROM provider").fetchone()), **changes}
        db.execute(
            "UPDATE provider SET slow_seconds = ?, down = ?, drop_answers = ?, calls_back = ?,"
            " twice = ?, out_of_order = ?",
            tuple(now[name] for name in ("slow_seconds", "down", "drop_answers", "calls_back",
                                         "twice", "out_of_order")),
        )  # fmt: skip
    world.bell.set()
    del now["id"]
    flags = ("down", "calls_back", "twice", "out_of_order")
    return json_response(now | {name: bool(now[name]) for name in flags})


def counts(world: World, request: Request) -> Response:
    """Payments by status, for whoever compares the books."""
    rows = world.store.rows(
        "SELECT status, count(*) AS payments, sum(amount_baisa) AS baisa FROM payment GROUP BY 1"
    )
    return json_response({row.pop("status"): row for row in rows})


def found(world: World, payment_id: str) -> dict[str, Any]:
    with world.store.transaction() as db:
        return dict(_found(db, payment_id))


def shown(row: dict[str, Any]) -> dict[str, Any]:
    return {name: row[name] for name in SHOWN}


def _found(db: sqlite3.Connection, payment_id: str) -> sqlite3.Row:
    row = db.execute("SELECT * FROM payment WHERE payment_id = ?", (payment_id,)).fetchone()
    if row is None:
        raise Problem(404, "unknown-payment", "No such payment came in.")
    assert isinstance(row, sqlite3.Row)
    return row


def _behave(world: World) -> None:
    """Before the act: a provider that is down does nothing, a slow one takes its time."""
    with world.store.transaction() as db:
        now = db.execute("SELECT * FROM provider").fetchone()
    if now["slow_seconds"]:
        time.sleep(now["slow_seconds"])
    if now["down"]:
        raise Problem(503, "down", "The payment provider is down.")


def _answer(world: World, row: dict[str, Any], status: int = 200) -> Response:
    """After the act: the answer, or none where the policy lets answers fall."""
    with world.store.transaction() as db:
        changed = db.execute(
            "UPDATE provider SET drop_answers = drop_answers - 1 WHERE drop_answers > 0"
        )
        is_dropped = changed.rowcount > 0
    if is_dropped:
        raise Dropped
    return json_response(shown(row), status)


ROUTES: Final[list[Route]] = [
    ("POST", "/payments", take),
    ("GET", "/payments/{payment_id}", show),
    ("POST", "/payments/{payment_id}/cancel", cancel),
    ("POST", "/payments/{payment_id}/refund", refund),
    ("GET", "/provider/key", public_key),
    ("POST", "/control/provider/policy", policy),
    ("GET", "/control/payments", counts),
]
