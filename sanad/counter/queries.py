"""Reads about the line, for the desk and the hall."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from django.db import connection
from django.db.models import Case, Exists, Q, QuerySet, Value, When

from sanad.accounts import queries as accounts
from sanad.catalogue import queries as catalogue
from sanad.catalogue.queries import NoSuchService
from sanad.centres import queries as centres
from sanad.counter import rules
from sanad.counter.models import LineSetting, ShiftNote, Ticket, TransferOffer
from sanad.lib.bilingual import Text
from sanad.lib.business_day import business_date

# Waiting longer than this is marked on the desk. Ours to set: no target is published.
LONG_WAIT_MINUTES = 15
LATEST = datetime.max.replace(tzinfo=UTC)
NOTES_SHOWN = 5


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
    day: date | None = None  # of its number, where that is not today
    priority: Text | None = None
    is_confirmed: bool = False
    for_point: int | None = None
    for_name: Text | None = None
    note: str = ""
    call_back_at: datetime | None = None
    is_due: bool = False
    from_centre: Text | None = None

    @property
    def is_long(self) -> bool:
        return self.minutes >= LONG_WAIT_MINUTES

    @property
    def is_offered(self) -> bool:
        """Put aside by an offer to another centre, and not by hand."""
        return self.status == rules.HELD and not self.hold_reason


@dataclass(frozen=True)
class Followed:
    """A place in line as its holder follows it from afar."""

    name: str
    centre_id: int
    status: str
    point: int | None
    ahead: int
    day: date
    moved_to: UUID | None


@dataclass(frozen=True)
class OfferView:
    """An open offer, as either centre sees it."""

    id: UUID
    ticket: UUID
    name: str
    service: Text | None
    group: Text
    from_centre: Text
    to_centre: Text
    note: str
    made_at: datetime
    ends_at: datetime


@dataclass(frozen=True)
class NoteView:
    """A note for the next shift that nobody has taken over."""

    id: UUID
    text: str
    at: datetime
    by: Text | None


@dataclass(frozen=True)
class Choices:
    """What a centre chose about its line; a counter that is not named serves every group."""

    keeps_overnight: bool
    point_groups: dict[int, frozenset[rules.Group]]


def line(centre: int, *, at: datetime) -> dict[str, list[TicketView]]:
    """The tickets that are waiting, on hold or not there. Some 40 rows at the worst peak.

    Waiting ones in the order in which they are called, held ones by when to call them back.
    """
    found = _in_line(centre, at).filter(status__in=(rules.WAITING, rules.HELD, rules.NO_SHOW))
    tickets = list(found.order_by("rank_at", "id"))
    views = _views(tickets, at)
    by_status = {
        status: [view for view in views if view.status == status]
        for status in (rules.WAITING, rules.HELD, rules.NO_SHOW)
    }
    by_status[rules.HELD].sort(key=lambda view: view.call_back_at or LATEST)
    return by_status


def in_hand(account: UUID, *, at: datetime) -> TicketView | None:
    """The ticket that an operator has called or is serving."""
    found = Ticket.objects.filter(called_by=account, status__in=rules.IN_HAND)[:1]
    return next(iter(_views(found, at)), None)


def board(centre: int, *, at: datetime) -> list[TicketView]:
    """The last calls, newest first: what the hall shows. Numbers only, never names."""
    found = _in_line(centre, at).filter(status__in=rules.IN_HAND).order_by("-called_at")[:6]
    return _views(found, at)


def ticket(ticket_id: UUID, *, at: datetime) -> TicketView | None:
    """One ticket with the number of people ahead of it."""
    t = Ticket.objects.filter(id=ticket_id).first()
    if t is None:
        return None
    before = Q(rank_at__lt=t.rank_at) | Q(rank_at=t.rank_at, id__lt=t.id)
    ahead = _in_line(t.centre_id, at).filter(before, status=rules.WAITING)
    return _views([t], at, ahead=ahead.count())[0]


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


def follow(ticket_id: UUID, *, at: datetime) -> Followed | None:
    """What whoever holds a ticket's code sees of it, as anybody; None for an unknown code."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM counter_follow(%s, %s)", [ticket_id, business_date(at)])
        row = cursor.fetchone()
    if row is None:
        return None
    centre, day, group, number, status, point, ahead, moved_to = row
    name = rules.ticket_name(group, number)
    return Followed(name, centre, status, point, ahead, day, moved_to)


def waiting_count(centre: int, *, at: datetime) -> int:
    return _in_line(centre, at).filter(status=rules.WAITING).count()


def open_offers(centre: int, *, at: datetime) -> tuple[list[OfferView], list[OfferView]]:
    """Offers to this centre, and those it made, that wait for an answer; the oldest first."""
    youngest = at - timedelta(minutes=rules.OFFER_MINUTES)
    live = list(
        TransferOffer.objects.filter(
            Q(from_centre=centre) | Q(to_centre=centre),
            state=rules.Offer.OFFERED, made_at__gt=youngest,
        ).select_related("from_centre", "to_centre").order_by("made_at")
    )  # fmt: skip
    into = [_offer(o, at) for o in live if o.to_centre_id == centre]
    return into, [_offer(o, at) for o in live if o.from_centre_id == centre]


