"""Scenarios side by side: the same seeds for all, bands, and what cannot be told apart.

Each replication lives the period once under the baseline and once under every scenario with the
same streams, so that a difference is what was changed and not who happened to come. Bands are
Student's intervals of 95 % over replications; a difference whose band holds zero is called *not
distinguishable*.
"""

import hashlib
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import Any

import numpy as np

from sanad.lab.twin.engine.runs import interval, seed_of
from sanad.lab.twin.network.after import Person
from sanad.lab.twin.network.measures import BY_PLACE, MEASURES, by_wilayat, figures
from sanad.lab.twin.network.model import Model
from sanad.lab.twin.network.scenarios import BASELINE, Scenario, alone
from sanad.lab.twin.network.simulate import simulate
from sanad.lab.twin.network.spread import spread
from sanad.lab.twin.world import Floats
from sanad.lib.refusal import N_, Refused

CONFIDENCE = 0.95
TOGETHER = 5  # replications of a task: a second of work or so
LEAST, MOST = 1, 1000  # of one there is no band
SCENARIOS_AT_MOST = 6


class ReplicationsOutOfRange(Refused):
    code = "twin.replications_out_of_range"
    sentence = N_("Ask for {least} to {most} replications, not {count}.")


class TooManyScenarios(Refused):
    code = "twin.too_many_scenarios"
    sentence = N_("A study compares at most {most} scenarios with the present, not {count}.")


class MeasureUnknown(Refused):
    code = "twin.measure_unknown"
    sentence = N_("There is no measure “{measure}”. Use one of: {known}.")


class Stopped(Refused):
    code = "twin.stopped"
    sentence = N_("The study was stopped after {done} of {all} parts. Nothing of it was kept.")


@dataclass(frozen=True)
class Band:
    """A mean and its interval, in the unit of the measure; None where nothing was measured."""

    mean: float | None
    low: float | None
    high: float | None

    @property
    def holds_zero(self) -> bool:
        """Whether a difference cannot be told from none."""
        return self.low is None or self.high is None or self.low <= 0 <= self.high

    def as_json(self) -> dict[str, float | None]:
        return {"mean": self.mean, "low": self.low, "high": self.high}


@dataclass(frozen=True)
class Runs:
    """What R replications of a model said. `people` is (R, PEOPLE, 4), `places` (R, W, 5)."""

    figures: Floats  # (R, measures); NaN where there was nothing to measure
    people: Floats
    places: Floats
    digests: tuple[str, ...]
    customers: int


def refuse_size(scenarios: int, replications: int) -> None:
    """Refuse more than can be compared. Raises `TooManyScenarios`, `ReplicationsOutOfRange`."""
    if scenarios > SCENARIOS_AT_MOST:
        raise TooManyScenarios(most=SCENARIOS_AT_MOST, count=scenarios)
    if not LEAST <= replications <= MOST:
        raise ReplicationsOutOfRange(least=LEAST, most=MOST, count=replications)


def band(values: Floats) -> Band:
    """Student's interval of the mean of (R,) values."""
    known = values[~np.isnan(values)]
    if len(known) == 0:
        return Band(None, None, None)
    mean = float(known.mean())
    if len(known) == 1:
        return Band(mean, None, None)
    half = interval(known.tolist(), CONFIDENCE)
    return Band(mean, mean - half, mean + half)


def run_part(model: Model, seed: int, numbers: range, wilayats: tuple[int, ...]) -> Runs:
    """The replications of these numbers."""
    found, people, places, digests, customers = [], [], [], [], 0
    for number in numbers:
        lived = simulate(model, seed_of(seed, number))
        found.append([np.nan if one is None else one for one in figures(lived)])
        people.append(lived.people)
        places.append(by_wilayat(lived, wilayats))
        digests.append(lived.digest())
        customers += int(lived.people[:, 0].sum())
    return Runs(
        np.array(found, dtype=np.float64), np.array(people, dtype=np.float64),
        np.array(places, dtype=np.float64), tuple(digests), customers,
    )  # fmt: skip


def replicated(
    models: Sequence[Model], *, seed: int, replications: int, threads: int = 1,
    cluster: str = "", told: Callable[[int, int], bool] | None = None,
) -> list[Runs]:  # fmt: skip
    """R replications of every model under the same seeds.

    `told(done, all)` is called after each part and stops the work by saying False (`Stopped`).
    """
    refuse_size(1, replications)
    wilayats = tuple(sorted({int(code) for model in models for code in model.wilayat}))
    tasks = [
        (model, seed, range(first, min(first + TOGETHER, replications)), wilayats)
        for model in models
        for first in range(0, replications, TOGETHER)
    ]
    parts = []
    with closing(spread(run_part, tasks, threads=threads, cluster=cluster)) as found:
        for done, part in enumerate(found, start=1):
            parts.append(part)
            if told is not None and not told(done, len(tasks)):
                raise Stopped(done=done, all=len(tasks))
    each = len(tasks) // len(models)
    return [_joined(parts[n * each : (n + 1) * each]) for n in range(len(models))]


