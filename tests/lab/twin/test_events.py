"""The event loop: the recursion's answer without features, and with them the rules it states."""

from itertools import pairwise

import numpy as np
from hypothesis import given, settings

from sanad.lab.twin.engine import events, heap, recursion
from sanad.lab.twin.engine.model import (
    Customers,
    Rules,
    Sessions,
    State,
    Told,
    Wants,
    plain_rules,
    plain_wants,
)
from sanad.lab.twin.engine.tables import FOREVER
from tests.lab.twin.queues import featured, plain

Queue = tuple[Sessions, Customers, Wants, Rules]


@given(plain())
@settings(max_examples=200, deadline=None)
def test_without_features_it_is_the_recursion(queue: tuple[Sessions, Customers]) -> None:
    sessions, customers = queue
    told = events.serve(sessions, customers, plain_wants(customers), plain_rules(sessions))
    served = recursion.serve(sessions, customers)
    assert (told.state[0] == served.state).all()
    assert (told.state[1] == State.NOT_COME).all()
    np.testing.assert_allclose(told.began[0], served.began, rtol=0, atol=1e-9)


class Day:
    """What happened in one session, visit by visit, to look at with plain loops."""

    def __init__(self, queue: Queue, told: Told, session: int) -> None:
        self.sessions, self.customers, self.wants, self.rules = queue
        self.told, self.session = told, session
        rows = range(int(self.customers.first[session]), int(self.customers.first[session + 1]))
        self.visits = [(0, i) for i in rows] + [
            (1, i) for i in rows if told.state[1, i] != State.NOT_COME
        ]
        self.called = [one for one in self.visits if told.state[one] == State.SERVED]

    def came(self, visit: tuple[int, int]) -> float:
        row, i = visit
        if row == 0:
            return float(self.customers.arrived[i])
        return float(self.told.ended[0, i] + self.wants.back_after[i])

    def suits(self, server: int, visit: tuple[int, int]) -> bool:
        skills = self.rules.skills[self.sessions.centre[self.session], server]
        return bool(skills >> self.wants.kind[visit[1]] & 1)

    def away(self, server: int, at: float) -> bool:
        s, rules = self.session, self.rules
        return at < self.sessions.opens[s] or any(
            rules.break_server[b] == server and rules.break_from[b] <= at < rules.break_until[b]
            for b in range(rules.break_first[s], rules.break_first[s + 1])
        )

    def outages(self, kind: int) -> list[tuple[float, float, float]]:
        s, rules = self.session, self.rules
        return [
            (rules.outage_from[o], rules.outage_until[o], rules.outage_pace[o])
            for o in range(rules.outage_first[s], rules.outage_first[s + 1])
            if rules.outage_kind[o] == kind
        ]

    def stands_still(self, visit: tuple[int, int], at: float) -> bool:
        lost = self.outages(int(self.wants.kind[visit[1]]))
        return any(pace == 0 and begin <= at < end for begin, end, pace in lost)

    def waiting(self, visit: tuple[int, int], at: float) -> bool:
        """Came before, was not called by then, and had not left."""
        came = self.came(visit)
        is_called = self.told.state[visit] == State.SERVED and self.told.began[visit] <= at
        return came < at and not is_called and at - came <= self.customers.patience[visit[1]]

    def rank(self, visit: tuple[int, int], at: float) -> tuple[float, float, float]:
        """Smaller goes first."""
        row, i = visit
        if row == 0 and self.wants.due[i] <= at:
            return -1.0, float(self.wants.due[i]), self.came(visit)
        return float(self.rules.priority[self.wants.kind[i]]), 0.0, self.came(visit)

    def busy(self, server: int, at: float) -> bool:
        return any(
            self.told.server[v] == server and self.told.began[v] <= at < self.told.ended[v]
            for v in self.called
        )


def days(queue: Queue) -> list[Day]:
    told = events.serve(*queue)
    return [Day(queue, told, s) for s in range(len(queue[0]))]


@given(featured())
@settings(max_examples=150, deadline=None)
def test_everybody_is_served_left_or_still_there(queue: Queue) -> None:
    for day in days(queue):
        for row, i in day.visits:
            state = day.told.state[row, i]
            assert state in (State.SERVED, State.LEFT, State.STILL_THERE)
            assert (state == State.SERVED) == (day.told.began[row, i] >= 0)
            assert (state == State.SERVED) == (day.told.server[row, i] >= 0)
            if row == 0:
                back = day.told.ended[0, i] + day.wants.back_after[i]
                comes = (
                    day.wants.back_after[i] < FOREVER and back <= day.sessions.leaves[day.session]
                )
                assert (day.told.state[1, i] != State.NOT_COME) == (comes and state == State.SERVED)
            if state == State.LEFT:
                patience = day.customers.patience[i]
                assert day.came((row, i)) + patience <= day.sessions.leaves[day.session]


