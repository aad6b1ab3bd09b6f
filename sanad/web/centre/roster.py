"""The owner's roster: who is expected, who is needed, and who works when."""

from datetime import timedelta
from typing import Any, Final

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from sanad.accounts.roles import Role
from sanad.centres import queries as centres
from sanad.lab.code_version import code_version
from sanad.lab.staffing.assumed import HOURS_SAID, SAID
from sanad.lab.staffing.deal import Dealt
from sanad.lab.staffing.words import WEEKDAY_NAMES
from sanad.lib.business_day import business_date
from sanad.lib.refusal import Refused
from sanad.web.centre.roster_asked import Asked
from sanad.web.centre.roster_files import calendar, workbook
from sanad.web.lab.staffing import pieces, rules_said, shown
from sanad.web.lab.staffing_week import runs_of
from sanad.web.shell.screen import SanadRequest, screen

REFUSED: Final = 409
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@screen(Role.OWNER)
@require_GET
def roster(request: SanadRequest) -> HttpResponse:
    """A week's roster beside the forecast it follows from; a question, nothing is kept."""
    asked = _asked(request)
    staff = asked.staff()
    context: dict[str, Any] = {
        "fields": asked.fields, "staff": _ticks(asked), "weekdays": WEEKDAY_NAMES,
        "assumptions": (*SAID, *HOURS_SAID), "code": code_version(),
        "query": request.GET.urlencode(), "place": centres.centre(asked.centre).name,
        "has_off": any(len(one.days) < len(WEEKDAY_NAMES) for one in staff),
    }  # fmt: skip
    try:
        week, found = asked.answer()
    except Refused as refusal:
        context["refusal"] = refusal
        return render(request, "centre/roster.html", context, status=REFUSED)
    context |= shown(week) | {
        "basis": asked.basis(), "target": asked.form.target(),
        "rules": rules_said(asked.form.rules()), "people": [_row(one) for one in found],
        "dates": [asked.sunday + timedelta(days=n) for n in range(len(WEEKDAY_NAMES))],
        "sunday": asked.sunday, "holidays": list(asked.holidays().values()),
    }  # fmt: skip
    return render(request, "centre/roster.html", context)


@screen(Role.OWNER)
@require_GET
def roster_file(request: SanadRequest, form: str) -> HttpResponse:
    """The same roster as a workbook or a calendar."""
    asked = _asked(request)
    week, found = asked.answer()
    language = get_language() or "ar"
    place = centres.centre(asked.centre).name.in_language(language)
    name = f"roster-{asked.centre}-{asked.sunday}.{form}"
    if form == "ics":
        content, kind = calendar(
            centre=asked.centre, place=place, sunday=asked.sunday, found=found,
            language=language, at=request.at,
        ), "text/calendar; charset=utf-8"  # fmt: skip
    else:
        said = [one.in_language(language) for one in (*SAID, *HOURS_SAID)]
        content, kind = workbook(
            title=f"{_('Roster')} - {place}", sunday=asked.sunday, found=found,
            runs=runs_of(week), said=[*said, f"{_('Program')}: {code_version()}"],
            language=language,
        ), XLSX  # fmt: skip
    response = HttpResponse(content, content_type=kind)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _asked(request: SanadRequest) -> Asked:
    centre = request.seat.centre_id
    assert centre is not None, "an owner sits at a centre"
    return Asked(centre, business_date(request.at), request.GET)


def _ticks(asked: Asked) -> list[dict[str, Any]]:
    """For each person and weekday the box that says they are off."""
    return [
        {"name": one.name,
         "days": [(f"{one.key}.{day}", day not in one.days, name)
                  for day, name in enumerate(WEEKDAY_NAMES)]}
        for one in asked.staff()
    ]  # fmt: skip


def _row(one: Dealt) -> dict[str, Any]:
    return {
        "name": one.person.name, "hours": f"{one.paid / 2:g}",
        "days": [pieces(one.shift(day)) for day in range(len(WEEKDAY_NAMES))],
    }  # fmt: skip
