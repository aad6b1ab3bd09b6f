"""Every address leads to one screen."""

from collections import Counter
from typing import Any

from django.urls import get_resolver


def test_no_two_screens_share_an_address() -> None:
    patterns = _patterns(get_resolver().url_patterns, "")
    assert len(patterns) > 100
    assert [one for one, times in Counter(patterns).items() if times > 1] == []


def _patterns(found: list[Any], before: str) -> list[str]:
    every = []
    for one in found:
        at = before + str(one.pattern)
        every += _patterns(one.url_patterns, at) if hasattr(one, "url_patterns") else [at]
    return every
