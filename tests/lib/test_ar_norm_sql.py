"""`ar_norm` in PostgreSQL and in Python are the same function.

They are compared on characters assigned in the Unicode of the running Python (14 on Python 3.11)
and also in the Unicode of PostgreSQL (16 in version 18): what one of them has never heard of, the
two may treat differently, and no keyboard writes it yet. Unicode promises that the normal forms
of assigned characters never change, so a wider common part stays equal.
"""

import sys
import unicodedata

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sanad.lib.ar_norm import ar_norm

pytestmark = pytest.mark.django_db

# Each character is folded alone and between neighbours that could change its meaning.
SURROUNDINGS = ("{}", "ا{}ب", "A{}1", "x \u0301{}\u0308")

assigned = st.characters(
    min_codepoint=1, exclude_categories=["Cs", "Cn"]
)  # PostgreSQL stores no NUL
arabic = st.characters(min_codepoint=0x600, max_codepoint=0x6FF, exclude_categories=["Cn"])
latin = st.characters(min_codepoint=0x20, max_codepoint=0x24F)
marks = st.sampled_from("\u0640\u064b\u0651\u0654\u0655\u0301\u0307\u0323\u200d\u200f\u2069'ʿ-– ")
mixed_texts = st.text(st.one_of(arabic, latin, marks, assigned), max_size=40)


def folded_in_sql(texts):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT t, ar_norm(t) FROM unnest(%s::text[]) WITH ORDINALITY AS u(t, n)"
            " WHERE unicode_assigned(t) ORDER BY n",
            [texts],
        )
        return cursor.fetchall()


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(mixed_texts, max_size=20))
def test_any_text_folds_to_the_same_in_both(texts):
    for text, in_sql in folded_in_sql(texts):
        assert ar_norm(text) == in_sql


@pytest.mark.parametrize("surrounding", SURROUNDINGS)
def test_every_assigned_character_folds_to_the_same_in_both(surrounding):
    texts = [
        surrounding.format(chr(code))
        for code in range(1, sys.maxunicode + 1)
        if unicodedata.category(chr(code)) not in ("Cs", "Cn", "Co")
    ]

    folded = folded_in_sql(texts)

    assert len(folded) > 140_000
    assert [pair for pair in folded if ar_norm(pair[0]) != pair[1]] == []


def test_the_function_may_serve_an_index():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT provolatile, proparallel, proisstrict FROM pg_proc WHERE proname = 'ar_norm'"
        )
        assert cursor.fetchall() == [("i", "s", True)]
