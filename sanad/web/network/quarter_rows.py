"""Down from a figure of the quarter to its rows: places, centres and services, days, events.

Each page says what it counts and gives the same total as the page above it.
"""

import datetime as dt
from typing import Any

from django.core.paginator import Page, Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from sanad.catalogue import queries as catalogue
from sanad.centres import queries as centre_queries
from sanad.centres.queries import NoSuchCentre
from sanad.lib.quarters import Quarter
from sanad.lib.refusal import N_, Refused
from sanad.oversight import queries
from sanad.oversight.quarter import from_facts
from sanad.web.network.calendar import NotADay
from sanad.web.network.quarter import READERS, common
from sanad.web.shell.screen import SanadRequest

A_PAGE = 50


class DayOutside(Refused):
    code = "quarter.day_outside"
    sentence = N_("{day} is not in the quarter {quarter}. Choose a day from the list of its days.")


@READERS
@require_GET
def governorates(request: SanadRequest, quarter: str) -> HttpResponse:
    """Centres, jobs and transactions by governorate."""
    wanted = Quarter.parse(quarter)
    context = common(wanted) | {"found": from_facts(wanted)}
    return render(request, "network/quarter_governorates.html", context)


@READERS
@require_GET
def centres(request: SanadRequest, quarter: str) -> HttpResponse:
    """Every centre, or those of a governorate, the busiest first."""
    wanted = Quarter.parse(quarter)
    found = from_facts(wanted)
    place = next(
        (g for g in found.by_governorate if str(g.code) == request.GET.get("governorate")), None
    )
    wilayat = next(
        (w for w in centre_queries.wilayats() if str(w.code) == request.GET.get("wilayat")), None
    )
    views = {one.id: one for one in centre_queries.all_centres()}
    lines = [
        one
        for one in found.by_centre
        if (place is None or one.governorate == place.code)
        and (wilayat is None or views[one.id].wilayat_code == wilayat.code)
    ]
    # One that was closed before and did nothing is not a centre of this quarter.
    lines = [one for one in lines if one.is_open or one.transactions or one.jobs]
    lines.sort(key=lambda one: (-one.transactions, one.id))
    page = _page(request, lines)
    context = common(wanted) | {
        "page": page,
        "rows": [(views[line.id], line) for line in page],
        "place": wilayat or place,
        "query": (f"governorate={place.code}&" if place else "")
        + (f"wilayat={wilayat.code}&" if wilayat else ""),
        "total": sum(one.transactions for one in lines),
        "total_jobs": sum(one.jobs for one in lines),
        "total_open": sum(one.is_open for one in lines),
    }
    return render(request, "network/quarter_centres.html", context)


@READERS
@require_GET
def wilayats(request: SanadRequest, quarter: str) -> HttpResponse:
    """Centres, jobs and transactions by wilayat, the busiest first; also those without a centre."""
    wanted = Quarter.parse(quarter)
    found = from_facts(wanted)
    home = {one.id: one.wilayat_code for one in centre_queries.all_centres()}
    rows: dict[int, dict[str, Any]] = {
        place.code: {"place": place, "centres": 0, "jobs": 0, "transactions": 0}
        for place in centre_queries.wilayats()
    }
    for line in found.by_centre:
        row = rows[home[line.id]]
        row["centres"] += line.is_open
        row["jobs"] += line.jobs
        row["transactions"] += line.transactions
    for row in rows.values():
        row["people_per_centre"] = (
            row["place"].population / row["centres"] if row["centres"] else None
        )
    lines = sorted(rows.values(), key=lambda row: (-row["transactions"], row["place"].code))
    context = common(wanted) | {"found": found, "page": _page(request, lines), "query": ""}
    return render(request, "network/quarter_wilayats.html", context)


