"""A killed tab loses at most two seconds of typing, and the draft goes on at another counter."""

import json
from contextlib import suppress

import pytest
from playwright.sync_api import Error, Page

from tests.journeys.keyboard import Keyboard
from tests.journeys.test_in_the_browser import sign_in
from tests.journeys.test_keys_and_palette import arabic
from tests.network import RENEW_CARD
from tests.walk import Walk
from tests.web.browser import DESK, OpenPage

pytestmark = pytest.mark.browser
LOST_AT_MOST_MS = 2_000
KEPT = "() => JSON.stringify(localStorage)"


def form(open_page: OpenPage, served: str, walk: Walk, user: str = "aisha") -> Page:
    page = open_page("ar", DESK)
    sign_in(Keyboard(page, f"drafts-{user}"), served, user)
    page.goto(f"{served}/desk/cases/{walk.case}/")
    return page


def kill(page: Page) -> None:
    """The process of the page dies: no unload, no blur, no last word."""
    with suppress(Error):  # it cannot say that it is gone
        page.goto("chrome://crash", timeout=5_000)


def answers(walk: Walk) -> dict:
    with walk.scope():
        return dict(walk.view().answers)


def test_a_killed_tab_loses_at_most_two_seconds_and_another_counter_goes_on(
    served: str, open_page: OpenPage
) -> None:
    walk = Walk(service=RENEW_CARD).opened()
    page = form(open_page, served, walk)
    page.locator("[name=worker_name]").focus()
    with page.expect_response(lambda one: "/draft/" in one.url):
        page.keyboard.type("RAHUL MENON")
    page.wait_for_function(f"() => !({KEPT})().includes('RAHUL')")

    kill(page)

    assert answers(walk)["worker_name"] == "RAHUL MENON"
    other = open_page("ar", DESK)
    sign_in(Keyboard(other, "drafts-badr"), served, "badr")
    other.goto(f"{served}/desk/")
    with other.expect_navigation():
        arabic(other, "Digit1", key="١")
    assert other.url.endswith(f"/desk/cases/{walk.case}/")
    assert other.locator("[name=worker_name]").input_value() == "RAHUL MENON"


def test_what_a_dead_line_kept_back_is_kept_here_and_brought_later_but_no_civil_number(
    served: str, open_page: OpenPage
) -> None:
    walk = Walk(service=RENEW_CARD).opened()
    page = form(open_page, served, walk)
    page.context.route("**/draft/", lambda route: route.fulfill(status=503))
    page.evaluate("() => { console.error = () => {} }")  # htmx says there that the line is dead
    for name, text in (("worker_name", "RAHUL"), ("worker_civil_number", "71234567")):
        page.locator(f"[name={name}]").focus()
        page.keyboard.type(text)
    page.wait_for_timeout(LOST_AT_MOST_MS)

    kept = page.evaluate(KEPT)
    assert "RAHUL" in kept
    assert "71234567" not in kept
    assert answers(walk) == {}
    page.context.unroute("**/draft/")
    page.goto(f"{served}/desk/")
    with page.expect_response(lambda one: "/draft/" in one.url):
        page.goto(f"{served}/desk/cases/{walk.case}/")

    assert page.locator("[name=worker_name]").input_value() == "RAHUL"
    page.wait_for_function(f"() => !({KEPT})().includes('RAHUL')")
    assert answers(walk) == {"worker_name": "RAHUL"}


def test_typing_without_a_pause_is_saved_every_two_seconds(
    served: str, open_page: OpenPage
) -> None:
    walk = Walk(service=RENEW_CARD).opened()
    page = open_page("en", DESK)
    page.clock.install()
    sign_in(Keyboard(page, "drafts-typing"), served)
    page.goto(f"{served}/desk/cases/{walk.case}/")
    page.locator("[name=worker_name]").focus()
    sent: list[str] = []
    page.on("request", lambda one: sent.append(one.post_data or "") if "/draft/" in one.url else 0)

    for letter in "ABCDEF":  # a key each half second: never a second's pause
        page.keyboard.type(letter)
        page.clock.run_for(500)
    page.clock.run_for(LOST_AT_MOST_MS)

    assert sent[0] == "worker_name=ABCD", json.dumps(sent)
    page.wait_for_function(f"() => !({KEPT})().includes('ABCDEF')")
    assert answers(walk)["worker_name"] == "ABCDEF"
