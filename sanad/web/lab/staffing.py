"""People and hours of every centre: needed against present, and one centre's week."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

import numpy as np
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from sanad.accounts.roles import Role
from sanad.centres import queries as centres
from sanad.lab import basis
from sanad.lab.code_version import code_version
from sanad.lab.staffing.applies import METHOD_NAMES, REASONS
from sanad.lab.staffing.assumed import HOURS_SAID, SAID
from sanad.lab.staffing.demand import alone, clock
from sanad.lab.staffing.hours import Change, Hours
from sanad.lab.staffing.network import Staffed, State, staffed
from sanad.lab.staffing.roster import ALL_DAYS
from sanad.lab.staffing.rules import RULE_NAMES, Rules
from sanad.lab.staffing.target import Target
from sanad.lab.staffing.words import WEEKDAY_NAMES
from sanad.lab.twin.network.sessions import Known
from sanad.lib.bilingual import Text
from sanad.lib.refusal import N_, Refused
from sanad.web.lab import scenario_words as words
from sanad.web.lab.scenario_form import StudyForm
from sanad.web.lab.staffing_form import TargetForm, number, whole
from sanad.web.lab.staffing_week import Week, days_of, runs_of, week_of
from sanad.web.shell.fields import Choice, Field
from sanad.web.shell.screen import SanadRequest, screen

ANALYSTS = screen(Role.ANALYST, Role.MINISTRY)
REFUSED: Final = 409
A_PAGE: Final = 50
MOST_STAFF: Final = 30
STATES: Final = {
    State.TOO_FEW: (N_("Too few at the busiest time"), "state-bad"),
    State.HOURS_LONG: (N_("Too few for the week's hours"), "state-wait"),
    State.ENOUGH: (N_("Enough"), "state-good"),
    State.TOO_MANY: (N_("More than needed"), ""),
}


@dataclass(frozen=True)
class Row:
    """A centre as the table shows it."""

    number: int
    name: Text
    wilayat: Text
    visits: str
    needed: int
    present: int
    hours: str
    fewest: int
    state: str
    state_class: str


@lru_cache(maxsize=8)
def of_network(known: Known, target: Target, rules: Rules) -> Staffed:
    """All centres; the same for every reader, so it is kept."""
    return staffed(known.model, target, rules)


@ANALYSTS
@require_GET
def staffing(request: SanadRequest) -> HttpResponse:
    """Every centre: people needed against people there, the greatest lack first."""
    form, study = TargetForm(request.GET), StudyForm(request.GET, sent=False)
    context: dict[str, Any] = {
        "fields": (study.basis_field, *form.fields, _wilayats(request), _states(request)),
        "code": code_version(), "assumptions": SAID, "query": _query(request),
    }  # fmt: skip
    try:
        model = basis.model_of(_basis(study))
        found = of_network(Known(model), form.target(), form.rules())
    except Refused as refusal:
        return render(request, "lab/staffing.html", context | {"refusal": refusal}, status=REFUSED)
    chosen = _chosen(request, found, model.wilayat)
    page = Paginator(chosen, A_PAGE).get_page(request.GET.get("page"))
    context |= {
        "found": found, "page": page, "rows": _rows(found, model.wilayat, list(page.object_list)),
        "figures": _figures(found), "method": METHOD_NAMES[found.method],
        "why": REASONS[found.why], "basis": _basis(study), "target": form.target(),
        "rules": rules_said(form.rules()),
    }  # fmt: skip
    return render(request, "lab/staffing.html", context)


@ANALYSTS
@require_GET
def staffing_centre(request: SanadRequest, number: int) -> HttpResponse:
    """One centre: its week, a roster of so many people, and its opening hours."""
    form, study = TargetForm(request.GET), StudyForm(request.GET, sent=False)
    context: dict[str, Any] = {
        "number": number, "centre": _name(number), "code": code_version(),
        "fields": (study.basis_field, *form.fields, _staff(request, "")),
        "assumptions": (*SAID, *HOURS_SAID), "query": _query(request),
    }  # fmt: skip
    try:
        model = alone(basis.model_of(_basis(study)), number)
        staff = _staff(request, str(int(model.servers[0])))
        context["fields"] = (study.basis_field, *form.fields, staff)
        available = (ALL_DAYS,) * whole(staff, 1, MOST_STAFF)
        week = week_of(Known(model), form.target(), form.rules(), available)
    except Refused as refusal:
        context["refusal"] = refusal
        return render(request, "lab/staffing_centre.html", context, status=REFUSED)
    context |= shown(week) | {
        "basis": _basis(study), "target": form.target(), "rules": rules_said(form.rules()),
        "patterns": patterns_of(week),
    }  # fmt: skip
    return render(request, "lab/staffing_centre.html", context)


def shown(week: Week) -> dict[str, Any]:
    """What a page says of a week, whoever reads it."""
    lived, found = week.needs.lived, week.roster
    return {
        "week": week, "days": days_of(week), "runs": runs_of(week), "method":
        METHOD_NAMES[week.needs.method], "why": REASONS[week.needs.why],
        "figures": _week_figures(week),
        "lived": {
            "share": f"{100 * lived.share:.1f}%", "half": f"{100 * lived.share_half_width:.1f}%",
            "mean": f"{lived.mean_seconds / 60:.1f}", "times": len(lived.came),
        },
        "proof": f"{found.gap_percent:.2f}%",
        "hours": hours_shown(week.hours), "weekdays": WEEKDAY_NAMES,
    }  # fmt: skip


def _week_figures(week: Week) -> tuple[tuple[str, str, str], ...]:
    found, needs = week.roster, week.needs
    lacking = float(found.lacking.sum()) / 2
    return (
        (_("Visits in an ordinary week"), f"{float(needs.demand.visits.sum()):,.0f}", ""),
        (
            _("Needed at the busiest time"), f"{int(found.needed.max(initial=0))}",
            _("There are now: {n}").format(n=needs.present),
        ),
        (
            _("Hours at the counters"), f"{float(found.needed.sum()) / 2:,.1f}",
            _("Rostered: {n}").format(n=f"{found.paid / 2:,.1f}"),
        ),
        (
            _("Hours with too few people"), f"{lacking:,.1f}",
            _("Of these with nobody: {n}").format(n=f"{float(found.empty.sum()) / 2:,.1f}"),
        ),
    )  # fmt: skip


def rules_said(rules: Rules) -> list[tuple[Text, str]]:
    """The rules with their numbers."""
    said = rules.as_json()
    return [(RULE_NAMES[name], f"{said[name]:g}") for name in said if name != "closed"]


def patterns_of(week: Week) -> list[dict[str, Any]]:
    """The roster without names: a row a pattern."""
    return [
        {
            "people": one.people, "hours": f"{one.pattern.paid / 2:g}",
            "days": [pieces(shift) for shift in one.pattern.shifts],
        }
        for one in week.roster.chosen
    ]  # fmt: skip


def pieces(shift: tuple[tuple[int, int], ...]) -> list[str]:
    """A day's shift as times of the clock."""
    return [f"{clock(since)}–{clock(until)}" for since, until in shift]