@READERS
@require_GET
def entities(request: SanadRequest, quarter: str) -> HttpResponse:
    """What went to each entity, how it came back, and how long that took."""
    wanted = Quarter.parse(quarter)
    lines = queries.by_entity(first=wanted.first_day, last=wanted.last_day)
    context = common(wanted) | {
        "page": _page(request, lines),
        "query": "",
        "total": sum(row["transactions"] for row in lines),
    }
    return render(request, "network/quarter_entities.html", context)


@READERS
@require_GET
def services(request: SanadRequest, quarter: str) -> HttpResponse:
    """Every service that was offered or used, the most used first."""
    wanted = Quarter.parse(quarter)
    found = from_facts(wanted)
    asked = request.GET.get("entity", "")
    lines = [
        one
        for one in found.by_service
        if (one.is_offered or one.transactions) and asked in ("", str(one.entity))
    ]
    lines.sort(key=lambda one: (-one.transactions, one.code))
    context = common(wanted) | {
        "page": _page(request, lines),
        "query": f"entity={asked}&" if asked and lines else "",
        "entity": lines[0].entity_name if asked and lines else None,
        "used": sum(one.transactions > 0 for one in lines),
        "offered": sum(one.is_offered for one in lines),
        "total": sum(one.transactions for one in lines),
    }
    return render(request, "network/quarter_services.html", context)


@READERS
@require_GET
def days(request: SanadRequest, quarter: str) -> HttpResponse:
    """The business days of the whole network."""
    return _days(request, Quarter.parse(quarter))


@READERS
@require_GET
def centre_days(request: SanadRequest, quarter: str, centre: int) -> HttpResponse:
    """The business days of one centre; each leads to its events."""
    return _days(request, Quarter.parse(quarter), centre=_centre(centre))


@READERS
@require_GET
def service_days(request: SanadRequest, quarter: str, service: str) -> HttpResponse:
    """The business days of one service."""
    wanted = Quarter.parse(quarter)
    found = catalogue.listed(wanted.last_day).get(service)
    if found is None:
        raise Http404(f"no service {service}")
    return _days(request, wanted, service=found)


@READERS
@require_GET
def submissions(request: SanadRequest, quarter: str, centre: int, day: str) -> HttpResponse:
    """The events behind a centre's transactions of a day, beside what its day fact says."""
    wanted, view = Quarter.parse(quarter), _centre(centre)
    try:
        on = dt.date.fromisoformat(day)
    except ValueError:
        raise NotADay(text=day) from None
    if not wanted.contains(on):
        raise DayOutside(day=day, quarter=str(wanted))
    page = _page(request, queries.first_submissions(centre, on))
    names = catalogue.listed(on)
    facts = queries.day_rows(first=on, last=on, centres=[centre])
    context = common(wanted) | {
        "centre": view,
        "day": on,
        "page": page,
        "query": "",
        "rows": [(event, names.get(event.payload["service"])) for event in page],
        "counted": page.paginator.count,
        "fact": facts[0].transactions if facts else 0,
    }
    return render(request, "network/quarter_submissions.html", context)


def _days(
    request: SanadRequest, wanted: Quarter, *, centre: Any = None, service: Any = None
) -> HttpResponse:
    rows = queries.days(
        first=wanted.first_day, last=wanted.last_day,
        centre=centre.id if centre else None, service=service.code if service else None,
    )  # fmt: skip
    names = ("transactions", "cases_returned", "cases_approved", "cases_rejected")
    context = common(wanted) | {
        "rows": [(row, row.day.isoformat()) for row in rows],
        "totals": {name: sum(getattr(row, name) for row in rows) for name in names},
        "centre": centre,
        "service": service,
    }
    return render(request, "network/quarter_days.html", context)


def _centre(number: int) -> Any:
    try:
        return centre_queries.centre(number)
    except NoSuchCentre as missing:
        raise Http404(str(missing)) from missing


def _page(request: SanadRequest, rows: Any) -> "Page[Any]":
    """The page that was asked for; the nearest there is for one that is not."""
    return Paginator(rows, A_PAGE).get_page(request.GET.get("page"))
