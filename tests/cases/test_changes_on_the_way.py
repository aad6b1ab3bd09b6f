"""The wrong person chosen, the service withdrawn: each has its honest way at every step."""

from uuid import uuid4

import pytest

from sanad.beneficiaries.queries import NoSuchPerson
from sanad.beneficiaries.rules import MandateNotLive
from sanad.cases import actions as cases
from sanad.cases.rules import NotNow, ServiceWithdrawn
from sanad.counter import desk
from sanad.gateway import actions as gateway
from sanad.till import actions as till
from sanad.till import queries
from sanad.till.quotes import NothingToPay
from tests.cases.changes import publish_fee, standing, withdraw
from tests.network import AISHA, IBRAHIM, RAHUL, SOHAR, ZAHRA
from tests.refusals import said
from tests.walk import ANSWERS, RENEW_MEMBERSHIP, WORK_PERMIT, Walk

pytestmark = pytest.mark.django_db


def refused(walk: Walk, reason, verb, **details) -> str:
    """The Arabic sentence of a refused verb; nothing has moved."""
    before = standing(walk)
    with pytest.raises(reason) as refusal, walk.scope():
        verb(case=walk.case, at=walk.at, **details)
    assert standing(walk) == before
    return said(refusal.value)[0]


# -- the wrong person ---------------------------------------------------------------------------


def right_person(walk: Walk) -> Walk:
    """Ibrahim, whom the operator meant, found or entered in the same visit."""
    other = Walk(client=IBRAHIM, made={"visit": walk.made["visit"]}, at=walk.at)
    with walk.scope():
        person = other.known_person(other.made["visit"])
    other.made |= {"person": person, "case": walk.case}
    return other


@pytest.mark.parametrize("step", ["opened", "completed", "quoted"])
def test_before_payment_the_case_moves_and_must_be_agreed_anew(step):
    walk = getattr(Walk(), step)()
    answers = standing(walk)["answers"]
    right = right_person(walk)

    with walk.scope():
        cases.correct_person(case=walk.case, person=right.made["person"], at=walk.at, by=AISHA)

    after = standing(walk)
    assert (after["status"], after["person"]) == ("draft", right.made["person"])
    assert after["answers"] == answers
    assert [(m["revoked_at"], m["case_id"]) for m in after["mandates"]] == [(walk.at, None)]


def test_the_wrong_persons_agreement_pays_nothing():
    walk = Walk().quoted().later(minutes=1)
    right = right_person(walk)
    with walk.scope():
        cases.correct_person(case=walk.case, person=right.made["person"], at=walk.at, by=AISHA)
    with walk.scope():
        cases.complete(case=walk.case, at=walk.at, by=AISHA)
    old = {"payment": uuid4(), "quote": walk.made["quote"], "means": "card", "at": walk.at,
           "by": AISHA, "card_reference": "123456"}  # fmt: skip
    for reason in (MandateNotLive, till.QuoteNotAgreed):
        before = standing(walk)
        with pytest.raises(reason), walk.scope():
            till.pay(**old)
        assert standing(walk) == before
        right.agreed_anew()

    right.quoted().paid()
    assert right.status() == "paid"
    with walk.scope():
        assert queries.receipt(right.made["receipt"]).body["total_baisa"] == 3_150


def test_after_payment_the_case_stays_with_whoever_paid():
    walk = Walk().paid()
    right = right_person(walk)

    sentence = refused(walk, cases.PaidForThisPerson, cases.correct_person,
                       person=right.made["person"], by=AISHA)  # fmt: skip
    assert "ألغ" in sentence


@pytest.mark.parametrize("step", ["submitted", "acknowledged", "bounced"])
def test_after_submission_the_person_is_not_changed(step):
    walk = getattr(Walk(), step)()
    right = right_person(walk)

    refused(walk, NotNow, cases.correct_person, person=right.made["person"], by=AISHA)


def test_the_same_person_and_one_out_of_sight_are_refused():
    walk = Walk().opened()
    elsewhere = Walk(centre=SOHAR, operator=ZAHRA, client=RAHUL).person_seated()

    refused(walk, cases.SamePerson, cases.correct_person, person=walk.made["person"], by=AISHA)
    refused(walk, NoSuchPerson, cases.correct_person, person=elsewhere.made["person"], by=AISHA)
    refused(walk, NoSuchPerson, cases.correct_person, person=uuid4(), by=AISHA)


# -- the service is withdrawn ----------------------------------------------------------------------


def test_a_withdrawn_service_is_not_asked_for():
    walk = Walk().person_seated()
    withdraw(walk)

    with pytest.raises(ServiceWithdrawn) as refusal:
        walk.opened()
    assert "غرفة" in said(refusal.value)[0]


