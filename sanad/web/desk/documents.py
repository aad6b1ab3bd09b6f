"""The checklist of a case: seen on paper, or kept as a file."""

from datetime import date
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET, require_POST

from sanad.beneficiaries import held
from sanad.cases import actions, queries
from sanad.catalogue import queries as catalogue
from sanad.lib.business_day import business_date
from sanad.lib.digits import ascii_digits
from sanad.lib.refusal import N_, Refused
from sanad.web.desk.case import document_rows, draw
from sanad.web.desk.line import OPERATOR
from sanad.web.shell.screen import SanadRequest, attempt


class NoFileChosen(Refused):
    code = "desk.no_file"
    sentence = N_("No file was chosen. Choose the scanned document, then add it.")


class DayUnreadable(Refused):
    code = "desk.day_unreadable"
    sentence = N_(
        "“{text}” is not a day. Write the last day on which it is valid: year, month, day, "
        "with hyphens."
    )


@OPERATOR
@require_POST
def documents(request: SanadRequest, case: UUID) -> HttpResponse:
    """Tick, untick or add a file; answers the checklist alone to htmx, else the page."""
    code, verb = request.POST.get("code", ""), request.POST.get("do", "")
    refused: Refused | None = None
    try:
        with attempt():
            _do(request, case, code, verb)
    except Refused as reason:
        refused = reason
    if not request.htmx:
        return draw(request, case, refused=refused) if refused else redirect("desk_case", case)
    view = queries.case(case, at=request.at)
    service = catalogue.service(view.service_code, business_date(request.at))
    context = {
        "case": view, "documents": document_rows(service, view, at=request.at), "editable": True,
        "typed": request.POST if refused else {},
        "documents_refused": refused, "service": service,
    }  # fmt: skip
    return render(request, "desk/documents.html", context, status=422 if refused else 200)


def _do(request: SanadRequest, case: UUID, code: str, verb: str) -> None:
    if verb == "seen":
        actions.hold_document(case=case, code=code, at=request.at)
    elif verb == "remove":
        actions.release_document(case=case, code=code, at=request.at)
    elif verb == "reuse":
        actions.reuse_document(
            case=case, code=code, held=_id(request.POST.get("held", "")), at=request.at,
            by=request.account,
        )  # fmt: skip
    else:
        file = request.FILES.get("file")
        if file is None:
            raise NoFileChosen
        actions.add_file(
            case=case, code=code, name=file.name or "", content=file.read(), at=request.at,
            expires_on=_day(request.POST.get("expires_on", "")),
        )  # fmt: skip


@OPERATOR
@require_GET
def file(request: SanadRequest, case: UUID, code: str) -> HttpResponse:
    """A scanned document, to be saved and never shown by the browser itself."""
    found = queries.file_of(case, code)
    response = HttpResponse(found.content, content_type=found.media_type)
    response["Content-Disposition"] = content_disposition_header(True, found.name)
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


def _day(text: str) -> date | None:
    """Raises `DayUnreadable`."""
    plain = ascii_digits(text).strip()
    try:
        return date.fromisoformat(plain) if plain else None
    except ValueError as error:
        raise DayUnreadable(text=text) from error


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise held.NotKept from error
