"""Finds passwords, one-time codes and card numbers in what people type into notes.

Nobody at a counter needs a client's password or code, and whoever writes one down has it for ever.
The detector refuses; it never repeats what it found. It looks for a word that names a secret with
a value beside it, and for digits grouped and checked as a card's are. A phone, a civil number, a
registration or a receipt is none of these: `tests/lib/test_secrets_in_text.py` holds the lists.
"""

import re

from sanad.lib.ar_norm import ar_norm
from sanad.lib.digits import ascii_digits
from sanad.lib.refusal import N_, Refused

# Words that name a secret, as `ar_norm` folds them: ة is ه, أ is ا, hyphens are spaces.
_WORD = (
    r"(?:pass ?words?|pass ?codes?|passwd|pwd|pin(?: ?code| ?number)?|otp|mfa|2fa|cvv2?|cvc2?"
    r"|(?:verification|one time|login|log in|activation|security|secret|access|sms)"
    r" (?:code|number|pin)"
    r"|(?:ال)?كلم[هت] ?(?:ال)?(?:سر|مرور|دخول)(?:ه|ها|هم|ك)?|(?:ال)?رقم(?:ه|ها)? (?:ال)?سري"
    r"|(?:ال)?رمز(?:ه|ها)? (?:ال)?(?:تحقق|دخول|تفعيل|سري|سريه|امان|امني|مروري)"
    r"|(?:ال)?كود (?:ال)?(?:تحقق|دخول|تفعيل|سري|امان)"
    r"|(?:ال)?باس ?وورد|(?:ال)?باس ?ورد|(?:ال)?بن كود|(?:ال)?او تي بي)"
)
# A code that came by message is one, whatever it is called.
_CAME = (
    r"(?:(?:code|otp)(?: that)? (?:came|sent|received|arrived)"
    r"|(?:(?:ال)?(?:رمز|كود)) (?:الذي |اللي )?(?:وصل|جا|ورد)(?:ه|ها|ني|نا|ته)?"
    r"|(?:(?:ال)?(?:رمز|كود)) (?:في|من) (?:ال)?رساله)"
)
_IS = r"(?: ?(?:is|was|are|=|هو|هي|كان|كانت|التالي|الاتي))?"
_OF = r"(?: (?:for|of|to) \w+(?: \w+)?| (?:في|على|ل|لل)\w* ?\w*)?"
# A value: three digits and more, spaced or not, or a word that mixes letters with digits or signs.
_DIGITS = r"\d(?: ?\d){2,}"
_MIXED = r"(?=\S*[a-z\u0621-\u064a])(?=\S*[\d@#$%^&*!?+_~])\S{4,}"
_VALUE = rf"(?:{_DIGITS}|{_MIXED})"
_START, _END = r"(?<![\w])", r"(?![\w])"
_SECRET_AFTER_WORD = re.compile(rf"{_START}(?:{_WORD}|{_CAME}){_OF}{_IS} *{_VALUE}")
_SECRET_BEFORE_WORD = re.compile(
    rf"{_START}{_VALUE} (?:is|was|هو|هي|=) ?(?:the|his|her|my|their|its)? ?(?:{_WORD}){_END}"
)
# "password: rose" has no digit; the sign before it says that it is the value.
_SECRET_AFTER_SIGN = re.compile(
    rf"{_START}{_WORD}{_OF}\s*[:=]\s*(?!(?:not|never|no|none|unknown|forgotten|lost|changed|expired"
    rf"|wrong|لم|لا|لن|غير|نسي|نسيت|نسيها|مفقود|ليس)\b)\S{{3,}}"
)
# As cards are written: whole, in fours, as 4-6-5 and 4-6-4, in eights.
_CARD = re.compile(
    r"(?<![\d])(?:\d{13,19}|\d{4}(?:[ ./-]\d{4}){3}(?:[ ./-]\d{1,3})?|\d{4}[ ./-]\d{6}[ ./-]\d{4,5}"
    r"|\d{8}[ ./-]\d{8})(?![\d])"
)
_CARD_BEGINS = re.compile(r"3[0-9]|[456]|2[2-7]")


class SecretRefused(Refused):
    code = "lib.secret_in_text"
    sentence = N_(
        "This looks like a password, a code or a card's number, so it was not kept. Nobody here "
        "needs it: take it out, and let the person type it on their own device."
    )


def holds_secret(text: str) -> bool:
    """Whether a password, a code or a card's number seems to stand in the text."""
    plain = ascii_digits(text)
    folded = ar_norm(text)
    with_signs = " ".join(_keep_signs(plain).split())
    if _SECRET_AFTER_WORD.search(folded) or _SECRET_BEFORE_WORD.search(folded):
        return True
    if _SECRET_AFTER_SIGN.search(with_signs):
        return True
    return any(_is_card(re.sub(r"\D", "", found)) for found in _CARD.findall(plain))


def require_no_secret(text: str) -> str:
    """The text as it came. Raises `SecretRefused`."""
    if holds_secret(text):
        raise SecretRefused
    return text


def _keep_signs(plain: str) -> str:
    """Folded word by word, with the signs that stand before a value left in their places."""
    return re.sub(r"[^:=]+", lambda part: f" {ar_norm(part[0])} ", plain)


def _is_card(digits: str) -> bool:
    return bool(_CARD_BEGINS.match(digits)) and _luhn(digits)


def _luhn(digits: str) -> bool:
    doubled = [int(d) * 2 if i % 2 else int(d) for i, d in enumerate(reversed(digits))]
    return sum(d - 9 if d > 9 else d for d in doubled) % 10 == 0
