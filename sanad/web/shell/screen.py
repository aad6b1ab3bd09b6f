"""Every screen's guard: who may see it, and with whose eyes the database answers.

A view is opened to roles with `@screen(...)` or to everybody with `@open_to_all`; a route without
either fails a test. The whole view runs in one transaction under the seat's scope. A refusal that
the view does not put beside its form becomes a page of its own; nothing has moved then.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import wraps
from typing import Any, Concatenate, ParamSpec
from uuid import UUID

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language, gettext
from django_htmx.middleware import HtmxDetails

from sanad.accounts import queries as accounts
from sanad.accounts.models import Account
from sanad.accounts.queries import Seat
from sanad.accounts.roles import Role
from sanad.db.scope import Scope, acting, centre_scope, entity_scope, national_scope, public_scope
from sanad.lib import clock
from sanad.lib.refusal import Refused

P = ParamSpec("P")
SEAT_KEY = "seat"


class SanadRequest(HttpRequest):
    """A request as our views see it."""

    at: datetime
    seat: Seat
    seats: list[Seat]
    user: Account
    htmx: HtmxDetails

    @property
    def account(self) -> UUID:
        return self.user.id


View = Callable[Concatenate[Any, P], HttpResponse]


def screen(*roles: Role) -> Callable[[View[P]], View[P]]:
    """Open a view to people who sit in one of `roles`."""

    def guard(view: View[P]) -> View[P]:
        @wraps(view)
        def guarded(request: Any, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            request.at = clock.now()
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            request.seats = accounts.seats_of(request.user.id)
            seat = choose_seat(request, roles)
            if seat is None:
                raise PermissionDenied
            request.seat = seat
            return _within(scope_of(seat), view, request, *args, **kwargs)

        guarded.roles = frozenset(roles)  # type: ignore[attr-defined]
        return guarded

    return guard


def open_to_all(view: View[P]) -> View[P]:
    """Open a view to everybody, with a visitor's eyes."""

    @wraps(view)
    def guarded(request: Any, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        request.at = clock.now()
        request.seats = (
            accounts.seats_of(request.user.id) if request.user.is_authenticated else []
        )
        return _within(public_scope(), view, request, *args, **kwargs)

    guarded.roles = frozenset()  # type: ignore[attr-defined]
    return guarded


@contextmanager
def attempt() -> Iterator[None]:
    """A part of a view that may be refused: what it did is taken back before the page is drawn."""
    with transaction.atomic():
        yield


def choose_seat(request: SanadRequest, roles: tuple[Role, ...]) -> Seat | None:
    """The seat chosen earlier where it fits, else the first that does."""
    fitting = [seat for seat in request.seats if seat.role in roles]
    chosen = request.session.get(SEAT_KEY)
    return next((s for s in fitting if str(s.assignment_id) == chosen), next(iter(fitting), None))


def scope_of(seat: Seat) -> Scope:
    """The database's eyes for a seat."""
    if seat.centre_id is not None:
        return centre_scope(seat.centre_id, account=seat.account_id)
    if seat.entity_id is not None:
        return entity_scope(seat.entity_id, account=seat.account_id)
    return national_scope(account=seat.account_id)


def say(refusal: Refused) -> str:
    """A refusal in the reader's language."""
    facts = {
        name: value.in_language(get_language() or "ar") if hasattr(value, "in_language") else value
        for name, value in refusal.facts.items()
    }
    return gettext(refusal.sentence).format(**facts)


def _within(scope: Scope, view: View[P], request: Any, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:  # fmt: skip
    try:
        with acting(scope):
            return view(request, *args, **kwargs)
    except Refused as refusal:
        return render(request, "refused.html", {"sentence": say(refusal)}, status=409)
