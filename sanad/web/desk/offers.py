"""Offers between centres: taken, declined, taken back."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from sanad.counter import offers
from sanad.lib.refusal import Refused
from sanad.web.desk.line import OPERATOR, draw
from sanad.web.shell.screen import SanadRequest, attempt

VERBS = {
    "accept": offers.accept_offer,
    "decline": offers.decline_offer,
    "withdraw": offers.withdraw_offer,
}


@OPERATOR
@require_POST
def answer(request: SanadRequest, offer: UUID, answer: str) -> HttpResponse:
    """One of the answers; an accepted person has a number of this centre from then on."""
    verb = VERBS.get(answer)
    if verb is None:
        return redirect("desk")
    try:
        with attempt():
            verb(offer=offer, at=request.at, by=request.account)
    except Refused as refused:
        return draw(request, refused=refused)
    if answer == "accept":
        messages.success(request, _("Accepted: the person waits in your line from now on."))
    return redirect("desk")
