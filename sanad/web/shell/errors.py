"""What went wrong, in words, with a way on. None of it shows the inside of the program."""

import logging
import secrets
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

logger = logging.getLogger(__name__)


def csrf(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form came without its mark: an old page, another tab's sign-out, or blocked cookies."""
    logger.warning("form refused: %s", reason)
    return render(request, "errors/csrf.html", status=400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The page is for another role; or the person has none any more."""
    # A view without the guard has not looked at the seats, and says nothing about them.
    seats = getattr(request, "seats", None)
    context = {"has_no_role": seats is not None and not seats}
    return render(request, "errors/forbidden.html", context, status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "errors/not_found.html", status=404)


def failed(request: HttpRequest) -> HttpResponse:
    """A mistake of ours. The page asks the database nothing: it may be what failed."""
    number = secrets.token_hex(4).upper()
    logger.error("request failed, number %s", number, exc_info=True)
    context: dict[str, Any] = {"number": number}
    return HttpResponse(render_to_string("errors/failed.html", context, request), status=500)
