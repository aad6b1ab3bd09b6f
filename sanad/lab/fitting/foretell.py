"""Days foretold from others: many replications, each by a model fitted to other days drawn anew.

A replication differs from the next in four ways, and the band holds all of them:

1. the days the model was fitted to, drawn with replacement, in runs of neighbours, within each
   group of weekdays: tables, staff, levels, the following and the work aside are fitted again;
2. the level of availability of each day foretold: a run of the levels that the drawn days had;
3. what the model does not say of a day: the ratio of the figures seen to those simulated at the
   day's own level, of the very days of which the levels are;
4. the chance of the simulation itself.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from sanad.lab.fitting import arrivals
from sanad.lab.fitting.calibrate import Calibrated, Settings, Tried, own_levels, sheet
from sanad.lab.fitting.figures import GRAIN, Figures
from sanad.lab.fitting.hall import Manner, crowd_of, play
from sanad.lab.fitting.learned import Days, around, staffing
from sanad.lab.fitting.levels import Levels, kept, middles, of_drawn, runs_of
from sanad.lab.fitting.queue_log import QueueLog, weekday_of
from sanad.lab.twin.streams import Streams
from sanad.lab.twin.world import Floats

PER_MODEL = 5  # replications of one fitted model


@dataclass(frozen=True)
class _Model:
    settings: Settings
    weight: Floats  # (D,) how often each day was drawn
    levels: Levels
    manner: Manner


def foretell(
    days: Days, found: Calibrated, test: QueueLog, *, replications: int, streams: Streams,
    say: Callable[[int, int], None],
) -> list[Figures]:  # fmt: skip
    """The figures of the days of `test` together, one entry a replication.

    Of these days nothing is used but who came, when, of what kind and priority.
    """
    logs = list(test.divided().values())
    crowd = crowd_of(logs, [days.discipline.of(one.priority.codes) for one in logs])
    demand = around(arrivals.counts(test, test.days))
    group = days.group_of_weekday[weekday_of(test.days)]
    keep, rest = _deviations(days, found.best)
    share = np.array([len(one) for one in logs]) / len(test)
    results: list[Figures] = []
    models = -(-replications // PER_MODEL)
    for number in range(models):
        name = f"model/{number}"
        model = _drawn(days, found, keep, streams, name)
        count = min(PER_MODEL, replications - len(results))
        usual = staffing(
            days, weight=np.tile(model.weight, (len(logs), 1)), demand=demand, group=group,
            gap=model.settings.gap, follow=model.settings.follow,
        )  # fmt: skip
        drawn = [model.levels.draw(group, streams, f"{name}/{one}") for one in range(count)]
        levels = np.stack([level for level, _ in drawn])
        staffed = (np.exp(levels)[:, :, None] * usual).reshape(-1, usual.shape[1])
        many = crowd.times(count)
        people = model.manner.draw(many, model.settings.aside, streams, f"{name}/people")
        played = play(many, people, staffed)
        for one, (_, like) in enumerate(drawn):
            whole = played.whole(one * len(logs), (one + 1) * len(logs))
            results.append(_with_rest(whole, share @ rest[like]))
        say(number + 1, models)
    return results


def _deviations(days: Days, found: Tried) -> tuple[float, Floats]:
    """The factor of the levels' deviations, and the rest of each day (D, 4) without its chance."""
    middle = middles(days, found.level, np.ones(len(days)))
    keep = kept(days, found.level - middle[days.group], found.noise)
    usual = np.average(found.rest, axis=0, weights=days.sizes)
    rest = usual + (found.rest - usual) * kept(days, found.rest - usual, found.rest_noise)
    return float(keep), rest


def _with_rest(whole: Figures, rest: Floats) -> Figures:
    """The figures times what the model does not say (logarithms); a share stays a share."""
    found = (np.array(tuple(whole)) + GRAIN) * np.exp(rest) - GRAIN
    return Figures(*np.clip(found, 0.0, [np.inf, 1.0, 1.0, np.inf]).tolist())


def _drawn(days: Days, found: Calibrated, keep: float, streams: Streams, name: str) -> _Model:
    """A model of days drawn anew: tables, staff and levels fitted to them."""
    groups = [np.flatnonzero(days.group == one) for one in np.unique(days.group)]
    runs = [own[runs_of(len(own), len(own), streams, f"{name}/days/{own[0]}")] for own in groups]
    drawn = np.sort(np.concatenate(runs))
    weight = np.bincount(drawn, minlength=len(days)).astype(np.float64)
    rows = np.flatnonzero(weight)
    settings = found.again(days, weight)
    manner = days.manner(drawn)
    people = [manner.draw(days.crowd(rows), settings.aside, streams, f"{name}/fit")]
    played = sheet(days, settings, people, rows=rows, weight=weight)
    level = np.zeros(len(days))
    level[rows] = own_levels(played, days.figures[rows])
    return _Model(settings, weight, of_drawn(days, level, drawn, keep), manner)
