"""What the palette finds beyond the page itself: services, the centre's people, requests."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from sanad.beneficiaries import queries as people
from sanad.cases import queries as cases
from sanad.cases.queries import CaseLine, VisitView
from sanad.catalogue import queries as catalogue
from sanad.lib.business_day import business_date
from sanad.lib.tracking_code import TrackingCodeRefused, parse_code
from sanad.web.desk.line import OPERATOR
from sanad.web.shell.screen import SanadRequest

SERVICES_SHOWN, PEOPLE_SHOWN = 6, 5
LONGEST_WORDS = 120


@OPERATOR
@require_GET
def palette(request: SanadRequest) -> HttpResponse:
    """Options for the words typed so far, within what this seat may see anyway."""
    words = request.GET.get("q", "").strip()[:LONGEST_WORDS]
    visit = cases.open_visit_of(request.account)
    hits = catalogue.search(words, limit=SERVICES_SHOWN, on=business_date(request.at))
    context = {
        "services": [(hit, _service_url(visit, hit.code)) for hit in hits],
        "people": people.people_named(words)[:PEOPLE_SHOWN],
        # A visit that has requests keeps its person: another is only looked at.
        "seat_url": reverse("desk_person", args=[visit.id]) if visit and not visit.cases else "",
        "found": _request_of(words, request),
    }
    response = render(request, "desk/found.html", context)
    response["Cache-Control"] = "no-store"
    return response


def _service_url(visit: VisitView | None, code: str) -> str:
    """To its mandate where somebody sits at the counter, else to what is published of it."""
    if visit and visit.person:
        return reverse("desk_mandate", args=[visit.id, code])
    return reverse("service", args=[code])


def _request_of(words: str, request: SanadRequest) -> CaseLine | None:
    try:
        return cases.by_code(parse_code(words), at=request.at)
    except TrackingCodeRefused:
        return None
