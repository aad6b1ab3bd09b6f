"""Scenarios, levers and results in words: names for numbers, and what cannot be told apart."""

from collections.abc import Mapping
from dataclasses import fields
from functools import lru_cache
from typing import Any

from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from sanad.catalogue import queries as catalogue
from sanad.centres import queries as centres
from sanad.lab.twin.engine.model import MOST_SERVERS
from sanad.lab.twin.network.levers import (
    LEVERS,
    SHARE,
)
from sanad.lab.twin.network.measures import MEASURES
from sanad.lib.bilingual import Text

PARAMETER_NAMES = {
    ("appointments", "share"): _("By appointment, of a hundred visits"),
    ("appointments", "missed"): _("Missed, of a hundred appointments"),
    ("hours", "earlier"): _("Minutes earlier"),
    ("hours", "later"): _("Minutes later"),
    ("staff_added", "count"): _("People more at each centre"),
    ("staff_moved", "source"): _("From the centre with the number"),
    ("staff_moved", "target"): _("To the centre with the number"),
    ("staff_moved", "count"): _("People"),
    ("document_removed", "minutes"): _("Minutes less at the counter"),
    ("document_removed", "fewer"): _("Returned no more, of a hundred"),
    ("stage_merged", "days"): _("Working days sooner"),
    ("self_service", "share"): _("By themselves, of a hundred"),
    ("self_service", "helped"): _("Of these, paying for help"),
    ("outages", "factor"): _("Times as often as now"),
    ("fee", "percent"): _("Per cent more"),
    ("fee", "answer"): _("Per cent fewer who ask, for each per cent more"),
    ("centre_opened", "servers"): _("Counters"),
    ("centre_opened", "share"): _("Taken from its neighbours, of a hundred visits"),
    ("centre_opened", "visits"): _("Visits that come anew"),
    ("centre_closed", "centre"): _("Number of the centre"),
    ("centre_closed", "stay"): _("Going to its neighbours, of a hundred visits"),
    ("growth", "percent"): _("Per cent more"),
    ("breaks", "minutes"): _("Minutes"),
}
BAISA_A_RIAL, MANY_RIALS, SMALL = 1000, 1000, 0.005
NOWHERE = Text("–", "–")
WHERE, WHICH = _("Where"), _("Which services")


def assumption(lever: Mapping[str, Any]) -> str:
    """What a lever assumes, with names for its numbers."""
    kind = LEVERS[lever["lever"]]
    facts: dict[str, Any] = {"most": MOST_SERVERS}
    for one in fields(kind):
        value = lever.get(one.name)
        if one.metadata.get("unit") == SHARE and value is not None:
            value = _number(100 * value)
        elif isinstance(value, int | float):
            value = _number(value)
        facts[one.name] = value
    if "entity" in lever and isinstance(lever["entity"], int):
        facts["entity"] = _said(entity_names().get(lever["entity"], Text("", "")))
    if "wilayat" in lever and isinstance(lever["wilayat"], int):
        facts["wilayat"] = _said(wilayat_names().get(lever["wilayat"], Text("", "")))
    said = gettext(kind.assumption).format(**facts)
    about = _about(lever)
    return f"{said} {about}".strip()


def _about(lever: Mapping[str, Any]) -> str:
    """Which centres or services it is for, where that is not all of them."""
    where, which = lever.get("where") or {}, lever.get("which") or {}
    if "wilayat" in where:
        name = wilayat_names().get(where["wilayat"], NOWHERE)
        return gettext("In wilayat {name}.").format(name=_said(name))
    if "governorate" in where:
        name = governorate_names().get(where["governorate"], NOWHERE)
        return gettext("In the governorate {name}.").format(name=_said(name))
    if "centre" in where:
        return gettext("At centre {number}.").format(number=str(where["centre"]))
    if "service" in which:
        known = service_names().get(which["service"])
        shown = _said(known) if known else which["service"]
        return gettext("For the service {name}.").format(name=shown)
    if "entity" in which:
        name = entity_names().get(which["entity"], Text("", ""))
        return gettext("For the services of {name}.").format(name=_said(name))
    return ""


def lever_name(lever: Mapping[str, Any]) -> str:
    """The name of a lever."""
    return _said(LEVERS[lever["lever"]].name)


