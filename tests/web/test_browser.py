"""What only a browser can show: typing that survives, the lock by key, numbers drawn in order."""

import pytest

from tests.network import KHUWAIR, PASSWORD
from tests.web import axe, bidi
from tests.web.browser import DESK, PHONE, browser, open_page

__all__ = ["browser", "open_page"]
pytestmark = pytest.mark.browser
WIDTHS = [DESK, PHONE]
PUBLIC = (
    "/",
    "/services/",
    "/services/?q=بطاقه",
    "/services/rop-resident-card/",
    "/centres/",
    "/centres/?wilayat=4",
    f"/centres/{KHUWAIR}/",
    "/accounts/login/",
    "/accounts/signup/",
    "/accounts/forgotten/",
    "/nowhere/",
)
PRIVATE = (
    "/home/",
    "/accounts/security/",
    "/accounts/security/webauthn/",
    "/accounts/password/",
    "/accounts/reauthenticate/",
    "/accounts/logout/",
)


def act(page, deed):
    """Do something that leads to another page."""
    with page.expect_navigation():
        deed()


def sign_in(page, served, username="aisha"):
    page.goto(served + "/accounts/login/")
    page.fill("#id_login", username)
    page.fill("#id_password", PASSWORD)
    act(page, lambda: page.click("#sign-in"))


def unlock(page):
    page.fill("#field-password", PASSWORD)
    act(page, lambda: page.click("#unlock-form button"))


def switch(page):
    act(page, lambda: page.click("button[name=language]"))


def faults(page):
    return axe.violations(page) + bidi.bare_numbers(page) + bidi.overflowing(page)


@pytest.mark.parametrize("size", WIDTHS)
@pytest.mark.parametrize("language", ["ar", "en"])
def test_every_page_of_the_frame_reads_right(served, open_page, language, size):
    page = open_page(language, size)
    found = {}
    for address in PUBLIC:
        page.goto(served + address)
        found[address] = faults(page)
    sign_in(page, served)
    for address in PRIVATE:
        page.goto(served + address)
        found[address] = faults(page)
    page.click("details.menu summary")
    found["menu"] = faults(page)

    assert {address: faults for address, faults in found.items() if faults} == {}


def test_typing_survives_the_language_button(served, open_page):
    page = open_page("ar")
    page.goto(served + "/accounts/login/?next=/centres/")
    page.fill("#id_login", "aisha")
    page.fill("#id_password", PASSWORD)

    switch(page)

    assert page.get_attribute("html", "dir") == "ltr"
    assert page.url.endswith("/accounts/login/?next=/centres/")
    assert page.input_value("#id_login") == "aisha"
    assert page.input_value("#id_password") == ""
    assert "sanad.typed" not in page.evaluate("JSON.stringify(sessionStorage)")


def test_a_search_survives_the_language_button(served, open_page):
    page = open_page("ar")
    page.goto(served + "/services/")
    with page.expect_response(lambda answer: "q=" in answer.url):
        page.fill("#field-q", "بطاقه المقيم")
    page.wait_for_url("**q=**")

    switch(page)

    assert page.input_value("#field-q") == "بطاقه المقيم"
    assert page.locator("#results li").count() > 0


def test_typing_is_forgotten_on_the_way_to_any_other_page(served, open_page):
    page = open_page("en")
    page.goto(served + "/accounts/login/")
    page.fill("#id_login", "somebody")
    page.goto(served + "/centres/")

    page.goto(served + "/accounts/login/")

    assert page.input_value("#id_login") == ""


def test_without_scripts_the_language_button_works(served, open_page):
    page = open_page("ar", java_script_enabled=False)
    page.goto(served + "/centres/")

    with page.expect_navigation():
        page.click("button[name=language]")

    assert page.url == served + "/centres/"
    assert page.get_attribute("html", "lang") == "en"


def test_the_lock_key_is_physical_and_what_was_typed_waits_behind_it(served, open_page):
    page = open_page("ar")
    sign_in(page, served)
    page.goto(served + "/services/")
    page.fill("#field-q", "kept")
    # Under an Arabic layout the key of L types another letter.
    pressed = {"key": "م", "code": "KeyL", "altKey": True, "bubbles": True}
    act(
        page,
        lambda: page.evaluate(
            "(one) => document.dispatchEvent(new KeyboardEvent('keydown', one))", pressed
        ),
    )
    assert "/unlock/" in page.url
    assert faults(page) == []
    page.goto(served + "/home/")
    assert "/unlock/" in page.url

    unlock(page)
    page.goto(served + "/home/")
    assert page.url == served + "/home/"


def test_typing_returns_after_the_lock(served, open_page):
    page = open_page("en")
    sign_in(page, served)
    page.goto(served + "/services/")
    page.fill("#field-q", "kept words")
    act(page, lambda: page.keyboard.press("Alt+l"))

    unlock(page)

    assert page.input_value("#field-q") == "kept words"


def test_an_idle_screen_locks_by_itself(served, open_page, settings):
    settings.SANAD_LOCK_AFTER_SECONDS = 2
    page = open_page("en")
    sign_in(page, served)

    page.wait_for_url("**/unlock/**", timeout=20_000)

    assert page.locator("text=The screen is locked").count() > 0


def test_a_passkey_signs_in_without_a_password(served, open_page):
    local = served.replace("127.0.0.1", "localhost")
    page = open_page("ar", PHONE)
    device = page.context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True,
        "hasUserVerification": True, "isUserVerified": True, "automaticPresenceSimulation": True,
    }  # fmt: skip
    device.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    sign_in(page, local, "nasser")
    page.goto(local + "/accounts/security/webauthn/add/")
    page.fill("#id_password", PASSWORD)
    act(page, lambda: page.click("form.panel button"))
    page.check("#id_passwordless")
    assert faults(page) == []
    act(page, lambda: page.click("#mfa_webauthn_add"))
    page.goto(local + "/accounts/logout/")
    act(page, lambda: page.click("main form button"))

    page.goto(local + "/accounts/login/")
    act(page, lambda: page.click("#passkey_login"))

    assert page.url == local + "/home/"


def test_on_paper_there_is_only_the_document(served, open_page):
    page = open_page("ar")
    page.goto(served + "/services/rop-resident-card/")

    page.emulate_media(media="print")

    assert not page.is_visible("header.top")
    assert not page.is_visible("nav.crumbs")
    assert page.is_visible("h1")


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ("<p>اتصل على 9123</p>", 1),
        ("<p>اتصل على <bdi dir=ltr>9123</bdi></p>", 0),
        ("<p>من <span>5</span> إلى <b>7</b></p>", 2),
        ("<td>14</td><div>1,482.500</div>", 0),
        ("<div>+968 9123</div>", 1),
        ("<div>2025-12-14</div>", 1),
        ("<p dir=ltr>Call 9123</p>", 0),
        ("<p>من \u20665\u2069 إلى</p>", 0),
        ("<p hidden>سر 12</p>", 0),
    ],
)
def test_the_reader_of_numbers_finds_what_would_move(open_page, body, found):
    page = open_page("ar")
    page.set_content(f"<html dir=rtl lang=ar><body>{body}</body></html>")

    assert len(bidi.bare_numbers(page)) == found
