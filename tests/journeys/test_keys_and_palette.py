"""The desk by physical keys under an Arabic layout, the list of keys, and the palette."""

from typing import Any

import pytest
from playwright.sync_api import Page

from sanad.counter import actions as counter
from sanad.counter.rules import Group
from sanad.db.scope import acting, centre_scope
from tests.journeys.keyboard import SLOWER_THAN_A_SCANNER_MS, Keyboard
from tests.journeys.test_in_the_browser import sign_in
from tests.network import KHUWAIR, MARYAM, RENEW_MEMBERSHIP, TEN
from tests.walk import Walk
from tests.web.browser import DESK, PHONE, OpenPage

pytestmark = pytest.mark.browser
# What the keys of an Arabic keyboard type.
LETTERS = {
    "KeyN": "ى",
    "KeyS": "س",
    "KeyR": "ق",
    "KeyX": "ء",
    "KeyF": "ب",
    "KeyK": "ن",
    "Digit1": "١",
}
ALT, CONTROL, SHIFT = 1, 2, 8


def arabic(page: Page, code: str, *, modifiers: int = ALT, key: str = "") -> None:
    """A key as it is: its place in Latin, the letter that it types in Arabic."""
    devtools = page.context.new_cdp_session(page)
    place = {"code": code, "key": key or LETTERS[code], "modifiers": modifiers}
    devtools.send("Input.dispatchKeyEvent", {"type": "rawKeyDown", **place})
    devtools.send("Input.dispatchKeyEvent", {"type": "keyUp", **place})


def desk(open_page: OpenPage, served: str, language: str, size: Any = DESK) -> Keyboard:
    hands = Keyboard(open_page(language, size), f"keys-{language}-{size[0]}")
    sign_in(hands, served)
    hands.page.goto(f"{served}/desk/")
    return hands


def issue(count: int = 1) -> None:
    with acting(centre_scope(KHUWAIR)):
        for _ in range(count):
            counter.issue_ticket(centre=KHUWAIR, group=Group.BUSINESS,
                                 service_code=RENEW_MEMBERSHIP, at=TEN, by=None)  # fmt: skip


def status_of(page: Page) -> str:
    return page.locator(".desk-person").inner_text()


def test_a_ticket_is_called_again_and_put_aside_by_arabic_keys(
    served: str, open_page: OpenPage
) -> None:
    issue()
    hands = desk(open_page, served, "ar")
    page = hands.page

    for code in ("KeyN", "KeyR"):
        hands.leads_on(lambda code=code: arabic(page, code))
    assert "B-001" in status_of(page)
    assert page.locator("[data-key=KeyS]").evaluate("e => e === document.activeElement")
    hands.leads_on(lambda: arabic(page, "KeyX"))

    assert "لم يحضر" in page.locator(".desk-line").inner_text()


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize("language", ["ar", "en"])
def test_the_list_of_keys_is_what_the_page_has(
    served: str, open_page: OpenPage, language: str, size: tuple[int, int]
) -> None:
    issue(3)
    hands = desk(open_page, served, language, size)
    page = hands.page
    there = page.locator("[data-key]:visible").evaluate_all("all => all.map(e => e.dataset.key)")

    arabic(page, "Slash", modifiers=SHIFT, key="؟")

    shown = page.locator("[data-keys-here] kbd").all_inner_texts()
    assert shown == [f"Alt+{code.removeprefix('Key')}" for code in dict.fromkeys(there)]
    assert {"Alt+N", "Alt+Q", "Alt+W", "Alt+D", "Alt+M"} <= set(shown)
    hands.look("keys")
    page.keyboard.press("Escape")
    assert page.locator("[data-key=KeyN]").evaluate("e => e === document.activeElement")


def test_a_question_mark_in_a_field_is_typed_and_f1_asks(served: str, open_page: OpenPage) -> None:
    Walk().person_seated()
    hands = desk(open_page, served, "en")
    page = hands.page
    assert page.locator("#field-q").evaluate("e => e === document.activeElement")

    page.keyboard.type("?")
    assert page.locator("#field-q").input_value() == "?"
    assert not page.locator("#keys").is_visible()
    page.keyboard.press("F1")
    assert page.locator("#keys").is_visible()
    page.locator("[data-keys-on]").uncheck()
    page.keyboard.press("Escape")
    arabic(page, "KeyF")

    page.wait_for_timeout(200)
    assert page.locator("[data-key=KeyF]").is_visible(), "keys that are off do nothing"


MENU = """() => {
  const text = (e) => {
    const c = e.cloneNode(true);
    c.querySelectorAll('kbd').forEach(k => k.remove());
    return c.textContent.replace(/\\s+/g, ' ').trim(); };
  return [...document.querySelectorAll('.menu-body .menu-item, [data-places] a, .page-links a')]
    .map(text);
}"""


@pytest.mark.parametrize("language", ["ar", "en"])
def test_every_action_of_the_menu_is_in_the_palette(
    served: str, open_page: OpenPage, language: str
) -> None:
    issue()
    hands = desk(open_page, served, language)
    page = hands.page

    arabic(page, "KeyK", modifiers=CONTROL)

    listed = page.locator("#palette-list [role=option] strong").all_inner_texts()
    missing = set(page.evaluate(MENU)) - set(listed)
    assert not missing
    assert len(page.evaluate(MENU)) >= 8
    hands.look("palette")
    page.keyboard.press("Escape")
    assert page.locator("[data-key=KeyN]").evaluate("e => e === document.activeElement")


def test_the_palette_goes_where_it_says(served: str, open_page: OpenPage) -> None:
    code = known_person_and_request()
    counting = desk(open_page, served, "ar")
    page = counting.page
    counting.leads_on(lambda: arabic(page, "KeyQ", key="ض"))

    find(counting, "البلوشيه", MARYAM.name.ar)
    assert MARYAM.name.ar in status_of(page)
    counting.page.keyboard.press("Escape")
    find(counting, "قائمه العمل", "قائمة العمل")
    assert page.url.endswith("/desk/work/")
    find(counting, code.lower(), code)
    assert code in page.locator(".lead").inner_text()
    page.goto(f"{served}/desk/")
    find(counting, "تجديد العضويه", "تجديد العضوية")
    assert f"/mandate/{RENEW_MEMBERSHIP}/" in page.url


def find(hands: Keyboard, words: str, shows: str) -> None:
    """Ask the palette and take its marked option."""
    page = hands.page
    arabic(page, "KeyK", modifiers=CONTROL)
    page.keyboard.type(words)
    page.wait_for_timeout(SLOWER_THAN_A_SCANNER_MS)
    page.wait_for_function("t => document.getElementById('palette-list').innerText.includes(t)",
                           arg=shows)  # fmt: skip
    for _ in range(9):
        if shows in page.locator("[aria-selected=true]").inner_text():
            break
        page.keyboard.press("ArrowDown")
    hands.leads_on(lambda: page.keyboard.press("Enter"))


def known_person_and_request() -> str:
    """Maryam was here before, with a request."""
    walk = Walk().filled_in().finished_visit()
    with walk.scope():
        return str(walk.view().line.code)
