"""The front page."""

from django.http import HttpResponse
from django.shortcuts import render

from sanad.catalogue import queries as catalogue
from sanad.centres import queries as centres
from sanad.lib.business_day import business_date
from sanad.web.shell.screen import SanadRequest, open_to_all


@open_to_all
def front(request: SanadRequest) -> HttpResponse:
    """What Sanad is, and the two things most visitors come for. Every number is counted now."""
    context = {"centres": centres.counts(), "services": catalogue.counts(business_date(request.at))}
    return render(request, "public/front.html", context)
