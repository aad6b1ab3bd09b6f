"""What the payment provider tells Sanad by itself: signed, and until the other side has it."""

import json
import sqlite3
from typing import Any, Final

import httpx

from sandbox import outgoing
from sandbox.world import World

PATH: Final = "/api/provider/v1/payments"
KEY: Final = "payment-provider"
BATCH: Final = 100


def put(world: World, db: sqlite3.Connection, before: dict[str, Any], now: dict[str, Any]) -> None:
    """Messages about a change, as the policy says: none, one, two of the same, or an old one last.

    They are due one after the other, so that the order is kept on their way.
    """
    policy = db.execute("SELECT * FROM provider").fetchone()
    if not policy["calls_back"]:
        return
    said = [now]
    if policy["twice"]:
        said.append(now)
    if policy["out_of_order"]:
        said.append(before)
    for number, document in enumerate(said):
        db.execute(
            "INSERT INTO callback (payment_id, body, due_at) VALUES (?, ?, ?)",
            (
                now["payment_id"],
                json.dumps(document, ensure_ascii=False),
                world.seconds() + number / 1000,
            ),
        )
    world.bell.set()


def deliver_due(world: World, client: httpx.Client) -> int:
    """Try every message that is due, oldest first; how many the other side took."""
    due = world.store.rows(
        "SELECT * FROM callback WHERE NOT delivered AND due_at <= ? ORDER BY due_at LIMIT ?",
        world.seconds(),
        BATCH,
    )
    return sum(_deliver(world, client, row) for row in due)


def _deliver(world: World, client: httpx.Client, row: dict[str, Any]) -> bool:
    signed = {"X-Provider-Signature": world.keys.sign(KEY, row["body"].encode())}
    status = outgoing.post(world, client, PATH, row, signed)
    with world.store.transaction() as db:
        db.execute(
            "UPDATE callback SET attempts = attempts + 1, last_status = ?, delivered = ?,"
            " due_at = ? WHERE id = ?",
            (status, outgoing.is_taken(status), outgoing.next_at(world, row), row["id"]),
        )
    return outgoing.is_taken(status)
