"""The payment provider: confirms each payment once by its id."""

import hashlib
from typing import Any, Final

from sandbox.checks import PAYMENT, checker
from sandbox.http import Problem, Request, Response, Route, json_response
from sandbox.world import World

_check: Final = checker(PAYMENT)


def take(world: World, request: Request) -> Response:
    document = request.json()
    _check(document)
    digest = hashlib.sha256(request.body).hexdigest()
    with world.store.transaction() as db:
        number = db.execute("SELECT count(*) + 1 FROM payment").fetchone()[0]
        db.execute(
            "INSERT INTO payment VALUES (?, ?, ?, ?, 'confirmed', ?)"
            " ON CONFLICT (payment_id) DO NOTHING",
            (
                document["payment_id"],
                digest,
                document["amount_baisa"],
                f"PAY-{number:08d}",
                world.now(),
            ),
        )
        kept = db.execute(
            "SELECT * FROM payment WHERE payment_id = ?", (document["payment_id"],)
        ).fetchone()
    if kept["body_sha256"] != digest:
        raise Problem(409, "payment-reused", "This payment_id came before with another body.")
    return json_response(_shown(dict(kept)), 201)


def show(world: World, request: Request, payment_id: str) -> Response:
    found = world.store.rows("SELECT * FROM payment WHERE payment_id = ?", payment_id)
    if not found:
        raise Problem(404, "unknown-payment", "No such payment came in.")
    return json_response(_shown(found[0]))


def _shown(row: dict[str, Any]) -> dict[str, Any]:
    return {
        name: row[name]
        for name in ("payment_id", "provider_ref", "status", "amount_baisa", "created_at")
    }


ROUTES: Final[list[Route]] = [
    ("POST", "/payments", take),
    ("GET", "/payments/{payment_id}", show),
]
