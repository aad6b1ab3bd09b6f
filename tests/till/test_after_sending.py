"""What is paid once the entity has the request: the fee it states, and further steps."""

import json
from uuid import uuid4

import pytest

from sanad.beneficiaries.models import Notice
from sanad.cases.rules import NotNow
from sanad.counter import desk
from sanad.db.scope import acting, entity_scope
from sanad.eventlog.queries import events
from sanad.gateway import actions as gateway
from sanad.gateway import queries as gateway_queries
from sanad.gateway import rules as line
from sanad.lib.ids import new_id
from sanad.oversight import verify
from sanad.till import actions as till
from sanad.till import ledger, queries, rules
from sanad.till.quotes import NoSuchStage, NothingToPay
from tests.cases.changes import standing
from tests.network import AISHA, CHAMBER, HEALTH, KHUWAIR, LABOUR, MUNA, RAHUL, RENEW_CARD
from tests.refusals import said
from tests.walk import WORK_PERMIT, Walk, answer_body

pytestmark = pytest.mark.django_db
FEE = 501_000  # above the ceiling of the mandate


def state_fee(walk: Walk, baisa=FEE, *, entity=CHAMBER, answer=None):
    """The entity's officer states a fee, and it takes effect; the answer's id."""
    raw = answer_body(
        walk.made["delivery"], "fee", at=walk.at, answer=answer, government_baisa=baisa
    )
    with acting(entity_scope(entity, account=MUNA)):
        found = gateway.receive_answer(entity=entity, raw=raw, signature=b"", at=walk.at, by=MUNA)
    with walk.scope():
        gateway.apply_answer(answer=found, at=walk.at)
    return found


def quoted(walk: Walk, stage: str, *, agree: bool = True):
    with walk.scope():
        quote = till.make_quote(case=walk.case, at=walk.at, stage=stage)
    if agree:
        with walk.scope():
            till.agree_quote(quote=quote, at=walk.at, by=AISHA)
    return quote


def paid(walk: Walk, stage: str, means: str = "card"):
    quote = quoted(walk, stage)
    with walk.scope():
        return till.pay(payment=new_id(), quote=quote, means=means, at=walk.at, by=AISHA,
                        card_reference=str(uuid4().int)[:12])  # fmt: skip


def refused(walk: Walk, kind, verb, /, **details) -> None:
    before = standing(walk)
    with pytest.raises(kind) as refusal, walk.scope():
        verb(**details)
    said(refusal.value)
    assert standing(walk) == before


def books(walk: Walk) -> dict:
    with walk.scope():
        return {a.value: b for a, b in ledger.balances(centre=walk.centre).items() if b}


def verified() -> None:
    assert verify.ledger().wrong == verify.receipts().wrong == verify.log().wrong == ()


def test_the_page_of_prices_says_what_the_list_has():
    walk = Walk(service=WORK_PERMIT).acknowledged()
    with walk.scope():
        found = {s.stage: s.baisa for s in queries.further_stages(walk.case, at=walk.at)}

    assert found == {"cancel": 1_000, "pay": 2_000, "accept": 2_000}


# -- the fee that an entity states ----------------------------------------------------------------


def test_a_stated_fee_leaves_the_case_where_it_is_and_the_person_is_told():
    walk = Walk().acknowledged()

    state_fee(walk)

    assert walk.status() == "sent"
    with walk.scope():
        assert queries.owes_stated_fee(walk.case, at=walk.at)
        assert [c.id for c in queries.fees_to_collect(KHUWAIR, at=walk.at)] == [walk.case]
        [notice] = Notice.objects.filter(kind="fee_stated")
        assert "501.000" in notice.text
        [stated] = events(case=walk.case, kinds=("case.fee_stated",))
        assert (stated.payload["baisa"], stated.actor_id) == (FEE, MUNA)
    verified()


