"""A person in line offered to another centre, which accepts or declines.

While the offer is open the ticket is put aside at the first centre. Once it is accepted the other
centre has given a ticket of its own, and the first one is closed; in every other case it goes back
to its own old place. What the other centre said is carried home by a job (`settle`).
"""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, connection, transaction

from sanad.cases import queries as cases
from sanad.catalogue import queries as catalogue
from sanad.centres import queries as centres
from sanad.counter import rules
from sanad.counter.actions import decide, issue_ticket, locked, put, record
from sanad.counter.models import Ticket, TransferOffer
from sanad.counter.transfers import take_out
from sanad.db import jobs
from sanad.db.locks import Rank, lock
from sanad.eventlog.actions import append
from sanad.lib.business_day import business_date
from sanad.lib.ids import new_id
from sanad.lib.refusal import N_, Refused
from sanad.lib.secrets_in_text import require_no_secret


class OfferGone(Refused):
    code = "counter.offer_gone"
    sentence = N_("This offer is not open any more: it was answered, taken back or ran out.")


class OfferedAlready(Refused):
    code = "counter.offered_already"
    sentence = N_(
        "Ticket {ticket} is offered to another centre already. Take that offer back first."
    )


class CentreNotOffered(Refused):
    code = "counter.centre_not_offered"
    sentence = N_(
        "“{centre}” cannot take anybody now: it is this centre, or is closed. Choose another."
    )


def make_offer(
    *, ticket: UUID, to_centre: int, service_code: str = "", note: str = "", at: datetime, by: UUID
) -> UUID:
    """Offer a waiting person, or the one in one's own hands, to a centre that is open now.

    An open visit ends; whoever sat in it is seen by the other centre if it accepts. Raises
    `NoSuchCentre`, `CentreNotOffered`, `NoSuchService`, `OfferedAlready`, `SecretRefused` or
    `TicketElsewhere`.
    """
    require_no_secret(note)
    there = centres.centre(to_centre)
    found, visit = take_out(ticket, at=at, by=by)
    if to_centre == found.centre_id or not centres.is_open(to_centre, at):
        raise CentreNotOffered(centre=there.name)
    service = service_code or found.service_code
    group = found.line_group or found.group
    if service:
        group = rules.group_of(catalogue.service(service, business_date(at)).entity.number)
    put(found, rules.HELD, hold_reason="", call_back_at=None)
    offer = TransferOffer(
        id=new_id(), ticket=found, name=rules.ticket_name(found.group, found.number),
        from_centre_id=found.centre_id, to_centre_id=to_centre, service_code=service, group=group,
        note=note.strip()[: rules.NOTE_LENGTH], made_at=at, made_by=by,
        visit_id=visit if visit and cases.visit(visit).person else None,
    )  # fmt: skip
    try:
        with transaction.atomic():
            offer.save(force_insert=True)
    except IntegrityError as error:
        raise OfferedAlready(ticket=offer.name) from error
    record("ticket.held", found, at=at, by=by)
    append(
        "offer.made", at=at, by=by, centre=found.centre_id, offer=offer.id,
        from_centre=found.centre_id, to_centre=to_centre,
    )  # fmt: skip
    return offer.id


def accept_offer(*, offer: UUID, at: datetime, by: UUID) -> UUID:
    """Take the person: the ticket given here. Raises `OfferGone` or `CentreClosed`.

    Whoever sat in the visit that the offer ended is seen by this centre from now on.
    """
    seen = TransferOffer.objects.filter(id=offer).first()
    if seen is None:
        raise OfferGone
    ticket = issue_ticket(
        centre=seen.to_centre_id, group=rules.Group(seen.group), service_code=seen.service_code,
        at=at, by=by, from_centre=seen.from_centre_id,
    )  # fmt: skip
    found = _open(offer, at=at)
    decide(found, rules.Offer.ACCEPTED, at=at, by=by, accepted_ticket=ticket)
    with connection.cursor() as cursor:
        cursor.execute("SELECT counter_see_person_of_offer(%s, %s)", [offer, at])
    _defer_settling(found)
    return ticket


def decline_offer(*, offer: UUID, at: datetime, by: UUID) -> None:
    """The person cannot be taken here. Raises `OfferGone`."""
    found = _open(offer, at=at)
    decide(found, rules.Offer.DECLINED, at=at, by=by)
    _defer_settling(found)


def withdraw_offer(*, offer: UUID, at: datetime, by: UUID) -> None:
    """The person is served here after all, at their own old place. Raises `OfferGone`."""
    _end(offer, rules.Offer.WITHDRAWN, at=at, by=by)


def expire_offer(*, offer: UUID, at: datetime) -> None:
    """Nobody answered in `OFFER_MINUTES`. Raises `OfferGone`."""
    _end(offer, rules.Offer.EXPIRED, at=at, by=None)


def settle(*, offer: UUID, at: datetime) -> bool:
    """Let the other centre's answer take effect on the first ticket, once; whether it did.

    A ticket that an offer put aside has no reason for its hold; one put aside by hand has.
    """
    seen = TransferOffer.objects.filter(id=offer).first()
    if seen is None or seen.state == rules.Offer.OFFERED or _newest(seen.ticket_id) != seen.id:
        return False
    found = lock(Rank.TICKET, Ticket.objects.filter(id=seen.ticket_id, status=rules.HELD))
    if not found or found[0].hold_reason:
        return False
    if seen.state == rules.Offer.ACCEPTED:
        put(found[0], rules.TRANSFERRED, priority="", note="")
        record("ticket.transferred", found[0], at=at, by=None, to="centre", offer=seen.id)
    else:
        _back_in_line(found[0], at=at, by=None)
    return True


def _end(offer: UUID, state: rules.Offer, *, at: datetime, by: UUID | None) -> None:
    seen = TransferOffer.objects.filter(id=offer).first()
    if seen is None:
        raise OfferGone
    held = locked(seen.ticket_id, rules.HELD)
    found = lock(Rank.OFFER, TransferOffer.objects.filter(id=offer, state=rules.Offer.OFFERED))
    if not found:
        raise OfferGone
    decide(found[0], state, at=at, by=by)
    _back_in_line(held, at=at, by=by)


def _back_in_line(ticket: Ticket, *, at: datetime, by: UUID | None) -> None:
    put(ticket, rules.WAITING)
    record("ticket.returned", ticket, at=at, by=by)


def _open(offer: UUID, *, at: datetime) -> TransferOffer:
    youngest = at - timedelta(minutes=rules.OFFER_MINUTES)
    live = TransferOffer.objects.filter(id=offer, state=rules.Offer.OFFERED, made_at__gt=youngest)
    found = lock(Rank.OFFER, live)
    if not found:
        raise OfferGone
    return found[0]


def _newest(ticket: UUID) -> UUID | None:
    offers = TransferOffer.objects.filter(ticket_id=ticket).order_by("-made_at", "-id")
    return offers.values_list("id", flat=True).first()


def _defer_settling(offer: TransferOffer) -> None:
    jobs.defer(
        "counter.settle_offer", queue="upkeep", offer=str(offer.id), centre=offer.from_centre_id
    )
