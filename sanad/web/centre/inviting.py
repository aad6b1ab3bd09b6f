"""The form that invites somebody to a role, for owners and for the ministry."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from babel import Locale
from django.conf import settings
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from sanad.accounts import actions
from sanad.accounts.roles import NAMES, Role
from sanad.centres import queries as centres
from sanad.lib.digits import ascii_digits
from sanad.lib.refusal import N_, Refused
from sanad.web.shell.fields import Choice, Field
from sanad.web.shell.say import say
from sanad.web.shell.screen import SanadRequest, attempt

USERNAME: Final = re.compile(r"[a-z][a-z0-9._-]{2,39}")


class UsernameRefused(Refused):
    code = "staff.username"
    sentence = N_(
        "A user name has 3 to 40 Latin letters, digits, dots or hyphens and begins with a letter, "
        "like salma.k. Choose one like that."
    )


class NameMissing(Refused):
    code = "staff.name_missing"
    sentence = N_("The name is missing. Write it as on the card, in both languages.")


class Unchosen(Refused):
    code = "staff.unchosen"
    sentence = N_("Nothing is chosen. Choose one of the list.")


class CentreUnknown(Refused):
    code = "staff.centre"
    sentence = N_("There is no centre with this number. Look it up in the registry of centres.")


@dataclass
class Invitation:
    """What was typed, what is wrong with it, and the link once it is made."""

    request: SanadRequest
    roles: tuple[Role, ...]
    entities: tuple[Choice, ...] = ()
    errors: dict[str, str] = field(default_factory=dict)
    refusal: Refused | None = None
    link: str = ""

    def value(self, name: str) -> str:
        return "" if self.link else self.request.POST.get(name, "").strip()

    def send(self, *, centre: int | None = None) -> bool:
        """Invite; whether it was done. Everything that is wrong is said at once, by field."""
        role = self._role()
        if role in (Role.OWNER, Role.OPERATOR) and centre is None:
            centre = self._centre()
        entity = self._entity() if role is Role.ENTITY_OFFICER else None
        names = [self._name(part) for part in ("name_ar", "name_en")]
        username = self._username()
        self._nationality()
        if self.errors or role is None:
            return False
        try:
            with attempt():
                token = actions.invite(
                    username=username, name_ar=names[0], name_en=names[1], role=role,
                    inviter_role=self.request.seat.role, at=self.request.at,
                    by=self.request.account, centre=centre, entity=entity,
                    nationality=self.value("nationality"),
                )  # fmt: skip
        except actions.UsernameTaken as taken:
            self.errors["username"] = say(taken)
            return False
        except Refused as refused:
            self.refusal = refused
            return False
        self.link = settings.SANAD_PUBLIC_URL + reverse("invitation", args=[token])
        return True

    def fields(self) -> list[Field]:
        """The questions, with what was typed and what is wrong with it."""
        asked = [
            self._field("name_ar", _("Name in Arabic"), max_length=120),
            self._field("name_en", _("Name in English"), max_length=120),
            self._field("username", _("User name"), max_length=40, left_to_right=True,
                        help=_("For signing in: Latin letters and digits, like salma.k.")),
            self._field("nationality", _("Nationality"), kind="choice", choices=nationalities()),
        ]  # fmt: skip
        if len(self.roles) > 1:
            names = tuple(Choice(role.value, _(NAMES[role])) for role in self.roles)
            asked.insert(0, self._field("role", _("Role"), kind="choice", choices=names))
            asked.append(self._field(
                "centre", _("Number of the centre"), kind="number", required=False, max_length=6,
                help=_("For an owner or operator; the registry shows it."),
            ))  # fmt: skip
            asked.append(self._field(
                "entity", _("Entity"), kind="choice", required=False, choices=self.entities,
                help=_("For an officer of an entity."),
            ))  # fmt: skip
        return asked

    def _field(self, name: str, label: str, **more: object) -> Field:
        given = {"required": True} | more
        return Field(
            name=name, label=label, value=self.value(name), error=self.errors.get(name, ""),
            **given,  # type: ignore[arg-type]
        )  # fmt: skip

    def _wrong(self, name: str, refusal: Refused) -> None:
        self.errors[name] = say(refusal)

    def _role(self) -> Role | None:
        if len(self.roles) == 1:
            return self.roles[0]
        chosen = next((role for role in self.roles if role.value == self.value("role")), None)
        if chosen is None:
            self._wrong("role", Unchosen())
        return chosen

    def _name(self, part: str) -> str:
        name = " ".join(self.value(part).split())
        if not name:
            self._wrong(part, NameMissing())
        return name[:120]

    def _username(self) -> str:
        username = ascii_digits(self.value("username")).lower()
        if not USERNAME.fullmatch(username):
            self._wrong("username", UsernameRefused())
        return username

    def _nationality(self) -> None:
        if self.value("nationality") not in {choice.value for choice in nationalities()}:
            self._wrong("nationality", Unchosen())

    def _centre(self) -> int | None:
        digits = ascii_digits(self.value("centre"))
        is_number = digits.isascii() and digits.isdigit() and len(digits) < 7
        try:
            return centres.centre(int(digits) if is_number else 0).id
        except centres.NoSuchCentre:
            self._wrong("centre", CentreUnknown())
            return None

    def _entity(self) -> int | None:
        chosen = next((one for one in self.entities if one.value == self.value("entity")), None)
        if chosen is None:
            self._wrong("entity", Unchosen())
        return int(chosen.value) if chosen else None


def nationalities() -> tuple[Choice, ...]:
    """Countries by their names in the reader's language, Oman first."""
    names = Locale.parse("ar_OM" if get_language() == "ar" else "en_GB").territories
    found = [
        Choice(code, name)
        for code, name in names.items()
        if len(code) == 2 and code.isalpha() and code not in _NO_COUNTRIES
    ]
    return tuple(sorted(found, key=lambda choice: (choice.value != "OM", choice.label)))


def named(codes: Iterable[str]) -> dict[str, str]:
    """Names of nationalities by code."""
    names = {choice.value: choice.label for choice in nationalities()}
    return {code: names.get(code, code) for code in codes}


_NO_COUNTRIES: Final = frozenset({"EU", "EZ", "UN", "ZZ", "XA", "XB", "QO"})
