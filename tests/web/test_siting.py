"""Where centres should stand: the advice on a page, in both languages, and what it refuses."""

import pytest
from django.urls import reverse

from tests.network import AISHA, HUDA, NASSER
from tests.web_client import signed_in, words_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_ten")]


@pytest.mark.parametrize("language", ["ar", "en"])
def test_the_advice_is_read_with_its_reasons_and_assumptions(language: str) -> None:
    page = signed_in(NASSER, language=language).get(reverse("lab_siting"))
    words = words_of(page)
    said = {
        "ar": ("أين تُضاف مراكز", "صلالة", "افتراض:", "مثبت في حدود"),
        "en": ("Where centres should be added", "Salalah", "Assumed:", "Proven to within"),
    }[language]

    assert page.status_code == 200
    assert all(one in words for one in said)
    assert page.content.decode().count("<tr>") > 70


def test_as_many_are_added_as_are_asked_for_in_any_digits() -> None:
    client = signed_in(NASSER)
    none, three = (
        words_of(client.get(reverse("lab_siting"), {"add": add, "within": "30"}))
        for add in ("0", "٣")
    )
    assert "None." in none.split("Where too many stand")[0]
    assert "None." not in three.split("Where too many stand")[0]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"add": "many"}, "“many” in “Centres more” cannot be used"),
        ({"add": "-1"}, "whole number from 0 to 100"),
        ({"within": "500"}, "whole number from 5 to 60"),
        ({"within": ""}, "“” in “Kilometres by road that people go”"),
    ],
)
def test_what_cannot_be_solved_is_said_and_stays(typed: dict[str, str], said: str) -> None:
    page = signed_in(NASSER).get(reverse("lab_siting"), typed)
    assert page.status_code == 409
    assert said in words_of(page)
    for value in typed.values():
        assert f'value="{value}"' in page.content.decode()


def test_it_is_for_the_ministry_and_its_analysts() -> None:
    assert signed_in(HUDA).get(reverse("lab_siting")).status_code == 200
    assert signed_in(AISHA).get(reverse("lab_siting")).status_code == 403
