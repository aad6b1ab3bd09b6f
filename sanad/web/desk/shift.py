"""Notes for the next shift."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from sanad.counter import shift
from sanad.lib.refusal import Refused
from sanad.web.desk.line import OPERATOR, draw, place
from sanad.web.shell.screen import SanadRequest, attempt


@OPERATOR
@require_POST
def write(request: SanadRequest) -> HttpResponse:
    """Leave a note; a refused one stays in its field."""
    text = request.POST.get("note", "")
    try:
        with attempt():
            shift.write_note(centre=place(request), text=text, at=request.at, by=request.account)
    except Refused as refused:
        return draw(request, note_refused=refused)
    return redirect("desk")


@OPERATOR
@require_POST
def taken(request: SanadRequest, note: UUID) -> HttpResponse:
    """Taken over: shown no more."""
    try:
        with attempt():
            shift.take_over(note=note, at=request.at, by=request.account)
    except Refused as refused:
        return draw(request, refused=refused)
    return redirect("desk")
