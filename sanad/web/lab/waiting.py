"""Waiting against working, work done again, hand-overs, and where most time was lost."""

from collections.abc import Iterable
from typing import Any, Final

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from sanad.cases.rules import HOLDER_NAMES, Holder
from sanad.cases.stages import DESKS
from sanad.centres import queries as centres
from sanad.lab.evidence.hours import OpenWeek
from sanad.lab.evidence.log import Coded
from sanad.lab.evidence.waiting import ActivityTime, activity_times, rework
from sanad.lab.handed import HandOver, desks, hand_overs, slow_moves, weeks_of
from sanad.lab.procedures import Studied
from sanad.lib.refusal import N_
from sanad.web.lab.subject import ANALYSTS, Subject, subject
from sanad.web.lab.words import lasted, percent
from sanad.web.shell.screen import SanadRequest

LISTED: Final = 15
BAR: Final = 100  # units of the longest bar
RETURNED: Final = "case.returned"
DESK_NAMES: Final = {holder.value: DESKS.get(holder, HOLDER_NAMES[holder]) for holder in Holder}
NOBODYS: Final = {Holder.NOBODY.value: N_("finished")}


@ANALYSTS
@require_GET
def waiting(request: SanadRequest, /, **named: str) -> HttpResponse:
    """Where the requests of a log wait, for whom, and what is done again."""
    about = subject(request, **named)
    studied = about.studied
    weeks = weeks_of_centres(studied) if about.is_ours else {}
    slow = slow_moves(studied, weeks)[:LISTED]
    again, returns = rework(studied.log)
    context: dict[str, Any] = {
        "steps": bars(about, activity_times(studied.log)),
        "knows_working": studied.log.start is not None,
        "slow": [
            {
                "source": about.step(one.source), "target": about.step(one.target),
                "count": one.waiting.count, "total": lasted(one.waiting.seconds_total),
                "median": lasted(one.waiting.seconds_median), "share": percent(one.share),
                "closed": percent(one.closed_share), "bar": round(BAR * one.share, 1),
                "cases": about.address("cases", source=one.source, target=one.target),
            }
            for one in slow if one.waiting.seconds_total
        ],
        "again": [(about.step(one.activity), one) for one in again],
        "returns": [(about.step(one.source), about.step(one.target), one) for one in returns],
        "returned": returned(about),
        "parties": parties(about, weeks),
        "knows_hours": bool(weeks),
    }  # fmt: skip
    return render(request, "lab/waiting.html", context | about.context("waiting"))


def weeks_of_centres(studied: Studied) -> dict[int, OpenWeek]:
    """The weekly hours of every centre that the log names."""
    assert studied.log.group is not None
    numbers = tuple(sorted(int(name) for name in studied.log.group.names))
    return weeks_of((number, centres.weekly_hours(number)) for number in numbers)


def bars(about: Subject, found: Iterable[ActivityTime]) -> list[dict[str, Any]]:
    """A row a step: how long it was waited for and worked on, and the two lengths of its bar."""
    rows = [one for one in found if one.waiting.count or (one.working and one.working.count)]
    spent = [
        (one.waiting.seconds_total, one.working.seconds_total if one.working else 0.0)
        for one in rows
    ]
    longest = max((waited + worked for waited, worked in spent), default=0.0) or 1.0
    return [
        {
            "name": about.step(one.activity),
            "waited": lasted(waited), "median": lasted(one.waiting.seconds_median),
            "p90": lasted(one.waiting.seconds_p90),
            "worked": lasted(worked) if one.working and one.working.count else "",
            "worked_median": lasted(one.working.seconds_median)
            if one.working and one.working.count else "",
            "waited_bar": round(BAR * waited / longest, 1),
            "worked_bar": round(BAR * worked / longest, 1),
        }
        for one, (waited, worked) in zip(rows, spent, strict=True)
    ]  # fmt: skip


def returned(about: Subject) -> dict[str, Any] | None:
    """How many of our requests an entity returned for correction."""
    if not about.is_ours:
        return None
    found = about.studied.procedure.map
    cases = next((one.cases for one in found.activities if one.name == RETURNED), 0)
    return {"cases": cases, "of": found.cases, "share": percent(cases / found.cases)}


def parties(about: Subject, weeks: dict[int, OpenWeek]) -> list[dict[str, Any]]:
    """The hand-overs, a table for each sort of party; `count` is how many there are in all."""
    log = about.studied.log
    if about.is_ours:
        asked: list[tuple[str, Any, Coded | None, Any]] = [
            ("desks", N_("From desk to desk"), desks(log), desk_name),
            ("centres", N_("From centre to centre"), log.group, centre_name),
            ("people", N_("From person to person"), log.resource, str),
        ]
    else:
        asked = [
            ("people", N_("From person to person"), log.resource, str),
            ("groups", N_("From group to group"), log.group, str),
        ]
    return [_table(about, sort, title, column, name, weeks) for sort, title, column, name in asked]


def desk_name(holder: str) -> str:
    """A desk as the Lab says it; `nobody` is the end."""
    return _(NOBODYS.get(holder, DESK_NAMES[holder]))


def centre_name(number: str) -> Any:
    return centres.centre(int(number)).name


def _table(
    about: Subject, sort: str, title: Any, column: Coded | None, name: Any,
    weeks: dict[int, OpenWeek],
) -> dict[str, Any]:  # fmt: skip
    found = () if column is None else hand_overs(about.studied, column, weeks)
    most = max((one.waiting.count for one in found), default=1)
    return {
        "sort": sort, "title": title, "is_known": column is not None and bool(column.names),
        "is_code": sort == "people" and about.is_ours,
        "count": sum(one.waiting.count for one in found), "left_out": max(0, len(found) - LISTED),
        "rows": [_row(one, name, most) for one in found[:LISTED]],
    }  # fmt: skip


def _row(one: HandOver, name: Any, most: int) -> dict[str, Any]:
    return {
        "source": name(one.source), "target": name(one.target), "count": one.waiting.count,
        "median": lasted(one.waiting.seconds_median), "total": lasted(one.waiting.seconds_total),
        "closed": percent(one.closed_share), "bar": round(BAR * one.waiting.count / most, 1),
    }  # fmt: skip
