"""Initiatives and portfolios: every change a version, every refusal leaves things as they were."""

import json
from contextlib import nullcontext
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from click.testing import CliRunner
from django.db import DatabaseError, connection, transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from sanad.cli import example as command
from sanad.db.scope import acting, centre_scope, national_scope, public_scope, system_scope
from sanad.lab.models import Initiative, InitiativeVersion, Portfolio, Stage, Study, StudyState
from sanad.lab.portfolio.contradictions import DependencyCycle, UnknownInitiative
from sanad.lab.portfolio.fields import FieldUnknown, FieldWrong
from sanad.lab.portfolio.value import Effect, NoScale, worth
from sanad.lab.roadmap import example, initiatives, plan, portfolios, vision
from sanad.lab.roadmap.baseline import baselines
from sanad.lab.roadmap.facts import EffectFact, Facts, facts_of
from sanad.lab.studies import NoSuchStudy
from sanad.lib.bilingual import Text
from sanad.lib.business_day import business_date
from sanad.lib.ids import new_id
from tests.lab.roadmap_example import FILE, load_example
from tests.network import HUDA, KHUWAIR, NASSER, TEN
from tests.refusals import said

pytestmark = pytest.mark.django_db
TODAY = business_date(TEN)


@pytest.fixture(autouse=True)
def national() -> Any:
    with acting(national_scope()):
        yield


def facts(code: str = "one-file", **changes: Any) -> Facts:
    found = next(one for one in example.read(FILE).initiatives if one.code == code)
    return replace(found, **changes)


def propose(*proposed: Facts) -> None:
    initiatives.propose(proposed, at=TEN, by=NASSER)


def step(stage: str, code: str = "one-file", *, ministry: bool = True, reason: str = "") -> None:
    initiatives.step(code, stage, is_ministry=ministry, reason=reason, at=TEN, by=HUDA)


def kept() -> list[tuple[Any, ...]]:
    """Everything that an action might change."""
    return [
        *Initiative.objects.values_list("code", "stage", "version", "facts"),
        *InitiativeVersion.objects.values_list("initiative_id", "number"),
    ]


def refused(kind: type[Exception], action: Any) -> None:
    """It is refused in both languages, and nothing moved."""
    before = kept()
    with pytest.raises(kind) as raised, transaction.atomic():
        action()
    said(raised.value)  # type: ignore[arg-type]
    assert kept() == before


def test_what_is_proposed_is_read_back_as_it_was() -> None:
    propose(facts())
    found = initiatives.one("one-file")

    assert found.facts == facts()
    assert facts_of(found.facts.as_json()) == facts()
    assert (found.stage, found.version, found.is_example) == (Stage.IDEA, 1, False)
    assert found.facts.is_assumed


def test_every_change_says_who_when_and_why() -> None:
    propose(facts())
    changed = facts(duration=5)
    initiatives.change(changed, version=1, reason="أطول مما ظُن", at=TEN, by=NASSER)
    newest, first = initiatives.history("one-file")

    assert initiatives.one("one-file").facts.duration == 5
    assert (newest.number, newest.what, newest.reason, newest.by) == (
        2, initiatives.CHANGED, "أطول مما ظُن", NASSER
    )  # fmt: skip
    assert (first.what, first.facts["duration"]) == (initiatives.MADE, 3)


def test_what_cannot_be_proposed_or_changed() -> None:
    propose(facts())
    refused(initiatives.InitiativeExists, lambda: propose(facts()))
    refused(UnknownInitiative, lambda: propose(facts("one-stage", after=("nothing",))))
    refused(initiatives.VisionUnknown, lambda: propose(facts("one-stage", vision="moon")))
    refused(
        initiatives.ChangedMeanwhile,
        lambda: initiatives.change(facts(), version=7, reason="x", at=TEN, by=NASSER),
    )
    refused(
        initiatives.ReasonMissing,
        lambda: initiatives.change(facts(), version=1, reason=" ", at=TEN, by=NASSER),
    )
    refused(initiatives.NoSuchInitiative, lambda: initiatives.one("nothing"))
    step(Stage.STUDIED)
    step(Stage.CHOSEN)
    refused(
        initiatives.NotOpenToChange,
        lambda: initiatives.change(facts(), version=3, reason="x", at=TEN, by=NASSER),
    )


