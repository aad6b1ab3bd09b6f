"""One call to an entity over HTTP."""

import time
from typing import Any

import httpx

from sanad.gateway.actions import Claimed, Outcome

ANSWER_WITHIN_SECONDS = 20


def call(claimed: Claimed) -> Outcome:
    """Send the request; never raises for what the network or the entity does."""
    started = time.monotonic()
    try:
        answer = httpx.post(
            f"{claimed.url}/requests",
            content=claimed.raw,
            headers={"Content-Type": "application/json", **claimed.headers},
            timeout=ANSWER_WITHIN_SECONDS,
        )
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        return Outcome(None, _since(started), says=type(error).__name__)
    said = _document(answer)
    return Outcome(
        answer.status_code,
        _since(started),
        reference=str(said.get("receipt_no", "")),
        response_id=answer.headers.get("X-Road-Id", ""),
        says=str(said.get("detail") or said.get("title") or ""),
        retry_after_seconds=_whole(answer.headers.get("Retry-After", "")),
        document=said,
    )


def _whole(text: str) -> int | None:
    """Seconds; None for a date or for what is no number."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 7 else None


def _document(answer: httpx.Response) -> dict[str, Any]:
    try:
        document = answer.json()
    except ValueError:
        return {}
    return document if isinstance(document, dict) else {}


def _since(started: float) -> int:
    return round((time.monotonic() - started) * 1000)
