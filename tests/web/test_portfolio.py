"""The pages of initiatives and portfolios: forms that lose nothing, steps, results with turns."""

from typing import Any

import pytest
from django.urls import reverse

from sanad.db.scope import acting, national_scope, system_scope
from sanad.lab.models import Initiative, Portfolio, Stage, StudyState
from sanad.lab.roadmap import initiatives, portfolios
from tests.lab.roadmap_example import load_example
from tests.network import AISHA, HUDA, NASSER
from tests.web_client import signed_in, words_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_ten")]
NEW = {
    "code": "one-window", "name_ar": "نافذة واحدة", "name_en": "One window",
    "words_ar": "منضدة واحدة لكل الطلبات.", "words_en": "One counter for all requests.",
    "owner_ar": "مدير المراكز", "owner_en": "Head of centres", "entity_ar": "وزارة العمل",
    "entity_en": "Ministry of Labour", "duration": "٣", "costs": "12000 8000.500", "earliest": "",
    "crew": "programmers: ٢ 1\n", "kpi-1": "wait_mean_minutes", "target-1": "15",
    "source-1": "assumed", "low-1": "-3", "mid-1": "-2.5", "high-1": "−1",
    "reasoning-1_ar": "تقدير", "reasoning-1_en": "An estimate", "stop_ar": "إن طال الانتظار",
    "stop_en": "If waits grow", "stop_kpi": "wait_mean_minutes", "stop_side": "above",
    "stop_threshold": "30", "review": "2026-12-31", "vision": "governance",
    "milestones": "2026-03-31 | أول مركز | First centre\n",
}  # fmt: skip
ASKED = {
    "title": "Plan A", "first": "2025Q4", "quarters": "8", "weight-wait_mean_minutes": "1",
    "budget": "2025: 50000\n2026: ٤٠٠٠٠\n2027: 1", "crews": "programmers: 2",
    "scale-wait_mean_minutes": "20",
}  # fmt: skip


def proposed(client: Any, **changes: str) -> Any:
    return client.post(reverse("lab_initiative_new"), NEW | changes)


def found(code: str = "one-window") -> initiatives.InitiativeView:
    with acting(national_scope()):
        return initiatives.one(code)


@pytest.mark.parametrize("language", ["ar", "en"])
def test_an_initiative_is_proposed_and_read(language: str) -> None:
    client = signed_in(NASSER, language=language)
    assert proposed(client).status_code == 302
    words = words_of(client.get(reverse("lab_initiative", args=["one-window"])))

    said = {
        "ar": ("نافذة واحدة", "مفترض", "أول مركز", "20,000.500", "−2.50"),
        "en": ("One window", "Assumed", "First centre", "20,000.500", "−2.50 min"),
    }[language]
    assert all(one in words for one in said), words
    facts = found().facts
    assert (facts.duration, facts.cost_baisa) == (3, (12_000_000, 8_000_500))
    assert facts.crew == {"programmers": (2, 1)}
    assert (facts.effects[0].low, facts.effects[0].high) == (-3.0, -1.0)
    listed = words_of(client.get(reverse("lab_initiatives")))
    assert "one-window" in listed


@pytest.mark.parametrize(
    "change",
    [
        {"code": "No Code"}, {"name_en": ""}, {"costs": "12,5"}, {"crew": "programmers 2"},
        {"low-1": "much"}, {"reasoning-1_ar": "", "reasoning-1_en": ""}, {"review": "soon"},
        {"after": "nothing"}, {"milestones": "2026-03-31"}, {"duration": "0"},
        {"stop_threshold": ""}, {"source-1": "x|0"}, {"earliest": "spring"},
    ],
)  # fmt: skip
def test_what_is_wrong_is_refused_and_nothing_typed_is_lost(change: dict[str, str]) -> None:
    page = proposed(signed_in(NASSER), **change)

    assert page.status_code == 409
    assert 'value="نافذة واحدة"' in page.content.decode()
    with acting(national_scope()):
        assert not Initiative.objects.exists()


def test_it_is_changed_with_its_reason_and_steps_are_taken() -> None:
    client, ministry = signed_in(NASSER), signed_in(HUDA)
    proposed(client)
    address = reverse("lab_initiative_change", args=["one-window"])
    form = client.get(address).content.decode()
    for kept in ('value="12000.000 8000.500"', 'value="-2.5"', "2026-03-31 | أول مركز"):
        assert kept in form
    assert client.post(address, NEW | {"version": "1", "duration": "4"}).status_code == 409
    reason = {"version": "1", "duration": "4", "reason": "أطول 4 أرباع"}
    assert client.post(address, NEW | reason).status_code == 302
    assert client.post(address, NEW | reason).status_code == 409
    step = reverse("lab_initiative_step", args=["one-window"])
    assert client.post(step, {"stage": Stage.STUDIED}).status_code == 302
    assert client.post(step, {"stage": Stage.CHOSEN}).status_code == 409
    assert ministry.post(step, {"stage": Stage.CHOSEN}).status_code == 302
    reach = reverse("lab_initiative_milestone", args=["one-window"])
    assert client.post(reach, {"milestone": "0", "do": "reach"}).status_code == 302
    words = words_of(ministry.get(reverse("lab_initiative", args=["one-window"])))

    assert found().stage == Stage.CHOSEN
    assert "أطول 4 أرباع" in words
    assert "30 September 2025" in words
    assert [one.number for one in _history()] == [5, 4, 3, 2, 1]


