"""The roadmap: bars by quarter that are moved by keys or buttons, followed, printed, published."""

from typing import Any, Final

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from sanad.accounts import queries as accounts
from sanad.accounts.roles import Role
from sanad.lab.code_version import code_version
from sanad.lab.roadmap import calendar_file, plan, programme, programme_pdf, table_file
from sanad.lab.roadmap.baseline import baselines
from sanad.lab.roadmap.plan import EARLIER, LATER, Roadmap
from sanad.lib.bilingual import Text
from sanad.lib.business_day import business_date
from sanad.lib.refusal import Refused
from sanad.web.lab import roadmap_words as words
from sanad.web.lab.roadmap_gantt import gantt
from sanad.web.shell.downloads import csv_response
from sanad.web.shell.say import say
from sanad.web.shell.screen import SanadRequest, attempt, screen

ANALYSTS = screen(Role.ANALYST, Role.MINISTRY)
REFUSED = 409
TYPES: Final = {
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "ics": "text/calendar; charset=utf-8",
}


@ANALYSTS
@require_GET
def roadmap(request: SanadRequest) -> HttpResponse:
    """The roadmap as it stands, or that there is none yet."""
    return _drawn(request, None)


@ANALYSTS
@require_POST
def move(request: SanadRequest, code: str) -> HttpResponse:
    """A bar a quarter earlier or later; refused by name where a rule is broken."""
    quarters = EARLIER if request.POST.get("do") == "earlier" else LATER
    try:
        with attempt():
            start = plan.move(code, quarters, at=request.at, by=request.account)
    except Refused as refusal:
        return _drawn(request, refusal, held=code)
    messages.success(request, _("Moved. It starts in {quarter} now.").format(quarter=start))
    return redirect(f"{_address()}?held={code}#bar-{code}")


@screen(Role.MINISTRY)
@require_POST
def publish(request: SanadRequest) -> HttpResponse:
    """Show it to everybody, or take it back."""
    with attempt():
        if request.POST.get("do") == "take_back":
            plan.take_back(at=request.at, by=request.account)
            messages.success(request, _("The roadmap is not public any more."))
        else:
            plan.publish(_found(request), at=request.at, by=request.account)
            messages.success(request, _("The roadmap is public as it stands now."))
    return redirect("lab_roadmap")


@ANALYSTS
@require_GET
def take(request: SanadRequest, form: str) -> HttpResponse:
    """The executive programme as a file: PDF, XLSX, iCal or CSV."""
    language = request.GET.get("language", get_language() or "ar")
    language = language if language in programme.LANGUAGES else "ar"
    data = programme.programme(
        _found(request), baselines(business_date(request.at)), language=language, at=request.at,
        code_version=code_version(),
    )  # fmt: skip
    name = f"sanad-roadmap-{language}"
    if form == "csv":
        return csv_response(f"{name}.csv", *table_file.csv_rows(data))
    made = {
        "pdf": programme_pdf.pdf, "xlsx": table_file.xlsx, "ics": calendar_file.calendar,
    }.get(form)  # fmt: skip
    if made is None:
        raise Http404
    response = HttpResponse(made(data), content_type=TYPES[form])
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.{form}"'
    return response


def _address() -> str:
    from django.urls import reverse

    return reverse("lab_roadmap")


def _found(request: SanadRequest) -> Roadmap:
    on = business_date(request.at)
    return plan.roadmap(baselines(on), on=on)


def _drawn(request: SanadRequest, refusal: Refused | None, *, held: str = "") -> HttpResponse:
    try:
        found = _found(request)
    except plan.NoRoadmap as none:
        return render(request, "lab/roadmap.html", {"none": say(none)})
    context = _context(request, found) | {
        "refusal": refusal, "held": held or request.GET.get("held", ""),
    }  # fmt: skip
    return render(request, "lab/roadmap.html", context, status=REFUSED if refusal else 200)


def _context(request: SanadRequest, found: Roadmap) -> dict[str, Any]:
    public, moves = plan.published(), plan.moves(found.portfolio.id)
    known = {one["by"] for one in moves} | ({public.by} if public else set())
    names = accounts.names_of(known)
    chart = gantt(
        [str(quarter) for quarter in found.instance.horizon],
        [
            (bar.code, bar.initiative.facts.name, bar.initiative.stage, str(bar.start),
             str(bar.end))
            for bar in found.bars
        ],
    )  # fmt: skip
    return {
        "found": found, "gantt": chart, "rows": [_row(bar) for bar in found.bars],
        "years": [
            (str(year), baisa, found.instance.budget_baisa[year])
            for year, baisa in found.spent_baisa.items()
        ],
        "milestones": _milestones(found, request),
        "moves": [
            (one, found.instance.by_code[one["code"]].name, names.get(one["by"], Text("", "")))
            for one in moves
        ],
        "public": public,
        "public_by": names.get(public.by, Text("", "")) if public else None,
        "is_ministry": request.seat.role == Role.MINISTRY, "code": code_version(),
        "files": ("pdf", "xlsx", "ics", "csv"),
    }  # fmt: skip


def _row(bar: plan.Bar) -> dict[str, Any]:
    facts = bar.initiative.facts
    return {
        "bar": bar, "facts": facts, "progress": f"{bar.progress_percent}%",
        "stage": _(words.STAGES[bar.initiative.stage]),
        "stop": _(words.STOPS[bar.stop]), "is_reached": bar.stop == plan.REACHED,
        "rule": words.rule(facts.stop),
        "measured": words.figure(facts.stop.kpi, bar.measured) if facts.stop.kpi else "",
        "effects": [(words.kpi_name(e.kpi), words.band(e), e.is_assumed) for e in bar.effects],
    }  # fmt: skip


def _milestones(found: Roadmap, request: SanadRequest) -> list[dict[str, Any]]:
    on = business_date(request.at)
    return [
        {"of": bar.initiative.facts.name, "code": bar.code, "one": one,
         "late": one.actual is None and one.planned < on}
        for bar in found.bars
        for one in bar.initiative.facts.milestones
    ]  # fmt: skip