def test_the_stated_fee_is_agreed_by_itself_above_the_ceiling_and_held_for_the_entity():
    walk = Walk().acknowledged()
    state_fee(walk)
    before = books(walk)

    walk.later(hours=30)  # the mandate is over
    receipt = paid(walk, rules.GOVERNMENT)

    assert walk.status() == "sent"
    after = books(walk)
    assert after["held_for_entity"] == -FEE
    assert after["card_clearing"] - before["card_clearing"] == FEE
    assert (after["earned"], after["vat_due"]) == (before["earned"], before["vat_due"])
    with walk.scope():
        body = queries.receipt(receipt).body
        assert (body["centre_baisa"], body["vat_baisa"], body["government_baisa"]) == (0, 0, FEE)
        assert queries.fees_to_collect(KHUWAIR, at=walk.at) == []
    verified()


def test_the_stated_fee_is_paid_once():
    walk = Walk().acknowledged()
    state_fee(walk)
    paid(walk, rules.GOVERNMENT)

    refused(walk, NothingToPay, till.make_quote, case=walk.case, at=walk.at,
            stage=rules.GOVERNMENT)  # fmt: skip


def test_without_a_stated_fee_nothing_is_asked_for():
    walk = Walk().acknowledged()
    refused(walk, NothingToPay, till.make_quote, case=walk.case, at=walk.at,
            stage=rules.GOVERNMENT)  # fmt: skip
    state_fee(walk, 0)
    refused(walk, NothingToPay, till.make_quote, case=walk.case, at=walk.at,
            stage=rules.GOVERNMENT)  # fmt: skip
    with walk.scope():
        assert not Notice.objects.filter(kind="fee_stated").exists()


def test_the_same_fee_again_is_the_same_and_another_is_refused():
    walk = Walk().acknowledged()
    first = state_fee(walk)
    before = standing(walk)

    assert str(state_fee(walk)) == str(first)
    assert str(state_fee(walk, answer=first)) == str(first)
    with pytest.raises(line.FeeStatedAlready) as refusal:
        state_fee(walk, FEE + 1)
    said(refusal.value)
    assert standing(walk) == before


def test_a_published_fee_is_not_stated_again():
    walk = Walk(service=RENEW_CARD, client=RAHUL).acknowledged()

    with pytest.raises(line.FeeNotOpen) as refusal:
        state_fee(walk, entity=HEALTH)
    said(refusal.value)
    with walk.scope():
        assert walk.view().stated_fee_baisa is None


@pytest.mark.parametrize("baisa", [-1, 1.5, "5", None, True, 10**9])
def test_what_is_no_fee_is_refused(baisa):
    walk = Walk().acknowledged()

    with pytest.raises(line.AnswerMalformed):
        state_fee(walk, baisa)


def test_a_fee_that_comes_after_the_approval_is_still_collected():
    walk = Walk().acknowledged()
    raw = answer_body(walk.made["delivery"], "fee", at=walk.at, government_baisa=FEE)
    with acting(entity_scope(CHAMBER, account=MUNA)):
        stated = gateway.receive_answer(entity=CHAMBER, raw=raw, signature=b"", at=walk.at, by=MUNA)
    walk.answered("approved")
    with walk.scope():
        assert gateway.apply_answer(answer=stated, at=walk.at)

    paid(walk, rules.GOVERNMENT)
    assert walk.status() == "approved"
    verified()


def test_the_entity_sees_whether_its_fee_was_paid_and_nobody_elses():
    walk = Walk().acknowledged()
    state_fee(walk)
    with acting(entity_scope(CHAMBER)):
        found = gateway_queries.request(CHAMBER, walk.made["delivery"])
        assert (found.stated_fee_baisa, found.fee_is_open) == (FEE, False)
        assert queries.fee_paid_at(walk.case) is None

    paid(walk, rules.GOVERNMENT)

    with acting(entity_scope(CHAMBER)):
        assert queries.fee_paid_at(walk.case) == walk.at
    with acting(entity_scope(HEALTH)):
        assert queries.fee_paid_at(walk.case) is None


# -- further steps --------------------------------------------------------------------------------


def sent(walk: Walk, stage: str):
    with walk.scope():
        return desk.send_stage(case=walk.case, stage=stage, at=walk.at, by=AISHA)


