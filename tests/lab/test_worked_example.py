"""The worked example: findings equal the open data, effects equal their studies, all or nothing."""

import csv
import re
from collections import Counter
from datetime import date

import pytest

from sanad.centres import files
from sanad.db.scope import acting, national_scope
from sanad.lab import studies
from sanad.lab.example import findings, worked
from sanad.lab.models import Stage, StudyState
from sanad.lab.portfolio.read import instance_of
from sanad.lab.portfolio.solve import solve
from sanad.lab.roadmap import initiatives, plan, portfolios
from sanad.lab.roadmap.initiatives import InitiativeView
from sanad.lib.business_day import business_date
from sanad.lib.quarters import Quarter
from tests.lab.worked_small import make_small
from tests.network import HUDA, TEN

DATA = files.DATA
NUMBER = r"\d[\d,.]*\d|\d"
FULL = worked.said()


def rows(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_ten_findings_are_what_the_files_say():
    found = {one.code: one for one in findings.findings()}
    volume, income = Counter(), Counter()
    for row in rows("series.csv"):
        volume[int(row["year"])] += int(row["transactions"])
        income[int(row["year"])] += int(row["income_baisa"])
    ten = sum(int(row["demand"]) for row in rows("most_used.csv") if row["year"] == "2025")

    assert len(found) == 10
    assert (volume[2016], volume[2025]) == (4_103_061, 615_093)
    assert found["volume-fell"].figures["fall_percent"] == pytest.approx(
        100 * (1 - volume[2025] / volume[2016])
    )
    assert found["ten-services"].figures["share_percent"] == pytest.approx(100 * ten / volume[2025])
    assert round(found["ten-services"].figures["share_percent"], 1) == 90.9
    assert found["little-income"].figures["rials_a_month"] == pytest.approx(
        income[2025] / 923 / 12 / 1000
    )
    assert 64 < found["one-entity"].figures["share_percent"] < 66
    assert found["uneven"].figures["without"] == 4
    costs = found["cannot-live"].figures
    assert costs["low_cost"] <= costs["mid_cost"] <= costs["high_cost"] <= costs["centres"] == 923
    goes_on = found["goes-on"].figures
    assert goes_on["low"] < goes_on["middle"] < goes_on["high"]


@pytest.mark.parametrize("one", findings.findings(), ids=lambda one: one.code)
def test_a_finding_says_the_same_figures_in_both_languages(one):
    arabic = re.findall(NUMBER, one.statement.ar)
    english = re.findall(NUMBER, one.statement.en)

    assert arabic
    assert sorted(arabic) == sorted(english)


def test_fifteen_initiatives_are_chosen_under_three_budgets_with_a_proven_gap():
    """The file as it is; what studies will say is stood in for by one for each KPI."""
    told = {"wait_mean_minutes": -0.4, "returned_percent": -1.0, "decision_mean_days": -0.5,
            "income_per_centre_baisa": 20_000.0}  # fmt: skip
    facts = []
    for one in FULL["initiatives"]:
        effects = [
            {"kpi": each["kpi"], "study": each["study"], "scenario": each["scenario"],
             **dict.fromkeys(("low", "mid", "high"), told[each["kpi"]])}
            if "study" in each else each
            for each in one["effects"]
        ]  # fmt: skip
        facts.append(worked._with_days({**one, "effects": effects}, Quarter(2026, 1)))
    scales = {"satisfaction_percent": 90.0, **{kpi: 100 * abs(x) for kpi, x in told.items()}}
    values = []
    for wish in worked._wishes(scales).values():
        views = [InitiativeView(one, Stage.STUDIED, 1, True, TEN) for one in facts]
        instance = instance_of(portfolios.instance_document(wish, views, scales))
        answer = solve(instance, seconds=30)
        assert answer.gap_percent <= 3
        values.append(answer.value.mid)

    assert len(facts) == 15
    assert len({one.code for one in facts}) == 15
    assert all(one.vision and one.words.ar and one.stop.words.en for one in facts)
    assert values == sorted(values)
    assert values[0] < values[2]


@pytest.fixture
def small(monkeypatch):
    return make_small(monkeypatch)


@pytest.mark.django_db
def test_the_example_is_made_whole_and_once(small):
    made = worked.load(on=business_date(TEN), at=TEN, by=HUDA)

    with acting(national_scope()):
        own = {one.code: one for one in initiatives.listed()}
        assert len(own) == made.initiatives == 3
        assert all(one.is_example for one in own.values())
        study = studies.one(made.studies["procedures"])
        assert study.state == StudyState.DONE
        assert study.result is not None
        told = study.result["scenarios"][3]["difference"]["returned_percent"]
        [effect] = own["certified-operators"].facts.effects
        assert (effect.low, effect.mid, effect.high) == (told["low"], told["mean"], told["high"])
        lean, middle = (portfolios.one(made.portfolios[key]) for key in ("lean", "middle"))
        assert lean.is_example and middle.is_example
        assert lean.result is not None and middle.result is not None
        assert lean.result["value"]["mid"] <= middle.result["value"]["mid"]
        assert plan.current().id == middle.id
        for code, start in (plan.current().starts or {}).items():
            facts = own[code].facts
            ends = Quarter.parse(start).later(facts.duration - 1)
            assert facts.review > ends.last_day
            assert Quarter.parse(start).first_day <= facts.milestones[0].planned <= ends.last_day

    with pytest.raises(worked.ExampleLoaded):
        worked.load(on=business_date(TEN), at=TEN, by=HUDA)
    with acting(national_scope()):
        assert len(studies.newest()) == 1
        assert len(portfolios.newest()) == 2


@pytest.mark.django_db
def test_what_fails_on_the_way_leaves_no_initiative_and_is_gone_on_with(small, monkeypatch):
    adopt = plan.adopt

    def refuse(*args, **kwargs):
        raise plan.NotSolved

    monkeypatch.setattr(plan, "adopt", refuse)
    with pytest.raises(plan.NotSolved):
        worked.load(on=business_date(TEN), at=TEN, by=HUDA)
    with acting(national_scope()):
        assert initiatives.listed() == []
        assert portfolios.newest() == []
        [kept] = studies.newest()

    monkeypatch.setattr(plan, "adopt", adopt)
    made = worked.load(on=business_date(TEN), at=TEN, by=HUDA)
    assert made.studies["procedures"] == kept.id


def test_milestones_and_reviews_follow_the_start():
    one = {**FULL["initiatives"][-1]}
    early, late = (worked._with_days(one, Quarter(2026, n)) for n in (1, 3))

    assert early.milestones[0].planned == date(2026, 6, 30)
    assert late.milestones[0].planned == date(2026, 12, 31)
    assert (late.review - early.review).days in (183, 184)
