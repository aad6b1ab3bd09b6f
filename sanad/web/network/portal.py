"""One entity's portal: what is late, by centre, and how tries ended. Counts, and no request."""

from datetime import timedelta
from typing import Final

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from sanad.catalogue import queries as catalogue
from sanad.centres import queries as centres
from sanad.gateway import portals, stuck
from sanad.web.desk.outbox import OUTCOMES
from sanad.web.network.portals import TONES, WATCHERS
from sanad.web.shell.screen import SanadRequest

LOOKED_AT: Final = timedelta(days=7)


@WATCHERS
@require_GET
def portal_page(request: SanadRequest, entity: int) -> HttpResponse:
    """How it does now, who waits longer than a day, and the tries of a week."""
    found = next((one for one in catalogue.entities() if one.number == entity), None)
    if found is None:
        raise Http404("no such entity")
    portal = portals.portal_of(entity, request.at)
    late = stuck.late_by_centre(entity, at=request.at)
    context = {
        "entity": found,
        "portal": portal,
        "tone": TONES[portal.state],
        "has_address": stuck.has_address(entity),
        "late": [(centres.centre(centre).name, requests) for centre, requests in late],
        "late_total": sum(requests for _, requests in late),
        "tries": [
            (OUTCOMES.get(outcome, outcome), status, tries)
            for outcome, status, tries in stuck.tries_by_outcome(
                entity, since=request.at - LOOKED_AT
            )
        ],
        "days": LOOKED_AT.days,
        "at": request.at,
    }
    return render(request, "network/portal.html", context)
