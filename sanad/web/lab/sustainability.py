"""Which centres can live, why others cannot, what a withdrawal does and what would help."""

from typing import Any, Final

import numpy as np
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from sanad.lab.forecast.series import foretold
from sanad.lab.sustainability import network, shocks
from sanad.lab.sustainability.measures import CODES, RULES
from sanad.lab.sustainability.network import Assessed
from sanad.lib.bilingual import Text
from sanad.lib.refusal import Refused
from sanad.web.lab import sustainability_choices as choices
from sanad.web.lab import sustainability_pictures as pictures
from sanad.web.lab.subject import ANALYSTS
from sanad.web.lab.sustainability_choices import Asked, trail
from sanad.web.lab.sustainability_rows import HEADER, line_of, percent, row_of
from sanad.web.shell.downloads import csv_response
from sanad.web.shell.screen import SanadRequest

A_PAGE: Final = 25
WORST: Final = 10  # centres that a withdrawal is shown for
REFUSED: Final = 409
LEFT_NAME: Final = Text(
    "ما يزيد لكل مركز في الشهر بعد معيشة صاحبه، بالريال",
    "More for each centre a month after the owner's living, in rials",
)


@ANALYSTS
@require_GET
def sustainability(request: SanadRequest) -> HttpResponse:
    """The network under a scenario."""
    context: dict[str, Any] = {"fields": choices.fields(choices.typed(request))}
    try:
        asked = choices.asked(request)
        context |= _shown(request, asked, asked.found())
    except Refused as refusal:
        context |= {"refusal": refusal}
        return render(request, "lab/sustainability.html", context, status=REFUSED)
    return render(request, "lab/sustainability.html", context)


@ANALYSTS
@require_GET
def sustainability_csv(request: SanadRequest) -> HttpResponse:
    """Every centre of the place as a table to save."""
    asked = choices.asked(request)
    found = asked.found()
    chosen = np.flatnonzero(choices.in_place(found, asked.place)).tolist()
    rows = [line_of(found, asked, row) for row in chosen]
    return csv_response(f"sustainability-{asked.calibration}.csv", HEADER, rows)


def _shown(request: SanadRequest, asked: Asked, found: Assessed) -> dict[str, Any]:
    held = found.judged
    chosen = choices.in_place(found, asked.place)
    risky = np.flatnonzero(chosen & held.at_risk)
    worst_first = risky[np.argsort((held.margin - held.living)[risky], kind="stable")]
    page = Paginator(worst_first, A_PAGE).get_page(request.GET.get("page"))
    return trail(asked, found) | {
        # The form shows what was lived, the defaults too.
        "fields": choices.fields(vars(asked)),
        "tiles": _tiles(found),
        "reasons": [(RULES[code], int(held.rules[at].sum())) for at, code in enumerate(CODES)],
        "kinds": [(name, round(baisa)) for _, name, baisa in network.by_kind(found)],
        "entities": [
            (name, round(baisa), f"{100 * baisa / max(held.income.sum(), 1):.1f}%")
            for _, name, baisa in network.by_entity(found)
            if round(baisa) > 0
        ],
        "histogram": pictures.histogram(held.margin - held.living),
        "loss": _loss(asked, found),
        "page": page,
        "rows": [row_of(found, asked, int(row)) for row in page.object_list],
        "risky": len(risky), "in_place": int(chosen.sum()),
        "place": choices.places().get(asked.place),
        "levers": _levers(found),
        "lever_picture": pictures.lever_bands(LEFT_NAME, found.levers),
        **_forecast(asked),
    }  # fmt: skip


