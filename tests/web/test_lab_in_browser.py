"""A log is brought, its columns chosen and its map narrowed, by keys alone, in a real Chromium."""

from pathlib import Path

import pytest
from django.urls import reverse

from tests.journeys.keyboard import Keyboard
from tests.journeys.test_in_the_browser import sign_in
from tests.lab.test_uploads import HEADING, folder, table
from tests.web.browser import DESK, PHONE, OpenPage, browser, open_page
from tests.web.test_lab_uploads import WITH_KIND

__all__ = ["browser", "folder", "open_page"]


@pytest.mark.browser
@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize("language", ["ar", "en"])
def test_a_log_is_brought_by_keyboard(
    served: str, open_page: OpenPage, tmp_path: Path, language: str, size: tuple[int, int]
) -> None:
    page = open_page(language, size)
    hands = Keyboard(page, f"lab-{language}-{size[0]}")
    sign_in(hands, served, "nasser")
    source = tmp_path / "log.csv"
    source.write_bytes(table(WITH_KIND, [*HEADING, "speed"]))
    page.goto(served + reverse("lab_uploads"))
    page.set_input_files("#field-file", source)
    hands.write("#field-title", "2025 Permits" if language == "en" else "تصاريح 2025")
    hands.press("main .btn-primary")
    hands.look("columns")
    hands.choose("#field-kind", 5)
    hands.press("main .btn-primary")
    hands.look("map")
    before = page.locator("#map-view .bow").count()
    hands.to("#field-share")
    page.keyboard.press("Home")
    page.wait_for_url("**share=50**")
    assert page.locator("output[data-of=field-share]").inner_text() == "50"
    assert page.locator("#map-view .bow").count() <= before
    assert page.evaluate("document.activeElement.id") == "field-share"
    hands.look("narrowed")
