"""A company's list on one page: pasted, checked row by row, agreed to, opened, paid and sent."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from sanad.beneficiaries import rules as mandates
from sanad.cases import queries as cases
from sanad.cases import repeat
from sanad.catalogue import queries as catalogue
from sanad.counter import batch
from sanad.counter.serving import Agreement
from sanad.counter.terms import latest_end
from sanad.lib.business_day import business_date
from sanad.lib.refusal import Refused
from sanad.web.desk.client import language_of
from sanad.web.desk.form import KINDS
from sanad.web.desk.line import OPERATOR, place
from sanad.web.shell.fields import Choice, Field
from sanad.web.shell.say import say
from sanad.web.shell.screen import SanadRequest, attempt


@OPERATOR
@require_http_methods(["GET", "POST"])
def company_list(request: SanadRequest, visit: UUID, service: str) -> HttpResponse:
    """The list of one service for a company's workers."""
    found = catalogue.service(service, business_date(request.at))
    view = cases.visit(visit)
    if view.person is None:
        return redirect("desk_person", visit)
    context: dict[str, Any] = {"visit": view, "service": found, "fields": batch.row_fields(found)}
    if view.company is None:
        status = 200 if request.method == "GET" else 409
        return _draw(request, context | {"refused": batch.CompanyMissing()}, status=status)
    shared = {one.key: request.POST.get(one.key, "") for one in batch.shared_fields(found)}
    if request.method == "GET":
        return _draw(request, context | _known(request, view, found))
    context |= {"shared": _shared_fields(found, shared)}
    try:
        text = _text(request)
        context["text"] = text
        rows = batch.read_rows(text, found)
        context["rows"] = batch.checked(rows, found, shared, on=business_date(request.at))
        _require_right(context["rows"])
        context |= _words(request, view, found, len(rows))
        if request.POST.get("do") != "open":
            return _draw(request, context)
        with attempt():
            batch.open_list(
                visit=visit, centre=place(request), service_code=service, rows=rows,
                shared=shared, agreed=_agreement(request, context), at=request.at,
                by=request.account,
            )  # fmt: skip
    except Refused as refused:
        return _draw(request, context | {"refused": refused}, status=409)
    return redirect("desk_basket", visit)


@OPERATOR
@require_POST
def send(request: SanadRequest, visit: UUID) -> HttpResponse:
    """Send every paid request of the visit. Raises `NoSuchVisit`."""
    cases.visit(visit)
    try:
        with attempt():
            count = batch.send_paid(visit=visit, at=request.at, by=request.account)
    except Refused as refused:
        messages.error(request, say(refused))
    else:
        said = ngettext("{n} request is on its way.", "{n} requests are on their way.", count)
        messages.success(request, said.format(n=count))
    return redirect("desk_basket", visit)


def _draw(request: SanadRequest, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    language = language_of(request, context["visit"].person)
    with translation.override(language):
        context["card_field"] = Field(
            name="card_seen", kind="tick", required=True,
            label=_("The operator has seen the card and compared the photo"),
            value="on" if "card_seen" in request.POST else "",
        )  # fmt: skip
        context["name_field"] = Field(
            name="typed_name", label=_("The representative's full name, as the signature"),
            value=request.POST.get("typed_name", ""), autocomplete="off", required=True,
        )  # fmt: skip
    context["papers_field"] = Field(
        name="papers", kind="tick", required=True, label=_("I have seen the papers of every row"),
        value="on" if "papers" in request.POST else "",
    )  # fmt: skip
    response = render(request, "desk/batch.html", context, status=status)
    response["Cache-Control"] = "no-store"
    return response


def _known(request: SanadRequest, view: Any, service: Any) -> dict[str, Any]:
    """What the company's last request said of the company itself."""
    known = repeat.of_the_company(view.company.id, service.id, at=request.at)
    typed = {one.key: str(known.get(one.key, "")) for one in batch.shared_fields(service)}
    return {"shared": _shared_fields(service, typed), "text": ""}


def _shared_fields(service: Any, typed: dict[str, str]) -> list[Field]:
    language = translation.get_language() or "ar"
    return [
        Field(
            name=one.key, label=one.label.in_language(language), kind=KINDS[one.type],
            value=typed.get(one.key, ""), required=one.required,
            choices=tuple(Choice(o.value, o.label.in_language(language)) for o in one.options),
        )
        for one in batch.shared_fields(service)
    ]  # fmt: skip


def _text(request: SanadRequest) -> str:
    file = request.FILES.get("file")
    return batch.text_of(file.read()) if file is not None else request.POST.get("list", "")


def _require_right(rows: list[batch.Row]) -> None:
    wrong = sum(not row.is_right for row in rows)
    if wrong:
        raise batch.ListWrong(count=wrong)


def _words(request: SanadRequest, view: Any, service: Any, count: int) -> dict[str, Any]:
    """The words of the mandate as they were shown, or as they are now."""
    language, latest = language_of(request, view.person), latest_end(request.at)
    try:
        shown = datetime.fromisoformat(request.POST.get("ends", ""))
    except ValueError:
        shown = latest
    ends = shown if shown.tzinfo and request.at < shown <= latest else latest
    terms = batch.terms_of_list(
        service, centre=place(request), count=count, ends=ends, at=request.at
    )
    text = terms.in_words(language)
    return {
        "agreement": text, "ends": ends, "words": mandates.hash_of(text).hex(),
        "agreement_language": language, "count": count,
    }  # fmt: skip


def _agreement(request: SanadRequest, context: dict[str, Any]) -> Agreement:
    return Agreement(
        words=request.POST.get("words", ""), ends=context["ends"],
        language=context["agreement_language"], method="card_and_typed_name",
        signature=request.POST.get("typed_name", "").strip(),
        card_seen="card_seen" in request.POST and "papers" in request.POST,
    )  # fmt: skip
