"""Laws of the fits: survival, tables, rates, services, presence, figures and the hall."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sanad.lab.evidence.log import Coded
from sanad.lab.fitting import arrivals, figures, inverse, patience, service, staff
from sanad.lab.fitting.hall import Crowd, People, play
from sanad.lab.fitting.queue_log import HALF_HOUR, SLOTS, QueueLog
from sanad.lab.fitting.survival import kaplan_meier
from sanad.lab.twin.engine import tables
from sanad.lab.twin.engine.model import Customers, Sessions
from sanad.lab.twin.engine.recursion import serve as recursion
from sanad.lab.twin.engine.tables import FOREVER

lengths = st.lists(st.integers(0, 50).map(float), min_size=1, max_size=40)


def log_of(rows: list[tuple[float, float | None, float | None, str | None, str | None]]):
    """Customers of one day: arrived, wait if served, service, kind, server."""
    rows = sorted(rows, key=lambda row: row[0])
    wait = np.array([np.nan if row[1] is None else row[1] for row in rows])
    return QueueLog(
        source="q.csv", day=np.full(len(rows), 20_000), arrived=np.array([row[0] for row in rows]),
        wait=wait, service=np.array([np.nan if row[2] is None else row[2] for row in rows]),
        served=~np.isnan(wait), abandoned=np.zeros(len(rows), dtype=bool),
        priority=Coded.of([None] * len(rows)), kind=Coded.of([row[3] for row in rows]),
        server=Coded.of([row[4] for row in rows]),
    )  # fmt: skip


@given(lengths)
@settings(deadline=None)
def test_without_anybody_lost_from_sight_the_curve_is_the_empirical_one(seconds):
    sample = np.array(seconds)
    curve = kaplan_meier(sample, np.ones(len(sample), dtype=bool))
    at = np.arange(-1.0, 52.0)
    assert curve.at(at) == pytest.approx([(sample > one).mean() for one in at])
    assert curve.share[-1] == pytest.approx(0)
    assert curve.events == len(sample)


@given(lengths, st.data())
@settings(deadline=None)
def test_the_curve_falls_inside_its_band_and_the_table_rises(seconds, data):
    ended = np.array(
        data.draw(st.lists(st.booleans(), min_size=len(seconds), max_size=len(seconds)))
    )
    curve = kaplan_meier(np.array(seconds), ended)
    assert (np.diff(curve.share) <= 1e-12).all()
    assert (curve.low <= curve.share + 1e-12).all() and (curve.share <= curve.high + 1e-12).all()
    found = curve.table()
    assert (np.diff(found, axis=1) >= -1e-9).all()
    if not ended.any():
        assert found.min() == FOREVER


def test_the_example_of_the_remission_times():
    """Freireich and others (1963), 6-MP arm: the textbook's curve (Kalbfleisch and Prentice)."""
    seconds = np.array(
        [6, 6, 6, 6, 7, 9, 10, 10, 11, 13, 16, 17, 19, 20, 22, 23, 25, 32, 32, 34, 35.0]
    )
    ended = np.array([1, 1, 1, 0, 1, 0, 1, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0], dtype=bool)
    curve = kaplan_meier(seconds, ended)
    assert curve.seconds.tolist() == [6, 7, 10, 13, 16, 22, 23]
    assert curve.share == pytest.approx([0.857, 0.807, 0.753, 0.690, 0.627, 0.538, 0.448], abs=5e-4)
    assert curve.hazard == pytest.approx(9 / 359)


@given(st.lists(st.floats(0.5, 1e4), min_size=2, max_size=60))
@settings(deadline=None, max_examples=25)
def test_tables_are_those_of_the_engine(sample):
    assert inverse.observed(sample) == pytest.approx(tables.observed(sample), rel=1e-9, abs=1e-9)


def test_tables_are_read_as_the_engine_reads_them():
    found = tables.exponential(300.0)
    u = np.linspace(0, 1, 5001)[:-1]
    flat = np.ascontiguousarray(found[None]).ravel()
    assert inverse.look_up(found, u).tolist() == [tables.look_up(flat, 0, one) for one in u]


