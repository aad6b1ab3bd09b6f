"""Studies: asked for, watched while they run, read with their bands, run again and compared."""

import json
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from sanad.accounts import queries as accounts
from sanad.accounts.roles import Role
from sanad.db.scope import acting, system_scope
from sanad.lab import basis, snapshot, studies
from sanad.lab.fitted import is_fitted
from sanad.lab.studies import StudyView
from sanad.lab.tasks import ask_for_fit
from sanad.lab.twin.network import compare
from sanad.lab.twin.network.after import Person
from sanad.lab.twin.network.measures import MEASURES, PEOPLE_NAMES
from sanad.lab.twin.network.scenarios import BASELINE
from sanad.lib.bilingual import Text
from sanad.lib.refusal import Refused
from sanad.web.lab import scenario_pictures as pictures
from sanad.web.lab import scenario_words as words
from sanad.web.lab.scenario_form import StudyForm, form_of
from sanad.web.lab.watching import watched
from sanad.web.shell.screen import SanadRequest, attempt, screen

ANALYSTS = screen(Role.ANALYST, Role.MINISTRY)
TRIED = 2  # replications of the estimate at once
FINDINGS: Final = {
    "visits_a_day": "count", "day_spread": "share", "service_seconds": "seconds",
    "question_seconds": "seconds", "patience_seconds": "seconds", "questions": "share",
    "without_ticket": "share", "returned": "share", "at_once": "share", "approved": "share",
    "decision_working_days": "days", "outage_seconds": "seconds",
}  # fmt: skip


@ANALYSTS
@require_http_methods(["GET", "POST"])
def listed(request: SanadRequest) -> HttpResponse:
    """The studies there are, and what was learned from snapshots; asking to learn from one."""
    taken = snapshot.snapshots()
    if request.method == "POST":
        wanted = snapshot.snapshot(request.POST.get("snapshot", ""))
        with attempt(), acting(system_scope()):
            ask_for_fit(wanted.id)
        messages.success(request, _("The model is being learned. Look again in some minutes."))
        return redirect("lab_studies")
    found = studies.newest()
    names = accounts.names_of({one.asked_by for one in found})
    context = {
        "studies": [(one, names.get(one.asked_by, Text("", ""))) for one in found],
        "snapshots": [(one, is_fitted(one)) for one in taken],
        "learned": _learned(),
    }
    return render(request, "lab/scenario_studies.html", context)


@ANALYSTS
@require_http_methods(["GET", "POST"])
def asking(request: SanadRequest) -> HttpResponse:
    """The form of a study; nothing typed is lost when it is refused."""
    form, refusal, tried, status = _form(request), None, None, 200
    do = request.POST.get("do", "")
    if do == "add" or do.startswith("remove-"):
        form = form.with_changes(do)
    elif do in ("ask", "try"):
        try:
            with attempt():
                if do == "ask":
                    study = studies.ask(**form.asked(), at=request.at, by=request.account)
                    return redirect("lab_study", study)
                tried = _tried(form)
        except Refused as refused:
            refusal, status = refused, 409
    context = {
        "form": form, "refusal": refusal, "tried": tried, "most": compare.SCENARIOS_AT_MOST,
        "assumptions": _assumptions(form),
    }  # fmt: skip
    return render(request, "lab/scenario_form.html", context, status=status)


def _form(request: SanadRequest) -> StudyForm:
    if request.method == "POST":
        return StudyForm(request.POST, sent=True)
    if like := request.GET.get("like"):
        found = studies.one(_uuid(like))
        return form_of(found.asked, found.title)
    return StudyForm(request.GET, sent=False)


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise studies.NoSuchStudy from None


def _tried(form: StudyForm) -> list[dict[str, Any]]:
    """What two runs say of each scenario: an estimate at once, without bands."""
    chosen = form.scenarios()
    if not chosen:
        raise studies.NothingToCompare
    compare.refuse_size(len(chosen), TRIED)
    model = basis.model_of(form.basis())
    models = [model, *(one.apply(model) for one in chosen)]
    runs = compare.replicated(models, seed=form.asked()["seed"], replications=TRIED, threads=2)
    rows = []
    for number, code in enumerate(MEASURES):
        base = float(runs[0].figures[:, number].mean())
        rows.append(
            {"measure": MEASURES[code], "base": words.figure(code, base),
             "values": [
                 words.figure(code, float(one.figures[:, number].mean()) - base, signed=True)
                 for one in runs[1:]
             ]}
        )  # fmt: skip
    return [{"names": [one.name for one in chosen], "rows": rows}]


def _assumptions(form: StudyForm) -> list[tuple[str, str]]:
    """What the levers of the own scenario assume, as far as they can be read."""
    if not form.numbers:
        return []
    try:
        own = form.scenarios()[-1].as_json()
    except Refused:
        return []
    return [(words.lever_name(one), words.assumption(one)) for one in own["levers"]]


@ANALYSTS
@require_GET
def study(request: SanadRequest, study: UUID) -> HttpResponse:
    """A study: how far it is, or what came out."""
    found = studies.one(study)
    return watched(
        request,
        _study(found),
        whole="lab/scenario_study.html",
        part="lab/scenario_progress.html",
        is_over=found.is_over,
    )


@ANALYSTS
@require_POST
def stop(request: SanadRequest, study: UUID) -> HttpResponse:
    """Stop a study that waits or runs."""
    with attempt():
        studies.stop(study, at=request.at)
    messages.success(request, _("The study is being stopped. Nothing of it is kept."))
    return redirect("lab_study", study)


