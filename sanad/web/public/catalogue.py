"""The public catalogue: search as you type, and one page that answers everything beforehand."""

from dataclasses import dataclass
from typing import Any, Final

from django.http import Http404, HttpResponse
from django.shortcuts import render

from sanad.catalogue import queries as catalogue
from sanad.catalogue.queries import EntityView, NoSuchService, ServiceView
from sanad.gateway import portals
from sanad.lib.bilingual import Text
from sanad.lib.business_day import business_date
from sanad.lib.refusal import N_
from sanad.web.public.describe import describe
from sanad.web.shell.screen import SanadRequest, open_to_all

RESULTS_SHOWN: Final = 20
KINDS: Final = {
    "issue": N_("Issue"),
    "renew": N_("Renewal"),
    "amend": N_("Change of data"),
    "replace": N_("Replacement"),
    "cancel": N_("Cancellation"),
    "transfer": N_("Transfer"),
    "register": N_("Registration"),
    "report": N_("Report"),
    "pay": N_("Payment"),
    "request": N_("Request"),
    "publish": N_("Publication"),
    "view": N_("Enquiry"),
}


@dataclass(frozen=True)
class Line:
    """A service in a list, whether found by search or under its entity."""

    code: str
    name: Text
    entity: Text
    is_offered: bool = True


@open_to_all
def services(request: SanadRequest) -> HttpResponse:
    """Search, or browse by entity. htmx asks for the results alone, at each pause in typing."""
    words = request.GET.get("q", "").strip()
    on = business_date(request.at)
    context: dict[str, Any] = {"words": words}
    if words:
        hits = catalogue.search(words, limit=RESULTS_SHOWN, on=on)
        context["lines"] = [Line(hit.code, hit.name, hit.entity.name) for hit in hits]
    elif chosen := request.GET.get("entity", ""):
        entity = _entity(chosen)
        found = catalogue.services_of(entity.number, on)
        context["entity"] = entity
        context["lines"] = [_line(one) for one in found]
    else:
        context["entities"] = [one for one in catalogue.entities() if one.services]
    page = "public/results.html" if request.htmx else "public/services.html"
    return render(request, page, context)


@open_to_all
def service(request: SanadRequest, code: str) -> HttpResponse:
    """One service: what to bring, what it costs line by line, how long, who holds it when."""
    try:
        found = catalogue.service(code, business_date(request.at))
    except NoSuchService as missing:
        raise Http404(str(missing)) from missing
    context = {
        "service": found,
        "kind": KINDS.get(found.kind, ""),
        "shown": describe(found),
        "portal": portals.portal_of(found.entity.number, request.at),
    }
    return render(request, "public/service.html", context)


def _entity(code: str) -> EntityView:
    found = next((one for one in catalogue.entities() if one.code == code), None)
    if found is None:
        raise Http404(f"no entity {code}")
    return found


def _line(found: ServiceView) -> Line:
    return Line(found.code, found.name, found.entity.name, found.is_offered)
