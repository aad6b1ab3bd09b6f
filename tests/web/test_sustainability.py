"""Which centres can live, on pages: in both languages, filtered, refused, and for whom."""

import csv
import io

import pytest
from django.urls import reverse

from sanad.centres import actions
from sanad.centres.stated import Stated
from sanad.db.scope import acting, centre_scope
from tests.network import AISHA, HUDA, KHUWAIR, NASSER, SALIM, TEN
from tests.web_client import signed_in, words_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_ten")]
PAGE = reverse("lab_sustainability")


@pytest.mark.parametrize("language", ["ar", "en"])
def test_the_network_is_read_with_its_reasons_levers_forecast_and_trail(language: str) -> None:
    asked = {"calibration": "announced", "scenario": "decline", "without": "1"}
    page = signed_in(NASSER, language=language).get(PAGE, asked)
    words = words_of(page)
    said = {
        "ar": ("أي المراكز يعيش", "لا تعيش على دخل البوابات", "زيارات أقل بخُمس", "وزارة الصحة",
               "لا يُميَّز", "كيف جُرّب", "محاكاة"),
        "en": ("Which centres can live", "Cannot live on portal income", "A fifth fewer visits",
               "If this is withdrawn: Ministry of Health", "Not distinguishable from the next",
               "How it was tried", "read the band, not the middle", "Simulated",
               "Costs that are assumed"),
    }[language]  # fmt: skip

    assert page.status_code == 200
    assert [one for one in said if one not in words] == []


def test_the_list_is_of_the_place_and_has_pages() -> None:
    client = signed_in(NASSER)
    whole = client.get(PAGE, {"calibration": "portal"})
    second = client.get(PAGE, {"calibration": "portal", "page": "2"})
    musandam = client.get(PAGE, {"calibration": "portal", "place": "g3"})
    khasab = client.get(PAGE, {"calibration": "portal", "place": "w19"})

    assert whole.context["in_place"] == 923 and len(whole.context["rows"]) == 25
    first = {row.number for row in whole.context["rows"]}
    assert not first & {row.number for row in second.context["rows"]}
    assert musandam.context["in_place"] == 12 and khasab.context["in_place"] == 5
    assert {row.governorate.en for row in musandam.context["rows"]} == {"Musandam"}
    assert "Where the portal's volume goes: Musandam" in words_of(khasab)


def test_the_file_holds_every_centre_of_the_place() -> None:
    asked = {"calibration": "announced", "place": "g3"}
    page = signed_in(HUDA).get(reverse("lab_sustainability_csv"), asked)
    rows = list(csv.DictReader(io.StringIO(page.content.decode().lstrip("\ufeff"))))

    assert len(rows) == 12
    assert all(row["simulated"] == "True" and row["runway_months"] == "" for row in rows)
    for row in rows:
        costs = int(row["costs_baisa_a_month"]) + 100 * float(row["transactions_a_month"])
        margin = int(row["income_baisa_a_month"]) - costs
        assert abs(margin - int(row["margin_baisa_a_month"])) < 20


@pytest.mark.parametrize("language", ["ar", "en"])
def test_one_centre_says_what_it_hangs_on_and_what_is_assumed(language: str) -> None:
    page = signed_in(HUDA, language=language).get(
        reverse("lab_sustainability_centre", args=[1]), {"calibration": "announced"}
    )
    words = words_of(page)
    said = {
        "ar": ("ما يعتمد عليه", "التكاليف كلها مفترضة", "لم يذكر صاحب المركز احتياطيًا"),
        "en": ("What it hangs on", "All costs are assumed", "the owner has stated no reserve"),
    }[language]

    assert page.status_code == 200
    assert all(one in words for one in said)


def test_stated_costs_are_counted_where_this_is_the_network_that_is_lived(settings) -> None:  # type: ignore[no-untyped-def]
    with acting(centre_scope(KHUWAIR, account=SALIM)):
        actions.state_costs(centre=KHUWAIR, costs=Stated(rent=1_234, reserve=0), at=TEN, by=SALIM)
    client, address = signed_in(NASSER), reverse("lab_sustainability_centre", args=[KHUWAIR])
    settings.SANAD_DEMONSTRATION = None
    apart = words_of(client.get(address, {"calibration": "portal"}))
    settings.SANAD_DEMONSTRATION = "portal"
    counted = words_of(client.get(address, {"calibration": "portal"}))

    assert "OMR 1.234" not in apart and "All costs are assumed" in apart
    assert "OMR 1.234" in counted and "The owner has stated costs." in counted


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"scenario": "miracle"}, "“miracle” in “Scenario” cannot be used"),
        ({"calibration": "guess"}, "“guess” in “Volumes” cannot be used"),
        ({"costs": "none"}, "“none” in “Costs that nobody stated” cannot be used"),
        ({"without": "4711"}, "“4711” in “What is withdrawn” cannot be used"),
        ({"place": "g99"}, "“g99” in “Place of the list” cannot be used"),
    ],
)
def test_what_is_not_on_offer_is_refused(typed: dict[str, str], said: str) -> None:
    page = signed_in(NASSER).get(PAGE, typed)
    assert page.status_code == 409
    assert said in words_of(page)


def test_a_centre_that_is_not_there_is_refused() -> None:
    page = signed_in(NASSER).get(reverse("lab_sustainability_centre", args=[99_999]))
    assert page.status_code == 409
    assert "has no centre 99999" in words_of(page)


def test_it_is_for_the_ministry_and_its_analysts() -> None:
    for name, args in (
        ("lab_sustainability", []), ("lab_sustainability_csv", []),
        ("lab_sustainability_centre", [1]),
    ):  # fmt: skip
        assert signed_in(HUDA).get(reverse(name, args=args)).status_code == 200
        for account in (SALIM, AISHA):
            assert signed_in(account).get(reverse(name, args=args)).status_code == 403
