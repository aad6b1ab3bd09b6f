"""The bars of a roadmap as rows of a table: cells before, the bar, cells after.

A table runs with the reading direction by itself, so in Arabic time runs from the right.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sanad.lib.bilingual import Text


@dataclass(frozen=True)
class GanttRow:
    """One bar. `before` and `after` are the empty cells beside it."""

    code: str
    name: Text
    stage: str
    start: str
    end: str
    before: range
    span: int
    after: range


@dataclass(frozen=True)
class Gantt:
    """The quarters by year, and the bars."""

    years: tuple[tuple[int, int], ...]  # a year and its quarters
    quarters: tuple[str, ...]
    rows: tuple[GanttRow, ...]


def gantt(
    quarters: Sequence[str], bars: Iterable[tuple[str, Text, str, str, str]]
) -> Gantt:  # fmt: skip
    """Bars are code, name, stage, first and last quarter."""
    names = list(quarters)
    years: dict[int, int] = {}
    for quarter in names:
        years[int(quarter[:4])] = years.get(int(quarter[:4]), 0) + 1
    rows = []
    for code, name, stage, start, end in bars:
        first, last = names.index(start), names.index(end)
        rows.append(
            GanttRow(code, name, stage, start, end, range(first), last - first + 1,
                     range(last + 1, len(names)))
        )  # fmt: skip
    return Gantt(tuple(years.items()), tuple(quarter[4:] for quarter in names), tuple(rows))
