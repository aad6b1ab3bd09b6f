"""A payment link as in service: the worker, the provider and the person, each by itself."""

import base64

import httpx

from sanad.db.scope import acting, centre_scope, national_scope
from sanad.lib.ids import new_id
from sanad.oversight import verify
from sanad.till import queries, unsettled
from sanad.till.models import Payment, Pending
from tests.network import AISHA, KHUWAIR, TEN
from tests.sandbox_process import sandbox, until
from tests.walk import Walk
from tests.worker_process import worker


def test_a_link_is_registered_sent_paid_and_receipted_without_anybody_at_the_desk(
    served: str, tmp_path
) -> None:
    with sandbox(tmp_path, served) as client:
        url = str(client.base_url).rstrip("/")
        key = base64.b64decode(client.get("/provider/key").json()["public_key"])
        with acting(national_scope()):
            unsettled.register_provider(url=url, public_key=key, at=TEN)
        walk, payment = Walk().completed().quoted(), new_id()
        with walk.scope():
            unsettled.start_link(payment=payment, quote=walk.made["quote"], at=TEN, by=AISHA)

        with worker(SANAD_SANDBOX_URL=url):
            until(lambda: registered(payment), "the registration", seconds=90)
            sms = until(lambda: messages(client, "/pay/"), "the message with the link", seconds=90)
            link = next(word for word in sms[0]["text"].split() if "/pay/" in word)
            assert httpx.post(link, content="do=pay").status_code == 200
            until(lambda: state(payment) == "confirmed", "the confirmation", seconds=90)
            until(lambda: messages(client, "/track/"), "the message with the receipt", seconds=90)

    assert walk.status() == "paid"
    with walk.scope():
        [receipt] = queries.receipts_of(walk.case)
    assert receipt.body["means"] == "link"
    assert verify.ledger().wrong == verify.receipts().wrong == verify.log().wrong == ()


def registered(payment) -> bool:
    with acting(centre_scope(KHUWAIR)):
        return Pending.objects.get(payment=payment).registered_at is not None


def state(payment) -> str:
    with acting(centre_scope(KHUWAIR)):
        return Payment.objects.get(id=payment).state


def messages(client: httpx.Client, about: str) -> list[dict]:
    found = client.get("/control/sms").json()["messages"]
    return [message for message in found if about in message["text"]]
