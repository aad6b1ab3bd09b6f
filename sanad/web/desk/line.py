"""The desk itself: who waits, who is called, who sits here."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from sanad.accounts.roles import Role
from sanad.cases import actions as visits
from sanad.cases import queries as cases
from sanad.cases import repeat
from sanad.cases.actions import WITHOUT_TICKET
from sanad.cases.rules import CHANNEL_NAMES
from sanad.centres import queries as centres
from sanad.counter import actions, client_screen, queries
from sanad.lib.digits import ascii_digits
from sanad.lib.refusal import Refused
from sanad.till import queries as till
from sanad.web.desk.found import hits_for
from sanad.web.shell.screen import SanadRequest, attempt, screen

OPERATOR = screen(Role.OPERATOR, Role.OWNER)
POINT_KEY = "point"
LINE_IS_FRESH_MS = 10_000
CALL_BACK_MINUTES = ("5", "10", "15", "30", "60")


@OPERATOR
@require_GET
def desk(request: SanadRequest) -> HttpResponse:
    """The waiting list beside whatever is in hand."""
    client_screen.stop_asking(screen_here(request))
    return draw(request)


@OPERATOR
@require_POST
def call_next(request: SanadRequest) -> HttpResponse:
    """Call whoever has waited longest."""
    return _do(request, lambda: actions.call_next(
        centre=place(request), point=point(request), at=request.at, by=request.account
    ))  # fmt: skip


@OPERATOR
@require_POST
def quick(request: SanadRequest) -> HttpResponse:
    """Serve somebody who has no ticket: at the counter, by phone or by message."""
    channel = request.POST.get("channel", "")
    channel = channel if channel in WITHOUT_TICKET else WITHOUT_TICKET[0]
    return _do(request, lambda: actions.serve_without_ticket(
        centre=place(request), point=point(request), at=request.at, by=request.account,
        channel=channel,
    ))  # fmt: skip


@OPERATOR
@require_POST
def ticket(request: SanadRequest, ticket: UUID, verb: str) -> HttpResponse:
    """One of the verbs of a ticket in hand or in the list."""
    own: dict[str, Any] = {"ticket": ticket, "at": request.at, "by": request.account}
    verbs = {
        "start": lambda: actions.start(**own),
        "recall": lambda: actions.recall(**own),
        "no-show": lambda: actions.mark_no_show(**own),
        "back": lambda: actions.return_to_line(**own),
        "hold": lambda: actions.hold(
            **own, reason=request.POST.get("reason", ""), call_back_at=_later(request)
        ),
        "confirm-priority": lambda: actions.confirm_priority(**own),
        "withdraw-priority": lambda: actions.withdraw_priority(**own),
        "call": lambda: actions.call_back(**own, point=point(request)),
    }
    if verb not in verbs:
        return redirect("desk")
    return _do(request, verbs[verb])


def _later(request: SanadRequest) -> datetime | None:
    """When a held ticket is meant to be called again: so many minutes from now."""
    minutes = ascii_digits(request.POST.get("minutes", ""))
    return request.at + timedelta(minutes=int(minutes)) if minutes in CALL_BACK_MINUTES else None


@OPERATOR
@require_POST
def finish(request: SanadRequest, visit: UUID) -> HttpResponse:
    """The person leaves."""
    return _do(request, lambda: actions.finish(visit=visit, at=request.at, by=request.account))


@OPERATOR
@require_POST
def timing(request: SanadRequest, visit: UUID) -> HttpResponse:
    """The moments of a visit are not what happened."""
    return _do(
        request,
        lambda: visits.mark_timing_wrong(visit=visit, at=request.at, by=request.account),
    )


@OPERATOR
@require_GET
def services(request: SanadRequest, visit: UUID) -> HttpResponse:
    """Services as they are searched for, in the visit that will ask for one."""
    words = request.GET.get("q", "")
    return render(
        request,
        "desk/services.html",
        {
            "hits": hits_for(request, words),
            "words": words,
            "visit_id": visit,
            "has_company": cases.visit(visit).company is not None,
        },
    )


@OPERATOR
@require_GET
def waiting(request: SanadRequest) -> HttpResponse:
    """The waiting list alone, for a page that keeps it fresh."""
    return render(request, "desk/line.html", around(request))


def around(request: SanadRequest) -> dict[str, Any]:
    """What stands beside every page of the desk: the line, and whoever sits at this counter."""
    centre = place(request)
    line = queries.line(centre, at=request.at)
    into, out = queries.open_offers(centre, at=request.at)
    visit = visit_here(request)
    return {
        "line": line,
        "waiting": len(line["waiting"]),
        "offers_in": into,
        "offers_out": out,
        "offered": {offer.ticket for offer in out},
        "in_hand": queries.in_hand(request.account, at=request.at),
        "visit": visit,
        "screen": screen_here(request),
        "refresh_ms": LINE_IS_FRESH_MS,
    }


def draw(request: SanadRequest, **more: Any) -> HttpResponse:
    """The desk page, with a refusal where there is one."""
    centre = place(request)
    beside = around(request)
    visit = beside["visit"]
    words = request.GET.get("q", "")
    context = beside | {
        "notes": queries.notes(centre),
        "earlier": repeat.earlier(visit.person.id, at=request.at) if visit and visit.person else [],
        "drafts": [] if visit else cases.drafts(centre=centre, at=request.at),
        "channels": [(name, CHANNEL_NAMES[name]) for name in WITHOUT_TICKET],
        "call_back_minutes": CALL_BACK_MINUTES,
        "typed": request.POST,
        "is_forgotten": visit is not None and visit.is_forgotten(request.at),
        "last": None
        if visit
        else cases.last_visit_of(request.account, centre=centre, at=request.at),
        "visit_id": visit.id if visit else None,
        "words": words,
        "hits": hits_for(request, words) if visit else [],
        "has_company": visit is not None and visit.company is not None,
        "points": centres.points(centre),
        "point": point(request),
        "drawer": till.open_drawer_of(request.account),
        "in_doubt": till.in_doubt_count(centre),
        "refunds_waiting": till.refunds_pending_count(centre),
        "is_open": centres.is_open(centre, request.at),
        "at": request.at,
    }
    return render(request, "desk/desk.html", context | more, status=409 if more else 200)


def visit_here(request: SanadRequest) -> cases.VisitView | None:
    """The visit at this counter, asked for once a page."""
    if not hasattr(request, "visit_here"):
        request.visit_here = cases.open_visit_of(request.account)
    return request.visit_here


def screen_here(request: SanadRequest) -> client_screen.Screen | None:
    """The client's own screen beside this counter, where one is open."""
    return client_screen.of_counter(
        centre=place(request), account=request.account, at=request.at,
        visit=visit_here(request),
    )  # fmt: skip


def place(request: SanadRequest) -> int:
    """The centre of the seat."""
    assert request.seat.centre_id is not None
    return request.seat.centre_id


def point(request: SanadRequest) -> int:
    """The counter that this browser stands at: chosen on the desk, kept in the session."""
    chosen = str(request.POST.get("point") or request.session.get(POINT_KEY, ""))
    known = centres.points(place(request)) or [1]
    number = next((number for number in known if str(number) == chosen), known[0])
    if request.session.get(POINT_KEY) != number:
        request.session[POINT_KEY] = number
    return number


def _do(request: SanadRequest, verb: Any) -> HttpResponse:
    try:
        with attempt():
            verb()
    except Refused as refused:
        return draw(request, refused=refused)
    return redirect("desk")
