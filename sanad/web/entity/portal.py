"""The entity's own portal: how it does, and outages that the entity announces beforehand."""

import datetime as dt

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from sanad.gateway import outages, portals, rules
from sanad.lib.bilingual import Text
from sanad.lib.business_day import MUSCAT
from sanad.lib.digits import ascii_digits
from sanad.lib.refusal import N_, Refused
from sanad.web.entity.views import OFFICER, seat_entity
from sanad.web.shell.fields import Field
from sanad.web.shell.say import say
from sanad.web.shell.screen import SanadRequest, attempt

SHOWN_BACK = dt.timedelta(days=91)
NAMES = ("start", "end", "note_ar", "note_en")
# Which field a refusal is about.
ABOUT: dict[type[Refused], tuple[str, ...]] = {
    rules.OutageBackwards: ("end",),
    rules.OutagePast: ("start",),
    rules.OutageTooLong: ("end",),
    rules.OutageOverlaps: ("start",),
    rules.OutageWordless: ("note_ar", "note_en"),
}


class NotAMoment(Refused):
    code = "entity.not_a_moment"
    sentence = N_("“{text}” is not a day and a time. Write it like 2026-12-31 08:00.")


@OFFICER
@require_http_methods(["GET", "POST"])
def portal(request: SanadRequest) -> HttpResponse:
    """Status, what is announced, the register, and the form that announces."""
    errors: dict[str, str] = {}
    if request.method == "POST":
        errors = _announce(request)
        if not errors:
            messages.success(request, _("Announced. The counters and the public pages say it."))
            return redirect("entity_portal")
    entity, at = seat_entity(request), request.at
    past = portals.register(first=at - SHOWN_BACK, before=at, at=at, entity=entity)
    announced = [one for one in past if one.found_by == rules.BY_ENTITY]
    context = {
        "portal": portals.portal_of(entity, at),
        "running": [one for one in announced if one.ended_at and one.ended_at > at],
        "coming": portals.coming(at, entity=entity),
        "lines": [(None, one) for one in past],
        "fields": _fields(request, errors),
    }
    return render(request, "entity/portal.html", context, status=422 if errors else 200)


@OFFICER
@require_POST
def withdraw(request: SanadRequest, outage: int) -> HttpResponse:
    """Take an announced outage back, or end it now."""
    outages.withdraw(outage=outage, entity=seat_entity(request), at=request.at, by=request.account)
    messages.success(request, _("The announcement is withdrawn."))
    return redirect("entity_portal")


def _announce(request: SanadRequest) -> dict[str, str]:
    """Announce what was typed; what is wrong with it, by field."""
    typed = {name: request.POST.get(name, "").strip() for name in NAMES}
    moments: dict[str, dt.datetime] = {}
    errors: dict[str, str] = {}
    for name in ("start", "end"):
        try:
            moments[name] = _moment(typed[name])
        except NotAMoment as wrong:
            errors[name] = say(wrong)
    if errors:
        return errors
    try:
        with attempt():
            outages.announce(
                entity=seat_entity(request), note=Text(typed["note_ar"], typed["note_en"]),
                at=request.at, by=request.account, **moments,
            )  # fmt: skip
    except tuple(ABOUT) as wrong:
        return dict.fromkeys(_about(wrong, typed), say(wrong))
    return {}


def _about(wrong: Refused, typed: dict[str, str]) -> list[str]:
    """The fields a refusal is about; of two texts only the one that is missing."""
    fields = ABOUT[type(wrong)]
    return [name for name in fields if len(fields) == 1 or not typed[name]]


def _moment(text: str) -> dt.datetime:
    """A day and a time on Muscat's clock. Raises `NotAMoment`."""
    try:
        found = dt.datetime.strptime(  # noqa: DTZ007 - a wall clock; Muscat's zone is added
            ascii_digits(text).replace("T", " "), "%Y-%m-%d %H:%M"
        )
    except ValueError:
        raise NotAMoment(text=text) from None
    return found.replace(tzinfo=MUSCAT)


def _fields(request: SanadRequest, errors: dict[str, str]) -> list[Field]:
    example = _("Like 2026-12-31 08:00, on Muscat's clock.")
    labels = {
        "start": _("Takes nothing from"),
        "end": _("Takes requests again from"),
        "note_ar": _("Why, in Arabic"),
        "note_en": _("Why, in English"),
    }
    return [
        Field(
            name=name, label=label, value=request.POST.get(name, ""), error=errors.get(name, ""),
            required=True, left_to_right=name in ("start", "end"),
            max_length=20 if name in ("start", "end") else rules.LONGEST_NOTE,
            help=example if name == "start" else "",
        )
        for name, label in labels.items()
    ]  # fmt: skip
