"""A ticket on one's own phone: opened by its code, without an account, and it says no name."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from sanad.centres import queries as centres
from sanad.counter import queries, rules
from sanad.lib.business_day import business_date
from sanad.web.shell.screen import SanadRequest, open_to_all


@open_to_all
@require_GET
def follow(request: SanadRequest, ticket_id: UUID) -> HttpResponse:
    """How many are ahead, and to which counter it is called; asks anew by itself."""
    found = queries.follow(ticket_id, at=request.at)
    if found is None:
        raise Http404("no such ticket")
    context = {
        "ticket": found,
        "centre": centres.centre(found.centre_id).name,
        "is_waiting": found.status == rules.WAITING,
        "is_held": found.status == rules.HELD,
        "is_of_another_day": found.day != business_date(request.at),
        "is_called": found.status in rules.IN_HAND,
        "at": request.at,
    }
    template = "hall/followed.html" if request.htmx else "hall/follow.html"
    return render(request, template, context)