def test_a_further_step_is_paid_receipted_and_sent_and_the_case_stays():
    walk = Walk(service=WORK_PERMIT).acknowledged()
    before = books(walk)

    paid(walk, "cancel")
    delivery = sent(walk, "cancel")

    assert walk.status() == "sent"
    assert books(walk)["earned"] == before["earned"] - 1_000
    with walk.scope():
        claimed = gateway.claim(delivery=delivery, at=walk.at)
        assert (claimed.body["stage"], claimed.body["resend_of"]) == ("cancel", None)
        gateway.conclude(
            claimed=claimed, outcome=gateway.Outcome(202, 40, reference="mol-2"), at=walk.at
        )
    with walk.scope():
        found = [d for d in gateway_queries.deliveries_of(walk.case) if d.stage]
        assert [(d.stage, d.state) for d in found] == [("cancel", "acknowledged")]
        assert len(queries.receipts_of(walk.case)) == 2
    assert walk.status() == "sent"
    verified()


def test_a_further_step_is_taken_once():
    walk = Walk(service=WORK_PERMIT).acknowledged()
    paid(walk, "cancel")
    sent(walk, "cancel")

    refused(walk, NoSuchStage, till.make_quote, case=walk.case, at=walk.at, stage="cancel")
    refused(walk, line.StageSent, desk.send_stage, case=walk.case, stage="cancel", at=walk.at,
            by=AISHA)  # fmt: skip


def test_an_unpaid_step_is_not_sent():
    walk = Walk(service=WORK_PERMIT).acknowledged()
    quoted(walk, "pay")

    refused(walk, desk.StageNotPaid, desk.send_stage, case=walk.case, stage="pay", at=walk.at,
            by=AISHA)  # fmt: skip


@pytest.mark.parametrize("stage", ["submit", "resend", "reject", "update", "", "government "])
def test_what_the_list_does_not_have_is_no_step(stage):
    walk = Walk(service=WORK_PERMIT).acknowledged()

    refused(walk, NoSuchStage, till.make_quote, case=walk.case, at=walk.at, stage=stage)


def test_before_it_was_sent_there_is_no_further_step():
    walk = Walk(service=WORK_PERMIT).paid()

    refused(walk, NotNow, till.make_quote, case=walk.case, at=walk.at, stage="cancel")
    refused(walk, NotNow, desk.send_stage, case=walk.case, stage="cancel", at=walk.at, by=AISHA)
    with walk.scope():
        assert queries.further_stages(walk.case, at=walk.at) == []


def test_an_answer_to_a_step_does_not_decide_the_request():
    walk = Walk(service=WORK_PERMIT).acknowledged()
    paid(walk, "cancel")
    delivery = sent(walk, "cancel")
    raw = answer_body(delivery, "rejected", at=walk.at)
    with acting(entity_scope(LABOUR, account=MUNA)):
        answer = gateway.receive_answer(entity=LABOUR, raw=raw, signature=b"", at=walk.at, by=MUNA)

    with walk.scope():
        assert not gateway.apply_answer(answer=answer, at=walk.at)
    assert walk.status() == "sent"
    assert json.loads(raw)["request_id"] == str(delivery)
    verified()


def test_a_step_that_the_entitys_system_refuses_leaves_the_request_and_may_be_sent_again():
    walk = Walk(service=WORK_PERMIT).acknowledged()
    paid(walk, "cancel")
    delivery = sent(walk, "cancel")
    with walk.scope():
        claimed = gateway.claim(delivery=delivery, at=walk.at)
        gateway.conclude(claimed=claimed, outcome=gateway.Outcome(422, 40), at=walk.at)

    assert walk.status() == "sent"
    walk.later(minutes=1)
    assert sent(walk, "cancel") != delivery
    verified()


def test_a_returned_request_goes_on_beside_its_step():
    walk = Walk(service=WORK_PERMIT).acknowledged()
    paid(walk, "accept")
    sent(walk, "accept")
    walk.answered("returned")

    walk.later(minutes=1)
    walk.made.pop("quote")
    with walk.scope():
        quote = till.make_quote(case=walk.case, at=walk.at)
    with walk.scope():
        till.agree_quote(quote=quote, at=walk.at, by=AISHA)
    with walk.scope():
        till.pay(payment=new_id(), quote=quote, means="card", at=walk.at, by=AISHA,
                 card_reference="998877")  # fmt: skip
    with walk.scope():
        desk.submit(case=walk.case, at=walk.at, by=AISHA)
    assert walk.status() == "queued"
    verified()
