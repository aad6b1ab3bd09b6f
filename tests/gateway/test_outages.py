"""The register of outages: what the line sees, what an entity announces, and who may write it."""

import itertools
from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sanad.db.scope import (
    acting,
    centre_scope,
    entity_scope,
    national_scope,
    public_scope,
    system_scope,
)
from sanad.eventlog.queries import events
from sanad.gateway import actions, outages, portals, rules
from sanad.gateway.actions import Outcome
from sanad.gateway.models import Outage
from sanad.lib.bilingual import Text
from tests.committed import at_once
from tests.db.probes import NO_PRIVILEGE, laboratory
from tests.network import CHAMBER, HEALTH, KHUWAIR, MUNA, RAHUL, RENEW_CARD, TEN
from tests.walk import Walk, entity_listens

UPKEEP = Text("صيانة مجدولة", "Planned upkeep")
PLAIN = (None, 503, 202)


def tried(walk: Walk, status: int | None, *, after: float) -> None:
    """One try of a request so many seconds after ten, and the watch that follows it."""
    at = TEN + timedelta(seconds=after)
    with walk.scope():
        claimed = actions.claim(delivery=walk.made["delivery"], at=at)
    assert claimed is not None
    with walk.scope():
        actions.conclude(claimed=claimed, outcome=Outcome(status, 5), at=at)
    watch(after=after)


def watch(*, after: float, entity: int = CHAMBER) -> None:
    with acting(system_scope()):
        outages.watch(entity=entity, at=TEN + timedelta(seconds=after))


def register() -> list[Outage]:
    with acting(national_scope()):
        return list(Outage.objects.order_by("started_at", "id"))


def announced(start: float = 1, hours: float = 3, *, at=TEN, note: Text = UPKEEP) -> int:
    begins = TEN + timedelta(hours=start)
    with acting(entity_scope(CHAMBER, account=MUNA)):
        return outages.announce(
            entity=CHAMBER, start=begins, end=begins + timedelta(hours=hours), note=note, at=at,
            by=MUNA,
        )  # fmt: skip


def recorded(kind: str) -> list:
    with acting(national_scope()):
        return list(events(kinds=(kind,)))


@pytest.fixture
def down() -> Walk:
    """A request that failed three times over 75 seconds, so that the portal is down since ten."""
    entity_listens()
    walk = Walk().submitted()
    for after in (0, 15, 75):
        tried(walk, 503, after=after)
    return walk


@pytest.mark.django_db
def test_the_portal_is_down_from_the_first_failure_until_something_is_taken(down):
    [outage] = register()
    assert (outage.entity_id, outage.started_at, outage.ended_at) == (CHAMBER, TEN, None)
    assert (outage.found_by, outage.deliveries) == ("line", 0)

    tried(down, 202, after=200)

    [outage] = register()
    assert outage.ended_at == TEN + timedelta(seconds=200)
    assert outage.deliveries == 1
    [began], [ended] = recorded("outage.started"), recorded("outage.ended")
    assert began.payload == ended.payload == {"entity": CHAMBER, "outage": outage.id}
    assert (began.occurred_at, ended.occurred_at) == (TEN, outage.ended_at)
    assert began.centre_id is None
    assert began.actor_id is None


@pytest.mark.django_db
def test_looking_again_changes_nothing(down):
    for after in (76, 80, 90):
        watch(after=after)

    assert len(register()) == len(recorded("outage.started")) == 1


@pytest.mark.django_db
def test_one_request_that_failed_three_times_in_seconds_is_no_outage():
    entity_listens()
    walk = Walk().submitted()
    for after in (0, 5, 15):
        tried(walk, None, after=after)

    assert register() == []


@pytest.mark.django_db
def test_what_two_workers_missed_is_ended_by_the_minutes_watch(down):
    """The acknowledgement was concluded while nobody watched."""
    at = TEN + timedelta(seconds=200)
    with down.scope():
        claimed = actions.claim(delivery=down.made["delivery"], at=at)
    with down.scope():
        actions.conclude(claimed=claimed, outcome=Outcome(202, 5), at=at)
    assert register()[0].ended_at is None

    with acting(system_scope()):
        outages.watch_open(at=at + timedelta(seconds=30))

    assert register()[0].ended_at == at