def test_the_stages_follow_each_other_and_the_ministry_decides() -> None:
    propose(facts(effects=()))
    refused(initiatives.NothingStudied, lambda: step(Stage.STUDIED))
    refused(initiatives.StageNotNext, lambda: step(Stage.RUNNING))
    refused(initiatives.ReasonMissing, lambda: step(Stage.STOPPED))
    initiatives.change(facts(), version=1, reason="الأثر", at=TEN, by=NASSER)
    step(Stage.STUDIED, ministry=False)
    refused(initiatives.MinistryDecides, lambda: step(Stage.CHOSEN, ministry=False))
    for stage in (Stage.CHOSEN, Stage.RUNNING, Stage.DONE):
        step(stage)
    assert initiatives.one("one-file").stage == Stage.DONE
    refused(initiatives.StageNotNext, lambda: step(Stage.IDEA))
    assert [one.what for one in initiatives.history("one-file")][:2] == [Stage.DONE, Stage.RUNNING]


def test_a_milestone_is_reached_and_taken_back() -> None:
    propose(facts())
    initiatives.reach("one-file", 0, on=TODAY, at=TEN, by=NASSER)
    assert initiatives.one("one-file").facts.milestones[0].actual == TODAY
    initiatives.reach("one-file", 0, on=None, at=TEN, by=NASSER)
    assert initiatives.one("one-file").facts == facts()
    refused(
        initiatives.NoSuchMilestone,
        lambda: initiatives.reach("one-file", 2, on=TODAY, at=TEN, by=NASSER),
    )


def test_an_effect_of_a_study_is_the_study_s_own() -> None:
    band = {"mean": -3.0, "low": -4.0, "high": -2.0, "distinguishable": True}
    study = Study.objects.create(
        id=new_id(), title="S", asked_by=NASSER, asked_at=TEN, asked={}, state=StudyState.DONE,
        result={"scenarios": [{"difference": {"wait_mean_minutes": band}}]},
    )  # fmt: skip
    found = initiatives.effect_of(study.id, 0, "wait_mean_minutes")
    assert (found.low, found.mid, found.high, found.is_assumed) == (-4.0, -3.0, -2.0, False)
    propose(facts(effects=(found,)))
    assert not initiatives.one("one-file").facts.is_assumed

    def with_effect(effect: EffectFact) -> Any:
        return lambda: propose(facts("one-stage", effects=(effect,)))

    refused(initiatives.StudySaysOther, with_effect(replace(found, mid=-3.5)))
    refused(initiatives.StudySaysOther, with_effect(replace(found, scenario=1)))
    refused(initiatives.StudySaysOther, with_effect(replace(found, kpi="taken_baisa")))
    refused(NoSuchStudy, with_effect(replace(found, study="x")))


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        ({"code": "A B"}, FieldWrong), ({"name": "واحد"}, None), ({"name": {"ar": "x", "en": ""}},
         FieldWrong), ({"review": "soon"}, FieldWrong), ({"duration": 0}, FieldWrong),
        ({"stop": {"words": "x", "kpi": "visits"}}, FieldWrong),
        ({"stop": {"words": "x", "kpi": "visits", "threshold": 1, "side": "by"}}, FieldWrong),
        ({"effects": [{"kpi": "visits", "low": 1, "mid": 2, "high": 3}]}, FieldWrong),
        ({"effects": [{"kpi": "moon", "low": 1, "mid": 2, "high": 3, "reasoning": "x"}]},
         FieldWrong),
        ({"effects": [{"kpi": "visits", "low": 3, "mid": 2, "high": 3, "reasoning": "x"}]},
         FieldWrong),
        ({"milestones": [{"name": "x", "planned": "2026-13-01"}]}, FieldWrong),
        ({"colour": "red"}, FieldUnknown),
    ],
)  # fmt: skip
def test_a_document_that_is_wrong_is_refused(
    change: dict[str, Any], kind: type[Exception] | None
) -> None:
    document = facts().as_json() | change
    if kind is None:
        assert facts_of(document).name == Text("واحد", "واحد")
        return
    with pytest.raises(kind) as raised:
        facts_of(document)
    said(raised.value)  # type: ignore[arg-type]


