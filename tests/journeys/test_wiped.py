"""Between two people the browser keeps nothing of the first: storage, page, or behind Back."""

import pytest
from playwright.sync_api import Page

from tests.journeys.keyboard import Keyboard
from tests.journeys.test_in_the_browser import sign_in
from tests.network import MARYAM, RENEW_CARD
from tests.walk import Walk
from tests.web.browser import DESK, OpenPage

pytestmark = pytest.mark.browser
CANARY = "CANARY MENON"
STORES = "() => JSON.stringify([localStorage, sessionStorage])"
TRACES = (CANARY, MARYAM.name.ar, MARYAM.name.en, MARYAM.civil, MARYAM.phone)


def traces(page: Page) -> list[str]:
    """What of the last person is left in the browser."""
    left = page.evaluate(STORES) + page.content()
    return [one for one in TRACES if one in left]


def typing(open_page: OpenPage, served: str, walk: Walk) -> Page:
    """Something typed that the server has not got, and a palette that was asked."""
    page = open_page("ar", DESK)
    sign_in(Keyboard(page, "wiped"), served)
    page.goto(f"{served}/desk/cases/{walk.case}/")
    page.keyboard.press("Control+K")
    page.keyboard.type(MARYAM.name.ar)
    page.keyboard.press("Escape")
    page.locator("[name=worker_name]").focus()
    page.keyboard.type(CANARY)
    assert CANARY in page.evaluate(STORES)
    return page


def test_finishing_a_visit_leaves_nothing_of_it(served: str, open_page: OpenPage) -> None:
    walk = Walk(service=RENEW_CARD).opened()
    page = typing(open_page, served, walk)
    with page.expect_navigation():
        page.keyboard.press("Alt+F")
    with walk.scope():
        assert walk.view().answers["worker_name"] == CANARY, "saved before the page was left"

    page.goto(f"{served}/desk/work/?list=returned")

    assert traces(page) == []


def test_a_locked_screen_shows_nothing_after_back(served: str, open_page: OpenPage) -> None:
    walk = Walk(service=RENEW_CARD).opened()
    page = typing(open_page, served, walk)
    with page.expect_navigation():
        page.keyboard.press("Alt+L")
    assert "/unlock/" in page.url

    page.go_back()
    page.wait_for_load_state("load")

    assert "/unlock/" in page.url
    assert [one for one in TRACES if one in page.content()] == []


@pytest.mark.parametrize("address", ["/desk/", "/desk/work/", "/desk/cases/{case}/", "/home/"])
def test_no_page_of_a_seat_is_kept_by_the_browser(
    served: str, open_page: OpenPage, address: str
) -> None:
    walk = Walk().opened()
    page = open_page("en", DESK)
    sign_in(Keyboard(page, "wiped"), served)

    answer = page.goto(served + address.format(case=walk.case))

    assert answer is not None
    assert answer.headers["cache-control"] == "private, no-store"
