"""Sending a ticket on: to a service, a counter, a colleague, another centre."""

from math import cos, hypot, radians
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from sanad.accounts import queries as accounts
from sanad.catalogue import queries as catalogue
from sanad.centres import queries as centres
from sanad.centres.queries import CentreView
from sanad.counter import offers, queries, rules, transfers
from sanad.lib.business_day import business_date
from sanad.lib.refusal import Refused
from sanad.web.desk.line import OPERATOR, place
from sanad.web.shell.screen import SanadRequest, attempt

MOST_FOUND = 8
PLACES = ("service", "point", "colleague", "centre")
MAY_BE_SENT = (rules.WAITING, *rules.IN_HAND)


@OPERATOR
@require_http_methods(["GET", "POST"])
def send(request: SanadRequest, ticket: UUID) -> HttpResponse:
    """Where to send a ticket; what was typed stays when it cannot go there."""
    found = queries.ticket(ticket, at=request.at)
    if found is None:
        raise rules.NoSuchTicket
    if request.method != "POST":
        if found.status not in MAY_BE_SENT:
            return redirect("desk")
        return _draw(request, found)
    try:
        with attempt():
            said = _send(request, ticket)
    except Refused as refused:
        return _draw(request, found, refused=refused)
    messages.success(request, said)
    return redirect("desk")


def _send(request: SanadRequest, ticket: UUID) -> str:
    """Do what the form asks; what to say of it."""
    own: dict[str, Any] = {"ticket": ticket, "at": request.at, "by": request.account}
    own["note"] = request.POST.get("note", "")
    to = next((to for to in PLACES if to in request.POST), "service")
    where = request.POST.get(to, "")
    if to == "centre":
        number = int(where) if where.isdecimal() and len(where) < MOST_FOUND else 0
        offers.make_offer(**own, to_centre=number)
        return _("Offered. The person keeps their place here until the other centre answers.")
    if to == "point":
        transfers.to_point(**own, point=int(where) if where.isdecimal() and len(where) < 4 else 0)
    elif to == "colleague":
        transfers.to_colleague(**own, account=_account(where))
    else:
        transfers.to_service(**own, service_code=where)
    return _("Sent on. The number and the place in line stay as they were.")


def _draw(request: SanadRequest, found: queries.TicketView, **more: Any) -> HttpResponse:
    centre = place(request)
    words, near = request.GET.get("q", "").strip(), request.GET.get("centre", "").strip()
    colleagues = {m.account_id: m.name for m in accounts.staff_of(centre)}
    colleagues.pop(request.account, None)
    context = {
        "ticket": found,
        "points": centres.points(centre),
        "colleagues": colleagues,
        "words": words,
        "hits": catalogue.search(words, limit=MOST_FOUND, on=business_date(request.at)),
        "near": near,
        "centres": _nearest(centre, near, request),
        "note": request.POST.get("note", request.GET.get("note", "")),
        "sent_minutes": rules.SENT_MINUTES,
        "offer_minutes": rules.OFFER_MINUTES,
    }
    status = 409 if more else 200
    return render(request, "desk/send.html", context | more, status=status)


def _nearest(centre: int, words: str, request: SanadRequest) -> list[tuple[CentreView, bool]]:
    """Centres by distance: those that the words mean, else of the wilayat or the governorate."""
    here = centres.centre(centre)
    found = centres.search(words) if words else centres.centres_in(here.wilayat_code)
    others = [one for one in found if one.id != centre and one.closed_on is None]
    if not others and not words:
        others = [
            one
            for one in centres.all_centres()
            if one.governorate_code == here.governorate_code
            and one.id != centre
            and one.closed_on is None
        ]
    others.sort(key=lambda one: (_far(here, one), one.id))
    return [(one, centres.is_open(one.id, request.at)) for one in others[:MOST_FOUND]]


def _far(one: CentreView, other: CentreView) -> float:
    """How far apart, in degrees of latitude: enough to put near before far."""
    east = (one.longitude - other.longitude) * cos(radians(one.latitude))
    return hypot(one.latitude - other.latitude, east)


def _account(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise transfers.NoSuchColleague from error
