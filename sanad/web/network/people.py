"""People whose place is not a centre, and invitations to roles across the network."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from sanad.accounts import actions, queries
from sanad.accounts.roles import MAY_INVITE, NAMES, Role
from sanad.catalogue import queries as catalogue
from sanad.web.centre.inviting import Invitation
from sanad.web.shell.fields import Choice
from sanad.web.shell.screen import SanadRequest, attempt, screen

INVITERS = screen(Role.MINISTRY, Role.ADMINISTRATOR)


@INVITERS
@require_http_methods(["GET", "POST"])
def people(request: SanadRequest) -> HttpResponse:
    """Who works for the ministry and the entities, with the form that invites."""
    entities = {one.number: one.name for one in catalogue.entities()}
    language = request.LANGUAGE_CODE
    choices = tuple(Choice(str(n), name.in_language(language)) for n, name in entities.items())
    roles = tuple(role for role in Role if role in MAY_INVITE[request.seat.role])
    invitation = Invitation(request, roles, choices)
    if request.method == "POST":
        invitation.send()
    context = {
        "people": [
            (one, NAMES[one.role], entities.get(one.entity_id or 0), _may_remove(request, one))
            for one in queries.members()
        ],
        "invitation": invitation,
        "fields": invitation.fields(),
    }
    wrong = bool(invitation.errors or invitation.refusal)
    return render(request, "network/people.html", context, status=422 if wrong else 200)


@INVITERS
@require_POST
def remove(request: SanadRequest, account: UUID) -> HttpResponse:
    """End somebody's work for the ministry or an entity; their sessions end with it."""
    member = next((one for one in queries.members() if one.account_id == account), None)
    if member is None or not _may_remove(request, member):
        raise actions.NotOnStaff
    with attempt():
        actions.remove(
            account=account,
            centre=None,
            remover_role=request.seat.role,
            at=request.at,
            by=request.account,
        )
    messages.success(request, _("The access has ended, and every session with it."))
    return redirect("people")


def _may_remove(request: SanadRequest, member: queries.Member) -> bool:
    """Whoever may give a role may end it, and nobody ends their own."""
    return member.role in MAY_INVITE[request.seat.role] and member.account_id != request.account
