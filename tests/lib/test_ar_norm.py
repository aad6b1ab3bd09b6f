"""Spellings that people mean as one fold to one, in Python."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanad.lib.ar_norm import ar_norm, as_sql

SQL_FILE = Path(__file__).parents[2] / "sanad/db/sql/ar_norm.sql"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("أحمد", "احمد"),
        ("إبراء", "ابراء"),
        ("آمنة", "امنه"),
        ("ٱلله", "الله"),
        ("مصطفى", "مصطفي"),
        ("فائزة", "فايزه"),
        ("شؤون", "شوون"),
        ("مَسْقَطُ", "مسقط"),
        ("الجـــبل الأخضر", "الجبل الاخضر"),
        ("کرمانی", "كرماني"),
        ("گلف", "كلف"),
        ("ﻣﺴﻘﻂ", "مسقط"),  # presentation forms, as old programs print them
        ("٠١٢۳۴५", "012345"),
        ("Ṣuḥār", "suhar"),
        ("ʿIbrī", "Ibri"),
        ("Al-Khawḍ", "al khawd"),
        ("Ma'awil", "Ma’awil"),
        ("  two \u00a0 words\n", "two words"),
        ("\u200fمسقط\u202c", "مسقط"),
        ("ΟΔΟΣ", "οδος"),
        ("ＳＡＮＡＤ", "sanad"),
    ],
)
def test_two_spellings_fold_to_one(one, other):
    assert ar_norm(one) == ar_norm(other)


@pytest.mark.parametrize(("one", "other"), [("صور", "سور"), ("ضنك", "ظنك"), ("Sur", "Suwar")])
def test_different_names_stay_different(one, other):
    assert ar_norm(one) != ar_norm(other)


@given(st.text(st.characters(exclude_categories=["Cs", "Cn"])))
def test_folding_again_changes_nothing(text):
    once = ar_norm(text)

    assert ar_norm(once) == once
    assert once == once.strip()
    assert "  " not in once


def test_the_sql_file_is_written_from_the_same_tables():
    assert SQL_FILE.read_text(encoding="utf-8") == as_sql()
