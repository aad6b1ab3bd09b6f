"""The clock of each desk: since when, how long, against what is promised."""

import itertools
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanad.cases import queries, stages
from sanad.cases.rules import Holder
from sanad.eventlog.kinds import all_kinds
from sanad.lib.opening_hours import Span, Weekday, WeeklyHours, add_working_hours
from sanad.web.desk.history import NAMES
from sanad.web.shell.lasted import in_words
from tests.network import AISHA, KHUWAIR, TEN
from tests.walk import Walk
from tests.web_client import signed_in, words_of

SPLIT = WeeklyHours({day: (Span(time(8), time(13)), Span(time(16), time(20)))
                     for day in Weekday if day < 5})  # fmt: skip
CALENDAR = stages.Calendar(SPLIT)
H = Holder


@dataclass(frozen=True)
class Event:
    kind: str
    occurred_at: datetime


@dataclass(frozen=True)
class Target:
    amount: int
    unit: str


@dataclass(frozen=True)
class Stage:
    responsible: str
    target: Target | None


PROCEDURE = (
    Stage("centre", Target(1, "working_hours")), Stage("entity", Target(5, "working_days")),
    Stage("entity", Target(2, "working_days")), Stage("person", None),
)  # fmt: skip
WALK = ("case.opened", "case.completed", "payment.confirmed", "case.submitted",
        "delivery.acknowledged", "case.decided", "case.delivered")  # fmt: skip


def happened(*kinds: str, every: int = 10) -> list[Event]:
    return [Event(kind, TEN + timedelta(minutes=every * n)) for n, kind in enumerate(kinds)]


def test_a_whole_way_lies_on_each_desk_in_turn():
    found = stages.stays(happened(*WALK), PROCEDURE, CALENDAR, at=TEN + timedelta(days=1))

    assert [(one.holder, one.lasted) for one in found] == [
        (holder, timedelta(minutes=10))
        for holder in (H.CENTRE, H.PERSON, H.CENTRE, H.LINE, H.ENTITY, H.PERSON)
    ]
    assert stages.spent(found)[H.CENTRE] == timedelta(minutes=20)
    assert [one.due_at is not None for one in found] == [True, False, True, False, True, False]


def test_the_targets_of_a_desk_are_added_and_the_calendar_is_kept():
    found = stages.stays(happened(*WALK[:5]), PROCEDURE, CALENDAR, at=TEN + timedelta(days=20))

    # Tuesday 30 September, acknowledged at 10:40: seven working days later is Thursday week.
    assert found[-1].due_at == datetime(2025, 10, 9, 6, 40, tzinfo=UTC)
    assert found[-1].ended_at is None and found[-1].is_overdue(TEN + timedelta(days=20))
    assert not found[-1].is_overdue(TEN + timedelta(days=9))


def test_what_lies_on_the_same_desk_goes_on_and_what_moves_nothing_is_no_stay():
    found = stages.stays(
        happened("case.opened", "case.person_corrected", "receipt.printed", "case.mandate_renewed"),
        PROCEDURE, CALENDAR, at=TEN + timedelta(hours=3),
    )  # fmt: skip

    assert [(one.holder, one.since, one.lasted) for one in found] == [
        (H.CENTRE, TEN, timedelta(hours=3))
    ]


@pytest.mark.parametrize(
    ("at", "hours", "due"),
    [
        ("2025-09-30T06:00Z", 2, "2025-09-30T08:00Z"),  # 10:00 to 12:00
        ("2025-09-30T08:00Z", 2, "2025-09-30T13:00Z"),  # 12:00, over noon, to 17:00
        ("2025-09-30T01:00Z", 1, "2025-09-30T05:00Z"),  # 05:00, before opening, to 09:00
        ("2025-10-02T15:30Z", 1, "2025-10-05T04:30Z"),  # Thursday 19:30, to Sunday 08:30
    ],
)
def test_working_hours_run_while_the_centre_is_open(at, hours, due):
    begin, end = (datetime.fromisoformat(text) for text in (at, due))

    assert add_working_hours(begin, hours, SPLIT) == end


def test_a_place_that_never_opens_counts_by_the_wall():
    assert add_working_hours(TEN, 2, WeeklyHours({})) == TEN + timedelta(hours=2)


@given(st.lists(st.sampled_from(sorted(stages.MOVES)), max_size=12), st.integers(0, 500))
def test_time_on_desks_is_the_whole_time_and_only_the_last_is_open(kinds, every):
    log = happened(*kinds, every=every)
    at = TEN + timedelta(days=30)

    found = stages.stays(log, PROCEDURE, CALENDAR, at=at)

    assert all(one.ended_at is not None for one in found[:-1])
    assert all(one.ended_at <= then.since for one, then in itertools.pairwise(found))
    finished = {kind for kind, holder in stages.MOVES.items() if holder is H.NOBODY}
    if log and not finished & {*kinds}:
        assert sum(stages.spent(found).values(), timedelta()) == at - log[0].occurred_at


def test_every_event_of_a_case_has_its_words_and_every_move_is_an_event():
    of_cases = {kind.name for kind in all_kinds() if kind.name.startswith("case.")}

    assert of_cases <= NAMES.keys()
    assert stages.MOVES.keys() <= {kind.name for kind in all_kinds()}


@pytest.mark.parametrize(
    ("lasted", "words"),
    [(timedelta(0), "0 minutes"), (timedelta(minutes=61), "1 hour 1 minute"),
     (timedelta(days=3, hours=2, minutes=9), "3 days 2 hours"), (timedelta(hours=5), "5 hours")],
)  # fmt: skip
def test_a_time_is_said_in_two_units(lasted, words, settings):
    from django.utils import translation

    with translation.override("en"):
        assert in_words(lasted) == words


@pytest.mark.django_db
@pytest.mark.usefixtures("at_ten")
def test_on_screen_the_desks_of_a_request_stand_with_their_times():
    walk = Walk().acknowledged()

    page = words_of(signed_in(AISHA).get(f"/desk/cases/{walk.case}/"))

    assert "On whose desk" in page and "the entity" in page and "none promised" in page


@pytest.mark.django_db
@pytest.mark.usefixtures("at_ten")
def test_the_work_list_is_narrowed_paged_and_says_who_is_waited_for(monkeypatch):
    monkeypatch.setattr(queries, "MOST_IN_A_LIST", 2)
    made = []
    for number in range(3):
        walk = Walk().later(minutes=number).acknowledged().finished_visit()
        made.append(walk.case)

    def page(**asked):
        with walk.scope():
            return queries.work_page(centre=KHUWAIR, account=None, at=TEN, **asked)

    first, last = page(chosen="waiting"), page(chosen="waiting", page=99)
    assert [one.id for one in first.rows + last.rows] == made
    assert (first.pages, first.page, last.page, first.sizes["waiting"]) == (2, 1, 2, 3)
    (waited,) = first.waiting_on
    assert (waited.holder, waited.count, waited.entity_number) == (Holder.ENTITY, 3, 19)
    assert page(chosen="waiting", service="moh-renew-resident-work-card").rows == []
    assert page(chosen="waiting", entity=1).sizes["waiting"] == 0
    client = signed_in(AISHA)
    for query in ("list=waiting", "list=waiting&page=2&entity=19", "page=x&entity=٩٩&service=%00",
                  "list=nothing&whose=all&page=-1"):  # fmt: skip
        assert client.get(f"/desk/work/?{query}").status_code == 200
    shown = words_of(client.get("/desk/work/?list=waiting"))
    assert "page 1 of 2" in shown and "3 requests" in shown
