"""The owner's today: what was done, what came in, and what needs somebody now."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from sanad.accounts.roles import Role
from sanad.cases import queries as cases
from sanad.gateway import queries as gateway
from sanad.oversight import kpis, queries
from sanad.oversight.kpis import DayRow, Kpi
from sanad.till import queries as till
from sanad.till.rules import Account
from sanad.web.shell.screen import SanadRequest, screen

SHOWN = ("visits", "wait_mean_minutes", "cases_submitted", "cases_decided", "returned_percent")


@dataclass(frozen=True)
class Figure:
    """A KPI with its value of today. No value means that there is nothing to measure yet."""

    kpi: Kpi
    value: str


@screen(Role.OWNER)
@require_GET
def today(request: SanadRequest) -> HttpResponse:
    """Figures from the log, the ledger's beside them, and alerts."""
    centre = request.seat.centre_id
    assert centre is not None, "an owner sits at a centre"
    counted = queries.today(centre, at=request.at)
    ledger = till.day(centre, at=request.at)
    row = counted.row
    context: dict[str, Any] = {
        "counted": counted,
        "figures": [_figure(kpis.KPIS[code], row) for code in SHOWN],
        "ledger": ledger,
        "cash": (row.cash_baisa, ledger.cash_baisa),
        "card": (row.card_baisa, ledger.card_baisa),
        "link": (row.link_baisa, ledger.link_baisa),
        "agree": (row.cash_baisa, row.card_baisa, row.link_baisa)
        == (ledger.cash_baisa, ledger.card_baisa, ledger.link_baisa),
        # Money that is somebody's stands on the credit side, so its sign is turned round.
        "held": -ledger.balances[Account.HELD_FOR_ENTITY],
        "earned": -ledger.balances[Account.EARNED],
        "vat": -ledger.balances[Account.VAT_DUE],
        "delayed": _delayed(centre, request),
        "open_drawers": [drawer for drawer in ledger.drawers if drawer.counted_at is None],
        "returned": cases.work_list(centre=centre, account=None, at=request.at)["returned"],
    }
    return render(request, "centre/today.html", context)


def _figure(kpi: Kpi, row: DayRow) -> Figure:
    value = kpi.of([row])
    if value is None:
        return Figure(kpi, "")
    return Figure(kpi, f"{value:,.0f}" + ("%" if kpi.unit == kpis.PERCENT else ""))


def _delayed(centre: int, request: SanadRequest) -> list[tuple[str, Any]]:
    """Codes of requests that their entity has not taken, and since when."""
    found = gateway.delayed(centre, at=request.at)
    codes = cases.codes_of({case for case, _ in found})
    return [(codes.get(case, ""), since) for case, since in found]