def figure(code: str, value: float | None, *, signed: bool = False) -> str:
    """A measure's value with its unit, as a person reads it; a dash where nothing was measured."""
    if value is None:
        return "–"
    unit = MEASURES[code].unit
    sign = "+" if signed and value > 0 else ""
    if unit == "baisa":
        rials = value / BAISA_A_RIAL
        # What is below a rial matters for one centre and not for the network.
        number = f"{sign}{rials:,.{0 if abs(rials) >= MANY_RIALS else 3}f}"
    else:
        number = f"{sign}{value:,.{_decimals(unit, value)}f}"
    # A loss too small to be written is none.
    number = number.replace("-", "−") if number.strip("+-0.,") else "0"
    if unit == "baisa":
        return gettext("OMR {n}").format(n=number)
    if unit == "minutes":
        return gettext("{n} min").format(n=number)
    if unit == "days":
        return gettext("{n} days").format(n=number)
    return f"{number}%" if unit == "percent" else number


def _decimals(unit: str, value: float) -> int:
    """Two for what is measured, more for what is small, none for what is counted."""
    if unit == "count":
        return 0
    return 2 if abs(value) >= SMALL or value == 0 else 4


def told(code: str, change: Mapping[str, Any]) -> str:
    """A difference in words: how much more or less, or that it cannot be told from none."""
    if change["mean"] is None:
        return gettext("nothing to measure")
    if not change["distinguishable"]:
        if change["low"] == change["high"] == 0:
            return gettext("no change")
        return gettext("not distinguishable from no change")
    size = figure(code, abs(change["mean"]))
    if change["mean"] > 0:
        return gettext("{size} more").format(size=size)
    return gettext("{size} less").format(size=size)


def is_good(code: str, change: Mapping[str, Any]) -> bool | None:
    """Whether a difference is for the better; None where neither or not distinguishable."""
    better = MEASURES[code].better
    if not better or not change["distinguishable"] or change["mean"] is None:
        return None
    return bool(change["mean"] * better > 0)


def _said(text: Text) -> str:
    return text.in_language(get_language() or "ar")


def _number(value: float) -> str:
    whole = round(value, 2)
    return f"{whole:g}".replace("-", "−")


@lru_cache(maxsize=1)
def wilayat_names() -> dict[int, Text]:
    return {one.code: one.name for one in centres.wilayats()}


@lru_cache(maxsize=1)
def governorate_names() -> dict[int, Text]:
    return {one.code: one.name for one in centres.governorates()}


@lru_cache(maxsize=1)
def entity_names() -> dict[int, Text]:
    return {one.number: one.name for one in catalogue.entities()}


def service_names() -> dict[str, Text]:
    """Every service's name by its code."""
    from sanad.lib import clock  # names do not depend on the day; what is offered does
    from sanad.lib.business_day import business_date

    return {code: one.name for code, one in catalogue.listed(business_date(clock.now())).items()}


FINDING_NAMES = {
    "visits_a_day": _("Visits on a day of the network"),
    "day_spread": _("Spread of a centre's days beyond chance"),
    "service_seconds": _("Time at the counter for a request"),
    "question_seconds": _("Time at the counter for a question"),
    "patience_seconds": _("How long people are ready to wait"),
    "questions": _("Visits without a request"),
    "without_ticket": _("Sat down without a ticket where nobody was before them"),
    "returned": _("Returned for correction"),
    "at_once": _("Decided within two hours"),
    "approved": _("Approved"),
    "decision_working_days": _("Working days to the other decisions"),
    "outage_seconds": _("An outage of a portal lasts"),
}


def finding_name(code: str) -> str:
    """What was learned."""
    return str(FINDING_NAMES[code])


def finding(kind: str, found: Any) -> dict[str, Any]:
    """A learned figure with its interval, as a person reads it."""

    def shown(value: float) -> str:
        if not -1e11 < value < 1e11:
            return "–"
        if kind == "share":
            return f"{100 * value:,.1f}%"
        if kind == "seconds":
            return gettext("{n} min").format(n=f"{value / 60:,.1f}")
        if kind == "days":
            return gettext("{n} days").format(n=f"{value:,.2f}")
        return f"{value:,.0f}"

    if not found.of or (kind == "seconds" and not found.value):
        return {"value": gettext("nothing was seen"), "low": "", "high": "", "of": found.of}
    return {
        "value": shown(found.value), "low": shown(found.low), "high": shown(found.high),
        "of": found.of,
    }  # fmt: skip
