"""A repeat of a service, counted key by key: at most twenty-five, with everything it takes."""

from datetime import timedelta

import pytest
from playwright.sync_api import Page

from sanad.cases import queries
from tests.journeys.keyboard import SLOWER_THAN_A_SCANNER_MS, UNDER_WAY, Keyboard
from tests.journeys.test_in_the_browser import sign_in
from tests.journeys.test_keys_and_palette import issue
from tests.network import MARYAM, TEN
from tests.walk import Walk
from tests.web.browser import DESK, OpenPage

pytestmark = pytest.mark.browser
MOST = 25


class Counted:
    """Presses keys and counts every one, modifiers too; what the person signs is theirs."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.strokes: list[str] = []

    def press(self, *keys: str) -> None:
        # Nobody presses before the page shows where the keyboard is; with Alt it may be anywhere.
        if not keys[0].startswith("Alt+"):
            self.page.wait_for_function("() => document.activeElement !== document.body")
        for key in keys:
            self.strokes += key.split("+")
            self.page.keyboard.press(key)
            if len(keys) > 1:
                self.page.wait_for_timeout(SLOWER_THAN_A_SCANNER_MS)

    def leads_on(self, *keys: str) -> None:
        with self.page.expect_navigation(timeout=20_000):
            self.press(*keys)
        self.page.wait_for_function(f"() => !document.querySelector('{UNDER_WAY}')")


@pytest.mark.parametrize("language", ["ar", "en"])
def test_a_repeat_service_takes_at_most_twenty_five_keys(
    served: str, open_page: OpenPage, language: str
) -> None:
    last_year = Walk(at=TEN - timedelta(days=45)).answered("approved").finished_visit()
    Walk().drawer_opened()
    issue()
    page = open_page(language, DESK)
    sign_in(Keyboard(page, f"repeat-{language}"), served)
    page.goto(f"{served}/desk/")
    hand = Counted(page)

    hand.leads_on("Enter")  # call next
    hand.leads_on("Enter")  # start
    hand.leads_on(*MARYAM.civil, "Enter")
    hand.leads_on("Alt+1")  # again
    signs(page)
    hand.press("Space")  # the card was seen
    hand.leads_on("Enter")
    while page.locator("[data-needed]").count():
        page.wait_for_function("() => document.activeElement.value === 'seen'")
        left = page.locator("[data-needed]").count()
        hand.press("Enter")
        page.wait_for_function(
            "n => document.querySelectorAll('[data-needed]').length < n", arg=left
        )
    page.wait_for_function("() => document.activeElement.dataset.key === 'KeyS'")
    hand.leads_on("Enter")  # the form is finished
    hand.leads_on("Enter")  # the amounts, shown to the person
    hand.leads_on("Enter")  # agreed
    hand.leads_on("Enter")  # the exact amount in cash
    hand.leads_on("Enter")  # sent
    hand.leads_on("Alt+F")

    assert page.url == f"{served}/desk/"
    assert len(hand.strokes) <= MOST, hand.strokes
    with last_year.scope():
        newest, before = queries.cases_of(last_year.made["person"], at=TEN)
    assert (newest.status, before.id) == ("queued", last_year.case)
    assert newest.service_code == before.service_code


def signs(page: Page) -> None:
    """The person signs with a finger; the operator's keys are not in it."""
    page.wait_for_load_state("load")
    page.evaluate("() => document.fonts.ready")
    page.locator("#pad").scroll_into_view_if_needed()
    box = page.locator("#pad").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 40, box["y"] + 60)
    page.mouse.down()
    for step in range(1, 9):
        page.mouse.move(box["x"] + 40 + 25 * step, box["y"] + 60 + 12 * (step % 3))
    page.mouse.up()
    assert page.locator("#signature").input_value()
    page.locator("#field-card_seen").focus()
