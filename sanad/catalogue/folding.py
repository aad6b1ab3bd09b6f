"""The fold under which a search word and a name of the catalogue are compared."""

from typing import Final

from sanad.lib.ar_norm import ar_norm

ARTICLE: Final = "ال"
LONGEST_QUERY: Final = 200


def search_fold(text: str) -> str:
    """`ar_norm`, and without the article in front of Arabic words: "الرخصة" and "رخصه" agree.

    The article is not taken off in `ar_norm` itself, because names of people begin with it too.
    """
    return " ".join(_bare(word) for word in ar_norm(text).split())


def _bare(word: str) -> str:
    return word[2:] if word.startswith(ARTICLE) and len(word) > 4 else word
