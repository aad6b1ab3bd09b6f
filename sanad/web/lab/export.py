"""A log to take away: XES packed, or OCEL 2.0 as JSON. De-identified as it is studied."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_GET

from sanad.lab.evidence.ocel import write_ocel
from sanad.lab.evidence.xes import write_xes
from sanad.lib.refusal import N_, Refused
from sanad.web.lab.subject import ANALYSTS, Subject, subject
from sanad.web.shell.screen import SanadRequest

WRITERS: Final = {
    "xes": (write_xes, "xes.gz", "application/gzip"),
    "ocel": (write_ocel, "json", "application/json"),
}
EVENTS_AT_MOST: Final = {"xes": 2_000_000, "ocel": 200_000}  # OCEL is made in memory as a whole


class TooManyToTakeAway(Refused):
    code = "lab.too_many_to_take_away"
    sentence = N_(
        "{events} events are more than the {most} that a file of this form is made of. Take the "
        "log as XES, or study a service with fewer requests."
    )


@ANALYSTS
@require_GET
def export(request: SanadRequest, /, form: str, **named: str) -> HttpResponse:
    """The log as a file to save. Raises `TooManyToTakeAway`."""
    if form not in WRITERS:
        raise Http404
    about = subject(request, **named)
    log = about.studied.as_it_was
    if len(log) > EVENTS_AT_MOST[form]:
        raise TooManyToTakeAway(events=len(log), most=EVENTS_AT_MOST[form])
    write, ending, media_type = WRITERS[form]
    with TemporaryDirectory() as folder:
        place = Path(folder) / f"log.{ending}"
        write(log, place)
        response = HttpResponse(place.read_bytes(), content_type=media_type)
    response["Content-Disposition"] = f'attachment; filename="{_name(about)}.{ending}"'
    return response


def _name(about: Subject) -> str:
    if about.upload is not None:
        return f"log-{about.upload.id}"
    assert about.snapshot is not None
    return f"{about.service.code}-{about.snapshot.id}"
