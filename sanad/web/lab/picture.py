"""A map as a picture: steps from top to bottom by where they come on average, moves as bows.

Moves onward bow to one side and moves back to the other; the wider, the more often, and the deeper
the colour, the longer it took. The tables beside it say the same in numbers.
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import log, sqrt

from sanad.lab.evidence.map import Edge, ProcessMap
from sanad.web.desk.history import NAMES

WIDTH, ROW, BOX_WIDTH, BOX_HEIGHT = 560, 58, 260, 38
LEFT, RIGHT = (WIDTH - BOX_WIDTH) / 2, (WIDTH + BOX_WIDTH) / 2
WIDEST, NARROWEST = 12.0, 1.0
SHADES = 5
LONGEST_NAME = 34  # letters that fit into a box


@dataclass(frozen=True)
class Box:
    """A step of the map."""

    name: str
    y: float

    @property
    def middle(self) -> float:
        return self.y + BOX_HEIGHT / 2


@dataclass(frozen=True)
class Bow:
    """A move; `path` in SVG, `width` in its units, `shade` from 1, quick, to `SHADES`, slow."""

    path: str
    width: float
    is_back: bool
    shade: int


@dataclass(frozen=True)
class Picture:
    """Everything that is drawn."""

    width: int
    height: int
    middle: int
    left: float
    box_width: int
    box_height: int
    boxes: tuple[Box, ...]
    bows: tuple[Bow, ...]


def by_median(edge: Edge) -> float:
    return edge.between.seconds_median


def picture(
    found: ProcessMap,
    position: dict[str, float],
    *,
    name: Callable[[str], str] = lambda step: NAMES.get(step, step),
    seconds: Callable[[Edge], float] = by_median,
) -> Picture:
    """The picture of a map; `position` is where each step comes on average, 0 to 1."""
    order = sorted(found.activities, key=lambda one: (position[one.name], one.name))
    boxes = {one.name: Box(_short(name(one.name)), 10 + row * ROW) for row, one in enumerate(order)}
    most = max((edge.count for edge in found.edges), default=1)
    shade = shades([seconds(edge) for edge in found.edges])
    bows = tuple(
        _bow(
            boxes[edge.source], boxes[edge.target], WIDEST * sqrt(edge.count / most),
            shade(seconds(edge)),
        )
        for edge in found.edges
    )  # fmt: skip
    height = 20 + ROW * len(boxes)
    return Picture(
        WIDTH, height, WIDTH // 2, LEFT, BOX_WIDTH, BOX_HEIGHT, tuple(boxes.values()), bows
    )


def shades(seconds: list[float]) -> Callable[[float], int]:
    """From 1 to `SHADES`: equal steps of the logarithm between the quickest and the slowest."""
    least = log(1 + min(seconds, default=0.0))
    reach = log(1 + max(seconds, default=0.0)) - least

    def shade(one: float) -> int:
        if not reach:
            return 1
        return min(SHADES, 1 + int(SHADES * (log(1 + one) - least) / reach))

    return shade


def _short(name: str) -> str:
    return name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1]}…"


def _bow(source: Box, target: Box, width: float, shade: int) -> Bow:
    apart = abs(target.middle - source.middle)
    is_back = target.y <= source.y
    reach = min(WIDTH / 2 - BOX_WIDTH / 2 - 16, 40 + apart * 0.32)
    edge, out = (LEFT, LEFT - reach) if is_back else (RIGHT, RIGHT + reach)
    start, end = source.middle + 6, target.middle - 6
    if source is target:
        start, end = source.middle - 10, source.middle + 10
    path = f"M{edge:g} {start:g}C{out:g} {start:g} {out:g} {end:g} {edge:g} {end:g}"
    return Bow(path, round(max(NARROWEST, width), 1), is_back, shade)
