"""The same walk in Chromium, by keyboard, against the entities' stand-in as a process."""

import base64
import re
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Page

from sanad.counter import actions as counter
from sanad.counter.rules import Group
from sanad.db.scope import acting, centre_scope, entity_scope
from sanad.gateway import queries as line
from tests.journeys.keyboard import Keyboard
from tests.network import CHAMBER, KHUWAIR, NOORA, PASSWORD, RENEW_MEMBERSHIP, TEN
from tests.sandbox_process import sandbox, until
from tests.walk import ANSWERS, entity_listens
from tests.web.browser import DESK, PHONE, OpenPage
from tests.worker_process import worker

pytestmark = pytest.mark.browser
ARABIC_DIGITS = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize("language", ["ar", "en"])
def test_ticket_to_decision_by_keyboard(
    served: str, open_page: OpenPage, tmp_path: Path, language: str, size: tuple[int, int]
) -> None:
    with (
        sandbox(tmp_path, served, "--delay", "0") as entities,
        worker(SANAD_SANDBOX_URL=str(entities.base_url), SANAD_PUBLIC_URL=served),
    ):
        listen(entities)
        entities.post("/control/entities/occi/policy", json={"return_first": True})
        ticket()
        hands = Keyboard(open_page(language, size), f"walk-{language}-{size[0]}")
        sign_in(hands, served)
        case = walk_to_receipt(hands, served, language)
        walk_to_decision(hands, case)
        code = hands.page.locator(".lead .code").inner_text()
        follow(hands, served, code)
        counts = entities.get("/control/counts").json()["occi"]
    with acting(entity_scope(CHAMBER)):
        assert line.acknowledged(CHAMBER) == counts["accepted"] == 2
    assert counts["duplicates"] == 0


def walk_to_receipt(hands: Keyboard, served: str, language: str) -> str:
    """From the ticket to the receipt; the case's address."""
    hands.page.goto(f"{served}/desk/")
    hands.look("desk")
    hands.key("KeyN")
    hands.look("called")
    hands.key("KeyS")
    hands.key("KeyP")
    number = NOORA.civil.translate(ARABIC_DIGITS) if language == "ar" else NOORA.civil
    hands.write("#field-key", number)
    hands.look("person")
    hands.leads_on(lambda: hands.page.keyboard.press("Enter"))
    hands.write("#field-name_ar", NOORA.name.ar)
    hands.write("#field-name_en", NOORA.name.en)
    hands.write("#field-phone", NOORA.phone)
    hands.choose("#field-language", 1 if language == "ar" else 2)
    hands.look("registration")
    hands.press("button[value=register]")
    hands.write("#field-q", "تجديد العضويه" if language == "ar" else "renew membershp")
    hands.page.wait_for_selector(".result")
    hands.look("search")
    hands.press(".result")
    hands.write("#field-typed_name", NOORA.name.in_language(language))
    hands.to("#field-card_seen")
    hands.page.keyboard.press("Space")
    hands.look("mandate")
    hands.press("#mandate-form .btn-primary")
    fill(hands)
    hands.look("form")
    hands.key("KeyS")
    hands.look("quote")
    hands.key("KeyA")
    hands.look("client-screen")
    hands.press("form .btn-primary")
    hands.write("#field-card", "48151623")
    hands.look("till")
    hands.leads_on(lambda: hands.page.keyboard.press("Enter"))
    hands.look("paid")
    return hands.page.url


def walk_to_decision(hands: Keyboard, case: str) -> None:
    """Sent, returned with a marked field, corrected, sent again, approved, handed over."""
    hands.key("KeyS")
    comes_to(hands.page, case, "returned")
    hands.look("returned")
    marked = hands.page.locator("#case-form .has-error [name]").get_attribute("name") or ""
    hands.write(f"[name={marked}]", ANSWERS[RENEW_MEMBERSHIP][marked])
    hands.key("KeyS")
    comes_to(hands.page, case, "approved")
    hands.look("approved")
    hands.key("KeyS")
    hands.look("handed-over")


def fill(hands: Keyboard) -> None:
    """Every document seen, every field answered, each kept as it is left."""
    page = hands.page
    while page.locator("button[value=seen]").count():
        left = page.locator("button[value=seen]").count()
        hands.to("button[value=seen]")
        page.keyboard.press("Enter")
        until(lambda left=left: page.locator("button[value=seen]").count() < left, "the tick")
    for key, answer in ANSWERS[RENEW_MEMBERSHIP].items():
        field = page.locator(f"#case-form [name={key}]")
        # A list is kept as soon as a choice is made, a line when it is left.
        if field.evaluate("e => e.tagName") == "SELECT":
            hands.to(f"[name={key}]")
            with page.expect_response(re.compile("/draft/")):
                page.keyboard.press("ArrowDown")
        else:
            hands.write(f"[name={key}]", answer)
            with page.expect_response(re.compile("/draft/")):
                page.keyboard.press("Tab")


def comes_to(page: Page, case: str, status: str) -> None:
    """Reload the case until the entity's answer has come in."""

    def there() -> bool:
        page.goto(case)
        return bool(page.locator(f"[data-status={status}]").count())

    until(there, f"the case being {status}", 40)


def follow(hands: Keyboard, served: str, code: str) -> None:
    """The person follows the request by its code, as anybody."""
    hands.page.goto(f"{served}/track/")
    hands.write("#field-code", code.replace("-", " ").lower())
    hands.leads_on(lambda: hands.page.keyboard.press("Enter"))
    hands.look("tracked")
    hands.press("button[value='3']")
    assert hands.page.locator(".notice-success").count() == 1


def sign_in(hands: Keyboard, served: str, username: str = "aisha") -> None:
    hands.page.goto(f"{served}/accounts/login/")
    hands.write("#id_login", username)
    hands.write("#id_password", PASSWORD)
    hands.leads_on(lambda: hands.page.keyboard.press("Enter"))


def listen(entities: httpx.Client) -> None:
    key = base64.b64decode(entities.get("/entities/occi/key").json()["public_key"])
    entity_listens(url=f"{entities.base_url}/entities/occi", key=key)


def ticket() -> None:
    """Noora took a number in the hall."""
    with acting(centre_scope(KHUWAIR)):
        counter.issue_ticket(
            centre=KHUWAIR, group=Group.BUSINESS, service_code=RENEW_MEMBERSHIP, at=TEN, by=None
        )