def narrow(
    model: Model, *, seed: int, measure: str, half_width: float, least: int, most: int = MOST,
    threads: int = 1, cluster: str = "", told: Callable[[int, int], bool] | None = None,
) -> Runs:  # fmt: skip
    """As many replications as make a measure's band as narrow as asked, or `most`.

    The number is doubled until it is enough. A stopping rule that looks at the spread covers a
    little less than it says when replications are few (`engine.runs`). Raises `MeasureUnknown`.
    """
    if measure not in MEASURES:
        raise MeasureUnknown(measure=measure, known=", ".join(MEASURES))
    number, replications = list(MEASURES).index(measure), least
    while True:
        (found,) = replicated(
            [model], seed=seed, replications=replications, threads=threads, cluster=cluster,
            told=told,
        )  # fmt: skip
        of_it = band(found.figures[:, number])
        if of_it.low is None or of_it.high is None or replications == most:
            return found
        if (of_it.high - of_it.low) / 2 <= half_width:
            return found
        replications = min(2 * replications, most)


def _joined(parts: Sequence[Runs]) -> Runs:
    return Runs(
        np.concatenate([one.figures for one in parts]),
        np.concatenate([one.people for one in parts]),
        np.concatenate([one.places for one in parts]),
        tuple(digest for one in parts for digest in one.digests),
        sum(one.customers for one in parts),
    )


def kpis_of(runs: Runs) -> dict[str, dict[str, float | None]]:
    """Each measure with its mean and band."""
    return {code: band(runs.figures[:, number]).as_json() for number, code in enumerate(MEASURES)}


def digest_of(runs: Sequence[Runs]) -> str:
    """SHA-256 over the facts of every replication."""
    found = hashlib.sha256()
    for one in runs:
        for digest in one.digests:
            found.update(digest.encode())
    return found.hexdigest()


def compare(
    model: Model, scenarios: Sequence[Scenario], *, seed: int, replications: int,
    threads: int = 1, cluster: str = "", told: Callable[[int, int], bool] | None = None,
) -> dict[str, Any]:  # fmt: skip
    """The present and up to six scenarios side by side, as plain data.

    Raises what scenarios refuse, `TooManyScenarios`, `ReplicationsOutOfRange`, `Stopped`.
    """
    refuse_size(len(scenarios), replications)
    single = [(s.code, one) for s in scenarios if len(s.levers) > 1 for one in alone(s)]
    asked = [*scenarios, *(one for _, one in single)]
    models = [model, *(one.apply(model) for one in asked)]
    runs = replicated(
        models, seed=seed, replications=replications, threads=threads, cluster=cluster, told=told
    )  # fmt: skip
    wilayats = sorted({int(code) for one in models for code in one.wilayat})
    base, found = runs[0], runs[1 : len(scenarios) + 1]
    apart = dict(zip((one.code for _, one in single), runs[len(scenarios) + 1 :], strict=True))
    return {
        "seed": seed, "replications": replications, "customers": sum(r.customers for r in runs),
        "hash": digest_of(runs), "wilayats": wilayats,
        BASELINE: {"kpis": kpis_of(base), "people": _people(base), "model": models[0].digest},
        "scenarios": [
            {
                **one.as_json(), "model": changed.digest, "kpis": kpis_of(here),
                "difference": _difference(base, here), "people": _people(here),
                "places": _places(base, here, wilayats),
                "tornado": [
                    {"lever": alone_.levers[0].as_json(),
                     "difference": _difference(base, apart[alone_.code])}
                    for code, alone_ in single if code == one.code
                ],
            }
            for one, here, changed in zip(scenarios, found, models[1:], strict=False)
        ],
    }  # fmt: skip


def _difference(base: Runs, here: Runs) -> dict[str, dict[str, Any]]:
    """Each measure's change, replication by replication under the same seed."""
    found = {}
    for number, code in enumerate(MEASURES):
        change = band(here.figures[:, number] - base.figures[:, number])
        found[code] = {**change.as_json(), "distinguishable": not change.holds_zero}
    return found


def _people(runs: Runs) -> list[dict[str, Any]]:
    """By kind of person: how many came, and how long who was called had waited (minutes)."""
    found = []
    for person in Person:
        came, called, waited, left = (runs.people[:, person, column] for column in range(4))
        with np.errstate(invalid="ignore", divide="ignore"):
            wait = band(waited / called / 60)
        found.append(
            {"person": person.name.lower(), "came": float(came.mean()),
             "left": float(left.mean()), "wait_mean_minutes": wait.as_json()}
        )  # fmt: skip
    return found


def _places(base: Runs, here: Runs, wilayats: Sequence[int]) -> list[dict[str, Any]]:
    """By wilayat: visits, wait and income, and the change with its band."""
    columns = {column: number for number, column in enumerate(BY_PLACE)}
    _, started, wait, transactions, earned = (columns[c] for c in BY_PLACE)
    found = []
    for number, code in enumerate(wilayats):
        before, after = base.places[:, number], here.places[:, number]
        with np.errstate(invalid="ignore", divide="ignore"):
            waited = [one[:, wait] / one[:, started] / 60 for one in (before, after)]
        change = band(waited[1] - waited[0])
        income = band(after[:, earned] - before[:, earned])
        found.append(
            {"wilayat": code, "wait_mean_minutes": band(waited[1]).as_json(),
             "wait_change": {**change.as_json(), "distinguishable": not change.holds_zero},
             "earned_baisa": band(after[:, earned]).as_json(),
             "earned_change": {**income.as_json(), "distinguishable": not income.holds_zero},
             "transactions": float(after[:, transactions].mean())}
        )  # fmt: skip
    return found
