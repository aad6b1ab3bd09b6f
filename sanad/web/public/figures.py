"""The open dashboard: demand, centres, people per centre, services with few providers."""

import datetime as dt
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from django.conf import settings
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from sanad.catalogue import queries as catalogue
from sanad.centres import queries as centres
from sanad.centres.queries import Place
from sanad.lib.bilingual import Text
from sanad.lib.business_day import business_date
from sanad.lib.quarters import Quarter
from sanad.oversight import published
from sanad.oversight.published import FEW_PROVIDERS, FEWER_THAN, Demand
from sanad.web.shell.downloads import csv_response
from sanad.web.shell.screen import SanadRequest, open_to_all

SERVICES_SHOWN: Final = 60
COLUMNS: Final[dict[str, dict[str, Any]]] = {
    "quarter": {"type": "string", "pattern": "^[0-9]{4}Q[1-4]$"},
    "complete": {"type": "string", "enum": ["yes", "no"],
                 "description": "no: the quarter is still running"},
    "simulated": {"type": "string", "enum": ["yes", "no"],
                  "description": "yes: transactions and services are simulated"},
    "governorate_code": {"type": "integer"},
    "governorate_ar": {"type": "string"},
    "governorate_en": {"type": "string"},
    "wilayat_code": {"type": "integer", "description": "code of the Ministry of Interior"},
    "wilayat_ar": {"type": "string"},
    "wilayat_en": {"type": "string"},
    "people": {"type": "integer", "minimum": 0,
               "description": "at the end of 2024, by the Statistical Year Book 2025"},
    "centres": {"type": "integer", "minimum": 0, "description": "licensed centres today"},
    "people_per_centre": {"type": ["integer", "null"], "minimum": 0,
                          "description": "empty where there is no centre"},
    "transactions": {"type": ["integer", "null"], "minimum": 0,
                     "description": "requests handed to entities for the first time in the "
                     f"quarter; empty where they are from 1 to {FEWER_THAN - 1}"},
    "services_asked_for": {"type": "integer", "minimum": 0},
    "services_with_few_providers": {"type": "integer", "minimum": 0,
                                    "description": "of these, done in the quarter by fewer than "
                                    f"{FEW_PROVIDERS} centres of the wilayat"},
}  # fmt: skip


@dataclass(frozen=True)
class Row:
    """A governorate or a wilayat. `is_few`: the transactions are fewer than five, and not told."""

    place: Place
    transactions: int
    is_few: bool
    asked_for: int
    few_providers: int

    @property
    def people_per_centre(self) -> int | None:
        return round(self.place.population / self.place.centres) if self.place.centres else None


@open_to_all
@require_GET
def figures(request: SanadRequest) -> HttpResponse:
    """The country by governorate, a governorate by wilayat, or a wilayat's services."""
    demand, is_complete = latest_demand(request.at)
    context: dict[str, Any] = {
        "quarter": str(demand.quarter),
        "is_complete": is_complete,
        "today": business_date(request.at),
        "fewer_than": FEWER_THAN,
        "few_providers": FEW_PROVIDERS,
        "is_simulated": bool(settings.SANAD_DEMONSTRATION),
    }
    if code := request.GET.get("wilayat"):
        place, above = _wilayat(code)
        row = _row(place, demand, [place.code])
        context |= {"place": place, "above": above, "row": row}
        context |= _services(place, demand, request)
    elif code := request.GET.get("governorate"):
        place = _found(centres.governorates(), code)
        rows = [_row(one, demand, [one.code]) for one in centres.wilayats(place.code)]
        context |= {"place": place, "rows": rows, "key": "wilayat"}
    else:
        context |= _country(demand)
    return render(request, "public/figures.html", context)


