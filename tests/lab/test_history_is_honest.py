"""The simulated history is what the verbs would have written: row by row, column by column."""

from collections import Counter
from datetime import UTC, datetime

import pytest
from django.conf import settings
from django.db import transaction

from sanad.db.connect import LOADER, as_login
from sanad.db.scope import acting, national_scope
from sanad.gateway.actions import register_endpoint
from sanad.lab.history import money, write
from sanad.lab.history.story import Story
from tests.committed import DONE, as_owner_of_all
from tests.lab.replay import Replay
from tests.lab.rows import TABLES, all_rows, sound
from tests.lab.small import small_story

pytestmark = pytest.mark.usefixtures("committed")


def load(story: Story) -> None:
    with as_login(LOADER, passwords=settings.SANAD_KEYS), transaction.atomic():
        write.write_whole(story)
        write.write_days(story, 0, len(story.described.world.days))


def replay(story: Story, monkeypatch: pytest.MonkeyPatch) -> int:
    """The same story by the verbs, with the same people and prices known before."""
    with as_login(LOADER, passwords=settings.SANAD_KEYS), transaction.atomic():
        write.write_people(story, write.known_since(story))
        money.write_own_prices(story)
    with acting(national_scope()):
        for entity in story.described.entities:
            register_endpoint(
                entity=entity, url="http://entity.test", public_key=None,
                at=datetime(2025, 1, 1, tzinfo=UTC),
            )  # fmt: skip
    return Replay(story, monkeypatch).run()


def test_two_hundred_requests_by_the_verbs_and_by_copy_are_the_same_rows(monkeypatch):
    story = small_story(7, monkeypatch)
    c = story.cases
    # A check of what is checked: everything that happens in a quarter happens here.
    assert len(c) >= 200
    rare = (c.cancelled, c.returned, c.resent, c.collected, c.rated, c.submitted[c.tries > 1])
    assert all((one >= 0).any() for one in rare), "something never happens in this story"
    assert (~c.approved & (c.decided >= 0)).any()
    assert (~story.visits.came).any()
    assert len(story.own_prices)

    with as_owner_of_all() as cursor:  # the numbers of prices begin at one in an empty table
        cursor.execute(f"TRUNCATE {', '.join(DONE)} RESTART IDENTITY CASCADE")
    load(story)
    loaded, digests = all_rows(), sound()
    with as_owner_of_all() as cursor:
        cursor.execute(f"TRUNCATE {', '.join(DONE)} RESTART IDENTITY CASCADE")
    steps = replay(story, monkeypatch)
    acted = all_rows()

    assert sound() == digests > 200
    assert steps > 2000
    for table in TABLES:
        assert loaded[table], f"{table} is empty"
        by_copy, by_verb = Counter(loaded[table]), Counter(acted[table])
        only = {"copy": list(by_copy - by_verb)[:3], "verbs": list(by_verb - by_copy)[:3]}
        assert by_copy == by_verb, f"{table}, only by one of them: {only}"
