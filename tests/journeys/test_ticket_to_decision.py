"""The walk a newcomer takes through the code: one person, from the ticket to the decision."""

from datetime import timedelta
from itertools import count
from urllib.parse import parse_qsl, urlsplit
from uuid import uuid4

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from sanad.beneficiaries import actions as beneficiaries
from sanad.beneficiaries.rules import Terms
from sanad.cases import actions as cases
from sanad.cases import queries as case_queries
from sanad.catalogue import queries as catalogue
from sanad.centres import queries as centres
from sanad.counter import actions as counter
from sanad.counter import desk
from sanad.counter.rules import Group
from sanad.db.scope import acting, centre_scope, entity_scope, public_scope
from sanad.eventlog.queries import events
from sanad.gateway import actions as gateway
from sanad.till import actions as till
from sanad.till import queries as till_queries
from sanad.till import receipts
from tests.network import AISHA, CHAMBER, KHUWAIR, MARYAM, RENEW_MEMBERSHIP, TEN
from tests.walk import ANSWERS, answer_body, entity_listens

AISHAS_EYES = centre_scope(KHUWAIR, account=AISHA)


@pytest.mark.django_db
def test_the_whole_walk():
    minutes, key = count(1), Ed25519PrivateKey.generate()
    entity_listens(key=key.public_key().public_bytes_raw())

    def do(verb, **details):
        """One verb of Aisha's, in a transaction of its own, a minute after the last."""
        with acting(AISHAS_EYES):
            return verb(**details, at=TEN + timedelta(minutes=next(minutes)), by=AISHA)

    # 1-2 A ticket at the hall; Aisha calls and starts.
    do(counter.issue_ticket, centre=KHUWAIR, group=Group.BUSINESS, service_code=RENEW_MEMBERSHIP)
    visit = do(counter.start, ticket=do(counter.call_next, centre=KHUWAIR, point=1))
    # 3 Nobody has this number yet: the person is entered, and agrees on the client's screen.
    assert do(cases.look_up_person, visit=visit, key_kind="civil", key=MARYAM.civil) is None
    maryam = do(beneficiaries.register_person, centre=KHUWAIR, key_kind="civil", key=MARYAM.civil,
                name_ar=MARYAM.name.ar, name_en=MARYAM.name.en, phone=MARYAM.phone, language="ar",
                nationality="OM")  # fmt: skip
    with acting(AISHAS_EYES):
        cases.seat_person(visit=visit, person=maryam.id)
        service, place = catalogue.service(RENEW_MEMBERSHIP, TEN.date()), centres.centre(KHUWAIR)
    terms = Terms(place.name, service.name, service.entity.name, ceiling_baisa=10_000,
                  fee_is_open=True, until="2025-10-01 10:00")  # fmt: skip
    given = do(beneficiaries.grant_mandate, person=maryam.id, service_id=service.id,
               service_code=service.code, centre=KHUWAIR, terms=terms, language="ar",
               method="card_and_typed_name", signature=MARYAM.name.ar, card_seen=True)  # fmt: skip
    # 4 The case, its form and documents.
    case = do(cases.open_case, visit=visit, service_code=service.code, mandate=given)
    with acting(AISHAS_EYES):
        assert not cases.save_draft(case=case, answers=ANSWERS[RENEW_MEMBERSHIP], at=TEN)
        for document in service.documents:
            cases.hold_document(case=case, code=document.code, at=TEN)
    do(cases.complete, case=case)
    # 5 Four lines, agreed, paid in cash; a signed receipt.
    quote = do(lambda at, by: till.make_quote(case=case, at=at))
    do(till.agree_quote, quote=quote)
    drawer = do(till.open_drawer, centre=KHUWAIR, float_baisa=20_000)
    paid = do(till.pay, payment=uuid4(), quote=quote, means="cash", tendered_baisa=5_000)
    receipt = do(lambda at, by: till_queries.receipt(paid))
    assert (receipt.number, receipt.body["total_baisa"]) == (1, 3_150)
    assert receipts.check_proof(**dict(parse_qsl(urlsplit(receipt.link).query))) == receipt.body
    # 6 Handed to the line, which delivers; what the entity says comes back signed.
    sent = [do(desk.submit, case=case)]
    do(counter.finish, visit=visit)

    def deliver(at, by):
        claimed = gateway.claim(delivery=sent[-1], at=at)
        assert claimed.body["agent"]["centre_code"] == "SND-0001"
        gateway.conclude(claimed=claimed, outcome=gateway.Outcome(202, 12, "CH-1"), at=at)

    def answer(kind, *fields):
        raw = answer_body(sent[-1], kind, fields=list(fields))
        with acting(entity_scope(CHAMBER)):
            said = gateway.receive_answer(entity=CHAMBER, raw=raw, signature=key.sign(raw), at=TEN)
        assert do(lambda at, by: gateway.apply_answer(answer=said, at=at))

    # 7 Acknowledged, returned, sent again with the correction, decided.
    do(deliver)
    answer("returned", "membership_number")
    view = do(lambda at, by: case_queries.case(case, at=at))
    assert (view.line.status, view.line.holder) == ("returned", "centre")
    assert view.marked_fields == ("membership_number",)
    sent.append(do(desk.submit, case=case))
    do(deliver)
    answer("approved")
    # 8 The person follows it by code, and collects the result.
    with acting(public_scope()):
        assert case_queries.track(view.line.code, at=TEN).status == "approved"
    do(cases.hand_over, case=case)
    # 9 The drawer holds float and takings; the day closes; the log says it all in order.
    assert do(till.count_drawer, drawer=drawer, counted_baisa=23_150, reason="") == 0
    do(till.close_day, centre=KHUWAIR)
    with acting(AISHAS_EYES):
        books, kinds = (
            till_queries.day(KHUWAIR, at=TEN).balances,
            [e.kind for e in events(case=case)],
        )
    assert (books["earned"], books["vat_due"], sum(books.values())) == (-3_000, -150, 0)
    assert (kinds[0], kinds[-1]) == ("case.opened", "case.delivered")
