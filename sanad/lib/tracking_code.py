"""The code with which a person follows a case without an account, like 7K3M-9QWX-2HTB.

Eleven random characters of Crockford's base 32 (no I, L, O or U) and one check character: 55 bits,
too many to guess, and short enough to read over the telephone. What is typed is folded: digits of
any script, small letters, O as 0, I and L as 1.

The check is ISO 7064 MOD 37-2. It is a pure system modulo a prime, so it finds every single wrong
character and every swap of neighbours; the hybrid MOD 37,36 with its friendlier check character
misses some swaps. MOD 37-2 may ask for a check character outside the alphabet; such a draw is
thrown away.
"""

import re
import secrets
from collections.abc import Callable
from typing import Final

from stdnum.iso7064 import mod_37_2

from sanad.lib.digits import ascii_digits
from sanad.lib.refusal import N_, Refused

ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH: Final = 12
_RANDOM_LENGTH: Final = LENGTH - 1
_BITS_PER_CHARACTER: Final = 5
_LOOK_ALIKES: Final = str.maketrans("OIL", "011")
_SEPARATORS: Final = re.compile(r"[\s\u00ad\u200b-\u200f\u2010-\u2015\u202a-\u202e\u2066-\u2069-]")


class TrackingCodeRefused(Refused):
    code = "tracking_code.wrong"
    sentence = N_(
        "“{text}” is not a tracking code: a character is missing or wrong. "
        "Compare it with the receipt or the message and type it again."
    )


def new_code(random_bits: Callable[[int], int] = secrets.randbits) -> str:
    """A new code in its one written form. `random_bits(n)` gives n random bits."""
    while True:
        drawn = random_bits(_RANDOM_LENGTH * _BITS_PER_CHARACTER)
        body = "".join(
            ALPHABET[drawn >> shift & 31]
            for shift in range(0, _RANDOM_LENGTH * _BITS_PER_CHARACTER, _BITS_PER_CHARACTER)
        )
        check: str = mod_37_2.calc_check_digit(body)
        if check in ALPHABET:
            return _written(body + check)


def parse_code(text: str) -> str:
    """The code in its one written form, from what a person typed."""
    code = _SEPARATORS.sub("", ascii_digits(text)).upper().translate(_LOOK_ALIKES)
    known = len(code) == LENGTH and all(character in ALPHABET for character in code)
    if not known or not mod_37_2.is_valid(code):
        raise TrackingCodeRefused(text=text)
    return _written(code)


def _written(code: str) -> str:
    return "-".join(code[start : start + 4] for start in range(0, LENGTH, 4))
