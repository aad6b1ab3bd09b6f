"""A person at the keyboard: only keys, never the mouse, and every page looked at on the way."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from tests.web import axe, bidi

LONGEST_WAY = 90
SLOWER_THAN_A_SCANNER_MS = 60
UNDER_WAY = ".htmx-request, .htmx-swapping, .htmx-settling"
PICTURES = Path(__file__).parents[2] / "var" / "screenshots"


class Keyboard:
    """Types and tabs on a page; keeps a picture of each place it looks at."""

    def __init__(self, page: Page, album: str) -> None:
        self.page = page
        self.album = PICTURES / album
        self.album.mkdir(parents=True, exist_ok=True)
        self.seen = 0

    def to(self, selector: str) -> None:
        """Tab until the focus is on `selector`; a place that Tab never reaches fails the test."""
        for _ in range(LONGEST_WAY):
            if self.page.evaluate("s => document.activeElement?.matches(s) ?? false", selector):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"Tab does not reach {selector} on {self.page.url}")

    def write(self, selector: str, text: str) -> None:
        """Go to a field and replace what is in it."""
        self.to(selector)
        self.page.keyboard.press("Control+A")
        self.page.keyboard.type(text)
        self.page.wait_for_timeout(SLOWER_THAN_A_SCANNER_MS)

    def choose(self, selector: str, downs: int = 1) -> None:
        """Take the so-manieth choice of a list."""
        self.to(selector)
        self.page.keyboard.press("Home")
        for _ in range(downs):
            self.page.keyboard.press("ArrowDown")

    def press(self, selector: str) -> None:
        """Go to a button or link and press it; waits for the page that follows."""
        self.to(selector)
        self.leads_on(lambda: self.page.keyboard.press("Enter"))

    def key(self, code: str) -> None:
        """A physical key with Alt, as under an Arabic layout: the letter it types is another."""
        self.leads_on(lambda: self.page.keyboard.press(f"Alt+{code}"))

    def leads_on(self, deed: Callable[[], Any]) -> None:
        with self.page.expect_navigation():
            deed()
        # Where a form is answered with a part of the page, the address is there before it is drawn.
        self.page.wait_for_function(f"() => !document.querySelector('{UNDER_WAY}')")

    def look(self, name: str) -> None:
        """Keep a picture, and ask that the page be right for everybody who reads it."""
        assert self.faults(name) == []

    def faults(self, name: str) -> list[str]:
        """What is wrong with the page as it stands; a picture of it is kept."""
        self.picture(name)
        return self.inaccessible() + self.misread()

    def picture(self, name: str) -> None:
        """The whole page, kept."""
        self.seen += 1
        picture = self.album / f"{self.seen:02d}-{name}.png"
        self.page.screenshot(path=picture, full_page=True, caret="initial")

    def inaccessible(self) -> list[str]:
        """What axe finds."""
        return axe.violations(self.page)

    def misread(self) -> list[str]:
        """Numbers that Arabic would turn around, and sideways scroll."""
        return bidi.bare_numbers(self.page) + bidi.overflowing(self.page)
