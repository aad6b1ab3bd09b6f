"""Who works at the centre: inviting an operator, ending somebody's access at once."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from sanad.accounts import actions, queries
from sanad.accounts.roles import NAMES, Role
from sanad.web.centre.inviting import Invitation, named
from sanad.web.shell.screen import SanadRequest, attempt, screen


@screen(Role.OWNER, Role.MINISTRY, Role.ADMINISTRATOR)
@require_http_methods(["GET", "POST"])
def staff(request: SanadRequest) -> HttpResponse:
    """The staff list with the form that invites; the link is shown once, in the answer."""
    centre = request.seat.centre_id
    if centre is None:
        return redirect("people")
    invitation = Invitation(request, (Role.OPERATOR,))
    if request.method == "POST":
        invitation.send(centre=centre)
    people = queries.staff_of(centre)
    countries = named(member.nationality for member in people)
    context = {
        "people": [
            (
                member,
                NAMES[member.role],
                countries[member.nationality],
                _may_remove(request, member),
            )
            for member in people
        ],
        "invitation": invitation,
        "fields": invitation.fields(),
    }
    wrong = bool(invitation.errors or invitation.refusal)
    return render(request, "centre/staff.html", context, status=422 if wrong else 200)


@screen(Role.OWNER)
@require_POST
def remove(request: SanadRequest, account: UUID) -> HttpResponse:
    """End an operator's work here; their sessions end in the same moment."""
    centre = request.seat.centre_id
    member = next((one for one in queries.staff_of(centre or 0) if one.account_id == account), None)
    if member is None or not _may_remove(request, member):
        raise actions.NotOnStaff
    with attempt():
        actions.remove(
            account=account,
            centre=centre,
            remover_role=request.seat.role,
            at=request.at,
            by=request.account,
        )
    messages.success(request, _("The access has ended, and every session with it."))
    return redirect("staff")


def _may_remove(request: SanadRequest, member: queries.StaffMember) -> bool:
    return member.role is Role.OPERATOR and member.account_id != request.account
