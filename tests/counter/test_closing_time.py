"""Holds, notes, groups of a counter, marked timings, and what the night does to the line."""

from datetime import timedelta

import pytest

from sanad.cases import actions as cases
from sanad.cases import queries as case_queries
from sanad.cases.models import Visit
from sanad.counter import actions, choices, queries, rules, shift, tasks
from sanad.counter.models import Ticket
from sanad.counter.rules import Group
from sanad.db.scope import acting, system_scope
from sanad.eventlog import queries as log
from sanad.lib import clock
from sanad.lib.secrets_in_text import SecretRefused
from sanad.oversight import actions as oversight
from sanad.oversight.models import StaffDayFact
from sanad.oversight.queries import today
from sanad.oversight.verify import log as verify_log
from tests.counter.line import call, does, eyes, finish, found, issue, start, waiting
from tests.network import AISHA, BADR, KHUWAIR, SALIM, SOHAR, TEN

pytestmark = pytest.mark.django_db
TOMORROW = TEN + timedelta(days=1)


def keep_overnight(keeps=True):
    with eyes(SALIM):
        choices.keep_overnight(centre=KHUWAIR, keeps=keeps, at=TEN, by=SALIM)


def test_held_tickets_are_sorted_by_when_to_call_them_and_marked_when_due():
    tickets = [issue() for _ in range(3)]
    for ticket, minutes in zip(tickets, (None, 20, 10), strict=True):
        call()
        later = TEN + timedelta(minutes=minutes) if minutes else None
        does(actions.hold, ticket, reason="brings the passport", call_back_at=later)

    with eyes():
        held = queries.line(KHUWAIR, at=TEN + timedelta(minutes=10))["held"]

    assert [(t.name, t.is_due) for t in held] == [
        ("A-003", True), ("A-002", False), ("A-001", False),
    ]  # fmt: skip


def test_a_secret_is_no_reason_for_a_hold():
    ticket = issue()
    call()

    with pytest.raises(SecretRefused):
        does(actions.hold, ticket, reason="password: hunter2")

    assert (found(ticket).status, found(ticket).hold_reason) == (rules.CALLED, "")


def test_a_shift_note_is_shown_until_one_person_takes_it_over():
    with eyes(AISHA):
        note = shift.write_note(centre=KHUWAIR, text=" the printer ", at=TEN, by=AISHA)
    with eyes(BADR):
        assert [n.text for n in queries.notes(KHUWAIR)] == ["the printer"]
        shift.take_over(note=note, at=TEN, by=BADR)
    with eyes():
        assert queries.notes(KHUWAIR) == []
        kinds = [e.kind for e in log.events(kinds=("shift.note_written", "shift.note_taken"))]
        assert kinds == ["shift.note_written", "shift.note_taken"]
    with pytest.raises(shift.NoteTaken), eyes(SALIM):
        shift.take_over(note=note, at=TEN, by=SALIM)
    with eyes(centre=SOHAR):
        assert queries.notes(KHUWAIR) == []


@pytest.mark.parametrize(("text", "refused"), [
    ("  ", shift.NoteEmpty), ("رمز التحقق 4821", SecretRefused),
])  # fmt: skip
def test_an_empty_or_secret_note_is_not_kept(text, refused):
    with pytest.raises(refused), eyes(AISHA):
        shift.write_note(centre=KHUWAIR, text=text, at=TEN, by=AISHA)

    with eyes():
        assert queries.notes(KHUWAIR) == []


def test_a_counter_calls_its_own_groups_and_whoever_was_sent_to_it():
    people, business = issue("A"), issue("B")
    with eyes(SALIM):
        choices.set_point_groups(
            centre=KHUWAIR, groups={2: frozenset({Group.BUSINESS})}, at=TEN, by=SALIM
        )

    assert call(BADR, point=2) == business
    with pytest.raises(rules.NobodyWaiting):
        call(SALIM, point=2)
    assert call(AISHA, point=1) == people


def test_no_group_is_left_without_a_counter():
    only_business = {point: frozenset({Group.BUSINESS}) for point in (1, 2)}

    with pytest.raises(rules.GroupUnserved), eyes(SALIM):
        choices.set_point_groups(centre=KHUWAIR, groups=only_business, at=TEN, by=SALIM)

    with eyes():
        assert queries.choices(KHUWAIR).point_groups == {}


def test_without_the_tick_yesterday_is_closed_by_the_first_number_of_the_day():
    waited, held = issue(), issue("B")
    call(BADR)
    does(actions.hold, waited, by=BADR, reason="brings the passport")
    assert waiting(at=TOMORROW) == []
    with pytest.raises(rules.NobodyWaiting):
        call(at=TOMORROW)

    first = issue(at=TOMORROW)

    assert (found(waited).status, found(held).status) == (rules.LEFT, rules.LEFT)
    assert (found(first).number, waiting(at=TOMORROW)) == (1, ["A-001"])
    with eyes():
        assert len(log.events(kinds=("ticket.left",))) == 2
        assert actions.sweep(centre=KHUWAIR, at=TOMORROW) == 0


