"""Sending a ticket on: to another service, to one counter, to one colleague of the centre.

The number stays and so does the place in line. A visit that is open ends; whoever takes the ticket
next starts another.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from sanad.accounts import queries as accounts
from sanad.cases import actions as cases
from sanad.catalogue import queries as catalogue
from sanad.centres import queries as centres
from sanad.counter import rules
from sanad.counter.actions import locked, put, record
from sanad.counter.models import Ticket
from sanad.lib.business_day import business_date
from sanad.lib.refusal import N_, Refused
from sanad.lib.secrets_in_text import require_no_secret


class NoSuchPoint(Refused):
    code = "counter.no_such_point"
    sentence = N_("This centre has no counter {point}. Choose one of those shown.")


class NoSuchColleague(Refused):
    code = "counter.no_such_colleague"
    sentence = N_("That person does not serve at this centre now. Choose one of those shown.")


def to_service(
    *, ticket: UUID, service_code: str, note: str = "", at: datetime, by: UUID
) -> UUID | None:
    """Into the line of another service; the visit that ended, if one was open.

    Raises `NoSuchService`, `ServiceWithdrawn`, `SecretRefused` or `TicketElsewhere`.
    """
    service = catalogue.service(service_code, business_date(at))
    cases.require_offered(service)
    return _send(
        ticket, note, at=at, by=by, to="service", said={"service": service.code},
        service_code=service.code, line_group=rules.group_of(service.entity.number),
    )  # fmt: skip


def to_point(*, ticket: UUID, point: int, note: str = "", at: datetime, by: UUID) -> UUID | None:
    """To whoever sits at a counter; the visit that ended, if one was open.

    Raises `NoSuchPoint`, `SecretRefused` or `TicketElsewhere`.
    """
    return _send(ticket, note, at=at, by=by, to="point", said={"point": point}, for_point=point)


def to_colleague(
    *, ticket: UUID, account: UUID, note: str = "", at: datetime, by: UUID
) -> UUID | None:
    """To one person who works here; the visit that ended, if one was open.

    Raises `NoSuchColleague`, `SecretRefused` or `TicketElsewhere`.
    """
    said = {"account": account}
    return _send(ticket, note, at=at, by=by, to="colleague", said=said, for_account=account)


def take_out(ticket: UUID, *, at: datetime, by: UUID) -> tuple[Ticket, UUID | None]:
    """A waiting ticket, or one in one's own hands, locked; the visit that this ended.

    Raises `TicketElsewhere`.
    """
    found = locked(ticket, rules.WAITING, *rules.IN_HAND)
    if found.status in rules.IN_HAND and found.called_by != by:
        raise rules.TicketElsewhere(ticket=rules.ticket_name(found.group, found.number))
    visit = found.visit_id
    if visit is not None:
        put(found, rules.WAITING, visit=None, waits_since=at)
        cases.end_visit(visit=visit, at=at, by=by)
    return found, visit


def _send(
    ticket: UUID, note: str, *, at: datetime, by: UUID, to: str, said: dict[str, Any], **where: Any
) -> UUID | None:
    require_no_secret(note)
    found, visit = take_out(ticket, at=at, by=by)
    _require_there(found.centre_id, **where)
    sent = {"for_point": None, "for_account": None, "sent_at": at, "point": None}
    put(found, rules.WAITING, **(sent | where), note=note.strip()[: rules.NOTE_LENGTH])
    record("ticket.transferred", found, at=at, by=by, to=to, **said)
    return visit


def _require_there(
    centre: int, *, for_point: int | None = None, for_account: UUID | None = None, **others: Any
) -> None:
    if for_point is not None and for_point not in centres.points(centre):
        raise NoSuchPoint(point=for_point)
    if for_account is not None and for_account not in {
        member.account_id for member in accounts.staff_of(centre)
    }:
        raise NoSuchColleague
