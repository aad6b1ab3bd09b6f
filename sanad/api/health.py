"""For whoever watches the installation: is the process alive, and may it be given work?"""

from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse

from sanad.api.problems import problem
from sanad.db.scope import acting, system_scope
from sanad.eventlog.queries import stray_events
from sanad.lib.refusal import N_, Refused


class NoDatabase(Refused):
    code = "ready.database"
    sentence = N_("The database does not answer. Look at its process and its log.")


class StrayEvents(Refused):
    code = "ready.stray_events"
    sentence = N_(
        "{count} events lie in no month's partition of the log. Make the months with bin/sanad "
        "init and move them, before anything else is recorded there."
    )


def alive(request: HttpRequest) -> HttpResponse:
    """The process answers; nothing else is asked."""
    return JsonResponse({"status": "alive"})


def ready(request: HttpRequest) -> HttpResponse:
    """The database answers and every event lies in its month; else a 503 that says why."""
    try:
        with acting(system_scope()):
            stray = stray_events()
    except DatabaseError:
        connection.close()
        return problem(NoDatabase(), 503)
    if stray:
        return problem(StrayEvents(count=stray), 503)
    return JsonResponse({"status": "ready"})
