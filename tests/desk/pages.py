"""What a refused step owes its reader."""

import html
import re

from django.utils import translation
from django.utils.html import escape

from sanad.lib.refusal import Refused
from tests.web_client import words_of

TYPED = (
    "tendered", "reason", "units", "card_reference", "key", "name_ar", "phone", "cr_number",
    "company_ar", "typed_name",
)  # fmt: skip


def require_said(answer, refusal: type[Refused], language: str) -> None:
    """The refusal's sentence stands in the page, in the reader's language."""
    assert answer.status_code in (409, 422), answer.status_code
    assert f'lang="{language}"' in answer.content.decode()
    with translation.override(language):
        sentence = translation.gettext(refusal.sentence)
    assert (language == "ar") == (sentence != refusal.sentence)
    fixed = max(re.split(r"\{\w+\}", sentence), key=len).strip()
    assert fixed in html.unescape(words_of(answer)), fixed


def require_kept(answer, data: dict) -> None:
    """What was typed stands in its field, wherever the page still has the field."""
    page = answer.content.decode()
    for name in TYPED:
        has_field = ('id="field-cancel"' if name == "reason" else f'name="{name}"') in page
        if has_field and data.get(name, "").strip():
            assert f'value="{escape(data[name])}"' in page, name
