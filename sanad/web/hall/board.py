"""The board: who is served where, and who is next. Numbers only, never names."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from sanad.counter import queries, rules
from sanad.web.hall.kiosk import IN_THE_HALL
from sanad.web.shell import lock
from sanad.web.shell.screen import SanadRequest

NEXT_SHOWN = 6


@IN_THE_HALL
@require_GET
def board(request: SanadRequest) -> HttpResponse:
    """The page for the hall's screen; it asks for its contents anew by itself."""
    lock.lock(request.session)
    return render(request, "hall/board.html", _now(request))


@IN_THE_HALL
@require_GET
def now(request: SanadRequest) -> HttpResponse:
    """The part that changes."""
    return render(request, "hall/now.html", _now(request))


def _now(request: SanadRequest) -> dict[str, Any]:
    centre = request.seat.centre_id
    assert centre is not None, "this seat stands at a centre"
    waiting = queries.line(centre, at=request.at)[rules.WAITING]
    return {
        "called": queries.board(centre, at=request.at),
        "following": waiting[:NEXT_SHOWN],
        "waiting": len(waiting),
        "priority_minutes": rules.PRIORITY_MINUTES,
        "at": request.at,
    }
