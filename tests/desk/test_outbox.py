"""The list of requests that could not be handed over: words, evidence, and a try at once."""

from datetime import timedelta

import pytest
from django.urls import reverse

from sanad.gateway import actions, queries, rules
from sanad.gateway.actions import Outcome
from sanad.lib import clock
from tests.network import AISHA, HUDA, RAHUL, SALIM, TEN, ZAHRA
from tests.walk import WORK_PERMIT, Walk, entity_listens
from tests.web_client import signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_ten")]


def late(status=503) -> Walk:
    """A request from two days ago whose entity did not take it."""
    entity_listens()
    walk = Walk(at=TEN - timedelta(days=2)).submitted()
    with walk.scope():
        claimed = actions.claim(delivery=walk.made["delivery"], at=walk.at)
    with walk.scope():
        actions.conclude(claimed=claimed, outcome=Outcome(status, 5), at=walk.at)
    return walk


def page(account=AISHA) -> str:
    answer = signed_in(account).get(reverse("desk_outbox"))
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize(("status", "words"), [
    (None, "No answer comes from"), (503, "is out of order"), (429, "has too much to do"),
    (401, "does not let us in"),
])  # fmt: skip
def test_what_waits_says_why_and_is_tried_again_by_itself(status, words):
    walk = late(status)

    text = page()

    with walk.scope():
        code = walk.view().line.code
    assert words in text and "Waiting for more than a day" in text
    assert code in text and "Evidence of" in text and "Try again now" in text


@pytest.mark.parametrize("account", [AISHA, SALIM])
def test_try_again_now(account):
    walk = late()
    with walk.scope():
        actions.Delivery.objects.update(next_try_at=TEN + timedelta(days=1))

    answer = signed_in(account).post(reverse("desk_retry", args=[walk.made["delivery"]]))

    assert (answer.status_code, answer.url) == (302, reverse("desk_outbox"))
    with walk.scope():
        [delivery] = queries.deliveries_of(walk.case)
    assert delivery.next_try_at <= clock.now()


def test_one_that_was_never_tried_says_so():
    Walk(at=TEN - timedelta(days=2)).submitted()

    text = page()

    assert "has not been tried yet" in text and "Evidence of" not in text
    assert "Next try" not in text, "its time has passed"


def test_a_refused_one_leads_to_its_request():
    walk = Walk(client=RAHUL, service=WORK_PERMIT).bounced()

    text = page()

    assert "does not accept something in the form" in text
    assert reverse("desk_case", args=[walk.case]) in text
    assert "Try again now" not in text
    refused = signed_in(AISHA).post(reverse("desk_retry", args=[walk.made["delivery"]]))
    assert refused.status_code == 409
    assert "not in the line any more" in refused.content.decode()


def test_another_centre_and_another_role_have_nothing_here():
    walk = late()

    assert "Every request was handed over" in page(ZAHRA)
    retry = reverse("desk_retry", args=[walk.made["delivery"]])
    assert signed_in(ZAHRA).post(retry).status_code == 404
    assert signed_in(HUDA).get(reverse("desk_outbox")).status_code == 403


def test_the_work_list_leads_here_while_there_is_something():
    client = signed_in(AISHA)
    assert reverse("desk_outbox") not in client.get(reverse("desk_work")).content.decode()
    late()

    assert reverse("desk_outbox") in client.get(reverse("desk_work")).content.decode()


def test_the_ministry_sees_counts_and_no_request():
    walk = late()

    text = signed_in(HUDA).get(reverse("network_portal", args=[19])).content.decode()

    with walk.scope():
        view = walk.view()
    assert "Al Khuwair" in text and "not taken" in text and "503" in text
    assert view.line.code not in text and view.person.name.en not in text
    assert signed_in(HUDA).get(reverse("network_portal", args=[999])).status_code == 404


def test_the_case_says_when_it_is_tried_again():
    walk = late()

    text = signed_in(AISHA).get(reverse("desk_case", args=[walk.case])).content.decode()

    assert "It will be tried again" in text
    assert timedelta(seconds=5) == rules.FIRST_WAIT
