"""Requests that the line could not hand over: what was tried, what it means, what to do."""

from typing import Final
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from sanad.catalogue import queries as catalogue
from sanad.gateway import actions, queries, rules, stuck
from sanad.gateway.stuck import Stuck
from sanad.lib.refusal import N_, Refused
from sanad.web.desk.line import OPERATOR, place
from sanad.web.shell.screen import SanadRequest, attempt

OUTCOMES: Final = {
    rules.TAKEN: N_("taken"),
    rules.REFUSED: N_("refused as it was"),
    rules.DELAYED: N_("not taken"),
    rules.UNPROVED: N_("acknowledged without proof"),
}
STATES: Final = {
    stuck.REFUSED: (N_("Refused by the entity's system"), "state-bad"),
    stuck.LATE: (N_("Waiting for more than a day"), "state-wait"),
    stuck.UNPROVED: (N_("Acknowledged without proof"), "state-bad"),
}
UNPROVED: Final = N_(
    "The entity's system says that it has the request, but what it signed does not fit the "
    "entity's registered key or what was sent. So it does not count as sent, and it is tried "
    "again. Tell the ministry: the key may have changed."
)
UNTRIED: Final = N_(
    "It has not been tried yet: an earlier request of the same person goes first, or the entity "
    "has no address yet. It is tried by itself when its turn comes."
)
BY_STATUS: Final = {
    None: N_(
        "No answer comes from the entity's system. It is tried again by itself until one comes; "
        "nobody has to send the request again."
    ),
    400: N_("The entity's system cannot read the request. Tell the ministry, then send it again."),
    401: N_("The entity's system does not let us in. Tell the ministry; it is tried again."),
    403: N_("The entity's system does not let us in. Tell the ministry; it is tried again."),
    404: N_("The entity's system has nothing at its address. Tell the ministry, then send again."),
    409: N_(
        "The entity's system says that it knows this request differently. Ask the entity what it "
        "has before you send it again."
    ),
    413: N_("The request is too large for the entity's system. Leave out what is not asked for."),
    422: N_(
        "The entity's system does not accept something in the form. Correct it and send it again."
    ),
    429: N_("The entity's system has too much to do. It is tried again by itself."),
}
FAULTY: Final = N_(
    "The entity's system is out of order. It is tried again by itself until it works; nobody has "
    "to send the request again."
)


@OPERATOR
@require_GET
def outbox(request: SanadRequest) -> HttpResponse:
    """Every request of the centre that waits for somebody, the oldest first."""
    return _draw(request)


@OPERATOR
@require_POST
def retry(request: SanadRequest, delivery: UUID) -> HttpResponse:
    """Try one again without waiting."""
    if not queries.is_of_centre(delivery, place(request)):
        raise Http404("no such request in the line")
    try:
        with attempt():
            actions.retry_now(delivery=delivery, at=request.at, by=request.account)
    except Refused as refused:
        return _draw(request, refused=refused)
    messages.success(request, _("It is being tried again. Reload in a moment to see the answer."))
    return redirect("desk_outbox")


def meaning(one: Stuck) -> str:
    """What happened, and what to do about it, in a sentence that is still to be translated."""
    if one.why == stuck.UNPROVED:
        return UNPROVED
    if one.last is None:
        return UNTRIED
    return BY_STATUS.get(one.last.status, FAULTY)


def _draw(request: SanadRequest, **more: object) -> HttpResponse:
    rows = [
        (one, *STATES[one.why], meaning(one), catalogue.STAGE_NAMES.get(one.stage))
        for one in stuck.stuck(place(request), at=request.at)
    ]
    context = {"rows": rows, "outcomes": OUTCOMES, "at": request.at}
    return render(request, "desk/outbox.html", context | more, status=409 if more else 200)