@given(featured())
@settings(max_examples=150, deadline=None)
def test_servers_have_one_customer_at_a_time_whom_they_may_serve(queue: Queue) -> None:
    for day in days(queue):
        told = day.told
        for visit in day.called:
            at, server = told.began[visit], int(told.server[visit])
            assert server < day.sessions.servers[day.session]
            assert day.suits(server, visit)
            assert not day.away(server, at), "a server called somebody in their break"
            assert not day.stands_still(visit, at)
            assert at <= day.sessions.leaves[day.session]
            assert 0 <= at - day.came(visit) <= day.customers.patience[visit[1]]
        for server in range(int(day.sessions.servers[day.session])):
            theirs = sorted(
                (told.began[v], told.ended[v]) for v in day.called if told.server[v] == server
            )
            assert all(one[1] <= other[0] for one, other in pairwise(theirs))


@given(featured())
@settings(max_examples=150, deadline=None)
def test_nobody_is_passed_by_who_ranks_lower(queue: Queue) -> None:
    for day in days(queue):
        for visit in day.called:
            at, server = day.told.began[visit], int(day.told.server[visit])
            for other in day.visits:
                if (
                    other != visit
                    and day.waiting(other, at)
                    and day.suits(server, other)
                    and not day.stands_still(other, at)
                ):
                    assert day.rank(visit, at) <= day.rank(other, at)


@given(featured())
@settings(max_examples=150, deadline=None)
def test_nobody_waits_beside_a_free_server_who_may_serve_them(queue: Queue) -> None:
    for day in days(queue):
        rules, told = day.rules, day.told
        moments = {float(told.began[v]) for v in day.called}
        moments |= {float(told.ended[v]) for v in day.called} | {day.came(v) for v in day.visits}
        moments |= {*map(float, rules.break_from), *map(float, rules.break_until)}
        moments |= {*map(float, rules.outage_from), *map(float, rules.outage_until)}
        moments |= {float(day.sessions.opens[day.session])}
        between = [(a + b) / 2 for a, b in pairwise(sorted(moments))]
        for at in between:
            if at > day.sessions.leaves[day.session]:
                break
            free = [
                j for j in range(int(day.sessions.servers[day.session]))
                if not day.away(j, at) and not day.busy(j, at)
            ]  # fmt: skip
            for visit in day.visits:
                if day.waiting(visit, at) and not day.stands_still(visit, at):
                    assert not any(day.suits(j, visit) for j in free)


@given(featured())
@settings(max_examples=150, deadline=None)
def test_the_work_is_done_at_the_pace_of_the_outages(queue: Queue) -> None:
    for day in days(queue):
        for visit in day.called:
            row, i = visit
            begin, end = day.told.began[visit], day.told.ended[visit]
            lost = sum(
                max(min(end, until) - max(begin, since), 0) * (1 - pace)
                for since, until, pace in day.outages(int(day.wants.kind[i]))
            )
            work = day.wants.again[i] if row else day.customers.service[i]
            assert abs(end - begin - lost - work) < 1e-9


def test_a_worked_morning() -> None:
    """One server. Two come at nine, the second with priority; one is due at a quarter past."""
    sessions = Sessions(
        np.array([0]), np.array([0]), np.array([0.0]), np.array([7200.0]), np.array([1])
    )
    customers = Customers(
        np.array([0, 4]), np.array([0.0, 60.0, 120.0, 180.0]),
        np.array([1200.0, 600.0, 600.0, 600.0]), np.array([9e3, 9e3, 9e3, 1000.0]),
    )  # fmt: skip
    back = np.array([600.0, FOREVER, FOREVER, FOREVER])
    due = np.array([FOREVER, FOREVER, 900.0, FOREVER])
    wants = Wants(np.array([0, 0, 0, 1]), due, back, np.full(4, 300.0))
    base = plain_rules(sessions, kinds=2)
    rules = Rules(
        np.array([1, 0]), base.skills,
        np.array([0, 1]), np.array([0]), np.array([1500.0]), np.array([2000.0]),
        np.array([0, 1]), np.array([0]), np.array([2100.0]), np.array([2400.0]), np.array([0.5]),
    )  # fmt: skip
    told = events.serve(sessions, customers, wants, rules)
    # The first until 1,200; then who is due, although kind 1 goes first: until 1,800, into the
    # break, which ends at 2,000. Kind 1 has left after 1,000 seconds. The second: 100 s, then
    # 300 s at half the pace, then 350 s: until 2,750. The first came back at 1,800.
    assert told.began[0, :3].tolist() == [0.0, 2000.0, 1200.0]
    assert told.ended[0, :3].tolist() == [1200.0, 2750.0, 1800.0]
    assert told.state[0].tolist() == [1, 1, 1, State.LEFT]
    assert (told.began[1, 0], told.ended[1, 0]) == (2750.0, 3050.0)


def test_the_heap_gives_events_in_order() -> None:
    numbers = np.random.default_rng(4).integers(0, 50, 400)
    moments, codes, size = np.empty(400), np.empty(400, dtype=np.int64), np.zeros(1, dtype=np.int64)
    for code, moment in enumerate(numbers):
        heap.push(moments, codes, size, float(moment), code)
    found = []
    while size[0]:
        found.append((moments[0], heap.pop(moments, codes, size)))
    assert found == sorted((float(moment), code) for code, moment in enumerate(numbers))
