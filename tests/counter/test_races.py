"""Where people meet at the line: the same person is never called twice, no number given twice.

Threads with a connection each and rows that are committed; the negative control shows that the
lock, and not luck, is what keeps them apart.
"""

import pytest

from sanad.cases.actions import VisitOpenAlready
from sanad.counter import actions, rules
from sanad.counter.models import Ticket
from sanad.db.scope import acting, centre_scope
from tests.committed import at_once
from tests.network import AISHA, BADR, KHUWAIR, SALIM, TEN

pytestmark = pytest.mark.usefixtures("committed")


def issue(group="A"):
    with acting(centre_scope(KHUWAIR)):
        return actions.issue_ticket(centre=KHUWAIR, group=group, service_code="", at=TEN, by=None)


def call(by):
    with acting(centre_scope(KHUWAIR, account=by)):
        return actions.call_next(centre=KHUWAIR, point=1, at=TEN, by=by)


def numbers(group="A") -> list[int]:
    with acting(centre_scope(KHUWAIR)):
        found = Ticket.objects.filter(group=group).order_by("number")
        return list(found.values_list("number", flat=True))


@pytest.mark.parametrize("round_number", range(3))
def test_numbers_are_unique_and_without_gaps_under_eight_threads(round_number):
    def five():
        return [issue() for _ in range(5)]

    given = at_once(*[five] * 8)

    assert len({ticket for tickets in given for ticket in tickets}) == 40
    assert numbers() == list(range(1, 41))


def test_a_refused_ticket_uses_no_number():
    issue()

    def fail():
        with acting(centre_scope(KHUWAIR)):
            actions.issue_ticket(centre=KHUWAIR, group="A", service_code="", at=TEN, by=None)
            raise RuntimeError("the tablet broke down")

    outcomes = at_once(*[fail] * 4, issue, issue)

    assert sum(isinstance(outcome, RuntimeError) for outcome in outcomes) == 4
    assert numbers() == [1, 2, 3]


@pytest.mark.parametrize("round_number", range(5))
def test_three_who_call_at_once_get_three_people(round_number):
    issued = {issue() for _ in range(3)}

    called = at_once(*[lambda by=by: call(by) for by in (AISHA, BADR, SALIM)])

    assert set(called) == issued


def test_the_last_person_in_line_is_called_by_one_of_two():
    only = issue()

    outcomes = at_once(lambda: call(AISHA), lambda: call(BADR))

    assert outcomes.count(only) == 1
    assert sum(isinstance(outcome, rules.NobodyWaiting) for outcome in outcomes) == 1


@pytest.mark.parametrize("round_number", range(3))
def test_two_clicks_of_one_operator_call_one_person(round_number):
    issue()
    issue()

    outcomes = at_once(*[lambda: call(AISHA)] * 4)

    refused = [outcome for outcome in outcomes if isinstance(outcome, Exception)]
    assert len(refused) == 3
    # Whoever finds both people held by the other clicks sees nobody waiting.
    assert all(isinstance(one, rules.OneInHand | rules.NobodyWaiting) for one in refused)
    with acting(centre_scope(KHUWAIR)):
        assert Ticket.objects.filter(status=rules.CALLED).count() == 1


def test_two_clicks_start_one_visit():
    issue()
    ticket = call(AISHA)

    def start():
        with acting(centre_scope(KHUWAIR, account=AISHA)):
            return actions.start(ticket=ticket, at=TEN, by=AISHA)

    def walk_in():
        with acting(centre_scope(KHUWAIR, account=AISHA)):
            return actions.serve_without_ticket(centre=KHUWAIR, point=1, at=TEN, by=AISHA)

    outcomes = at_once(start, start, walk_in)

    refused = [one for one in outcomes if isinstance(one, Exception)]
    assert len(refused) == 2
    assert all(
        isinstance(one, rules.TicketElsewhere | rules.OneInHand | VisitOpenAlready)
        for one in refused
    )


def test_without_the_lock_the_same_number_is_asked_for_twice(monkeypatch):
    """The negative control: the last number read without its lock; the constraint has to refuse."""

    def read_and_add(centre, day, group):
        last = Ticket.objects.filter(centre_id=centre, group=group).order_by("-number").first()
        return (last.number if last else 0) + 1

    monkeypatch.setattr(actions, "_next_number", read_and_add)
    issue()

    outcomes = at_once(*[issue] * 8)

    assert any(isinstance(outcome, Exception) for outcome in outcomes)
