"""The SMS gateway: takes a message once by its id and sends it nowhere."""

from typing import Final

from sandbox.checks import SMS, checker
from sandbox.http import Problem, Request, Response, Route, json_response
from sandbox.world import World

_check: Final = checker(SMS)


def take(world: World, request: Request) -> Response:
    message = request.json()
    _check(message)
    with world.store.transaction() as db:
        db.execute(
            "INSERT INTO sms VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
            (message["id"], message["to"], message["text"], world.now()),
        )
        kept = db.execute("SELECT * FROM sms WHERE id = ?", (message["id"],)).fetchone()
    if (kept["recipient"], kept["text"]) != (message["to"], message["text"]):
        raise Problem(409, "id-reused", "This id came before with another message.")
    return json_response({"id": message["id"], "received_at": kept["received_at"]}, 202)


ROUTES: Final[list[Route]] = [("POST", "/sms/messages", take)]
