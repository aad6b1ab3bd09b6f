"""Pages that a secret link opens: kept by no cache, found by no search engine."""

from django.http import HttpResponse


def private(response: HttpResponse) -> HttpResponse:
    """The same page, kept nowhere."""
    response["Cache-Control"] = "no-store"
    response["X-Robots-Tag"] = "noindex"
    return response
