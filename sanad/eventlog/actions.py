"""The one function that appends to the log."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection
from psycopg.types.json import Jsonb

from sanad.eventlog.kinds import kind as registered
from sanad.eventlog.kinds import plain
from sanad.lib.ids import new_id

MONTHS_AHEAD = 24


@dataclass(frozen=True)
class ObjectLink:
    """A further object of an event: (type, id, how it takes part)."""

    object_type: str
    object_id: str
    qualifier: str


def append(
    kind: str,
    *,
    at: datetime,
    by: UUID | None,
    centre: int | None = None,
    visit: UUID | None = None,
    case: UUID | None = None,
    seq: int | None = None,
    objects: Iterable[ObjectLink] = (),
    **payload: Any,
) -> UUID:
    """Record what happened, in the transaction that made it happen; the event's id.

    `at` is domain time (aware UTC), `by` the account that acted or None for nobody's hands.
    `seq` numbers the events of `case` and is given by whoever holds the case's row lock.
    Raises `UnknownKind` or `PayloadNotAllowed` for mistakes of the program.
    """
    assert at.tzinfo, "domain time is aware"
    payload = {name: plain(value) for name, value in payload.items()}
    registered(kind).check(payload)
    event = new_id()
    row: list[Any] = [event, kind, at, centre, by, visit, case, seq, Jsonb(payload)]
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO eventlog_event (id, kind, occurred_at, centre_id, actor_id, visit_id,"
            " case_id, seq, payload) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)",
            row,
        )
        for link in objects:
            cursor.execute(
                "INSERT INTO eventlog_eventobject (occurred_at, event_id, centre_id, object_type,"
                " object_id, qualifier) VALUES (%s, %s, %s, %s, %s, %s)",
                [at, event, centre, link.object_type, link.object_id, link.qualifier],
            )
    return event


def ensure_months(*, first: date, last: date) -> int:
    """Partitions for the months of `first` to `last`; how many were made."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT eventlog_ensure_months(%s, %s)", [first, last])
        return int(cursor.fetchone()[0])
