"""The operator's walk over HTTP: from "serve" to the receipt, and twice is once."""

import re
from uuid import uuid4

import pytest
from django.urls import reverse

from sanad.beneficiaries.models import Mandate
from sanad.eventlog.queries import events
from sanad.till import queries
from sanad.till.models import Payment, Receipt
from tests.cases.changes import publish_fee
from tests.network import AISHA, IBRAHIM, MARYAM, RENEW_MEMBERSHIP
from tests.walk import ANSWERS, Walk
from tests.web_client import signed_in, words_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_ten")]


def hidden(page: str, *names: str) -> dict[str, str]:
    return {
        name: re.search(f'type="hidden" name="{name}" value="([^"]*)"', page)[1] for name in names
    }


@pytest.mark.parametrize("language", ["ar", "en"])
def test_from_serving_somebody_to_the_receipt(language):
    client = signed_in(AISHA, language=language)

    def post(name: str, *ids, **data):
        answer = client.post(reverse(name, args=ids), data)
        assert answer.status_code == 302, words_of(answer)
        return answer.url

    post("desk_quick")
    page = client.get(reverse("desk")).content.decode()
    visit = re.search(r"/desk/visits/([0-9a-f-]{36})/", page)[1]
    answer = client.post(
        reverse("desk_person", args=[visit]), {"do": "look-up", "key": MARYAM.civil}
    )
    assert 'value="register"' in answer.content.decode()
    post("desk_person", visit, do="register", key=MARYAM.civil, name_ar=MARYAM.name.ar,
         name_en=MARYAM.name.en, phone=MARYAM.phone, language=language)  # fmt: skip
    address = reverse("desk_mandate", args=[visit, RENEW_MEMBERSHIP])
    read = client.get(address).content.decode()
    case = post("desk_mandate", visit, RENEW_MEMBERSHIP, typed_name=MARYAM.name.ar, card_seen="on",
                **hidden(read, "ends", "words", "client_language")).split("/")[3]  # fmt: skip
    checklist = client.get(reverse("desk_case", args=[case])).content.decode()
    for code in re.findall(r'name="code" value="([^"]+)"', checklist):
        post("desk_documents", case, code=code, do="seen")
    post("desk_complete", case, **ANSWERS[RENEW_MEMBERSHIP])
    post("desk_agree", case)
    ready = client.get(f"/desk/cases/{case}/").content.decode()
    post("desk_pay", case, means="card", card_reference="445566",
         **hidden(ready, "payment", "quote"))  # fmt: skip
    post("desk_submit", case)

    walk = Walk(made={"case": case, "visit": visit})
    assert walk.status() == "queued"
    with walk.scope():
        assert Receipt.objects.get().number == 1
    post("desk_finish", visit)


def test_the_mandate_ends_and_is_hashed_as_it_was_read():
    walk = Walk().person_seated()
    client = signed_in(AISHA)
    address = reverse("desk_mandate", args=[walk.made["visit"], RENEW_MEMBERSHIP])
    page = client.get(address, {"client_language": "en"}).content.decode()
    read = hidden(page, "ends", "words", "client_language")
    assert read["client_language"] == "en"

    client.post(address, {"typed_name": MARYAM.name.en, "card_seen": "on", **read})

    with walk.scope():
        given = Mandate.objects.get()
    assert bytes(given.text_hash).hex() == read["words"]
    assert given.expires_at.isoformat() == read["ends"]


@pytest.mark.parametrize("ends", ["2030-01-01T00:00:00+00:00", "2020-01-01T00:00:00+00:00", "x",
                                  "2025-10-01T06:00:00"])  # fmt: skip
def test_the_page_cannot_be_made_to_give_a_longer_mandate(ends):
    walk = Walk().person_seated()
    client = signed_in(AISHA)
    address = reverse("desk_mandate", args=[walk.made["visit"], RENEW_MEMBERSHIP])
    read = hidden(client.get(address).content.decode(), "ends", "words")

    client.post(address, {"typed_name": MARYAM.name.ar, "card_seen": "on", **read, "ends": ends})

    with walk.scope():
        for given in Mandate.objects.all():
            assert (given.expires_at - given.granted_at).total_seconds() <= 24 * 3600


