"""A line over years as the points of a drawing. Time runs left to right in both languages.

Everything is text already, so that no page's number format gets into the drawing.
"""

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 720, 300
SMALL_WIDTH, SMALL_HEIGHT = 240, 90
STEPS = (1, 2, 2.5, 5, 10)
LINES = 4


@dataclass(frozen=True)
class Mark:
    """A point of the line, or a label beside an axis."""

    x: str
    y: str
    label: str


@dataclass(frozen=True)
class Chart:
    """One line with its axes."""

    width: int
    height: int
    line: str
    points: tuple[Mark, ...]
    years: tuple[Mark, ...]
    levels: tuple[Mark, ...]
    left: str
    right: str


def line_chart(years: Sequence[int], values: Sequence[int]) -> Chart:
    """With level lines and a label for every year."""
    return _chart(years, values, WIDTH, HEIGHT, start=104, end=28, top=16, foot=36)


def small_chart(years: Sequence[int], values: Sequence[int]) -> Chart:
    """The line alone, with its first and last year."""
    chart = _chart(years, values, SMALL_WIDTH, SMALL_HEIGHT, start=8, end=8, top=8, foot=22)
    ends = (chart.years[0], chart.years[-1])
    return Chart(**{**chart.__dict__, "years": ends, "levels": ()})


def _chart(
    years: Sequence[int], values: Sequence[int], width: int, height: int, *, start: int, end: int,
    top: int, foot: int,
) -> Chart:  # fmt: skip
    step = round_step(max(values))
    ceiling = step * -(-max(*values, 1) // step)
    room, tall = width - start - end, height - top - foot

    def x(position: int) -> str:
        return f"{start + room * position / max(1, len(years) - 1):.1f}"

    def y(value: float) -> str:
        return f"{top + tall * (1 - value / ceiling):.1f}"

    points = [Mark(x(i), y(value), f"{value:,}") for i, value in enumerate(values)]
    levels = [step * i for i in range(int(ceiling // step) + 1)]
    return Chart(
        width=width,
        height=height,
        line=" ".join(f"{mark.x},{mark.y}" for mark in points),
        points=tuple(points),
        years=tuple(Mark(x(i), str(height - 10), str(year)) for i, year in enumerate(years)),
        levels=tuple(Mark(str(start - 8), y(level), f"{level:,}") for level in levels),
        left=str(start),
        right=str(width - end),
    )


def round_step(greatest: int) -> int:
    """The distance of level lines: a round number that about four of fit below the greatest."""
    wanted = max(1, greatest) / LINES
    size = 10 ** (len(str(int(wanted))) - 1)
    return max(1, int(next(size * step for step in STEPS if size * step >= wanted)))
