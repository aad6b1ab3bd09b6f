"""A refusal in the reader's language."""

from django.utils.translation import get_language, gettext

from sanad.lib.refusal import Refused


def say(refusal: Refused) -> str:
    """The sentence with its facts; a bilingual fact is said in the reader's language."""
    language = get_language() or "ar"
    facts = {
        name: fact.in_language(language) if hasattr(fact, "in_language") else fact
        for name, fact in refusal.facts.items()
    }
    return gettext(refusal.sentence).format(**facts)
