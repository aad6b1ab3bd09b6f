"""Holidays: the days on which the whole network rests, announced and edited by the ministry."""

import datetime as dt
import re
from typing import Final

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from sanad.accounts.roles import Role
from sanad.centres import actions, queries
from sanad.lib.bilingual import Text
from sanad.lib.business_day import business_date
from sanad.lib.digits import ascii_digits
from sanad.lib.opening_hours import HolidayTwice
from sanad.lib.refusal import N_, Refused
from sanad.web.shell.fields import Field
from sanad.web.shell.say import say
from sanad.web.shell.screen import SanadRequest, attempt, screen

MINISTRY = screen(Role.MINISTRY)
_DAY_FIRST: Final = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")
NAMES: Final = ("day", "name_ar", "name_en", "source")


class NotADay(Refused):
    code = "holidays.not_a_day"
    sentence = N_("“{text}” is not a day of the calendar. Write it like 2026-12-31.")


@MINISTRY
@require_http_methods(["GET", "POST"])
def holidays(request: SanadRequest) -> HttpResponse:
    """The list, and one more day."""
    errors: dict[str, str] = {}
    if request.method == "POST":
        errors = _add(request)
        if not errors:
            messages.success(
                request, _("The holiday is in the list, and every centre rests on it.")
            )
            return redirect("holidays")
    today = business_date(request.at)
    listed = sorted(queries.holidays().names.items())
    context = {
        "coming": [(day, name, day.isoformat()) for day, name in listed if day > today],
        "past": [(day, name) for day, name in reversed(listed) if day <= today],
        "fields": _fields(request, errors),
    }
    return render(request, "network/holidays.html", context, status=422 if errors else 200)


@MINISTRY
@require_POST
def remove(request: SanadRequest, day: str) -> HttpResponse:
    """Take back a holiday that has not begun."""
    try:
        found = dt.date.fromisoformat(day)
    except ValueError as error:
        raise Http404(f"no day {day}") from error
    actions.remove_holiday(day=found, at=request.at, by=request.account)
    messages.success(request, _("The holiday was taken back."))
    return redirect("holidays")


def _add(request: SanadRequest) -> dict[str, str]:
    """Add what was typed; what is wrong with it, by field."""
    typed = {name: request.POST.get(name, "").strip() for name in NAMES}
    try:
        day = _read_day(typed["day"])
        with attempt():
            actions.add_holiday(
                day=day, name=Text(typed["name_ar"], typed["name_en"]), source=typed["source"],
                at=request.at, by=request.account,
            )  # fmt: skip
    except (NotADay, HolidayTwice, actions.HolidayPast) as wrong:
        return {"day": say(wrong)}
    except actions.HolidayNameMissing as wrong:
        missing = [name for name in ("name_ar", "name_en") if not typed[name]]
        return dict.fromkeys(missing, say(wrong))
    return {}


def _read_day(text: str) -> dt.date:
    typed = ascii_digits(text)
    if found := _DAY_FIRST.fullmatch(typed):
        typed = f"{found[3]}-{found[2]:0>2}-{found[1]:0>2}"
    try:
        return dt.date.fromisoformat(typed)
    except ValueError:
        raise NotADay(text=text) from None


def _fields(request: SanadRequest, errors: dict[str, str]) -> list[Field]:
    labels = {
        "day": _("Day"),
        "name_ar": _("Name in Arabic"),
        "name_en": _("Name in English"),
        "source": _("Where it was announced"),
    }
    return [
        Field(
            name=name, label=label, value=request.POST.get(name, ""), error=errors.get(name, ""),
            required=name != "source", left_to_right=name == "day",
            max_length={"day": 20, "source": 200}.get(name, 80),
            help=_("Like 2026-12-31 or 31/12/2026.") if name == "day" else "",
        )
        for name, label in labels.items()
    ]  # fmt: skip
