"""The back-test: fit on the days up to a date, foretell the days after it, and look who was right.

Of the days foretold the model is given who came, when, of what kind and priority, as a centre's
demand forecast or appointment book would tell it; never who served, how many served, or how long.
The baseline draws the wait of everybody from the waits of the same half hour on the days learnt
from: it knows no queue, and a simulation that cannot beat it is of no use.
"""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

import numpy as np

from sanad.lab.fitting import arrivals, calibrate, figures, learned, patience, service, staff
from sanad.lab.fitting.figures import NAMES, Figures
from sanad.lab.fitting.foretell import foretell
from sanad.lab.fitting.learned import Days
from sanad.lab.fitting.queue_log import SLOTS, QueueLog, day_number
from sanad.lab.twin.streams import Streams
from sanad.lab.twin.world import Floats
from sanad.lib.refusal import N_, Refused

LEAST_DAYS = 3  # each is foretold by the others
CONFIDENCE = 0.9
Say = Callable[[str], None]


class TooFewDays(Refused):
    code = "fitting.too_few_days"
    sentence = N_(
        "“{source}” has {days} days up to {until}, and at least {least} are needed to learn from. "
        "Choose a later date or a longer log."
    )


class NoTestDays(Refused):
    code = "fitting.no_test_days"
    sentence = N_(
        "“{source}” has nobody after {until} whose wait ended, so there is nothing to foretell. "
        "Choose an earlier date."
    )


@dataclass(frozen=True)
class Band:
    """A figure over replications: its mean, and between what nine in ten of them lie."""

    mean: float
    low: float
    high: float

    def holds(self, value: float) -> bool:
        return self.low <= value <= self.high


def backtest(
    log: QueueLog, *, until: date, replications: int, seed: int, say: Say
) -> dict[str, Any]:
    """The document of a back-test. Raises the refusals of this module and of `staff`."""
    train, test = _divided(log, until)
    streams = Streams(seed)
    days = learned.learn(train)
    staff.refuse_too_many(log.source, days.profiles(min(calibrate.GAPS)))
    say(f"{len(days)} days to learn from, {len(test.days)} to foretell")
    manner = days.manner(np.arange(len(days)))
    found = calibrate.calibrate(
        days, manner, streams, lambda one, error: say(f"tried {one}: error {error:.3f}")
    )
    results = foretell(
        days, found, test, replications=replications, streams=streams,
        say=lambda done, of: say(f"model {done} of {of}"),
    )  # fmt: skip
    actual = figures.of_log(test)
    predicted = _bands(results)
    resampled = _bands(_resampled(train, test, replications, streams))
    return {
        "actual": asdict(actual),
        "predicted": {name: asdict(band) for name, band in predicted.items()},
        "resampled": {name: asdict(band) for name, band in resampled.items()},
        "inside": {name: predicted[name].holds(getattr(actual, name)) for name in NAMES},
        "error": _errors(predicted, actual),
        "baseline_error": _errors(resampled, actual),
        "train_days": len(train.days),
        "test_days": len(test.days),
        "customers": {"train": len(train), "test": len(test)},
        "settings": _settings(days, found),
        "fitted": _fitted(days),
        "replications": replications,
        "seed": seed,
    }


def _divided(log: QueueLog, until: date) -> tuple[QueueLog, QueueLog]:
    last = day_number(until)
    train, test = log.taken(log.day <= last), log.taken(log.day > last)
    if len(train.days) < LEAST_DAYS:
        raise TooFewDays(
            source=log.source, days=len(train.days), until=until.isoformat(), least=LEAST_DAYS
        )
    if not (test.served | test.abandoned).any():
        raise NoTestDays(source=log.source, until=until.isoformat())
    return train, test


def _resampled(
    train: QueueLog, test: QueueLog, replications: int, streams: Streams
) -> list[Figures]:
    """The baseline: everybody waits as somebody did in the same half hour of the days learnt."""
    train = train.taken(train.served | train.abandoned)
    order = np.argsort(train.slot, kind="stable")
    begin = np.searchsorted(train.slot[order], np.arange(SLOTS + 1))
    size = np.diff(begin)
    # Of a half hour in which nobody came the waits of all are drawn.
    empty = size[test.slot] == 0
    first = np.where(empty, 0, begin[test.slot])
    count = np.where(empty, len(train), size[test.slot])
    results = []
    for number in range(replications):
        rows = order[first + streams.below(f"resampled/{number}", count, len(test))]
        results.append(figures.of_waits(train.wait[rows], train.abandoned[rows]))
    return results


def _bands(results: list[Figures]) -> dict[str, Band]:
    every: Floats = np.array([tuple(one) for one in results])
    low, high = np.quantile(every, [(1 - CONFIDENCE) / 2, (1 + CONFIDENCE) / 2], axis=0)
    mean = every.mean(axis=0)
    return {
        name: Band(float(mean[k]), float(low[k]), float(high[k])) for k, name in enumerate(NAMES)
    }


def _errors(bands: dict[str, Band], actual: Figures) -> dict[str, float | None]:
    """By how much of the truth the mean is wrong; None where the truth is 0 and the mean is not."""
    found: dict[str, float | None] = {}
    for name, band in bands.items():
        truth = getattr(actual, name)
        off = abs(band.mean - truth)
        found[name] = off / truth if truth > 0 else 0.0 if off == 0 else None
    return found


def _settings(days: Days, found: calibrate.Calibrated) -> dict[str, Any]:
    """What was calibrated, in seconds and shares, with the error of its cross-validation."""
    names = [None, *days.log.priority.names]
    best, every = found.best, np.ones(len(days))
    return {
        "presence_gap_seconds": best.settings.gap,
        "staff_follows_demand": best.settings.follow,
        "work_aside_seconds_mean": best.settings.aside,
        "level_middle": float(np.exp(np.average(best.level, weights=days.sizes))),
        "level_spread": float(best.level.std(ddof=1)),
        "head_start_seconds": {
            str(name): float(days.discipline.head_start[k])
            for k, name in enumerate(names)
            if (days.log.priority.codes == k - 1).any()
        },
        "days_used": len(days),
        "cross_validation_error": best.error(days, every),
        "misfit": best.misfit(days, every),
    }


def _fitted(days: Days) -> dict[str, Any]:
    """What was fitted, for whoever reads it."""
    rates = arrivals.fit(days.log)
    curve = patience.fit(days.log)
    return {
        "weekday_groups": [int(one) for one in rates.group],
        "arrivals_overdispersion": rates.overdispersion,
        "day_factor_spread": rates.factor_spread,
        "service_seconds": [asdict(one) for one in service.fit(days.log).kinds],
        "patience_events": curve.events,
        "patience_seconds_mean_by_hazard": 1 / curve.hazard if curve.hazard else None,
        "choices_explained": days.discipline.explained,
        "choices": days.discipline.choices,
    }
