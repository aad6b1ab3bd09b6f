"""The record of what was done at a centre, and the proof that the record is whole."""

import datetime as dt
from dataclasses import dataclass
from typing import Any, Final

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from sanad.accounts import queries as accounts
from sanad.accounts.roles import Role
from sanad.cases import queries as cases
from sanad.centres import queries as centres
from sanad.centres.queries import NoSuchCentre
from sanad.eventlog import queries as eventlog
from sanad.lib.bilingual import Text
from sanad.lib.business_day import business_date, day_bounds
from sanad.lib.digits import ascii_digits
from sanad.lib.refusal import N_, Refused
from sanad.oversight import verify
from sanad.web.network.calendar import NotADay
from sanad.web.shell.fields import Field
from sanad.web.shell.say import say
from sanad.web.shell.screen import SanadRequest, screen

AUDITORS = screen(Role.INSPECTOR, Role.ADMINISTRATOR, Role.MINISTRY)
MOST_SHOWN: Final = 200


class CentreUnread(Refused):
    code = "audit.centre"
    sentence = N_("“{text}” is not the number of a centre. Type the digits the registry shows.")


@dataclass(frozen=True)
class Line:
    """One event: what, when, by whom, for which request."""

    kind: str
    at: dt.datetime
    actor: Text | None
    is_by_nobody: bool
    case_code: str


@AUDITORS
@require_GET
def audit(request: SanadRequest) -> HttpResponse:
    """A centre's events of a day, the newest first."""
    return _draw(request)


@AUDITORS
@require_POST
def seals(request: SanadRequest) -> HttpResponse:
    """Verify every seal now: one pass over the whole log."""
    return _draw(request, verified=verify.seals(anchor=settings.SANAD_ANCHOR))


def _draw(request: SanadRequest, *, verified: verify.Check | None = None) -> HttpResponse:
    typed = {name: request.GET.get(name, "").strip() for name in ("centre", "day")}
    errors: dict[str, str] = {}
    context: dict[str, Any] = {"last": eventlog.last_seal(), "verified": verified}
    day, number = business_date(request.at), None
    try:
        day = dt.date.fromisoformat(ascii_digits(typed["day"])) if typed["day"] else day
    except ValueError:
        errors["day"] = say(NotADay(text=typed["day"]))
    try:
        number = _number(typed["centre"])
    except Refused as wrong:
        errors["centre"] = say(wrong)
    if number is not None and not errors:
        context["centre"] = centres.centre(number)
        context["lines"] = _lines(number, day)
    context |= {"fields": _fields(typed, errors, day), "day": day, "most": MOST_SHOWN}
    return render(request, "network/audit.html", context, status=422 if errors else 200)


def _number(text: str) -> int | None:
    """The centre that was typed, None where nothing was. Raises `CentreUnread`."""
    digits = ascii_digits(text)
    if not digits:
        return None
    try:
        if not digits.isascii() or not digits.isdigit() or len(digits) > 6:
            raise CentreUnread(text=text)
        return centres.centre(int(digits)).id
    except NoSuchCentre as missing:
        raise CentreUnread(text=text) from missing


def _lines(centre: int, day: dt.date) -> list[Line]:
    start, end = day_bounds(day)
    found = eventlog.events(centre=centre, since=start, before=end)
    events = list(found.order_by("-occurred_at", "-id")[:MOST_SHOWN])
    names = accounts.names_of({event.actor_id for event in events if event.actor_id})
    codes = cases.codes_of({event.case_id for event in events if event.case_id})
    return [
        Line(
            kind=event.kind,
            at=event.occurred_at,
            actor=names.get(event.actor_id) if event.actor_id else None,
            is_by_nobody=event.actor_id is None,
            case_code=codes.get(event.case_id, "") if event.case_id else "",
        )
        for event in events
    ]


def _fields(typed: dict[str, str], errors: dict[str, str], day: dt.date) -> list[Field]:
    return [
        Field(
            name="centre", label=_("Number of the centre"), kind="number", required=True,
            value=typed["centre"], error=errors.get("centre", ""), max_length=6,
        ),
        Field(
            name="day", label=_("Day"), value=typed["day"] or day.isoformat(), left_to_right=True,
            error=errors.get("day", ""), max_length=20,
        ),
    ]  # fmt: skip
