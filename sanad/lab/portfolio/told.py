"""An answer with its turns as one document, the same for the command, the Lab and its files."""

from collections.abc import Mapping, Sequence
from typing import Any

from sanad.lab.portfolio import schedule
from sanad.lab.portfolio.instance import UNITS_A_POINT, Instance, Value
from sanad.lab.portfolio.solve import Answer
from sanad.lab.portfolio.turns import Side, Turn, Turns


def document(instance: Instance, answer: Answer, found: Sequence[Turns]) -> dict[str, Any]:
    """Chosen with starts, value and bound in points, costs by year, and the turns by code."""
    spent = schedule.spent(instance, answer.starts)
    return {
        "chosen": [_chosen(instance, answer.starts, code) for code in in_order(answer.starts)],
        "left_out": [one.code for one in instance.initiatives if one.code not in answer.starts],
        "value": points(answer.value),
        "bound": answer.bound / UNITS_A_POINT,
        "gap_percent": round(answer.gap_percent, 4),
        "proven": answer.proven,
        "cost_baisa": {str(year): cost for year, cost in spent.items()},
        "budget_baisa": {str(year): instance.budget_baisa[year] for year in instance.years},
        "turns": [_turns(one) for one in found],
    }


def points(value: Value) -> dict[str, float]:
    """A value in points."""
    return {end: getattr(value, end) / UNITS_A_POINT for end in ("low", "mid", "high")}


def in_order(starts: Mapping[str, int]) -> list[str]:
    """Codes by their start."""
    return sorted(starts, key=lambda code: (starts[code], code))


def _chosen(instance: Instance, starts: Mapping[str, int], code: str) -> dict[str, Any]:
    one, start = instance.by_code[code], starts[code]
    return {
        "code": code,
        "start": str(instance.horizon[start]),
        "end": str(instance.horizon[start + one.duration - 1]),
        "value": points(instance.value_of({code: start})),
        "cost_baisa": sum(instance.cost_in(one, start).values()),
    }


def _turns(one: Turns) -> dict[str, Any]:
    return {
        "code": one.code, "chosen": one.is_chosen, "value": _turn(one.value, UNITS_A_POINT),
        "cost": _turn(one.cost, 1),
    }  # fmt: skip


def _turn(turn: Turn, unit: int) -> dict[str, Any]:
    if turn.change is None:
        return {"change": None, "why": turn.why}
    return {
        "change": turn.change / unit if unit > 1 else turn.change,
        "percent": None if turn.percent is None else round(turn.percent, 3),
        "confirmed": turn.is_confirmed,
        "tolerance": turn.tolerance / unit,
        "before": _side(turn.before, unit),
        "after": _side(turn.after, unit),
    }


def _side(side: Side | None, unit: int) -> dict[str, Any] | None:
    if side is None:
        return None
    return {
        "given": side.given / unit if unit > 1 else side.given,
        "value": side.value / UNITS_A_POINT,
        "in": side.is_in, "tied": side.is_tied,
    }  # fmt: skip
