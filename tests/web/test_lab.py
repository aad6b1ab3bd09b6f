"""The Lab's first pages: the procedure as it went, from a snapshot, for those who study it."""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse
from procrastinate.contrib.django.models import ProcrastinateJob

from sanad.accounts.models import Account
from sanad.accounts.roles import Role
from sanad.db.scope import acting, national_scope
from sanad.eventlog.models import Event
from sanad.lab import procedures, snapshot
from sanad.web.desk.history import NAMES
from sanad.web.lab.picture import picture
from tests.network import AISHA, HUDA, MARYAM, NOORA, RENEW_CARD, RENEW_MEMBERSHIP, TEN
from tests.walk import Walk
from tests.web_client import signed_in, words_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_ten")]


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Iterator[None]:
    settings.SANAD_SNAPSHOTS = tmp_path / "snapshots"
    yield
    procedures.services.cache_clear()
    procedures.studied.cache_clear()


@pytest.fixture
def taken() -> snapshot.Snapshot:
    for days, client in ((40, MARYAM), (39, NOORA)):
        Walk(at=TEN - timedelta(days=days), client=client).answered("approved").finished_visit()
    Walk(client=NOORA).answered("returned", fields=["membership_number"]).finished_visit()
    Walk(service=RENEW_CARD).opened().finished_visit()
    return snapshot.take(at=TEN)


def steps_by_request() -> list[list[str]]:
    """What the log says of the requests for a membership, in the order of each."""
    with acting(national_scope()):
        opened = Event.objects.filter(kind="case.opened", payload__service=RENEW_MEMBERSHIP)
        return [
            list(Event.objects.filter(case_id=case).order_by("seq").values_list("kind", flat=True))
            for case in opened.values_list("case_id", flat=True)
        ]


def test_the_map_is_that_of_the_log(taken: snapshot.Snapshot) -> None:
    walks = steps_by_request()
    studied = procedures.studied(taken, RENEW_MEMBERSHIP)
    assert studied is not None
    found = studied.procedure
    assert found.map.cases == len(walks) == 3
    assert {(one.source, one.target): one.count for one in found.map.edges} == Counter(
        pair for walk in walks for pair in pairwise(walk)
    )
    ways = Counter(tuple(walk) for walk in walks)
    assert {one.steps: one.requests for one in found.most_frequent} == ways
    assert found.variants == len(ways)
    assert procedures.services(taken) == ((RENEW_MEMBERSHIP, 3), (RENEW_CARD, 1))


def test_every_step_and_move_is_drawn(taken: snapshot.Snapshot) -> None:
    studied = procedures.studied(taken, RENEW_MEMBERSHIP)
    assert studied is not None
    found = studied.procedure
    drawn = picture(found.map, found.position)
    assert len(drawn.boxes) == len(found.map.activities)
    assert len(drawn.bows) == len(found.map.edges)
    assert drawn.boxes[0].name == NAMES["case.opened"]
    assert all(0 <= box.y <= drawn.height - drawn.box_height for box in drawn.boxes)


@pytest.mark.parametrize("language", ["ar", "en"])
def test_the_page_says_it_in_both_languages(taken: snapshot.Snapshot, language: str) -> None:
    client = signed_in(HUDA, language=language)
    listed = client.get(reverse("lab"))
    address = reverse("lab_process", args=[taken.id, RENEW_MEMBERSHIP])
    assert address in listed.content.decode()
    page = client.get(address, {"share": "100"})
    assert page.status_code == 200
    words = words_of(page)
    assert taken.id in words
    assert ("كيف تسير الإجراءات فعلًا" if language == "ar" else "How procedures really run") in words
    fewer = client.get(address, {"share": "50"})
    assert len(fewer.context["edges"]) < len(page.context["edges"])
    assert fewer.context["left_out"] > 0
    assert page.context["left_out"] == 0
    assert client.get(address, {"share": "nonsense"}).context["share"] == 90


def test_what_is_not_there_is_said(taken: snapshot.Snapshot) -> None:
    client = signed_in(HUDA)
    for address in (
        reverse("lab_process", args=["0000000000000000", RENEW_MEMBERSHIP]),
        reverse("lab_process", args=[taken.id, "no-such-service"]),
    ):
        assert client.get(address).status_code == 409


def test_a_snapshot_is_asked_for_once_until_it_is_taken() -> None:
    client = signed_in(HUDA, language="en")
    assert "No snapshot has been taken yet." in words_of(client.get(reverse("lab")))
    for said in ("A snapshot is being taken", "A snapshot is asked for already"):
        assert said in words_of(client.post(reverse("lab"), follow=True))
    assert ProcrastinateJob.objects.filter(task_name="lab.snapshot", status="todo").count() == 1


def test_the_counter_does_not_see_it(taken: snapshot.Snapshot) -> None:
    for address in (reverse("lab"), reverse("lab_process", args=[taken.id, RENEW_MEMBERSHIP])):
        assert signed_in(AISHA).get(address).status_code == 403
    assert Account.objects.filter(id=HUDA, assignments__role=Role.MINISTRY).exists()
