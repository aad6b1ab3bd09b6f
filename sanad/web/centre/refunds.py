"""Refunds: asked for at the desk, decided here by a second person of the centre."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from sanad.accounts import queries as accounts
from sanad.lib.money import format_omr
from sanad.lib.refusal import N_, Refused
from sanad.till import queries, refunds, rules
from sanad.web.centre.till import AT_THE_TILL
from sanad.web.shell.isolate import plain
from sanad.web.shell.screen import SanadRequest, attempt


class DrawerUnreadable(Refused):
    code = "centre.drawer_unreadable"
    sentence = N_("The drawer could not be read from the page. Choose one that is open.")


@AT_THE_TILL
@require_GET
def refunds_list(request: SanadRequest) -> HttpResponse:
    """What waits for a decision first, then what is on its way, then what was decided."""
    return _draw(request)


@AT_THE_TILL
@require_POST
def decide(request: SanadRequest, refund: UUID, verb: str) -> HttpResponse:
    """Approve or decline; the money moves with the approval."""
    found = queries.refund(refund)
    if found is None or verb not in ("approve", "decline"):
        raise Http404("no such refund")
    typed = request.POST
    try:
        with attempt():
            if verb == "decline":
                refunds.decline(
                    refund=refund, note=typed.get("note", ""), at=request.at, by=request.account
                )
            else:
                refunds.approve(
                    refund=refund, at=request.at, by=request.account,
                    drawer=_drawer(typed.get("drawer", "")),
                    card_reference=typed.get("card_reference", ""),
                )  # fmt: skip
    except Refused as refused:
        return _draw(request, refused=refused, at_refund=refund, typed=typed)
    messages.success(request, _said(found, verb))
    return redirect("refunds")


def _draw(request: SanadRequest, **more: Any) -> HttpResponse:
    centre = request.seat.centre_id
    assert centre is not None, "this seat stands at a centre"
    rows, drawers = queries.refunds_of_centre(centre), queries.open_drawers(centre)
    people = {row.asked_by for row in rows} | {row.decided_by for row in rows if row.decided_by}
    names = accounts.names_of(people | {drawer.account_id for drawer in drawers})
    context = {
        "rows": rows,
        "names": names,
        "me": request.account,
        "drawers": [(drawer, names.get(drawer.account_id)) for drawer in drawers],
    }
    return render(request, "centre/refunds.html", context | more, status=409 if more else 200)


def _drawer(text: str) -> UUID | None:
    if not text:
        return None
    try:
        return UUID(text)
    except ValueError as error:
        raise DrawerUnreadable from error


def _said(found: queries.RefundView, verb: str) -> str:
    amount = format_omr(found.baisa)
    if verb == "decline":
        return _("Declined. Nothing was given back, and the request goes on.")
    if found.means == rules.CASH:
        return plain(_("Approved. Give back OMR {amount} in cash.").format(amount=amount))
    if found.means == rules.CARD:
        return plain(_("Approved. OMR {amount} went back to the card.").format(amount=amount))
    return plain(
        _("Approved. OMR {amount} is being given back by the provider.").format(amount=amount)
    )
