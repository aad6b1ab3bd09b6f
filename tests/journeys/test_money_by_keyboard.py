"""Money that is not simple, in Chromium by keyboard, in both languages.

A fee that the entity states afterwards, a terminal that gave no answer, a refund by a second
person, a day that does not come out even. What lies before is done as in tests/walk.py.
"""

import base64
from collections.abc import Callable
from pathlib import Path

import pytest
from django.urls import reverse

from sanad.db.scope import acting, centre_scope
from sanad.gateway.models import Delivery
from sanad.oversight import verify
from sanad.till import actions as till
from sanad.till import ledger, queries
from sanad.till.models import Drawer, Payment
from sanad.till.rules import Account
from tests.journeys.keyboard import Keyboard
from tests.journeys.test_in_the_browser import comes_to, sign_in
from tests.network import HEALTH, KHUWAIR, RENEW_CARD, RENEW_MEMBERSHIP
from tests.sandbox_process import sandbox, until
from tests.walk import ANSWERS, Walk, entity_listens
from tests.web.browser import DESK, OpenPage
from tests.worker_process import worker

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("language", ["ar", "en"])]
RENEW_HEALTH_CARD = "moh-renew-resident-work-health-card"
ANSWERS.setdefault(
    RENEW_HEALTH_CARD,
    {key: answer for key, answer in ANSWERS[RENEW_CARD].items() if key != "handles_food"},
)
Hands = Callable[..., Keyboard]


@pytest.fixture
def hands(served: str, open_page: OpenPage, language: str) -> Hands:
    """Somebody's keyboard at a desk of their own, signed in."""

    def sit(username: str = "aisha", album: str = "money") -> Keyboard:
        found = Keyboard(open_page(language, DESK), f"{album}-{language}")
        sign_in(found, served, username)
        return found

    return sit


def address(served: str, walk: Walk) -> str:
    return served + reverse("desk_case", args=[walk.case])


def clean() -> None:
    """Books, receipts and the log say the same, whatever happened on the way."""
    assert verify.ledger().wrong == verify.receipts().wrong == verify.log().wrong == ()


def test_a_worker_card_whose_fee_is_confirmed_afterwards(
    served: str, hands: Hands, tmp_path: Path
) -> None:
    with (
        sandbox(tmp_path, served, "--delay", "0") as entities,
        worker(SANAD_SANDBOX_URL=str(entities.base_url), SANAD_PUBLIC_URL=served),
    ):
        key = base64.b64decode(entities.get("/entities/moh/key").json()["public_key"])
        entity_listens(entity=HEALTH, url=f"{entities.base_url}/entities/moh", key=key)
        entities.post("/control/entities/moh/policy", json={"mode": "manual"})
        walk = Walk(service=RENEW_HEALTH_CARD).drawer_opened().completed()
        with walk.scope():
            till.make_quote(case=walk.case, at=walk.at)
        operator, case = hands(album="fee"), address(served, walk)
        operator.page.goto(case)
        assert operator.page.locator("#till .state-wait").count() == 1  # the fee is not known
        operator.look("fee-open")
        operator.key("KeyA")
        operator.look("first-agreement")
        operator.press("form .btn-primary")
        pay_cash(operator)
        operator.key("KeyS")
        comes_to(operator.page, case, "sent")

        with walk.scope():
            request = Delivery.objects.get(case_id=walk.case).id
        entities.post(f"/control/requests/{request}/fee", json={"government_baisa": 12_500})
        shows(operator, case, "#fee-title")
        operator.look("fee-stated")
        operator.press("section[aria-labelledby=fee-title] .btn-primary")
        operator.key("KeyA")
        operator.look("second-agreement")
        operator.press("form .btn-primary")
        pay_cash(operator)
        operator.look("fee-paid")
        entities.post(f"/control/requests/{request}/decide", json={"outcome": "approved"})
        comes_to(operator.page, case, "approved")
        operator.key("KeyS")

    assert walk.status() == "delivered"
    with walk.scope():
        totals = [one.body["total_baisa"] for one in queries.receipts_of(walk.case)]
        assert totals == [4_200, 12_500]
        assert -ledger.balances(centre=KHUWAIR)[Account.HELD_FOR_ENTITY] == 12_500
    clean()


def test_a_membership_whose_terminal_gave_no_answer(served: str, hands: Hands) -> None:
    walk = Walk(service=RENEW_MEMBERSHIP).quoted()
    operator, case = hands(album="doubt"), address(served, walk)
    operator.page.goto(case)
    operator.press("button[formaction$='/doubt/']")
    assert operator.page.locator("input[name=card_reference]").count() == 0
    assert operator.page.locator("form[action$='/pay/']").count() == 0
    operator.look("in-doubt")

    operator.press("section[aria-labelledby=open-payment-title] a")
    operator.look("lane")
    operator.write("input[name=typed]", "48151623")
    operator.leads_on(lambda: operator.page.keyboard.press("Enter"))
    operator.page.goto(case)
    operator.look("settled")

    with walk.scope():
        payments = list(Payment.objects.values_list("state", "card_reference"))
        assert payments == [("confirmed", "48151623")]
        assert ledger.balances(centre=KHUWAIR)[Account.IN_DOUBT] == 0
        assert len(queries.receipts_of(walk.case)) == 1
    assert walk.status() == "paid"
    clean()


