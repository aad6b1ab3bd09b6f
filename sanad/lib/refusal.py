"""A refusal: the named reason why an action was not done.

The domain raises a :class:`Refused`; the screen decides in which language to say it. A sentence
says what is wrong, why, and what to do next.
"""

from typing import Any, ClassVar


def N_(text: str) -> str:  # noqa: N802 - the name gettext gives to "mark, do not translate"
    """Mark `text` for translation and return it unchanged."""
    return text


class Refused(Exception):  # noqa: N818 - a refusal is an answer, not an error of the program
    """The base of every refusal.

    A subclass sets `code` (dotted, stable, for machines) and `sentence` (English, marked with
    :func:`N_`, with `{facts}` to fill in). The facts are given as keywords; one that the sentence
    needs and does not get is a mistake of the caller and raises KeyError at once.
    """

    code: ClassVar[str] = "refused"
    sentence: ClassVar[str] = N_("This cannot be done.")

    def __init__(self, **facts: Any) -> None:
        self.facts = facts
        super().__init__(self.sentence.format(**self.facts_in("en")))

    def facts_in(self, code: str) -> dict[str, Any]:
        """The facts for a sentence in a language: a bilingual fact is said in that language."""
        return {
            name: fact.in_language(code) if hasattr(fact, "in_language") else fact
            for name, fact in self.facts.items()
        }

    def __reduce__(self) -> tuple[Any, ...]:
        return _rebuild, (type(self), self.facts)


def _rebuild(kind: type[Refused], facts: dict[str, Any]) -> Refused:
    """Let a refusal cross a process boundary: pickle knows no keyword arguments."""
    return kind(**facts)
