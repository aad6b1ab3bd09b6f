"""A call that carries a key happens once: the same call again gets the same answer.

The unique key settles the race. Of two calls at the same moment the second waits for the first
one's transaction, and then finds its answer; where the first was refused, nothing was kept and the
second is a first one.
"""

import json
from collections.abc import Callable
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from sanad.counter.models import OnceKey
from sanad.counter.rules import LONGEST_ONCE_KEY, ONCE_KEY_KEPT
from sanad.lib.refusal import N_, Refused


class KeyReused(Refused):
    code = "counter.key_reused"
    sentence = N_(
        "This Idempotency-Key came before with another call. Give every call a key of its own, and "
        "send the same key only with exactly the same call."
    )


class KeyUnreadable(Refused):
    code = "counter.key_unreadable"
    sentence = N_(
        "The Idempotency-Key has to be of 1 to {most} letters, digits and signs without spaces. "
        "Send a new random identifier for each call."
    )


def once(
    do: Callable[[], dict[str, Any]], *, key: str, call: bytes, centre: int, at: datetime, by: UUID
) -> dict[str, Any]:
    """What `do` gives, or gave when this account's key came first. `call` is all that was asked.

    Raises `KeyUnreadable`, `KeyReused` and what `do` raises; then nothing is kept.
    """
    if (
        not 0 < len(key) <= LONGEST_ONCE_KEY
        or not key.isascii()
        or not key.isprintable()
        or " " in key
    ):
        raise KeyUnreadable(most=LONGEST_ONCE_KEY)
    digest = sha256(call).digest()
    row = OnceKey(centre_id=centre, account_id=by, key=key, call_hash=digest, at=at)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        return _before(key, digest, by)
    answer = do()
    row.answer = json.loads(json.dumps(answer, default=_plain))
    row.save(update_fields=["answer"])
    return answer


def forget_old(*, at: datetime) -> int:
    """Remove what was kept for a day, as the system; how many."""
    return OnceKey.objects.filter(at__lt=at - ONCE_KEY_KEPT).delete()[0]


def _before(key: str, digest: bytes, by: UUID) -> dict[str, Any]:
    found = OnceKey.objects.filter(account_id=by, key=key).first()
    if found is None or bytes(found.call_hash) != digest:
        raise KeyReused
    assert found.answer is not None  # it is written in the same transaction as the row
    return dict(found.answer)


def _plain(value: Any) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)
