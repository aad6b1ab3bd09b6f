"""Conformance: how far the cases kept to a declared procedure.

A :class:`Net` says which steps there are, which may come after which, with which a case starts and
with which it ends. An optional step may be left out at no cost; a repeatable one may follow itself.
The cost of a case is the fewest steps skipped and inserted that make it a run of the net, found
exactly by dynamic programming; fitness is 1 - cost / worst, where the worst inserts every event
and skips the net's shortest run. A. Adriansyah, Aligning Observed and Modeled Behavior, 2014.
"""

from collections import Counter
from collections.abc import Iterable
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
        """The distances and, int32 [n + 1, n + 1], a step passed between two (-1: none)."""
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

    def between(self, source: int, target: int) -> list[int]:
        """The steps passed on the cheapest way from one to another, in order."""
        middle = int(self._ways[1][source, target])
        if middle < 0:
            return []
        return [*self.between(source, middle), middle, *self.between(middle, target)]


class Kind(StrEnum):
    """What can be wrong with a case."""

    SKIPPED = "skipped"
    INSERTED = "inserted"
    REPEATED = "repeated"
    UNDECLARED = "undeclared"


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


def conformance(log: EventLog, net: Net) -> Conformance:
    """Align every variant with the net: O(events of the variants x steps)."""
    found = variants(log)
    steps = np.array([net.place.get(name, -1) for name in log.activity.names], np.int32)
    cost = np.empty(len(found), np.int64)
    worst = np.empty(len(found), np.int64)
    times: Counter[tuple[Kind, str]] = Counter()
    cases: Counter[tuple[Kind, str]] = Counter()
    for variant in range(len(found)):
        events = steps[found.codes(variant)]
        cost[variant], origin = kernels.align(events, net.distance)
        worst[variant] = events.size + net.distance[-1, -1]
        if not cost[variant]:
            continue
        here = Counter(_deviations(events, origin, net, found.activities(variant)))
        for deviation, count in here.items():
            times[deviation] += count * int(found.counts[variant])
            cases[deviation] += int(found.counts[variant])
    fitness = 1 - cost / worst
    named = [Deviation(*what, count, cases[what]) for what, count in times.items()]
    named.sort(key=lambda one: (-one.cases, -one.count, one.kind, one.activity))
    return Conformance(cost[found.of_case], fitness[found.of_case], tuple(named))


def _deviations(
    events: Int32, origin: Int32, net: Net, names: tuple[str, ...]
) -> list[tuple[Kind, str]]:
    """Walk the alignment back from its end and name every step skipped or inserted."""
    found: list[tuple[Kind, str]] = []

    def skip(source: int, target: int) -> None:
        for middle in net.between(source, target):
            if not net.steps[middle].optional:
                found.append((Kind.SKIPPED, net.steps[middle].name))

    state = int(origin[-1])
    skip(state, len(net.steps))
    for place in range(events.size - 1, -1, -1):
        if events[place] == state and origin[place] >= 0:
            skip(int(origin[place]), state)
            state = int(origin[place])
        else:
            found.append((_kind_inserted(events, place), names[place]))
    return found


def _kind_inserted(events: Int32, place: int) -> Kind:
    if events[place] < 0:
        return Kind.UNDECLARED
    again = bool((events[:place] == events[place]).any())
    return Kind.REPEATED if again else Kind.INSERTED
