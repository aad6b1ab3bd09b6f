"""From a physical key to what it leads to on the screen, in Chromium, at a served desk.

    bin/sanad bench key-to-paint --rounds 60

| step | the key | painted is |
|---|---|---|
| list | Alt+W on the desk | the work list |
| search | a letter in the search for a service | what was found |
| form step | Tab out of a changed answer | that it is saved |
| quote | Alt+S on a finished form | the four lines |

The time begins at the key's own time stamp, and so with the browser's delay in handing it over; it
ends at the frame after the change.
"""

import os
from collections.abc import Callable
from typing import Any
from uuid import UUID

from playwright.sync_api import CDPSession, Page, sync_playwright

from benchmarks.load.client import Client
from benchmarks.load.percentile import percentile
from benchmarks.load.place import OPENS_AT, PASSWORD, Operator, busy_centres, served
from benchmarks.prove import steps
from sanad.cases import queries as case_queries
from sanad.counter import actions as counter
from tests.web.browser import DESK, QUIET, chromium

WORDS = {"ar": "تجديد بطاقة العمل", "en": "renew work card"}
BETWEEN_KEYS_MS = 150
ALREADY_THERE = 20  # requests in the work list
KEPT_PRESS = """addEventListener('keydown', event => sessionStorage.setItem(
  'pressed', performance.timeOrigin + event.timeStamp), true);"""
AFTER_CHANGE = """selector => { window.took = new Promise((done, failed) => {
  setTimeout(() => failed(new Error(`nothing changed in ${selector}`)), 5000);
  const changes = new MutationObserver(() => {
    changes.disconnect();
    requestAnimationFrame(() => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => done(
        performance.timeOrigin + performance.now() - sessionStorage.getItem('pressed'));
      port2.postMessage(0);
    });
  });
  const options = { childList: true, subtree: true, characterData: true };
  changes.observe(document.querySelector(selector), options);
}); }"""


def run(*, rounds: int, language: str, workers: int) -> dict[str, Any]:
    """The document that the command prints: percentiles of each step in milliseconds."""
    with busy_centres(centres=1, operators=1) as (operator,):
        for number in range(1, ALREADY_THERE + 1):
            steps.pay(steps.ready(operator, number))
        with served(workers=workers, threads=4) as (host, port, _):
            client = Client(host, port)
            client.sign_in(operator.username, PASSWORD)
            found = _measured(f"http://{host}:{port}", client.cookies, operator, rounds, language)
    return {
        "rounds": rounds, "language": language, "web_processes": workers,
        **{
            step: {
                "keys": len(times), "p50_ms": percentile(times, 50),
                "p95_ms": percentile(times, 95), "most_ms": round(1000 * max(times), 1),
            }
            for step, times in found.items()
        },
    }  # fmt: skip


def _measured(
    home: str, cookies: dict[str, str], operator: Operator, rounds: int, language: str
) -> dict[str, list[float]]:
    """Seconds by step."""
    # Playwright keeps an event loop in this thread; the next client is still made beside it.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=QUIET)
        width, height = DESK
        context = browser.new_context(viewport={"width": width, "height": height})
        context.add_init_script(KEPT_PRESS)
        context.add_cookies(
            [
                {"name": name, "value": value, "url": home}
                for name, value in (cookies | {"sanad_language": language}).items()
            ]
        )
        page = context.new_page()
        clients = Clients(operator)
        case = clients.next()
        times = {
            "list": _rounds(rounds, lambda: _work_list(page, home)),
            "search": _rounds(rounds, lambda: _search(page, home, WORDS[language])),
            "form step": _rounds(rounds, lambda: _form_step(page, f"{home}/desk/cases/{case}/")),
            "quote": _rounds(rounds, lambda: _quote(page, home, clients)),
        }
        browser.close()
    return times


class Clients:
    """One after the other at the operator's counter, each with a form that is filled in."""

    def __init__(self, operator: Operator) -> None:
        self.operator, self.number = operator, ALREADY_THERE

    def next(self) -> UUID:
        """The last one leaves, the next one's request."""
        with steps.scope_of(self.operator):
            visit = case_queries.open_visit_of(self.operator.account)
            if visit is not None:
                counter.finish(visit=visit.id, at=OPENS_AT, by=self.operator.account)
        self.number += 1
        return steps.filled(self.operator, self.number)


def _rounds(rounds: int, one: Callable[[], list[float]]) -> list[float]:
    """One to warm up, then as many as asked for."""
    one()
    return [milliseconds / 1000 for _ in range(rounds) for milliseconds in one()]


def _work_list(page: Page, home: str) -> list[float]:
    page.goto(f"{home}/desk/")
    return [_changes(page, "Alt+KeyW")]


def _search(page: Page, home: str, words: str) -> list[float]:
    """Every letter of the words; the first two may find nothing yet."""
    page.goto(f"{home}/desk/")
    page.locator("#field-q").focus()
    keys = page.context.new_cdp_session(page)
    times = []
    for letter in words:
        page.evaluate(AFTER_CHANGE, "#found")
        _press_letter(keys, letter)
        if letter != " ":
            times.append(page.evaluate("() => window.took"))
        page.wait_for_timeout(BETWEEN_KEYS_MS)
    return times


def _press_letter(keys: CDPSession, letter: str) -> None:
    """A key of any layout: Playwright knows Latin ones only."""
    keys.send("Input.dispatchKeyEvent", {"type": "keyDown", "key": letter, "text": letter})
    keys.send("Input.dispatchKeyEvent", {"type": "keyUp", "key": letter})


def _form_step(page: Page, address: str) -> list[float]:
    page.goto(address)
    field = page.locator("#case-form [name=employer_name]")
    field.focus()
    page.keyboard.press("End")
    page.keyboard.press("Backspace" if field.input_value().endswith("x") else "x")
    page.evaluate(AFTER_CHANGE, "#case-form")
    page.keyboard.press("Tab")
    return [page.evaluate("() => window.took")]


def _quote(page: Page, home: str, clients: Clients) -> list[float]:
    """Of a new client each time, as a request opened and finished many times has a long history."""
    page.goto(f"{home}/desk/cases/{clients.next()}/")
    took = _changes(page, "Alt+KeyS")
    assert page.locator("#till .lines").is_visible(), "the four lines stand there"
    return [took]


def _changes(page: Page, key: str) -> float:
    page.evaluate(AFTER_CHANGE, "body")
    page.keyboard.press(key)
    took: float = page.evaluate("() => window.took")
    return took
