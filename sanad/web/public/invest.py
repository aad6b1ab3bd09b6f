"""For somebody who thinks of opening a centre: chances and risks of each wilayat, as plainly."""

from collections.abc import Sequence
from typing import Any, Final

from django.conf import settings
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from sanad.catalogue import queries as catalogue
from sanad.lab.code_version import code_version
from sanad.lab.forecast.series import foretold
from sanad.lab.opportunity.wilayats import Opportunity, opportunities
from sanad.lab.opportunity.words import SAID, SHORT, VERDICTS, chances, risks
from sanad.lib.business_day import business_date
from sanad.web.network.chart import line_chart
from sanad.web.public.figures import latest_demand
from sanad.web.shell.downloads import csv_response
from sanad.web.shell.fields import Choice, Field
from sanad.web.shell.screen import SanadRequest, open_to_all

SERVICES_SHOWN: Final = 20
_COUNT: Final = {"type": "number", "minimum": 0}
COLUMNS: Final[dict[str, dict[str, Any]]] = {
    "wilayat_code": {"type": "integer", "description": "code of the Ministry of Interior"},
    "wilayat_ar": {"type": "string"},
    "wilayat_en": {"type": "string"},
    "governorate_code": {"type": "integer"},
    "people": {"type": "integer", "minimum": 0, "description": "published, end of 2024"},
    "centres": {"type": "integer", "minimum": 0, "description": "published"},
    "transactions_a_year": _COUNT | {
        "description": "on the ministry's portal in the last year: the governorate's published "
        "figure, shared by people (assumed)"},
    "change_percent": {"type": "number", "description": "the governorate's transactions, last year "
                       "over the first year of the series"},
    "next_percent_low": {"type": "number", "description": "forecast of the governorate's next year "
                         "over the last, low end of a band of 90 %"},
    "next_percent_mid": {"type": "number"},
    "next_percent_high": {"type": "number"},
    "expected_a_month_low": _COUNT | {"description": "transactions of one centre more, next year"},
    "expected_a_month_mid": _COUNT,
    "expected_a_month_high": _COUNT,
    "break_even_a_month_low": _COUNT | {"description": "transactions that pay the costs (assumed)"},
    "break_even_a_month_mid": _COUNT,
    "break_even_a_month_high": _COUNT,
    "fixed_costs_baisa_a_month": {"type": "integer", "minimum": 0, "description": "assumed"},
    "charge_baisa": {"type": "integer", "minimum": 0,
                     "description": "the centre's mean charge for a transaction"},
    "largest_entity": {"type": "string"},
    "largest_entity_percent": {"type": "number", "minimum": 0, "maximum": 100,
                               "description": "of what centres of the governorate earn"},
    "herfindahl": {"type": "number", "minimum": 0, "maximum": 1,
                   "description": "sum of the squared shares of entities in income"},
    "advised": {"type": "integer", "minimum": 0, "description": "centres that siting would add"},
    "surplus": {"type": "integer", "minimum": 0, "description": "centres that siting finds too "
                "many"},
    "verdict": {"type": "string", "enum": ["lives", "open", "does_not"]},
}  # fmt: skip


@open_to_all
@require_GET
def invest(request: SanadRequest) -> HttpResponse:
    """Every wilayat, or those of a governorate, the nearest to break-even first."""
    chosen = request.GET.get("governorate", "")
    portal = foretold().portal
    everywhere = opportunities()
    rows = [one for one in everywhere if chosen in ("", str(one.wilayat.governorate_code))]
    if not rows:
        raise Http404(f"no governorate {chosen}")
    language = request.LANGUAGE_CODE or "ar"
    field = Field(
        name="governorate",
        label=_("Governorate"),
        kind="choice",
        value=chosen,
        choices=tuple(
            Choice(str(code), name.in_language(language))
            for code, name in zip(portal.governorates, portal.names, strict=True)
        ),
    )
    context = {
        "field": field, "rows": [(one, SHORT[one.verdict]) for one in rows],
        "counts": [(VERDICTS[code], sum(one.verdict == code for one in rows)) for code in VERDICTS],
        "network": _people_a_centre(everywhere), **_sources(),
    }  # fmt: skip
    return render(request, "public/invest.html", context)


