"""How a service's requests really went: the map, its tables, and the ways they took."""

from datetime import timedelta
from typing import Any, Final

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods
from procrastinate.exceptions import AlreadyEnqueued

from sanad.accounts.roles import Role
from sanad.catalogue import queries as catalogue
from sanad.db.scope import acting, system_scope
from sanad.lab import procedures, snapshot
from sanad.lab.tasks import ask_for_snapshot
from sanad.lib.business_day import business_date
from sanad.lib.refusal import N_, Refused
from sanad.web.desk.history import NAMES
from sanad.web.lab.picture import picture
from sanad.web.shell.lasted import in_words
from sanad.web.shell.screen import SanadRequest, attempt, screen

ANALYSTS = screen(Role.ANALYST, Role.MINISTRY)
SHARES: Final = (50, 75, 90, 95, 100)
SHARE_AT_FIRST: Final = 90
LISTED: Final = 10
MINUTE: Final = 59.5  # what rounds to a minute is one


class NobodyAsked(Refused):
    code = "lab.nobody_asked"
    sentence = N_(
        "Nobody asked for this service in what the snapshot holds. Choose another service or a "
        "newer snapshot."
    )


@ANALYSTS
@require_http_methods(["GET", "POST"])
def studies(request: SanadRequest) -> HttpResponse:
    """The services of the newest snapshot, or of a chosen one; and asking for a new one."""
    if request.method == "POST":
        try:
            # The job belongs to background work, not to the eyes of whoever asks.
            with attempt(), acting(system_scope()):
                ask_for_snapshot()
        except AlreadyEnqueued:
            messages.info(request, _("A snapshot is asked for already; it is taken in turn."))
        else:
            messages.success(request, _("A snapshot is being taken. Look again in a minute."))
        return redirect("lab")
    taken = snapshot.snapshots()
    chosen = next((one for one in taken if one.id == request.GET.get("snapshot")), None)
    chosen = chosen or next(iter(taken), None)
    on = business_date(request.at)
    rows = [
        (catalogue.service(code, on), count)
        for code, count in (procedures.services(chosen) if chosen else ())
    ]
    return render(request, "lab/studies.html", {"snapshots": taken, "chosen": chosen, "rows": rows})


@ANALYSTS
@require_GET
def process(request: SanadRequest, taken: str, service: str) -> HttpResponse:
    """One service's procedure as it went, narrowed to the most frequent moves."""
    share = request.GET.get("share", "")
    kept = int(share) if share in map(str, SHARES) else SHARE_AT_FIRST
    chosen = snapshot.snapshot(taken)
    found = procedures.procedure(chosen, service)
    if found is None:
        raise NobodyAsked
    shown = found.map.edges_to_share(kept / 100)
    slowest = sorted(found.map.edges, key=lambda edge: -edge.between.seconds_total)
    context: dict[str, Any] = {
        "snapshot": chosen,
        "service": catalogue.service(service, business_date(request.at)),
        "found": found,
        "throughput": _times(found.throughput),
        "picture": picture(shown, found.position),
        "edges": [_line(edge) for edge in shown.edges],
        "slowest": [_line(edge) for edge in slowest[:LISTED]],
        "variants": [
            ([NAMES.get(step, step) for step in one.steps], one, _in_words(one.seconds_median))
            for one in found.most_frequent
        ],
        "shares": SHARES,
        "share": kept,
        "left_out": len(found.map.edges) - len(shown.edges),
    }
    return render(request, "lab/process.html", context)


def _line(edge: Any) -> dict[str, Any]:
    """A row of a table of moves."""
    return {
        "source": NAMES.get(edge.source, edge.source),
        "target": NAMES.get(edge.target, edge.target),
        "count": edge.count,
        "requests": edge.cases,
        **_times(edge.between),
    }


def _times(spread: Any) -> dict[str, str]:
    return {
        "mean": _in_words(spread.seconds_mean),
        "median": _in_words(spread.seconds_median),
        "p90": _in_words(spread.seconds_p90),
        "p95": _in_words(spread.seconds_p95),
        "total": _in_words(spread.seconds_total),
    }


def _in_words(seconds: float) -> str:
    """The two largest units; seconds where it is less than a minute."""
    if seconds < MINUTE:
        whole = round(seconds)
        return ngettext("{n} second", "{n} seconds", whole).format(n=whole)
    return in_words(timedelta(seconds=seconds))
