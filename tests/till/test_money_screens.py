"""The screens of open payments, refunds and what is paid after sending, as people meet them."""

from uuid import uuid4

import pytest
from django.urls import reverse

from sanad.lib.ids import new_id
from sanad.till import provider, queries, unsettled
from sanad.till.models import Payment
from sanad.till.provider import Answer
from tests.network import AISHA, BADR, HUDA, KHUWAIR, MUNA, SALIM, SOHAR, ZAHRA
from tests.walk import WORK_PERMIT, Walk
from tests.web_client import signed_in, words_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_ten")]


def case_page(walk: Walk, account=AISHA, language="en") -> str:
    client = signed_in(account, language=language)
    return words_of(client.get(reverse("desk_case", args=[walk.case])))


def post(name: str, *ids, account=AISHA, **typed):
    return signed_in(account).post(reverse(name, args=ids), typed)


def state(walk: Walk) -> str:
    with walk.scope():
        return Payment.objects.latest("made_at").state


def doubted(walk: Walk | None = None) -> Walk:
    walk = walk or Walk().quoted()
    walk.made["payment"] = new_id()
    post("desk_doubt", walk.case, quote=walk.made["quote"], payment=walk.made["payment"])
    return walk


def test_the_terminal_gave_no_answer_and_the_case_says_what_to_do():
    walk = doubted()

    page = case_page(walk)

    assert state(walk) == "in_doubt"
    assert "The card terminal gave no answer. Look at its slip" in page
    for gone in ("Take cash and give a receipt", "Make a payment link", "Cancel the request",
                 "Change the form", "Record the card payment"):  # fmt: skip
        assert gone not in page
    assert "Payments in doubt 1" in words_of(signed_in(AISHA).get(reverse("desk")))
    assert "Payments in doubt 1" in words_of(signed_in(SALIM).get(reverse("till_day")))


def test_the_lane_settles_a_doubt_as_charged():
    walk = doubted()
    lane = words_of(signed_in(AISHA).get(reverse("desk_lane")))
    assert "3.150" in lane and "Aisha" in lane

    answer = post("desk_settle", walk.made["payment"], "charged", typed="445566")

    assert answer.status_code == 302
    assert (state(walk), walk.status()) == ("confirmed", "paid")


def test_what_was_typed_into_the_lane_stays_when_it_is_refused():
    walk = doubted()

    refused = post("desk_settle", walk.made["payment"], "charged", typed="12")

    assert refused.status_code == 409
    page = refused.content.decode()
    assert 'value="12"' in page and "is not a terminal reference" in words_of(refused)
    assert state(walk) == "in_doubt"


def test_whoever_took_it_is_not_asked_whether_it_was_not_charged_and_cannot_say_so():
    walk = doubted()

    own = words_of(signed_in(AISHA).get(reverse("desk_lane")))
    other = words_of(signed_in(BADR).get(reverse("desk_lane")))
    refused = post("desk_settle", walk.made["payment"], "not-charged", typed="no slip")

    assert "You took this payment" in own and "How you know" not in own
    assert "How you know" in other
    assert refused.status_code == 409 and state(walk) == "in_doubt"
    post("desk_settle", walk.made["payment"], "not-charged", account=BADR, typed="no slip")
    assert state(walk) == "failed"


def test_a_link_is_made_shown_asked_about_and_withdrawn():
    walk = Walk().quoted()
    payment = new_id()
    post("desk_link", walk.case, quote=walk.made["quote"], payment=payment)
    assert "being made known to the provider" in case_page(walk)
    show = reverse("desk_pay_link", args=[walk.case])
    assert signed_in(AISHA).get(show).status_code == 302

    with walk.scope():
        unsettled.hear(payment=payment, answer=Answer(provider.OPEN, "P", 3_150), at=walk.at)
    shown = signed_in(AISHA).get(show)
    assert shown.status_code == 200 and "<svg" in shown.content.decode()
    assert str(payment) in shown.content.decode()
    assert post("desk_settle", payment, "ask").status_code == 302
    assert post("desk_settle", payment, "withdraw").status_code == 302
    assert "The link is being withdrawn" in case_page(walk)
    assert state(walk) == "initiated"


@pytest.mark.parametrize("name", ["desk_doubt", "desk_link"])
@pytest.mark.parametrize("typed", [{}, {"quote": "x"}, {"quote": str(uuid4()), "payment": "y"}])
def test_a_payment_that_cannot_be_read_is_refused(name, typed):
    walk = Walk().quoted()

    answer = post(name, walk.case, **typed)

    assert answer.status_code == 409 and "could not be read" in words_of(answer)


def test_another_centres_payment_is_not_in_the_lane():
    theirs = Walk(centre=SOHAR, operator=ZAHRA).quoted()
    payment = new_id()
    with theirs.scope():
        unsettled.pay_in_doubt(payment=payment, quote=theirs.made["quote"], at=theirs.at, by=ZAHRA)

    assert post("desk_settle", payment, "charged", typed="445566").status_code == 404
    assert "Every payment is settled" in words_of(signed_in(AISHA).get(reverse("desk_lane")))
    assert post("desk_settle", payment, "nonsense").status_code == 404


