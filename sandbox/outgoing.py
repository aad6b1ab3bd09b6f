"""A signed message on its way to Sanad: one attempt, and when the next one is due."""

from typing import Any, Final

import httpx

from sandbox.world import World

FIRST_RETRY_SECONDS: Final = 0.5
LAST_RETRY_SECONDS: Final = 60.0


def post(
    world: World, client: httpx.Client, path: str, row: dict[str, Any], headers: dict[str, str]
) -> int:
    """The exact bytes of `row["body"]`; the status that came back, 0 where nobody answered."""
    try:
        answer = client.post(
            world.settings.callback.rstrip("/") + path,
            content=row["body"].encode(),
            headers={"Content-Type": "application/json", **headers},
        )
    except httpx.HTTPError:
        return 0
    return answer.status_code


def is_taken(status: int) -> bool:
    """Whether the other side has it, so that it is not sent again."""
    return 200 <= status < 300


def next_at(world: World, row: dict[str, Any]) -> float:
    """When it is tried again, doubling from half a second to a minute; the world's seconds."""
    attempts: int = row["attempts"]
    waits = FIRST_RETRY_SECONDS * 2.0 ** min(attempts, 10)
    return world.seconds() + min(LAST_RETRY_SECONDS, waits)