def _tiles(found: Assessed) -> list[tuple[str, int, str]]:
    held, levels = found.judged, found.at_levels
    least, most = found.over_lives
    lives = _("From life to life: {least} to {most}").format(least=least, most=most)
    costs = _("With low costs {low}, with high costs {high}").format(
        low=int(levels["low"].cannot_live.sum()), high=int(levels["high"].cannot_live.sum())
    )
    return [
        (_("Cannot live on portal income"), int(held.cannot_live_on_portal.sum()),
         _("Costs and the owner's living are not covered by services of the official list alone.")),
        (_("Cannot live on all income"), int(held.cannot_live.sum()), f"{costs}. {lives}"),
        (_("Do not cover their costs"), int(held.cannot_pay.sum()),
         _("Before the owner's living.")),
        (_("At risk, for any reason"), int(held.at_risk.sum()),
         _("Of {n} centres.").format(n=found.centres)),
    ]  # fmt: skip


def _loss(asked: Asked, found: Assessed) -> dict[str, Any] | None:
    """What the chosen withdrawal does, or nothing where none is chosen."""
    if not asked.without:
        return None
    services = choices.taken_out(found, asked.without)
    loss = shocks.withdrawn(found.income, found.costs, services)
    names = choices.centre_names(asked.calibration)
    model = found.income.model
    worst = np.lexsort((-loss.lost, ~loss.falls))[:WORST]
    codes = network.service_names()
    named = [codes[c] for c, gone in zip(model.services, services, strict=True) if gone]
    total = float(found.judged.income.sum())
    return {
        "name": choices.withdrawals()[asked.without], "lost": round(loss.total),
        "share": f"{100 * loss.total / total if total else 0:.1f}%",
        "falls": int(loss.falls.sum()), "below": int((loss.margin < 0).sum()),
        "services": named if asked.without == choices.TEN else [],
        "rows": [
            (int(model.centre[row]), names.get(int(model.centre[row])), round(loss.lost[row]),
             percent(loss.share[row]), bool(loss.falls[row]), round(loss.margin[row]))
            for row in worst
        ],
    }  # fmt: skip


def _levers(found: Assessed) -> list[dict[str, Any]]:
    names = {one.code: one.name for one in found.levers}
    ranked = []
    for at, one in enumerate(found.levers):
        after = found.levers[at + 1].code if at + 1 < len(found.levers) else ""
        ranked.append(
            {"worth": one, "told": pictures.signed(one.baisa[1]),
             "low": pictures.signed(one.low), "high": pictures.signed(one.high),
             "more": one.more_live, "is_tied": bool(after) and after not in one.unlike,
             "after": names.get(after)}
        )  # fmt: skip
    return ranked


def _forecast(asked: Asked) -> dict[str, Any]:
    found = foretold()
    code = int(asked.place[1:]) if asked.place.startswith("g") else None
    if asked.place.startswith("w"):
        code = network.governorate_of()[int(asked.place[1:])]
    row = None if code is None else found.portal.governorates.index(code)
    coverage = found.trial.coverage()
    ends = found.ahead
    total = found.total()
    tried = {"ours": found.trial, **found.baselines}
    return {
        "forecast": pictures.forecast(found, row),
        "forecast_of": None if row is None else found.portal.names[row],
        "forecast_years": found.years,
        "forecast_rows": [
            (name, int(found.portal.transactions[at, -1]),
             [(round(m), round(low), round(high)) for m, low, high in zip(
                 ends.middle[at], ends.low[at], ends.high[at], strict=True)],
             f"{coverage[at]:.0f}%")
            for at, name in enumerate(found.portal.names)
        ],
        "forecast_total": (
            int(found.portal.transactions[:, -1].sum()),
            [(round(m), round(low), round(high)) for m, low, high in zip(
                total.middle[0], total.low[0], total.high[0], strict=True)],
        ),
        "forecast_last": found.portal.years[-1], "forecast_first": found.portal.years[0],
        "alike": f"{found.alike():.2f}", "method": found.method.code,
        "middle_errs_more": found.trial.error.mean() > found.baselines["last_value"].error.mean(),
        "tried": [(TRIED[code], one.as_json()) for code, one in tried.items()],
    }  # fmt: skip


TRIED: Final = {
    "ours": Text("الطريقة المختارة", "The chosen method"),
    "last_value": Text("بقاء آخر سنة على حالها", "The last year goes on"),
    "drift": Text("استمرار متوسط التغير", "The mean change goes on"),
}
