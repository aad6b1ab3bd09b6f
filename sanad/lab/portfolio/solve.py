"""The best choice, with its bound, by HiGHS over the program of `program.py`."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from sanad.lab.portfolio import schedule
from sanad.lab.portfolio.contradictions import MustTogether, first_starts
from sanad.lab.portfolio.instance import Instance, Value
from sanad.lab.portfolio.program import Choice, build
from sanad.lab.portfolio.schedule import named
from sanad.lib.refusal import N_, Refused

WHOLE = 1 - 1e-6  # values are whole: closer than one is the same
SMALL = 500  # initiatives times quarters
AT_ONCE_SECONDS = 4.0


class NotSolvedInTime(Refused):
    code = "portfolio.not_solved_in_time"
    sentence = N_(
        "No choice was found in {seconds} seconds. Allow more seconds, or fewer wishes that must "
        "be fulfilled."
    )


@dataclass(frozen=True)
class Answer:
    """A choice with its starts; `bound` is what no choice can exceed, in thousandths of a point."""

    starts: Mapping[str, int]
    value: Value
    bound: float
    seconds: float

    @property
    def proven(self) -> bool:
        return self.bound - self.value.mid < 1

    @property
    def gap_percent(self) -> float:
        """How much better a choice may exist, of the bound; nought where this is the best."""
        if self.proven:
            return 0.0
        return 100 * (self.bound - self.value.mid) / self.bound


@dataclass(frozen=True)
class Found:
    """What one run of the solver says: no `starts` where nothing holds the rules."""

    starts: Mapping[str, int] | None
    value: int
    bound: float

    @property
    def is_exact(self) -> bool:
        return self.bound - self.value < 1

    @property
    def is_impossible(self) -> bool:
        return self.starts is None and self.bound == -np.inf


def solve(instance: Instance, *, seconds: float = 30.0) -> Answer:
    """The best choice that is found in so many seconds, with the bound that was reached.

    Raises a `Contradiction` by the names of those that cannot be fulfilled together,
    `NotSolvedInTime` where nothing was found, and `SolverFailed`.
    """
    began = time.perf_counter()
    found = best(instance, seconds=seconds)
    if found.is_impossible:
        raise _why_not(instance, seconds=seconds)
    if found.starts is None:
        raise NotSolvedInTime(seconds=f"{seconds:g}")
    schedule.require_holds(instance, found.starts)
    return Answer(
        found.starts, instance.value_of(found.starts), found.bound, time.perf_counter() - began
    )


def best(
    instance: Instance, *, seconds: float, forced: Mapping[str, bool] | None = None
) -> Found:  # fmt: skip
    """The best choice with some initiatives forced in or out, if any holds the rules.

    Small ones are proven at once. What is not is begun anew from a choice found by annealing: only
    what is better is looked for from there, so that the solver has most to cut off.
    """
    began = time.perf_counter()
    wanted = force(instance, forced or {})
    earliest = first_starts(wanted)
    if not earliest:
        return Found({}, 0, 0.0)
    known = Found(None, 0, _most(wanted, earliest))
    if len(earliest) * instance.quarters <= SMALL:
        known = run(build(wanted, earliest=earliest), seconds=min(seconds, AT_ONCE_SECONDS))
        if known.is_exact or known.is_impossible or seconds <= AT_ONCE_SECONDS:
            return known
    known = _better(known, _annealed(wanted, earliest))
    if known.starts is None:
        return run(build(wanted, earliest=earliest), seconds=began + seconds - time.perf_counter())
    return _improved(wanted, earliest, known, seconds=began + seconds - time.perf_counter())


def _most(instance: Instance, earliest: Mapping[str, int]) -> float:
    """Every initiative at its first start: more there cannot be."""
    parts = [max(0, instance.value_of({code: start}).mid) for code, start in earliest.items()]
    return float(sum(parts))


def _annealed(instance: Instance, earliest: Mapping[str, int]) -> Found:
    from sanad.lab.portfolio import anneal  # compiles its loops, which small ones do without

    starts = anneal.anneal(instance, earliest)
    if any(one.must and one.code not in starts for one in instance.initiatives):
        return Found(None, 0, np.inf)
    return Found(starts, instance.value_of(starts).mid, np.inf)


def _better(one: Found, other: Found) -> Found:
    """The choice of greater value, under the lower bound."""
    bound = min(one.bound, other.bound)
    known = [each for each in (one, other) if each.starts is not None]
    best = max(known, key=lambda each: each.value, default=one)
    return replace(best, bound=bound)


def _improved(
    instance: Instance, earliest: Mapping[str, int], known: Found, *, seconds: float
) -> Found:
    """What is better than the known choice; its own bound where nothing is."""
    choice = build(instance, earliest=earliest)
    choice.at_least(known.value + 1)
    found = run(choice, seconds=seconds)
    if found.is_impossible:
        return replace(known, bound=float(known.value))
    return _better(found, known)


def run(choice: Choice, *, seconds: float) -> Found:
    """Solve it for the value."""
    choice.program.aim(-choice.worth())
    solved = choice.program.solve(seconds=seconds, gap=WHOLE)
    if solved.values is None:
        bound = -np.inf if solved.bound == np.inf else _whole(-solved.bound)
        return Found(None, 0, bound)
    starts = choice.chosen(solved.values)
    value = choice.instance.value_of(starts).mid
    return Found(starts, value, max(float(value), _whole(-solved.bound)))


def _whole(bound: float) -> float:
    """No choice has more: values are whole."""
    return float(np.floor(bound + 1e-4))


def force(instance: Instance, forced: Mapping[str, bool]) -> Instance:
    """The same where those of `forced` must be in (True) or out (False)."""
    return replace(
        instance,
        initiatives=tuple(
            replace(one, must=forced[one.code], never=not forced[one.code])
            if one.code in forced
            else one
            for one in instance.initiatives
        ),
    )


def _why_not(instance: Instance, *, seconds: float) -> MustTogether:
    """The fewest wishes found that cannot be fulfilled together: any taken out, the rest can."""
    wanted = [one.code for one in instance.initiatives if one.must]
    for code in list(wanted):
        fewer = [each for each in wanted if each != code]
        eased = replace(
            instance,
            initiatives=tuple(replace(o, must=o.code in fewer) for o in instance.initiatives),
        )
        if best(eased, seconds=seconds).is_impossible:
            wanted = fewer
    return MustTogether(names=named([instance.by_code[code] for code in wanted]))
