"""Studies: asked for, run, stopped, refused, run again to the same bytes; whole or not at all."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import DatabaseError, connection, transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from sanad.db.scope import acting, centre_scope, entity_scope, national_scope, system_scope
from sanad.lab import basis, studies
from sanad.lab.code_version import code_version
from sanad.lab.models import Study, StudyState
from sanad.lab.twin.network import compare
from sanad.lab.twin.network.levers import OutOfRange
from sanad.lab.twin.network.scenarios import SaidTwice, scenario, scenario_of
from tests.lab.twin.network.small import small_model
from tests.network import CHAMBER, KHUWAIR, NASSER, TEN

pytestmark = pytest.mark.django_db
BASIS = {"kind": "calibration", "calibration": "announced", "quarter": "2025Q3"}


@pytest.fixture(autouse=True)
def small(monkeypatch):
    monkeypatch.setattr(basis, "model_of", lambda said: small_model())


@pytest.fixture(autouse=True)
def national():
    with acting(national_scope()):
        yield


def asked(*codes: str, title: str = "A study", replications: int = 4, seed: int = 7) -> UUID:
    return studies.ask(
        title=title, basis_=BASIS, scenarios=[scenario(code) for code in codes],
        replications=replications, seed=seed, at=TEN, by=NASSER,
    )  # fmt: skip


def jobs() -> int:
    with acting(system_scope()):
        return ProcrastinateJob.objects.filter(task_name=studies.RUN).count()


def test_a_study_runs_and_keeps_its_trail():
    study = asked("growth", "appointments")
    assert jobs() == 1
    studies.run(study, now=lambda: TEN)
    found = studies.one(study)

    assert found.state == StudyState.DONE
    assert found.result is not None
    assert found.done == found.parts > 0
    assert found.code_version == code_version()
    assert found.asked["basis"] == BASIS
    assert [one["version"] for one in found.asked["scenarios"]] == [
        scenario("growth").version, scenario("appointments").version,
    ]  # fmt: skip
    assert found.started_at is not None
    assert found.ended_at is not None
    growth = found.result["scenarios"][0]
    assert growth["difference"]["transactions"]["distinguishable"]
    assert [one.title for one in studies.newest()] == ["A study"]


def test_run_again_it_gives_the_same_bytes():
    study = asked("growth")
    studies.run(study, now=lambda: TEN)
    anew = studies.again(study, at=TEN + timedelta(hours=1), by=NASSER)
    assert studies.same_as_before(studies.one(anew)) is None
    studies.run(anew, now=lambda: TEN)
    found = studies.one(anew)

    assert found.again_of == study
    assert found.result == studies.one(study).result
    assert studies.same_as_before(found) is True
    third = studies.again(anew, at=TEN, by=NASSER)
    assert studies.one(third).again_of == study


def test_a_different_result_is_said():
    study = asked("growth")
    studies.run(study, now=lambda: TEN)
    other = asked("growth", seed=8)
    studies.run(other, now=lambda: TEN)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE lab_study SET again_of_id = %s", [study])
    first, second = studies.one(study), studies.one(other)
    assert first.result["hash"] != second.result["hash"]
    assert studies.same_as_before(replace(second, again_of=study)) is False


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"title": "  "}, studies.StudyUntitled),
        ({"title": "x" * 121}, studies.StudyUntitled),
        ({"scenarios": []}, studies.NothingToCompare),
        ({"replications": 0}, compare.ReplicationsOutOfRange),
        ({"scenarios": [scenario("growth")] * 7}, compare.TooManyScenarios),
        ({"scenarios": [scenario("growth+decline")]}, SaidTwice),
    ],
)
def test_what_cannot_be_run_is_refused_and_nothing_is_asked(change, refusal):
    whole = {"title": "A study", "basis_": BASIS, "scenarios": [scenario("growth")],
             "replications": 4, "seed": 7, "at": TEN, "by": NASSER}  # fmt: skip
    with pytest.raises(refusal):
        studies.ask(**(whole | change))
    assert not Study.objects.exists()
    assert jobs() == 0


def test_a_lever_out_of_its_range_is_refused_when_it_is_read():
    with pytest.raises(OutOfRange):
        scenario_of({"code": "x", "levers": [{"lever": "breaks", "minutes": 900}]})


def test_one_that_waits_is_stopped_at_once_and_does_not_run():
    study = asked("growth")
    studies.stop(study, at=TEN)
    assert studies.one(study).state == StudyState.STOPPED
    studies.run(study, now=lambda: TEN)
    found = studies.one(study)
    assert (found.state, found.result, found.done) == (StudyState.STOPPED, None, 0)
    with pytest.raises(studies.StudyOver):
        studies.stop(study, at=TEN)


def test_one_that_runs_stops_between_two_parts_and_keeps_nothing(monkeypatch):
    study = asked("growth", replications=20)
    whole = compare.compare

    def stopped_in_the_middle(*args, told, **options):
        def and_stop(done, parts):
            if done == 2:
                with acting(national_scope()):
                    studies.stop(study, at=TEN)
            return told(done, parts)

        return whole(*args, told=and_stop, **options)

    monkeypatch.setattr(compare, "compare", stopped_in_the_middle)
    studies.run(study, now=lambda: TEN)
    found = studies.one(study)
    assert (found.state, found.result, found.done) == (StudyState.STOPPED, None, 2)


def test_what_is_refused_while_it_runs_is_said(monkeypatch):
    study = asked("growth")

    def refuses(said):
        raise basis.BasisUnknown

    monkeypatch.setattr(basis, "model_of", refuses)
    studies.run(study, now=lambda: TEN)
    found = studies.one(study)
    assert found.state == StudyState.REFUSED
    assert found.refusal["code"] == "lab.basis_unknown"
    assert found.result is None


def test_a_failure_stops_it_and_is_not_hidden(monkeypatch):
    study = asked("growth")
    monkeypatch.setattr(compare, "compare", lambda *a, **o: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        studies.run(study, now=lambda: TEN)
    assert studies.one(study).state == StudyState.STOPPED


def test_what_a_lost_worker_left_is_run_again():
    study = asked("growth")
    with acting(system_scope()):
        Study.objects.filter(id=study).update(
            state=StudyState.RUNNING, seen_at=TEN - timedelta(minutes=20), done=3
        )
    assert studies.rescue(at=TEN - timedelta(minutes=10)) == 0
    assert studies.rescue(at=TEN) == 1
    assert jobs() == 2
    studies.run(study, now=lambda: TEN)
    assert studies.one(study).state == StudyState.DONE


def test_a_result_is_never_changed_and_others_see_nothing():
    study = asked("growth")
    studies.run(study, now=lambda: TEN)
    with acting(system_scope()):
        assert Study.objects.filter(id=study).update(state=StudyState.STOPPED) == 0
    for scope in (centre_scope(KHUWAIR), entity_scope(CHAMBER)):
        with acting(scope), pytest.raises(DatabaseError), transaction.atomic():
            Study.objects.exists()


def test_no_study_is_said():
    with pytest.raises(studies.NoSuchStudy):
        studies.one(UUID(int=5))
    with pytest.raises(studies.NoSuchStudy):
        studies.stop(UUID(int=5), at=TEN)
