"""A company's list: twenty workers, one signature, one tender, twenty requests."""

import re

import pytest
from django.urls import reverse

from sanad.beneficiaries import actions as beneficiaries
from sanad.beneficiaries.models import Mandate
from sanad.cases import actions as cases
from sanad.cases.models import Case
from sanad.counter import batch
from sanad.gateway.models import Delivery
from sanad.oversight import verify
from sanad.till.models import Payment, Receipt
from tests.network import AISHA, KHUWAIR, MARYAM, RENEW_CARD, RENEW_MEMBERSHIP
from tests.walk import Walk
from tests.web_client import signed_in, words_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_ten")]
COMPANY = {"employer_name": "مؤسسة الخوير الحديثة", "employer_cr_number": "1234567",
           "employer_phone": "92345678"}  # fmt: skip
COLUMNS = (
    "worker_civil_number", "worker_name", "worker_passport_number", "worker_nationality",
    "worker_birth_date", "worker_phone", "occupation", "handles_food", "card_expiry_date",
)  # fmt: skip


def worker(n, **other):
    made = {
        "worker_civil_number": f"7100{n:04d}", "worker_name": f"WORKER NUMBER {n}",
        "worker_passport_number": f"P10{n:05d}", "worker_nationality": "India",
        "worker_birth_date": "1990-05-31", "worker_phone": "91234567",
        "occupation": "Electrician", "handles_food": "other", "card_expiry_date": "2025-12-01",
    }  # fmt: skip
    return made | other


def pasted(workers, *, headings=True):
    rows = [",".join(COLUMNS)] if headings else []
    return "\n".join([*rows, *(",".join(one[key] for key in COLUMNS) for one in workers)])


@pytest.fixture
def visit():
    """Maryam at Aisha's counter, for a company."""
    walk = Walk(service=RENEW_CARD).person_seated()
    with walk.scope():
        company = beneficiaries.register_company(
            centre=KHUWAIR, cr_number="1234567", name_ar="مؤسسة الخوير الحديثة", name_en="",
            at=walk.at, by=AISHA,
        )  # fmt: skip
        cases.seat_person(visit=walk.made["visit"], person=walk.made["person"], company=company.id)
    return walk


def page(walk, service=RENEW_CARD):
    return reverse("desk_list", args=[walk.made["visit"], service])


def hidden(answer):
    return {
        name: re.search(rf'name="{name}" value="([^"]*)"', answer.content.decode())[1]
        for name in ("words", "ends")
    }


def checked(hands, walk, text, **more):
    return hands.post(page(walk), COMPANY | {"list": text, "do": "check"} | more)


SIGNED = {"do": "open", "typed_name": MARYAM.name.ar, "card_seen": "on", "papers": "on"}


@pytest.mark.parametrize("language", ["ar", "en"])
def test_twenty_workers_from_the_list_to_the_line(visit, language):
    hands, text = signed_in(AISHA, language=language), pasted([worker(n) for n in range(1, 21)])
    shown = checked(hands, visit, text)
    assert "20" in words_of(shown)
    assert shown["Cache-Control"] == "no-store"

    opened = hands.post(page(visit), COMPANY | {"list": text} | SIGNED | hidden(shown))
    assert opened.status_code == 302, words_of(opened)
    basket = reverse("desk_basket", args=[visit.made["visit"]])
    agree = reverse("desk_basket_agree", args=[visit.made["visit"]])
    quotes = re.findall(r'name="quote" value="([^"]+)"', hands.get(agree).content.decode())
    hands.post(agree, {"quote": quotes})
    form = hands.get(basket).content.decode()
    hands.post(basket, {
        "quote": re.findall(r'name="quote" value="([^"]+)"', form)[:20],
        "payment": re.findall(r'name="payment" value="([^"]+)"', form)[:20],
        "means": "card", "card_reference": "48151623",
    })  # fmt: skip
    sent = hands.post(reverse("desk_send_paid", args=[visit.made["visit"]]), follow=True)

    assert "20" in words_of(sent)
    with visit.scope():
        assert set(Case.objects.values_list("status", flat=True)) == {"queued"}
        assert Delivery.objects.count() == Receipt.objects.count() == 20
        assert Mandate.objects.values("text_hash").distinct().count() == 1
        assert Mandate.objects.exclude(case_id=None).count() == 20
        assert sum(Payment.objects.values_list("baisa", flat=True)) == 20 * 34_200
    assert verify.ledger().wrong == verify.receipts().wrong == verify.log().wrong == ()


def test_rows_that_are_wrong_are_marked_and_nothing_is_opened(visit):
    hands = signed_in(AISHA)
    text = pasted([worker(1), worker(2, worker_birth_date="yesterday"), worker(1)])

    answer = checked(hands, visit, text)

    assert answer.status_code == 409
    said = words_of(answer)
    assert "2 rows need attention" in said
    assert "The same as row 1" in said
    assert "yesterday" in answer.content.decode()
    assert "71000002" in answer.content.decode()
    with visit.scope():
        assert not Case.objects.exists()
        assert not Mandate.objects.exists()


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"words": "00"}, "mandate.words_changed"),
        ({"typed_name": "Somebody Else"}, "mandate.name_differs"),
        ({"card_seen": ""}, None),
        ({"list": ""}, "counter.list_empty"),
    ],
    ids=["other words", "another name", "no card", "no list"],
)
def test_a_refused_list_opens_nothing_and_keeps_what_was_pasted(visit, change, code):
    hands, text = signed_in(AISHA), pasted([worker(n) for n in range(1, 4)])
    shown = checked(hands, visit, text)
    said = COMPANY | {"list": text} | SIGNED | hidden(shown) | change
    if change.get("card_seen") == "":
        said.pop("card_seen")

    answer = hands.post(page(visit), said)

    assert answer.status_code == 409, code
    assert change.get("list", "71000003") in answer.content.decode()
    with visit.scope():
        assert not Case.objects.exists()
        assert not Mandate.objects.exists()


def test_without_a_company_there_is_no_list():
    walk = Walk().person_seated()

    shown = signed_in(AISHA).get(page(walk, RENEW_MEMBERSHIP))
    refused = signed_in(AISHA).post(page(walk, RENEW_MEMBERSHIP), {"list": "1", "do": "check"})

    assert (shown.status_code, refused.status_code) == (200, 409)
    assert "for a company" in words_of(shown)
    assert "for a company" in words_of(refused)


def test_rows_are_read_with_tabs_labels_choices_and_no_headings(visit):
    from sanad.catalogue import queries as catalogue
    from sanad.lib.business_day import business_date

    with visit.scope():
        service = catalogue.service(RENEW_CARD, business_date(visit.at))
        labels = [one.label.ar for one in batch.row_fields(service)]
        row = [worker(5)[one.key] for one in batch.row_fields(service)]
        food = labels.index(next(o.label.ar for o in service.form if o.key == "handles_food"))
        row[food] = "نعم"
        with_labels = batch.read_rows("\t".join(labels) + "\n" + "\t".join(row), service)
        without = batch.read_rows(";".join(row), service)
    assert with_labels == without
    assert with_labels[0]["handles_food"] == "food"
    with pytest.raises(batch.ListTooLong):
        batch.read_rows("\n".join(["x"] * 51), service)
    with pytest.raises(batch.ListUnreadable):
        batch.text_of(b"\xff\xfe\x00")


def test_nothing_paid_is_nothing_sent(visit):
    hands = signed_in(AISHA)

    answer = hands.post(reverse("desk_send_paid", args=[visit.made["visit"]]), follow=True)

    assert "No request of this visit is paid" in words_of(answer)
