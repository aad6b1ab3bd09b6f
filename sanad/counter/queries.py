"""Reads about the line, for the desk and the hall."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet

from sanad.catalogue import queries as catalogue
from sanad.counter import rules
from sanad.counter.models import Ticket
from sanad.lib.bilingual import Text
from sanad.lib.business_day import business_date

# Waiting longer than this is marked on the desk. Ours to set: no target is published.
LONG_WAIT_MINUTES = 15


@dataclass(frozen=True)
class TicketView:
    """A place in line."""

    id: UUID
    name: str
    group: Text
    service: Text | None
    service_code: str
    status: str
    issued_at: datetime
    called_at: datetime | None
    point: int | None
    calls: int
    hold_reason: str
    ahead: int
    minutes: int  # since it was issued

    @property
    def is_long(self) -> bool:
        return self.minutes >= LONG_WAIT_MINUTES


@dataclass(frozen=True)
class Followed:
    """A place in line as its holder follows it from afar."""

    name: str
    centre_id: int
    status: str
    point: int | None
    ahead: int


def line(centre: int, *, at: datetime) -> dict[str, list[TicketView]]:
    """Today's tickets that are waiting, on hold or not there. Some 40 rows at the worst peak."""
    found = _today(centre, at).filter(status__in=(rules.WAITING, rules.HELD, rules.NO_SHOW))
    tickets = list(found.order_by("rank_at", "id"))
    return {
        status: [
            _view(t, at, ahead) for ahead, t in enumerate(t for t in tickets if t.status == status)
        ]
        for status in (rules.WAITING, rules.HELD, rules.NO_SHOW)
    }


def in_hand(account: UUID, *, at: datetime) -> TicketView | None:
    """The ticket that an operator has called or is serving."""
    found = Ticket.objects.filter(called_by=account, status__in=rules.IN_HAND).first()
    return _view(found, at, 0) if found else None


def board(centre: int, *, at: datetime) -> list[TicketView]:
    """The last calls, newest first: what the hall shows. Numbers only, never names."""
    found = _today(centre, at).filter(status__in=rules.IN_HAND).order_by("-called_at")[:6]
    return [_view(t, at, 0) for t in found]


def ticket(ticket_id: UUID, *, at: datetime) -> TicketView | None:
    """One ticket with the number of people ahead of it."""
    t = Ticket.objects.filter(id=ticket_id).first()
    if t is None:
        return None
    before = Q(rank_at__lt=t.rank_at) | Q(rank_at=t.rank_at, id__lt=t.id)
    ahead = _today(t.centre_id, t.issued_at).filter(before, status=rules.WAITING)
    return _view(t, at, ahead.count())


def named(ticket_id: UUID) -> tuple[str, str]:
    """A ticket's name and the service that it was for, in sight."""
    group, number, service = Ticket.objects.values_list("group", "number", "service_code").get(
        id=ticket_id
    )
    return rules.ticket_name(group, number), service


def asked_for(visit: UUID) -> str:
    """The service that the ticket of a visit was for; empty where there is none."""
    found = Ticket.objects.filter(visit_id=visit).values_list("service_code", flat=True).first()
    return found or ""


def follow(ticket_id: UUID) -> Followed | None:
    """What whoever holds a ticket's code sees of it, as anybody; None for an unknown code."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM counter_follow(%s)", [ticket_id])
        row = cursor.fetchone()
    if row is None:
        return None
    centre, group, number, status, point, ahead = row
    return Followed(rules.ticket_name(group, number), centre, status, point, ahead)


def waiting_count(centre: int, *, at: datetime) -> int:
    return _today(centre, at).filter(status=rules.WAITING).count()


def _today(centre: int, at: datetime) -> "QuerySet[Ticket]":
    return Ticket.objects.filter(centre_id=centre, business_date=business_date(at))


def _view(t: Ticket, at: datetime, ahead: int) -> TicketView:
    service = None
    if t.service_code:
        service = catalogue.service(t.service_code, business_date(at)).name
    return TicketView(
        id=t.id, name=rules.ticket_name(t.group, t.number),
        group=rules.GROUP_NAMES[rules.Group(t.group)], service=service,
        service_code=t.service_code, status=t.status, issued_at=t.issued_at,
        called_at=t.called_at, point=t.point, calls=t.calls, hold_reason=t.hold_reason,
        ahead=ahead, minutes=max(int((at - t.issued_at).total_seconds() // 60), 0),
    )  # fmt: skip
