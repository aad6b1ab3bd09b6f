"""Pictures of the sustainability pages; the tables beside them say the same in numbers.

They run from left to right in either language, as number lines and years do. Everything is text
already, so that no page's number format gets into a drawing.
"""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from sanad.lab.forecast.series import Foretold
from sanad.lab.sustainability.levers import Worth
from sanad.lib.bilingual import Text
from sanad.lib.money import BAISA_PER_RIAL, format_omr
from sanad.web.lab.scenario_pictures import EDGE, ROW, WIDTH, Bands, Mark
from sanad.web.network.chart import round_step

BARS: Final = 12
WIDE: Final = 960
TALL: Final = 260
FOOT: Final = 30
ENDS: Final = (2, 98)  # per cent of centres within the middle bars
CHART_WIDTH, CHART_HEIGHT, START, END, TOP = 720, 300, 104, 28, 16


@dataclass(frozen=True)
class Bar:
    """How many centres have so much left; open at the ends."""

    low: int | None  # baisa
    high: int | None
    count: int
    x: str
    y: str
    width: str
    height: str
    kind: str  # a class of the theme: below or above nought


@dataclass(frozen=True)
class Histogram:
    """Centres by what is left."""

    width: int
    height: int
    zero: str  # where nought is; empty where it is not in sight
    base: str
    bars: tuple[Bar, ...]
    labels: tuple[tuple[str, str, str], ...]  # x, y, text


def histogram(baisa: Any) -> Histogram:
    """Of one amount a centre."""
    rials = np.asarray(baisa, dtype=np.float64) / BAISA_PER_RIAL
    low, high = np.percentile(rials, ENDS)
    step = round_step(int(max(high - low, 4) * 4 / BARS))
    # Nought is an edge, so that no bar holds both who lacks and who has.
    begin, end = min(np.floor(low / step), 0) * step, max(np.ceil(high / step), 0) * step
    edges = np.arange(begin, end + step, step)
    at = np.searchsorted(edges, rials, side="right")
    counts = np.bincount(at, minlength=len(edges) + 1)
    most = max(int(counts.max()), 1)
    wide = (WIDE - 2 * EDGE) / len(counts)
    bars = []
    for number, count in enumerate(counts.tolist()):
        tall = (TALL - FOOT - 20) * count / most
        begins = None if number == 0 else round(edges[number - 1] * BAISA_PER_RIAL)
        ends = None if number == len(edges) else round(edges[number] * BAISA_PER_RIAL)
        is_below = ends is not None and ends <= 0
        bars.append(
            Bar(
                begins, ends, count, f"{EDGE + number * wide + 1:.1f}", f"{TALL - FOOT - tall:.1f}",
                f"{wide - 2:.1f}", f"{tall:.1f}", "worse" if is_below else "better",
            )
        )  # fmt: skip
    return Histogram(
        WIDE, TALL, _nought(edges, wide), f"{TALL - FOOT}", tuple(bars), _labels(edges, wide)
    )


def _nought(edges: Any, wide: float) -> str:
    here = np.flatnonzero(edges == 0)
    return f"{EDGE + (int(here[0]) + 1) * wide:.1f}" if len(here) else ""


def _labels(edges: Any, wide: float) -> tuple[tuple[str, str, str], ...]:
    every = max(1, len(edges) // 6)
    return tuple(
        (f"{EDGE + (number + 1) * wide:.1f}", f"{TALL - 8}", f"{edge:,.0f}")
        for number, edge in enumerate(edges)
        if number % every == 0
    )


@dataclass(frozen=True)
class Forecast:
    """A line of known years, and a band with its middle for the next ones."""

    width: int
    height: int
    left: str
    right: str
    line: str
    middle: str
    band: str
    points: tuple[tuple[str, str, str], ...]
    years: tuple[tuple[str, str, str], ...]
    levels: tuple[tuple[str, str, str], ...]  # x, y, text


def forecast(found: Foretold, row: int | None) -> Forecast:
    """Of one governorate by its row, or of the whole country."""
    known = found.portal.transactions
    values = (known.sum(axis=0) if row is None else known[row]).tolist()
    ahead = found.total() if row is None else found.ahead
    at = 0 if row is None else row
    middle, low, high = (end[at].tolist() for end in (ahead.middle, ahead.low, ahead.high))
    years = [*found.portal.years, *found.years]
    step = round_step(int(max(*values, *high)))
    ceiling = step * -(-max(*values, *high) // step)
    room, tall = CHART_WIDTH - START - END, CHART_HEIGHT - TOP - 36

    def x(position: int) -> str:
        return f"{START + room * position / (len(years) - 1):.1f}"

    def y(value: float) -> str:
        return f"{TOP + tall * (1 - value / ceiling):.1f}"

    def line(rows: list[float], first: int) -> str:
        return " ".join(f"{x(first + i)},{y(value)}" for i, value in enumerate(rows))

    last = len(values) - 1
    upper, lower = line([values[-1], *high], last), line([values[-1], *low], last).split()
    return Forecast(
        CHART_WIDTH, CHART_HEIGHT, str(START), str(CHART_WIDTH - END), line(values, 0),
        line([values[-1], *middle], last), f"{upper} {' '.join(reversed(lower))}",
        tuple((x(i), y(value), f"{value:,}") for i, value in enumerate(values)),
        tuple((x(i), str(CHART_HEIGHT - 10), str(year)) for i, year in enumerate(years)),
        tuple((str(START - 8), y(step * n), f"{step * n:,}")
              for n in range(int(ceiling // step) + 1)),
    )  # fmt: skip


def lever_bands(title: Text, levers: list[Worth]) -> Bands:
    """What each lever brings a centre and month, with its band."""
    ends = [0.0, *(one.low for one in levers), *(one.high for one in levers)]
    low, high = min(ends), max(ends)
    scale = (WIDTH - 2 * EDGE) / (high - low or 1.0)

    def at(value: float) -> float:
        return round(EDGE + (value - low) * scale, 1)

    marks = tuple(
        Mark(
            one.name, 6 + row * ROW, at(one.low), round(max(at(one.high) - at(one.low), 2.0), 1),
            at(one.baisa[1]), _kind(one),
            f"{signed(one.baisa[1])} ({signed(one.low)} … {signed(one.high)})",
        )
        for row, one in enumerate(levers)
    )  # fmt: skip
    return Bands(title, WIDTH, 12 + ROW * len(levers), at(0.0), marks)


def _kind(one: Worth) -> str:
    if not one.is_distinguishable:
        return "none"
    return "better" if one.low > 0 else "worse"


def signed(baisa: float) -> str:
    """Rials with their sign, for what is more or less than now."""
    whole = round(baisa)
    return f"{'+' if whole > 0 else ''}{format_omr(whole)}"
