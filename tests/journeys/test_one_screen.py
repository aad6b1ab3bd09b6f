"""One screen: the line stays in sight beside the person and the request, and keeps itself fresh."""

import pytest
from playwright.sync_api import Page

from tests.journeys.keyboard import Keyboard
from tests.journeys.test_in_the_browser import sign_in
from tests.journeys.test_keys_and_palette import desk, issue
from tests.walk import Walk
from tests.web.browser import DESK, PHONE, OpenPage

pytestmark = pytest.mark.browser
PLACES = (".desk-line", ".desk-person", ".desk-request")


def boxes(page: Page) -> list[dict[str, float]]:
    return [page.locator(place).bounding_box() or {} for place in PLACES]


@pytest.mark.parametrize("language", ["ar", "en"])
def test_the_line_is_in_sight_beside_the_request_however_far_one_reads(
    served: str, open_page: OpenPage, language: str
) -> None:
    issue(3)
    walk = Walk().completed()
    page = desk(open_page, served, language, DESK).page
    page.goto(f"{served}/desk/cases/{walk.case}/")

    starts = [box["x"] for box in boxes(page)]
    assert starts == sorted(starts, reverse=language == "ar"), "line, person, request"
    page.mouse.wheel(0, 4_000)
    page.wait_for_timeout(200)
    line = page.locator(".queue-row").first.bounding_box()
    assert line is not None
    assert 0 <= line["y"] < DESK[1]


def test_a_narrow_screen_has_one_column_in_the_order_of_work(
    served: str, open_page: OpenPage
) -> None:
    issue()
    Walk().opened()
    page = desk(open_page, served, "ar", PHONE).page

    line, person, request = boxes(page)

    assert person["y"] < request["y"] < line["y"]
    assert len({round(box["x"]) for box in (line, person, request)}) == 1


def test_the_line_keeps_itself_fresh(served: str, open_page: OpenPage) -> None:
    page = open_page("en", DESK)
    page.clock.install()
    sign_in_at_the_desk(page, served)
    assert page.locator(".queue-row").count() == 0

    issue(2)
    page.clock.run_for(11_000)

    page.wait_for_selector(".queue-row >> nth=1")


def sign_in_at_the_desk(page: Page, served: str) -> None:
    sign_in(Keyboard(page, "one-screen"), served)
    page.goto(f"{served}/desk/")


def test_enter_walks_through_the_checklist_and_the_form(served: str, open_page: OpenPage) -> None:
    walk = Walk().opened()
    page = desk(open_page, served, "en").page
    page.goto(f"{served}/desk/cases/{walk.case}/")

    for left in (2, 1):
        assert page.locator("[data-needed]").count() == left
        page.wait_for_function("() => document.activeElement.value === 'seen'")
        page.keyboard.press("Enter")
        page.wait_for_function(
            "n => document.querySelectorAll('[data-needed]').length === n", arg=left - 1
        )
    first = page.locator("#case-form [required]").first
    page.wait_for_function("() => document.activeElement.form?.id === 'case-form'")
    assert first.evaluate("e => e === document.activeElement")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.form.id") == "case-form"
    assert not first.evaluate("e => e === document.activeElement"), "Enter goes on to the next"
    assert walk.status() == "draft"


def test_what_the_entity_marked_has_the_focus(served: str, open_page: OpenPage) -> None:
    walk = Walk().answered("returned", fields=["membership_number"])
    page = desk(open_page, served, "ar").page

    page.goto(f"{served}/desk/cases/{walk.case}/")

    assert page.evaluate("document.activeElement.name") == "membership_number"