@ANALYSTS
@require_POST
def again(request: SanadRequest, study: UUID) -> HttpResponse:
    """The same study once more."""
    with attempt():
        anew = studies.again(study, at=request.at, by=request.account)
    return redirect("lab_study", anew)


@ANALYSTS
@require_GET
def take(request: SanadRequest, study: UUID) -> HttpResponse:
    """The study with its trail and its result, as JSON."""
    found = studies.one(study)
    said = {
        "study": str(found.id), "title": found.title, "asked": found.asked,
        "asked_at": found.asked_at.isoformat(), "state": found.state, "simulated": True,
        "code_version": found.code_version, "result": found.result, "refusal": found.refusal,
    }  # fmt: skip
    response = HttpResponse(
        json.dumps(said, ensure_ascii=False, indent=1), content_type="application/json"
    )
    response.headers["Content-Disposition"] = f'attachment; filename="study-{found.id}.json"'
    return response


def _study(found: StudyView) -> dict[str, Any]:
    context: dict[str, Any] = {
        "study": found,
        "asked_by": accounts.names_of({found.asked_by}).get(found.asked_by, Text("", "")),
        "scenarios": [_said(one) for one in found.asked["scenarios"]],
        "basis": found.asked["basis"],
        "same": studies.same_as_before(found),
        "refusal": _refusal(found),
    }
    if found.result is not None:
        context |= _result(found.result)
    return context


def _said(one: dict[str, Any]) -> dict[str, Any]:
    return {
        "name": Text(one["name"]["ar"], one["name"]["en"]), "code": one["code"],
        "version": one["version"],
        "levers": [(words.lever_name(lever), words.assumption(lever)) for lever in one["levers"]],
    }  # fmt: skip


def _refusal(found: StudyView) -> str:
    if found.refusal is None:
        return ""
    sentence: str = found.refusal["sentence"]
    facts = {
        name: Text(**value).in_language(get_language() or "ar")
        if isinstance(value, dict)
        else value
        for name, value in found.refusal["facts"].items()
    }
    return _(sentence).format(**facts)


def _result(result: dict[str, Any]) -> dict[str, Any]:
    base, others = result[BASELINE], result["scenarios"]
    table = []
    for code, measure in MEASURES.items():
        cells = [
            {
                "value": words.figure(code, one["kpis"][code]["mean"]),
                "told": words.told(code, one["difference"][code]),
                "band": _band(code, one["difference"][code]),
                "good": words.is_good(code, one["difference"][code]),
            }
            for one in others
        ]
        table.append(
            {"measure": measure, "base": words.figure(code, base["kpis"][code]["mean"]),
             "base_band": _band(code, base["kpis"][code], signed=False), "cells": cells}
        )  # fmt: skip
    return {
        "table": table,
        "names": [Text(one["name"]["ar"], one["name"]["en"]) for one in others],
        "bands": [
            pictures.bands(measure.name, code, others)
            for code, measure in MEASURES.items()
            if any(one["difference"][code]["distinguishable"] for one in others)
        ],
        "tornados": [pictures.tornado(one) for one in others if one["tornado"]],
        "people": [
            {
                "name": PEOPLE_NAMES[person],
                "base": _person(base, person),
                "cells": [_person(one, person) for one in others],
            }
            for person in Person
        ],
        "places": [_places(one) for one in others],
        "result": result,
    }


def _band(code: str, change: dict[str, Any], *, signed: bool = True) -> str:
    if change["low"] is None:
        return ""
    low, high = (words.figure(code, change[end], signed=signed) for end in ("low", "high"))
    return _("{low} to {high}").format(low=low, high=high)


def _person(one: dict[str, Any], person: Person) -> dict[str, Any]:
    row = one["people"][person]
    return {
        "came": round(row["came"]),
        "wait": words.figure("wait_mean_minutes", row["wait_mean_minutes"]["mean"]),
    }


def _places(one: dict[str, Any]) -> dict[str, Any]:
    """The wilayats whose wait changes most, and how many change distinguishably."""
    names = words.wilayat_names()
    known = [row for row in one["places"] if row["wait_change"]["mean"] is not None]
    ordered = sorted(known, key=lambda row: -abs(row["wait_change"]["mean"]))
    return {
        "name": Text(one["name"]["ar"], one["name"]["en"]),
        "distinguishable": sum(row["wait_change"]["distinguishable"] for row in known),
        "all": len(known),
        "rows": [
            {
                "name": names.get(row["wilayat"], Text(str(row["wilayat"]), str(row["wilayat"]))),
                "wait": words.figure("wait_mean_minutes", row["wait_mean_minutes"]["mean"]),
                "wait_told": words.told("wait_mean_minutes", row["wait_change"]),
                "earned_told": words.told("earned_baisa", row["earned_change"]),
            }
            for row in ordered
        ],
    }


def _learned() -> dict[str, Any] | None:
    """What was learned from the newest snapshot that was learned from."""
    taken = next((one for one in snapshot.snapshots() if is_fitted(one)), None)
    if taken is None:
        return None
    found = basis.fit_of({"kind": basis.SNAPSHOT, "snapshot": taken.id})
    assert found is not None
    rows = [
        (words.finding_name(one.code), words.finding(FINDINGS[one.code], one))
        for one in found.findings
    ]
    return {
        "snapshot": taken, "rows": rows, "found": found,
        "seen": words.figure("wait_mean_minutes", found.seen_wait_minutes),
        "foretold": _band("wait_mean_minutes",
                          {"low": found.foretold_wait_minutes.low,
                           "high": found.foretold_wait_minutes.high}, signed=False),
        "away": round(found.away_seconds / 60),
    }  # fmt: skip