def test_patience_takes_who_was_served_as_somebody_who_would_have_waited_longer():
    log = log_of([(0, 10, 5, None, None), (1, 20, 5, None, None), (2, None, None, None, None)])
    assert patience.fit(log).events == 0
    assert patience.fit(log).table().min() == FOREVER


@given(st.floats(3, 200), st.integers(1, 30))
@settings(deadline=None)
def test_the_interval_of_a_rate_covers(expected, days):
    """By the sum of Poisson's probabilities: counts are whole, so coverage goes up and down."""
    count = np.arange(600)
    logs = np.cumsum(np.log(np.maximum(count, 1)))
    chance = np.exp(count * np.log(expected) - expected - logs)
    low, high = arrivals.gamma_interval(count, np.full(600, days), 0.9)
    rate = expected / days
    assert 0.82 <= chance[(low <= rate) & (rate <= high)].sum() <= 0.97


def test_weekdays_that_are_alike_are_one_group_and_others_are_not():
    days = np.arange(20_000, 20_021)  # three weeks
    counts = np.zeros((21, SLOTS))
    counts[:, 16:30] = 6
    counts[days % 7 == 3, 16:30] = 0
    counts[days % 7 == 3, 34:38] = 9  # evenings only
    group = arrivals.groups(counts, days)
    weekday = (3 + 4) % 7
    assert sorted(np.bincount(group)) == [1, 6]
    assert (group == group[weekday]).sum() == 1


def test_a_kind_with_too_few_services_is_drawn_from_all():
    rows = [(float(k), 0.0, 100.0 + k % 7, "often", "A") for k in range(60)]
    rows += [(100.0, 0.0, 500.0, "seldom", "A")]
    log = log_of(rows)
    often, seldom = sorted(service.fit(log).kinds, key=lambda one: -one.count)
    assert not often.is_pooled and often.low < often.mean < often.high
    assert seldom.is_pooled and seldom.count == 1
    assert seldom.mean == pytest.approx(log.service.mean())


def test_without_a_whole_service_there_is_nothing_to_fit():
    with pytest.raises(service.NobodyServed, match="no service has both"):
        service.fit(log_of([(0.0, 0.0, None, None, None)]))


def test_presence_by_half_hour_and_the_gap():
    given_ = staff.services(
        log_of([
            (36_000, 0, 600, None, "A"), (36_900, 0, 900, None, "A"),  # a gap of 300 s
            (41_400, 0, 600, None, "A"),  # a gap of an hour
            (36_000, 0, 1800, None, "B"),
        ])
    )  # fmt: skip
    narrow, wide = staff.profile(given_, 1000.0), staff.profile(given_, 1e9)
    assert narrow[20:24] == pytest.approx([2, 0, 0, 1 / 3])
    assert wide[20:24] == pytest.approx([2, 1, 1, 1 / 3])
    assert narrow.sum() * HALF_HOUR == pytest.approx(1800 + 600 + 1800)


@given(st.lists(st.tuples(st.integers(0, 500), st.integers(1, 80)), min_size=1, max_size=40))
@settings(deadline=None)
def test_nameless_services_are_shared_out_without_overlap_among_as_few_as_can_be(told):
    log = log_of([(float(a), 0.0, float(s), None, None) for a, s in told])
    given_ = staff.services(log)
    assert (given_.gap >= 0).all()
    moments = sorted({float(a) for a, _ in told})
    most = max(sum(a <= m < a + s for a, s in told) for m in moments)
    assert len(set(given_.server)) == most


def test_time_off_is_seen_while_somebody_waits_and_else_only_that_it_lasted():
    log = log_of([
        (100.0, 0.0, 100.0, None, "A"),
        (110.0, 100.0, 50.0, None, "A"),  # called 10 s after the end at 200, somebody waits
        (400.0, 0.0, 50.0, None, "A"),  # nobody waited from 210 on
        (420.0, 40.0, 50.0, None, "A"),  # from 450 to 460
    ])  # fmt: skip
    curve = staff.time_off([(log, staff.services(log))])
    assert curve.seconds.tolist() == [10] and curve.events == 2


number = st.floats(0, 5).map(lambda value: round(value, 2))


