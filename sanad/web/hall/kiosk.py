"""The tablet in the hall: language, choice, ticket. Nobody signs in here and nothing is kept.

Whoever puts it up signs in once and opens it; from then on this browser shows the hall's pages
only, until the same person types the password again.
"""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from sanad.accounts.roles import Role
from sanad.catalogue import queries as catalogue
from sanad.catalogue.queries import NoSuchService
from sanad.centres import queries as centres
from sanad.counter import actions, queries, rules
from sanad.counter.rules import Group, Priority
from sanad.lib.business_day import business_date
from sanad.web.shell import lock
from sanad.web.shell.qr import qr
from sanad.web.shell.screen import SanadRequest, attempt, screen

IN_THE_HALL = screen(Role.OPERATOR, Role.OWNER)
MOST_FOUND = 6


@IN_THE_HALL
@require_GET
def language(request: SanadRequest) -> HttpResponse:
    """The first page: each language by its own name; when closed, when it opens."""
    lock.lock(request.session)
    return render(request, "hall/language.html", _opening(request))


@IN_THE_HALL
@require_GET
def choose(request: SanadRequest) -> HttpResponse:
    """A group by one touch, or a service by its name."""
    words = request.GET.get("q", "").strip()
    hits = catalogue.search(words, limit=MOST_FOUND, on=business_date(request.at)) if words else []
    priority = _priority(request.GET)
    context = {
        "words": words,
        "hits": hits,
        "groups": rules.GROUP_NAMES,
        "priority": priority,
        "priority_name": rules.PRIORITY_NAMES[Priority(priority)] if priority else None,
        "priorities": rules.PRIORITY_NAMES,
        "priority_minutes": rules.PRIORITY_MINUTES,
    }
    if request.htmx:
        return render(request, "hall/hits.html", context)
    return render(request, "hall/choose.html", context | _opening(request))


@IN_THE_HALL
@require_POST
def take(request: SanadRequest) -> HttpResponse:
    """A ticket for a group, or for a service in its group."""
    group, service = _chosen(request)
    try:
        with attempt():
            ticket = actions.issue_ticket(
                centre=_centre(request), group=group, service_code=service, at=request.at, by=None,
                priority=_priority(request.POST),
            )  # fmt: skip
    except rules.CentreClosed:
        return redirect("hall_kiosk")
    return redirect("hall_ticket", ticket)


@IN_THE_HALL
@require_GET
def ticket(request: SanadRequest, ticket_id: UUID) -> HttpResponse:
    """The number in hand: who is ahead, and what to have ready."""
    found = queries.ticket(ticket_id, at=request.at)
    if found is None:
        raise Http404("no such ticket")
    service = None
    if found.service_code:
        service = catalogue.service(found.service_code, business_date(request.at))
    context = {
        "ticket": found,
        "documents": service.documents if service else None,
        "documents_are_assumed": service is not None and service.documents_are_assumed,
        "is_waiting": found.status == rules.WAITING,
        "is_called": found.status in rules.IN_HAND,
        "follow_code": qr(settings.SANAD_PUBLIC_URL + reverse("hall_follow", args=[ticket_id])),
    }
    return render(request, "hall/ticket.html", context)


def _priority(asked: QueryDict) -> str:
    """What the person said about themselves; nothing for anything else."""
    said = asked.get("priority", "")
    return said if said in set(Priority) else ""


def _chosen(request: SanadRequest) -> tuple[Group, str]:
    code = request.POST.get("service", "")
    if not code:
        chosen = request.POST.get("group", "")
        return (Group(chosen) if chosen in set(Group) else Group.OTHER), ""
    try:
        service = catalogue.service(code, business_date(request.at))
    except NoSuchService as missing:
        raise Http404(str(missing)) from missing
    return rules.group_of(service.entity.number), service.code


def _opening(request: SanadRequest) -> dict[str, Any]:
    centre = _centre(request)
    if centres.is_open(centre, request.at):
        return {"is_open": True}
    holidays = centres.holidays(since=business_date(request.at))
    return {
        "is_open": False,
        "opens": centres.weekly_hours(centre).next_opening(request.at, holidays),
    }


def _centre(request: SanadRequest) -> int:
    centre = request.seat.centre_id
    assert centre is not None, "this seat stands at a centre"
    return centre
