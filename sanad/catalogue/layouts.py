"""What was meant by words typed under the wrong keyboard layout.

The table is the Arabic 101 layout of Windows over the letters of a US keyboard, key by key.
"""

from typing import Final

_PLAIN: Final = {
    "q": "ض", "w": "ص", "e": "ث", "r": "ق", "t": "ف", "y": "غ", "u": "ع", "i": "ه", "o": "خ",
    "p": "ح", "[": "ج", "]": "د", "a": "ش", "s": "س", "d": "ي", "f": "ب", "g": "ل", "h": "ا",
    "j": "ت", "k": "ن", "l": "م", ";": "ك", "'": "ط", "z": "ئ", "x": "ء", "c": "ؤ", "v": "ر",
    "b": "لا", "n": "ى", "m": "ة", ",": "و", ".": "ز", "/": "ظ", "`": "ذ",
}  # fmt: skip
_SHIFTED: Final = {
    "Q": "َ", "W": "ً", "E": "ُ", "R": "ٌ", "T": "لإ", "Y": "إ", "U": "‘", "I": "÷", "O": "×",
    "P": "؛", "{": "<", "}": ">", "A": "ِ", "S": "ٍ", "D": "]", "F": "[", "G": "لأ", "H": "أ",
    "J": "ـ", "K": "،", "L": "/", "Z": "~", "X": "ْ", "C": "}", "V": "{", "B": "لآ", "N": "آ",
    "M": "’", "<": ",", ">": ".", "?": "؟", "~": "ّ",
}  # fmt: skip

KEYBOARD: Final = {**_SHIFTED, **_PLAIN}
"""What each key types under the Arabic layout, by the character it types under the English one."""

_TO_ARABIC: Final = str.maketrans(KEYBOARD)
# Keys that give two letters come first, so that لا is read as one key and not as two.
_KEYS: Final = sorted(
    ((typed, key.lower()) for key, typed in KEYBOARD.items()),
    key=lambda pair: -len(pair[0]),
)


def as_if_arabic(words: str) -> str:
    """Words meant in Arabic but typed while the layout was English: "j[]d]" -> "تجديد"."""
    return words.translate(_TO_ARABIC)


def as_if_english(words: str) -> str:
    """Words meant in English but typed while the layout was Arabic: "قثىثص" -> "renew"."""
    for typed, key in _KEYS:
        if len(typed) > 1:
            words = words.replace(typed, key)
    return words.translate(_TO_ENGLISH)


_TO_ENGLISH: Final = {ord(typed): key for typed, key in _KEYS if len(typed) == 1}


def readings(words: str) -> list[str]:
    """The words as typed, and as they would read under the other layout."""
    arabic = any("؀" <= letter <= "ۿ" for letter in words)
    other = as_if_english(words) if arabic else as_if_arabic(words)
    return [words, other] if other != words else [words]
