"""The entity officer's screen: own requests only, answers by hand, a double click is one answer."""

import re

import pytest

from sanad.db.scope import acting, centre_scope, entity_scope
from sanad.eventlog.queries import events
from sanad.gateway import actions, queries
from tests.network import CHAMBER, KHUWAIR, MARYAM, MUNA, RAHUL, RENEW_CARD
from tests.walk import Walk
from tests.web_client import signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_ten")]


@pytest.fixture
def muna():
    return signed_in(MUNA)


def address(walk: Walk) -> str:
    return f"/entity/requests/{walk.made['delivery']}/"


def form_of(client, walk: Walk, **more) -> dict:
    page = client.get(address(walk)).content.decode()
    return {"answer_id": re.search(r'name="answer_id" value="([^"]+)"', page)[1]} | more


def answers_of(walk: Walk) -> list:
    with acting(entity_scope(CHAMBER)):
        return list(queries.request(CHAMBER, walk.made["delivery"]).answers)


def apply_all(walk: Walk) -> None:
    from sanad.gateway.models import Answer

    with walk.scope():
        for answer in Answer.objects.filter(case_id=walk.case, applied_at=None):
            actions.apply_answer(answer=answer.id, at=walk.at)


def test_an_officer_sees_who_asks_by_whose_hand_and_what_was_typed(muna):
    walk = Walk().acknowledged()

    page = muna.get(address(walk)).content.decode()

    for expected in (MARYAM.name.en, "Aisha", "SND-0001", "Membership number", "4471", "Third"):
        assert expected in page
    assert MARYAM.civil not in page


def test_an_officer_sees_only_what_was_sent_to_the_own_entity(muna):
    own = Walk().acknowledged().finished_visit()
    foreign = Walk(service=RENEW_CARD, client=RAHUL).submitted()

    listed = muna.get("/entity/").content.decode()

    assert str(own.made["delivery"]) in listed
    assert str(foreign.made["delivery"]) not in listed
    assert muna.get(address(foreign)).status_code == 404
    assert muna.post(address(foreign), {"kind": "approved"}).status_code == 404
    assert foreign.status() == "queued"


@pytest.mark.parametrize(
    ("kind", "status"), [("approved", "approved"), ("rejected", "rejected"), ("accepted", "sent")]
)
def test_an_answer_by_hand_takes_effect(muna, kind, status):
    walk = Walk().acknowledged()

    answer = muna.post(address(walk), form_of(muna, walk, kind=kind, reason="conditions"))

    assert answer.status_code == 302
    apply_all(walk)
    assert walk.status() == status
    with acting(centre_scope(KHUWAIR)):
        [last] = events(case=walk.case, kinds=("answer.received", "case.decided"))
    assert last.actor_id == MUNA


def test_a_return_names_the_fields_and_the_reason(muna):
    walk = Walk().acknowledged()

    muna.post(
        address(walk),
        form_of(muna, walk, kind="returned", reason="Wrong grade", fields=["membership_grade"]),
    )
    apply_all(walk)

    assert walk.status() == "returned"
    [answer] = answers_of(walk)
    assert (answer.fields, answer.reason.en) == (("membership_grade",), "Wrong grade")


@pytest.mark.parametrize("kind", ["returned", "rejected"])
def test_without_a_reason_nothing_is_answered_and_the_ticks_stay(muna, kind):
    walk = Walk().acknowledged()

    refused = muna.post(
        address(walk), form_of(muna, walk, kind=kind, reason="  ", fields=["membership_grade"])
    )

    assert refused.status_code == 422
    page = refused.content.decode()
    assert "Say why; the person reads it" in page
    assert 'id="mark-membership_grade" checked' in page
    assert answers_of(walk) == []
    assert walk.status() == "sent"


def test_a_double_click_is_one_answer(muna):
    walk = Walk().acknowledged()
    form = form_of(muna, walk, kind="approved")

    first, second = muna.post(address(walk), form), muna.post(address(walk), form)

    assert (first.status_code, second.status_code) == (302, 302)
    assert len(answers_of(walk)) == 1


def test_a_second_answer_is_refused_in_words(muna):
    walk = Walk().acknowledged()
    first, late = form_of(muna, walk, kind="approved"), form_of(muna, walk, kind="rejected")
    muna.post(address(walk), first)

    refused = muna.post(address(walk), late | {"reason": "changed my mind"})

    assert refused.status_code == 422
    assert "This request was answered already" in refused.content.decode()
    assert [answer.kind for answer in answers_of(walk)] == ["approved"]


def test_the_request_before_a_resend_cannot_be_answered_any_more(muna):
    walk = Walk().answered("returned", fields=["employer_name"])
    old = walk.made["delivery"]
    walk.later(minutes=5).submitted()

    refused = muna.post(f"/entity/requests/{old}/", {"answer_id": str(old), "kind": "approved"})

    assert refused.status_code == 422
    assert walk.status() == "queued"


@pytest.mark.parametrize("language", ["ar", "en"])
def test_an_empty_list_says_so(language):
    page = signed_in(MUNA, language=language).get("/entity/").content.decode()

    assert 'class="empty"' in page
