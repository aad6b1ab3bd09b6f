"""What the log does not show is found by playing the days again, each one foretold by the others.

Three settings: the gap that still counts as presence, how far staff follows demand, and the work
aside that each service leaves. Each day is played with the staff of the other days (never its own)
at several levels. The level at which its mean wait is that of the log is the day's own; the levels
of the days, less what chance alone explains, are how much availability differs from day to day.
The gap and the following are chosen by how well every day's four figures are foretold at the
others' middle level; the work aside, which shapes the waits and hardly moves their mean, by how
well all days together show the four figures of the log, each at its own level.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from sanad.lab.fitting import figures
from sanad.lab.fitting.hall import Manner, People, play
from sanad.lab.fitting.learned import Days, staffing
from sanad.lab.fitting.levels import middles
from sanad.lab.twin.facts import Ints
from sanad.lab.twin.streams import Streams
from sanad.lab.twin.world import Floats

LEVELS: Floats = np.exp(np.linspace(np.log(0.6), np.log(1.6), 9))
GAPS = (600.0, 900.0, 1800.0, 3600.0, 7200.0)  # seconds
FOLLOWS = (0.0, 0.25, 0.5, 0.75, 1.0)
ASIDES = (0.0, 10.0, 20.0, 30.0, 40.0, 50.0, 60.0, 75.0, 90.0, 120.0, 180.0)  # seconds
_REPEATS, _ROUNDS = 3, 3


@dataclass(frozen=True)
class Settings:
    gap: float  # seconds between two services within which a server counts as there
    follow: float  # power with which staff follows demand
    aside: float  # mean seconds of work that a service leaves to be done when nobody waits


@dataclass(frozen=True)
class Tried:
    """How the days came out under some settings."""

    settings: Settings
    level: Floats  # (D,) the logarithm of what multiplies the staff foretold for each day
    noise: Floats  # (D,) variance of `level` by chance alone
    rest: Floats  # (D, 4) logarithms of seen over simulated at the day's own level
    rest_noise: Floats  # (D, 4) variance of these by chance alone
    wrong: Floats  # (D,) mean square of the logarithms of ratios, foretold over seen
    own: Floats  # (D, 4) figures simulated at the day's own level

    def error(self, days: Days, weight: Floats) -> float:
        """Root mean square of the logarithms of ratios, foretold over seen, by customers."""
        share = weight * days.sizes
        return float(np.sqrt(share @ self.wrong / share.sum()))

    def misfit(self, days: Days, weight: Floats) -> float:
        """The same of all days together, each at its own level."""
        share = weight * days.sizes / (weight @ days.sizes)
        return float(np.sqrt((figures.apart(share @ self.own, share @ days.figures) ** 2).mean()))


@dataclass(frozen=True)
class Calibrated:
    best: Tried
    follows: tuple[Tried, ...]  # at each of `FOLLOWS`, the gap and the work aside as in the best
    asides: tuple[Tried, ...]  # at each of `ASIDES`, the gap and the following as in the best

    def again(self, days: Days, weight: Floats) -> Settings:
        """The following and the work aside refitted, had each day counted `weight` times.

        The gap, which hardly matters once levels are fitted, stays as it is.
        """
        aside = min(self.asides, key=lambda one: one.misfit(days, weight)).settings.aside
        return replace(self.best.settings, follow=_lowest(self.follows, days, weight), aside=aside)


def _lowest(tried: Sequence[Tried], days: Days, weight: Floats) -> float:
    """The following with the least error, by a parabola through the errors of `FOLLOWS`.

    The errors are not free of chance, and the lowest of a few would jump from one to another.
    """
    at = np.array([one.settings.follow for one in tried])
    errors = np.array([one.error(days, weight) ** 2 for one in tried])
    bend, slope, _ = np.polyfit(at, errors, 2)
    if bend <= 0:
        return float(at[np.argmin(errors)])
    return round(float(np.clip(-slope / (2 * bend), at[0], at[-1])), 2)


@dataclass(frozen=True)
class Sheet:
    """Figures of days played at each level."""

    figures: Floats  # (LEVELS, D, 4)
    spread: Floats  # (D, 4) variance of the logarithms of figures between repeats


def sheet(
    days: Days, settings: Settings, people: list[People], *, rows: Ints, weight: Floats,
    levels: Floats = LEVELS,
) -> Sheet:  # fmt: skip
    """Play the days `rows` by the staff of the days with `weight` (D,), without their own."""
    expected = staffing(
        days, weight=_without_own(days, rows, weight), demand=days.demand[rows],
        group=days.group[rows], gap=settings.gap, follow=settings.follow,
    )  # fmt: skip
    staffed = (levels[:, None, None] * expected).reshape(-1, expected.shape[1])
    crowd = days.crowd(rows).times(len(levels))
    shape = (len(levels), len(rows), 4)
    found = np.stack(
        [play(crowd, one.times(len(levels)), staffed).by_session().reshape(shape) for one in people]
    )
    middle = len(levels) // 2
    logs = figures.apart(found[:, middle - 1 : middle + 2], np.zeros(4))
    spread = logs.var(axis=0, ddof=1).mean(axis=0) if len(people) > 1 else np.zeros(shape[1:])
    return Sheet(found.mean(axis=0), spread)


def _without_own(days: Days, rows: Ints, weight: Floats) -> Floats:
    """(R, D) the weight of every day for each of `rows`, which are not told by themselves.

    A day that is the only one of its group among those drawn is told by the group in the log.
    """
    others = np.tile(weight, (len(rows), 1))
    own = (np.arange(len(rows)), rows)
    others[own] = 0.0
    same = (days.group == days.group[rows][:, None]).astype(np.float64)
    same[own] = 0.0
    alone = (others * same).sum(axis=1) == 0
    others[alone] = np.where(same[alone].sum(axis=1, keepdims=True) > 0, same[alone], others[alone])
    return others


def own_levels(found: Sheet, seen: Floats, levels: Floats = LEVELS) -> Floats:
    """The level (logarithm) of each day at which its mean wait is the one seen, (D,)."""
    # More staff never means longer waits, beyond chance.
    waits = np.minimum.accumulate(found.figures[:, :, 0], axis=0)
    logs = np.log(levels)
    return np.array(
        [
            np.interp(-np.log(one + 1), -np.log(column + 1), logs)
            for one, column in zip(seen[:, 0], waits.T, strict=True)
        ]
    )


def foretold(found: Sheet, level: Floats, levels: Floats = LEVELS) -> Floats:
    """The figures (D, 4) of each day at a level (D,)."""
    place = np.interp(level, np.log(levels), np.arange(len(levels)))
    low = np.minimum(place.astype(np.int64), len(levels) - 2)
    part = (place - low)[:, None]
    at = np.arange(len(level))
    first: Floats = found.figures[low, at]
    result: Floats = first + (found.figures[low + 1, at] - first) * part
    return result


def score(days: Days, settings: Settings, found: Sheet) -> Tried:
    """How each day is foretold at the others' middle level, and how it is at its own."""
    level = own_levels(found, days.figures)
    middle = np.array([middles(days, level, rest) for rest in 1 - np.eye(len(days))])
    at = middle[np.arange(len(days)), days.group]
    own = foretold(found, level)
    return Tried(
        settings,
        level,
        noise=found.spread[:, 0] / np.maximum(_slope(found, level) ** 2, 1.0),
        rest=figures.apart(days.figures, own),
        rest_noise=found.spread,
        wrong=(figures.apart(foretold(found, at), days.figures) ** 2).mean(axis=1),
        own=own,
    )


