"""Rosters of the network's own centres: gap and seconds. Prints one JSON document.

    python -m benchmarks.staffing --centres 100 --naive 5

A sample of centres of each calibration, each different week of needs and number of people once: as
many people as are there, and as many as can cover the week at the least. Beside a few of them the
naive formulation: a person's every half hour a variable, people named from the start. It has fewer
rules (hours a day and a week, days a week, one shift's least length) and the same time.
"""

import json
import statistics
import time
from typing import Any

import click
import numpy as np
from ortools.sat.python import cp_model

from sanad.lab.calibration import calibrated
from sanad.lab.staffing import erlang
from sanad.lab.staffing.demand import demand_of
from sanad.lab.staffing.roster import ALL_DAYS, Roster, fewest_people, roster
from sanad.lab.staffing.rules import Rules, usual_rules
from sanad.lab.staffing.target import usual_target
from sanad.lab.twin.facts import Ints

CALIBRATIONS = ("announced", "portal")
SECONDS = 5.0
TARGET_GAP_PERCENT = 2.0


def weeks(calibration: str, centres: int, seed: int, rules: Rules) -> list[tuple[Ints, Any, int]]:
    """Different weeks of a sample of centres: people needed, visits, people to roster."""
    model = calibrated(calibration)
    demand = demand_of(model)
    needed = erlang.needed(demand, usual_target())
    draws = np.random.default_rng(seed)
    sample = draws.choice(len(model.centre), min(centres, len(model.centre)), replace=False)
    found: dict[tuple[bytes, int], tuple[Ints, Any, int]] = {}
    for k in sorted(map(int, sample)):
        for people in (int(model.servers[k]), fewest_people(needed[k], rules)):
            found.setdefault((needed[k].tobytes(), people), (needed[k], demand.visits[k], people))
    return list(found.values())


def naive(needed: Ints, visits: Any, people: int, rules: Rules) -> dict[str, Any]:
    """Named people, a variable for each of their half hours; the same two aims in one."""
    model = cp_model.CpModel()
    cells = [(int(d), int(s)) for d, s in np.argwhere(needed > 0)]
    works = {(p, *at): model.new_bool_var("") for p in range(people) for at in cells}
    for p in range(people):
        days = []
        for day in sorted({d for d, _ in cells}):
            here = [works[p, d, s] for d, s in cells if d == day]
            on = model.new_bool_var("")
            model.add_max_equality(on, here)
            model.add(sum(here) <= rules.slots("hours_a_day"))
            model.add(sum(here) >= rules.slots("hours_a_shift_least")).only_enforce_if(on)
            days.append(on)
        model.add(sum(days) <= rules.days_a_week)
        model.add(sum(works[p, d, s] for d, s in cells) <= rules.slots("hours_a_week"))
    lacks = {at: model.new_int_var(0, int(needed[at]), "") for at in cells}
    for at, lack in lacks.items():
        model.add(sum(works[p, *at] for p in range(people)) + lack >= int(needed[at]))
    most = people * rules.slots("hours_a_week") + 1
    weight = {at: max(round(100 * float(visits[at])), 1) for at in cells}
    model.minimize(
        most * sum(weight[at] * lack for at, lack in lacks.items()) + sum(works.values())
    )
    solver = cp_model.CpSolver()
    solver.parameters.num_workers, solver.parameters.random_seed = 1, 2025
    solver.parameters.max_time_in_seconds = SECONDS
    started = time.perf_counter()
    solver.solve(model)
    value, bound = solver.objective_value, solver.best_objective_bound
    return {
        "people": people, "gap_percent": round(100 * (value - bound) / max(value, 1), 2),
        "seconds": round(time.perf_counter() - started, 2),
    }  # fmt: skip


def run(*, centres: int, seed: int, naive_of: int) -> dict[str, Any]:
    """Every different week of the samples."""
    rules = usual_rules()
    found: dict[str, Any] = {"seed": seed, "centres": centres, "seconds_allowed": SECONDS}
    for calibration in CALIBRATIONS:
        asked = weeks(calibration, centres, seed, rules)
        solved = [
            roster(needed, [ALL_DAYS] * people, rules, visits=visits, seconds=SECONDS)
            for needed, visits, people in asked
        ]
        found[calibration] = _said(solved)
        largest = sorted(asked, key=lambda one: -int(one[0].sum()))[:naive_of]
        found[calibration]["naive"] = [naive(*one, rules) for one in largest]
    found["holds"] = all(
        found[one]["gap_percent_most"] <= TARGET_GAP_PERCENT
        and found[one]["seconds_most"] <= SECONDS
        for one in CALIBRATIONS
    )  # fmt: skip
    return found


def _said(solved: list[Roster]) -> dict[str, Any]:
    seconds = [one.seconds for one in solved]
    return {
        "rosters": len(solved), "columns_most": max(one.columns for one in solved),
        "gap_percent_most": round(max(one.gap_percent for one in solved), 4),
        "proven_best": sum(one.gap_percent == 0 for one in solved),
        "seconds_median": round(statistics.median(seconds), 3),
        "seconds_most": round(max(seconds), 3),
        "covered_wholly": sum(not one.lacking.any() for one in solved),
    }  # fmt: skip


@click.command()
@click.option("--centres", type=click.IntRange(min=1), default=100, show_default=True)
@click.option("--seed", default=2025, show_default=True)
@click.option("--naive", "naive_of", type=click.IntRange(min=0), default=0, show_default=True,
              help="The largest so many also in the naive way.")  # fmt: skip
def main(centres: int, seed: int, naive_of: int) -> None:
    """Rosters of the network's centres: gap and seconds."""
    click.echo(json.dumps(run(centres=centres, seed=seed, naive_of=naive_of), indent=1))


if __name__ == "__main__":
    main()
