"""Initiatives: the list, a new one, one with its effects and history, its steps and milestones."""

import datetime as dt
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from sanad.accounts import queries as accounts
from sanad.accounts.roles import Role
from sanad.lab.roadmap import initiatives, plan, vision
from sanad.lab.roadmap.baseline import baselines
from sanad.lab.roadmap.initiatives import MINISTRY_DECIDES, InitiativeView
from sanad.lib.bilingual import Text
from sanad.lib.business_day import business_date
from sanad.lib.digits import ascii_digits
from sanad.lib.refusal import Refused
from sanad.web.lab import roadmap_words as words
from sanad.web.lab.initiative_form import InitiativeForm, form_of
from sanad.web.shell.screen import SanadRequest, attempt, screen

ANALYSTS = screen(Role.ANALYST, Role.MINISTRY)
REFUSED = 409


@ANALYSTS
@require_GET
def listed(request: SanadRequest) -> HttpResponse:
    """Every initiative with its stage."""
    rows = [
        (one, _(words.STAGES[one.stage]), [words.kpi_name(e.kpi) for e in one.facts.effects])
        for one in initiatives.listed()
    ]
    return render(request, "lab/initiatives.html", {"rows": rows})


@ANALYSTS
@require_http_methods(["GET", "POST"])
def new(request: SanadRequest) -> HttpResponse:
    """A new initiative, as an idea; nothing typed is lost when it is refused."""
    form, refusal = InitiativeForm(request.POST), None
    if request.method == "POST":
        try:
            with attempt():
                facts = form.facts()
                initiatives.propose([facts], at=request.at, by=request.account)
                return redirect("lab_initiative", facts.code)
        except Refused as refused:
            refusal = refused
    return _drawn(request, form, refusal, None)


@ANALYSTS
@require_http_methods(["GET", "POST"])
def change(request: SanadRequest, code: str) -> HttpResponse:
    """Other facts for an initiative that is still open."""
    found, refusal = initiatives.one(code), None
    form = form_of(found.facts)
    if request.method == "POST":
        form = InitiativeForm(request.POST, code=code)
        try:
            with attempt():
                initiatives.change(
                    form.facts(), version=_whole(form.text("version")), reason=form.text("reason"),
                    at=request.at, by=request.account,
                )  # fmt: skip
                messages.success(request, _("The change is kept, with what was there before."))
                return redirect("lab_initiative", code)
        except Refused as refused:
            refusal = refused
    return _drawn(request, form, refusal, found)


def _drawn(
    request: SanadRequest, form: InitiativeForm, refusal: Refused | None,
    found: InitiativeView | None,
) -> HttpResponse:  # fmt: skip
    context = {"form": form, "refusal": refusal, "found": found}
    status = REFUSED if refusal else 200
    return render(request, "lab/initiative_form.html", context, status=status)


@ANALYSTS
@require_GET
def initiative(request: SanadRequest, code: str) -> HttpResponse:
    """One initiative: what it says, where it stands, what changed and by whom."""
    found = initiatives.one(code)
    kpis = baselines(business_date(request.at))
    versions = initiatives.history(code)
    names = accounts.names_of({one.by for one in versions})
    facts = found.facts
    measured = kpis.values.get(facts.stop.kpi)
    stop = plan.stop_state(facts, measured, found.stage)
    context = {
        "found": found, "facts": facts, "baselines": kpis,
        "stage": _(words.STAGES[found.stage]),
        "effects": words.effects(facts.effects, kpis.values),
        "priority": vision.priorities().get(facts.vision), "vision_checked": vision.is_checked(),
        "costs": list(enumerate(facts.cost_baisa, start=1)), "rule": words.rule(facts.stop),
        "crews": [(kind, ", ".join(map(str, needs))) for kind, needs in facts.crew.items()],
        "stop": _(words.STOPS[stop]), "is_reached": stop == plan.REACHED,
        "measured": words.figure(facts.stop.kpi, measured) if facts.stop.kpi else "",
        "steps": [(step, _(words.STEPS[step])) for step in _steps(request, found)],
        "milestones": list(enumerate(facts.milestones)),
        "related": (
            (_("Must be finished before"), facts.after),
            (_("One of these must be finished before"), facts.one_of),
            (_("Excludes"), facts.excludes),
        ),
        "today": business_date(request.at),
        "history": [
            (one, _(words.CHANGES[one.what]), names.get(one.by, Text("", "")),
             _differences(versions[n + 1].facts if n + 1 < len(versions) else None, one.facts))
            for n, one in enumerate(versions)
        ],
    }  # fmt: skip
    return render(request, "lab/initiative.html", context)


def _steps(request: SanadRequest, found: InitiativeView) -> list[str]:
    """The steps that this reader may take."""
    is_ministry = request.seat.role == Role.MINISTRY
    return [
        step
        for step in found.steps
        if is_ministry or (found.is_open and step not in MINISTRY_DECIDES)
    ]


def _differences(before: dict[str, Any] | None, after: dict[str, Any]) -> list[str]:
    """The fields in which two versions differ."""
    if before is None:
        return []
    return [name for name, value in after.items() if before.get(name) != value]


@ANALYSTS
@require_POST
def step(request: SanadRequest, code: str) -> HttpResponse:
    """To the next stage."""
    with attempt():
        initiatives.step(
            code, request.POST.get("stage", ""), is_ministry=request.seat.role == Role.MINISTRY,
            reason=request.POST.get("reason", ""), at=request.at, by=request.account,
        )  # fmt: skip
    messages.success(request, _("The step is taken and stands in the history."))
    return redirect("lab_initiative", code)


@ANALYSTS
@require_POST
def reach(request: SanadRequest, code: str) -> HttpResponse:
    """A milestone was reached today, or is not after all."""
    number = _whole(request.POST.get("milestone", ""))
    on: dt.date | None = business_date(request.at)
    if request.POST.get("do") == "undo":
        on = None
    with attempt():
        initiatives.reach(code, number, on=on, at=request.at, by=request.account)
    return redirect("lab_initiative", code)


def _whole(text: str) -> int:
    typed = ascii_digits(text)
    return int(typed) if typed.isdecimal() and len(typed) < 9 else -1
