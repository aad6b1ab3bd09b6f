"""Where the centres are and when they are open."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from django.http import Http404, HttpResponse
from django.shortcuts import render

from sanad.centres import queries
from sanad.centres.queries import CentreView, NoSuchCentre, Place
from sanad.lib.bilingual import Text
from sanad.lib.business_day import business_date
from sanad.lib.opening_hours import Holidays, Span, Weekday, WeeklyHours
from sanad.lib.refusal import N_
from sanad.web.shell.screen import SanadRequest, open_to_all

HOLIDAYS_AHEAD: Final = timedelta(days=120)
DAY_NAMES: Final = {
    Weekday.SUN: N_("Sunday"),
    Weekday.MON: N_("Monday"),
    Weekday.TUE: N_("Tuesday"),
    Weekday.WED: N_("Wednesday"),
    Weekday.THU: N_("Thursday"),
    Weekday.FRI: N_("Friday"),
    Weekday.SAT: N_("Saturday"),
}


@dataclass(frozen=True)
class Opening:
    """Whether a centre is open at a moment, until when, and when next."""

    is_open: bool
    closes: datetime | None
    opens: datetime | None


@dataclass(frozen=True)
class Day:
    """A line of the table of hours."""

    name: str
    spans: tuple[Span, ...]
    is_today: bool


@open_to_all
def centres(request: SanadRequest) -> HttpResponse:
    """Governorates, then wilayats, then the centres of one."""
    context: dict[str, Any] = {}
    if code := request.GET.get("wilayat"):
        chosen = _place(queries.wilayats(), code)
        found = queries.centres_in(chosen.code)
        context["place"] = chosen
        context["governorate"] = _governorate_of(found, chosen)
        context["centres"] = [(one, _opening_of(one, request.at)) for one in found]
    elif code := request.GET.get("governorate"):
        context["place"] = _place(queries.governorates(), code)
        context["wilayats"] = queries.wilayats(context["place"].code)
    else:
        context["governorates"] = queries.governorates()
    return render(request, "public/centres.html", context)


@open_to_all
def centre(request: SanadRequest, number: int) -> HttpResponse:
    """One centre: place, hours, holidays to come."""
    try:
        found = queries.centre(number)
    except NoSuchCentre as missing:
        raise Http404(str(missing)) from missing
    today = business_date(request.at)
    hours, holidays = queries.weekly_hours(number), queries.holidays(since=today)
    context = {
        "centre": found,
        "opening": opening(found, hours, holidays, request.at),
        "days": _week(hours, today),
        "holidays": _ahead(holidays, today),
        "vat_percent": f"{found.vat_per_mille / 10:g}%" if found.vat_per_mille else "",
    }
    return render(request, "public/centre.html", context)


def opening(centre: CentreView, hours: WeeklyHours, holidays: Holidays, at: datetime) -> Opening:
    """What the door says at a moment; a centre without a licence is shut."""
    if not centre.is_licensed(business_date(at)):
        return Opening(is_open=False, closes=None, opens=None)
    closes = hours.closes_at(at, holidays)
    return Opening(
        is_open=closes is not None,
        closes=closes,
        opens=None if closes else hours.next_opening(at, holidays),
    )


def _opening_of(centre: CentreView, at: datetime) -> Opening:
    holidays = queries.holidays(since=business_date(at))
    return opening(centre, queries.weekly_hours(centre.id), holidays, at)


def _week(hours: WeeklyHours, today: date) -> list[Day]:
    return [
        Day(name, hours.days.get(weekday, ()), Weekday.of(today) is weekday)
        for weekday, name in DAY_NAMES.items()
    ]


def _ahead(holidays: Holidays, today: date) -> list[tuple[date, Text]]:
    soon = today + HOLIDAYS_AHEAD
    return [(day, name) for day, name in sorted(holidays.names.items()) if day <= soon]


def _place(places: list[Place], code: str) -> Place:
    found = next((place for place in places if str(place.code) == code), None)
    if found is None:
        raise Http404(f"no place {code}")
    return found


def _governorate_of(centres: list[CentreView], wilayat: Place) -> tuple[int, Text] | None:
    """Told by any of its centres; a wilayat without one is reached by its governorate anyway."""
    first = next(iter(centres), None)
    return (first.governorate_code, first.governorate) if first else None
