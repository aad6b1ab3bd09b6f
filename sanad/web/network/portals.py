"""How the entities' portals do, and the register of when each was down."""

import datetime as dt
from dataclasses import dataclass
from typing import Final

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from sanad.accounts.roles import Role
from sanad.catalogue import queries as catalogue
from sanad.gateway import portals
from sanad.gateway.portals import MOST_IN_REGISTER, OutageView, Portal
from sanad.lib.bilingual import Text
from sanad.lib.business_day import business_date, day_bounds, in_muscat
from sanad.lib.digits import ascii_digits
from sanad.lib.refusal import N_, Refused
from sanad.web.network.calendar import NotADay
from sanad.web.shell.downloads import csv_response
from sanad.web.shell.fields import Choice, Field
from sanad.web.shell.say import say
from sanad.web.shell.screen import SanadRequest, screen

WATCHERS = screen(Role.MINISTRY, Role.ANALYST, Role.INSPECTOR)
SHOWN_AT_FIRST: Final = dt.timedelta(days=91)
LONGEST_PERIOD: Final = dt.timedelta(days=5 * 366)
COLUMNS: Final = (
    "entity", "entity_name_ar", "entity_name_en", "found_by", "started_at", "ended_at", "minutes",
    "open_minutes_lost", "requests_waited", "note_ar", "note_en",
)  # fmt: skip
TONES: Final = {
    portals.UP: "state-good",
    portals.SLOW: "state-wait",
    portals.ANNOUNCED: "state-wait",
    portals.DOWN: "state-bad",
}


class PeriodBackwards(Refused):
    code = "portals.period_backwards"
    sentence = N_("The last day is before the first. Exchange the two days.")


class PeriodTooLong(Refused):
    code = "portals.period_too_long"
    sentence = N_("The register shows at most five years at once. Choose a shorter period.")


@dataclass(frozen=True)
class Wanted:
    """Which part of the register is asked for."""

    first: dt.date
    last: dt.date
    entity: int | None


@WATCHERS
@require_GET
def portals_page(request: SanadRequest) -> HttpResponse:
    """Status now by entity, and the register of outages, filtered."""
    names, errors = _names(), dict[str, str]()
    wanted = _wanted(request, names, errors)
    outages = _register(wanted, request.at) if wanted else []
    status = portals.portal_status(request.at)
    context = {
        "rows": _rows(status, names),
        "outages": [(names.get(one.entity), one) for one in outages],
        "coming": [(names.get(one.entity), one) for one in portals.coming(request.at)],
        "fields": _fields(request, names, errors),
        "lost": sum(one.open_minutes_lost for one in outages),
        "waited": sum(one.requests for one in outages),
        "most": MOST_IN_REGISTER if len(outages) == MOST_IN_REGISTER else 0,
        "query": request.GET.urlencode(),
    }
    return render(request, "network/portals.html", context, status=422 if errors else 200)


@WATCHERS
@require_GET
def download(request: SanadRequest) -> HttpResponse:
    """The same part of the register as CSV."""
    names, errors = _names(), dict[str, str]()
    wanted = _wanted(request, names, errors)
    if wanted is None:
        return portals_page(request)
    rows = [
        (
            one.entity, *_both(names.get(one.entity)), one.found_by, _iso(one.started_at),
            _iso(one.ended_at), one.minutes, one.open_minutes_lost, one.requests, one.note.ar,
            one.note.en,
        )
        for one in _register(wanted, request.at)
    ]  # fmt: skip
    return csv_response(f"outages-{wanted.first}-{wanted.last}.csv", COLUMNS, rows)


def _names() -> dict[int, Text]:
    return {one.number: one.name for one in catalogue.entities()}


def _rows(
    status: dict[int, Portal], names: dict[int, Text]
) -> list[tuple[Text | None, str, Portal]]:
    """What is wrong comes first, then the longest line."""
    order = [portals.DOWN, portals.ANNOUNCED, portals.SLOW, portals.UP]
    sorted_ones = sorted(
        status.values(), key=lambda one: (order.index(one.state), -one.waiting, -one.taken)
    )
    return [(names.get(one.entity), TONES[one.state], one) for one in sorted_ones]


def _register(wanted: Wanted, at: dt.datetime) -> list[OutageView]:
    first, _start = day_bounds(wanted.first)
    _end, before = day_bounds(wanted.last)
    return portals.register(first=first, before=before, at=at, entity=wanted.entity)


def _wanted(request: SanadRequest, names: dict[int, Text], errors: dict[str, str]) -> Wanted | None:
    """What was asked for; None, and the reason by field, where it cannot be read."""
    today = business_date(request.at)
    days: dict[str, dt.date] = {"first": today - SHOWN_AT_FIRST, "last": today}
    for name in days:
        try:
            days[name] = _day(request.GET.get(name, ""), days[name])
        except NotADay as wrong:
            errors[name] = say(wrong)
    if not errors and days["last"] < days["first"]:
        errors["last"] = say(PeriodBackwards())
    if not errors and days["last"] - days["first"] > LONGEST_PERIOD:
        errors["first"] = say(PeriodTooLong())
    typed = ascii_digits(request.GET.get("entity", ""))
    known = {str(number): number for number in names}
    return None if errors else Wanted(days["first"], days["last"], known.get(typed))


def _day(text: str, otherwise: dt.date) -> dt.date:
    if not text.strip():
        return otherwise
    try:
        return dt.date.fromisoformat(ascii_digits(text).strip())
    except ValueError:
        raise NotADay(text=text) from None


def _fields(request: SanadRequest, names: dict[int, Text], errors: dict[str, str]) -> list[Field]:
    today = business_date(request.at)
    choices = tuple(
        Choice(str(number), name.in_language(request.LANGUAGE_CODE or "ar"))
        for number, name in names.items()
    )
    days: list[tuple[str, str, dt.date]] = [
        ("first", _("From day"), today - SHOWN_AT_FIRST),
        ("last", _("To day"), today),
    ]
    return [
        Field(
            name="entity", label=_("Entity"), kind="choice", choices=choices,
            value=request.GET.get("entity", ""),
        ),
        *(
            Field(
                name=name, label=label, value=request.GET.get(name) or day.isoformat(),
                left_to_right=True, error=errors.get(name, ""), max_length=20, required=True,
            )
            for name, label, day in days
        ),
    ]  # fmt: skip


def _both(name: Text | None) -> tuple[str, str]:
    return (name.ar, name.en) if name else ("", "")


def _iso(moment: dt.datetime | None) -> str:
    return in_muscat(moment).isoformat(timespec="seconds") if moment else ""
