"""Every screen's guard: who may see it, and with whose eyes the database answers.

A view is opened to roles with `@screen(...)` or to everybody with `@open_to_all`; a route without
either fails a test. The whole view runs in one transaction under the seat's scope. A refusal that
the view does not put beside its form becomes a page of its own; nothing has moved then.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import wraps
from typing import Any, Concatenate, ParamSpec, cast
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django_htmx.middleware import HtmxDetails

from sanad.accounts import queries as accounts
from sanad.accounts.models import Account
from sanad.accounts.queries import Seat
from sanad.accounts.roles import Role
from sanad.cases.queries import VisitView
from sanad.db.locks import given_back_on_error
from sanad.db.scope import Scope, acting, public_scope
from sanad.lib import clock
from sanad.lib.refusal import Refused
from sanad.web.shell import here
from sanad.web.shell.say import say

P = ParamSpec("P")
SEAT_KEY = "seat"
NOT_ALLOWED = 405


class SanadRequest(HttpRequest):
    """A request as our views see it."""

    at: datetime
    account: UUID
    seat: Seat
    seats: list[Seat]
    user: Account
    visit_here: VisitView | None
    htmx: HtmxDetails


View = Callable[Concatenate[Any, P], HttpResponse]


def screen(*roles: Role) -> Callable[[View[P]], View[P]]:
    """Open a view to people who sit in one of `roles`."""

    def guard(view: View[P]) -> View[P]:
        @wraps(view)
        def guarded(request: Any, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            request.at = clock.now()
            if not is_signed_in(request):
                return to_sign_in(request)
            request.account = request.user.id
            request.seats = accounts.seats_of(request.account)
            seat = choose_seat(request, roles)
            if seat is None:
                raise PermissionDenied
            request.seat = seat
            response = _within(accounts.scope_of(seat), view, request, *args, **kwargs)
            # The next person at this counter must not find the last one by going back.
            response.headers.setdefault("Cache-Control", "private, no-store")
            return response

        guarded.roles = frozenset(roles)  # type: ignore[attr-defined]
        return cast("View[P]", guarded)

    return guard


def open_to_all(view: View[P]) -> View[P]:
    """Open a view to everybody, with a visitor's eyes."""

    @wraps(view)
    def guarded(request: Any, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        request.at = clock.now()
        request.seats = accounts.seats_of(request.user.id) if request.user.is_authenticated else []
        return _within(public_scope(), view, request, *args, **kwargs)

    guarded.roles = frozenset()  # type: ignore[attr-defined]
    return cast("View[P]", guarded)


def before_scope(view: View[P]) -> View[P]:
    """Open a view that finds out who is there: the database answers as the login role.

    What belongs to signing in, and a link that leads to whatever eyes it was made with.
    """

    @wraps(view)
    def guarded(request: Any, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        request.at = clock.now()
        request.seats = accounts.seats_of(request.user.id) if request.user.is_authenticated else []
        return view(request, *args, **kwargs)

    guarded.roles = frozenset()  # type: ignore[attr-defined]
    return cast("View[P]", guarded)


@contextmanager
def attempt() -> Iterator[None]:
    """A part of a view that may be refused: what it did is taken back before the page is drawn."""
    with given_back_on_error(), transaction.atomic():
        yield


def choose_seat(request: SanadRequest, roles: tuple[Role, ...]) -> Seat | None:
    """The seat chosen earlier where it fits, else the first that does."""
    fitting = [seat for seat in request.seats if seat.role in roles]
    chosen = request.session.get(SEAT_KEY)
    return next((s for s in fitting if str(s.assignment_id) == chosen), next(iter(fitting), None))


def is_signed_in(request: Any) -> bool:
    return bool(request.user.is_authenticated)


def to_sign_in(request: SanadRequest, next_page: str | None = None) -> HttpResponse:
    """The sign-in page; it says so when a session that was there has been ended."""
    parameters = {"next": next_page or here.page(request)}
    if settings.SESSION_COOKIE_NAME in request.COOKIES and request.session.session_key is None:
        parameters["ended"] = "1"
    return here.lead_to(request, f"{reverse(settings.LOGIN_URL)}?{urlencode(parameters)}")


def refused(request: SanadRequest, refusal: Refused) -> HttpResponse:
    """A refusal as a page; under htmx as a notice, which leaves what was typed where it is."""
    context = {"sentence": say(refusal)}
    if not getattr(request, "htmx", None):
        return render(request, "refused.html", context, status=409)
    response = render(request, "refusal.html", context, status=409)
    response.headers["HX-Retarget"] = "#notices"
    response.headers["HX-Reswap"] = "innerHTML"
    return response


def _within(
    scope: Scope, view: View[P], request: Any, *args: P.args, **kwargs: P.kwargs
) -> HttpResponse:
    try:
        _drop_nul(request)
        with acting(scope):
            response = view(request, *args, **kwargs)
    except Refused as refusal:
        return refused(request, refusal)
    if response.status_code == NOT_ALLOWED:
        return render(request, "errors/only_form.html", status=NOT_ALLOWED)
    return response


def _drop_nul(request: Any) -> None:
    """Take out the one character that no keyboard types and PostgreSQL does not keep."""
    for name in ("GET", "POST"):
        form = getattr(request, name)
        if any("\x00" in value for _, values in form.lists() for value in values):
            clean = form.copy()
            for key, values in form.lists():
                clean.setlist(key, [value.replace("\x00", "") for value in values])
            setattr(request, name, clean)
