"""Verbs about tickets. The database decides every race: a counter row, SKIP LOCKED, constraints."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, connection, transaction
from django.db.models import Case, Exists, F, Q, QuerySet, Subquery, TextField, Value, When
from django.db.models.fields.json import KT
from django.db.models.functions import Coalesce, StrIndex

from sanad.cases import actions as cases
from sanad.centres import queries as centres
from sanad.counter import rules
from sanad.counter.models import CallTurn, LineSetting, Ticket, TransferOffer
from sanad.db.locks import Busy, Rank, lock, lock_first_free, locked_by_statement
from sanad.eventlog.actions import append
from sanad.lib.business_day import business_date
from sanad.lib.ids import new_id
from sanad.lib.secrets_in_text import require_no_secret

# Of two calls of one operator the database lets one set the turn; the other is told to try again.
TAKE_TURN = """
    INSERT INTO counter_callturn AS turn (centre_id, account_id, by_arrival) VALUES (%s, %s, true)
    ON CONFLICT (centre_id, account_id) DO UPDATE SET by_arrival = true WHERE NOT turn.by_arrival
"""
NEXT_NUMBER = """
    INSERT INTO counter_ticketseries AS series (centre_id, business_date, "group", last_number)
    VALUES (%s, %s, %s, 1)
    ON CONFLICT (centre_id, business_date, "group")
    DO UPDATE SET last_number = series.last_number + 1
    RETURNING last_number
"""


def issue_ticket(
    *,
    centre: int,
    group: rules.Group,
    service_code: str,
    at: datetime,
    by: UUID | None,
    priority: str = "",
    from_centre: int | None = None,
) -> UUID:
    """The next number of a group today: unique and without gaps, whatever the load.

    `priority` is a `Priority` or nothing; `from_centre` the centre that offered the person.
    The first number of a group on a day also closes what the day before left in line.
    Raises `CentreClosed` outside opening hours; then no number is used.
    """
    day = business_date(at)
    _require_open(centre, at)
    number = _next_number(centre, day, group)
    opened = centres.opened_at(centre, at) if priority else None
    ticket = Ticket(
        id=new_id(), centre_id=centre, business_date=day, group=group, number=number,
        service_code=service_code, issued_at=at, priority=priority, from_centre_id=from_centre,
        rank_at=rules.rank_of(issued_at=at, priority=priority, opened_at=opened),
    )  # fmt: skip
    ticket.save(force_insert=True)
    early = {"early_seconds": round((at - ticket.rank_at).total_seconds())} if priority else {}
    record("ticket.issued", ticket, at=at, by=by, **early)
    if number == 1:
        sweep(centre=centre, at=at)
    return ticket.id


def sweep(*, centre: int, at: datetime) -> int:
    """Close what former days left in line, so that nobody waits for ever; how many there were.

    A centre that keeps its line overnight keeps it for `KEPT_DAYS`. Done twice, it does nothing.
    """
    keeps = LineSetting.objects.filter(centre_id=centre, keeps_overnight=True).exists()
    oldest = rules.oldest_kept(business_date(at), keeps_overnight=keeps)
    # One put aside by an offer, without a reason of its own, comes back when the offer ends.
    in_line = Q(status=rules.WAITING) | (Q(status=rules.HELD) & ~Q(hold_reason=""))
    stale = Ticket.objects.filter(in_line, centre_id=centre, business_date__lt=oldest)
    if not stale.exists():  # nearly always; then nothing is locked
        return 0
    found = lock(Rank.TICKET, stale)
    for ticket in found:
        put(ticket, rules.LEFT, hold_reason="", priority="", note="")
        record("ticket.left", ticket, at=at, by=None)
    return len(found)


def call_next(*, centre: int, point: int, at: datetime, by: UUID) -> UUID:
    """Call whoever is first in line for this counter. Two operators never get the same person.

    The order is by rank; after a call that passed over somebody who came earlier, this operator's
    next call goes by arrival (docs/queue.md). Raises `NobodyWaiting`, or `OneInHand` while another
    ticket is in hand.
    """
    _require_empty_hands(by)
    callable_here = _callable(centre=centre, point=point, at=at, by=by)
    turn = CallTurn.objects.filter(centre_id=centre, account_id=by).values("by_arrival")
    waiting = callable_here.annotate(
        by_arrival=Coalesce(Subquery(turn), False),
        place=Case(When(by_arrival=True, then=F("issued_at")), default=F("rank_at")),
    ).order_by("place", "id")
    ticket = lock_first_free(Rank.TICKET, waiting)
    if ticket is None:
        raise rules.NobodyWaiting
    called = _call(ticket, point=point, at=at, by=by)
    _take_turn(ticket, callable_here, by=by)
    return called


def call_back(*, ticket: UUID, point: int, at: datetime, by: UUID) -> UUID:
    """Call a ticket that was on hold or not there. Raises `TicketElsewhere` or `OneInHand`."""
    _require_empty_hands(by)
    found = locked(ticket, rules.HELD, rules.NO_SHOW)
    withdraw_offer_of(found, at=at, by=by)
    return _call(found, point=point, at=at, by=by)


def recall(*, ticket: UUID, at: datetime, by: UUID) -> int:
    """Call again; the how-manieth call it is. Raises `TicketElsewhere`."""
    found = locked(ticket, rules.CALLED)
    found.calls += 1
    found.save(update_fields=["calls"])
    record("ticket.recalled", found, at=at, by=by)
    return found.calls


def hold(
    *, ticket: UUID, reason: str, at: datetime, by: UUID, call_back_at: datetime | None = None
) -> None:
    """Put aside with a reason, and perhaps a time at which to call again.

    Raises `HoldReasonMissing`, `SecretRefused` or `TicketElsewhere`.
    """
    if not reason.strip():
        raise rules.HoldReasonMissing
    require_no_secret(reason)
    found = locked(ticket, rules.CALLED)
    put(found, rules.HELD, hold_reason=reason.strip()[:200], call_back_at=call_back_at)
    record("ticket.held", found, at=at, by=by)


def return_to_line(*, ticket: UUID, at: datetime, by: UUID) -> None:
    """Back in line, at its own old place. Raises `TicketElsewhere`."""
    found = locked(ticket, rules.CALLED, rules.HELD, rules.NO_SHOW)
    withdraw_offer_of(found, at=at, by=by)
    put(found, rules.WAITING, hold_reason="", call_back_at=None)
    record("ticket.returned", found, at=at, by=by)


def mark_no_show(*, ticket: UUID, at: datetime, by: UUID) -> None:
    """The person did not come. Raises `TicketElsewhere`."""
    found = locked(ticket, rules.CALLED)
    put(found, rules.NO_SHOW)
    record("ticket.no_show", found, at=at, by=by)


def start(*, ticket: UUID, at: datetime, by: UUID) -> UUID:
    """The person sits down; the visit's id. Raises `TicketElsewhere` or `VisitOpenAlready`."""
    found = locked(ticket, rules.CALLED)
    if found.called_by != by:
        raise rules.TicketElsewhere(ticket=rules.ticket_name(found.group, found.number))
    waited = round((at - (found.waits_since or found.issued_at)).total_seconds())
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
    if _callable(centre=centre, point=point, at=at, by=by).exclude(id=ticket).exists():
        raise rules.OthersWait
    _call(locked(ticket, rules.WAITING), point=point, at=at, by=by)
    return ticket, start(ticket=ticket, at=at, by=by)


