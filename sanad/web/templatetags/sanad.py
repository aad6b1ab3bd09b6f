"""The tags every template has without loading them; docs/screens.md shows each in use."""

import datetime as dt
from typing import Any

from django import template
from django.forms import BoundField
from django.http import HttpRequest
from django.template import Context
from django.urls import NoReverseMatch, reverse
from django.utils.formats import number_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext

from sanad.catalogue.queries import Problem
from sanad.lib.bilingual import Text
from sanad.lib.money import format_omr
from sanad.lib.refusal import Refused
from sanad.web.shell import calendar, isolate
from sanad.web.shell.fields import Field, from_bound
from sanad.web.shell.say import say

register = template.Library()
register.filter("code", isolate.code)
register.filter("prose", isolate.prose)
register.filter("plain", isolate.plain)


def language() -> str:
    return (get_language() or "ar").split("-")[0]


@register.filter
def omr(amount_baisa: int | None) -> SafeString:
    """Baisa as rials in the reader's language; nothing for no amount."""
    if amount_baisa is None:
        return SafeString("")
    amount = isolate.number(format_omr(amount_baisa))
    if language() == "ar":
        return format_html('<bdi dir="rtl" class="amount">{} ر.ع.</bdi>', amount)
    return format_html('<bdi dir="ltr" class="amount">OMR {}</bdi>', amount)


@register.filter
def digits(value: int | float | str | None) -> SafeString:
    """A count or measure with grouped thousands."""
    if value is None:
        return SafeString("")
    shown = value if isinstance(value, str) else number_format(value, force_grouping=True)
    return isolate.number(shown)


@register.filter
def day(value: dt.date | dt.datetime | None) -> SafeString:
    return calendar.day(value, language()) if value else SafeString("")


@register.filter
def day_long(value: dt.date | dt.datetime | None) -> SafeString:
    return calendar.day_long(value, language()) if value else SafeString("")


@register.filter
def moment(value: dt.datetime | None) -> SafeString:
    return calendar.moment(value, language()) if value else SafeString("")


@register.filter
def clock(value: dt.datetime | dt.time | None) -> SafeString:
    return calendar.clock(value) if value else SafeString("")


@register.filter
def said(text: Text | None) -> str:
    """A bilingual text in the reader's language, without markup: for titles and attributes."""
    return text.in_language(language()) if text else ""


@register.filter
def translated(message: str | None) -> str:
    """A sentence that Python marked with N_, in the reader's language."""
    return gettext(message) if message else ""


@register.simple_tag
def bilingual(text: Text | str | None) -> SafeString:
    """A name in the reader's language; one that is only in the other script says so to a reader."""
    if not text:
        return SafeString("")
    shown = text if isinstance(text, str) else text.in_language(language()) or text.ar or text.en
    script = isolate.script_of(shown)
    if script == language():
        return isolate.prose(shown)
    return format_html(
        '<bdi lang="{}" dir="{}">{}</bdi>', script, "rtl" if script == "ar" else "ltr", shown
    )


@register.filter
def as_field(bound: BoundField | Field) -> Field:
    """A Django form's field in the shape that field.html draws."""
    return bound if isinstance(bound, Field) else from_bound(bound)


@register.inclusion_tag("field.html")
def field(described: BoundField | Field) -> dict[str, Field]:
    """Label, control, help and error of one field."""
    return {"field": as_field(described)}


@register.inclusion_tag("refusal.html")
def refusal(reason: Refused | str | None, title: str = "") -> dict[str, Any]:
    """Why something was not done, announced at once to a screen reader; nothing when None."""
    return {"sentence": say(reason) if isinstance(reason, Refused) else reason, "title": title}


@register.inclusion_tag("errors.html")
def errors(fields: Any) -> dict[str, list[Field]]:
    """The summary above a form: each error as a link to its field."""
    shown = [as_field(one) for one in fields]
    return {"wrong": [one for one in shown if one.error]}


@register.simple_tag(takes_context=True)
def active(context: Context, *route_names: str) -> SafeString:
    """For a navigation link: says that it is the page one is on."""
    request: HttpRequest | None = context.get("request")
    match = getattr(request, "resolver_match", None)
    here = match and match.view_name in route_names
    return SafeString('aria-current="page"' if here else "")


@register.simple_tag
def url_if(route_name: str, *args: Any) -> str:
    """The address of a route, or nothing where this installation has no such route."""
    try:
        return reverse(route_name, args=args)
    except NoReverseMatch:
        return ""


@register.simple_tag
def paid_as(again: dict[str, str], quote: object, fresh: object) -> str:
    """The id of a quote's payment: the one that a refused tender came with, else a new one."""
    return again.get(str(quote)) or str(fresh)


@register.simple_tag
def say_problem(problem: Problem) -> SafeString:
    """What is wrong with an answer and what to do, in the reader's language."""
    guidance = problem.guidance.in_language(language())
    return isolate.prose(f"{say(problem.refused)} {guidance}".strip())
