"""The checklist of a case: seen on paper, or kept as a file."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from sanad.cases import actions, queries
from sanad.catalogue import queries as catalogue
from sanad.lib.business_day import business_date
from sanad.lib.refusal import N_, Refused
from sanad.web.desk.case import document_rows, draw
from sanad.web.desk.line import OPERATOR
from sanad.web.shell.screen import SanadRequest, attempt


class NoFileChosen(Refused):
    code = "desk.no_file"
    sentence = N_("No file was chosen. Choose the scanned document, then add it.")


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
        "case": view, "documents": document_rows(service, view), "editable": True,
        "documents_refused": refused, "service": service,
    }  # fmt: skip
    return render(request, "desk/documents.html", context, status=422 if refused else 200)


def _do(request: SanadRequest, case: UUID, code: str, verb: str) -> None:
    if verb == "seen":
        actions.hold_document(case=case, code=code, at=request.at)
    elif verb == "remove":
        actions.release_document(case=case, code=code, at=request.at)
    else:
        file = request.FILES.get("file")
        if file is None:
            raise NoFileChosen
        actions.add_file(
            case=case, code=code, name=file.name or "", content=file.read(), at=request.at
        )
