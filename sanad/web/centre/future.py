"""The owner's future: what the centre earns and costs, what it needs to live, and what if."""

from typing import Any, Final

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from sanad.accounts.roles import Role
from sanad.centres import actions, queries
from sanad.centres.stated import LINES, Stated
from sanad.lab.sustainability import owner
from sanad.lab.sustainability.costs import read_defaults
from sanad.lab.sustainability.owner import Change, ChangeOutOfRange
from sanad.lib.bilingual import Text
from sanad.lib.refusal import N_, Refused
from sanad.web.centre import future_form as forms
from sanad.web.centre.future_figures import Figures, beside, changes_of, figures_of
from sanad.web.shell.screen import SanadRequest, attempt, screen

WRONG: Final = 422
REFUSED: Final = 409
SHOWN: Final = {
    "income": N_("Income"), "fixed": N_("Fixed costs"), "margin": N_("Left after costs"),
    "left": N_("Left after your living"),
}  # fmt: skip


@screen(Role.OWNER)
@require_http_methods(["GET", "POST"])
def future(request: SanadRequest) -> HttpResponse:
    """The page; a POST states costs."""
    number = request.seat.centre_id
    assert number is not None, "an owner sits at a centre"
    stated = queries.stated_costs(number)
    typed, refusal = forms.shown(stated), None
    errors: dict[str, str] = {}
    if request.method == "POST":
        typed = {name: request.POST.get(name, "").strip()[:40] for name in LINES}
        costs, errors = forms.read_costs(typed)
        if not errors:
            refusal = _state(request, number, costs)
            if refusal is None:
                messages.success(request, _("Your costs are stated and hold from now on."))
                return redirect("owner_future")
    context = _context(request, number, stated, typed, errors)
    wrong = bool(errors or refusal)
    status = WRONG if wrong else REFUSED if context["what_if_refusal"] else 200
    return render(request, "centre/future.html", context | {"refusal": refusal}, status=status)


def _state(request: SanadRequest, centre: int, costs: Stated) -> Refused | None:
    try:
        with attempt():
            actions.state_costs(centre=centre, costs=costs, at=request.at, by=request.account)
    except Refused as refused:
        return refused
    return None


def _context(
    request: SanadRequest, number: int, stated: Stated, typed: dict[str, str],
    errors: dict[str, str],
) -> dict[str, Any]:  # fmt: skip
    centre = queries.centre(number)
    found = figures_of(centre, stated, at=request.at)
    assumed = owner.costs_with(Stated(), wilayat=centre.wilayat_code, people=found.month.people)
    return {
        "centre": centre, "found": found, "month": found.month,
        "income": round(found.month.income), "margin": round(found.month.margin),
        "left": round(found.month.left),
        "break_even": _rounded_up(found.month.break_even), "charges": round(found.month.charges),
        "runway": found.month.runway_months,
        "runway_told": f"{found.month.runway_months:.1f}" if _is_finite(found.month) else "",
        "costs": _costs(found, stated),
        "fields": forms.cost_fields(typed, errors, assumed),
        "beside": beside(number, at=request.at),
        "is_demonstration": bool(settings.SANAD_DEMONSTRATION),
        "vat": read_defaults().vat,
        **_hangs(found), **_what_if(request, found),
    }  # fmt: skip


def _costs(found: Figures, stated: Stated) -> list[tuple[Text, int, bool]]:
    """Each cost: its name, baisa, and whether the owner said it."""
    lines = read_defaults().lines
    return [
        (lines[code].name, baisa, getattr(stated, code) is not None)
        for code, baisa in sorted(found.month.costs.items(), key=lambda one: LINES.index(one[0]))
    ]


def _hangs(found: Figures) -> dict[str, Any]:
    hangs = found.dependence
    if hangs is None:
        return {"hangs": None}
    return {
        "hangs": hangs, "entity_share": f"{100 * hangs.entity_share:.0f}%",
        "service_share": f"{100 * hangs.service_share:.0f}%",
        "herfindahl": f"{hangs.herfindahl:.2f}", "without": round(hangs.margin_without),
    }  # fmt: skip


def _what_if(request: SanadRequest, found: Figures) -> dict[str, Any]:
    asked = {name: request.GET.get(name, "").strip()[:10] for name in forms.WHAT_IF}
    context: dict[str, Any] = {
        "what_if": forms.what_if_fields(asked), "what_if_refusal": None,
        "assumptions": forms.assumptions(), "then": None,
    }  # fmt: skip
    try:
        change, label = forms.read_change(asked), forms.WHAT_IF["people"][0]
        if found.month.people + change.people < 1:
            raise ChangeOutOfRange(
                value=asked["people"], field=_(label),
                low=1 - found.month.people, high=owner.MOST_PEOPLE,
            )  # fmt: skip
    except ChangeOutOfRange as refusal:
        return context | {"what_if_refusal": refusal}
    if change == Change():
        return context
    then = owner.changed(found.month, change)
    rows = [(_(SHOWN[code]), now, later) for code, now, later in changes_of(found.month, then)]
    return context | {
        "then": rows, "break_even_then": _rounded_up(then.break_even),
        "charges_then": round(then.charges),
    }  # fmt: skip


def _rounded_up(charges: float | None) -> int | None:
    return None if charges is None else int(-(-charges // 1))


def _is_finite(month: owner.Month) -> bool:
    return month.runway_months is not None and month.runway_months != float("inf")
