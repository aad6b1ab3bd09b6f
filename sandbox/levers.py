"""How an entity's portal misbehaves, as its policy says: before it acts, and before it answers."""

import json
import random
import sqlite3
import time
from typing import Any, Final

from sandbox.http import Dropped, Problem
from sandbox.world import World

DOWN, TOO_MANY, SLOW, DROP = "down", "too_many", "slow", "drop"
KINDS: Final = (DOWN, TOO_MANY, SLOW, DROP)
SLOW_IN_A_MIX_SECONDS: Final = 0.2
EARLY_WAITS_SECONDS: Final = 3.0
# Of the columns of an entity, those that the control path sets and shows.
FLAGS: Final = ("return_first", "down", "twice", "early", "swapped")
SET: Final = ("mode", "delay_seconds", "fee_baisa", "slow_seconds", "drop_answers", "a_second",
              "mix", *FLAGS)  # fmt: skip


def drawn(world: World, db: sqlite3.Connection, policy: sqlite3.Row) -> str:
    """What happens to this request: drawn from the policy's mix, or what the policy says of all.

    Empty where nothing does. The request is counted, whatever becomes of it.
    """
    found = _from_mix(db, policy)
    if policy["down"]:
        return DOWN
    return found if found or _admitted(world, db, policy) else TOO_MANY


def refuse(policy: sqlite3.Row, drawn: str) -> None:
    """Before the act: raises a 503 or a 429, after which nothing is remembered."""
    if drawn == DOWN:
        raise Problem(503, "down", f"The portal of {policy['code']} is down.")
    if drawn == TOO_MANY:
        raise Problem(429, "too-many", f"The portal of {policy['code']} takes fewer a second.")


def wait(policy: sqlite3.Row, drawn: str) -> None:
    """A slow portal takes its time before it acts."""
    seconds = policy["slow_seconds"] or (SLOW_IN_A_MIX_SECONDS if drawn == SLOW else 0)
    if seconds:
        time.sleep(seconds)


def after(world: World, policy: sqlite3.Row, request_id: str, drawn: str) -> None:
    """Done and remembered: the answer may overtake the acknowledgement, or that never comes.

    Raises `Dropped`.
    """
    if policy["early"] and policy["mode"] == "auto":
        _answer_first(world, request_id)
    with world.store.transaction() as db:
        fallen = db.execute(
            "UPDATE entity SET drop_answers = drop_answers - 1 WHERE code = ? AND drop_answers > 0",
            (policy["code"],),
        )
    if fallen.rowcount or drawn == DROP:
        raise Dropped


def shown(row: dict[str, Any]) -> dict[str, Any]:
    """The policy as the control path gives it."""
    mix = json.loads(row["mix"]) if row["mix"] else None
    flags = {name: bool(row[name]) for name in FLAGS}
    return {name: row[name] for name in SET} | flags | {"mix": mix}


def _from_mix(db: sqlite3.Connection, policy: sqlite3.Row) -> str:
    """By the seed and the number of the request, so that the same seed draws the same."""
    if not policy["mix"]:
        return ""
    mix = json.loads(policy["mix"])
    db.execute("UPDATE entity SET drawn = drawn + 1 WHERE code = ?", (policy["code"],))
    left = random.Random(f"{mix.get('seed', 0)}-{policy['drawn']}").random()  # noqa: S311
    for kind in KINDS:
        left -= mix.get(kind, 0)
        if left < 0:
            return kind
    return ""


def _admitted(world: World, db: sqlite3.Connection, policy: sqlite3.Row) -> bool:
    if policy["a_second"] is None:
        return True
    second = int(world.seconds())
    taken = policy["taken"] + 1 if policy["second"] == second else 1
    if taken > policy["a_second"]:
        return False
    db.execute(
        "UPDATE entity SET second = ?, taken = ? WHERE code = ?", (second, taken, policy["code"])
    )
    return True


def _answer_first(world: World, request_id: str) -> None:
    """Decide at once, and wait until the other side has the answer, or for a few seconds."""
    with world.store.transaction() as db:
        db.execute("UPDATE request SET decide_at = 0 WHERE request_id = ?"
                   " AND decide_at IS NOT NULL", (request_id,))  # fmt: skip
    ends = time.monotonic() + EARLY_WAITS_SECONDS
    while time.monotonic() < ends:
        world.bell.set()
        said = world.store.rows("SELECT delivered FROM answer WHERE request_id = ?", request_id)
        if said and all(row["delivered"] for row in said):
            return
        time.sleep(0.02)