def test_a_draft_of_a_withdrawn_service_keeps_its_words_and_goes_no_further():
    walk = Walk().opened()
    withdraw(walk)
    with walk.scope():
        cases.save_draft(case=walk.case, answers=ANSWERS[RENEW_MEMBERSHIP], at=walk.at)

    refused(walk, ServiceWithdrawn, cases.complete, by=AISHA)
    assert standing(walk)["answers"]["membership_number"] == "4471"


def test_a_complete_case_of_a_withdrawn_service_is_not_quoted():
    walk = Walk().completed()
    withdraw(walk)

    refused(walk, ServiceWithdrawn, till.make_quote)


def test_an_agreed_case_of_a_withdrawn_service_is_not_paid():
    walk = Walk().quoted()
    withdraw(walk)
    before = standing(walk)

    with pytest.raises(ServiceWithdrawn), walk.scope():
        till.pay(payment=uuid4(), quote=walk.made["quote"], means="card", at=walk.at, by=AISHA,
                 card_reference="123456")  # fmt: skip
    assert standing(walk) == before


def test_a_paid_case_of_a_withdrawn_service_is_not_sent_and_gets_its_money_back():
    walk = Walk().paid("cash")
    withdraw(walk)

    refused(walk, ServiceWithdrawn, desk.submit, by=AISHA)
    walk.paid_back()
    after = standing(walk)
    assert (after["status"], after["answers"]["membership_number"]) == ("cancelled", "4471")
    assert after["books"]["earned"] == 0


@pytest.mark.parametrize("step", ["opened", "completed", "quoted", "paid"])
def test_whatever_was_not_sent_can_be_given_up(step):
    walk = getattr(Walk(), step)()
    withdraw(walk)

    walk.paid_back()
    assert walk.status() == "cancelled"


def test_what_the_entity_has_goes_on_its_resend_included():
    walk = Walk(service=WORK_PERMIT).bounced().later(minutes=1)
    withdraw(walk)

    refused(walk, desk.ResendNotPaid, desk.submit, by=AISHA)
    walk.quoted().paid()
    with walk.scope():
        desk.submit(case=walk.case, at=walk.at, by=AISHA)
    assert walk.status() == "queued"


# -- sending again ------------------------------------------------------------------------------


def test_a_resend_is_charged_once_for_each_return():
    walk = Walk(service=WORK_PERMIT).bounced()
    for times in (1, 2):
        refused(walk.later(minutes=1), desk.ResendNotPaid, desk.submit, by=AISHA)
        walk.quoted().paid()
        refused(walk, NothingToPay, till.make_quote)
        walk.later(minutes=1).sent_again()
        assert standing(walk)["books"]["earned"] == -(5_000 + times * 3_000)
        assert standing(walk)["books"]["held_for_entity"] == -301_000
        walk.refused_by_the_system()


def test_a_resend_that_the_list_does_not_charge_is_sent_at_once():
    walk = Walk().bounced().later(minutes=1)

    refused(walk, NothingToPay, till.make_quote)
    with walk.scope():
        desk.submit(case=walk.case, at=walk.at, by=AISHA)
    assert walk.status() == "queued"


def test_a_resend_needs_no_new_mandate_but_what_is_sent_first_does():
    late = Walk(service=WORK_PERMIT).bounced().later(days=3)
    late.quoted().paid()
    with late.scope():
        desk.submit(case=late.case, at=late.at, by=AISHA)
    assert late.status() == "queued"

    first = Walk(client=RAHUL, made={"visit": late.made["visit"]}, at=late.at)
    first.made["visit"] = late.finished_visit() and first.person_seated().made["visit"]
    first.paid().later(hours=24)
    refused(first, MandateNotLive, gateway.submit, by=AISHA)
    first.agreed_anew()
    with first.scope():
        gateway.submit(case=first.case, at=first.at, by=AISHA)


def test_a_resend_charge_that_is_no_longer_listed_is_no_longer_owed():
    walk = Walk(service=WORK_PERMIT).bounced().quoted().later(hours=15)
    publish_fee(walk, None, stage="resend")

    with walk.scope():
        assert not queries.owes_resend(walk.case, at=walk.at)
        desk.submit(case=walk.case, at=walk.at, by=AISHA)


@pytest.mark.parametrize("step", ["submitted", "acknowledged", "paid_back"])
def test_a_mandate_is_given_anew_only_before_submission(step):
    walk = getattr(Walk().paid(), step)()
    before = standing(walk)

    with pytest.raises(NotNow):
        walk.agreed_anew()
    assert standing(walk) == before