def hours_shown(hours: Hours) -> dict[str, Any]:
    """Advice on opening hours: what would go, what could come, and what cannot be told."""
    good = [one for one in hours.add if one.gain_low > 0]
    return {
        "close": [_change(one) for one in hours.close], "add": [_change(one) for one in good],
        "open": f"{hours.open_a_week:g}", "kept": hours.kept_by_least,
        "beside": [_change(one) for one in hours.add],
    }  # fmt: skip


def _change(one: Change) -> dict[str, Any]:
    return {
        "day": WEEKDAY_NAMES[one.weekday], "time": pieces(((one.since, one.until),))[0],
        "visits": f"{one.visits:.2f}", "low": round(one.gain_low), "high": round(one.gain_high),
        "verdict": str(one.verdict),
    }  # fmt: skip


def _basis(study: StudyForm) -> dict[str, Any]:
    """What was chosen, or what the field begins with."""
    typed = study.text("basis", study.basis_field.value)
    return StudyForm({"basis": typed}, sent=False).basis()


def _query(request: SanadRequest) -> str:
    given = request.GET.copy()
    given.pop("page", None)
    return f"{given.urlencode()}&" if given else ""


def _staff(request: SanadRequest, usual: str) -> Field:
    value = request.GET.get("staff", "").strip() or usual
    return number("staff", _("People to roster"), value)


def _wilayats(request: SanadRequest) -> Field:
    choices = [Choice("", _("All wilayats"))] + [
        Choice(str(place.code), place.name.in_language(request.LANGUAGE_CODE))
        for place in centres.wilayats()
    ]
    return Field(
        name="wilayat", label=_("Wilayat"), kind="choice", choices=tuple(choices),
        value=request.GET.get("wilayat", ""),
    )  # fmt: skip


def _states(request: SanadRequest) -> Field:
    choices = [Choice("", _("All centres"))] + [
        Choice(str(state), _(name)) for state, (name, _class) in STATES.items()
    ]
    return Field(
        name="state", label=_("How they stand"), kind="choice", choices=tuple(choices),
        value=request.GET.get("state", ""),
    )  # fmt: skip


def _chosen(request: SanadRequest, found: Staffed, wilayat: np.ndarray) -> list[int]:
    """Positions of the centres to show, the greatest lack first."""
    place, state = request.GET.get("wilayat", ""), request.GET.get("state", "")
    states = found.states
    here = [
        k for k in range(len(states))
        if (not place or str(wilayat[k]) == place) and (not state or str(states[k]) == state)
    ]  # fmt: skip
    lack = found.peak - found.demand.servers
    over = found.fewest - found.demand.servers
    return sorted(here, key=lambda k: (-lack[k], -over[k], -found.hours[k], k))


def _rows(found: Staffed, wilayat: np.ndarray, places: list[int]) -> list[Row]:
    names = {one.id: one.name for one in centres.all_centres()}
    regions, states = words.wilayat_names(), found.states
    rows = []
    for k in places:
        number = int(found.demand.centre[k])
        label, kind = STATES[states[k]]
        rows.append(
            Row(
                number, names.get(number, Text(str(number), str(number))),
                regions.get(int(wilayat[k]), words.NOWHERE),
                f"{float(found.demand.visits[k].sum()):,.1f}", int(found.peak[k]),
                int(found.demand.servers[k]), f"{float(found.hours[k]):,.1f}",
                int(found.fewest[k]), label, kind,
            )
        )  # fmt: skip
    return rows


def _figures(found: Staffed) -> list[tuple[str, str, str]]:
    states = found.states
    return [
        (_(name), f"{states.count(state):,}", _("of {n} centres").format(n=f"{len(states):,}"))
        for state, (name, _class) in STATES.items()
    ]


def _name(number: int) -> Text:
    try:
        return centres.centre(number).name
    except Refused:
        return Text(str(number), str(number))
