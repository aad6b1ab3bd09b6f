"""Two groups of requests side by side: two periods, two governorates, two kinds or two entities."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final

import numpy as np
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from sanad.catalogue import queries as catalogue
from sanad.centres import queries as centres
from sanad.lab import procedures, snapshot
from sanad.lab.evidence.compare import Comparison, Difference, Verdict, compare
from sanad.lab.procedures import Studied
from sanad.lib.bilingual import Text
from sanad.lib.business_day import MUSCAT, business_date
from sanad.lib.refusal import N_, Refused
from sanad.web.lab.subject import ANALYSTS, Subject, program, subject
from sanad.web.lab.words import lasted, moment_of, percent, step_of_ours
from sanad.web.shell.fields import Choice, Field
from sanad.web.shell.screen import SanadRequest

SEED: Final = 2025  # the same groups give the same interval
LISTED: Final = 12
KINDS_AT_MOST: Final = 200
NEGLIGIBLE: Final = 0.00005  # a share that is written as nothing
VERDICTS: Final = {
    Verdict.MORE: N_("More often in the second"),
    Verdict.LESS: N_("Less often in the second"),
    Verdict.NOT_DISTINGUISHABLE: N_("Not distinguishable"),
}
LONGER: Final = {
    Verdict.MORE: N_("The second takes longer"),
    Verdict.LESS: N_("The second takes less long"),
    Verdict.NOT_DISTINGUISHABLE: N_("Not distinguishable"),
}
BY: Final = {
    "period": N_("Two periods"),
    "governorate": N_("Two governorates"),
    "kind": N_("By “{name}”"),
    "group": N_("By the group of the first step"),
}


class DayWrong(Refused):
    code = "lab.day_wrong"
    sentence = N_("“{text}” is not a day. Write days like {example}.")


class ChooseTwo(Refused):
    code = "lab.choose_two"
    sentence = N_("Choose two different groups to put side by side.")


@dataclass(frozen=True)
class Groups:
    """The cases of either group, bool [cases] each, and what the groups are called."""

    first: Any
    second: Any
    names: tuple[Any, Any]

    @property
    def sizes(self) -> tuple[int, int]:
        return int(self.first.sum()), int(self.second.sum())


@ANALYSTS
@require_GET
def comparing(request: SanadRequest, /, **named: str) -> HttpResponse:
    """One log's cases in two groups of choice."""
    about = subject(request, **named)
    kinds = ways_to_divide(about)
    by = request.GET.get("by", "")
    by = by if by in kinds else next(iter(kinds))
    typed = typed_of(about.studied, by, request.GET)
    refusal, found, groups = None, None, None
    try:
        if by == "period" or (typed["first"] and typed["second"]):
            groups = groups_of(about.studied, by, typed)
            found = compare(about.studied.log, groups.first, groups.second, seed=SEED)
    except Refused as reason:
        # A log of one day has no halves; that is no mistake of whoever opens the page.
        refusal = reason if request.GET.keys() & typed.keys() else None
    context: dict[str, Any] = {
        "kinds": list(kinds.items()), "by": by, "fields": fields_of(about, by, typed),
        "refusal": refusal, "groups": groups if found else None,
        "result": found and result_of(found, about.step),
        "address": about.address("compare"),
    }  # fmt: skip
    context |= about.context("compare", by=by, **typed, seed=SEED)
    return render(request, "lab/compare.html", context, status=422 if refusal else 200)


@ANALYSTS
@require_GET
def entities(request: SanadRequest, taken: str) -> HttpResponse:
    """Two entities of a snapshot, whatever of their services was asked for."""
    chosen = snapshot.snapshot(taken)
    names = {str(one.number): one.name for one in catalogue.entities()}
    there = [(str(number), count) for number, count in procedures.entities(chosen)]
    known = [number for number, _count in there if number in names]
    first, second = (
        asked if (asked := request.GET.get(name, "")) in known else ""
        for name in ("first", "second")
    )
    refusal, found, sizes, drawn_from = None, None, (0, 0), 0
    try:
        if first and second:
            if first == second:
                raise ChooseTwo
            one = procedures.of_entities(chosen, int(first), int(second))
            assert one is not None
            groups = groups_of(one, "kind", {"first": first, "second": second})
            found = compare(one.log, groups.first, groups.second, seed=SEED)
            sizes = groups.sizes
            drawn_from = one.drawn_from
    except Refused as reason:
        refusal = reason
    choices = [Choice(number, _said(names[number])) for number in known]
    context = {
        "snapshot": chosen, "refusal": refusal, "sizes": sizes, "drawn_from": drawn_from,
        "drawn": sum(sizes),
        "names": (names.get(first), names.get(second)),
        "fields": _pair(choices, {"first": first, "second": second}),
        "result": found and result_of(found, step_of_ours),
        "trail": {
            "choices": [("first", first), ("second", second), ("seed", str(SEED))],
            "code": program(),
            "again": f"{reverse('lab_entities', args=[taken])}?first={first}&second={second}",
        },
    }  # fmt: skip
    return render(request, "lab/entities.html", context, status=422 if refusal else 200)


def ways_to_divide(about: Subject) -> dict[str, str]:
    """By what the cases of this log can be told apart, with its words."""
    log, kind = about.studied.log, about.studied.kind
    found = ["period"]
    if about.is_ours:
        found.append("governorate")
    elif kind is not None and 1 < len(kind.names) <= KINDS_AT_MOST:
        found.append("kind")
    if not about.is_ours and log.group is not None and 1 < len(log.group.names) <= KINDS_AT_MOST:
        found.append("group")
    return {
        by: _(words).format(name=about.studied.kind_name) for by, words in BY.items() if by in found
    }


