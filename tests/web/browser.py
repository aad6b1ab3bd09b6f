"""A real Chromium for tests: the machine's own, else the one that Playwright has downloaded."""

import os
import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test.testcases import LiveServerThread
from playwright.sync_api import Browser, Page, sync_playwright

DESK, PHONE = (1366, 768), (390, 844)
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]

OpenPage = Callable[..., Page]


def chromium() -> str | None:
    """Where the machine's Chromium is; None lets Playwright look for its own."""
    return os.environ.get("SANAD_CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)


@pytest.fixture
def served(committed: None, at_ten: None) -> Iterator[str]:
    """The address of the whole application: its styles and scripts come through WhiteNoise.

    Django's own server for tests would look for them beside the sources, under other names.
    """
    server = LiveServerThread("127.0.0.1", static_handler=lambda application: application)
    server.daemon = True
    server.start()
    server.is_ready.wait()
    if server.error:
        raise server.error
    yield f"http://127.0.0.1:{server.port}"
    server.terminate()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with pytest.MonkeyPatch.context() as environment, sync_playwright() as playwright:
        # Playwright keeps an event loop in this thread; a test may still ask the database.
        environment.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        opened = playwright.chromium.launch(executable_path=chromium(), args=QUIET)
        yield opened
        opened.close()


@pytest.fixture
def open_page(browser: Browser) -> Iterator[OpenPage]:
    """Opens pages in a language and a size; any error on their consoles fails the test."""
    said: list[str] = []
    contexts = []

    def opening(language: str = "ar", size: tuple[int, int] = DESK, **options: Any) -> Page:
        width, height = size
        context = browser.new_context(
            locale={"ar": "ar", "en": "en-GB"}[language],
            viewport={"width": width, "height": height},
            **options,
        )
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on("console", lambda line: said.append(line.text) if _is_fault(line) else None)
        return page

    yield opening
    for context in contexts:
        context.close()
    assert said == [], "\n".join(said)


# A refused request is told by its status, and the page shows what it means. A page that is left
# while it asks for something says that it was not answered.
TOLD_ELSEWHERE = (
    "the server responded with a status", "htmx:sendError", "Failed to load resource: net::ERR_",
)  # fmt: skip


def _is_fault(line: Any) -> bool:
    return line.type == "error" and not any(one in line.text for one in TOLD_ELSEWHERE)
