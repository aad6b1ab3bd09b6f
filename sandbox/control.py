"""The hidden levers, for tests and demonstrations: policy of an entity, decisions, counts."""

from typing import Any, Final

from sandbox import answers, entities
from sandbox.checks import DECIDE, FEE, POLICY, RETURN, checker
from sandbox.http import Problem, Request, Response, Route, json_response
from sandbox.world import World

_check_policy: Final = checker(POLICY)
_check_return: Final = checker(RETURN)
_check_fee: Final = checker(FEE)
_check_decide: Final = checker(DECIDE)

# received = accepted + duplicates + refused; a portal that is down receives nothing.
COUNTS: Final = """
SELECT code, duplicates, refused,
    (SELECT count(*) FROM request WHERE entity = code) AS accepted,
    (SELECT count(*) FROM answer WHERE entity = code AND delivered) AS answers_sent
FROM entity ORDER BY code
"""


def policy(world: World, request: Request, entity: str) -> Response:
    changes = request.json()
    _check_policy(changes)
    now = entities.set_policy(world, entity, changes)
    world.bell.set()
    return json_response(now)


def give_back(world: World, request: Request, request_id: str) -> Response:
    document = request.json()
    _check_return(document)
    answer_id = answers.answer(
        world,
        request_id,
        "returned",
        fields=document["fields"],
        reason=document.get("reason"),
    )
    return json_response({"answer_id": answer_id}, 202)


def decide(world: World, request: Request, request_id: str) -> Response:
    document = request.json()
    _check_decide(document)
    answer_id = answers.answer(
        world, request_id, document["outcome"], reason=document.get("reason")
    )
    return json_response({"answer_id": answer_id}, 202)


def state_fee(world: World, request: Request, request_id: str) -> Response:
    document = request.json()
    _check_fee(document)
    answer_id = answers.state_fee(world, request_id, document["government_baisa"])
    return json_response({"answer_id": answer_id}, 202)


def counts(world: World) -> dict[str, dict[str, int]]:
    return {
        row["code"]: {
            "received": row["accepted"] + row["duplicates"] + row["refused"],
            "accepted": row["accepted"],
            "duplicates": row["duplicates"],
            "refused": row["refused"],
            "answers_sent": row["answers_sent"],
        }
        for row in world.store.rows(COUNTS)
    }


def show_counts(world: World, request: Request) -> Response:
    return json_response(counts(world))


def show_request(world: World, request: Request, request_id: str) -> Response:
    """Where one request stands, and how its answers fare on their way."""
    found = world.store.rows(
        "SELECT request_id, entity, case_code, service_code, receipt_no, resend_of, state,"
        " accepted_at FROM request WHERE request_id = ?",
        request_id,
    )
    if not found:
        raise Problem(404, "unknown-request", "No such request came in.")
    sent: list[dict[str, Any]] = world.store.rows(
        "SELECT answer_id, kind, attempts, last_status, delivered FROM answer"
        " WHERE request_id = ? ORDER BY rowid",
        request_id,
    )
    for one in sent:
        one["delivered"] = bool(one["delivered"])
    return json_response({**found[0], "answers": sent})


def show_sms(world: World, request: Request) -> Response:
    messages = world.store.rows(
        'SELECT id, recipient AS "to", text, received_at FROM sms ORDER BY rowid'
    )
    return json_response({"count": len(messages), "messages": messages})


ROUTES: Final[list[Route]] = [
    ("POST", "/control/entities/{entity}/policy", policy),
    ("POST", "/control/requests/{request_id}/return", give_back),
    ("POST", "/control/requests/{request_id}/decide", decide),
    ("POST", "/control/requests/{request_id}/fee", state_fee),
    ("GET", "/control/requests/{request_id}", show_request),
    ("GET", "/control/counts", show_counts),
    ("GET", "/control/sms", show_sms),
]