@given(st.lists(st.lists(number, min_size=6, max_size=6), min_size=1, max_size=4))
@settings(deadline=None)
def test_shifts_add_up_to_the_number_asked_for(asked):
    staffing = np.zeros((len(asked), SLOTS))
    staffing[:, 16:22] = np.array(asked)
    found = staff.shifts(staffing)
    for s in range(len(asked)):
        rows = slice(found.first[s], found.first[s + 1])
        assert (np.diff(found.begin[rows]) >= 0).all()
        for h in range(16, 21):
            begin, end = h * HALF_HOUR, (h + 1) * HALF_HOUR
            away = np.clip(
                np.minimum(found.until[rows], end) - np.maximum(found.begin[rows], begin), 0, None
            ).sum()
            # Who is there last stays, so at the end there may be more.
            there = found.servers[s] * HALF_HOUR - away
            assert there >= staffing[s, h] * HALF_HOUR - 1e-3
            if staffing[s, h + 1 :].sum() > 0 and staffing[s].max() > 0.01:
                last = staffing[s, h + 1 :].max()
                if last >= staffing[s, h]:
                    assert there == pytest.approx(staffing[s, h] * HALF_HOUR, abs=1)


def test_where_nobody_serves_nobody_is_served():
    crowd = Crowd(np.array([0, 1]), np.array([30_000.0]), np.zeros(1, dtype=np.int64), np.zeros(1))
    people = People(np.full(1, 60.0), np.full(1, 90.0), np.zeros(1))
    found = play(crowd, people, np.zeros((1, SLOTS)))
    assert found.wait.tolist() == [90] and found.abandoned.all()


def test_the_hall_without_anything_special_is_the_recursion():
    chance = np.random.default_rng(5)
    arrived = np.sort(chance.uniform(8 * 3600, 12 * 3600, 150))
    work, patient = chance.exponential(280, 150), chance.exponential(900, 150)
    staffing = np.zeros((1, SLOTS))
    staffing[0, 16:24] = 3
    first = np.array([0, 150])
    crowd = Crowd(first, arrived, np.zeros(150, dtype=np.int64), np.zeros(150))

    found = play(crowd, People(work, patient, np.zeros(150)), staffing)

    sessions = Sessions(
        np.array([0]), np.array([0]), np.array([8 * 3600.0]), np.array([3 * 86_400.0]),
        np.array([3]),
    )  # fmt: skip
    customers = Customers(first, arrived, work, patient)
    waits = recursion(sessions, customers).waits(customers)
    assert found.abandoned.tolist() == np.isnan(waits).tolist()
    served = ~found.abandoned
    assert found.wait[served] == pytest.approx(waits[served])
    assert found.wait[~served] == pytest.approx(patient[~served])


def test_a_head_start_goes_before_and_work_aside_waits_until_nobody_does():
    staffing = np.zeros((1, SLOTS))
    staffing[0, 0:4] = 1
    arrived = np.array([0.0, 10.0, 20.0, 300.0])
    crowd = Crowd(np.array([0, 4]), arrived, np.zeros(4, dtype=np.int64), np.array([0, 0, 15, 0.0]))
    work, patient = np.full(4, 60.0), np.full(4, FOREVER)

    plain = play(crowd, People(work, patient, np.zeros(4)), staffing)
    aside = play(crowd, People(work, patient, np.array([0, 200.0, 0, 0])), staffing)

    assert plain.wait.tolist() == [0, 110, 40, 0]
    assert aside.wait.tolist() == [0, 110, 40, 80]  # the work aside ends at 180 + 200


@given(
    st.lists(
        st.lists(st.tuples(st.floats(0, 500), st.booleans()), max_size=12), min_size=1, max_size=5
    )
)
@settings(deadline=None)
def test_figures_by_session_are_those_of_each_session(sessions):
    first = np.cumsum([0, *(len(one) for one in sessions)])
    rows = [row for one in sessions for row in one]
    wait = np.array([row[0] for row in rows])
    left = np.array([row[1] for row in rows], dtype=bool)
    wait[wait > 480] = np.nan
    found = figures.by_session(first, wait, left)
    for s in range(len(sessions)):
        here = slice(first[s], first[s + 1])
        ended = ~np.isnan(wait[here])
        alone = figures.of_waits(wait[here][ended], left[here][ended])
        assert found[s] == pytest.approx(list(alone))
