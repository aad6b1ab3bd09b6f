"""Load the worked example: live its studies, take effects from them, choose under three budgets.

The file is `data/example/worked.yaml`: studies of known bases, initiatives as
`sanad.lab.roadmap.facts` reads them (an effect may name a study of the file and one of its
scenarios instead of figures; milestones and reviews are told in quarters after the start), and one
plan with several budgets, of which one is adopted. Everything is marked as an example.
"""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import yaml

from sanad.db.scope import acting, national_scope
from sanad.lab import studies
from sanad.lab.models import Stage, StudyState
from sanad.lab.portfolio.read import instance_of
from sanad.lab.portfolio.solve import solve
from sanad.lab.roadmap import initiatives, plan, portfolios
from sanad.lab.roadmap.baseline import Baselines, baselines
from sanad.lab.roadmap.facts import Facts, facts_of
from sanad.lab.roadmap.initiatives import InitiativeView
from sanad.lab.roadmap.portfolios import Wish
from sanad.lab.twin.network.scenarios import BASELINE, scenario_of
from sanad.lib.quarters import Quarter
from sanad.lib.refusal import N_, Refused

FILE: Final = Path(__file__).parents[1] / "data" / "example" / "worked.yaml"
REASON: Final = "example"
SOLVE_SECONDS: Final = 30.0
LOOKED_THROUGH: Final = 200  # newest studies
Told = Callable[[str], None]


class ExampleLoaded(Refused):
    code = "lab.example_loaded"
    sentence = N_("The worked example is there already. Look at it on the page of the example.")


@dataclass(frozen=True)
class Loaded:
    """What was made, by its key in the file."""

    studies: dict[str, UUID]
    portfolios: dict[str, UUID]
    initiatives: int


@cache
def said() -> dict[str, Any]:
    """What the file says."""
    found: dict[str, Any] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return found


def titles() -> dict[str, str]:
    """The title of each study and portfolio of the file, by key."""
    document = said()
    return {
        one["key"]: one["title"]
        for one in (*document["studies"], *document["portfolio"]["budgets"])
    }


def load(*, on: dt.date, at: dt.datetime, by: UUID, tell: Told = lambda text: None) -> Loaded:
    """Make the example: studies that are there already are taken, the rest is all or nothing.

    Raises `ExampleLoaded`, and what studies, initiatives and portfolios refuse.
    """
    with acting(national_scope(account=by)):
        if any(one.is_example for one in initiatives.listed()):
            raise ExampleLoaded
    made = _studies(at, by, tell)
    with acting(national_scope(account=by)):
        proposed = [_studied(one, made) for one in said()["initiatives"]]
        scales = _scales(made)
        live = baselines(on)
        wishes = _wishes(scales)
        tell("Choosing initiatives under three budgets …")
        dated = _dated(proposed, wishes[said()["portfolio"]["adopt"]], live, at)
        initiatives.propose(dated, at=at, by=by, is_example=True)
        for one in dated:
            initiatives.step(one.code, Stage.STUDIED, is_ministry=True, reason=REASON, at=at, by=by)
        views = [initiatives.one(one.code) for one in dated]
        chosen = {}
        for key, wish in wishes.items():
            chosen[key] = portfolios.ask(wish, views, live, at=at, by=by)
            # Here and now; where the answer came at once, this does nothing.
            portfolios.run(chosen[key], now=lambda: at)
        plan.adopt(chosen[said()["portfolio"]["adopt"]], at=at, by=by)
    return Loaded(made, chosen, len(dated))


def _studies(at: dt.datetime, by: UUID, tell: Told) -> dict[str, UUID]:
    document, made = said(), {}
    with acting(national_scope(account=by)):
        there = {
            one.title: one.id
            for one in studies.newest(LOOKED_THROUGH)
            if one.state == StudyState.DONE
        }
    for one in document["studies"]:
        if one["title"] in there:
            made[one["key"]] = there[one["title"]]
            continue
        tell(f"Study: {one['title']} …")
        scenarios = [
            scenario_of({**each, "code": f"{one['key']}-{number}"})
            for number, each in enumerate(one["scenarios"], start=1)
        ]
        with acting(national_scope(account=by)):
            made[one["key"]] = studies.ask(
                title=one["title"], basis_=one["basis"], scenarios=scenarios,
                replications=document["replications"], seed=document["seed"], at=at, by=by,
            )  # fmt: skip
        # Here and now, and not when the worker comes to it, which then finds it done.
        studies.run(made[one["key"]], now=lambda: at)
    return made


def _studied(one: Mapping[str, Any], made: Mapping[str, UUID]) -> dict[str, Any]:
    """The facts of an initiative with the figures of its studies."""
    found = dict(one)
    found["effects"] = [_effect(each, made) if "study" in each else each for each in one["effects"]]
    return found


def _effect(each: Mapping[str, Any], made: Mapping[str, UUID]) -> dict[str, Any]:
    told = initiatives.effect_of(made[each["study"]], each["scenario"], each["kpi"])
    return {
        "kpi": told.kpi, "low": told.low, "mid": told.mid, "high": told.high,
        "study": told.study, "scenario": told.scenario,
    }  # fmt: skip


def _scales(made: Mapping[str, UUID]) -> dict[str, float]:
    """Each KPI's value at present in the study that its effects come from, or the file's."""
    plan_ = said()["portfolio"]
    found = {kpi: float(value) for kpi, value in plan_["scales"].items()}
    for kpi, key in plan_["scales_from"].items():
        result = studies.one(made[key]).result
        assert result is not None, "a study that has been run has a result or has refused"
        found[kpi] = float(result[BASELINE]["kpis"][kpi]["mean"])
    return found


def _wishes(scales: Mapping[str, float]) -> dict[str, Wish]:
    plan_ = said()["portfolio"]
    return {
        one["key"]: Wish(
            title=one["title"], first=Quarter.parse(plan_["first"]), quarters=plan_["quarters"],
            budget_baisa=one["budget_baisa"],
            crews={kind: (there,) * plan_["quarters"] for kind, there in plan_["crews"].items()},
            must=frozenset(), never=frozenset(), weights={}, scales=scales,
        )
        for one in plan_["budgets"]
    }  # fmt: skip


def _dated(
    proposed: list[dict[str, Any]], wish: Wish, live: Baselines, at: dt.datetime
) -> tuple[Facts, ...]:  # fmt: skip
    """Milestones and reviews as days, after the start that the plan would give each."""
    undated = [_with_days(one, wish.first) for one in proposed]
    views = [InitiativeView(one, Stage.STUDIED, 1, True, at) for one in undated]
    scales = {**live.values, **wish.scales}
    instance = instance_of(portfolios.instance_document(wish, views, scales))
    starts = solve(instance, seconds=SOLVE_SECONDS).starts
    return tuple(_with_days(one, wish.first.later(starts.get(one["code"], 0))) for one in proposed)


def _with_days(one: Mapping[str, Any], start: Quarter) -> Facts:
    found = dict(one)
    review = start.later(one["duration"] - 1 + found.pop("review_after")).last_day
    found["review"] = review.isoformat()
    found["milestones"] = [
        {"name": each["name"], "planned": start.later(each["quarter"]).last_day.isoformat()}
        for each in one["milestones"]
    ]
    return facts_of(found)
