"""A page of work under way, which asks for its progress until it is over."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from sanad.web.shell.screen import SanadRequest


def watched(
    request: SanadRequest, context: dict[str, Any], *, whole: str, part: str, is_over: bool
) -> HttpResponse:
    """The whole page, or its part to whoever watches; once it is over the page is drawn anew."""
    if request.htmx and not is_over:
        return render(request, part, context)
    response = render(request, whole, context)
    if request.htmx:
        response.headers["HX-Refresh"] = "true"
    return response
