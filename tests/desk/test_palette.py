"""What the palette finds, and what it keeps to itself."""

import pytest
from django.urls import reverse

from tests.network import AISHA, KHUWAIR, MARYAM, MUNA, NOORA, RENEW_MEMBERSHIP, SOHAR, ZAHRA
from tests.walk import Walk
from tests.web_client import signed_in, words_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_ten")]


def found(words: str, account=AISHA, language: str = "ar"):
    return signed_in(account, language=language).get(reverse("desk_palette"), {"q": words})


@pytest.mark.parametrize("words", ["", " ", "\x00", "x" * 5_000, "٪", "%_%", "5678"])
def test_any_words_have_an_answer(words):
    answer = found(words)

    assert answer.status_code == 200
    assert answer["Cache-Control"] == "no-store"


def test_a_service_leads_to_its_mandate_only_in_a_visit_with_a_person():
    published = reverse("service", args=[RENEW_MEMBERSHIP])
    assert f'data-go="{published}"' in found("تجديد العضويه").content.decode()

    walk = Walk().person_seated()

    mandate = reverse("desk_mandate", args=[walk.made["visit"], RENEW_MEMBERSHIP])
    assert f'data-go="{mandate}"' in found("renew membershp").content.decode()


def test_a_person_of_the_centre_is_seated_while_the_visit_has_no_request():
    walk = Walk().person_seated()

    page = found("البلوشيه").content.decode()

    assert f'data-post="{reverse("desk_person", args=[walk.made["visit"]])}"' in page
    assert MARYAM.civil not in page
    walk.opened()
    file = reverse("desk_person_file", args=[walk.made["person"]])
    page = found(MARYAM.phone[-4:]).content.decode()
    assert (f'data-go="{file}"' in page, "data-post" in page) == (True, False)


def test_people_and_requests_of_another_centre_are_not_found():
    walk = Walk(centre=SOHAR, operator=ZAHRA, client=NOORA).opened()
    with walk.scope():
        code = walk.view().line.code

    assert NOORA.name.ar in words_of(found(code, ZAHRA))
    for words in (code, NOORA.name.ar, NOORA.phone[-4:]):
        page = found(words)
        assert "data-person" not in page.content.decode()
        assert NOORA.name.ar not in words_of(page), KHUWAIR


def test_only_the_desk_asks():
    assert found("x", MUNA).status_code == 403