def typed_of(studied: Studied, by: str, asked: Any) -> dict[str, str]:
    """What was typed or chosen; for two periods the log's two halves where nothing was."""
    if by != "period":
        return {name: asked.get(name, "") for name in ("first", "second")}
    first, last = (_day(int(one)) for one in (studied.began.min(), studied.began.max()))
    middle = first + timedelta(days=((last - first).days + 1) // 2)
    days = {
        "first_from": first, "first_to": max(first, middle - timedelta(days=1)),
        "second_from": middle, "second_to": last,
    }  # fmt: skip
    return {name: asked.get(name) or day.isoformat() for name, day in days.items()}


def groups_of(studied: Studied, by: str, typed: dict[str, str]) -> Groups:
    """Raises `DayWrong`, `ChooseTwo`."""
    if by == "period":
        spans = [(typed[f"{which}_from"], typed[f"{which}_to"]) for which in ("first", "second")]
        first, second = (_within(studied, *span) for span in spans)
        names = tuple(_("{since} to {until}").format(since=a, until=b) for a, b in spans)
        return Groups(first, second, (names[0], names[1]))
    if typed["first"] == typed["second"]:
        raise ChooseTwo
    column = _values(studied, by)
    first, second = (column == typed[which] for which in ("first", "second"))
    return Groups(first, second, _names(by, typed))


def fields_of(about: Subject, by: str, typed: dict[str, str]) -> list[Field]:
    """What is asked to make the two groups."""
    if by == "period":
        labels = {
            "first_from": _("The first from"), "first_to": _("to and with"),
            "second_from": _("The second from"), "second_to": _("to and with"),
        }  # fmt: skip
        return [
            Field(name=name, label=label, kind="date", value=typed[name], required=True)
            for name, label in labels.items()
        ]
    if by == "governorate":
        there = set(_values(about.studied, by).tolist())
        choices = [
            Choice(str(one.code), _said(one.name))
            for one in centres.governorates() if str(one.code) in there
        ]  # fmt: skip
    else:
        choices = [Choice(name, name) for name in sorted(set(_values(about.studied, by).tolist()))]
    return _pair([one for one in choices if one.value], typed)


def result_of(found: Comparison, step: Callable[[str], str]) -> dict[str, Any]:
    """A comparison in words."""
    median = found.seconds_median
    return {
        "median": {
            "first": lasted(median.first), "second": lasted(median.second),
            "low": signed(median.low, lasted), "high": signed(median.high, lasted),
            "verdict": LONGER[median.verdict], "is_clear": _is_clear(median),
        },
        "tables": [
            {"sort": sort, "title": title, "left_out": max(0, len(rows) - LISTED),
             "rows": [_share_row(one, step) for one in rows[:LISTED]]}
            for sort, title, rows in (
                ("ways", N_("Ways"), found.variants), ("moves", N_("Moves"), found.edges),
            )
        ],
    }  # fmt: skip


def signed(value: float, words: Callable[[float], str]) -> str:
    """A difference with its sign in words: longer or shorter."""
    text = words(abs(value))
    return (_("{time} less") if value < 0 else _("{time} more")).format(time=text)


def _share_row(one: Difference, step: Callable[[str], str]) -> dict[str, Any]:
    return {
        "steps": [step(name) for name in one.name], "first": percent(one.first),
        "second": percent(one.second), "low": _points(one.low), "high": _points(one.high),
        "verdict": VERDICTS[one.verdict], "is_clear": _is_clear(one),
    }  # fmt: skip


def _points(share: float) -> str:
    """Points of the hundred with their sign, to a hundredth: a bound may lie close to nothing."""
    if abs(share) < NEGLIGIBLE:
        return percent(0.0, places=2)
    return f"{'+' if share > 0 else '−'}{percent(abs(share), places=2)}"


def _is_clear(one: Difference) -> bool:
    return one.verdict is not Verdict.NOT_DISTINGUISHABLE


def _values(studied: Studied, by: str) -> Any:
    """The value of each case, text [cases]; empty where it is not known."""
    if by == "governorate":
        place = {one.id: str(one.governorate_code) for one in centres.licences()}
        return np.array([place.get(int(c), "") for c in studied.centre[studied.log.offsets[:-1]]])
    column = studied.kind
    if by == "group" and studied.log.group is not None:
        column = studied.log.group.taken(studied.log.offsets[:-1])
    assert column is not None
    names = np.array([*column.names, ""])
    return names[column.codes]  # -1, which is not known, is the last


def _names(by: str, typed: dict[str, str]) -> tuple[Any, Any]:
    if by != "governorate":
        return typed["first"], typed["second"]
    names: dict[str, Text] = {str(one.code): one.name for one in centres.governorates()}
    return names.get(typed["first"], typed["first"]), names.get(typed["second"], typed["second"])


def _pair(choices: list[Choice], typed: dict[str, str]) -> list[Field]:
    labels = {"first": _("The first"), "second": _("The second")}
    return [
        Field(name=name, label=label, kind="choice", value=typed[name], required=True,
              choices=tuple(choices))
        for name, label in labels.items()
    ]  # fmt: skip


def _within(studied: Studied, since: str, until: str) -> Any:
    """The cases that began on these days, both with, by the wall clock of Muscat."""
    begin, end = _micros(_date(since)), _micros(_date(until) + timedelta(days=1))
    return (studied.began >= begin) & (studied.began < end)


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise DayWrong(text=text[:40], example="2025-09-30") from None


def _micros(day: date) -> int:
    at = datetime.combine(day, time(), MUSCAT)
    return (at - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)


def _day(micros: int) -> date:
    return business_date(moment_of(micros))


def _said(text: Text) -> str:
    return text.in_language((get_language() or "ar").split("-")[0])
