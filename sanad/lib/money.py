"""Money is an integer of baisa; one rial has 1,000. No fraction of a baisa ever exists.

Reading is strict where a guess could cost someone money: "4,500" may be meant as four and a half
rials or as four thousand five hundred, so a comma is accepted only between groups of three
digits of an amount that also shows its three decimals, as in "1,482.500".
"""

import re
from typing import Final

from sanad.lib.digits import ascii_digits
from sanad.lib.refusal import N_, Refused

BAISA_PER_RIAL: Final = 1000
MAX_BAISA: Final = (
    999_999_999_999  # a rial below a thousand million; any more is a slip of the keys
)

_PLAIN: Final = re.compile(r"(\d*)(?:\.(\d*))?", re.ASCII)
_GROUPED: Final = re.compile(r"(\d{1,3}(?:,\d{3})+)\.(\d{3})", re.ASCII)
# Marks that keyboards and copied pages leave around a number; none of them changes its value.
_INVISIBLE: Final = dict.fromkeys(map(ord, "\u200e\u200f\u061c\u2066\u2067\u2068\u2069\ufeff"))
_ARABIC_SIGNS: Final = str.maketrans({"٫": ".", "٬": ","})


class MoneyRefused(Refused):
    """Any amount that cannot be taken."""

    code = "money.not_an_amount"
    sentence = N_("“{text}” is not an amount. Write it in rials, like 4 or 4.500 or 1,482.500.")


class NegativeAmount(MoneyRefused):
    code = "money.negative"
    sentence = N_("“{text}” is below zero. Write the amount without a minus sign.")


class TooManyDecimals(MoneyRefused):
    code = "money.too_many_decimals"
    sentence = N_(
        "“{text}” has more than three decimals, and the baisa is the smallest coin. "
        "Write at most three digits after the point."
    )


class AmountTooLarge(MoneyRefused):
    code = "money.too_large"
    sentence = N_("“{text}” is larger than any amount the system takes. Check the digits.")


class NotWholeBaisa(MoneyRefused):
    code = "money.not_whole_baisa"
    sentence = N_("“{text}” is not a whole number of baisa from zero up. Give whole baisa.")


def baisa(value: int) -> int:
    """`value` itself when it is a whole number of baisa from 0 to :data:`MAX_BAISA`."""
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise NotWholeBaisa(text=str(value))
    if value > MAX_BAISA:
        raise AmountTooLarge(text=str(value))
    return value


def parse_baisa(text: str) -> int:
    """The baisa in an amount of rials as typed: "4", "4.5", "٤٫٥٠٠", "1,482.500"."""
    typed = ascii_digits(text).translate(_INVISIBLE).translate(_ARABIC_SIGNS).strip()
    if re.match(r"[-\u2212]\s*[\d.]", typed):
        raise NegativeAmount(text=text)
    found = _PLAIN.fullmatch(typed) or _GROUPED.fullmatch(typed)
    if found is None or not (found[1] or found[2]):
        raise MoneyRefused(text=text)
    rials, decimals = found[1].replace(",", "") or "0", found[2] or ""
    if len(decimals) > 3:
        raise TooManyDecimals(text=text)
    if len(rials.lstrip("0")) > 9:
        raise AmountTooLarge(text=text)
    return int(rials) * BAISA_PER_RIAL + int(decimals.ljust(3, "0"))


def format_omr(amount_baisa: int) -> str:
    """Rials with grouping and always three decimals: 1482500 -> "1,482.500", -500 -> "-0.500"."""
    rials, rest = divmod(abs(amount_baisa), BAISA_PER_RIAL)
    return f"{'-' if amount_baisa < 0 else ''}{rials:,}.{rest:03d}"