def serve_without_ticket(
    *, centre: int, point: int | None, at: datetime, by: UUID, channel: str = "quick"
) -> UUID:
    """Somebody comes straight to the counter, calls or writes; the visit's id.

    `channel` is one of `cases.WITHOUT_TICKET`.
    """
    assert channel in cases.WITHOUT_TICKET
    _require_empty_hands(by)
    return cases.start_visit(centre=centre, channel=channel, point=point, at=at, by=by)


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
        ticket.status, ticket.priority, ticket.note = rules.DONE, "", ""
        ticket.save(update_fields=["status", "priority", "note"])
    cases.end_visit(visit=visit, at=at, by=by, **{"ticket": found[0].id} if found else {})


def confirm_priority(*, ticket: UUID, at: datetime, by: UUID) -> None:
    """Staff saw that it is so. Raises `NoPriority` or `TicketElsewhere`."""
    found = _with_priority(ticket)
    found.priority_confirmed_by = by
    found.save(update_fields=["priority_confirmed_by"])
    record("ticket.priority_confirmed", found, at=at, by=by)


def withdraw_priority(*, ticket: UUID, at: datetime, by: UUID) -> None:
    """Back to its own time in line. Raises `NoPriority` or `TicketElsewhere`."""
    found = _with_priority(ticket)
    found.priority, found.priority_confirmed_by, found.rank_at = "", None, found.issued_at
    found.save(update_fields=["priority", "priority_confirmed_by", "rank_at"])
    record("ticket.priority_withdrawn", found, at=at, by=by)


# -- shared by the verbs of this room -------------------------------------------------------------


def locked(ticket: UUID, *statuses: str) -> Ticket:
    """The ticket, locked, in one of the statuses. Raises `TicketElsewhere`."""
    found = lock(Rank.TICKET, Ticket.objects.filter(id=ticket))
    if not found or found[0].status not in statuses:
        name = rules.ticket_name(found[0].group, found[0].number) if found else ""
        raise rules.TicketElsewhere(ticket=name)
    return found[0]


def put(ticket: Ticket, status: str, **changes: object) -> None:
    """Give a locked ticket out of whoever's hands it is in."""
    ticket.status, ticket.called_by = status, None
    for name, value in changes.items():
        setattr(ticket, name, value)
    ticket.save(update_fields=["status", "called_by", *changes])


def withdraw_offer_of(ticket: Ticket, *, at: datetime, by: UUID) -> None:
    """A ticket wanted here again is offered nowhere. Raises `TicketElsewhere` once taken."""
    if ticket.status != rules.HELD:
        return
    offers = TransferOffer.objects.filter(ticket=ticket)
    for offer in lock(Rank.OFFER, offers.filter(state=rules.Offer.OFFERED)):
        decide(offer, rules.Offer.WITHDRAWN, at=at, by=by)
    if offers.filter(state=rules.Offer.ACCEPTED).exists():
        raise rules.TicketElsewhere(ticket=rules.ticket_name(ticket.group, ticket.number))


