"""The same service for the next person: of a household, and of a company."""

import pytest
from django.urls import reverse

from sanad.beneficiaries import actions as beneficiaries
from sanad.cases import actions, queries
from sanad.cases.models import Case
from tests.desk.test_the_desk import hidden
from tests.network import AISHA, KHUWAIR, MARYAM, NOORA, RAHUL, SOHAR, ZAHRA
from tests.walk import WORK_PERMIT, Walk
from tests.web_client import signed_in, words_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_ten")]


def known(client=RAHUL) -> None:
    Walk(client=client, operator=AISHA).person_seated().finished_visit()


def for_company(walk: Walk) -> Walk:
    walk.person_seated()
    with walk.scope():
        company = beneficiaries.register_company(
            centre=KHUWAIR, cr_number="1234567", name_ar="مؤسسة الخوير الحديثة", name_en="",
            at=walk.at, by=walk.operator,
        )  # fmt: skip
        actions.seat_person(
            visit=walk.made["visit"], person=walk.made["person"], company=company.id
        )
    return walk


def look_up(walk: Walk, civil: str, same):
    address = reverse("desk_person", args=[walk.made["visit"]])
    data = {"do": "look-up", "key_kind": "civil", "key": civil}
    return signed_in(AISHA, language="ar").post(f"{address}?same={same}", data)


def test_a_household_keeps_the_service_and_nothing_else():
    known()
    walk = Walk(service=WORK_PERMIT, client=MARYAM).filled_in()

    answer = look_up(walk, RAHUL.civil, walk.case)

    assert answer.url == reverse("desk_mandate", args=[walk.made["visit"], WORK_PERMIT])


def test_a_company_stays_and_what_it_is_stands_in_the_next_form():
    known()
    walk = for_company(Walk(service=WORK_PERMIT, client=MARYAM)).filled_in()

    answer = look_up(walk, RAHUL.civil, walk.case)

    client = signed_in(AISHA, language="ar")
    assert answer.url.endswith(f"/{WORK_PERMIT}/?like={walk.case}")
    read = client.get(answer.url).content.decode()
    signed = {"typed_name": RAHUL.name.ar, "card_seen": "on"}
    given = client.post(answer.url, signed | hidden(read, "ends", "words", "client_language"))
    with walk.scope():
        case = Case.objects.get(id=given.url.split("/")[3])
        before = Case.objects.get(id=walk.case)
        seated = queries.visit(walk.made["visit"]).person.name
    assert set(case.answers) == {"employer_name", "employer_cr_number", "employer_phone"}
    assert case.company_id == before.company_id
    assert (case.person_id != before.person_id, seated) == (True, RAHUL.name)


@pytest.mark.parametrize("same", ["", "x", "00000000-0000-0000-0000-000000000000", "theirs"])
def test_an_address_that_names_no_request_in_sight_is_an_ordinary_look_up(same):
    if same == "theirs":
        same = Walk(centre=SOHAR, operator=ZAHRA, client=NOORA).opened().case
    known()
    walk = Walk().person_seated()

    answer = look_up(walk, RAHUL.civil, same)

    assert answer.url == reverse("desk")


def test_the_page_says_what_the_next_person_gets():
    walk = for_company(Walk(service=WORK_PERMIT, client=MARYAM)).opened()
    address = reverse("desk_person", args=[walk.made["visit"]])

    page = signed_in(AISHA, language="ar").get(f"{address}?same={walk.case}")

    assert "الخدمة نفسها للشخص التالي" in words_of(page)
    assert "مؤسسة الخوير الحديثة" in words_of(page)
