"""Verbs about tickets. The database decides every race: a counter row, SKIP LOCKED, constraints."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from sanad.cases import actions as cases
from sanad.centres import queries as centres
from sanad.counter import rules
from sanad.counter.models import Ticket, TicketSeries
from sanad.db.locks import Rank, lock, lock_first_free
from sanad.eventlog.actions import append
from sanad.lib.business_day import business_date
from sanad.lib.ids import new_id


def issue_ticket(
    *, centre: int, group: rules.Group, service_code: str, at: datetime, by: UUID | None
) -> UUID:
    """The next number of a group today: unique and without gaps, whatever the load.

    Raises `CentreClosed` outside opening hours; then no number is used.
    """
    day = business_date(at)
    _require_open(centre, at)
    TicketSeries.objects.get_or_create(centre_id=centre, business_date=day, group=group)
    series = lock(
        Rank.TICKET_SERIES,
        TicketSeries.objects.filter(centre_id=centre, business_date=day, group=group),
    )[0]
    series.last_number += 1
    series.save(update_fields=["last_number"])
    ticket = Ticket(
        id=new_id(), centre_id=centre, business_date=day, group=group, number=series.last_number,
        service_code=service_code, issued_at=at, rank_at=at,
    )  # fmt: skip
    ticket.save(force_insert=True)
    _record("ticket.issued", ticket, at=at, by=by)
    return ticket.id


def call_next(*, centre: int, point: int, at: datetime, by: UUID) -> UUID:
    """Call whoever has waited longest. Two operators never get the same person.

    Raises `NobodyWaiting`, or `OneInHand` while another ticket is in hand.
    """
    _require_empty_hands(by)
    waiting = Ticket.objects.filter(
        centre_id=centre, business_date=business_date(at), status=rules.WAITING
    ).order_by("rank_at", "id")
    ticket = lock_first_free(Rank.TICKET, waiting)
    if ticket is None:
        raise rules.NobodyWaiting
    return _call(ticket, point=point, at=at, by=by)


def call_back(*, ticket: UUID, point: int, at: datetime, by: UUID) -> UUID:
    """Call a ticket that was on hold or not there. Raises `TicketElsewhere` or `OneInHand`."""
    _require_empty_hands(by)
    found = _locked(ticket, rules.HELD, rules.NO_SHOW)
    return _call(found, point=point, at=at, by=by)


def recall(*, ticket: UUID, at: datetime, by: UUID) -> int:
    """Call again; the how-manieth call it is. Raises `TicketElsewhere`."""
    found = _locked(ticket, rules.CALLED)
    found.calls += 1
    found.save(update_fields=["calls"])
    _record("ticket.recalled", found, at=at, by=by)
    return found.calls


def hold(*, ticket: UUID, reason: str, at: datetime, by: UUID) -> None:
    """Put aside with a reason. Raises `HoldReasonMissing` or `TicketElsewhere`."""
    if not reason.strip():
        raise rules.HoldReasonMissing
    found = _locked(ticket, rules.CALLED)
    _put(found, rules.HELD, hold_reason=reason.strip()[:200])
    _record("ticket.held", found, at=at, by=by)


def return_to_line(*, ticket: UUID, at: datetime, by: UUID) -> None:
    """Back in line, at its own old place. Raises `TicketElsewhere`."""
    found = _locked(ticket, rules.CALLED, rules.HELD, rules.NO_SHOW)
    _put(found, rules.WAITING, hold_reason="")
    _record("ticket.returned", found, at=at, by=by)


def mark_no_show(*, ticket: UUID, at: datetime, by: UUID) -> None:
    """The person did not come. Raises `TicketElsewhere`."""
    found = _locked(ticket, rules.CALLED)
    _put(found, rules.NO_SHOW)
    _record("ticket.no_show", found, at=at, by=by)


def start(*, ticket: UUID, at: datetime, by: UUID) -> UUID:
    """The person sits down; the visit's id. Raises `TicketElsewhere` or `VisitOpenAlready`."""
    found = _locked(ticket, rules.CALLED)
    if found.called_by != by:
        raise rules.TicketElsewhere(ticket=rules.ticket_name(found.group, found.number))
    waited = round((at - found.issued_at).total_seconds())
    visit = cases.start_visit(
        centre=found.centre_id, channel="hall", point=found.point, at=at, by=by,
        ticket=found.id, wait_seconds=max(waited, 0),
    )  # fmt: skip
    found.status, found.visit_id = rules.SERVING, visit
    found.save(update_fields=["status", "visit"])
    return visit


