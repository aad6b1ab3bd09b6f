"""Logs that analysts bring: the list, the file, the choice of its columns, and taking it away."""

from typing import Any, Final

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from sanad.accounts import queries as accounts
from sanad.lab import uploads
from sanad.lab.upload_files import (
    ENDINGS_SAID,
    EVENTS_AT_MOST,
    LARGEST_BYTES,
    MUSCAT_OFFSET,
    NAME_LENGTH,
    Chosen,
)
from sanad.lab.uploads import Draft, Upload
from sanad.lib.refusal import N_, Refused
from sanad.web.lab.subject import ANALYSTS
from sanad.web.shell.fields import Choice, Field
from sanad.web.shell.screen import SanadRequest

LABELS: Final = {
    "case": (N_("Case"), N_("What belongs together: a request, an order, a patient.")),
    "activity": (N_("Activity"), N_("What was done.")),
    "time": (N_("Time"), N_("When it was done.")),
    "start": (N_("Beginning"), N_("When work on it began. Without it, work and waiting are one.")),
    "resource": (N_("Person"), N_("Who did it.")),
    "group": (N_("Group"), N_("The department, centre or entity that did it.")),
    "kind": (N_("Kind of case"), N_("What cases are to be compared by.")),
}
OF_OCEL: Final = ("case", "resource", "group", "kind")
NEEDED: Final = frozenset({"case", "activity", "time"})
OFFSETS: Final = {str(MUSCAT_OFFSET): N_("Muscat"), "0": "UTC"}


class FileMissing(Refused):
    code = "lab.file_missing"
    sentence = N_("Choose the file of the log first.")


@ANALYSTS
@require_http_methods(["GET", "POST"])
def listed(request: SanadRequest) -> HttpResponse:
    """The logs that are kept, and bringing another."""
    refusal, title = None, ""
    if request.method == "POST":
        title = request.POST.get("title", "")
        try:
            return _go_on(request, _received(request, title))
        except Refused as reason:
            refusal = reason
    found = uploads.uploads()
    names = accounts.names_of({one.by for one in found})
    context: dict[str, Any] = {
        "refusal": refusal,
        "rows": [(one, names.get(one.by), one.by == request.account) for one in found],
        "most_mb": LARGEST_BYTES // 1024**2, "most_events": EVENTS_AT_MOST,
        "fields": [
            Field(name="file", label=_("The log"), kind="file", required=True,
                  help=_("XES, OCEL, CSV or Parquet: a file that ends in {endings}").format(
                      endings=ENDINGS_SAID
                  ),
                  attributes=(("accept", ".xes,.gz,.json,.jsonocel,.sqlite,.csv,.parquet"),)),
            Field(name="title", label=_("What it is"), value=title, max_length=NAME_LENGTH,
                  help=_("A name by which you find it again. Otherwise that of the file.")),
        ],
    }  # fmt: skip
    return render(request, "lab/uploads.html", context, status=422 if refusal else 200)


@ANALYSTS
@require_http_methods(["GET", "POST"])
def columns(request: SanadRequest, draft: str) -> HttpResponse:
    """Which column, or which object type, holds what."""
    waiting = uploads.draft_of(draft, by=request.account)
    refusal, chosen = None, waiting.guessed
    if request.method == "POST":
        if "give_up" in request.POST:
            uploads.drop(waiting)
            messages.info(request, _("The file was given up; nothing of it stays."))
            return redirect("lab_uploads")
        chosen = _chosen(request, waiting)
        try:
            return _go_on(request, uploads.keep(draft=waiting, chosen=chosen, at=request.at))
        except Refused as reason:
            refusal = reason
    context = {"draft": waiting, "refusal": refusal, "fields": fields_of(waiting, chosen)}
    return render(request, "lab/columns.html", context, status=422 if refusal else 200)


@ANALYSTS
@require_POST
def delete(request: SanadRequest, upload: str) -> HttpResponse:
    """Take a log away for good. Raises `NotYourUpload`."""
    found = uploads.upload(upload)
    uploads.delete(found, by=request.account)
    messages.success(request, _("“{title}” is deleted.").format(title=found.title))
    return redirect("lab_uploads")


def fields_of(draft: Draft, chosen: Chosen) -> list[Field]:
    """A choice of the file's names for each thing that a log holds."""
    asked = OF_OCEL if draft.form == "OCEL" else tuple(LABELS)
    choices = tuple(Choice(name, name) for name in draft.names)
    fields = [
        Field(
            name=name, label=_(LABELS[name][0]), help=_(LABELS[name][1]), kind="choice",
            value=getattr(chosen, name), required=name in NEEDED, choices=choices,
        )
        for name in asked
    ]  # fmt: skip
    if draft.form == "OCEL":
        return fields
    return [
        *fields,
        Field(
            name="offset_minutes", label=_("Times that name no zone are in"), kind="choice",
            value=str(chosen.offset_minutes), required=True,
            choices=tuple(Choice(value, _(words)) for value, words in OFFSETS.items()),
        ),
    ]  # fmt: skip


def _received(request: SanadRequest, title: str) -> Draft | Upload:
    file = request.FILES.get("file")
    if file is None:
        raise FileMissing
    return uploads.receive(
        name=file.name or "", title=title, content=file.chunks(), at=request.at, by=request.account
    )


def _chosen(request: SanadRequest, draft: Draft) -> Chosen:
    """What was chosen among the file's own names; anything else is nothing."""
    asked = {name: request.POST.get(name, "") for name in LABELS}
    offset = request.POST.get("offset_minutes", "")
    return Chosen(
        **{name: value for name, value in asked.items() if value in draft.names},
        offset_minutes=int(offset) if offset in OFFSETS else MUSCAT_OFFSET,
    )


def _go_on(request: SanadRequest, made: Draft | Upload) -> HttpResponse:
    if isinstance(made, Draft):
        return redirect("lab_columns", made.id)
    if made.at != request.at:
        messages.info(request, _("This log is here already; it was not added twice."))
    return redirect("lab_upload_process", made.id)
