"""Who calls the counter's door: somebody signed in, from the browser or the device they work at."""

from datetime import datetime
from functools import wraps
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest
from ninja.security import APIKeyCookie
from ninja.utils import check_csrf

from sanad.accounts import queries as accounts
from sanad.accounts.queries import Seat
from sanad.accounts.roles import AT_A_CENTRE
from sanad.accounts.sessions import is_locked, note_activity
from sanad.counter.once import once
from sanad.db.scope import acting
from sanad.lib import clock
from sanad.lib.refusal import N_, Refused

ONCE = "Idempotency-Key"


class NotFromOurPage(Refused):
    code = "api.csrf"
    sentence = N_(
        "The call does not carry the token of the cookie “csrftoken” in the header X-CSRFToken, so "
        "it may come from another site. Send both."
    )


class SignInFirst(Refused):
    code = "api.sign_in_first"
    sentence = N_("This door is for people who are signed in. Sign in first, then call again.")


class ScreenLocked(Refused):
    code = "api.screen_locked"
    sentence = N_("The screen is locked. Unlock it with your password, then call again.")


class NotAtACentre(Refused):
    code = "api.not_at_a_centre"
    sentence = N_("This door is for those who work at a centre, and your account does not.")


class AtTheCounter(APIKeyCookie):
    """A session's cookie and Django's CSRF token, of somebody who works at a centre.

    Raises `NotFromOurPage`, `SignInFirst`, `ScreenLocked` or `NotAtACentre`.
    """

    param_name = settings.SESSION_COOKIE_NAME

    def _get_key(self, request: HttpRequest) -> str | None:
        if check_csrf(request):
            raise NotFromOurPage
        return request.COOKIES.get(self.param_name)

    def authenticate(self, request: HttpRequest, key: str | None) -> Seat:
        at = clock.now()
        found = accounts.signed_in(key, really=at - clock.offset()) if key else None
        if found is None:
            raise SignInFirst
        if is_locked(found.session, at=at, after_seconds=settings.SANAD_LOCK_AFTER_SECONDS):
            raise ScreenLocked
        seat = next((seat for seat in found.seats if seat.role in AT_A_CENTRE), None)
        if seat is None:
            raise NotAtACentre
        note_activity(found.session, at)
        if found.session.modified:
            found.session.save()
        return seat


def at_the_counter(view: Any) -> Any:
    """The view in one transaction, with the eyes of the seat that calls.

    A call that writes and carries an `Idempotency-Key` happens once by that key.
    """

    @wraps(view)
    def seated(request: Any, *args: Any, **kwargs: Any) -> Any:
        seat: Seat = request.auth
        key = request.headers.get(ONCE) if request.method == "POST" else None
        with acting(accounts.scope_of(seat)):
            if key is None:
                return view(request, *args, **kwargs)
            caller = Caller(request)
            return once(
                lambda: view(request, *args, **kwargs), key=key, centre=caller.centre,
                call=request.path.encode() + b"\n" + request.body, at=caller.at, by=caller.by,
            )  # fmt: skip

    return seated


class Caller:
    """Where, when and who, as the verbs are told."""

    def __init__(self, request: Any) -> None:
        seat: Seat = request.auth
        assert seat.centre_id is not None
        self.centre: int = seat.centre_id
        self.by: UUID = seat.account_id
        self.at: datetime = clock.now()