@open_to_all
@require_GET
def figures_csv(request: SanadRequest) -> HttpResponse:
    """Every wilayat, a line each, as the schema says."""
    demand, is_complete = latest_demand(request.at)
    rows = []
    for governorate in centres.governorates():
        for place in centres.wilayats(governorate.code):
            row = _row(place, demand, [place.code])
            rows.append((
                str(demand.quarter), _yes(is_complete), _yes(bool(settings.SANAD_DEMONSTRATION)),
                governorate.code, governorate.name.ar, governorate.name.en, place.code,
                place.name.ar, place.name.en, place.population, place.centres,
                row.people_per_centre, None if row.is_few else row.transactions, row.asked_for,
                row.few_providers,
            ))  # fmt: skip
    return csv_response(f"sanad-network-{demand.quarter}.csv", list(COLUMNS), rows)


@open_to_all
@require_GET
def figures_schema(request: SanadRequest) -> HttpResponse:
    """What the columns of the CSV mean, for a machine: each line is an object of this shape."""
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": request.build_absolute_uri(),
        "title": "The network of Sanad centres by wilayat",
        "description": "One object a line of network-figures.csv. An empty cell is null.",
        "type": "object",
        "properties": COLUMNS,
        "required": list(COLUMNS),
        "additionalProperties": False,
    }
    return JsonResponse(schema, json_dumps_params={"ensure_ascii": False, "indent": 1})


def latest_demand(at: dt.datetime) -> tuple[Demand, bool]:
    """The last full quarter's demand; the running quarter's where nothing was done before it.

    The second value says whether the quarter is complete. Counted at most once an hour, because
    anybody may ask.
    """
    running = Quarter.containing(business_date(at))
    hour = at.replace(minute=0, second=0, microsecond=0)
    last = counted(running.previous, hour)
    return (last, True) if last.totals else (counted(running, hour), False)


@lru_cache(maxsize=4)
def counted(quarter: Quarter, hour: dt.datetime) -> Demand:
    """A quarter's demand as it was asked for in an hour."""
    return published.demand(quarter)


def _country(demand: Demand) -> dict[str, Any]:
    wilayats = {one.code: centres.wilayats(one.code) for one in centres.governorates()}
    rows = [
        _row(one, demand, [wilayat.code for wilayat in wilayats[one.code]])
        for one in centres.governorates()
    ]
    return {
        "rows": rows,
        "key": "governorate",
        "people": sum(row.place.population for row in rows),
        "centres": sum(row.place.centres for row in rows),
        "transactions": sum(row.transactions for row in rows),
        "without": [one for here in wilayats.values() for one in here if not one.centres],
        "series": _series(),
    }


def _series() -> list[tuple[str, int, int]]:
    """The ministry's total by year, and its share of the greatest in a hundred."""
    total: Counter[int] = Counter()
    for line in centres.portal_series():
        total[line.year] += line.transactions
    most = max(total.values(), default=1)
    return [(str(year), total[year], round(100 * total[year] / most)) for year in sorted(total)]


def _row(place: Place, demand: Demand, wilayats: list[int]) -> Row:
    services = [one for one in demand.services if one.wilayat in set(wilayats)]
    is_one = wilayats == [place.code]
    return Row(
        place=place,
        transactions=demand.transactions(wilayats),
        is_few=is_one and demand.totals.get(place.code, 0) is None,
        asked_for=len({one.service for one in services}),
        few_providers=sum(one.has_few_providers for one in services) if is_one else 0,
    )


def _services(place: Place, demand: Demand, request: SanadRequest) -> dict[str, Any]:
    few = [one for one in demand.of(place.code) if one.has_few_providers]
    names = catalogue.listed(business_date(request.at))
    unknown = Text("خدمة خارج الدليل", "a service outside the catalogue")
    return {
        "services": [
            (one, names[one.service].name if one.service in names else unknown)
            for one in few[:SERVICES_SHOWN]
        ],
        "more": max(len(few) - SERVICES_SHOWN, 0),
    }


def _wilayat(code: str) -> tuple[Place, Place]:
    """The wilayat and its governorate."""
    for governorate in centres.governorates():
        for one in centres.wilayats(governorate.code):
            if str(one.code) == code:
                return one, governorate
    raise Http404(f"no wilayat {code}")


def _found(places: list[Place], code: str) -> Place:
    found = next((place for place in places if str(place.code) == code), None)
    if found is None:
        raise Http404(f"no governorate {code}")
    return found


def _yes(value: bool) -> str:
    return "yes" if value else "no"
