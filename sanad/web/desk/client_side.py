"""The operator's side of the client's own screen: opening it, and noticing what was answered."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.views.decorators.http import require_GET, require_http_methods

from sanad.cases import queries as cases
from sanad.counter import client_screen
from sanad.lib.refusal import Refused
from sanad.till import queries as till
from sanad.web.desk.client import LANGUAGES
from sanad.web.desk.line import OPERATOR, place, screen_here, visit_here
from sanad.web.shell.qr import qr
from sanad.web.shell.screen import SanadRequest, attempt

NOTHING_NEW = 204


@OPERATOR
@require_http_methods(["GET", "POST"])
def screens(request: SanadRequest) -> HttpResponse:
    """How the client sees what happens here: a second window, their phone, or this screen."""
    if request.method == "GET":
        return _draw(request)
    do = request.POST.get("do", "")
    try:
        with attempt():
            if do == "close":
                client_screen.close_screen(centre=place(request), at=request.at, by=request.account)
                return redirect("desk_client")
            opened = client_screen.open_screen(
                centre=place(request), phone=do == "phone", at=request.at, by=request.account
            )
    except Refused as refused:
        return _draw(request, refused=refused)
    # A window's form opens a tab of its own; a phone reads the address from this page.
    return redirect("desk_client" if do == "phone" else client_screen.link_of(opened))


@OPERATOR
@require_GET
def answer(request: SanadRequest) -> HttpResponse:
    """What the client's screen says to the mandate: a part of the page, asked again and again."""
    screen = screen_here(request)
    language = request.GET.get("client_language", "")
    if screen is None:
        return HttpResponse(status=NOTHING_NEW)
    with translation.override(language if language in LANGUAGES else translation.get_language()):
        return render(
            request,
            "desk/client_waits.html",
            {
                "screen": screen,
                "client_language": language,
                "is_silent": screen.is_silent(request.at),
            },
        )


@OPERATOR
@require_GET
def agreed(request: SanadRequest, case: UUID) -> HttpResponse:
    """Whether the amounts were agreed to on the client's screen; then the page is read again."""
    cases.case(case, at=request.at)
    quote = till.live_quote(case, at=request.at)
    response = HttpResponse(status=NOTHING_NEW)
    if quote is not None and quote.agreed_at:
        response.headers["HX-Refresh"] = "true"
    return response


def _draw(request: SanadRequest, **more: Refused) -> HttpResponse:
    screen = screen_here(request)
    context = {
        "screen": screen,
        "is_silent": screen is None or screen.is_silent(request.at),
        "visit": visit_here(request),
        "link": client_screen.link_of(screen.id) if screen else "",
        "qr": qr(client_screen.public_link_of(screen.id)) if screen and screen.is_phone else None,
    }
    return render(request, "desk/client.html", context | more, status=409 if more else 200)
