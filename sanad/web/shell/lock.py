"""The screen lock: the session stays, and nothing of it is shown until its owner returns.

A session is locked by its owner or after a time without a sign of life. Requests that a page makes
by itself carry X-Background and are no sign of life.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from sanad.accounts.sessions import ACTIVE_AT, LOCKED, is_locked, note_activity
from sanad.lib import clock
from sanad.web.shell import here

# What stands in the hall or before the client stays up behind a locked session of the same browser:
# it shows nothing of the session's owner.
OPEN_WHILE_LOCKED: Final = frozenset(
    {"unlock", "language", "account_logout", "hall_kiosk", "hall_choose", "hall_take",
     "hall_ticket", "hall_board", "hall_board_now", "client_screen", "client_screen_now"}
)  # fmt: skip
# The API's doors ask for themselves, in the form in which they answer.
ANSWERS_FOR_ITSELF: Final = "/api/"


class ScreenLockMiddleware:
    """Leads every page of a locked session to the unlock page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_: Any) -> HttpResponse | None:
        if request.path_info.startswith(ANSWERS_FOR_ITSELF):
            return None
        session = request.session
        if settings.SESSION_COOKIE_NAME not in request.COOKIES or SESSION_KEY not in session:
            return None
        at = clock.now()
        if not is_locked(session, at=at, after_seconds=settings.SANAD_LOCK_AFTER_SECONDS):
            if "X-Background" not in request.headers:
                note_activity(session, at)
            return None
        route = request.resolver_match.view_name if request.resolver_match else ""
        return None if route in OPEN_WHILE_LOCKED else to_unlock(request, here.page(request))


def to_unlock(request: HttpRequest, next_page: str) -> HttpResponse:
    """The unlock page, which returns to `next_page`."""
    return here.lead_to(request, f"{reverse('unlock')}?{urlencode({'next': next_page})}")


def lock(session: SessionBase) -> None:
    session[LOCKED] = True


def unlock(session: SessionBase, at: datetime) -> None:
    session.pop(LOCKED, None)
    session[ACTIVE_AT] = at.timestamp()
