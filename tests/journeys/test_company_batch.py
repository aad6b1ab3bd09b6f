"""A company's twenty workers in Chromium, by keyboard, in both languages: from list to line."""

from urllib.parse import urljoin

import pytest
from django.urls import reverse

from sanad.beneficiaries import actions as beneficiaries
from sanad.cases import actions as cases
from sanad.cases.models import Case
from sanad.gateway.models import Delivery
from sanad.oversight import verify
from sanad.till.models import Receipt
from tests.desk.test_company_list import COMPANY, pasted, worker
from tests.journeys.keyboard import Keyboard
from tests.journeys.test_in_the_browser import sign_in
from tests.network import AISHA, KHUWAIR, MARYAM, RENEW_CARD
from tests.walk import Walk
from tests.web.browser import DESK, OpenPage


@pytest.mark.browser
@pytest.mark.parametrize("language", ["ar", "en"])
def test_twenty_workers_of_a_company_by_keyboard(
    served: str, open_page: OpenPage, language: str
) -> None:
    walk = Walk(service=RENEW_CARD).person_seated().drawer_opened()
    with walk.scope():
        company = beneficiaries.register_company(
            centre=KHUWAIR, cr_number="1234567", name_ar="مؤسسة الخوير الحديثة",
            name_en="Al Khuwair Modern", at=walk.at, by=AISHA,
        )  # fmt: skip
        cases.seat_person(visit=walk.made["visit"], person=walk.made["person"], company=company.id)
    hands = Keyboard(open_page(language, DESK), f"batch-{language}")
    sign_in(hands, served)
    hands.page.goto(urljoin(served, reverse("desk_list", args=[walk.made["visit"], RENEW_CARD])))
    for key, answer in COMPANY.items():
        put(hands, f"#field-{key}", answer)
    wrong = [worker(n) for n in range(1, 20)] + [worker(20, card_expiry_date="soon")]
    put(hands, "#field-list", pasted(wrong))
    hands.press("button[value=check]")
    assert hands.page.locator(".field-error").count() == 1
    hands.look("a-row-is-wrong")
    put(hands, "#field-list", pasted([worker(n) for n in range(1, 21)]))
    hands.press("button[value=check]")
    hands.look("list-is-right")
    put(hands, "#field-typed_name", MARYAM.name.in_language(language))
    for box in ("card_seen", "papers"):
        hands.to(f"#field-{box}")
        hands.page.keyboard.press("Space")
    hands.key("KeyS")
    hands.look("opened")
    hands.key("KeyA")
    hands.look("agreement")
    hands.press("form .btn-primary")
    hands.write("#field-tendered", "700")
    hands.look("one-tender")
    hands.leads_on(lambda: hands.page.keyboard.press("Enter"))
    hands.look("paid-together")
    hands.key("KeyS")
    hands.look("sent")

    with walk.scope():
        assert set(Case.objects.values_list("status", flat=True)) == {"queued"}
        assert Delivery.objects.count() == Receipt.objects.count() == 20
    assert verify.ledger().wrong == verify.receipts().wrong == verify.log().wrong == ()


def put(hands: Keyboard, selector: str, text: str) -> None:
    """Replace what stands in a field, as from the clipboard: no scanner, who types faster."""
    hands.to(selector)
    hands.page.keyboard.press("Control+A")
    hands.page.keyboard.insert_text(text)
