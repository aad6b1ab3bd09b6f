"""Bands and tornados as pictures; the tables beside them say the same in numbers.

A picture runs from left to right in either language, as a number line does.
"""

from dataclasses import dataclass
from typing import Any

from sanad.lab.twin.network.levers import LEVERS
from sanad.lab.twin.network.measures import MEASURES
from sanad.lib.bilingual import Text
from sanad.web.lab import scenario_words as words

WIDTH, ROW, EDGE = 560, 34, 12


@dataclass(frozen=True)
class Mark:
    """A difference: its band from `low` to `high` and its middle, in units of the picture."""

    name: Text
    y: float
    low: float
    width: float
    middle: float
    kind: str  # better, worse, neither, none
    told: str


@dataclass(frozen=True)
class Bands:
    """The differences of one measure, scenario by scenario, around the line of no change."""

    title: Text
    width: int
    height: int
    zero: float
    marks: tuple[Mark, ...]


def bands(title: Text, code: str, scenarios: list[dict[str, Any]]) -> Bands:
    """A measure's change in each scenario, with its band of 95 %."""
    changes = [
        (Text(one["name"]["ar"], one["name"]["en"]), one["difference"][code]) for one in scenarios
    ]
    return _drawn(title, code, changes)


@dataclass(frozen=True)
class Tornado:
    """What each lever of a scenario does alone, the strongest first, for a few measures."""

    name: Text
    parts: tuple[Bands, ...]


def tornado(scenario: dict[str, Any]) -> Tornado:
    """Each lever alone: waits and income."""
    parts = []
    for code in ("wait_mean_minutes", "earned_baisa", "decision_mean_days"):
        changes = [
            (LEVERS[one["lever"]["lever"]].name, one["difference"][code])
            for one in scenario["tornado"]
            if one["difference"][code]["mean"] is not None
        ]
        changes.sort(key=lambda pair: -abs(pair[1]["mean"]))
        if any(change["mean"] for _, change in changes):
            parts.append(_drawn(MEASURES[code].name, code, changes))
    return Tornado(Text(scenario["name"]["ar"], scenario["name"]["en"]), tuple(parts))


def _drawn(title: Text, code: str, changes: list[tuple[Text, dict[str, Any]]]) -> Bands:
    ends = [0.0]
    for _, change in changes:
        ends += [change[end] for end in ("low", "high", "mean") if change[end] is not None]
    low, high = min(ends), max(ends)
    scale = (WIDTH - 2 * EDGE) / (high - low or 1.0)

    def at(value: float) -> float:
        return round(EDGE + (value - low) * scale, 1)

    marks = []
    for row, (name, change) in enumerate(changes):
        mean = change["mean"] or 0.0
        begin = mean if change["low"] is None else change["low"]
        end = mean if change["high"] is None else change["high"]
        marks.append(
            Mark(
                name, 6 + row * ROW, at(begin), round(max(at(end) - at(begin), 2.0), 1), at(mean),
                _kind(code, change), words.told(code, change),
            )
        )  # fmt: skip
    return Bands(title, WIDTH, 12 + ROW * len(changes), at(0.0), tuple(marks))


def _kind(code: str, change: dict[str, Any]) -> str:
    if not change["distinguishable"]:
        return "none"
    good = words.is_good(code, change)
    return "neither" if good is None else "better" if good else "worse"
