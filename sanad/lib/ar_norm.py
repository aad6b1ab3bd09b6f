"""The fold under which two spellings of a name are the same: `ar_norm`.

It exists twice, here and as the immutable SQL function `ar_norm(text)` that indexes and searches
use. Both come from the tables below: :func:`as_sql` writes `sanad/db/sql/ar_norm.sql`, a test
holds the file to it, and another compares the two on every character there is.

The steps, in this order:

1. NFKD: presentation forms, ligatures and wide letters become plain; accents and hamzas come off
   their letters (so أ إ آ become ا, ئ becomes ي and ؤ becomes و in the next step).
2. Take out marks (tashkeel, Quranic signs, Latin accents), tatweel, direction controls,
   zero-width characters and apostrophes of every kind.
3. Small letters, by the simple mapping of one letter to one letter.
4. Change letters, digits of every script and punctuation by one table.
5. NFC, and runs of white space become one space, with none at the ends.

The result is for comparing and never for showing. Folding it again changes nothing.
"""

import re
import unicodedata
from typing import Final

from sanad.lib.digits import DIGIT_ZEROS, TO_ASCII

# Step 2. Ranges of code points, both ends included.
TAKEN_OUT: Final = (
    (0x0027, 0x0027), (0x0060, 0x0060),  # ' `
    (0x00AD, 0x00AD),  # soft hyphen
    (0x02B9, 0x02BF), (0x02C8, 0x02C8), (0x02CA, 0x02CB),  # ʹ ʺ ʻ ʼ ʽ ʾ ʿ ˈ ˊ ˋ
    (0x0300, 0x036F),  # accents
    (0x0610, 0x061A), (0x061C, 0x061C), (0x0640, 0x0640),  # signs, direction mark, tatweel
    (0x064B, 0x065F), (0x0670, 0x0670),  # tashkeel, hamza above and below, small alef
    (0x06D6, 0x06DC), (0x06DF, 0x06E4), (0x06E7, 0x06E8), (0x06EA, 0x06ED),  # Quranic signs
    (0x0898, 0x089F), (0x08CA, 0x08E1), (0x08E3, 0x08FF),
    (0x180E, 0x180E),
    (0x1AB0, 0x1ACE), (0x1DC0, 0x1DFF),  # more accents
    (0x200B, 0x200F), (0x2018, 0x201B), (0x202A, 0x202E), (0x2032, 0x2032),  # ‘ ’ ‚ ‛ ′
    (0x2060, 0x2064), (0x2066, 0x206F),
    (0x20D0, 0x20F0),  # accents for symbols
    (0xFE00, 0xFE0F), (0xFE20, 0xFE2F), (0xFEFF, 0xFEFF), (0xFF07, 0xFF07),
    (0xE0100, 0xE01EF),  # variants of a shape
)  # fmt: skip

# Step 4. Each group becomes the character in front of it.
CHANGED: Final = {
    "ا": "ٱٲٳٵ",
    "ي": "ىیےېۍ",
    "و": "ٶٷۄۅۆۇۈۋ",
    "ه": "ةہھەۃۀۿ",
    "ك": "کگڪګڬڭڮڰ",
    "σ": "ς",
    " ": '-_/\\.,:;()[]{}«»"“”„|‐‑‒–—―‹›،؛؟·•',
}
_WHITE_SPACE: Final = "\t\n\v\f\r\x1c\x1d\x1e\x1f\x85\u1680\u2028\u2029"

_OUT: Final = re.compile(f"[{''.join(f'{chr(first)}-{chr(last)}' for first, last in TAKEN_OUT)}]")
_CHANGES: Final = {
    **{ord(old): new for new, olds in CHANGED.items() for old in olds},
    **{ord(old): " " for old in _WHITE_SPACE},
    **TO_ASCII,
}


def ar_norm(text: str) -> str:
    """The folded form of `text`; equal forms mean the same spelling up to habit."""
    plain = _OUT.sub("", unicodedata.normalize("NFKD", text))
    changed = plain.lower().translate(_CHANGES)
    return " ".join(unicodedata.normalize("NFC", changed).split())


def as_sql() -> str:
    """The text of the SQL function that folds as :func:`ar_norm` does."""
    old = [chr(code) for code in _CHANGES if code not in TO_ASCII]
    return _SQL.format(
        taken_out="".join(_range(first, last) for first, last in TAKEN_OUT),
        old=_literal("".join(old) + _digits(0x0660) + _digits(0x06F0)),
        new=_literal("".join(_CHANGES[ord(character)] for character in old) + "0123456789" * 2),
        rare="".join(_range(zero, zero + 9) for zero in _RARE_ZEROS),
        rare_old=_literal("".join(map(_digits, _RARE_ZEROS))),
        rare_new="0123456789" * len(_RARE_ZEROS),
    )


# Digits that people here type are changed in one pass with the letters; the other scripts' only
# where a text has one, because translate() looks through its whole list for each character.
_RARE_ZEROS: Final = tuple(zero for zero in DIGIT_ZEROS if zero not in (0x0030, 0x0660, 0x06F0))

_SQL: Final = """\
-- ar_norm(text): the fold under which two spellings of a name are the same.
-- Written by sanad/lib/ar_norm.py, which explains the steps; change the tables there, then run
--   python -m sanad.lib.ar_norm > sanad/db/sql/ar_norm.sql
-- grain: one text. source: none, it is pure. reader: search, generated columns, sort keys, load.
CREATE OR REPLACE FUNCTION ar_norm_rare_digits(text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
RETURN CASE
    WHEN $1 ~ '[{rare}]'
    THEN translate($1,
        {rare_old},
        '{rare_new}')
    ELSE $1
END;

CREATE OR REPLACE FUNCTION ar_norm(text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
RETURN btrim(regexp_replace(normalize(ar_norm_rare_digits(translate(
    lower(
        regexp_replace(normalize($1, NFKD), '[{taken_out}]', '', 'g')
        COLLATE pg_catalog.pg_c_utf8
    ),
    {old},
    {new}
)), NFC), ' +', ' ', 'g'), ' ');
"""


def _digits(zero: int) -> str:
    return "".join(chr(zero + value) for value in range(10))


def _literal(text: str) -> str:
    """A Unicode string literal of SQL that shows only visible ASCII."""
    return "U&'" + "".join(_written(character) for character in text) + "'"


def _written(character: str) -> str:
    code = ord(character)
    if (character.isascii() and character.isalnum()) or character == " ":
        return character
    return f"\\{code:04X}" if code <= 0xFFFF else f"\\+{code:06X}"


def _range(first: int, last: int) -> str:
    return f"{_in_class(first)}-{_in_class(last)}"


def _in_class(code: int) -> str:
    return f"\\u{code:04X}" if code <= 0xFFFF else f"\\U{code:08X}"


if __name__ == "__main__":
    print(as_sql(), end="")  # noqa: T201 - the file is made by redirecting this