def receive_walk_in(
    *, centre: int, group: rules.Group, service_code: str, point: int, at: datetime, by: UUID
) -> tuple[UUID, UUID]:
    """A number, its call and the beginning at once, for whoever comes while nobody waits.

    The ticket and the visit. Raises `OthersWait`, `CentreClosed`, `OneInHand`, `VisitOpenAlready`.
    """
    _require_empty_hands(by)
    ticket = issue_ticket(centre=centre, group=group, service_code=service_code, at=at, by=by)
    waiting = Ticket.objects.filter(
        centre_id=centre, business_date=business_date(at), status=rules.WAITING
    )
    if waiting.exclude(id=ticket).exists():
        raise rules.OthersWait
    _call(_locked(ticket, rules.WAITING), point=point, at=at, by=by)
    return ticket, start(ticket=ticket, at=at, by=by)


def serve_without_ticket(*, centre: int, point: int | None, at: datetime, by: UUID) -> UUID:
    """Somebody comes straight to the counter; the visit's id."""
    _require_empty_hands(by)
    return cases.start_visit(centre=centre, channel="quick", point=point, at=at, by=by)


def finish(
    *, visit: UUID, at: datetime, by: UUID, last: Callable[[], object] = lambda: None
) -> None:
    """The person leaves; the ticket, where there is one, is done. Raises `VisitOver`.

    `last` is what is still done in the visit, in the same transaction: it comes after the ticket
    is locked, for a ticket comes before a visit in the order of locks.
    """
    found = lock(Rank.TICKET, Ticket.objects.filter(visit_id=visit, status=rules.SERVING))
    last()
    for ticket in found:
        ticket.status = rules.DONE
        ticket.save(update_fields=["status"])
    cases.end_visit(visit=visit, at=at, by=by, **{"ticket": found[0].id} if found else {})


def _call(ticket: Ticket, *, point: int, at: datetime, by: UUID) -> UUID:
    ticket.status, ticket.called_at, ticket.called_by = rules.CALLED, at, by
    ticket.point, ticket.calls = point, ticket.calls + 1
    try:
        with transaction.atomic():
            ticket.save(update_fields=["status", "called_at", "called_by", "point", "calls"])
    except IntegrityError as error:
        raise rules.OneInHand(ticket="") from error
    _record("ticket.called", ticket, at=at, by=by, point=point)
    return ticket.id


def _put(ticket: Ticket, status: str, **changes: object) -> None:
    ticket.status, ticket.called_by = status, None
    for name, value in changes.items():
        setattr(ticket, name, value)
    ticket.save(update_fields=["status", "called_by", *changes])


def _locked(ticket: UUID, *statuses: str) -> Ticket:
    found = lock(Rank.TICKET, Ticket.objects.filter(id=ticket))
    if not found or found[0].status not in statuses:
        name = rules.ticket_name(found[0].group, found[0].number) if found else ""
        raise rules.TicketElsewhere(ticket=name)
    return found[0]


def _require_empty_hands(by: UUID) -> None:
    held = Ticket.objects.filter(called_by=by, status__in=rules.IN_HAND).first()
    if held is not None:
        raise rules.OneInHand(ticket=rules.ticket_name(held.group, held.number))


def _require_open(centre: int, at: datetime) -> None:
    if centres.is_open(centre, at):
        return
    opens = centres.weekly_hours(centre).next_opening(at, centres.holidays(since=business_date(at)))
    raise rules.CentreClosed(opens=f"{opens:%Y-%m-%d %H:%M}" if opens else "-")


def _record(kind: str, ticket: Ticket, *, at: datetime, by: UUID | None, **more: Any) -> None:
    append(
        kind, at=at, by=by, centre=ticket.centre_id, visit=ticket.visit_id, ticket=ticket.id,
        group=ticket.group, number=ticket.number, **more,
    )  # fmt: skip
