"""The one way to read the log, within the reader's scope."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet

from sanad.eventlog.models import Event


def events(
    *,
    centre: int | None = None,
    case: UUID | None = None,
    visit: UUID | None = None,
    kinds: tuple[str, ...] = (),
    since: datetime | None = None,
    before: datetime | None = None,
) -> "QuerySet[Event]":
    """Events that the current scope may see, in the order of a case or else of time.

    Row-level security narrows the rows; the arguments only choose among them.
    """
    found = Event.objects.all()
    if centre is not None:
        found = found.filter(centre_id=centre)
    if case is not None:
        found = found.filter(case_id=case)
    if visit is not None:
        found = found.filter(visit_id=visit)
    if kinds:
        found = found.filter(kind__in=kinds)
    if since is not None:
        found = found.filter(occurred_at__gte=since)
    if before is not None:
        found = found.filter(occurred_at__lt=before)
    return found.order_by("seq" if case is not None else "occurred_at", "id")


def last_moment() -> datetime | None:
    """When the last thing in sight happened."""
    return events().order_by("-occurred_at").values_list("occurred_at", flat=True).first()


@dataclass(frozen=True)
class LastSeal:
    """The newest sealing run: what it took, when, and how its head begins."""

    run_id: int
    events: int
    sealed_at: datetime
    head: str


def last_seal() -> LastSeal | None:
    """The newest sealing run; None where nothing was sealed yet."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT run_id, event_count, sealed_at, encode(head, 'hex') FROM eventlog_sealrun"
            " ORDER BY run_id DESC LIMIT 1"
        )
        row = cursor.fetchone()
    return LastSeal(*row) if row else None


def stray_events() -> int:
    """Rows in the default partition, as the system: their month was never made. An alarm."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM eventlog_event_default")
        return int(cursor.fetchone()[0])