def notes(centre: int) -> list[NoteView]:
    """The notes that nobody has taken over, the newest first; at most `NOTES_SHOWN`."""
    found = list(ShiftNote.objects.filter(centre_id=centre, taken_at=None).order_by("-at"))
    names = accounts.names_of({note.by for note in found}) if found else {}
    return [NoteView(n.id, n.text, n.at, names.get(n.by)) for n in found[:NOTES_SHOWN]]


def choices(centre: int) -> Choices:
    """What a centre chose; the line is not kept overnight unless it says so."""
    setting = LineSetting.objects.filter(centre_id=centre).first()
    if setting is None:
        return Choices(False, {})
    groups = {
        rules.point_of(key): frozenset(map(rules.Group, letters))
        for key, letters in setting.point_groups.items()
    }
    return Choices(setting.keeps_overnight, groups)


def expired_offers(*, at: datetime) -> list[tuple[UUID, int]]:
    """Open offers that nobody answered in time, with the centre that made them; as the system."""
    oldest = at - timedelta(minutes=rules.OFFER_MINUTES)
    live = TransferOffer.objects.filter(state=rules.Offer.OFFERED, made_at__lte=oldest)
    return list(live.order_by("made_at").values_list("id", "from_centre_id"))


def answered_offers(*, at: datetime) -> list[tuple[UUID, int]]:
    """Answers of the last day that have not taken effect, with the centre that asked."""
    answered = TransferOffer.objects.filter(
        state__in=(rules.Offer.ACCEPTED, rules.Offer.DECLINED),
        decided_at__gt=at - timedelta(days=1), ticket__status=rules.HELD, ticket__hold_reason="",
    )  # fmt: skip
    return list(answered.order_by("decided_at").values_list("id", "from_centre_id"))


def centres_with_old_tickets(*, at: datetime) -> list[int]:
    """Centres where somebody of a former day is still in line; as the system."""
    old = Ticket.objects.filter(
        business_date__lt=business_date(at), status__in=(rules.WAITING, rules.HELD)
    )
    return list(old.order_by("centre_id").values_list("centre_id", flat=True).distinct())


def _in_line(centre: int, at: datetime) -> "QuerySet[Ticket]":
    """Today's tickets, and those of former days where the centre keeps its line overnight."""
    day = business_date(at)
    keeps = LineSetting.objects.filter(centre_id=centre, keeps_overnight=True)
    kept = Value(rules.oldest_kept(day, keeps_overnight=True))
    oldest = Case(When(Exists(keeps), then=kept), default=Value(day))
    return Ticket.objects.filter(centre_id=centre, business_date__gte=oldest)


def _views(found: Iterable[Ticket], at: datetime, *, ahead: int | None = None) -> list[TicketView]:
    """Tickets as seen; names are read once for all, and only where somebody is named."""
    tickets = list(found)
    people = {t.for_account for t in tickets if t.for_account}
    names = accounts.names_of(people) if people else {}
    origins = {
        number: centres.centre(number).name
        for number in {t.from_centre_id for t in tickets if t.from_centre_id}
    }
    return [
        _view(t, at, n if ahead is None else ahead, names, origins) for n, t in enumerate(tickets)
    ]


def _view(
    t: Ticket, at: datetime, ahead: int, names: dict[UUID, Text], origins: dict[int, Text]
) -> TicketView:
    today = business_date(at)
    return TicketView(
        id=t.id, name=rules.ticket_name(t.group, t.number),
        group=rules.GROUP_NAMES[rules.Group(t.line_group or t.group)],
        service=_service(t.service_code, at), service_code=t.service_code, status=t.status,
        issued_at=t.issued_at, called_at=t.called_at, point=t.point, calls=t.calls,
        hold_reason=t.hold_reason, ahead=ahead,
        minutes=max(int((at - (t.waits_since or t.issued_at)).total_seconds() // 60), 0),
        day=None if t.business_date == today else t.business_date,
        priority=rules.PRIORITY_NAMES[rules.Priority(t.priority)] if t.priority else None,
        is_confirmed=t.priority_confirmed_by is not None,
        for_point=t.for_point, for_name=names.get(t.for_account) if t.for_account else None,
        note=t.note, call_back_at=t.call_back_at,
        is_due=t.call_back_at is not None and t.call_back_at <= at,
        from_centre=origins.get(t.from_centre_id) if t.from_centre_id else None,
    )  # fmt: skip


def _offer(o: TransferOffer, at: datetime) -> OfferView:
    return OfferView(
        id=o.id, ticket=o.ticket_id, name=o.name, service=_service(o.service_code, at),
        group=rules.GROUP_NAMES[rules.Group(o.group)],
        from_centre=Text(o.from_centre.name_ar, o.from_centre.name_en),
        to_centre=Text(o.to_centre.name_ar, o.to_centre.name_en), note=o.note, made_at=o.made_at,
        ends_at=o.made_at + timedelta(minutes=rules.OFFER_MINUTES),
    )  # fmt: skip


def _service(code: str, at: datetime) -> Text | None:
    """The name of a service asked for; None once it is in the catalogue no more."""
    if not code:
        return None
    try:
        return catalogue.service(code, business_date(at)).name
    except NoSuchService:
        return None
