"""The registry: governorates, wilayats, centres; who works there, when each opened and closed."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from sanad.accounts import queries as accounts
from sanad.accounts.queries import Staffing
from sanad.accounts.roles import NAMES, NATIONAL
from sanad.centres import queries
from sanad.centres.queries import CentreView, NoSuchCentre, Place
from sanad.lib.business_day import business_date
from sanad.web.centre.inviting import named
from sanad.web.shell.screen import SanadRequest, screen

NOBODY = Staffing(0, 0)


@dataclass(frozen=True)
class PlaceRow:
    """A governorate or wilayat with its jobs."""

    place: Place
    staffing: Staffing


@screen(*NATIONAL)
@require_GET
def registry(request: SanadRequest) -> HttpResponse:
    """Down from the country to a wilayat's centres, or by words."""
    words = request.GET.get("q", "").strip()[:120]
    context: dict[str, Any] = {"words": words}
    if words:
        context["centres"] = _centre_rows(queries.search(words))
    elif code := request.GET.get("wilayat"):
        context["place"] = _place(queries.wilayats(), code)
        context["centres"] = _centre_rows(queries.ever_in(context["place"].code))
    elif code := request.GET.get("governorate"):
        context["place"] = _place(queries.governorates(), code)
        here = queries.wilayats(context["place"].code)
        context["places"] = _place_rows(here, "wilayat_code")
        context["key"] = "wilayat"
    else:
        context["places"] = _place_rows(queries.governorates(), "governorate_code")
        context["key"] = "governorate"
    rows = context.get("places", ())
    context["total"] = _total(row.staffing for row in rows)
    context["total_centres"] = sum(row.place.centres for row in rows)
    context["today"] = business_date(request.at)
    return render(request, "network/registry.html", context)


@screen(*NATIONAL)
@require_GET
def centre(request: SanadRequest, number: int) -> HttpResponse:
    """One centre with its people."""
    try:
        found = queries.centre(number)
    except NoSuchCentre as missing:
        raise Http404(str(missing)) from missing
    people = accounts.staff_of(number)
    countries = named(member.nationality for member in people)
    context = {
        "centre": found,
        "licensed": found.is_licensed(business_date(request.at)),
        "points": len(queries.points(number)),
        "people": [(one, NAMES[one.role], countries[one.nationality]) for one in people],
        "staffing": accounts.staffing().get(number, NOBODY),
    }
    return render(request, "network/centre.html", context)


def _centre_rows(centres: list[CentreView]) -> list[tuple[CentreView, Staffing]]:
    by_centre = accounts.staffing()
    return [(one, by_centre.get(one.id, NOBODY)) for one in centres]


def _place_rows(places: list[Place], code: str) -> list[PlaceRow]:
    by_centre = accounts.staffing()
    found: dict[int, list[Staffing]] = {}
    for one in queries.all_centres():
        found.setdefault(getattr(one, code), []).append(by_centre.get(one.id, NOBODY))
    return [PlaceRow(place, _total(found.get(place.code, ()))) for place in places]


def _total(parts: Iterable[Staffing]) -> Staffing:
    parts = list(parts)
    return Staffing(sum(one.jobs for one in parts), sum(one.omanis for one in parts))


def _place(places: list[Place], code: str) -> Place:
    found = next((place for place in places if str(place.code) == code), None)
    if found is None:
        raise Http404(f"no place {code}")
    return found