@pytest.mark.django_db
def test_an_officers_answer_by_hand_does_not_say_that_the_portal_works(down):
    from tests.walk import answer_body

    raw = answer_body(down.made["delivery"], "approved")
    with acting(entity_scope(CHAMBER, account=MUNA)):
        answer = actions.receive_answer(entity=CHAMBER, raw=raw, signature=b"", at=TEN, by=MUNA)
    with down.scope():
        actions.apply_answer(answer=answer, at=TEN + timedelta(seconds=100))
    watch(after=110)

    assert register()[0].ended_at is None


@pytest.mark.django_db
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(st.booleans(), st.sampled_from(PLAIN)), min_size=1, max_size=7))
def test_at_most_one_is_open_and_each_ends_after_it_began(tries):
    """Whatever two requests meet in whatever order, with the watch after each try."""
    with transaction.atomic():
        entity_listens()
        entity_listens(entity=HEALTH)
        walks = [Walk().submitted()]
        walks.append(Walk(made={k: walks[0].made[k] for k in ("visit", "person")}))
        taken: set[bool] = set()
        for number, (second, status) in enumerate(tries):
            walk = walks[second]
            if second in taken or (second and False not in taken):
                continue  # taken already; or it waits for the person's earlier request
            if "delivery" not in walk.made:
                walk.submitted()
            tried(walk, status, after=number * 1_000)
            if status == 202:
                taken.add(second)
        found = register()
        transaction.set_rollback(True)

    assert sum(one.ended_at is None for one in found) <= 1
    assert all(one.ended_at is None or one.ended_at > one.started_at for one in found)
    assert all(one.deliveries >= 0 for one in found)
    for before, after in itertools.pairwise(found):
        assert before.ended_at is not None
        assert before.ended_at < after.started_at


@pytest.mark.usefixtures("committed")
def test_of_two_workers_at_once_one_writes_the_outage_and_one_ends_it():
    entity_listens()
    walk = Walk().submitted()
    for after in (0, 15, 75):
        at = TEN + timedelta(seconds=after)
        with walk.scope():
            claimed = actions.claim(delivery=walk.made["delivery"], at=at)
        with walk.scope():
            actions.conclude(claimed=claimed, outcome=Outcome(503, 5), at=at)

    assert at_once(*[lambda: watch(after=80)] * 4) == [None] * 4
    assert len(register()) == len(recorded("outage.started")) == 1

    at = TEN + timedelta(seconds=300)
    with walk.scope():
        claimed = actions.claim(delivery=walk.made["delivery"], at=at)
    with walk.scope():
        actions.conclude(claimed=claimed, outcome=Outcome(202, 5), at=at)
    assert at_once(*[lambda: watch(after=301)] * 4) == [None] * 4
    assert len(recorded("outage.ended")) == 1
    watch(after=310)
    assert len(register()) == 1


@pytest.mark.django_db
def test_an_announced_outage_shows_when_it_runs_and_can_be_withdrawn():
    entity_listens()
    number = announced(start=1, hours=3)
    later = TEN + timedelta(hours=2)

    with acting(public_scope()):
        assert portals.portal_of(CHAMBER, TEN).state == "up"
        assert [one.id for one in portals.coming(TEN)] == [number]
        now = portals.portal_of(CHAMBER, later)
    assert (now.state, now.note, now.until) == ("announced", UPKEEP, TEN + timedelta(hours=4))

    with acting(entity_scope(CHAMBER, account=MUNA)):
        outages.withdraw(outage=number, entity=CHAMBER, at=later, by=MUNA)
    assert register()[0].ended_at == later
    with acting(entity_scope(CHAMBER, account=MUNA)), pytest.raises(rules.OutageOver):
        outages.withdraw(outage=number, entity=CHAMBER, at=later, by=MUNA)


