"""The roadmap by keyboard: a bar is moved by the arrows, in the direction of reading."""

import pytest

from sanad.db.scope import acting, national_scope
from sanad.lab.roadmap import plan
from tests.journeys.keyboard import Keyboard
from tests.journeys.test_in_the_browser import sign_in
from tests.lab.roadmap_example import load_example
from tests.web.browser import DESK, OpenPage


def start() -> str:
    with acting(national_scope()):
        return str((plan.current().starts or {})["appointments"])


@pytest.mark.browser
@pytest.mark.parametrize("language", ["ar", "en"])
def test_the_arrows_move_a_bar(served: str, open_page: OpenPage, language: str) -> None:
    load_example()
    page = open_page(language, DESK)
    hands = Keyboard(page, f"roadmap-{language}")
    sign_in(hands, served, "nasser")
    page.goto(f"{served}/lab/roadmap/")
    onward, back = ("ArrowLeft", "ArrowRight") if language == "ar" else ("ArrowRight", "ArrowLeft")
    page.locator("#bar-appointments").focus()
    with page.expect_navigation():
        page.keyboard.press(onward)
    assert start() == "2026Q4"
    # The bar is held still, and moves back.
    assert page.evaluate("document.activeElement.id") == "bar-appointments"
    with page.expect_navigation():
        page.keyboard.press(back)
    assert start() == "2026Q3"
    with page.expect_navigation():
        page.keyboard.press(back)

    assert start() == "2026Q3"
    assert page.locator(".alert, [role=alert]").first.is_visible()
    assert list(hands.faults("refused")) == []
