"""The civil number: text of 6 to 9 digits, leading zeros included.

No checksum is published, so none is tested: a wrong digit is caught by showing the name.
"""

import re

from sanad.lib.digits import ascii_digits
from sanad.lib.refusal import N_, Refused


class CivilNumberRefused(Refused):
    code = "civil_number.not_a_civil_number"
    sentence = N_("A civil number has 6 to 9 digits. Read it again from the card and type it.")


def parse_civil_number(text: str) -> str:
    """The civil number as 6 to 9 digits 0-9. The refusal does not repeat what was typed."""
    number = re.sub(r"[\s\u200e\u200f-]", "", ascii_digits(text))
    if re.fullmatch(r"[0-9]{6,9}", number) is None:
        raise CivilNumberRefused
    return number


def mask_civil_number(number: str) -> str:
    """What a screen shows: "••••4321". The dots do not tell how long the number is."""
    return "••••" + number[-4:]
