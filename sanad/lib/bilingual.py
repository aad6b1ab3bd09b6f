"""A text in the two languages of the product."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Text:
    """The same thing said in Arabic and in English."""

    ar: str
    en: str

    def in_language(self, code: str) -> str:
        """The text for a language code: Arabic for "ar" and its regions, else English."""
        return self.ar if code.split("-")[0].lower() == "ar" else self.en
