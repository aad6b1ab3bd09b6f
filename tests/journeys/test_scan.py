"""A scanner's burst from any focus, under an Arabic layout that would garble what it types."""

import pytest
from playwright.sync_api import Page

from sanad.counter import actions as counter
from tests.journeys.keyboard import Keyboard
from tests.journeys.test_in_the_browser import sign_in
from tests.lib.test_mrz import TD3
from tests.network import MARYAM, RENEW_CARD
from tests.walk import Walk
from tests.web.browser import DESK, OpenPage

pytestmark = pytest.mark.browser
# One letter for all: what an Arabic layout makes of a scanner's letters is of no use anyway.
BURST = """([keys, gap]) => {
  const field = document.activeElement;
  let at = 0;
  const clock = (event) => Object.defineProperty(event, 'timeStamp', { value: 5000 + (at += gap) });
  for (const [code, shiftKey] of keys) {
    const key = code === 'Enter' ? code : 'ش';
    const event = clock(new KeyboardEvent('keydown',
      { code, shiftKey, key, bubbles: true, cancelable: true }));
    field.dispatchEvent(event);
    if (code !== 'Enter' && 'value' in field) field.value += 'ش';
  }
}"""
SCANNER_MS, PERSON_MS = 8, 90
CODES = {"<": ("Comma", True), "-": ("Minus", False), " ": ("Space", False), "\n": ("Enter", False)}


def scanned(text: str) -> list[tuple[str, bool]]:
    """The keys that a scanner presses, as on a Latin layout, and Enter."""
    return [_key(character) for character in text] + [("Enter", False)]


def _key(character: str) -> tuple[str, bool]:
    if character.isdecimal():
        return f"Digit{character}", False
    if character.isalpha():
        return f"Key{character.upper()}", character.isupper()
    return CODES[character]


def burst(page: Page, text: str, gap: int = SCANNER_MS) -> None:
    page.evaluate(BURST, [scanned(text), gap])


def at_desk(open_page: OpenPage, served: str, path: str = "/desk/") -> Page:
    page = open_page("ar", DESK)
    sign_in(Keyboard(page, "scan"), served)
    page.goto(served + path)
    return page


def visit_waits() -> Walk:
    """Maryam is known; a visit is open and waits for its person."""
    walk = Walk().person_seated().finished_visit()
    with walk.scope():
        counter.serve_without_ticket(centre=walk.centre, point=1, at=walk.at, by=walk.operator)
    return walk


def test_a_card_seats_its_person_from_any_focus(served: str, open_page: OpenPage) -> None:
    visit_waits()
    page = at_desk(open_page, served)
    page.locator("[data-key=KeyW]").focus()

    with page.expect_navigation():
        burst(page, MARYAM.civil)

    page.wait_for_selector(f".desk-person >> text={MARYAM.name.ar}")


def test_a_passport_is_looked_up_and_its_name_stands_in_the_registration(
    served: str, open_page: OpenPage
) -> None:
    visit_waits()
    page = at_desk(open_page, served)

    with page.expect_navigation():
        burst(page, TD3)

    assert page.locator("#field-key").input_value() == "L898902C3"
    assert page.locator("#field-name_en").input_value() == "ANNA MARIA ERIKSSON"


def test_a_field_keeps_what_was_in_it_and_a_code_opens_its_request(
    served: str, open_page: OpenPage
) -> None:
    walk = Walk(service=RENEW_CARD).opened()
    with walk.scope():
        code = walk.view().line.code
    page = at_desk(open_page, served, "/desk/work/")
    field = page.locator("#field-code")
    field.fill("7K3M")
    field.focus()

    burst(page, "ZZZZZZZZZZZZ")
    page.wait_for_selector("#notices .refusal")
    assert field.input_value() == "7K3M"
    with page.expect_navigation():
        burst(page, code.replace("-", ""))

    assert page.url.endswith(f"/desk/cases/{walk.case}/")


def test_a_person_who_types_is_no_scanner(served: str, open_page: OpenPage) -> None:
    walk = Walk().opened()
    page = at_desk(open_page, served, f"/desk/cases/{walk.case}/")
    field = page.locator("#case-form [name]:not([type=hidden])").first
    field.focus()

    burst(page, "12345678", PERSON_MS)

    assert field.input_value() == "ش" * 8
    assert page.locator("#notices .refusal").count() == 0


def test_a_name_that_a_program_fills_in_stays_where_it_was_put(
    served: str, open_page: OpenPage
) -> None:
    walk = Walk().opened()
    page = at_desk(open_page, served, f"/desk/cases/{walk.case}/")
    field = page.locator("#case-form [name]:not([type=hidden])").first
    field.focus()

    burst(page, "RAHUL MENON")

    assert field.input_value() == "ش" * len("RAHUL MENON")
    assert page.locator("#notices .refusal").count() == 0