def decide(
    offer: TransferOffer,
    state: rules.Offer,
    *,
    at: datetime,
    by: UUID | None,
    accepted_ticket: UUID | None = None,
) -> None:
    """Write what became of a locked offer, at the centre that says so."""
    offer.state, offer.decided_at, offer.decided_by = state, at, by
    offer.accepted_ticket_id = accepted_ticket
    offer.save(update_fields=["state", "decided_at", "decided_by", "accepted_ticket"])
    is_answer = state in (rules.Offer.ACCEPTED, rules.Offer.DECLINED)
    append(
        f"offer.{state}", at=at, by=by, offer=offer.id, from_centre=offer.from_centre_id,
        to_centre=offer.to_centre_id,
        centre=offer.to_centre_id if is_answer else offer.from_centre_id,
    )  # fmt: skip


def record(kind: str, ticket: Ticket, *, at: datetime, by: UUID | None, **more: Any) -> None:
    """Append what happened to a ticket."""
    append(
        kind, at=at, by=by, centre=ticket.centre_id, visit=ticket.visit_id, ticket=ticket.id,
        group=ticket.group, number=ticket.number, **more,
    )  # fmt: skip


# -- within this file -----------------------------------------------------------------------------


def _next_number(centre: int, day: date, group: rules.Group) -> int:
    """The series moves on by one; its row is held until the transaction ends."""
    with locked_by_statement(Rank.TICKET_SERIES), connection.cursor() as cursor:
        cursor.execute(NEXT_NUMBER, [centre, day, group])
        return int(cursor.fetchone()[0])


def _callable(*, centre: int, point: int, at: datetime, by: UUID) -> "QuerySet[Ticket]":
    """Who waits for anybody here, for this counter, or for this operator."""
    day = business_date(at)
    setting = LineSetting.objects.filter(centre_id=centre)
    oldest = Case(
        When(
            Exists(setting.filter(keeps_overnight=True)),
            then=Value(rules.oldest_kept(day, keeps_overnight=True)),
        ),
        default=Value(day),
    )
    group = Case(When(line_group="", then=F("group")), default=F("line_group"))
    served = Coalesce(
        Subquery(setting.values(served=KT(f"point_groups__{rules.point_key(point)}"))),
        Value("".join(rules.Group)),
        output_field=TextField(),
    )
    long_sent = at - timedelta(minutes=rules.SENT_MINUTES)
    nobodys = Q(for_point=None, for_account=None) | Q(sent_at__lte=long_sent)
    return Ticket.objects.alias(letter_at=StrIndex(served, group)).filter(
        Q(for_point=point) | Q(for_account=by) | (nobodys & Q(letter_at__gt=0)),
        centre_id=centre, business_date__gte=oldest, status=rules.WAITING,
    )  # fmt: skip


def _take_turn(ticket: Ticket, callable_here: "QuerySet[Ticket]", *, by: UUID) -> None:
    """Remember whether this call passed over somebody ordinary who came earlier."""
    turns = CallTurn.objects.filter(centre_id=ticket.centre_id, account_id=by)
    if ticket.by_arrival:  # type: ignore[attr-defined]
        turns.update(by_arrival=False)
        return
    if ticket.rank_at == ticket.issued_at:
        return
    if not callable_here.filter(priority="", issued_at__lt=ticket.issued_at).exists():
        return
    with connection.cursor() as cursor:
        cursor.execute(TAKE_TURN, [ticket.centre_id, by])
        if not cursor.rowcount:
            raise Busy


def _call(ticket: Ticket, *, point: int, at: datetime, by: UUID) -> UUID:
    ticket.status, ticket.called_at, ticket.called_by = rules.CALLED, at, by
    ticket.point, ticket.calls = point, ticket.calls + 1
    try:
        with transaction.atomic(savepoint=False):
            ticket.save(update_fields=["status", "called_at", "called_by", "point", "calls"])
    except IntegrityError as error:
        raise rules.OneInHand(ticket="") from error
    record("ticket.called", ticket, at=at, by=by, point=point)
    return ticket.id


def _require_empty_hands(by: UUID) -> None:
    held = Ticket.objects.filter(called_by=by, status__in=rules.IN_HAND)
    for group, number in held.values_list("group", "number")[:1]:
        raise rules.OneInHand(ticket=rules.ticket_name(group, number))


def _require_open(centre: int, at: datetime) -> None:
    if centres.is_open(centre, at):
        return
    opens = centres.weekly_hours(centre).next_opening(at, centres.holidays(since=business_date(at)))
    raise rules.CentreClosed(opens=f"{opens:%Y-%m-%d %H:%M}" if opens else "-")


def _with_priority(ticket: UUID) -> Ticket:
    found = locked(ticket, rules.WAITING, rules.CALLED, rules.HELD, rules.NO_SHOW)
    if not found.priority:
        raise rules.NoPriority(ticket=rules.ticket_name(found.group, found.number))
    return found