def _history() -> list[initiatives.Version]:
    with acting(national_scope()):
        return initiatives.history("one-window")


@pytest.mark.parametrize("language", ["ar", "en"])
def test_a_portfolio_is_asked_for_solved_and_read(language: str) -> None:
    client = signed_in(NASSER, language=language)
    proposed(client)
    proposed(client, code="two-windows", name_ar="نافذتان", name_en="Two windows",
             costs="90000", excludes="one-window")  # fmt: skip
    asked = client.post(reverse("lab_portfolio_new"), ASKED)
    assert asked.status_code == 302, words_of(asked)
    words = words_of(client.get(asked.headers["location"]))

    said = {
        "ar": ("نافذة واحدة", "لم تُختر", "2025Q4 – 2026Q2", "حُلّت ثانية", "لا اختيار أفضل"),
        "en": ("One window", "Not chosen", "2025Q4 – 2026Q2", "Solved again", "No better choice"),
    }[language]
    assert all(one in words for one in said), words
    again = client.post(asked.headers["location"] + "again/")
    anew = words_of(client.get(again.headers["location"]))
    assert {"ar": "مطابقة حتى آخر رقم", "en": "the same to the last digit"}[language] in anew
    assert "Plan A" in words_of(client.get(reverse("lab_portfolios")))


@pytest.mark.parametrize(
    "change",
    [
        {"title": ""}, {"first": "spring"}, {"quarters": "0"}, {"budget": "2025: 1"},
        {"budget": "much"}, {"crews": "programmers"}, {"scale-wait_mean_minutes": ""},
        {"weight-wait_mean_minutes": "x"}, {"wish-one-window": "apart"},
        {"wish-one-window": "must", "budget": "2025: 1\n2026: 1\n2027: 1"},
    ],
)  # fmt: skip
def test_a_portfolio_that_cannot_be_is_refused_and_kept_on_the_form(change: dict[str, str]) -> None:
    client = signed_in(NASSER)
    proposed(client)
    page = client.post(reverse("lab_portfolio_new"), ASKED | change)

    assert page.status_code == 409, words_of(page)
    assert "2025" in page.content.decode()
    with acting(national_scope()):
        assert not Portfolio.objects.exists()


def test_one_that_runs_is_watched_and_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(portfolios, "SMALL", 0)
    client = signed_in(NASSER)
    proposed(client)
    address = client.post(reverse("lab_portfolio_new"), ASKED).headers["location"]
    assert "It waits its turn" in words_of(client.get(address))
    with acting(system_scope()):
        Portfolio.objects.update(state=StudyState.RUNNING, done=1, parts=4)
    part = client.get(address, headers={"hx-request": "true"})
    assert "1 of 4 parts" in words_of(part)
    assert client.post(address + "stop/").status_code == 302
    with acting(system_scope()):
        Portfolio.objects.update(state=StudyState.STOPPED)
    assert client.get(address, headers={"hx-request": "true"}).headers["HX-Refresh"] == "true"
    assert client.post(address + "stop/").status_code == 409


def test_only_the_ministry_adopts_it() -> None:
    client, ministry = signed_in(NASSER), signed_in(HUDA)
    proposed(client)
    address = client.post(reverse("lab_portfolio_new"), ASKED).headers["location"]
    assert client.post(address + "adopt/").status_code == 403
    # It is an idea still.
    assert ministry.post(address + "adopt/").status_code == 409
    client.post(reverse("lab_initiative_step", args=["one-window"]), {"stage": Stage.STUDIED})
    assert ministry.post(address + "adopt/").status_code == 302
    assert "One window" in words_of(ministry.get("/lab/roadmap/"))


def test_an_example_says_so_everywhere() -> None:
    portfolio = load_example()
    client = signed_in(HUDA)
    for address in ("/lab/initiatives/", "/lab/initiatives/one-file/", "/lab/portfolios/",
                    f"/lab/portfolios/{portfolio}/", "/lab/roadmap/"):  # fmt: skip
        assert "Example" in words_of(client.get(address)), address


def test_they_are_for_the_ministry_and_its_analysts() -> None:
    for name in ("lab_initiatives", "lab_initiative_new", "lab_portfolios", "lab_portfolio_new"):
        assert signed_in(AISHA).get(reverse(name)).status_code == 403
    missing = reverse("lab_portfolio", args=["01a2290d-d611-7795-9321-1c1b3320bd37"])
    assert signed_in(NASSER).get(missing).status_code == 409
