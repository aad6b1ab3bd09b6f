"""The life of a case: what the table of transitions allows happens, and nothing else does.

The model is the table itself; the implementation is driven through the real verbs of the rooms.
"""

from uuid import uuid4

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sanad.cases import actions as cases
from sanad.cases import rules
from sanad.cases.rules import NotNow, Status, Verb
from sanad.counter import desk
from sanad.lib.refusal import Refused
from sanad.till import actions as till
from sanad.till import queries
from tests.cases.changes import standing
from tests.network import AISHA, IBRAHIM
from tests.refusals import said
from tests.walk import WORK_PERMIT, Walk

pytestmark = pytest.mark.django_db
STEPS = {
    Status.DRAFT: lambda walk: walk.opened(),
    Status.READY: lambda walk: walk.quoted(),
    Status.PAID: lambda walk: walk.paid(),
    Status.QUEUED: lambda walk: walk.submitted(),
    Status.SENT: lambda walk: walk.acknowledged(),
    Status.RETURNED: lambda walk: walk.answered("returned"),
    Status.APPROVED: lambda walk: walk.answered("approved"),
    Status.REJECTED: lambda walk: walk.answered("rejected"),
    Status.DELIVERED: lambda walk: handed_over(walk.answered("approved")),
    Status.CANCELLED: lambda walk: walk.paid().paid_back(),
}


def handed_over(walk: Walk) -> Walk:
    with walk.scope():
        cases.hand_over(case=walk.case, at=walk.at, by=AISHA)
    return walk


def pay_what_is_live(walk: Walk, **now) -> None:
    quote = queries.live_quote(walk.case, at=walk.at)
    found = quote.id if quote else walk.made.get("quote", uuid4())
    till.pay(payment=uuid4(), quote=found, means="card", card_reference=str(uuid4().int)[:12],
             **now)  # fmt: skip


# Every verb through the action that does it; the entity's and the line's through the marks that
# the gateway makes under the case's lock.
ACTS = {
    Verb.EDIT: lambda walk, at, by: cases.save_draft(
        case=walk.case, answers={"membership_number": "4472"}, at=at
    ),
    Verb.COMPLETE: lambda walk, **now: cases.complete(case=walk.case, **now),
    Verb.REOPEN: lambda walk, **now: cases.reopen(case=walk.case, **now),
    Verb.PAY: pay_what_is_live,
    Verb.SUBMIT: lambda walk, **now: desk.submit(case=walk.case, **now),
    Verb.ACKNOWLEDGE: lambda walk, at, by: cases.mark_acknowledged(cases.locked(walk.case), at=at),
    Verb.RETURN: lambda walk, **now: cases.mark_returned(
        cases.locked(walk.case), fields=[], reason_ar="سبب", reason_en="reason", **now
    ),
    Verb.APPROVE: lambda walk, **now: cases.mark_decided(
        cases.locked(walk.case), approved=True, reason_ar="", reason_en="", answer=uuid4(), **now
    ),
    Verb.REJECT: lambda walk, **now: cases.mark_decided(
        cases.locked(walk.case), approved=False, reason_ar="", reason_en="", answer=uuid4(), **now
    ),
    Verb.HAND_OVER: lambda walk, **now: cases.hand_over(case=walk.case, **now),
    Verb.CANCEL: lambda walk, **now: walk.paid_back(),
    Verb.PAY_FURTHER: lambda walk, at, by: till.make_quote(case=walk.case, at=at, stage="cancel"),
    Verb.STATE_FEE: lambda walk, **now: cases.mark_fee_stated(
        cases.locked(walk.case), baisa=5_000, answer=uuid4(), **now
    ),
    Verb.CORRECT_PERSON: lambda walk, **now: cases.correct_person(
        case=walk.case, person=walk.made["other"], **now
    ),
    Verb.RENEW_MANDATE: lambda walk, **now: cases.renew_mandate(
        case=walk.case, mandate=walk.spare_mandate(), **now
    ),
}


def act(walk: Walk, verb: Verb) -> None:
    """One verb in a transaction of its own."""
    with walk.scope():
        ACTS[verb](walk, at=walk.at, by=AISHA)


def with_other_person(walk: Walk) -> Walk:
    with walk.scope():
        walk.made["other"] = Walk(client=IBRAHIM, at=walk.at).known_person(walk.made["visit"])
    return walk


@pytest.mark.parametrize("status", Status)
def test_each_status_is_reached(status):
    assert STEPS[status](Walk()).status() == status


@pytest.mark.parametrize("status", Status)
def test_every_forbidden_verb_is_refused_and_nothing_moves(status):
    walk = with_other_person(STEPS[status](Walk()))
    before = standing(walk)

    for verb in Verb:
        if (status, verb) in rules.TRANSITIONS:
            continue
        # A payment is refused by whichever of its conditions is asked first.
        reason = Refused if verb is Verb.PAY else (NotNow, cases.PaidForThisPerson)
        with pytest.raises(reason) as refusal:
            act(walk, verb)
        said(refusal.value)
        assert standing(walk) == before, verb


@pytest.mark.parametrize(("status", "verb"), rules.TRANSITIONS)
def test_every_allowed_verb_leads_where_the_table_says(status, verb):
    if (status, verb) == (Status.RETURNED, Verb.PAY):  # a service that charges for a resend
        walk = Walk(service=WORK_PERMIT).bounced().later(minutes=1).quoted()
    elif verb is Verb.PAY_FURTHER:  # a service with further steps in the official list
        walk = STEPS[status](Walk(service=WORK_PERMIT))
    else:
        walk = with_other_person(STEPS[status](Walk()))
    if verb is Verb.COMPLETE:
        walk.filled_in()

    act(walk, verb)

    assert walk.status() == rules.TRANSITIONS[status, verb]


def test_a_verb_that_is_not_possible_says_the_status_in_the_readers_language():
    walk = Walk().opened()
    with pytest.raises(NotNow) as refusal:
        act(walk, Verb.HAND_OVER)

    arabic, english = said(refusal.value)
    assert "مسودة" in arabic and "Draft" not in arabic
    assert "Draft" in english


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.sampled_from(Verb), min_size=4, max_size=14))
def test_any_order_of_verbs_follows_the_table(verbs):
    """Each verb in turn: the status is always the table's, and the log's numbers have no gap."""
    with transaction.atomic():
        walk = with_other_person(Walk().filled_in())
        expected = Status.DRAFT
        for verb in verbs:
            walk.later(minutes=1)
            ready_for(walk, verb)
            allowed = (expected, verb) in rules.TRANSITIONS
            refusal = tried(walk, verb)
            if refusal is None:
                assert allowed, (expected, verb)
                expected = rules.TRANSITIONS[expected, verb]
            else:
                assert not allowed or not isinstance(refusal, NotNow), (expected, verb)
            assert walk.status() == expected
        seqs = [seq for seq, _ in standing(walk)["events"]]
        assert seqs == list(range(1, len(seqs) + 1))
        assert sum(standing(walk)["books"].values()) == 0
        transaction.set_rollback(True)


def tried(walk: Walk, verb: Verb) -> Refused | None:
    try:
        act(walk, verb)
    except Refused as refusal:
        return refusal
    return None


def ready_for(walk: Walk, verb: Verb) -> None:
    """What the desk does on its own before a verb: the lines worked out and agreed to."""
    if verb is not Verb.PAY:
        return
    try:
        walk.quoted()
    except Refused:
        return