def test_a_paid_request_asks_for_its_money_and_the_owner_decides():
    walk = Walk().drawer_opened().paid("cash")
    post("desk_cancel", walk.case, reason="changed my mind")
    page = case_page(walk)
    assert "Waits for a second person" in page and "Send to the entity" not in page
    listed = words_of(signed_in(SALIM).get(reverse("refunds")))
    assert "changed my mind" in listed and "Approve and give back" in listed
    assert "Approve and give back" not in words_of(signed_in(AISHA).get(reverse("refunds")))
    with walk.scope():
        [row] = queries.refunds_of_centre(KHUWAIR)

    own = post("refund_decide", row.id, "approve", drawer=walk.made["drawer"])
    assert own.status_code == 409 and walk.status() == "paid"
    wrong = post("refund_decide", row.id, "approve", account=SALIM, drawer="nonsense")
    assert wrong.status_code == 409 and walk.status() == "paid"
    done = post("refund_decide", row.id, "approve", account=SALIM, drawer=walk.made["drawer"])

    assert done.status_code == 302 and walk.status() == "cancelled"


def test_a_declined_refund_keeps_its_words_and_the_request_goes_on():
    walk = Walk().paid().refund_asked()
    refund = walk.made["refund"]

    empty = post("refund_decide", refund, "decline", account=SALIM, note=" ")
    assert empty.status_code == 409 and "Say why" in words_of(empty)
    post("refund_decide", refund, "decline", account=SALIM, note="the person stays with it")

    assert "Send to the entity" in case_page(walk)
    assert "the person stays with it" in words_of(signed_in(AISHA).get(reverse("refunds")))


def test_refunds_and_the_lane_are_the_centres_own():
    for account in (HUDA, MUNA):
        for name in ("refunds", "desk_lane"):
            assert signed_in(account).get(reverse(name)).status_code == 403
    walk = Walk(centre=SOHAR, operator=ZAHRA).paid().refund_asked()
    answer = post("refund_decide", walk.made["refund"], "approve", account=SALIM)
    assert answer.status_code == 404 and walk.status() == "paid"


def test_the_entitys_officer_states_a_fee_which_the_desk_collects():
    walk = Walk().acknowledged()
    officer, address = signed_in(MUNA), reverse("entity_request", args=[walk.made["delivery"]])
    assert "State the fee" in words_of(officer.get(address))

    wrong = officer.post(address, {"kind": "fee", "fee": "1,2", "answer_id": new_id()})
    assert wrong.status_code == 422 and 'value="1,2"' in wrong.content.decode()
    officer.post(address, {"kind": "fee", "fee": "12.500", "answer_id": new_id()})
    apply_answers(walk)

    assert "12.500 Not paid yet" in words_of(officer.get(address)).replace("OMR ", "")
    assert "The entity has stated the fee" in case_page(walk)
    work = words_of(signed_in(AISHA).get(reverse("desk_work"), {"list": "fee_to_collect"}))
    assert "Fee to collect ( 1 )" in work or "Fee to collect (1)" in work
    post("desk_quote", walk.case, stage="government")
    assert signed_in(AISHA).get(reverse("desk_agree", args=[walk.case])).status_code == 200
    post("desk_agree", walk.case)
    with walk.scope():
        quote = queries.live_quote(walk.case, at=walk.at)
    post("desk_pay", walk.case, quote=quote.id, payment=new_id(), means="card",
         card_reference="445566")  # fmt: skip
    assert "Paid" in words_of(officer.get(address))
    assert "The entity has stated the fee" not in case_page(walk)


def apply_answers(walk: Walk) -> None:
    from sanad.gateway import actions
    from sanad.gateway.models import Answer as Said

    with walk.scope():
        for answer in Said.objects.filter(case_id=walk.case, applied_at=None):
            actions.apply_answer(answer=answer.id, at=walk.at)


def test_a_further_step_from_choice_to_sending():
    walk = Walk(service=WORK_PERMIT).acknowledged()
    assert "Further steps" in case_page(walk)

    post("desk_quote", walk.case, stage="cancel")
    post("desk_agree", walk.case)
    with walk.scope():
        quote = queries.live_quote(walk.case, at=walk.at)
    assert (quote.stage, quote.total_baisa) == ("cancel", 1_050)
    post("desk_pay", walk.case, quote=quote.id, payment=new_id(), means="card",
         card_reference="445566")  # fmt: skip
    assert post("desk_send_stage", walk.case, "cancel").status_code == 302

    page = case_page(walk)
    assert "Further step Cancel" in page and walk.status() == "sent"
    assert post("desk_send_stage", walk.case, "cancel").status_code == 409
    assert post("desk_quote", walk.case, stage="nonsense").status_code == 409
