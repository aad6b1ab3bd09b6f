"""Request by request: those of a way, of a move or of a deviation, each with its steps and times.

They stand under pseudonyms, and no address leads from one to the request itself.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from sanad.lab.declared import cases_with
from sanad.lab.evidence.conform import SENTENCES, Kind
from sanad.lab.evidence.kernels import Int64
from sanad.lab.evidence.log import SECOND
from sanad.lib.refusal import N_, Refused
from sanad.web.lab.conformance import against_of, hold
from sanad.web.lab.subject import ANALYSTS, Subject, subject, whole
from sanad.web.lab.words import lasted, moment_of
from sanad.web.shell.screen import SanadRequest

ON_A_PAGE: Final = 20
STEPS_SHOWN: Final = 200  # of one request


class NoSuchWay(Refused):
    code = "lab.no_such_way"
    sentence = N_("The requests went {ways} different ways; there is no number {asked} among them.")


@dataclass(frozen=True)
class Wanted:
    """Which cases an address asks for: their numbers, why in words, and the address's own part."""

    cases: Int64
    why: str
    choices: dict[str, Any]


@ANALYSTS
@require_GET
def cases(request: SanadRequest, /, **named: str) -> HttpResponse:
    """The cases asked for, the longest first, twenty on a page."""
    about = subject(request, **named)
    wanted = wanted_of(about, request.GET)
    log = about.studied.log
    ordered = wanted.cases[np.argsort(-log.throughput[wanted.cases], kind="stable")]
    pages = max(1, -(-ordered.size // ON_A_PAGE))
    page = whole(request.GET.get("page", ""), least=1, most=pages, otherwise=1)
    here = ordered[(page - 1) * ON_A_PAGE : page * ON_A_PAGE]
    context: dict[str, Any] = {
        "why": wanted.why, "count": int(ordered.size), "of": log.cases,
        "rows": [case_of(about, case) for case in here.tolist()],
        "page": page, "pages": pages,
        "first": (page - 1) * ON_A_PAGE + 1, "last": (page - 1) * ON_A_PAGE + len(here),
        "steps_shown": STEPS_SHOWN,
        "links": {
            name: about.address("cases", **wanted.choices, page=to)
            for name, to, is_there in (
                ("first", 1, page > 1), ("before", page - 1, page > 1),
                ("after", page + 1, page < pages), ("last", pages, page < pages),
            ) if is_there
        },
    }  # fmt: skip
    context |= about.context("cases", **wanted.choices, page=page)
    return render(request, "lab/cases.html", context)


def wanted_of(about: Subject, asked: Mapping[str, str]) -> Wanted:
    """Raises `NoSuchWay` and what holding against a procedure refuses."""
    if asked.get("variant"):
        return _of_way(about, asked["variant"])
    if asked.get("source") and asked.get("target"):
        return _of_move(about, asked["source"], asked["target"])
    if asked.get("deviation") in {kind.value for kind in Kind} and asked.get("activity"):
        return _of_deviation(about, asked)
    return Wanted(np.arange(about.studied.log.cases), _("All requests"), {})


def case_of(about: Subject, case: int) -> dict[str, Any]:
    """A case by its pseudonym, and its steps with their times."""
    log = about.studied.log
    place = log.of_case(case)
    shown = range(place.start, min(place.stop, place.start + STEPS_SHOWN))
    steps = [
        {
            "name": about.step(str(log.activity.name(event))),
            "at": moment_of(int(log.time[event])),
            "since": lasted((log.time[event] - log.time[event - 1]) / SECOND)
            if event > place.start else "",
            "by": (log.resource and log.resource.name(event)) or "",
            "group": (log.group and log.group.name(event)) or "",
        }
        for event in shown
    ]  # fmt: skip
    return {
        "name": log.case.names[case], "count": place.stop - place.start,
        "lasted": lasted(int(log.throughput[case]) / SECOND),
        "began": moment_of(int(log.time[place.start])), "steps": steps,
        "left_out": place.stop - place.start - len(steps),
    }  # fmt: skip


def _of_way(about: Subject, asked: str) -> Wanted:
    ways = about.studied.ways
    number = whole(asked, least=0, most=len(ways) + 1, otherwise=0)
    if not 1 <= number <= len(ways):
        raise NoSuchWay(ways=len(ways), asked=asked[:20])
    steps = [about.quoted(step) for step in ways.activities(number - 1)]
    why = _("Went this way: {steps}.").format(steps=" › ".join(steps))
    return Wanted(np.flatnonzero(ways.of_case == number - 1), why, {"variant": number})


def _of_move(about: Subject, source: str, target: str) -> Wanted:
    log = about.studied.log
    names = list(log.activity.names)
    having = np.zeros(0, np.int64)
    if source in names and target in names:
        codes, case = log.activity.codes, log.case.codes
        moved = (codes[:-1] == names.index(source)) & (codes[1:] == names.index(target))
        having = np.unique(case[1:][moved & (case[1:] == case[:-1])]).astype(np.int64)
    why = _("Went from “{source}” straight to “{target}”.").format(
        source=about.quoted(source), target=about.quoted(target)
    )
    return Wanted(having, why, {"source": source, "target": target})


def _of_deviation(about: Subject, asked: Mapping[str, str]) -> Wanted:
    against = against_of(about, asked.get("against", ""))
    kind, activity = Kind(asked["deviation"]), asked["activity"]
    held = hold(about, against)
    found = next(
        (one for one in held.found.deviations if (one.kind, one.activity) == (kind, activity)), None
    )
    facts = found.facts if found else {"count": 0, "cases": 0}
    why = _(SENTENCES[kind]).format(**facts | {"activity": about.quoted(activity)})
    having = np.sort(cases_with(held, kind, activity)) if found else np.zeros(0, np.int64)
    return Wanted(having, why, {"deviation": kind.value, "activity": activity, "against": against})