@open_to_all
@require_GET
def invest_wilayat(request: SanadRequest, wilayat: int) -> HttpResponse:
    """One wilayat: what speaks for it, what against it, and the figures behind both."""
    everywhere = opportunities()
    one = next((one for one in everywhere if one.wilayat.code == wilayat), None)
    if one is None:
        raise Http404(f"no wilayat {wilayat}")
    network = _people_a_centre(everywhere)
    series = foretold()
    row = series.portal.governorates.index(one.wilayat.governorate_code)
    counted = series.portal.transactions[row].tolist()
    ahead = [
        (str(year), *(round(float(end[row, step]))
                      for end in (series.ahead.low, series.ahead.middle, series.ahead.high)))
        for step, year in enumerate(series.years)
    ]  # fmt: skip
    context = {
        "one": one, "network": network, "verdict": VERDICTS[one.verdict],
        "chances": chances(one, network), "risks": risks(one, network),
        "chart": line_chart(series.portal.years, counted), "first": counted[0],
        "last": counted[-1], "first_year": str(one.first_year), "last_year": str(one.year),
        "years": [(str(y), n) for y, n in zip(series.portal.years, counted, strict=True)],
        "ahead": ahead, "fixed": _baisa(one.fixed.mid), "charge": _baisa(one.charge),
        "margins": [(label, _baisa(value)) for label, value in _margins(one)],
        **_few_providers(request, wilayat), **_sources(),
    }  # fmt: skip
    return render(request, "public/invest_wilayat.html", context)


@open_to_all
@require_GET
def invest_csv(request: SanadRequest) -> HttpResponse:
    """Every wilayat, a line each, as the schema says."""
    return csv_response("sanad-wilayats.csv", list(COLUMNS), map(_line, opportunities()))


@open_to_all
@require_GET
def invest_schema(request: SanadRequest) -> HttpResponse:
    """What the columns of the CSV mean: each line is an object of this shape."""
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": request.build_absolute_uri(),
        "title": "Where a Sanad centre might be opened, by wilayat",
        "description": "One object a line of invest.csv. " + " ".join(one.en for one in SAID),
        "type": "object",
        "properties": COLUMNS,
        "required": list(COLUMNS),
        "additionalProperties": False,
    }
    return JsonResponse(schema, json_dumps_params={"ensure_ascii": False, "indent": 1})


def _line(one: Opportunity) -> Sequence[object]:
    place, following, coming, even = one.wilayat, one.next_percent, one.expected, one.break_even
    return (
        place.code, place.name.ar, place.name.en, place.governorate_code, place.people,
        one.centres, *_tenths(one.transactions, one.change_percent),
        *_tenths(following.low, following.mid, following.high),
        *_tenths(coming.low, coming.mid, coming.high), *_tenths(even.low, even.mid, even.high),
        _baisa(one.fixed.mid), _baisa(one.charge), one.entity.en,
        *_tenths(one.entity_percent), round(one.herfindahl, 4), one.advised, one.surplus,
        one.verdict,
    )  # fmt: skip


def _tenths(*values: float) -> list[float]:
    return [round(value, 1) for value in values]


def _baisa(amount: float) -> int:
    return round(amount)


def _margins(one: Opportunity) -> tuple[tuple[str, float], ...]:
    margin = one.margin
    return (
        (_("At the low end"), margin.low), (_("In the middle"), margin.mid),
        (_("At the high end"), margin.high),
    )  # fmt: skip


def _people_a_centre(everywhere: Sequence[Opportunity]) -> float:
    return sum(o.wilayat.people for o in everywhere) / sum(o.centres for o in everywhere)


def _few_providers(request: SanadRequest, wilayat: int) -> dict[str, Any]:
    """Services that few centres of the wilayat did in the last quarter counted."""
    demand, _is_complete = latest_demand(request.at)
    names = catalogue.listed(business_date(request.at))
    few = [
        (one, names[one.service].name)
        for one in demand.of(wilayat)
        if one.has_few_providers and one.service in names
    ]
    return {
        "few": few[:SERVICES_SHOWN], "more": max(len(few) - SERVICES_SHOWN, 0),
        "quarter": str(demand.quarter),
    }  # fmt: skip


def _sources() -> dict[str, Any]:
    return {
        "assumptions": SAID, "code": code_version(),
        "is_simulated": bool(settings.SANAD_DEMONSTRATION),
    }  # fmt: skip