def test_a_value_is_percent_of_baselines_by_weight_and_direction() -> None:
    effects = [Effect("wait_mean_minutes", -8, -5, 1), Effect("transactions", 10, 20, 50)]
    scales = {"wait_mean_minutes": 20.0, "transactions": 1000.0}
    found = worth(effects, scales=scales, weights={"transactions": 2})

    assert (found.low, found.mid, found.high) == (-5000 + 2000, 25000 + 4000, 40000 + 10000)
    with pytest.raises(NoScale) as raised:
        worth(effects, scales=scales | {"transactions": None}, weights={})
    said(raised.value)


def test_a_stop_rule_is_reached_by_its_kpi() -> None:
    one = facts()
    assert plan.stop_state(one, 12.5, Stage.RUNNING) == plan.REACHED
    assert plan.stop_state(one, 12.0, Stage.DONE) == plan.NOT_REACHED
    assert plan.stop_state(one, None, Stage.RUNNING) == plan.UNKNOWN
    assert plan.stop_state(one, 12.5, Stage.CHOSEN) == plan.NOT_BEGUN
    assert plan.stop_state(facts("one-stage"), 1.0, Stage.RUNNING) == plan.NO_RULE


def test_the_example_is_loaded_marked_and_solved_at_once() -> None:
    portfolio = load_example()
    found = portfolios.one(portfolio)

    assert found.is_example
    assert found.state == StudyState.DONE
    assert found.result is not None
    assert found.result["proven"]
    assert all(one.is_example for one in initiatives.listed())
    assert found.digest == portfolios.digest_of(found.asked)
    assert {one.code for one in initiatives.listed() if one.stage == Stage.CHOSEN} == {
        "appointments", "one-stage",
    }  # fmt: skip
    assert initiatives.one("new-halls").stage == Stage.STUDIED
    assert found.asked["assumed"] == sorted(one.code for one in initiatives.listed())


def test_the_same_again_gives_the_same() -> None:
    first = load_example()
    anew = portfolios.one(portfolios.again(first, at=TEN, by=NASSER))

    assert anew.again_of == first
    assert portfolios.same_as_before(anew) is True


def waiting(monkeypatch: pytest.MonkeyPatch) -> UUID:
    """The example's portfolio as if it took longer than two seconds."""
    monkeypatch.setattr(portfolios, "SMALL", 0)
    first = load_example_unadopted()
    with acting(system_scope()):
        assert ProcrastinateJob.objects.filter(task_name=portfolios.RUN).count() == 1
    return first


def load_example_unadopted() -> UUID:
    read = example.read(FILE)
    propose(*read.initiatives)
    return portfolios.ask(
        read.wish, initiatives.listed(), baselines(TODAY), at=TEN, by=NASSER
    )  # fmt: skip


def test_what_takes_longer_is_solved_in_the_background(monkeypatch: pytest.MonkeyPatch) -> None:
    portfolio = waiting(monkeypatch)
    assert portfolios.one(portfolio).state == StudyState.WAITING
    portfolios.run(portfolio, now=lambda: TEN)
    found = portfolios.one(portfolio)

    assert found.state == StudyState.DONE
    assert (found.done, found.parts) == (3, 4)
    portfolios.run(portfolio, now=lambda: TEN + timedelta(days=1))
    assert portfolios.one(portfolio) == found
    with pytest.raises(portfolios.PortfolioOver) as raised:
        portfolios.stop(portfolio, at=TEN)
    said(raised.value)


def test_it_is_stopped_and_rescued(monkeypatch: pytest.MonkeyPatch) -> None:
    portfolio = waiting(monkeypatch)
    portfolios.stop(portfolio, at=TEN)
    assert portfolios.one(portfolio).state == StudyState.STOPPED
    anew = portfolios.again(portfolio, at=TEN, by=NASSER)
    with acting(system_scope()):
        Portfolio.objects.filter(id=anew).update(state=StudyState.RUNNING, seen_at=TEN)
    assert portfolios.rescue(at=TEN + timedelta(hours=1)) == 1
    with acting(national_scope()):
        Portfolio.objects.filter(id=anew).update(stop_asked=True)
    portfolios.run(anew, now=lambda: TEN)
    found = portfolios.one(anew)
    assert (found.state, found.result) == (StudyState.STOPPED, None)


