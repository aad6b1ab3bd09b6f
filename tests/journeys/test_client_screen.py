"""The client beside the operator: a second window or a phone, in the client's own language."""

import pytest
from playwright.sync_api import Page

from sanad.cases import actions as cases
from sanad.cases import queries as case_queries
from sanad.counter import actions as counter
from sanad.till import actions as till
from tests.journeys.keyboard import Keyboard
from tests.journeys.test_in_the_browser import sign_in
from tests.network import AISHA, MARYAM, RENEW_MEMBERSHIP, TEN
from tests.walk import Walk
from tests.web.browser import DESK, PHONE, OpenPage

pytestmark = pytest.mark.browser
TABLET = (1024, 768)
STROKE = ((40, 90), (90, 40), (130, 120), (180, 50), (230, 110), (280, 60), (330, 100), (380, 70))


def sign(page: Page) -> None:
    """Draw on the pad, as a finger does."""
    box = page.locator("#pad").bounding_box()
    assert box is not None
    page.locator("#pad").scroll_into_view_if_needed()
    box = page.locator("#pad").bounding_box()
    assert box is not None
    scale = box["width"] / 420
    for number, (x, y) in enumerate(STROKE):
        page.mouse.move(box["x"] + x * scale, box["y"] + y * box["height"] / 160)
        if number == 0:
            page.mouse.down()
    page.mouse.up()


def second_window(hands: Keyboard) -> Page:
    """By keys alone: Alt+V, then the button that opens it."""
    hands.key("KeyV")
    hands.look("client-1-open")
    hands.to("button[value=window]")
    with hands.page.context.expect_page() as opening:
        hands.page.keyboard.press("Enter")
    page = opening.value
    width, height = TABLET
    page.set_viewport_size({"width": width, "height": height})
    page.wait_for_load_state()
    return page


def on_a_phone(hands: Keyboard, open_page: OpenPage, served: str) -> Page:
    """The code is shown; the phone opens the address that stands in it."""
    hands.key("KeyV")
    hands.press("button[value=phone]")
    hands.look("client-1-code")
    address = hands.page.locator("a[href^='/client/']").get_attribute("href")
    page = open_page("en", PHONE)
    page.goto(f"{served}{address}")
    return page


@pytest.mark.parametrize("on", ["window", "phone"])
@pytest.mark.parametrize(("language", "other"), [("ar", "en"), ("en", "ar")])
def test_the_client_reads_signs_and_agrees_beside_the_operator(
    served: str, open_page: OpenPage, language: str, other: str, on: str
) -> None:
    walk = Walk().person_seated()
    desk = open_page(language, DESK)
    hands = Keyboard(desk, f"client-screen-{language}-{on}")
    sign_in(hands, served)
    desk.goto(f"{served}/desk/")
    client = second_window(hands) if on == "window" else on_a_phone(hands, open_page, served)
    eyes = Keyboard(client, f"client-screen-{language}-{on}")
    client.locator(f"[name=client_language][value={other}]").click()
    client.wait_for_selector(f"html[lang={other}]")
    eyes.look("client-2-nothing-yet")

    desk.goto(f"{served}/desk/visits/{walk.made['visit']}/mandate/{RENEW_MEMBERSHIP}/")
    client.wait_for_selector("#pad")
    eyes.look("client-3-mandate")
    sign(client)
    client.locator("button[value=sign]").click()
    client.wait_for_selector("#pad", state="detached")
    eyes.look("client-4-signed")
    desk.wait_for_selector("input[value=signed-on-screen]", state="attached")
    hands.look("client-5-operator")
    hands.to("[name=card_seen]")
    desk.keyboard.press("Space")
    hands.press("#mandate-form .btn-primary")
    assert "/desk/cases/" in desk.url

    with walk.scope():
        (line,) = case_queries.visit(walk.made["visit"]).cases
    walk.made["case"] = line.id
    walk.filled_in()
    with walk.scope():
        cases.complete(case=walk.case, at=TEN, by=AISHA)
        till.make_quote(case=walk.case, at=TEN)
    desk.goto(f"{served}/desk/cases/{walk.case}/")
    client.wait_for_selector("button[value=agree]")
    eyes.look("client-6-amounts")
    client.locator("button[value=agree]").click()
    client.wait_for_selector("button[value=agree]", state="detached")
    desk.wait_for_selector("#field-tendered")
    hands.look("client-7-to-pay")

    with walk.scope():
        counter.finish(visit=walk.made["visit"], at=TEN, by=AISHA)
    client.wait_for_selector(".client-welcome" if on == "window" else "a[href='/track/']")
    eyes.look("client-8-after")
    assert [one for one in (MARYAM.name.ar, MARYAM.name.en) if one in client.content()] == []
