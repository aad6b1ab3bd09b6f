"""Conformance: how far the cases kept to a declared procedure.

A :class:`Net` says which steps there are, which may come after which, with which a case starts and
with which it ends. An optional step may be left out at no cost; a repeatable one may follow itself.
The cost of a case is the fewest steps skipped and inserted that make it a run of the net, found
exactly by dynamic programming; fitness is 1 - cost / worst, where the worst inserts every event
and skips the net's shortest run. A. Adriansyah, Aligning Observed and Modeled Behavior, 2014.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Any, Final

import numpy as np

from sanad.lab.evidence import kernels
from sanad.lab.evidence.kernels import Int32, Int64
from sanad.lab.evidence.log import EventLog
from sanad.lab.evidence.variants import variants
from sanad.lib.refusal import N_, Refused

UNREACHABLE: Final = 1 << 30


class NetNamesUnknownStep(Refused):
    code = "evidence.net_unknown_step"
    sentence = N_("The procedure names “{step}”, which is not one of its steps. Declare it first.")


class NetHasNoRun(Refused):
    code = "evidence.net_no_run"
    sentence = N_(
        "No way leads from the start of the procedure to its end. Say which steps start it, which "
        "end it and what may follow."
    )


@dataclass(frozen=True, slots=True)
class Step:
    """A declared activity."""

    name: str
    optional: bool = False
    repeatable: bool = False


@dataclass(frozen=True)
class Net:
    """A declared procedure. Raises `NetNamesUnknownStep`, `NetHasNoRun`."""

    steps: tuple[Step, ...]
    follows: frozenset[tuple[str, str]]
    starts: frozenset[str]
    ends: frozenset[str]

    def __post_init__(self) -> None:
        names = {step.name for step in self.steps}
        for name in sorted({*self.starts, *self.ends, *(n for pair in self.follows for n in pair)}):
            if name not in names:
                raise NetNamesUnknownStep(step=name)
        if self.distance[-1, -1] >= UNREACHABLE:
            raise NetHasNoRun()

    @classmethod
    def of(
        cls,
        steps: Iterable[Step],
        follows: Iterable[tuple[str, str]],
        *,
        starts: Iterable[str],
        ends: Iterable[str],
    ) -> "Net":
        return cls(tuple(steps), frozenset(follows), frozenset(starts), frozenset(ends))

    @cached_property
    def place(self) -> dict[str, int]:
        return {step.name: code for code, step in enumerate(self.steps)}

    @cached_property
    def distance(self) -> Int64:
        """The fewest steps skipped from one to another, int64 [n + 1, n + 1]; n is start and end.

        Floyd and Warshall over ways of at least one move: O(steps³). Passing an optional step is
        free, any other costs one.
        """
        return self._ways[0]

    @cached_property
    def _ways(self) -> tuple[Int64, Int32]:
        """The distances, and the steps passed."""
        n = len(self.steps)
        distance = np.full((n + 1, n + 1), UNREACHABLE, np.int64)
        passed = np.full((n + 1, n + 1), -1, np.int32)
        again = {(step.name, step.name) for step in self.steps if step.repeatable}
        for source, target in self.follows | again:
            distance[self.place[source], self.place[target]] = 0
        distance[n, [self.place[name] for name in self.starts]] = 0
        distance[[self.place[name] for name in self.ends], n] = 0
        for middle, step in enumerate(self.steps):
            through = distance[:, [middle]] + distance[[middle], :] + (not step.optional)
            shorter = through < distance
            distance[shorter] = through[shorter]
            passed[shorter] = middle
        return distance, passed

    @property
    def passed(self) -> Int32:
        """A step passed on the cheapest way between two, int32 [n + 1, n + 1]; -1: none is."""
        return self._ways[1]

    def between(self, source: int, target: int) -> list[int]:
        """The steps passed on the cheapest way from one to another, in order."""
        found = []
        ahead: list[tuple[int, int] | int] = [(source, target)]
        while ahead:  # a stack and not a recursion: a way may be longer than Python can nest
            way = ahead.pop()
            if isinstance(way, int):
                found.append(way)
            elif (middle := int(self.passed[way])) >= 0:
                ahead += [(middle, way[1]), middle, (way[0], middle)]
        return found


class Kind(StrEnum):
    """What can be wrong with a case."""

    SKIPPED = "skipped"
    INSERTED = "inserted"
    REPEATED = "repeated"
    UNDECLARED = "undeclared"


INSERTED: Final = {Kind.UNDECLARED: 1, Kind.REPEATED: 2, Kind.INSERTED: 3}  # as `retrace` marks

SENTENCES: Final = {
    Kind.SKIPPED: N_("“{activity}” was left out. Times: {count}, cases: {cases}."),
    Kind.INSERTED: N_(
        "“{activity}” was done where it has no place. Times: {count}, cases: {cases}."
    ),
    Kind.REPEATED: N_("“{activity}” was done again. Times: {count}, cases: {cases}."),
    Kind.UNDECLARED: N_(
        "“{activity}” is not a step of the procedure. Times: {count}, cases: {cases}."
    ),
}


SUMMARY: Final = N_(
    "Of {cases} cases {kept} kept to the procedure altogether. A case keeps to {percent} % of it "
    "on average."
)


@dataclass(frozen=True, slots=True)
class Deviation:
    """What was not as declared: how often, and in how many cases."""

    kind: Kind
    activity: str
    count: int
    cases: int

    @property
    def sentence(self) -> str:
        """The template, in English, for the screen to translate and fill with `facts`."""
        return SENTENCES[self.kind]

    @property
    def facts(self) -> dict[str, Any]:
        return {"activity": self.activity, "count": self.count, "cases": self.cases}


@dataclass(frozen=True, eq=False)
class Conformance:
    """`cost` int64 [cases] in steps, `fitness` float64 [cases] from 0 to 1, and what deviated,
    the most cases first."""

    cost: Int64
    fitness: Any
    deviations: tuple[Deviation, ...]

    @property
    def fitting_share(self) -> float:
        """The share of cases that kept to the procedure altogether."""
        return float((self.cost == 0).mean())

    @property
    def fitness_mean(self) -> float:
        return float(self.fitness.mean())

    @property
    def sentence(self) -> str:
        """The whole in words, in English, for the screen to translate and fill with `facts`."""
        return SUMMARY

    @property
    def facts(self) -> dict[str, Any]:
        return {
            "cases": self.cost.size,
            "kept": int((self.cost == 0).sum()),
            "percent": round(100 * self.fitness_mean, 1),
        }


def conformance(log: EventLog, net: Net) -> Conformance:
    """Align every variant with the net: O(events of the variants x steps)."""
    found = variants(log)
    names = log.activity.names
    steps = np.array([net.place.get(name, -1) for name in names], np.int32)
    optional = np.array([step.optional for step in net.steps], bool)
    cost, skipped, strange = kernels.align_all(
        log.activity.codes, log.offsets, found.first_case, found.counts, steps, net.distance,
        net.passed, optional,
    )  # fmt: skip
    lengths = np.diff(log.offsets)[found.first_case]
    fitness = 1 - cost / (lengths + net.distance[-1, -1])
    named = [*_named(Kind.SKIPPED, [step.name for step in net.steps], skipped)]
    for kind, mark in INSERTED.items():
        named += _named(kind, names, strange[mark])
    named.sort(key=lambda one: (-one.cases, -one.count, one.kind, one.activity))
    return Conformance(cost[found.of_case], fitness[found.of_case], tuple(named))


def _named(kind: Kind, names: Sequence[str], tally: Int64) -> list[Deviation]:
    """`tally` int64 [2, names]: how often, and in how many cases."""
    return [
        Deviation(kind, names[code], int(tally[0, code]), int(tally[1, code]))
        for code in np.flatnonzero(tally[0]).tolist()
    ]
