"""The roadmap for everybody: what the ministry published, with its table and its data."""

from typing import Any, Final

from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from sanad.lab.roadmap import plan
from sanad.lib.bilingual import Text
from sanad.lib.business_day import business_date
from sanad.web.lab import roadmap_words as words
from sanad.web.lab.roadmap_gantt import gantt
from sanad.web.shell.downloads import csv_response
from sanad.web.shell.screen import SanadRequest, open_to_all

QUARTER: Final = {"type": "string", "pattern": "^[0-9]{4}Q[1-4]$"}
COLUMNS: Final[dict[str, dict[str, Any]]] = {
    "code": {"type": "string"},
    "name_ar": {"type": "string"},
    "name_en": {"type": "string"},
    "words_ar": {"type": "string"},
    "words_en": {"type": "string"},
    "owner_ar": {"type": "string"},
    "owner_en": {"type": "string"},
    "entity_ar": {"type": "string"},
    "entity_en": {"type": "string"},
    "stage": {"type": "string", "enum": list(words.STAGES)},
    "start": QUARTER,
    "end": QUARTER,
    "cost_baisa": {"type": "integer", "minimum": 0,
                   "description": "within the plan; 1,000 baisa are one rial"},
    "review": {"type": "string", "format": "date"},
    "kpi": {"type": ["string", "null"], "description": "code of the KPI; docs/kpis.md"},
    "effect_low": {"type": ["number", "null"], "description": "in the KPI's unit"},
    "effect_mid": {"type": ["number", "null"]},
    "effect_high": {"type": ["number", "null"]},
    "assumed": {"type": "string", "enum": ["yes", "no"],
                "description": "yes: the effect was assumed, not studied"},
    "example": {"type": "string", "enum": ["yes", "no"],
                "description": "yes: an example, decided by nobody"},
}  # fmt: skip


@open_to_all
@require_GET
def roadmap(request: SanadRequest) -> HttpResponse:
    """What was published, in plain words; or that nothing is."""
    public = plan.published()
    if public is None:
        return render(request, "public/roadmap.html", {"public": None})
    said = public.document
    rows = [_row(one) for one in said["initiatives"]]
    chart = gantt(
        said["quarters"],
        [(o["code"], o["name"], o["stage"], o["start"], o["end"]) for o in rows],
    )
    years = [
        (year, baisa, said["budget_baisa"][year]) for year, baisa in said["spent_baisa"].items()
    ]
    context = {"public": public, "said": said, "rows": rows, "gantt": chart, "years": years}
    return render(request, "public/roadmap.html", context)


@open_to_all
@require_GET
def roadmap_csv(request: SanadRequest) -> HttpResponse:
    """A line an initiative and KPI, as the schema says."""
    public = plan.published()
    if public is None:
        raise Http404
    rows = []
    for one in public.document["initiatives"]:
        texts = [one[name][language] for name in ("name", "words", "owner", "entity")
                 for language in ("ar", "en")]  # fmt: skip
        for effect in one["effects"] or [None]:
            rows.append((
                one["code"], *texts, one["stage"], one["start"], one["end"], one["cost_baisa"],
                one["review"], *_effect(effect, one), _yes(public.document["is_example"]),
            ))  # fmt: skip
    return csv_response(f"sanad-roadmap-{business_date(public.at)}.csv", list(COLUMNS), rows)


@open_to_all
@require_GET
def roadmap_schema(request: SanadRequest) -> HttpResponse:
    """What the columns of the CSV mean, for a machine: each line is an object of this shape."""
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": request.build_absolute_uri(),
        "title": "The roadmap of the network of Sanad centres",
        "description": "One object a line of roadmap.csv. An empty cell is null.",
        "type": "object", "properties": COLUMNS, "required": list(COLUMNS),
        "additionalProperties": False,
    }  # fmt: skip
    return JsonResponse(schema, json_dumps_params={"ensure_ascii": False, "indent": 1})


def _row(one: dict[str, Any]) -> dict[str, Any]:
    texts = {name: Text(**one[name]) for name in ("name", "words", "owner", "entity")}
    stage = words.STAGES[one["stage"]]
    effects = [
        (words.kpi_name(e["kpi"]), words.figure(e["kpi"], e["low"], signed=True),
         words.figure(e["kpi"], e["high"], signed=True), e["assumed"])
        for e in one["effects"]
    ]  # fmt: skip
    return one | texts | {"effects": effects, "stage_word": _(stage)}


def _effect(effect: dict[str, Any] | None, one: dict[str, Any]) -> tuple[Any, ...]:
    if effect is None:
        return (None, None, None, None, _yes(one["assumed"]))
    return (effect["kpi"], effect["low"], effect["mid"], effect["high"], _yes(effect["assumed"]))


def _yes(value: bool) -> str:
    return "yes" if value else "no"
