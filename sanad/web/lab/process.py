"""How a service's requests really went: the map, its tables, and the ways they took."""

from dataclasses import replace
from typing import Any, Final

import numpy as np
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods
from procrastinate.exceptions import AlreadyEnqueued

from sanad.catalogue import queries as catalogue
from sanad.db.scope import acting, system_scope
from sanad.lab import procedures, snapshot
from sanad.lab.evidence.map import Edge, ProcessMap
from sanad.lab.tasks import ask_for_snapshot
from sanad.lib.business_day import business_date
from sanad.lib.refusal import N_
from sanad.web.lab.picture import picture
from sanad.web.lab.subject import ANALYSTS, Subject, subject, whole
from sanad.web.lab.words import lasted, times
from sanad.web.shell.screen import SanadRequest, attempt

LEAST_SHARE, SHARE_AT_FIRST = 50, 90
FASTER_AT_MOST = 95
LISTED: Final = 10
MEASURES: Final = {
    "median": (N_("Half within"), lambda edge: edge.between.seconds_median),
    "p90": (N_("Nine of ten within"), lambda edge: edge.between.seconds_p90),
}


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
def process(request: SanadRequest, /, **named: str) -> HttpResponse:
    """A log's procedure as it went, narrowed to the most frequent moves and to the slower ones."""
    asked = request.GET
    share = whole(asked.get("share", ""), least=LEAST_SHARE, most=100, otherwise=SHARE_AT_FIRST)
    faster = whole(asked.get("faster", ""), least=0, most=FASTER_AT_MOST, otherwise=0)
    measure = asked.get("time") if asked.get("time") in MEASURES else "median"
    about = subject(request, **named)
    found = about.studied.procedure
    seconds = MEASURES[str(measure)][1]
    shown = slower(found.map.edges_to_share(share / 100), faster / 100, seconds)
    slowest = sorted(found.map.edges, key=lambda edge: -edge.between.seconds_total)
    ways = [
        ([about.step(step) for step in one.steps], one, lasted(one.seconds_median),
         about.address("cases", variant=number))
        for number, one in enumerate(found.most_frequent, 1)
    ]  # fmt: skip
    context: dict[str, Any] = {
        "found": found,
        "throughput": times(found.throughput),
        "picture": picture(shown, found.position, name=about.step, seconds=seconds),
        "edges": [line(about, edge) for edge in shown.edges],
        "slowest": [line(about, edge) for edge in slowest[:LISTED]],
        "variants": ways,
        "measures": [(name, words) for name, (words, _) in MEASURES.items()],
        "measure": measure, "share": share, "least_share": LEAST_SHARE, "faster": faster,
        "faster_at_most": FASTER_AT_MOST,
        "left_out": len(found.map.edges) - len(shown.edges),
    }  # fmt: skip
    context |= about.context("process", share=share, faster=faster, time=measure)
    return render(request, "lab/process.html", context)


def slower(found: ProcessMap, quantile: float, seconds: Any) -> ProcessMap:
    """The moves that are not faster than a quantile of all moves shown (each counted once), and the
    steps that they touch or that start or end a case."""
    if not quantile or not found.edges:
        return found
    bar = float(np.quantile([seconds(edge) for edge in found.edges], quantile))
    kept = tuple(edge for edge in found.edges if seconds(edge) >= bar)
    touched = {name for edge in kept for name in (edge.source, edge.target)}
    steps = tuple(s for s in found.activities if s.name in touched or s.starts or s.ends)
    return replace(found, activities=steps, edges=kept)


def line(about: Subject, edge: Edge) -> dict[str, Any]:
    """A row of a table of moves."""
    return {
        "source": about.step(edge.source),
        "target": about.step(edge.target),
        "count": edge.count,
        "requests": edge.cases,
        "cases": about.address("cases", source=edge.source, target=edge.target),
        **times(edge.between),
    }