def test_words_that_changed_while_they_were_read_are_read_again():
    walk = Walk().person_seated()
    client = signed_in(AISHA)
    address = reverse("desk_mandate", args=[walk.made["visit"], RENEW_MEMBERSHIP])
    read = hidden(client.get(address).content.decode(), "ends", "words")
    publish_fee(walk, 2_500)

    answer = client.post(address, {"typed_name": MARYAM.name.ar, "card_seen": "on", **read})

    assert answer.status_code == 409
    assert "تغيّر نص التفويض" in words_of(answer)
    assert f'value="{MARYAM.name.ar}"' in answer.content.decode()
    with walk.scope():
        assert not Mandate.objects.exists()


def test_a_payment_that_is_posted_twice_is_one_payment():
    walk = Walk().quoted().drawer_opened()
    client = signed_in(AISHA)
    address = reverse("desk_pay", args=[walk.case])
    asked = {"payment": uuid4(), "quote": walk.made["quote"], "means": "cash", "tendered": "5"}

    answers = [client.post(address, asked) for _ in range(3)]

    assert [answer.status_code for answer in answers] == [302, 302, 302]
    assert "1.850" in words_of(client.get(reverse("desk_case", args=[walk.case])))
    with walk.scope():
        assert Payment.objects.count() == Receipt.objects.count() == 1
        assert queries.open_drawer_of(AISHA).expected_baisa == 20_000 + 3_150


def test_a_quote_of_another_case_is_not_paid_on_this_page():
    walk = Walk().quoted()
    other = Walk(made={"visit": walk.made["visit"], "person": walk.made["person"]}).quoted()

    answer = signed_in(AISHA).post(
        reverse("desk_pay", args=[other.case]),
        {
            "payment": uuid4(),
            "quote": walk.made["quote"],
            "means": "card",
            "card_reference": "4455",
        },
    )

    assert answer.status_code == 409
    with walk.scope():
        assert not Payment.objects.exists()


def test_the_wrong_person_is_corrected_after_the_visit_ended():
    walk = Walk().opened().finished_visit()
    Walk(client=IBRAHIM).person_seated()

    answer = signed_in(AISHA).post(
        reverse("desk_wrong_person", args=[walk.case]),
        {"key_kind": "civil", "key": IBRAHIM.civil},
    )

    assert answer.status_code == 302
    with walk.scope():
        assert walk.view().person.name.en == IBRAHIM.name.en
    page = words_of(signed_in(AISHA).get(reverse("desk_case", args=[walk.case])))
    assert "No mandate" in page


def test_registering_a_known_number_is_a_recorded_look_up():
    walk = Walk().person_seated()
    signed_in(AISHA).post(
        reverse("desk_person", args=[walk.made["visit"]]),
        {"do": "register", "key": MARYAM.civil, "name_ar": "أحد"},
    )

    with walk.scope():
        found = [e.payload["found"] for e in events(visit=walk.made["visit"])
                 if e.kind == "person.looked_up"]  # fmt: skip
    assert found == [False, True]


def test_what_is_found_says_price_fee_documents_and_time(at_ten):
    walk = Walk().person_seated()
    hands = signed_in(AISHA)

    def found(words):
        page = hands.get(reverse("desk_services", args=[walk.made["visit"]]), {"q": words})
        return words_of(page)

    card = found("renew resident and work card")
    assert "Centre with VAT OMR 4.200" in card.replace("\xa0", " ")
    assert "30.000" in card
    assert "40.000" in card
    assert "documents" in card
    assert "Government fee to be confirmed" in found("renew membership")
    assert "Not priced by this centre yet" in found("certified translation")
