"""What a centre chooses about its line."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from sanad.accounts.roles import Role
from sanad.centres import queries as centres
from sanad.counter import choices, queries, rules
from sanad.counter.rules import Group
from sanad.lib.refusal import Refused
from sanad.web.desk.line import OPERATOR, place
from sanad.web.shell.screen import SanadRequest, attempt, screen

EVERY = frozenset(Group)


@OPERATOR
@require_http_methods(["GET", "POST"])
def point_groups(request: SanadRequest) -> HttpResponse:
    """Which groups each counter serves, and, for the owner, whether the line is kept overnight."""
    if request.method != "POST":
        return _draw(request, queries.choices(place(request)).point_groups)
    typed = {
        point: frozenset(g for g in Group if f"{point}-{g}" in request.POST)
        for point in centres.points(place(request))
    }
    try:
        with attempt():
            choices.set_point_groups(
                centre=place(request), groups=typed, at=request.at, by=request.account
            )
    except Refused as refused:
        return _draw(request, typed, refused)
    messages.success(request, _("Kept. The next call follows it."))
    return redirect("line_choices")


@screen(Role.OWNER)
@require_POST
def overnight(request: SanadRequest) -> HttpResponse:
    """Whether who waits at closing time waits on tomorrow."""
    choices.keep_overnight(
        centre=place(request), keeps="keeps" in request.POST, at=request.at, by=request.account
    )
    messages.success(request, _("Kept. It holds from the next closing time on."))
    return redirect("line_choices")


def _draw(
    request: SanadRequest,
    chosen: dict[int, frozenset[Group]],
    refused: Refused | None = None,
) -> HttpResponse:
    rows = [
        (point, [(g, rules.GROUP_NAMES[g], g in chosen.get(point, EVERY)) for g in Group])
        for point in centres.points(place(request))
    ]
    context = {
        "rows": rows,
        "refused": refused,
        "keeps": queries.choices(place(request)).keeps_overnight,
        "kept_days": rules.KEPT_DAYS,
        "is_owner": request.seat.role is Role.OWNER,
    }
    return render(request, "centre/line.html", context, status=409 if refused else 200)
