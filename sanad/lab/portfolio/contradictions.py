"""What can never hold, found before anything is solved, and told by the names of the initiatives.

It also finds the first quarter in which each initiative can start at all.
"""

from collections.abc import Iterable

from sanad.lab.portfolio.instance import Initiative, Instance
from sanad.lab.portfolio.schedule import named
from sanad.lib.money import format_omr
from sanad.lib.refusal import N_, Refused


class Contradiction(Refused):
    """Any wish that no choice can fulfil."""

    code = "portfolio.contradiction"
    sentence = N_("These wishes contradict each other.")


class UnknownInitiative(Contradiction):
    code = "portfolio.unknown_initiative"
    sentence = N_("“{name}” names {code}, which is not among the initiatives. Correct the code.")


class NamedTwice(Contradiction):
    code = "portfolio.named_twice"
    sentence = N_("The code {code} is given to two initiatives. Give one of them another.")


class DependencyCycle(Contradiction):
    code = "portfolio.dependency_cycle"
    sentence = N_(
        "These initiatives wait for each other in a circle, so none could ever start: {names}. "
        "Remove one of the dependencies."
    )


class MustAndNever(Contradiction):
    code = "portfolio.must_and_never"
    sentence = N_(
        "“{name}” must be chosen, but “{other}”, which it is or depends on, must never be. "
        "Take back one of the two wishes."
    )


class MustTooLate(Contradiction):
    code = "portfolio.must_too_late"
    sentence = N_(
        "“{name}” must be chosen, but with what must be finished before it cannot be finished "
        "within the plan. Make the plan longer, or take the wish back."
    )


class MustExcluded(Contradiction):
    code = "portfolio.must_excluded"
    sentence = N_(
        "“{name}” and “{other}” must both be chosen or are needed by those that must, and they "
        "exclude each other. Take back one of the wishes."
    )


class MustBeyondBudget(Contradiction):
    code = "portfolio.must_beyond_budget"
    sentence = N_(
        "What must be chosen costs {cost} rials within the plan at least, and all budgets together "
        "are {budget}: {names}. Take back a wish or raise a budget."
    )


class MustTogether(Contradiction):
    code = "portfolio.must_together"
    sentence = N_(
        "These cannot all be chosen under the budgets and crews, in any order: {names}. Without "
        "one of them the others can. Take back one wish, or raise a budget or a crew."
    )


def first_starts(instance: Instance) -> dict[str, int]:
    """The first possible start of each initiative that can be chosen at all.

    Raises a `Contradiction` where a wish can never be fulfilled.
    """
    _require_known(instance)
    _require_no_circle(instance)
    found = _earliest(instance)
    for one in instance.initiatives:
        if one.must and one.code not in found:
            _refuse_must(instance, one, found)
    _require_musts_agree(instance)
    return found


def needed_by(instance: Instance, one: Initiative) -> list[Initiative]:
    """The initiative with all that it depends on, those it depends on first."""
    found: dict[str, Initiative] = {}

    def walk(each: Initiative) -> None:
        for code in each.after:
            if code not in found:
                walk(instance.by_code[code])
        found.setdefault(each.code, each)

    walk(one)
    return list(found.values())


def _require_known(instance: Instance) -> None:
    if len(instance.by_code) < len(instance.initiatives):
        codes = [one.code for one in instance.initiatives]
        raise NamedTwice(code=next(code for code in codes if codes.count(code) > 1))
    for one in instance.initiatives:
        for code in (*one.after, *one.excludes, *one.one_of):
            if code not in instance.by_code:
                raise UnknownInitiative(name=one.name, code=code)


def _require_no_circle(instance: Instance) -> None:
    """Depth first; what is met again on the way there is a circle."""
    done: set[str] = set()
    for one in instance.initiatives:
        way: list[str] = []
        _walk(instance, one.code, way, done)


def _walk(instance: Instance, code: str, way: list[str], done: set[str]) -> None:
    if code in way:
        circle = [instance.by_code[each] for each in way[way.index(code) :]]
        raise DependencyCycle(names=named(circle))
    if code in done:
        return
    way.append(code)
    for before in instance.by_code[code].after:
        _walk(instance, before, way, done)
    way.pop()
    done.add(code)


def _earliest(instance: Instance) -> dict[str, int]:
    """Starts raised until nothing changes: after what must be before, in time, without nevers."""
    found = {one.code: one.earliest for one in instance.initiatives if not one.never}
    while True:
        after = {}
        for code, start in found.items():
            first = _first(instance, instance.by_code[code], start, found)
            if first is not None and first <= instance.latest(instance.by_code[code]):
                after[code] = first
        if after == found:
            return found
        found = after


def _first(
    instance: Instance, one: Initiative, start: int, found: dict[str, int]
) -> int | None:  # fmt: skip
    def finished(codes: Iterable[str]) -> list[int]:
        return [found[c] + instance.by_code[c].duration for c in codes if c in found]

    before = finished(one.after)
    enablers = finished(one.one_of)
    if len(before) < len(one.after) or (one.one_of and not enablers):
        return None
    return max([start, *before, *([min(enablers)] if enablers else [])])


def _refuse_must(instance: Instance, one: Initiative, found: dict[str, int]) -> None:
    for other in needed_by(instance, one):
        if other.never:
            raise MustAndNever(name=one.name, other=other.name)
        if other.one_of and all(instance.by_code[code].never for code in other.one_of):
            raise MustAndNever(name=one.name, other=instance.by_code[other.one_of[0]].name)
    raise MustTooLate(name=one.name)


def _require_musts_agree(instance: Instance) -> None:
    wanted: dict[str, Initiative] = {}
    for one in instance.initiatives:
        if one.must:
            wanted |= {each.code: each for each in needed_by(instance, one)}
    for one in wanted.values():
        for code in one.excludes:
            if code in wanted:
                raise MustExcluded(name=one.name, other=wanted[code].name)
    cost = sum(_least_cost(instance, one) for one in wanted.values())
    budget = sum(instance.budget_baisa[year] for year in instance.years)
    if cost > budget:
        raise MustBeyondBudget(
            cost=format_omr(cost), budget=format_omr(budget), names=named(list(wanted.values()))
        )


def _least_cost(instance: Instance, one: Initiative) -> int:
    """Of its possible starts the cheapest: what falls behind the horizon is not counted."""
    starts = range(one.earliest, instance.latest(one) + 1)
    return min((sum(instance.cost_in(one, start).values()) for start in starts), default=0)
