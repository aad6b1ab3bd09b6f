"""Durations, shares and steps in the reader's words."""

from datetime import UTC, datetime, timedelta
from typing import Any, Final

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from sanad.web.desk.history import NAMES
from sanad.web.shell.lasted import in_words

MINUTE: Final = 59.5  # what rounds to a minute is one


def lasted(seconds: float) -> str:
    """The two largest units; seconds where it is less than a minute."""
    if seconds < MINUTE:
        whole = round(seconds)
        return ngettext("{n} second", "{n} seconds", whole).format(n=whole)
    return in_words(timedelta(seconds=seconds))


def times(spread: Any) -> dict[str, str]:
    """A spread in words, for a row of a table."""
    return {
        "mean": lasted(spread.seconds_mean),
        "median": lasted(spread.seconds_median),
        "p90": lasted(spread.seconds_p90),
        "p95": lasted(spread.seconds_p95),
        "total": lasted(spread.seconds_total),
    }


def percent(share: float | None, *, places: int = 1) -> str:
    """A share in the hundred, to a tenth; nothing where it is not known."""
    return "" if share is None else f"{number_format(100 * share, places)}%"


def moment_of(micros: int) -> datetime:
    """A moment of a log."""
    return datetime.fromtimestamp(micros / 1_000_000, UTC)


def step_of_ours(name: str) -> str:
    """An event of our own log by the name that its history shows."""
    return _(NAMES[name]) if name in NAMES else name
