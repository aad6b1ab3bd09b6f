"""The pages of studies: asked for, kept when refused, watched, read, run again."""

import json
from pathlib import Path
from typing import Any
from uuid import UUID

import numpy as np
import pytest
from django.urls import reverse

from sanad.db.scope import acting, national_scope, system_scope
from sanad.lab import basis, studies
from sanad.lab.models import Study, StudyState
from tests.lab.twin.network.small import small_model
from tests.network import AISHA, HUDA, NASSER, TEN
from tests.web_client import signed_in, words_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_ten")]
NEW = {
    "title": "Appointments in Muscat", "basis": "announced 2025Q3", "replications": "4",
    "seed": "7", "levers": "", "scenario": ["appointments", "growth"],
}  # fmt: skip


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path) -> None:
    settings.SANAD_SNAPSHOTS = tmp_path / "snapshots"
    here = small_model(wilayat=np.array([1, 1, 12]))
    monkeypatch.setattr(basis, "model_of", lambda said: here)


def address(study: UUID, name: str = "lab_study") -> str:
    return reverse(name, args=[study])


def asked(client: Any, **changes: Any) -> Any:
    return client.post(reverse("lab_study_new"), {**NEW, "do": "ask"} | changes)


def newest() -> studies.StudyView:
    with acting(national_scope()):
        return studies.one(studies.newest()[0].id)


def ran(client: Any, **changes: Any) -> studies.StudyView:
    response = asked(client, **changes)
    assert response.status_code == 302, words_of(response)
    studies.run(newest().id, now=lambda: TEN)
    return newest()


@pytest.mark.parametrize("language", ["ar", "en"])
def test_a_study_is_asked_for_and_read(language: str) -> None:
    client = signed_in(NASSER, language=language)
    found = ran(client, scenario=["appointments", "simpler"])
    page = client.get(address(found.id))
    words = words_of(page)
    not_sure, simulated, evenly = {
        "ar": ("لا يُميَّز عن عدم التغيير", "محاكاة", "بموعد"),
        "en": ("not distinguishable from no change", "Simulated", "by appointment"),
    }[language]

    assert page.status_code == 200
    assert not_sure in words
    assert simulated in words
    assert evenly in words
    assert found.result is not None
    assert found.result["hash"][:16] in words
    assert found.code_version in words
    # A scenario of three levers has a tornado.
    assert page.content.decode().count("band-picture") >= 4
    listed = words_of(client.get(reverse("lab_studies")))
    assert "Appointments in Muscat" in listed


def test_it_is_watched_and_stopped() -> None:
    client = signed_in(NASSER)
    asked(client)
    study = newest().id
    page = client.get(address(study))
    assert "It waits its turn" in words_of(page)
    part = client.get(address(study), headers={"hx-request": "true"})
    assert part.content.decode().startswith('<section class="panel" id="progress"')
    with acting(system_scope()):
        Study.objects.filter(id=study).update(state=StudyState.RUNNING, done=3, parts=8)
    part = client.get(address(study), headers={"hx-request": "true"})
    assert "3 of 8 parts" in words_of(part)
    assert client.post(address(study, "lab_study_stop")).status_code == 302
    assert newest().stop_asked
    with acting(system_scope()):
        Study.objects.filter(id=study).update(state=StudyState.STOPPED)
    over = client.get(address(study), headers={"hx-request": "true"})
    assert over.headers["HX-Refresh"] == "true"
    assert client.post(address(study, "lab_study_stop")).status_code == 409


def test_it_is_run_again_and_compared() -> None:
    client = signed_in(NASSER)
    first = ran(client)
    assert client.post(address(first.id, "lab_study_again")).status_code == 302
    anew = newest()
    assert anew.again_of == first.id
    studies.run(anew.id, now=lambda: TEN)
    assert "the same to the last digit" in words_of(client.get(address(anew.id)))
    taken = json.loads(client.get(address(first.id, "lab_study_take")).content)
    assert taken["result"] == first.result
    assert taken["asked"]["seed"] == 7