def _slope(found: Sheet, level: Floats) -> Floats:
    """How the logarithm of the mean wait falls with that of the level."""
    step = 0.1
    waits = [np.log(foretold(found, level + sign * step)[:, 0] + 1) for sign in (-1, 1)]
    slope: Floats = (waits[1] - waits[0]) / (2 * step)
    return slope


def calibrate(
    days: Days, manner: Manner, streams: Streams, say: Callable[[Settings, float], None]
) -> Calibrated:
    """The settings under which the days foretell each other best.

    1. Of each setting in turn the best value is taken, the others held.
    2. Once more, until nothing changes, at most `_ROUNDS` times.
    """
    rows = np.arange(len(days))
    crowd = days.crowd(rows)
    every = np.ones(len(days))
    known: dict[Settings, Tried] = {}

    def tried(settings: Settings) -> Tried:
        if settings not in known:
            people = [
                manner.draw(crowd, settings.aside, streams, f"calibration/{k}")
                for k in range(_REPEATS)
            ]
            found = sheet(days, settings, people, rows=rows, weight=every)
            known[settings] = score(days, settings, found)
            say(settings, known[settings].error(days, every))
        return known[settings]

    def around(best: Settings, name: str, values: tuple[float, ...]) -> list[Tried]:
        return [tried(replace(best, **{name: value})) for value in values]

    best = Settings(GAPS[2], FOLLOWS[2], ASIDES[3])
    for _ in range(_ROUNDS):
        before = best
        best = replace(best, follow=_lowest(around(best, "follow", FOLLOWS), days, every))
        best = min(around(best, "gap", GAPS), key=lambda one: one.error(days, every)).settings
        best = min(around(best, "aside", ASIDES), key=lambda one: one.misfit(days, every)).settings
        if best == before:
            break
    return Calibrated(
        tried(best),
        tuple(around(best, "follow", FOLLOWS)),
        tuple(around(best, "aside", ASIDES)),
    )
