"""The same service again: what comes over, and what never does."""

from datetime import timedelta
from uuid import uuid4

import pytest

from sanad.beneficiaries import actions as beneficiaries
from sanad.cases import actions, queries, repeat
from sanad.cases.actions import NoSuchCase
from sanad.cases.models import Case
from sanad.cases.rules import NotNow
from tests.network import KHUWAIR, MARYAM, NOORA, RAHUL, RENEW_CARD, RENEW_MEMBERSHIP, SOHAR, ZAHRA
from tests.walk import ANSWERS, WORK_PERMIT, Walk

pytestmark = pytest.mark.django_db


def answers_of(walk: Walk) -> dict:
    with walk.scope():
        return Case.objects.get(id=walk.case).answers


def take_over(walk: Walk, like) -> int:
    with walk.scope():
        return repeat.take_over_answers(case=walk.case, like=like, at=walk.at)


def test_the_same_person_gets_everything_but_days_and_civil_numbers():
    before = Walk(service=RENEW_CARD).filled_in().finished_visit()
    now = Walk(service=RENEW_CARD).later(days=45).opened()

    came = take_over(now, before.case)

    form = ANSWERS[RENEW_CARD]
    assert set(form) - set(answers_of(now)) == {"worker_civil_number", "card_expiry_date"}
    assert came == len(answers_of(now)) == len(form) - 2
    assert answers_of(now)["worker_name"] == form["worker_name"]
    assert now.status() == "draft"


def of_company(walk: Walk) -> Walk:
    """The visit's person speaks for a company."""
    walk.person_seated()
    with walk.scope():
        company = beneficiaries.register_company(
            centre=KHUWAIR, cr_number="1234567", name_ar="مؤسسة الخوير الحديثة", name_en="",
            at=walk.at, by=walk.operator,
        )  # fmt: skip
        actions.seat_person(
            visit=walk.made["visit"], person=walk.made["person"], company=company.id
        )
    return walk.opened()


def test_the_next_person_of_a_company_gets_what_the_company_is():
    before = of_company(Walk(service=WORK_PERMIT, client=MARYAM)).filled_in().finished_visit()
    now = of_company(Walk(service=WORK_PERMIT, client=RAHUL))

    take_over(now, before.case)

    assert set(answers_of(now)) == {"employer_name", "employer_cr_number", "employer_phone"}


@pytest.mark.parametrize("other", ["person", "service", "centre", "nothing"])
def test_nothing_comes_from_a_request_that_is_another_matter(other):
    before = {
        "person": lambda: Walk(client=NOORA).filled_in().finished_visit().case,
        "service": lambda: Walk(service=RENEW_CARD).filled_in().finished_visit().case,
        "centre": lambda: Walk(centre=SOHAR, operator=ZAHRA).filled_in().finished_visit().case,
        "nothing": uuid4,
    }[other]()
    now = Walk().opened()

    with pytest.raises(repeat.NothingToRepeat):
        take_over(now, before)

    assert answers_of(now) == {}


def test_a_finished_form_is_not_filled_again():
    before = Walk().filled_in().finished_visit()
    now = Walk().completed()
    kept = answers_of(now)

    with pytest.raises(NotNow):
        take_over(now, before.case)

    assert answers_of(now) == kept
    with now.scope(), pytest.raises(NoSuchCase):
        repeat.take_over_answers(case=uuid4(), like=before.case, at=now.at)


def test_each_earlier_service_once_by_its_last_request():
    Walk().filled_in().finished_visit()
    card = Walk(service=RENEW_CARD).later(minutes=1).opened().finished_visit()
    last = Walk().later(minutes=2).opened().finished_visit()
    given_up = Walk(service=WORK_PERMIT).later(minutes=3).opened()
    with given_up.scope():
        Case.objects.filter(id=given_up.case).update(status="cancelled")

    with last.scope():
        found = repeat.earlier(last.made["person"], at=last.at + timedelta(days=1))

    assert [line.id for line in found] == [last.case, card.case]
    assert [line.service_code for line in found] == [RENEW_MEMBERSHIP, RENEW_CARD]
    with Walk(centre=SOHAR, operator=ZAHRA).scope():
        assert repeat.earlier(last.made["person"], at=last.at) == []
    assert queries.DRAFTS_SHOWN == 9
