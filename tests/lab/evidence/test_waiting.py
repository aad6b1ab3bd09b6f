"""Waiting and working, hours, rework, hand-overs and bottlenecks on logs small enough to check."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanad.lab.evidence.hours import WEEK_MINUTES, OpenWeek, WeekHoursWrong
from sanad.lab.evidence.times import micros
from sanad.lab.evidence.waiting import (
    PARTIES_AT_MOST,
    ColumnNotInLog,
    TooManyParties,
    activity_times,
    bottlenecks,
    hand_overs,
    rework,
    waits,
)
from tests.lab.evidence.small import Row, log_of, patient, rows, traces, words

DAY = 24 * 60
SUN_TO_THU = [(day * DAY + 8 * 60, day * DAY + 14 * 60) for day in range(5)]


def test_a_wait_ends_where_the_work_starts() -> None:
    log = log_of(
        [("p", "a", 10), ("p", "b", 30), ("p", "c", 40), ("q", "b", 5)], start=[2, 25, 28, None]
    )
    begin, end = waits(log)
    assert ((end - begin) // 1_000_000).tolist() == [0, 15, 0, 0]  # c began before b was done
    times = {one.activity: one for one in activity_times(log)}
    assert times["b"].waiting.seconds_total == 15
    assert times["b"].waiting.count == 1  # q waits for nothing
    working = times["b"].working
    assert working is not None and working.seconds_total == 5


def test_the_night_and_the_weekend_are_closed() -> None:
    week = OpenWeek.of(SUN_TO_THU)
    thursday = micros("2026-03-05T13:00:00+04:00")
    sunday = micros("2026-03-08T09:30:00+04:00")
    closed = week.closed_within(np.array([thursday]), np.array([sunday]))
    whole = timedelta(microseconds=sunday - thursday)
    assert timedelta(microseconds=int(closed[0])) == whole - timedelta(hours=2.5)


@patient
@given(st.integers(0, 4 * WEEK_MINUTES), st.integers(0, 2 * WEEK_MINUTES))
def test_closed_time_is_that_of_a_walk_by_minutes(begin: int, length: int) -> None:
    week = OpenWeek.of(SUN_TO_THU, offset_minutes=0)
    base = datetime(2026, 3, 1, tzinfo=UTC)  # a Sunday
    closed = sum(
        not any(opens <= minute % WEEK_MINUTES < closes for opens, closes in SUN_TO_THU)
        for minute in range(begin, begin + length)
    )
    at = [micros((base + timedelta(minutes=m)).isoformat()) for m in (begin, begin + length)]
    found = week.closed_within(np.array(at[:1]), np.array(at[1:]))
    assert found[0] == closed * 60_000_000


@pytest.mark.parametrize("span", [(-1, 5), (5, 5), (6, 5), (0, WEEK_MINUTES + 1)])
def test_hours_outside_the_week_are_refused(span: tuple[int, int]) -> None:
    with pytest.raises(WeekHoursWrong):
        OpenWeek.of([span])


def test_the_share_of_a_wait_outside_hours() -> None:
    log = log_of([("p", "a", 0), ("p", "b", 3_600)])
    for spans, share in (([], 1.0), ([(0, WEEK_MINUTES)], 0.0)):
        found = {one.activity: one.closed_share for one in activity_times(log, OpenWeek.of(spans))}
        assert found == {"a": 0.0, "b": share}
    assert activity_times(log)[0].closed_share is None


@patient
@given(rows)
def test_rework_is_that_of_the_reference(given_rows: list[Row]) -> None:
    loops: dict[str, list[int]] = {}
    back: dict[tuple[str, str], int] = {}
    for events in traces(given_rows).values():
        names = [row[1] for row in events]
        for name in {name for name in names if names.count(name) > 1}:
            loops.setdefault(name, [0, 0, 0])[2] += 1
        for i in range(1, len(names)):
            if names[i] in names[:i]:
                at_once = names[i] == names[i - 1]
                loops[names[i]][0 if at_once else 1] += 1
                if not at_once:
                    edge = names[i - 1], names[i]
                    back[edge] = back.get(edge, 0) + 1
    again, returns = rework(log_of(given_rows))
    assert {one.activity: [one.self_loops, one.loops_back, one.cases] for one in again} == loops
    assert {(one.source, one.target): one.count for one in returns} == back


def test_hand_overs_leave_out_what_is_not_known() -> None:
    log = log_of(
        [("p", "a", 0), ("p", "b", 5), ("p", "c", 7), ("p", "d", 9), ("p", "e", 10)],
        resource=["Alice", "Bob", "Bob", None, "Alice"],
    )
    found = hand_overs(log, "resource")
    assert found.names == ("Alice", "Bob")
    assert found.counts.tolist() == [[0, 1], [0, 1]]
    assert found.seconds_waited.tolist() == [[0, 5], [0, 2]]
    assert found.between_parties == 1
    assert found.seconds_median[:, 1].tolist() == [5, 2]
    assert np.isnan(found.seconds_median[:, 0]).all()
    assert [(one.source, one.target, one.waiting.count) for one in found.found] == [
        ("Alice", "Bob", 1),
        ("Bob", "Bob", 1),
    ]
    with pytest.raises(ColumnNotInLog):
        hand_overs(log, "group")


def test_a_matrix_of_too_many_parties_is_refused() -> None:
    n = PARTIES_AT_MOST + 1
    log = log_of([("p", "a", i) for i in range(n)], resource=[str(i) for i in range(n)])
    found = hand_overs(log, "resource")
    assert found.between_parties == len(found.found) == n - 1
    with pytest.raises(TooManyParties):
        _ = found.counts


def test_bottlenecks_by_the_waiting_in_total() -> None:
    log = log_of([("p", "a", 0), ("p", "b", 1), ("p", "a", 2), ("p", "b", 3), ("p", "c", 9)])
    found = bottlenecks(log)
    assert [(one.source, one.target, one.waiting.seconds_total) for one in found] == [
        ("b", "c", 6),
        ("a", "b", 2),
        ("b", "a", 1),
    ]
    assert sum(one.share for one in found) == pytest.approx(1)
    assert bottlenecks(words("a", "b")) == ()
