"""Finds passwords, one-time codes and card numbers in what people type into notes.

Nobody at a counter needs a client's password or code, and whoever writes one down has it for ever.
The detector refuses; it never repeats what it found.
"""

import re

from sanad.lib.digits import ascii_digits
from sanad.lib.refusal import N_, Refused

# Words beside which a short run of digits or a mixed word is a secret. Folded to plain letters.
_WORDS = (
    r"pass\s*word|passcode|pwd|pin|otp|cvv|cvc|verification code|one[- ]time code|login code"
    r"|كلمة (?:ال)?(?:سر|مرور)|كلمه (?:ال)?(?:سر|مرور)|الرقم السري|رقم سري|رمز (?:ال)?(?:تحقق|دخول)"
    r"|رمز التفعيل|الباسوورد|باسورد|الباسورد"
)
_SECRET_AFTER_WORD = re.compile(
    rf"(?:{_WORDS})\W{{0,12}}(?:is|هو|هي)?\W{{0,6}}\S*[\d]", re.IGNORECASE
)
_SECRET_IS = re.compile(rf"(?:{_WORDS})\s*(?:[:=]|is\b|هو\b|هي\b)\s*\S", re.IGNORECASE)
_CARD = re.compile(r"(?:\d[ ./-]?){13,19}")


class SecretRefused(Refused):
    code = "lib.secret_in_text"
    sentence = N_(
        "This looks like a password, a code or a card's number, so it was not kept. Nobody here "
        "needs it: take it out, and let the person type it on their own device."
    )


def holds_secret(text: str) -> bool:
    """Whether a password, a code or a card's number seems to stand in the text."""
    plain = ascii_digits(text)
    if _SECRET_AFTER_WORD.search(plain) or _SECRET_IS.search(plain):
        return True
    return any(_luhn(re.sub(r"\D", "", found)) for found in _CARD.findall(plain))


def require_no_secret(text: str) -> str:
    """The text as it came. Raises `SecretRefused`."""
    if holds_secret(text):
        raise SecretRefused
    return text


def _luhn(digits: str) -> bool:
    doubled = [int(d) * 2 if i % 2 else int(d) for i, d in enumerate(reversed(digits))]
    return sum(d - 9 if d > 9 else d for d in doubled) % 10 == 0
