"""Where centres lack and where too many stand: the optimiser's advice with its assumptions."""

from functools import lru_cache
from typing import Any, Final

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from sanad.accounts.roles import Role
from sanad.lab.code_version import code_version
from sanad.lab.siting.advice import advise
from sanad.lib.bilingual import Text
from sanad.lib.digits import ascii_digits
from sanad.lib.refusal import N_, Refused
from sanad.web.shell.fields import Field
from sanad.web.shell.screen import SanadRequest, screen

ANALYSTS = screen(Role.ANALYST, Role.MINISTRY)
ADD, WITHIN = "10", "20"
MOST_ADDED: Final = 100
NEAREST_KM: Final = 5
FARTHEST_KM: Final = 60  # beyond it the programs take longer than a page may
REFUSED: Final = 409


class SitingOutOfRange(Refused):
    code = "lab.siting_out_of_range"
    sentence = N_(
        "“{value}” in “{field}” cannot be used. Give a whole number from {low} to {high}."
    )


@lru_cache(maxsize=16)
def advice(add: int, within_km: int) -> dict[str, Any]:
    """The advice for so many centres more; the same for every reader, so it is kept."""
    return advise(add=add, within_km=float(within_km))


@ANALYSTS
@require_GET
def siting(request: SanadRequest) -> HttpResponse:
    """Where centres should be added, where too many stand, and who has none near."""
    add = _field("add", _("Centres more"), request.GET.get("add", ADD))
    within = _field(
        "within", _("Kilometres by road that people go"), request.GET.get("within", WITHIN)
    )
    context: dict[str, Any] = {"fields": (add, within), "code": code_version()}
    try:
        context |= _shown(
            advice(_whole(add, 0, MOST_ADDED), _whole(within, NEAREST_KM, FARTHEST_KM))
        )
    except SitingOutOfRange as refusal:
        return render(request, "lab/siting.html", context | {"refusal": refusal}, status=REFUSED)
    return render(request, "lab/siting.html", context)


def _field(name: str, label: str, value: str) -> Field:
    return Field(
        name=name, label=label, kind="number", value=value.strip(), required=True,
        autocomplete="off",
    )  # fmt: skip


def _whole(field: Field, low: int, high: int) -> int:
    typed = ascii_digits(field.value)
    if not typed.isdecimal() or not low <= int(typed) <= high:
        raise SitingOutOfRange(value=field.value, field=field.label, low=low, high=high)
    return int(typed)


def _shown(found: dict[str, Any]) -> dict[str, Any]:
    return {
        "found": found,
        "tables": (
            ("recommended", _("Where centres should be added"), _rows(found["recommended"])),
            ("too-many", _("Where too many stand"), _rows(found["too_many"])),
            ("without", _("People without a centre near"), _rows(found["without"])),
        ),
        "access": [
            (Text(**one["wilayat"]), f"{one['centres_for_10000_people']:.2f}")
            for one in found["catchment"]
        ],
        "assumptions": [Text(**one) for one in found["assumptions"]],
        "figures": (_near(found["reach"]), _way(found["reach"]), _volume(found), _proof(found)),
    }


def _near(reach: dict[str, float]) -> tuple[str, str, str]:
    most = f"{reach['covered_percent_most']:.1f}%"
    return (
        _("People with a centre near"), f"{reach['covered_percent']:.1f}%",
        _("At most, with so many more: {n}").format(n=most),
    )  # fmt: skip


def _way(reach: dict[str, float]) -> tuple[str, str, str]:
    now, least = (
        _("{n} km").format(n=f"{reach[name]:.1f}") for name in ("mean_km", "mean_km_least")
    )
    return (
        _("Way to the nearest centre, in the mean"), now,
        _("At least, with so many more: {n}").format(n=least),
    )  # fmt: skip


def _volume(found: dict[str, Any]) -> tuple[str, str, str]:
    volume = found["volume_a_centre"]
    bounds = {"least": f"{volume['lives_on']:,}", "most": f"{volume['carries']:,}"}
    return (
        _("Transactions a year of a centre"), f"{volume['mean']:,.0f}",
        _("It lives on {least} and carries {most}.").format(**bounds),
    )  # fmt: skip


def _proof(found: dict[str, Any]) -> tuple[str, str, str]:
    proven = _("No better choice exists beyond that.")
    open_ = _("Not proven: a better choice may exist.")
    return (
        _("Proven to within"), f"{found['gap_percent']:.4f}%", proven if found["proven"] else open_
    )  # fmt: skip


def _rows(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [
        {**one, "wilayat": Text(**one["wilayat"]), "reason": Text(**one["reason"])} for one in found
    ]
