"""Omani telephone numbers: +968 and eight digits; mobiles start with 7 or 9."""

import re
from dataclasses import dataclass
from typing import Final

from sanad.lib.digits import ascii_digits
from sanad.lib.refusal import N_, Refused

COUNTRY_CODE: Final = "968"
# What people put between digits: spaces, hyphens and dashes, points, brackets, direction marks.
_SEPARATORS: Final = re.compile(
    r"[\s.()\u00ad\u200b-\u200f\u2010-\u2015\u202a-\u202e\u2066-\u2069-]"
)
_NUMBER: Final = re.compile(rf"(?:(?:\+|00)?{COUNTRY_CODE})?([1-9][0-9]{{7}})")


class PhoneRefused(Refused):
    code = "phone.not_a_phone"
    sentence = N_(
        "“{text}” is not an Omani telephone number. Write its eight digits, "
        "with or without +968 in front."
    )


class NotAMobile(PhoneRefused):
    code = "phone.not_a_mobile"
    sentence = N_(
        "“{text}” cannot receive messages: an Omani mobile number starts with 7 or 9. "
        "Write a mobile number."
    )


@dataclass(frozen=True, slots=True)
class Phone:
    """One Omani number, by its eight national digits."""

    national: str

    @property
    def e164(self) -> str:
        """For storage and gateways: "+96892345678"."""
        return f"+{COUNTRY_CODE}{self.national}"

    @property
    def display(self) -> str:
        """For people: "+968 9234 5678"."""
        return f"+{COUNTRY_CODE} {self.national[:4]} {self.national[4:]}"

    @property
    def is_mobile(self) -> bool:
        return self.national[0] in "79"


def parse_phone(text: str) -> Phone:
    """Read a number typed with digits of any script, separators, +968, 00968 or 968."""
    found = _NUMBER.fullmatch(_SEPARATORS.sub("", ascii_digits(text)))
    if found is None:
        raise PhoneRefused(text=text)
    return Phone(found[1])


def parse_mobile(text: str) -> Phone:
    """Like :func:`parse_phone`, and refuses a number that cannot receive a message."""
    phone = parse_phone(text)
    if not phone.is_mobile:
        raise NotAMobile(text=text)
    return phone