def test_an_own_scenario_is_put_together_lever_by_lever() -> None:
    client = signed_in(NASSER)
    page = client.post(reverse("lab_study_new"), {**NEW, "do": "add", "add": "hours"})
    shown = page.content.decode()
    assert 'name="lever-1-later"' in shown
    assert 'value="Appointments in Muscat"' in shown
    assert shown.count(" checked") == 2
    own = {"levers": "1", "lever-1": "hours", "lever-1-where": "wilayat 12", "lever-1-later": "٩٠",
           "lever-1-earlier": "0"}  # fmt: skip
    page = client.post(reverse("lab_study_new"), {**NEW, **own, "do": "add", "add": "fee"})
    assert 'name="lever-2-percent"' in page.content.decode()
    assert "close 90 minutes later" in words_of(page)
    own |= {"levers": "1,2", "lever-2": "fee", "lever-2-which": "9", "lever-2-percent": "-10",
            "lever-2-which-service": "", "lever-2-answer": "0.5"}  # fmt: skip
    page = client.post(reverse("lab_study_new"), {**NEW, **own, "do": "remove-1"})
    assert "lever-1-later" not in page.content.decode()
    found = ran(client, **own, scenario=[])
    (scenario,) = found.asked["scenarios"]
    assert scenario["levers"] == [
        {"lever": "hours", "where": {"wilayat": 12}, "earlier": 0.0, "later": 90.0},
        {"lever": "fee", "which": {"entity": 9}, "percent": -10.0, "answer": 0.5},
    ]
    like = client.get(reverse("lab_study_new"), {"like": str(found.id)}).content.decode()
    assert 'name="lever-1-later"' in like
    assert 'value="90"' in like


def test_an_estimate_comes_at_once_and_nothing_is_kept() -> None:
    client = signed_in(NASSER)
    page = client.post(reverse("lab_study_new"), {**NEW, "do": "try"})

    assert "An estimate from two runs" in words_of(page)
    with acting(national_scope()):
        assert not Study.objects.exists()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"title": ""}, "Give the study a name"),
        ({"scenario": []}, "at least one scenario"),
        ({"replications": "many"}, "“many” in “How often the period is lived” is not a number"),
        ({"replications": "0"}, "1 to 1000 replications"),
        ({"seed": "-4"}, "“-4” in “Seed” is not a number"),
        ({"basis": "guess"}, "starts from a calibration"),
        ({"levers": "1", "lever-1": "growth", "lever-1-percent": "9999"}, "may be from"),
        ({"levers": "1,2", "lever-1": "growth", "lever-2": "growth"}, "the same thing"),
        ({"levers": "1", "lever-1": "centre_closed", "lever-1-centre": ""}, "not a number"),
        ({"levers": "1", "lever-1": "centre_closed", "lever-1-centre": "4711"}, "no centre"),
        ({"levers": "1", "lever-1": "entity_withdrawn", "lever-1-entity": "77"}, "no service"),
        ({"levers": "1", "lever-1": "fee", "lever-1-which-service": "zz"}, "no service"),
    ],
)
def test_what_cannot_be_run_is_said_and_what_was_typed_stays(
    monkeypatch: pytest.MonkeyPatch, change: dict[str, Any], said: str
) -> None:
    if change.get("basis") == "guess":
        monkeypatch.undo()
    client = signed_in(NASSER)
    response = asked(client, **change)

    assert response.status_code == 409
    assert said in words_of(response)
    shown = response.content.decode()
    assert f'value="{change.get("title", NEW["title"])}"' in shown
    with acting(national_scope()):
        assert not Study.objects.exists()


def test_a_form_that_no_page_sends_is_refused_without_a_fault() -> None:
    client = signed_in(NASSER)
    for odd in ({"levers": "1"}, {"levers": "1", "lever-1": "magic"},
                {"levers": "1", "lever-1": "growth", "lever-1-where": "planet 3"},
                {"levers": "1", "lever-1": "growth", "lever-1-where": "wilayat x"},
                {"levers": "1", "lever-1": "fee", "lever-1-which": "x"}):  # fmt: skip
        assert asked(client, **odd).status_code == 409, odd


def test_others_do_not_see_it() -> None:
    found = ran(signed_in(NASSER))
    for account in (AISHA, HUDA):
        client = signed_in(account)
        seen = client.get(address(found.id))
        assert seen.status_code == (200 if account == HUDA else 403)
    assert signed_in(NASSER).get(address(UUID(int=3))).status_code == 409


def test_what_a_refused_study_says(monkeypatch: pytest.MonkeyPatch) -> None:
    client = signed_in(NASSER, language="ar")
    asked(client)

    def refuses(said: Any) -> Any:
        raise basis.BasisUnknown

    monkeypatch.setattr(basis, "model_of", refuses)
    studies.run(newest().id, now=lambda: TEN)
    assert "تبدأ الدراسة من معايرة" in words_of(client.get(address(newest().id)))
