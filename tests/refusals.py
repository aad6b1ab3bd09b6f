"""Both readers of a refusal: what it says in Arabic and in English."""

import re

from sanad.cli.output import in_language
from sanad.lib.refusal import Refused

ARABIC_LETTER = re.compile("[\u0621-\u064a]")


def said(refusal: Refused) -> tuple[str, str]:
    """The Arabic and the English sentence, each of them whole."""
    arabic, english = in_language(refusal, "ar"), in_language(refusal, "en")
    assert english == str(refusal)
    assert ARABIC_LETTER.search(arabic), f"no Arabic for: {english}"
    assert not re.search(r"\{\w+\}|Text\(", arabic + english)
    assert english.endswith("."), english
    return arabic, english
