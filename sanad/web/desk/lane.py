"""The lane of payments that are not settled: each with what happened and what to do about it."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from sanad.accounts import queries as accounts
from sanad.lib.refusal import Refused
from sanad.till import queries, unsettled
from sanad.web.desk.line import OPERATOR, place
from sanad.web.shell.screen import SanadRequest, attempt


@OPERATOR
@require_GET
def lane(request: SanadRequest) -> HttpResponse:
    """Every open payment of the centre, the oldest first."""
    return _draw(request)


@OPERATOR
@require_POST
def settle(request: SanadRequest, payment: UUID, verb: str) -> HttpResponse:
    """Ask again, withdraw, or say what the slip or the journal shows."""
    if not queries.is_payment_of(payment, place(request)):
        raise Http404("no such payment")
    own: dict[str, Any] = {"payment": payment, "at": request.at}
    by = request.account
    typed = request.POST.get("typed", "")
    verbs: dict[str, Callable[[], Any]] = {
        "ask": lambda: unsettled.ask_again(**own),
        "withdraw": lambda: unsettled.withdraw_link(**own, by=by),
        "charged": lambda: unsettled.confirm_doubt(**own, by=by, reference_typed=typed),
        "not-charged": lambda: unsettled.fail_doubt(**own, by=by, reason=typed),
    }
    said = {
        "ask": _("The provider is being asked. Reload in a moment to see its answer."),
        "withdraw": _("The provider is asked to cancel the link."),
        "charged": _("The payment is confirmed and its receipt is on the request."),
        "not-charged": _("The payment is settled as not charged. Money can be taken again."),
    }
    if verb not in verbs:
        raise Http404("no such step")
    try:
        with attempt():
            verbs[verb]()
    except Refused as refused:
        return _draw(request, refused=refused, at_payment=payment, at_verb=verb, typed=typed)
    messages.success(request, said[verb])
    return redirect("desk_lane")


def _draw(request: SanadRequest, **more: Any) -> HttpResponse:
    rows = queries.open_payments(place(request))
    context = {
        "rows": rows,
        "names": accounts.names_of({row.taken_by for row in rows}),
        "me": request.account,
        "at": request.at,
    }
    return render(request, "desk/lane.html", context | more, status=409 if more else 200)
