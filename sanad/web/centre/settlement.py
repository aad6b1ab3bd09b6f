"""Government fees held for entities: the statement, the handing over, and the matching of files."""

from datetime import date
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from sanad.accounts import queries as accounts
from sanad.accounts.roles import Role
from sanad.catalogue import queries as catalogue
from sanad.lib.bilingual import Text
from sanad.lib.business_day import business_date, in_muscat
from sanad.lib.digits import ascii_digits
from sanad.lib.money import format_omr
from sanad.lib.refusal import N_, Refused
from sanad.till import matching, settlement
from sanad.till.rules import Account
from sanad.web.shell.downloads import csv_response
from sanad.web.shell.fields import Choice, Field
from sanad.web.shell.say import say
from sanad.web.shell.screen import SanadRequest, attempt, screen

MOST_SHOWN: Final = 500


class DayUnreadable(Refused):
    code = "till.day_unreadable"
    sentence = N_("“{text}” is not a day that is over. Choose yesterday or an earlier day.")


class FileMissing(Refused):
    code = "till.file_missing"
    sentence = N_("No file was chosen. Choose the CSV file of the bank or the entity.")


@screen(Role.OWNER)
@require_GET
def held(request: SanadRequest) -> HttpResponse:
    """What is held for each entity, and what was handed over."""
    centre, until = _centre(request), settlement.yesterday(business_date(request.at))
    names = _entities()
    found = settlement.held_by_entity(centre=centre, until=until)
    made = settlement.settlements(centre=centre)
    people = accounts.names_of({one.by for one in made})
    rows = [(names[entity], *figures) for entity, figures in found.items()]
    context = {
        "until": until,
        "rows": sorted(rows, key=lambda row: -row[1]),
        "total": sum(row[1] for row in rows),
        "made": [(one, names[one.entity_id].name, people.get(one.by)) for one in made],
    }
    return render(request, "centre/held.html", context)


@screen(Role.OWNER)
@require_http_methods(["GET", "POST"])
def statement(request: SanadRequest, entity: str) -> HttpResponse:
    """An entity's statement line by line, and handing it over."""
    centre, owner = _centre(request), _entity(entity)
    errors: dict[str, str] = {}
    try:
        until = _day(request)
    except DayUnreadable as wrong:
        until = settlement.yesterday(business_date(request.at))
        errors["until"] = say(wrong)
    if request.method == "POST" and not errors:
        errors = _settled(request, owner.number, until)
        if not errors:
            messages.success(request, _("The statement is handed over."))
            return redirect("held")
    lines = settlement.statement(centre=centre, until=until, entity=owner.number)
    if request.GET.get("format") == "csv":
        return _statement_file(owner.code, until, lines)
    total = sum(line.baisa for line in lines)
    context = {
        "entity": owner, "until": until, "lines": lines[:MOST_SHOWN], "count": len(lines),
        "total": total, "fields": _settle_fields(request, errors), "refusal": errors.get("all"),
        "day_field": Field(name="until", label=_("Up to and including"), kind="date", required=True,
                           value=until.isoformat(), error=errors.get("until", "")),
    }  # fmt: skip
    return render(request, "centre/statement.html", context, status=422 if errors else 200)


@screen(Role.OWNER)
@require_http_methods(["GET", "POST"])
def match(request: SanadRequest) -> HttpResponse:
    """Take a file in, and see what does not match, by age."""
    centre, error = _centre(request), ""
    if request.method == "POST":
        try:
            with attempt():
                _take_in(request, centre)
        except Refused as refused:
            error = say(refused)
        else:
            messages.success(request, _("The file is taken in and matched."))
            return redirect("match")
    today, names = business_date(request.at), _entities()
    kept = matching.files(centre=centre)
    sides: list[tuple[catalogue.EntityView | None, list[matching.Unmatched]]] = [
        (None, matching.unmatched(centre=centre))
    ]
    sides += [
        (names[entity], matching.unmatched(centre=centre, entity=entity))
        for entity in sorted({f.entity_id for f in kept if f.entity_id is not None})
    ]
    people = accounts.names_of({file.by for file in kept})
    context: dict[str, Any] = {
        "groups": [(owner, matching.by_age(found, today=today), len(found))
                   for owner, found in sides],
        "files": [(f, names[f.entity_id].name if f.entity_id is not None else None,
                   people.get(f.by)) for f in kept],
        "fields": _file_fields(request, error),
        "today": today,
    }  # fmt: skip
    return render(request, "centre/match.html", context, status=422 if error else 200)


