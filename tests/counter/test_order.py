"""Who comes before whom: the two bounds of docs/queue.md hold for any arrivals and any calls."""

from contextlib import contextmanager
from datetime import timedelta
from itertools import pairwise
from typing import NamedTuple

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sanad.counter import actions, rules
from sanad.counter.models import Ticket
from sanad.eventlog import queries as log
from tests.counter.line import call, does, eyes, found, issue, waiting
from tests.network import AISHA, BADR, SALIM, TEN

pytestmark = pytest.mark.django_db
OPERATORS = (AISHA, BADR, SALIM)
BOUND = timedelta(minutes=rules.PRIORITY_MINUTES)
EARLY_MORNING = TEN.replace(hour=3)  # 07:00 in Muscat, when the doors open

arrival = st.tuples(
    st.just("come"), st.integers(0, 12), st.sampled_from(["", "", "elderly", "infant"])
)
calling = st.tuples(st.just("call"), st.integers(0, 3), st.sampled_from(OPERATORS))
days = st.lists(arrival | calling, min_size=10, max_size=40)


class Called(NamedTuple):
    """A call: by whom, whom, and who waited for it."""

    by: object
    ticket: Ticket
    waited: list[Ticket]

    @property
    def is_ahead(self) -> bool:
        """Whether somebody ordinary who came earlier was passed over."""
        return any(not w.priority and w.issued_at < self.ticket.issued_at for w in self.waited)


@contextmanager
def undone():
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def live(day) -> list[Called]:
    """A day of arrivals and calls, and what came of it."""
    at, calls = EARLY_MORNING + timedelta(minutes=5), []
    for what, minutes, who in day:
        at += timedelta(minutes=minutes)
        if what == "come":
            issue(priority=who, at=at)
            continue
        with eyes():
            line = list(Ticket.objects.filter(status=rules.WAITING))
        if not line:
            continue
        chosen = call(who, at=at)
        does(actions.mark_no_show, chosen, by=who, at=at)
        ticket = next(t for t in line if t.id == chosen)
        calls.append(Called(who, ticket, [t for t in line if t.id != chosen]))
    return calls


def nobody_is_overtaken_by_who_came_much_later(calls: list[Called]) -> bool:
    return all(
        called.ticket.issued_at - w.issued_at <= BOUND for called in calls for w in called.waited
    )


def at_most_every_second_call_passes_somebody_over(calls: list[Called]) -> bool:
    for by in OPERATORS:
        own = [called.is_ahead for called in calls if called.by == by]
        if any(one and two for one, two in pairwise(own)):
            return False
    return True


def nobody_starves(calls: list[Called]) -> bool:
    """An ordinary person behind k others is passed by at most 2k + c calls of c operators."""
    passed: dict = {}
    for called in calls:
        for w in called.waited:
            if not w.priority:
                passed.setdefault(w.id, [w, 0])[1] += 1
    everybody = {c.ticket.id: c.ticket for c in calls} | {w.id: w for c in calls for w in c.waited}
    hands = len({called.by for called in calls})
    return all(
        n <= 2 * sum(1 for other in everybody.values() if other.issued_at <= w.issued_at) + hands
        for w, n in passed.values()
    )


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(days)
def test_both_bounds_hold_on_any_day(day):
    with undone():
        calls = live(day)

    assert nobody_is_overtaken_by_who_came_much_later(calls)
    assert at_most_every_second_call_passes_somebody_over(calls)
    assert nobody_starves(calls)


RUSH = [("come", 0, ""), *[("come", 1, "elderly")] * 8, *[("call", 0, AISHA)] * 6]


def test_a_rush_of_priority_people_lets_the_ordinary_person_in_second():
    with undone():
        calls = live(RUSH)

    assert [c.is_ahead for c in calls] == [True, False, False, False, False, False]
    assert [c.ticket.number for c in calls] == [2, 1, 3, 4, 5, 6]


def test_without_the_turn_the_ordinary_person_waits_for_them_all(monkeypatch):
    """The negative control of the second bound."""
    monkeypatch.setattr(actions, "_take_turn", lambda *found, by: None)
    with undone():
        calls = live(RUSH)

    assert not at_most_every_second_call_passes_somebody_over(calls)
    assert not nobody_starves(calls)


def test_with_a_larger_lead_people_are_overtaken_by_who_came_much_later(monkeypatch):
    """The negative control of the first bound."""
    monkeypatch.setattr(rules, "PRIORITY_MINUTES", 60)
    monkeypatch.setattr(
        "sanad.centres.queries.opened_at", lambda number, at: at - timedelta(hours=2)
    )
    with undone():
        calls = live([("come", 0, ""), ("come", 40, "elderly"), ("call", 0, AISHA)])

    assert not nobody_is_overtaken_by_who_came_much_later(calls)


def test_two_operators_each_owe_their_own_turn():
    ordinary = issue()
    early = [issue(priority="pregnant", at=TEN + timedelta(minutes=n)) for n in (1, 2)]
    at = TEN + timedelta(minutes=3)

    assert call(AISHA, at=at) == early[0]
    assert call(BADR, at=at) == early[1]
    does(actions.mark_no_show, early[0])

    assert call(AISHA, at=at) == ordinary


def test_priority_counts_from_the_opening_and_no_earlier():
    ordinary = issue(at=EARLY_MORNING + timedelta(minutes=1))
    early = issue(at=EARLY_MORNING + timedelta(minutes=5), priority="disabled")

    assert found(early).rank_at == EARLY_MORNING
    assert found(ordinary).rank_at == found(ordinary).issued_at
    assert waiting(at=EARLY_MORNING + timedelta(minutes=6)) == ["A-002", "A-001"]


def test_priority_outside_opening_hours_is_not_asked_for():
    opened = EARLY_MORNING
    rank = rules.rank_of(issued_at=TEN, priority="elderly", opened_at=opened)

    assert rank == TEN - BOUND
    assert rules.rank_of(issued_at=TEN, priority="", opened_at=opened) == TEN
    assert rules.rank_of(issued_at=opened, priority="elderly", opened_at=opened) == opened


def test_a_withdrawn_priority_goes_back_to_its_own_time_and_is_forgotten():
    first, second = issue(), issue(priority="infant", at=TEN + timedelta(minutes=1))
    at = TEN + timedelta(minutes=2)
    assert waiting(at=at) == ["A-002", "A-001"]

    does(actions.withdraw_priority, second, at=at)

    assert waiting(at=at) == ["A-001", "A-002"]
    assert (found(second).priority, found(second).rank_at) == ("", TEN + timedelta(minutes=1))
    with pytest.raises(rules.NoPriority):
        does(actions.withdraw_priority, second, at=at)
    with pytest.raises(rules.NoPriority):
        does(actions.confirm_priority, first, at=at)


def test_a_confirmed_priority_keeps_its_place_and_the_reason_ends_with_the_visit():
    ticket = issue(priority="elderly")
    does(actions.confirm_priority, ticket)
    assert (found(ticket).priority, found(ticket).priority_confirmed_by) == ("elderly", AISHA)

    call()
    visit = does(actions.start, ticket)
    with eyes(AISHA):
        actions.finish(visit=visit, at=TEN, by=AISHA)

    assert (found(ticket).status, found(ticket).priority) == (rules.DONE, "")


def test_the_log_says_that_a_ticket_is_early_and_never_why():
    issue(priority="disabled")
    with eyes():
        (event,) = log.events(kinds=("ticket.issued",))

    assert event.payload["early_seconds"] == 15 * 60
    assert "disabled" not in str(event.payload)
