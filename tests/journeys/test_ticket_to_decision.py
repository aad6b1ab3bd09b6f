"""The walk a newcomer takes through the code: one person, from the ticket to the decision."""

import json
from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import parse_qsl, urlsplit
from uuid import UUID, uuid4

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from sanad.cases import actions as cases
from sanad.cases import queries as case_queries
from sanad.cases.rules import Holder, Status
from sanad.catalogue import queries as catalogue
from sanad.counter import actions as counter
from sanad.counter import desk
from sanad.counter.rules import Group
from sanad.db.scope import acting, centre_scope, entity_scope, national_scope, public_scope
from sanad.eventlog.queries import events
from sanad.gateway import actions as gateway
from sanad.gateway import queries as line
from sanad.gateway.actions import Outcome
from sanad.lib.business_day import business_date
from sanad.till import actions as till
from sanad.till import ledger, receipts
from sanad.till import queries as till_queries
from sanad.till.rules import Account
from tests.network import AISHA, CHAMBER, KHUWAIR, RENEW_MEMBERSHIP
from tests.steps import Minutes, fill, mandate, seat

pytestmark = pytest.mark.django_db
T = TypeVar("T")


def test_the_whole_walk() -> None:
    now, key = Minutes(), Ed25519PrivateKey.generate()
    public = key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    with acting(national_scope()):
        gateway.register_endpoint(entity=CHAMBER, url="http://chamber", public_key=public, at=now())

    def do(verb: Callable[..., T], **details: Any) -> T:
        """One verb of Aisha's, in a transaction of its own."""
        with acting(centre_scope(KHUWAIR, account=AISHA)):
            return verb(**details, at=now(), by=AISHA)

    # 1-2 A ticket at the hall; Aisha calls and starts.
    do(counter.issue_ticket, centre=KHUWAIR, group=Group.BUSINESS, service_code=RENEW_MEMBERSHIP)
    visit = do(counter.start, ticket=do(counter.call_next, centre=KHUWAIR, point=1))
    # 3-4 The person by exact key, the mandate, the case, its form and documents.
    person = do(lambda at, by: seat(visit, at))
    service = do(lambda at, by: catalogue.service(RENEW_MEMBERSHIP, business_date(at)))
    given = do(lambda at, by: mandate(person, service, at, ceiling_baisa=10_000))
    case = do(cases.open_case, visit=visit, service_code=service.code, mandate=given)
    do(lambda at, by: fill(case, at))
    do(cases.complete, case=case)
    # 5 Four lines, agreed, paid in cash; a signed receipt.
    quote = do(till.make_quote, case=case)
    do(till.agree_quote, quote=quote)
    drawer = do(till.open_drawer, centre=KHUWAIR, float_baisa=20_000)
    paid = do(till.pay, payment=uuid4(), quote=quote, means="cash", tendered_baisa=5_000)
    receipt = do(lambda at, by: till_queries.receipt(paid))
    assert (receipt.number, receipt.body["total_baisa"]) == (1, 3_150)
    assert receipts.check_proof(**dict(parse_qsl(urlsplit(receipt.link).query))) == receipt.body
    # 6 Handed to the line.
    delivery = do(desk.submit, case=case)
    do(counter.finish, visit=visit)

    def deliver(sent: UUID) -> None:
        claimed = do(lambda at, by: gateway.claim(delivery=sent, at=at))
        assert claimed is not None and claimed.body["agent"]["centre_code"] == "SND-0001"
        taken = Outcome(202, 12, "CH-1")
        do(lambda at, by: gateway.conclude(claimed=claimed, outcome=taken, at=at))

    def answer(sent: UUID, kind: str, *fields: str) -> None:
        body = {"answer_id": str(uuid4()), "request_id": str(sent), "kind": kind,
                "fields": fields, "reason": {"ar": "سبب", "en": "reason"},
                "decided_at": now().isoformat()}  # fmt: skip
        raw = json.dumps(body).encode()
        with acting(entity_scope(CHAMBER)):
            found = gateway.receive_answer(
                entity=CHAMBER, raw=raw, signature=key.sign(raw), at=now()
            )
        assert do(lambda at, by: gateway.apply_answer(answer=found, at=at))

    # 7 Acknowledged, returned, corrected and sent again, decided.
    deliver(delivery)
    answer(delivery, "returned", service.form[0].key)
    view = do(lambda at, by: case_queries.case(case, at=at))
    assert (view.line.status, view.line.holder) == (Status.RETURNED, Holder.CENTRE)
    assert view.marked_fields == (service.form[0].key,)
    again = do(desk.submit, case=case)
    deliver(again)
    answer(again, "approved")
    # 8 The person follows it by code, and collects the result.
    with acting(public_scope()):
        tracked = case_queries.track(view.line.code, at=now())
    assert tracked is not None and tracked.status is Status.APPROVED
    do(cases.hand_over, case=case)
    # 9 The drawer holds float and takings; the day closes; the log says it all in order.
    assert do(till.count_drawer, drawer=drawer, counted_baisa=23_150, reason="") == 0
    do(till.close_day, centre=KHUWAIR)
    with acting(centre_scope(KHUWAIR)):
        books = ledger.balances(centre=KHUWAIR)
        kinds = [event.kind for event in events(case=case)]
        assert line.acknowledged() == 2
    assert (books[Account.EARNED], books[Account.VAT_DUE]) == (-3_000, -150)
    assert sum(books.values()) == 0
    assert (kinds[0], kinds[-1]) == ("case.opened", "case.delivered")
