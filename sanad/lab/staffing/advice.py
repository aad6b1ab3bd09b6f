"""One centre's staffing as a document: what it needs, a week's roster, and its opening hours."""

from collections.abc import Callable
from typing import Any

from sanad.lab.staffing.assumed import HOURS_SAID, SAID, Costs
from sanad.lab.staffing.demand import clock, weekday_code
from sanad.lab.staffing.hours import hours_advice
from sanad.lab.staffing.needs import needs_of
from sanad.lab.staffing.patterns import Shift
from sanad.lab.staffing.roster import ALL_DAYS, Roster, roster
from sanad.lab.staffing.rules import Rules
from sanad.lab.staffing.target import Target
from sanad.lab.twin.network.model import Model


def advise(
    model: Model, *, target: Target, rules: Rules, costs: Costs, staff: int | None = None,
    cover_all: bool = False, told: Callable[[str], None] | None = None,
) -> dict[str, Any]:  # fmt: skip
    """The document for the centre of a model of one centre.

    `staff` people are rostered, or as many as are there now. Raises what needs and rosters refuse.
    """
    needs = needs_of(model, target, told=told)
    count = needs.present if staff is None else staff
    found = roster(
        needs.people, [ALL_DAYS] * count, rules, visits=needs.demand.visits[0], cover_all=cover_all
    )
    return {
        "centre": needs.centre, **needs.as_json(), "staff": count, "rules": rules.as_json(),
        "roster": roster_json(found), "gap_percent": round(found.gap_percent, 4),
        "hours": hours_advice(model, needs.demand, needs.people, costs).as_json(),
        "assumptions": [{"ar": one.ar, "en": one.en} for one in (*SAID, *HOURS_SAID)],
        "illustrative": True,
    }  # fmt: skip


def roster_json(found: Roster) -> dict[str, Any]:
    """A roster as data; half hours that lack somebody by weekday and time."""
    lacking = found.lacking
    return {
        "people": found.people, "paid_hours": found.paid / 2,
        "paid_hours_bound": found.paid_bound / 2, "lacking_hours": float(lacking.sum()) / 2,
        "empty_hours": float(found.empty.sum()) / 2, "lacking_weight": found.lacking_weight,
        "lacking_weight_bound": found.lacking_bound, "columns": found.columns,
        "patterns": [
            {"people": one.people, "paid_hours": one.pattern.paid / 2,
             "week": {weekday_code(day): shift_json(shift)
                      for day, shift in enumerate(one.pattern.shifts) if shift}}
            for one in found.chosen
        ],
        "lacking": [
            {"weekday": weekday_code(int(day)), "from": clock(int(slot)),
             "until": clock(int(slot) + 1), "people": int(lacking[day, slot])}
            for day, slot in zip(*lacking.nonzero(), strict=True)
        ],
    }  # fmt: skip


def shift_json(shift: Shift) -> list[list[str]]:
    """The pieces of a shift as times of the clock."""
    return [[clock(since), clock(until)] for since, until in shift]
