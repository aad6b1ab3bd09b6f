"""One centre for the ministry: its income, costs, risks, and what it hangs on."""

from typing import Any, Final

import numpy as np
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from sanad.lab.sustainability import network
from sanad.lab.sustainability.costs import LINES, read_defaults
from sanad.lab.sustainability.income import KIND_NAMES, KINDS, of_kind
from sanad.lab.sustainability.measures import VERDICTS
from sanad.lab.sustainability.network import Assessed
from sanad.web.lab import sustainability_choices as choices
from sanad.web.lab.subject import ANALYSTS
from sanad.web.lab.sustainability_choices import Asked, trail
from sanad.web.lab.sustainability_rows import STATES, row_of, runway
from sanad.web.shell.screen import SanadRequest

SHOWN_SERVICES: Final = 10


@ANALYSTS
@require_GET
def sustainability_centre(request: SanadRequest, centre: int) -> HttpResponse:
    """One centre: its income, costs, risks, and what it hangs on."""
    asked = choices.asked(request)
    found = asked.found()
    row = found.row_of(centre)
    context = trail(asked, found) | _of_centre(found, asked, row)
    return render(request, "lab/sustainability_centre.html", context)


def _of_centre(found: Assessed, asked: Asked, row: int) -> dict[str, Any]:
    held, model, defaults = found.judged, found.income.model, read_defaults()
    baisa = found.income.baisa[row]
    total = max(float(baisa.sum()), 1.0)
    codes = network.service_names()
    services = np.argsort(-baisa, kind="stable")[:SHOWN_SERVICES]
    kinds = of_kind(found.income)[row]
    return {
        "row": row_of(found, asked, row),
        "kinds": [
            (KIND_NAMES[code], round(kinds[at])) for at, code in enumerate(KINDS)
        ],
        "services": [
            (codes[model.services[one]], round(baisa[one]), f"{100 * baisa[one] / total:.1f}%")
            for one in services if baisa[one] > 0
        ],
        "costs": [
            (defaults.lines[code], int(getattr(found.costs, code)[row])) for code in LINES
        ],
        "is_stated": bool(found.costs.stated[row]),
        "runway": runway(float(held.runway[row])),
        "herfindahl": "" if np.isnan(held.herfindahl[row]) else f"{held.herfindahl[row]:.2f}",
        "without": round(held.margin_without[row]),
        "levels": [
            (choices.LEVEL_NAMES[level], round(one.margin[row]),
             round(one.margin[row] - one.living[row]), VERDICTS[one.verdict(row)],
             STATES[one.verdict(row)])
            for level, one in found.at_levels.items()
        ],
    }  # fmt: skip
