"""Numbers, codes and names set apart from the text around them, so that Arabic keeps their order.

Without it "+968 9123 4567" inside an Arabic sentence is drawn as "4567 9123 968+". Everything here
gives safe HTML: text in, escaped markup out.
"""

import re
from typing import Final

from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe

FIRST_STRONG_ISOLATE, POP_ISOLATE = "\u2068", "\u2069"
LEFT_TO_RIGHT_ISOLATE = "\u2066"
# A number or code with its sign, its letters and its inner marks: -3, 4.500, A-114, 2025Q3,
# 08:00-14:00, 31/12/2026, +968 9123 4567. A mark that ends it belongs to the sentence.
_DIGIT: Final = "0-9٠-٩۰-۹"
RUN: Final = re.compile(
    rf"[+\-−]?(?:[A-Za-z]+-?)?[{_DIGIT}](?:[A-Za-z{_DIGIT}.,:/٫٬+\-–−_]*[A-Za-z{_DIGIT}])?%?"
    rf"(?: [{_DIGIT}]+(?![A-Za-z{_DIGIT}.,:/\-]))*"
)
_MARKUP: Final = re.compile(r"(<[^>]*>|&#?\w+;)")
_ARABIC_LETTER: Final = re.compile("[\u0621-\u064a\u0671-\u06d3]")


def code(value: object) -> SafeString:
    """A code, phone or identifier: left to right, in one piece."""
    return format_html('<bdi dir="ltr" class="code">{}</bdi>', value)


def number(shown: str) -> SafeString:
    """A number already written out."""
    return format_html('<bdi dir="ltr" class="number">{}</bdi>', shown)


def prose(text: object) -> SafeString:
    """A sentence with each of its numbers and codes isolated; safe markup in it stays."""
    pieces = _MARKUP.split(conditional_escape(text if isinstance(text, str) else str(text)))
    # Every second piece is a tag or an entity, which may hold digits of its own.
    pieces[::2] = [RUN.sub(r'<bdi dir="ltr">\g<0></bdi>', piece) for piece in pieces[::2]]
    return mark_safe("".join(pieces))  # noqa: S308 - escaped above, or safe when it came


def plain(text: object) -> str:
    """The same where no markup is possible (title, option, attribute): Unicode isolates."""
    return RUN.sub(lambda run: f"{LEFT_TO_RIGHT_ISOLATE}{run[0]}{POP_ISOLATE}", str(text))


def script_of(text: str) -> str:
    """The language whose letters a name is written in: "ar" or "en"."""
    return "ar" if _ARABIC_LETTER.search(text) else "en"
