"""A study: put together by keys alone, run by the real worker, watched, read, run again."""

from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse

from sanad.lab.twin.network.levers import LEVERS
from tests.journeys.keyboard import Keyboard
from tests.journeys.test_in_the_browser import sign_in
from tests.web.browser import DESK, PHONE, OpenPage, browser, open_page
from tests.worker_process import worker

__all__ = ["browser", "open_page"]
# The first run of a machine compiles the twin before it lives anything.
WITHIN_MS = 120_000
SAME = {"ar": "مطابقة حتى آخر رقم", "en": "the same to the last digit"}


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> None:
    settings.SANAD_SNAPSHOTS = tmp_path / "snapshots"


@pytest.mark.browser
@pytest.mark.parametrize(
    ("language", "size"), [("ar", DESK), ("en", PHONE)], ids=["ar-desk", "en-phone"]
)
def test_a_study_is_asked_for_watched_and_run_again(
    served: str, open_page: OpenPage, language: str, size: tuple[int, int]
) -> None:
    page = open_page(language, size)
    hands = Keyboard(page, f"study-{language}-{size[0]}")
    sign_in(hands, served, "nasser")
    page.goto(served + reverse("lab_study_new"))
    hands.write("#field-title", "ساعات 2025" if language == "ar" else "Hours 2025")
    hands.write("#field-replications", "٢" if language == "ar" else "2")
    hands.to("#field-scenario-appointments")
    page.keyboard.press("Space")
    hands.choose("#field-add", list(LEVERS).index("hours") + 1)
    hands.press("button[value=add]")
    assert page.locator("#field-scenario-appointments").is_checked()
    hands.to("#field-lever-1-later")
    page.keyboard.press("End")
    assert page.locator("output[data-of=field-lever-1-later]").inner_text() == "240"
    hands.look("put-together")
    hands.press("button[value=ask]")
    hands.look("waits")
    with worker():
        # The page goes on by itself, without a key.
        page.wait_for_selector(".study-table", timeout=WITHIN_MS)
        hands.look("result")
        first = page.url
        hands.press("form[action$='/again/'] button")
        assert page.url != first
        page.wait_for_selector(".study-table", timeout=WITHIN_MS)
    assert page.get_by_text(SAME[language]).count() == 1
    hands.look("again")