def test_with_the_tick_yesterday_waits_on_ahead_and_for_a_week():
    keep_overnight()
    waited = issue()

    issue(at=TOMORROW)

    with eyes():
        line = queries.line(KHUWAIR, at=TOMORROW)["waiting"]
        assert [(t.name, t.day) for t in line] == [
            ("A-001", found(waited).business_date), ("A-001", None),
        ]  # fmt: skip
    week = TEN + timedelta(days=rules.KEPT_DAYS + 1)
    with eyes():
        assert actions.sweep(centre=KHUWAIR, at=TEN + timedelta(days=rules.KEPT_DAYS)) == 0
        assert actions.sweep(centre=KHUWAIR, at=week) == 1
    assert found(waited).status == rules.LEFT


def test_whoever_was_kept_is_called_first_the_next_day():
    keep_overnight()
    waited = issue()
    issue(at=TOMORROW)

    assert call(at=TOMORROW) == waited


def test_the_nightly_task_closes_every_centre_once(monkeypatch):
    waited = issue()
    monkeypatch.setattr(clock, "now", lambda: TOMORROW)

    tasks.sweep(0)
    tasks.sweep(0)

    assert found(waited).status == rules.LEFT
    with eyes():
        assert len(log.events(kinds=("ticket.left",))) == 1


def test_a_visit_marked_wrong_is_left_out_of_the_time_at_the_counter():
    for minutes in (10, 300):
        ticket = issue()
        call()
        visit = start(ticket)
        finish(visit, at=TEN + timedelta(minutes=minutes))
    with eyes(AISHA):
        cases.mark_timing_wrong(visit=visit, at=TEN + timedelta(minutes=301), by=AISHA)
        cases.mark_timing_wrong(visit=visit, at=TEN + timedelta(minutes=302), by=AISHA)
        assert len(log.events(kinds=("visit.timing_marked_wrong",))) == 1

    with acting(system_scope()):
        oversight.refill_day(TEN.date(), at=TEN)
        fact = StaffDayFact.objects.get(account_id=AISHA)

    assert (fact.visits_served, fact.visits_timed, fact.counter_seconds_total) == (2, 1, 600)


@pytest.mark.parametrize(("by", "at"), [(BADR, TEN), (AISHA, TOMORROW)])
def test_only_ones_own_visit_of_today_is_marked(by, at):
    with eyes(AISHA):
        visit = actions.serve_without_ticket(centre=KHUWAIR, point=1, at=TEN, by=AISHA)
        actions.finish(visit=visit, at=TEN, by=AISHA)

    with pytest.raises(cases.TimingOver), eyes(by):
        cases.mark_timing_wrong(visit=visit, at=at, by=by)

    with eyes():
        assert Visit.objects.get(id=visit).timing_wrong_at is None


@pytest.mark.parametrize("channel", cases.WITHOUT_TICKET)
def test_a_visit_without_a_ticket_says_its_channel(channel):
    with eyes(AISHA):
        visit = actions.serve_without_ticket(
            centre=KHUWAIR, point=1, at=TEN, by=AISHA, channel=channel
        )
        seen = case_queries.visit(visit)

    assert seen.channel == channel
    assert seen.channel_name.ar


def test_a_visit_is_forgotten_after_three_quarters_of_an_hour():
    with eyes(AISHA):
        visit = actions.serve_without_ticket(centre=KHUWAIR, point=1, at=TEN, by=AISHA)
        seen = case_queries.visit(visit)

    assert not seen.is_forgotten(TEN + timedelta(minutes=45))
    assert seen.is_forgotten(TEN + timedelta(minutes=45, seconds=1))


def test_who_follows_from_afar_sees_the_order_of_the_line():
    from sanad.db.scope import public_scope

    first, second = issue(), issue(at=TEN + timedelta(minutes=2))
    issue(priority="infant", at=TEN + timedelta(minutes=3))
    with acting(public_scope()):
        ahead = [queries.follow(t, at=TEN).ahead for t in (first, second)]

    assert ahead == [1, 2]


def test_the_log_tells_the_same_line_as_the_tables():
    from sanad.counter import offers, transfers
    from tests.counter.line import settle, sohar, to_sohar

    one, two, three = issue(), issue(), issue("B", priority="elderly")
    does(transfers.to_colleague, one, account=BADR)
    offer = to_sohar(two)
    sohar(offers.accept_offer, offer)
    settle(offer)
    does(actions.confirm_priority, three)
    call(AISHA)

    assert verify_log().wrong == ()
    with eyes():
        assert today(KHUWAIR, at=TEN + timedelta(minutes=1)).waiting == 1
        assert Ticket.objects.filter(status=rules.WAITING).count() == 1