@screen(Role.OWNER)
@require_POST
def explain(request: SanadRequest, line: UUID) -> HttpResponse:
    """A line that is right though it does not match leaves the list with its reason."""
    try:
        with attempt():
            matching.explain(line=line, why=request.POST.get("why", ""), at=request.at,
                             by=request.account)  # fmt: skip
    except Refused as refused:
        messages.error(request, say(refused))
    else:
        messages.success(request, _("The line is explained."))
    return redirect("match")


def _settled(request: SanadRequest, entity: int, until: date) -> dict[str, str]:
    """What is wrong by field; empty where it was handed over."""
    shown = ascii_digits(request.POST.get("shown", ""))
    source = Account.SAFE if request.POST.get("paid_from") == Account.SAFE else Account.BANK
    try:
        with attempt():
            settlement.settle(
                centre=_centre(request), entity=entity, until=until, paid_from=source,
                reference=request.POST.get("reference", ""),
                shown_baisa=int(shown) if shown.isdecimal() else -1, at=request.at,
                by=request.account,
            )  # fmt: skip
    except settlement.SettlementReference as wrong:
        return {"reference": say(wrong)}
    except Refused as refused:
        return {"all": say(refused)}
    return {}


def _settle_fields(request: SanadRequest, errors: dict[str, str]) -> list[Field]:
    sources = (
        Choice(Account.BANK, _("From the bank")),
        Choice(Account.SAFE, _("In cash, from the safe")),
    )
    return [
        Field(name="paid_from", label=_("How it is handed over"), kind="choice", required=True,
              choices=sources, value=request.POST.get("paid_from", Account.BANK)),
        Field(name="reference", label=_("Reference of the transfer"), required=True, max_length=60,
              left_to_right=True, value=request.POST.get("reference", ""),
              error=errors.get("reference", "")),
    ]  # fmt: skip


def _statement_file(code: str, until: date, lines: list[settlement.HeldLine]) -> HttpResponse:
    header = (_("Request"), _("Receipt"), _("Paid on"), _("Amount in rials"))
    rows = [
        (line.code, line.receipt, f"{in_muscat(line.at):%Y-%m-%d}", format_omr(line.baisa))
        for line in lines
    ]
    return csv_response(f"held-{code}-{until}.csv", header, rows)


def _take_in(request: SanadRequest, centre: int) -> None:
    file = request.FILES.get("file")
    if file is None:
        raise FileMissing
    code = request.POST.get("whose", "")
    entity = None if code in ("", matching.CARD) else _entity(code).number
    matching.take_in(
        centre=centre, entity=entity, file_name=str(file.name), content=file.read(), at=request.at,
        by=request.account,
    )  # fmt: skip


def _file_fields(request: SanadRequest, error: str) -> list[Field]:
    whose = (
        Choice(matching.CARD, _("The bank's file of card payments")),
        *(Choice(one.code, _in_their_words(one.name)) for one in _entities().values()),
    )
    return [
        Field(name="whose", label=_("Whose file it is"), kind="choice", required=True,
              choices=whose, value=request.POST.get("whose", matching.CARD)),
        Field(name="file", label=_("File"), kind="file", required=True, error=error,
              help=_("CSV in UTF-8 with the columns reference, amount and date. For a card the "
                     "reference is the terminal's; for an entity it is the request's code.")),
    ]  # fmt: skip


def _in_their_words(name: Text) -> str:
    return name.in_language((get_language() or "ar").split("-")[0])


def _day(request: SanadRequest) -> date:
    """The last day of the statement: over, and yesterday unless said."""
    typed = (request.POST.get("until") or request.GET.get("until") or "").strip()
    latest = settlement.yesterday(business_date(request.at))
    if not typed:
        return latest
    try:
        found = date.fromisoformat(ascii_digits(typed))
    except ValueError as error:
        raise DayUnreadable(text=typed[:20]) from error
    if found > latest:
        raise DayUnreadable(text=typed[:20])
    return found


def _entities() -> dict[int, catalogue.EntityView]:
    return {one.number: one for one in catalogue.entities()}


def _entity(code: str) -> catalogue.EntityView:
    found = next((one for one in _entities().values() if one.code == code), None)
    if found is None:
        raise Http404("no such entity")
    return found


def _centre(request: SanadRequest) -> int:
    assert request.seat.centre_id is not None
    return request.seat.centre_id
