"""Whether a choice with its starts holds every rule; the first that is broken is told by name."""

from collections.abc import Mapping

from sanad.lab.portfolio.instance import Initiative, Instance
from sanad.lib.bilingual import Text
from sanad.lib.money import format_omr
from sanad.lib.refusal import N_, Refused


class ScheduleRefused(Refused):
    """Any rule of the plan that a start breaks."""

    code = "portfolio.schedule_refused"
    sentence = N_("This start does not fit into the plan.")


class OutsideHorizon(ScheduleRefused):
    code = "portfolio.outside_horizon"
    sentence = N_(
        "“{name}” cannot start in {quarter}: it would have to start from {earliest} to {latest} to "
        "be finished within the plan."
    )


class DependencyBroken(ScheduleRefused):
    code = "portfolio.dependency_broken"
    sentence = N_(
        "“{name}” cannot start in {quarter}: “{before}” must be finished before. Move that one "
        "first, or choose a later quarter."
    )


class EnablerMissing(ScheduleRefused):
    code = "portfolio.enabler_missing"
    sentence = N_(
        "“{name}” cannot start in {quarter}: one of these must be finished before: {names}. "
        "Choose a later quarter."
    )


class ExcludedTogether(ScheduleRefused):
    code = "portfolio.excluded_together"
    sentence = N_("“{name}” and “{other}” exclude each other. Keep one of them.")


class BudgetExceeded(ScheduleRefused):
    code = "portfolio.budget_exceeded"
    sentence = N_(
        "The budget of {year} would be exceeded by {over} rials. It pays for: {names}. Choose "
        "another quarter or raise the budget."
    )


class CrewExceeded(ScheduleRefused):
    code = "portfolio.crew_exceeded"
    sentence = N_(
        "In {quarter} there are {there} of “{crew}” and {needed} would be needed, for: {names}. "
        "Choose another quarter."
    )


def require_holds(instance: Instance, starts: Mapping[str, int]) -> None:
    """Raises the first of `ScheduleRefused` that `starts` breaks."""
    chosen = {code: instance.by_code[code] for code in instance.by_code if code in starts}
    for one in chosen.values():
        _require_time(instance, one, starts)
        _require_before(instance, one, starts)
        for other in one.excludes:
            if other in chosen:
                raise ExcludedTogether(name=one.name, other=chosen[other].name)
    _require_budget(instance, chosen, starts)
    _require_crews(instance, chosen, starts)


def named(initiatives: list[Initiative]) -> Text:
    """Their names in a row."""
    return Text(
        "، ".join(one.name.ar for one in initiatives), ", ".join(one.name.en for one in initiatives)
    )


def _require_time(instance: Instance, one: Initiative, starts: Mapping[str, int]) -> None:
    if not one.earliest <= starts[one.code] <= instance.latest(one):
        raise OutsideHorizon(
            name=one.name, quarter=_quarter(instance, starts[one.code]),
            earliest=_quarter(instance, one.earliest),
            latest=_quarter(instance, instance.latest(one)),
        )  # fmt: skip


def _quarter(instance: Instance, number: int) -> str:
    """A quarter of the horizon, or one beside it."""
    found = instance.first
    for _ in range(abs(number)):
        found = found.next if number > 0 else found.previous
    return str(found)


def _require_before(instance: Instance, one: Initiative, starts: Mapping[str, int]) -> None:
    def is_finished(code: str) -> bool:
        before = instance.by_code[code]
        return code in starts and starts[code] + before.duration <= starts[one.code]

    quarter = _quarter(instance, starts[one.code])
    for code in one.after:
        if not is_finished(code):
            raise DependencyBroken(
                name=one.name, quarter=quarter, before=instance.by_code[code].name
            )
    if one.one_of and not any(map(is_finished, one.one_of)):
        names = named([instance.by_code[code] for code in one.one_of])
        raise EnablerMissing(name=one.name, quarter=quarter, names=names)


def spent(instance: Instance, starts: Mapping[str, int]) -> dict[int, int]:
    """What the choice costs by year, in baisa."""
    total = dict.fromkeys(instance.years, 0)
    for code, start in starts.items():
        for year, cost in instance.cost_in(instance.by_code[code], start).items():
            total[year] += cost
    return total


def _require_budget(
    instance: Instance, chosen: Mapping[str, Initiative], starts: Mapping[str, int]
) -> None:
    for year, cost in spent(instance, starts).items():
        over = cost - instance.budget_baisa[year]
        if over > 0:
            paid = [one for one in chosen.values() if instance.cost_in(one, starts[one.code])[year]]
            raise BudgetExceeded(year=year, over=format_omr(over), names=named(paid))


def needed(
    instance: Instance, starts: Mapping[str, int], kind: str
) -> list[tuple[int, list[Initiative]]]:
    """Of one kind of crew: how many each quarter needs, and for which initiatives."""
    found: list[tuple[int, list[Initiative]]] = [(0, []) for _ in range(instance.quarters)]
    for code, start in starts.items():
        one = instance.by_code[code]
        for quarter, need in enumerate(one.crew.get(kind, ()), start):
            if need and quarter < instance.quarters:
                found[quarter] = (found[quarter][0] + need, [*found[quarter][1], one])
    return found


def _require_crews(
    instance: Instance, chosen: Mapping[str, Initiative], starts: Mapping[str, int]
) -> None:
    inside = {code: starts[code] for code in chosen}
    for kind, there in instance.crews.items():
        for number, (need, who) in enumerate(needed(instance, inside, kind)):
            if need > there[number]:
                raise CrewExceeded(
                    quarter=_quarter(instance, number), there=there[number], crew=kind,
                    needed=need, names=named(who),
                )  # fmt: skip
