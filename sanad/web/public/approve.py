"""A mandate answered on the person's own phone: the words, a mark, yes or no. Nobody signs in."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.http import require_http_methods

from sanad.beneficiaries import remote
from sanad.catalogue import queries as catalogue
from sanad.centres import queries as centres
from sanad.lib.business_day import business_date
from sanad.lib.refusal import Refused
from sanad.web.public.private import private
from sanad.web.shell.limits import limited
from sanad.web.shell.screen import SanadRequest, attempt, open_to_all
from sanad.web.shell.signing import name_field

OVER = 404


@limited("approve", most=60)
@open_to_all
@require_http_methods(["GET", "POST"])
def approve(request: SanadRequest, secret: str) -> HttpResponse:
    """Looking changes nothing. A link that is over looks like one that was never sent."""
    found = remote.asked(secret)
    if found is None or not (found.is_open(request.at) or found.answer):
        return private(render(request, "public/approve_over.html", status=OVER))
    context: dict[str, Any] = {"asked": found}
    status = 200
    if request.method == "POST":
        try:
            with attempt():
                remote.answer(
                    token=secret, agreed=request.POST.get("answer") == "agree",
                    typed_name=request.POST.get("typed_name", ""),
                    signature=request.POST.get("signature", ""), at=request.at,
                )  # fmt: skip
            context["asked"] = found = remote.asked(secret) or found
        except Refused as refused:
            context["refused"], status = refused, 409
    with translation.override(found.language):
        service = catalogue.service_by_id(found.service_id, business_date(request.at))
        context |= {
            "service": service,
            "centre": centres.centre(found.centre_id),
            "name_field": name_field(request.POST),
            "is_open": found.is_open(request.at),
        }
        return private(render(request, "public/approve.html", context, status=status))
