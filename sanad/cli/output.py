"""What commands print: one JSON document or a few plain lines; complaints in both languages."""

import json
import os
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from gettext import translation
from pathlib import Path
from typing import Any, TypeVar

import click

from sanad.lib.refusal import Refused

LOCALE = Path(__file__).resolve().parents[2] / "locale"
PATIENCE_SECONDS = 2.0
F = TypeVar("F", bound=Callable[..., Any])


def json_option(command: F) -> F:
    """The `--json` flag that every command takes, passed as `as_json`."""
    return click.option("--json", "as_json", is_flag=True, help="One JSON document.")(command)


def emit(document: dict[str, Any], *, as_json: bool, lines: list[str] | None = None) -> None:
    """Print the document, or its lines for a person."""
    if as_json:
        click.echo(json.dumps(document, ensure_ascii=False, default=str))
        return
    for line in lines if lines is not None else [f"{k}: {v}" for k, v in document.items()]:
        click.echo(line)


def progress(text: str) -> None:
    """A line for whoever waits, on standard error."""
    click.echo(text, err=True)


class NowAndThen:
    """Progress on standard error, not more often than every two seconds."""

    def __init__(self) -> None:
        self.last = time.monotonic()

    def __call__(self, text: str) -> None:
        now = time.monotonic()
        if now - self.last >= PATIENCE_SECONDS:
            self.last = now
            progress(text)


@contextmanager
def patience(text: str) -> Iterator[None]:
    """Say what is being done once it has taken two seconds."""
    waiting = threading.Timer(PATIENCE_SECONDS, progress, [text])
    waiting.daemon = True
    waiting.start()
    try:
        yield
    finally:
        waiting.cancel()


def complain(refusal: Refused) -> None:
    """A refusal in Arabic and in English, on standard error: we do not know who reads."""
    for sentence in dict.fromkeys(in_language(refusal, code) for code in ("ar", "en")):
        click.echo(sentence, err=True)


def in_language(refusal: Refused, code: str) -> str:
    """The refusal's sentence. Not by Django: what is wrong may be its settings."""
    spoken = translation("django", str(LOCALE), [code], fallback=True)
    return spoken.gettext(refusal.sentence).format(**refusal.facts_in(code))


def setup_django() -> None:
    """For commands that need the settings. Raises what reading them raises."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sanad.settings")
    django.setup()


def exit_failed() -> None:
    sys.exit(1)