def test_a_doubt_that_a_colleague_ends_as_not_charged_is_paid_anew(
    served: str, hands: Hands
) -> None:
    walk = Walk(service=RENEW_MEMBERSHIP).quoted()
    operator, case = hands(album="not-charged"), address(served, walk)
    operator.page.goto(case)
    operator.press("button[formaction$='/doubt/']")
    operator.page.goto(served + reverse("desk_lane"))
    assert operator.page.locator("button.btn-danger").count() == 0  # not whoever took it

    colleague = hands("badr", album="not-charged-colleague")
    colleague.page.goto(served + reverse("desk_lane"))
    colleague.write("[id^=not-]", "ليس في سجل البنك")
    colleague.look("lane-of-a-colleague")
    colleague.leads_on(lambda: colleague.page.keyboard.press("Enter"))
    operator.page.goto(case)
    operator.write("#field-card", "48151624")
    operator.leads_on(lambda: operator.page.keyboard.press("Enter"))

    with walk.scope():
        states = sorted(Payment.objects.values_list("state", flat=True))
        assert states == ["confirmed", "failed"]
    assert walk.status() == "paid"
    clean()


def test_a_refund_is_given_by_a_second_person(served: str, hands: Hands) -> None:
    walk = Walk(service=RENEW_CARD).paid("cash")
    operator, case = hands(album="refund"), address(served, walk)
    operator.page.goto(case)
    operator.to("details.more > summary:has(+ form[action$='/cancel/'])")
    operator.page.keyboard.press("Enter")
    operator.write("#field-cancel", "غيّر رأيه")
    operator.leads_on(lambda: operator.page.keyboard.press("Enter"))
    operator.look("asked-back")
    assert walk.status() == "paid"
    operator.page.goto(served + reverse("refunds"))
    assert operator.page.locator("form[action$='/approve/']").count() == 0

    owner = hands("salim", album="refund-owner")
    owner.page.goto(served + reverse("refunds"))
    owner.look("refunds")
    owner.press("form[action$='/approve/'] button")
    owner.look("given-back")

    assert walk.status() == "cancelled"
    with walk.scope():
        assert ledger.drawer_balance(walk.made["drawer"]) == 20_000
        assert queries.receipts_of(walk.case)[0].voided_at is not None
    clean()


def test_a_day_is_closed_with_a_variance(served: str, hands: Hands) -> None:
    operator = hands(album="day")
    operator.page.goto(served + reverse("drawer"))
    operator.write("#field-float", "٢٠" if operator.album.name.endswith("ar") else "20")
    operator.leads_on(lambda: operator.page.keyboard.press("Enter"))
    Walk(service=RENEW_MEMBERSHIP).paid("cash")
    operator.page.goto(served + reverse("cash_move"))
    operator.write("#field-amount", "5")
    operator.write("#field-reason", "الفائض إلى الخزنة")
    operator.leads_on(lambda: operator.page.keyboard.press("Enter"))
    operator.look("moved")

    with acting(centre_scope(KHUWAIR)):
        drawer = Drawer.objects.get()
    operator.page.goto(served + reverse("drawer_count", args=[drawer.id]))
    operator.write("#field-pieces-10000", "1")
    operator.write("#field-pieces-1000", "8")
    operator.write("#field-total", "18")
    operator.leads_on(lambda: operator.page.keyboard.press("Enter"))
    assert operator.page.locator("#field-reason.is-invalid").count() == 1  # it differs: why
    assert operator.page.locator("#field-pieces-1000").input_value() == "8"
    operator.look("differs")
    operator.write("#field-reason", "نقص خمسون ومئة بيسة في الفكة")
    operator.leads_on(lambda: operator.page.keyboard.press("Enter"))
    operator.look("counted")
    operator.page.goto(served + reverse("till_day"))
    operator.press("form.actions .btn-primary")
    operator.look("closed")

    with acting(centre_scope(KHUWAIR)):
        drawer = Drawer.objects.get()
        assert (drawer.expected_baisa, drawer.counted_baisa) == (18_150, 18_000)
        assert drawer.pieces == {"10000": 1, "1000": 8}
        assert ledger.balances(centre=KHUWAIR)[Account.VARIANCE] == 150
    clean()


def pay_cash(operator: Keyboard) -> None:
    """The exact amount, by leaving the field empty."""
    operator.to("#field-tendered")
    operator.leads_on(lambda: operator.page.keyboard.press("Enter"))


def shows(operator: Keyboard, case: str, what: str) -> None:
    """Reload the case until a part of it is there."""

    def there() -> bool:
        operator.page.goto(case)
        return bool(operator.page.locator(what).count())

    until(there, what)
