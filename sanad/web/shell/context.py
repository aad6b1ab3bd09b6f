"""What the frame around every page shows. Asked for only where a template uses it."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language, get_language_info

from sanad.accounts.queries import Seat
from sanad.accounts.roles import NAMES
from sanad.lib import clock
from sanad.lib.bilingual import Text
from sanad.lib.refusal import N_
from sanad.web.shell import here
from sanad.web.shell.demonstration_accounts import ACCOUNTS, PASSWORD, DemonstrationAccount
from sanad.web.shell.home import Card, cards_for
from sanad.web.shell.places import place_of

CALIBRATIONS: Final = {
    "announced": N_("announced figures"),
    "portal": N_("portal series"),
}


@dataclass(frozen=True)
class Language:
    code: str
    name: str


@dataclass(frozen=True)
class Demonstration:
    """What the banner says."""

    calibration: str
    at: datetime
    accounts: tuple[DemonstrationAccount, ...] = ACCOUNTS
    password: str = PASSWORD


@dataclass(frozen=True)
class SeatShown:
    """A line of the menu in which a person changes seats."""

    id: str
    role: str
    place: Text | None
    is_current: bool


class Shell:
    """The frame's facts; each is looked up when a template asks for it."""

    def __init__(self, request: HttpRequest) -> None:
        self.request: Any = request

    @property
    def language(self) -> str:
        return (get_language() or settings.LANGUAGE_CODE).split("-")[0]

    @property
    def direction(self) -> str:
        return "rtl" if get_language_info(self.language)["bidi"] else "ltr"

    @property
    def other_language(self) -> Language:
        """The one the button offers, under its own name."""
        code = "en" if self.language == "ar" else "ar"
        return Language(code, dict(settings.LANGUAGES)[code])

    @cached_property
    def here(self) -> str:
        return here.page(self.request)

    @cached_property
    def demonstration(self) -> Demonstration | None:
        name = settings.SANAD_DEMONSTRATION
        return Demonstration(CALIBRATIONS.get(name, name), clock.now()) if name else None

    @cached_property
    def lock_after(self) -> str:
        """Seconds as text for an attribute; empty where nobody is signed in."""
        user = getattr(self.request, "user", None)
        return str(settings.SANAD_LOCK_AFTER_SECONDS) if user and user.is_authenticated else ""

    @cached_property
    def person(self) -> Text:
        account = self.request.user
        return Text(account.name_ar, account.name_en)

    @cached_property
    def place(self) -> Text | None:
        seat = getattr(self.request, "seat", None)
        return place_of(seat) if seat else None

    @cached_property
    def cards(self) -> list[Card]:
        """The ways on from home for whoever sits here."""
        seat = getattr(self.request, "seat", None)
        return cards_for(seat.role) if seat else []

    @cached_property
    def seats(self) -> list[SeatShown]:
        """The seats of whoever is signed in; empty on pages that ask for none."""
        current = getattr(self.request, "seat", None)
        seats: list[Seat] = getattr(self.request, "seats", [])
        return [
            SeatShown(str(s.assignment_id), NAMES[s.role], place_of(s), s == current) for s in seats
        ]


def shell(request: HttpRequest) -> dict[str, Shell]:
    """The context processor."""
    return {"shell": Shell(request)}
