"""Portfolios: asked for, watched while they are solved, read with what would turn each answer."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from sanad.accounts import queries as accounts
from sanad.accounts.roles import Role
from sanad.lab.roadmap import initiatives, plan, portfolios
from sanad.lab.roadmap.baseline import baselines
from sanad.lab.roadmap.portfolios import PortfolioView
from sanad.lab.roadmap.stages import Stage
from sanad.lib.bilingual import Text
from sanad.lib.business_day import business_date
from sanad.lib.money import format_omr
from sanad.lib.quarters import Quarter
from sanad.lib.refusal import Refused
from sanad.web.lab import roadmap_words as words
from sanad.web.lab.portfolio_form import PortfolioForm
from sanad.web.lab.roadmap_gantt import gantt
from sanad.web.lab.watching import watched
from sanad.web.shell.screen import SanadRequest, attempt, screen

ANALYSTS = screen(Role.ANALYST, Role.MINISTRY)
REFUSED = 409


@ANALYSTS
@require_GET
def listed(request: SanadRequest) -> HttpResponse:
    """The portfolios there are."""
    found = portfolios.newest()
    names = accounts.names_of({one.asked_by for one in found})
    rows = [(one, names.get(one.asked_by, Text("", ""))) for one in found]
    return render(request, "lab/portfolios.html", {"rows": rows})


@ANALYSTS
@require_http_methods(["GET", "POST"])
def new(request: SanadRequest) -> HttpResponse:
    """The form of a portfolio; nothing typed is lost when it is refused."""
    on = business_date(request.at)
    open_ones = [
        one for one in initiatives.listed() if one.stage not in (Stage.DONE, Stage.STOPPED)
    ]
    first = Quarter.containing(on).next
    form, refusal = PortfolioForm(request.POST, open_ones, str(first)), None
    found = baselines(on)
    if request.method == "POST":
        try:
            with attempt():
                portfolio = portfolios.ask(
                    form.wish(), form.chosen_from(), found, at=request.at, by=request.account
                )
                return redirect("lab_portfolio", portfolio)
        except Refused as refused:
            refusal = refused
    context = {"form": form, "refusal": refusal, "baselines": found}
    status = REFUSED if refusal else 200
    return render(request, "lab/portfolio_form.html", context, status=status)


@ANALYSTS
@require_GET
def portfolio(request: SanadRequest, portfolio: UUID) -> HttpResponse:
    """A portfolio: how far it is, or what came out."""
    found = portfolios.one(portfolio)
    return watched(
        request,
        _shown(request, found),
        whole="lab/portfolio.html",
        part="lab/portfolio_progress.html",
        is_over=found.is_over,
    )


@ANALYSTS
@require_POST
def stop(request: SanadRequest, portfolio: UUID) -> HttpResponse:
    """Stop one that waits or runs."""
    with attempt():
        portfolios.stop(portfolio, at=request.at)
    messages.success(request, _("The portfolio is being stopped. Nothing of it is kept."))
    return redirect("lab_portfolio", portfolio)


@ANALYSTS
@require_POST
def again(request: SanadRequest, portfolio: UUID) -> HttpResponse:
    """The same once more."""
    with attempt():
        anew = portfolios.again(portfolio, at=request.at, by=request.account)
    return redirect("lab_portfolio", anew)


@screen(Role.MINISTRY)
@require_POST
def adopt(request: SanadRequest, portfolio: UUID) -> HttpResponse:
    """Make it the roadmap."""
    with attempt():
        plan.adopt(portfolio, at=request.at, by=request.account)
    messages.success(request, _("This portfolio is the roadmap now."))
    return redirect("lab_roadmap")


def _shown(request: SanadRequest, found: PortfolioView) -> dict[str, Any]:
    names = accounts.names_of({found.asked_by, *([found.adopted_by] if found.adopted_by else [])})
    context: dict[str, Any] = {
        "found": found, "refusal": words.refusal(found.refusal),
        "asked_by": names.get(found.asked_by, Text("", "")),
        "adopted_by": names.get(found.adopted_by, Text("", "")) if found.adopted_by else None,
        "same": portfolios.same_as_before(found),
        "may_adopt": request.seat.role == Role.MINISTRY and found.result and not found.adopted_at,
        "scales": [
            (words.kpi_name(kpi), words.figure(kpi, scale),
             f"{found.asked['weights'].get(kpi, 1):g}", kpi in found.asked["own_scales"])
            for kpi, scale in found.asked["scales"].items()
        ],
    }  # fmt: skip
    if found.result is not None:
        context |= _result(found, found.result)
    return context


def _result(found: PortfolioView, result: dict[str, Any]) -> dict[str, Any]:
    instance = found.instance
    starts = {one["code"]: one for one in result["chosen"]}
    chart = gantt(
        [str(quarter) for quarter in instance.horizon],
        [
            (code, instance.by_code[code].name, Stage.CHOSEN, one["start"], one["end"])
            for code, one in starts.items()
        ],
    )
    turns = {one["code"]: one for one in result["turns"]}
    rows = []
    for code in (*starts, *result["left_out"]):
        one = instance.by_code[code]
        rows.append(
            {"code": code, "name": one.name, "chosen": starts.get(code),
             "total_baisa": one.total_baisa, "assumed": code in found.asked["assumed"],
             "value": f"{one.value.mid / 1000:,.2f}", "turns": _turns(turns.get(code))}
        )  # fmt: skip
    return {
        "result": result, "gantt": chart, "rows": rows,
        "value": {end: f"{value:,.1f}" for end, value in result["value"].items()},
        "gap": f"{result['gap_percent']:.2f}%",
        "years": [
            (year, cost, result["budget_baisa"][year])
            for year, cost in result["cost_baisa"].items()
        ],
    }  # fmt: skip


def _turns(turn: dict[str, Any] | None) -> list[dict[str, Any]]:
    """What would turn an answer, in words, with the two solves that confirm it."""
    if turn is None:
        return []
    return [_turn(turn["value"], turn["chosen"], "value"),
            _turn(turn["cost"], turn["chosen"], "cost")]  # fmt: skip


def _turn(said: dict[str, Any], chosen: bool, what: str) -> dict[str, Any]:
    if said["change"] is None:
        why = words.WHY[str(said["why"])]
        return {"words": _(why), "sides": "", "tolerance": ""}
    sentences = {
        ("value", True): _("Dropped if its value falls by {change} ({percent})"),
        ("value", False): _("Brought in if its value rises by {change} ({percent})"),
        ("cost", True): _("Dropped if its cost rises by {change} rials ({percent})"),
        ("cost", False): _("Brought in if its cost falls by {change} rials ({percent})"),
    }
    is_cost = what == "cost"
    change = format_omr(said["change"]) if is_cost else f"{said['change']:,.3f}"
    percent = "–" if said["percent"] is None else f"{said['percent']:.1f}%"
    return {
        "words": sentences[what, chosen].format(change=change, percent=percent),
        "sides": _sides(said, is_cost), "tolerance": f"{said['tolerance']:.3f}"
        if said["tolerance"] else "", "confirmed": said["confirmed"],
    }  # fmt: skip


def _sides(said: dict[str, Any], is_cost: bool) -> str:
    before, after = said["before"], said["after"]
    if before is None or after is None:
        return ""
    written = [
        format_omr(side["given"]) if is_cost else f"{side['given']:,.3f}"
        for side in (before, after)
    ]
    sentence = _("Solved again: at {near} the plan is worth {one}; at {far} it is worth {other}.")
    return sentence.format(
        near=written[0], one=f"{before['value']:,.3f}", far=written[1],
        other=f"{after['value']:,.3f}",
    )  # fmt: skip
