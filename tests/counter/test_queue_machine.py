"""The whole queue against a model: whatever three operators do, in whatever order.

The model is a list of tickets with their states; the database must agree after every step.
"""

from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from sanad.counter import actions, rules, transfers
from sanad.counter.models import Ticket
from tests.counter.line import call, does, eyes, finish, issue, start
from tests.network import AISHA, BADR, KHUWAIR, SALIM, TEN

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("queue machine")]
OPERATORS = (AISHA, BADR, SALIM)
POINT = {AISHA: 1, BADR: 2, SALIM: 1}
operators = st.sampled_from(OPERATORS)


class Queue(RuleBasedStateMachine):
    """What the model knows: states, who has what in hand, which visit, who owes a turn."""

    def __init__(self) -> None:
        super().__init__()
        self.undone = transaction.atomic()
        self.undone.__enter__()
        self.at = TEN
        self.state: dict = {}  # in the order of issue
        self.priority: dict = {}
        self.issued: dict = {}
        self.sent: dict = {}  # ticket: (point, account, at)
        self.hand: dict = {}
        self.visit: dict = {}
        self.owes: dict = dict.fromkeys(OPERATORS, False)
        self.given = dict.fromkeys("AB", 0)

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.undone.__exit__(None, None, None)

    @rule(group=st.sampled_from("AB"), priority=st.sampled_from(["", "", "pregnant"]))
    def issue(self, group, priority):
        ticket = issue(group, priority=priority, at=self.at)
        self.state[ticket], self.priority[ticket] = rules.WAITING, priority
        self.issued[ticket] = self.at
        self.given[group] += 1

    @rule(minutes=st.integers(1, 12))
    def time_passes(self, minutes):
        self.at += timedelta(minutes=minutes)

    @rule(by=operators)
    def call_next(self, by):
        mine = self.in_line(by)
        if by in self.hand:
            self.refused(rules.OneInHand, lambda: self.call(by))
            return
        if not mine:
            self.refused(rules.NobodyWaiting, lambda: self.call(by))
            return
        wanted = min(mine, key=self.issued_key if self.owes[by] else self.rank_key)
        passes_over = (
            not self.owes[by]
            and self.is_early(wanted)
            and any(not self.priority[t] and self.issued[t] < self.issued[wanted] for t in mine)
        )
        assert self.call(by) == wanted
        self.owes[by] = passes_over
        self.state[wanted], self.hand[by] = rules.CALLED, wanted

    @rule(by=operators)
    def recall(self, by):
        self.with_called(by, lambda t: does(actions.recall, t, by=by, at=self.at))

    @rule(by=operators)
    def hold(self, by):
        def put(ticket):
            does(actions.hold, ticket, by=by, at=self.at, reason="copies")
            self.let_go(by, rules.HELD)

        self.with_called(by, put)

    @rule(by=operators)
    def no_show(self, by):
        def put(ticket):
            does(actions.mark_no_show, ticket, by=by, at=self.at)
            self.let_go(by, rules.NO_SHOW)

        self.with_called(by, put)

    @rule(by=operators)
    def start(self, by):
        def sit(ticket):
            self.visit[by] = start(ticket, by=by, at=self.at)
            self.state[ticket] = rules.SERVING

        self.with_called(by, sit)

    @precondition(lambda self: self.visit)
    @rule(by=operators)
    def finish(self, by):
        if by in self.visit:
            finish(self.visit.pop(by), by=by, at=self.at)
            self.let_go(by, rules.DONE)

    @rule(by=operators, data=st.data())
    def back_in_line(self, by, data):
        aside = [t for t, s in self.state.items() if s in (rules.HELD, rules.NO_SHOW)]
        if aside:
            ticket = data.draw(st.sampled_from(aside))
            does(actions.return_to_line, ticket, by=by, at=self.at)
            self.state[ticket] = rules.WAITING

    @rule(by=operators, data=st.data())
    def call_back(self, by, data):
        aside = [t for t, s in self.state.items() if s in (rules.HELD, rules.NO_SHOW)]
        if aside and by not in self.hand:
            ticket = data.draw(st.sampled_from(aside))
            does(actions.call_back, ticket, point=POINT[by], by=by, at=self.at)
            self.state[ticket], self.hand[by] = rules.CALLED, ticket

    @rule(by=operators, to=operators, data=st.data())
    def transfer(self, by, to, data):
        waiting = [t for t, s in self.state.items() if s == rules.WAITING]
        own = [self.hand[by]] if by in self.hand else []
        if not waiting + own:
            return
        ticket = data.draw(st.sampled_from(waiting + own))
        does(transfers.to_colleague, ticket, account=to, by=by, at=self.at)
        self.sent[ticket] = (to, self.at)
        if ticket in own:
            self.visit.pop(by, None)
            self.let_go(by, rules.WAITING)

    @rule(by=operators, data=st.data())
    def transfer_of_anothers_is_refused(self, by, data):
        others = [t for who, t in self.hand.items() if who != by]
        if others:
            ticket = data.draw(st.sampled_from(others))
            self.refused(
                rules.TicketElsewhere,
                lambda: does(transfers.to_point, ticket, point=2, by=by, at=self.at),
            )

    @rule(by=operators, data=st.data())
    def withdraw_priority(self, by, data):
        early = [t for t, p in self.priority.items() if p and self.state[t] == rules.WAITING]
        if early:
            ticket = data.draw(st.sampled_from(early))
            does(actions.withdraw_priority, ticket, by=by, at=self.at)
            self.priority[ticket] = ""

    @invariant()
    def the_database_agrees(self):
        with eyes():
            rows = list(Ticket.objects.filter(centre_id=KHUWAIR))
        assert {t.id: t.status for t in rows} == self.state
        assert {t.called_by: t.id for t in rows if t.status in rules.IN_HAND} == self.hand
        assert len(rows) == sum(self.given.values())
        for group, last in self.given.items():
            numbers = sorted(t.number for t in rows if t.group == group)
            assert numbers == list(range(1, last + 1))

    # -- the model ------------------------------------------------------------------------------

    def call(self, by):
        return call(by, point=POINT[by], at=self.at)

    def refused(self, kind, verb):
        with pytest.raises(kind):
            verb()

    def with_called(self, by, verb):
        if by in self.hand and self.state[self.hand[by]] == rules.CALLED:
            verb(self.hand[by])

    def let_go(self, by, state):
        self.state[self.hand.pop(by)] = state

    def in_line(self, by):
        def is_for(ticket):
            to, at = self.sent.get(ticket, (by, self.at))
            return to == by or self.at - at >= timedelta(minutes=rules.SENT_MINUTES)

        return [t for t, s in self.state.items() if s == rules.WAITING and is_for(t)]

    def is_early(self, ticket):
        return bool(self.priority[ticket])

    def issued_key(self, ticket):
        return self.issued[ticket], ticket

    def rank_key(self, ticket):
        early = timedelta(minutes=rules.PRIORITY_MINUTES if self.is_early(ticket) else 0)
        return self.issued[ticket] - early, ticket


def test_the_queue_agrees_with_its_model():
    run_state_machine_as_test(
        Queue,
        settings=settings(
            max_examples=15, stateful_step_count=30, deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )  # fmt: skip


def test_the_model_notices_another_order(monkeypatch):
    """The negative control: the newest is called first, and the model says so."""

    def newest(rank, rows):
        return rows.order_by("-issued_at").select_for_update(of=("self",)).first()

    monkeypatch.setattr(actions, "lock_first_free", newest)
    queue = Queue()
    queue.issue("A", "")
    queue.time_passes(1)
    queue.issue("A", "")

    with pytest.raises(AssertionError):
        queue.call_next(AISHA)
    queue.teardown()