@pytest.mark.django_db
def test_withdrawn_before_it_began_it_was_never_in_the_register():
    number = announced()
    with acting(entity_scope(CHAMBER, account=MUNA)):
        outages.withdraw(outage=number, entity=CHAMBER, at=TEN, by=MUNA)

    assert register() == []
    kinds = ("outage.announced", "outage.withdrawn")
    assert [recorded(kind)[0].payload["outage"] for kind in kinds] == [number, number]
    assert recorded("outage.withdrawn")[0].actor_id == MUNA


@pytest.mark.django_db
def test_overlapping_announcements_are_refused_and_touching_ones_are_not():
    announced(start=1, hours=3)
    announced(start=4, hours=1)

    with pytest.raises(rules.OutageOverlaps):
        announced(start=3, hours=1)

    assert len(register()) == 2


@pytest.mark.django_db
def test_nobody_withdraws_what_the_line_saw_or_another_entity_announced(down):
    [seen] = register()
    number = announced()
    for scope, entity, outage in ((CHAMBER, CHAMBER, seen.id), (HEALTH, HEALTH, number)):
        with acting(entity_scope(scope, account=MUNA)), pytest.raises(rules.NoSuchOutage):
            outages.withdraw(outage=outage, entity=entity, at=TEN, by=MUNA)

    assert len(register()) == 2


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("scope", "row"),
    [
        (centre_scope(KHUWAIR), {"entity_id": CHAMBER, "found_by": "line"}),
        (public_scope(), {"entity_id": CHAMBER, "found_by": "line"}),
        (national_scope(), {"entity_id": CHAMBER, "found_by": "line"}),
        (system_scope(), {"entity_id": CHAMBER, "found_by": "entity"}),
        (entity_scope(CHAMBER), {"entity_id": HEALTH, "found_by": "entity"}),
        (entity_scope(CHAMBER), {"entity_id": CHAMBER, "found_by": "line"}),
    ],
    ids=["centre", "public", "national", "system", "another", "as the line"],
)
def test_only_the_watch_and_the_entity_itself_write_an_outage(scope, row):
    with pytest.raises(DatabaseError) as caught, acting(scope):
        Outage(started_at=TEN, ended_at=TEN + timedelta(hours=1), **row).save(force_insert=True)

    assert caught.value.__cause__.sqlstate == NO_PRIVILEGE


@pytest.mark.usefixtures("committed")
@pytest.mark.parametrize(
    "row",
    [
        {"ended_at": TEN},
        {"ended_at": TEN - timedelta(minutes=1)},
        {"found_by": "guess"},
        {"deliveries": -1},
    ],
)
def test_the_table_itself_keeps_the_rules(row):
    wrong = {"entity_id": CHAMBER, "started_at": TEN, "found_by": "line"} | row
    with laboratory(), pytest.raises(IntegrityError), transaction.atomic():
        Outage(**wrong).save(force_insert=True)


@pytest.mark.django_db
def test_status_counts_every_centres_requests_and_opens_no_row():
    entity_listens(entity=HEALTH)
    Walk(service=RENEW_CARD, client=RAHUL).submitted()

    for scope in (public_scope(), centre_scope(2), entity_scope(CHAMBER), national_scope()):
        with acting(scope):
            assert portals.portal_of(HEALTH, TEN).waiting == 1


@pytest.mark.django_db
@pytest.mark.parametrize(("seconds", "state"), [(5, "up"), (90, "slow")])
def test_a_portal_that_takes_its_time_is_slow(seconds, state):
    entity_listens()
    walk = Walk().submitted()
    tried(walk, 202, after=seconds)

    with acting(public_scope()):
        portal = portals.portal_of(CHAMBER, TEN + timedelta(minutes=10))
        much_later = portals.portal_of(CHAMBER, TEN + timedelta(hours=3))

    assert (portal.state, portal.seconds_median, portal.taken) == (state, seconds, 1)
    assert (much_later.state, much_later.seconds_median) == ("up", None)
