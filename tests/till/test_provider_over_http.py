"""The real stand-in over real HTTP: slow, down, silent after acting, twice, out of order.

Each talk is what the worker does. The provider's own count of what it took is compared at the end.
"""

import base64
from datetime import timedelta

import pytest

from sanad.db.scope import acting, centre_scope, national_scope
from sanad.lib import clock
from sanad.lib.ids import new_id
from sanad.oversight import verify
from sanad.till import provider, queries, refunds, tasks, unsettled
from sanad.till.models import Payment, Refund
from tests.committed import as_owner_of_all
from tests.network import AISHA, KHUWAIR, SALIM, TEN
from tests.sandbox_process import sandbox, until
from tests.walk import Walk

pytestmark = [pytest.mark.usefixtures("served")]


@pytest.fixture
def world(served, tmp_path):
    """A stand-in whose key is registered, and a walk whose quote is agreed to."""
    with sandbox(tmp_path, served) as client:
        key = base64.b64decode(client.get("/provider/key").json()["public_key"])
        with acting(national_scope()):
            unsettled.register_provider(
                url=str(client.base_url).rstrip("/"), public_key=key, at=TEN
            )
        yield client, Walk().completed().quoted()


def begun(walk: Walk):
    payment = new_id()
    with walk.scope():
        unsettled.start_link(payment=payment, quote=walk.made["quote"], at=TEN, by=AISHA)
    return payment


def talk(payment, times: int = 1) -> str:
    """Ask the provider now, whatever the wait would be."""
    for _ in range(times):
        with as_owner_of_all() as cursor:
            cursor.execute(
                "UPDATE till_pending SET next_ask_at = %s WHERE payment_id = %s AND outcome = ''",
                [clock.now() - timedelta(seconds=1), payment],
            )
        tasks.ask_provider.func(payment=str(payment), centre=KHUWAIR)
    return state(payment)


def state(payment) -> str:
    with acting(centre_scope(KHUWAIR)):
        return Payment.objects.get(id=payment).state


def policy(client, **changes) -> None:
    assert client.post("/control/provider/policy", json=changes).status_code == 200


def does(client, payment, what: str) -> None:
    answer = client.post(f"/pay/{payment}", content=f"do={what}")
    assert answer.status_code == 200


def verified() -> None:
    assert verify.ledger().wrong == verify.receipts().wrong == verify.log().wrong == ()


def test_paid_on_the_page_and_told_by_the_callback(world):
    client, walk = world
    payment = begun(walk)
    assert talk(payment) == "initiated"
    page = client.get(f"/pay/{payment}").text
    assert "3.150" in page and "This stands in for a payment provider" in page

    does(client, payment, "pay")

    until(lambda: state(payment) == "confirmed", "the callback")
    assert walk.status() == "paid"
    assert client.get("/control/payments").json() == {"confirmed": {"payments": 1, "baisa": 3150}}
    verified()


def test_without_a_callback_the_ask_finds_it(world):
    client, walk = world
    policy(client, calls_back=False)
    payment = begun(walk)
    talk(payment)
    does(client, payment, "pay")

    assert talk(payment) == "confirmed"
    verified()


def test_declined_frees_the_request(world):
    client, walk = world
    policy(client, calls_back=False)
    payment = begun(walk)
    talk(payment)
    does(client, payment, "decline")

    assert talk(payment) == "failed"
    verified()


def test_twice_and_out_of_order_is_paid_once(world):
    client, walk = world
    policy(client, twice=True, out_of_order=True)
    payment = begun(walk)
    talk(payment)
    does(client, payment, "pay")

    until(lambda: state(payment) == "confirmed", "the callback")
    assert talk(payment, 2) == "confirmed"
    with walk.scope():
        assert len(queries.receipts_of(walk.case)) == 1
    verified()


def test_an_answer_dropped_after_acting_is_not_a_second_payment(world):
    client, walk = world
    policy(client, drop_answers=2, calls_back=False)
    payment = begun(walk)

    assert talk(payment, 2) == "initiated"
    assert client.get(f"/payments/{payment}").json()["status"] == "open"
    does(client, payment, "pay")
    assert talk(payment) == "confirmed"
    assert client.get("/control/payments").json() == {"confirmed": {"payments": 1, "baisa": 3150}}
    verified()


def test_a_provider_that_is_down_leaves_the_payment_in_doubt_until_it_is_back(world):
    client, walk = world
    payment = begun(walk)
    talk(payment)
    policy(client, down=True, calls_back=False)

    assert talk(payment, 3) == "in_doubt"
    verified()
    policy(client, down=False)
    does(client, payment, "pay")
    assert talk(payment) == "confirmed"
    verified()


def test_a_slow_provider_gives_no_clear_answer(world, monkeypatch):
    client, walk = world
    monkeypatch.setattr(provider, "ANSWER_WITHIN_SECONDS", 0.2)
    policy(client, slow_seconds=0.6)
    payment = begun(walk)

    assert talk(payment, 3) == "in_doubt"
    policy(client, slow_seconds=0)
    monkeypatch.setattr(provider, "ANSWER_WITHIN_SECONDS", 10)
    assert talk(payment) == "in_doubt", "known to the provider and not paid"


def test_a_withdrawn_link_cannot_be_paid_any_more(world):
    client, walk = world
    payment = begun(walk)
    talk(payment)
    with walk.scope():
        unsettled.withdraw_link(payment=payment, at=clock.now(), by=AISHA)

    assert talk(payment) == "failed"
    does(client, payment, "pay")
    assert client.get(f"/payments/{payment}").json()["status"] == "cancelled"
    walk.paid()
    verified()


def test_a_refund_whose_answer_was_dropped_is_given_once(world):
    client, walk = world
    payment = begun(walk)
    talk(payment)
    does(client, payment, "pay")
    until(lambda: state(payment) == "confirmed", "the callback")
    walk.refund_asked()
    with walk.scope():
        refunds.approve(refund=walk.made["refund"], at=clock.now(), by=SALIM)
    policy(client, drop_answers=1)

    tasks.give_back.func(refund=str(walk.made["refund"]), centre=KHUWAIR)
    assert (state(payment), walk.status()) == ("confirmed", "paid")
    with walk.scope():
        Refund.objects.update(next_ask_at=clock.now() - timedelta(seconds=1))
    tasks.give_back.func(refund=str(walk.made["refund"]), centre=KHUWAIR)

    assert (state(payment), walk.status()) == ("refunded", "cancelled")
    assert client.get("/control/payments").json() == {"refunded": {"payments": 1, "baisa": 3150}}
    verified()
