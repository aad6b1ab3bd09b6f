"""The person's own page: mandates, who looked at their data, what is kept. Nobody signs in."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from sanad.beneficiaries.rules import MandateNotLive
from sanad.cases import mine as own
from sanad.lib.refusal import Refused
from sanad.lib.tracking_code import TrackingCodeRefused
from sanad.web.public.private import private
from sanad.web.shell.limits import limited
from sanad.web.shell.screen import SanadRequest, attempt, open_to_all

OVER = 404


@limited("send-page", most=10)
@open_to_all
@require_POST
def send_page(request: SanadRequest) -> HttpResponse:
    """ "Send me my page": the same answer whatever the code, and whoever asks."""
    code = request.POST.get("code", "")
    try:
        own.send_page(code=code, at=request.at)
    except TrackingCodeRefused as refused:
        context = {"refused": refused, "typed": code}
        return render(request, "public/track.html", context, status=422)
    return private(render(request, "public/page_sent.html"))


@limited("mine", most=60)
@open_to_all
@require_http_methods(["GET", "POST"])
def mine(request: SanadRequest, token: str) -> HttpResponse:
    """Looking changes nothing; a form revokes a mandate or withdraws a consent."""
    try:
        found = own.page(token, at=request.at)
    except own.PageOver as over:
        return private(render(request, "public/mine_over.html", {"over": over}, status=OVER))
    context: dict[str, Any] = {"page": found}
    if request.method == "POST":
        try:
            with attempt():
                _do(request, token)
            return private(redirect("mine", token))
        except Refused as refused:
            context["refused"] = refused
    mandates = own.mandates(token, at=request.at)
    context |= {
        "mandates": [(one, one.state(request.at)) for one in mandates],
        "looks": own.looks(token, at=request.at),
        "consents": own.consents(token, at=request.at),
        "today": request.at.date(),
    }
    status = 409 if "refused" in context else 200
    return private(render(request, "public/mine.html", context, status=status))


def _do(request: SanadRequest, token: str) -> None:
    try:
        which = UUID(request.POST.get("id", ""))
    except ValueError as error:
        raise MandateNotLive from error
    if request.POST.get("do") == "revoke":
        own.revoke(token=token, mandate=which, at=request.at)
    elif request.POST.get("do") == "withdraw":
        own.withdraw(token=token, consent=which, at=request.at)