def test_wishes_that_contradict_each_other_are_refused_before_anything_is_kept() -> None:
    read = example.read(FILE)
    a, b = facts(after=("appointments",)), facts("appointments")
    propose(a, b)
    circle = initiatives.listed()
    with pytest.raises(DependencyCycle) as raised, transaction.atomic():
        portfolios.ask(read.wish, circle, baselines(TODAY), at=TEN, by=NASSER)
    assert "One file for each client" in said(raised.value)[1]
    for kind, wish, chosen in (
        (portfolios.NothingToChoose, read.wish, []),
        (portfolios.PortfolioUntitled, replace(read.wish, title=" "), circle[:0] + circle),
        (portfolios.LeftOut, read.wish, circle[:1]),
    ):
        with pytest.raises((kind, DependencyCycle)) as raised, transaction.atomic():
            portfolios.ask(wish, chosen, baselines(TODAY), at=TEN, by=NASSER)
        said(raised.value)
    assert not Portfolio.objects.exists()


def test_a_refusal_of_the_solver_is_kept_as_the_answer() -> None:
    read = example.read(FILE)
    propose(*read.initiatives)
    dear = replace(
        read.wish, must=frozenset({"one-file", "one-stage", "appointments"}),
        budget_baisa={2025: 10_000_000, 2026: 20_000_000, 2027: 120_000_000},
    )  # fmt: skip
    found = portfolios.one(
        portfolios.ask(dear, initiatives.listed(), baselines(TODAY), at=TEN, by=NASSER)
    )
    assert found.state == StudyState.REFUSED
    assert found.refusal is not None
    assert found.refusal["code"] == "portfolio.must_together"


def test_only_a_solved_portfolio_of_studied_initiatives_is_adopted_once() -> None:
    portfolio = load_example_unadopted()

    def adopt() -> None:
        plan.adopt(portfolio, at=TEN, by=HUDA)

    refused(plan.StillIdeas, adopt)
    for one in initiatives.listed():
        step(Stage.STUDIED, one.code)
    adopt()
    refused(plan.AdoptedAlready, adopt)
    with pytest.raises(plan.NotOnRoadmap):
        plan.move("new-halls", plan.LATER, at=TEN, by=HUDA)


def test_what_is_written_once_stays_and_others_see_nothing() -> None:
    load_example()
    for sql in (
        "UPDATE lab_initiativeversion SET reason = 'x'", "DELETE FROM lab_initiative",
        "DELETE FROM lab_roadmapmove", "UPDATE lab_publishedroadmap SET document = NULL",
        "UPDATE lab_portfolio SET result = NULL", "UPDATE lab_initiative SET is_example = false",
    ):  # fmt: skip
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)
    for scope in (centre_scope(KHUWAIR), public_scope()):
        with pytest.raises(DatabaseError), acting(scope):
            initiatives.listed()


def test_the_aims_are_named_in_both_languages_and_not_yet_checked() -> None:
    assert len(vision.priorities()) == 8
    assert all(text.ar and text.en for text in vision.priorities().values())
    assert not vision.is_checked()


def test_a_review_is_due_once_its_day_has_come() -> None:
    load_example()
    early = plan.roadmap(baselines(TODAY), on=TODAY)
    late = plan.roadmap(baselines(TODAY), on=date(2027, 1, 1))
    assert [bar.review_due for bar in early.bars] == [False] * 3
    assert [bar.code for bar in late.bars if bar.review_due] == ["one-file"]


def test_the_command_loads_a_file_for_somebody_of_the_ministry(
    monkeypatch: pytest.MonkeyPatch, at_ten: None
) -> None:
    monkeypatch.setattr(command, "database", nullcontext)
    nobody = CliRunner().invoke(command.example, ["load", str(FILE), "--by", "nobody"])
    assert isinstance(nobody.exception, command.NobodyOfMinistry)
    said(nobody.exception)
    assert not Initiative.objects.exists()
    done = CliRunner().invoke(command.example, ["load", str(FILE), "--by", "huda", "--json"])
    assert done.exit_code == 0, done.output

    told = json.loads(done.stdout)
    assert told["portfolios"] == {"file": str(plan.current().id)}
    assert told["initiatives"] == 4
    assert initiatives.history("one-file")[0].by == HUDA
