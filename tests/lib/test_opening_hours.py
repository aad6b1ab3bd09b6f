"""A centre open Sunday to Thursday in two spans, in the week of a two-day holiday."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanad.lib.bilingual import Text
from sanad.lib.business_day import MUSCAT, business_date
from sanad.lib.opening_hours import (
    Holiday,
    Holidays,
    HolidayTwice,
    HoursRefused,
    HoursUnreadable,
    WeeklyHours,
    add_working_days,
    is_working_day,
)

SPLIT_DAY = [["08:00", "14:00"], ["16:00", "20:00"]]
HOURS = WeeklyHours.from_json(dict.fromkeys(("sun", "mon", "tue", "wed", "thu"), SPLIT_DAY))
NATIONAL_DAY = Text(ar="العيد الوطني", en="National Day")
HOLIDAYS = Holidays.of(
    [Holiday(dt.date(2025, 11, 26), NATIONAL_DAY), Holiday(dt.date(2025, 11, 27), NATIONAL_DAY)]
)


def at(day, clock, month=11):
    return dt.datetime.combine(dt.date(2025, month, day), dt.time.fromisoformat(clock), MUSCAT)


def test_open_within_a_span_and_shut_between_spans():
    # Tuesday 25 November 2025
    assert HOURS.is_open(at(25, "08:00"), HOLIDAYS)
    assert HOURS.is_open(at(25, "13:59"), HOLIDAYS)
    assert not HOURS.is_open(at(25, "14:00"), HOLIDAYS)
    assert HOURS.is_open(at(25, "16:00").astimezone(dt.UTC), HOLIDAYS)


def test_shut_on_friday_and_on_a_holiday():
    assert not HOURS.is_open(at(28, "10:00"))
    assert HOURS.is_open(at(26, "10:00"))
    assert not HOURS.is_open(at(26, "10:00"), HOLIDAYS)


def test_the_next_opening_steps_over_holidays_and_the_weekend():
    assert HOURS.next_opening(at(25, "07:00"), HOLIDAYS) == at(25, "08:00")
    assert HOURS.next_opening(at(25, "08:00"), HOLIDAYS) == at(25, "16:00")
    assert HOURS.next_opening(at(25, "19:00"), HOLIDAYS) == at(30, "08:00")
    assert WeeklyHours({}).next_opening(at(25, "19:00")) is None


def test_closing_soon_counts_from_the_end_of_the_span():
    half_an_hour = dt.timedelta(minutes=30)

    assert HOURS.closing_soon(at(25, "13:30"), half_an_hour)
    assert not HOURS.closing_soon(at(25, "13:29"), half_an_hour)
    assert not HOURS.closing_soon(at(25, "15:00"), half_an_hour)
    assert HOURS.closes_at(at(25, "13:30")) == at(25, "14:00")


@pytest.mark.parametrize(
    ("start", "days", "expected"),
    [
        (at(25, "10:00"), 0, at(25, "10:00")),
        (at(24, "10:00"), 1, at(25, "10:00")),
        (at(25, "10:00"), 1, at(30, "10:00")),  # over the holiday and the weekend
        (at(27, "10:00"), 3, at(2, "10:00", month=12)),  # a holiday Thursday: Sun, Mon, Tue
        (at(28, "10:00"), 3, at(2, "10:00", month=12)),  # a Friday: the same
    ],
)
def test_working_days_skip_friday_saturday_and_holidays(start, days, expected):
    assert add_working_days(start, days, HOLIDAYS) == expected


@given(
    st.datetimes(dt.datetime(2020, 1, 1), dt.datetime(2030, 1, 1), timezones=st.just(dt.UTC)),
    st.integers(1, 60),
)
def test_a_target_is_a_working_day_and_targets_add_up(start, days):
    target = add_working_days(start, days, HOLIDAYS)

    assert is_working_day(business_date(target), HOLIDAYS)
    assert target.time() == start.astimezone(MUSCAT).time()
    assert target == add_working_days(add_working_days(start, 1, HOLIDAYS), days - 1, HOLIDAYS)


def test_working_days_are_not_counted_backwards():
    with pytest.raises(ValueError, match="forward"):
        add_working_days(at(25, "10:00"), -1)


def test_the_same_holiday_twice_is_refused_by_name():
    twice = [
        Holiday(dt.date(2025, 3, 30), Text(ar="عيد الفطر", en="Eid al-Fitr")),
        Holiday(dt.date(2025, 3, 30), Text(ar="يوم آخر", en="Another day")),
    ]

    with pytest.raises(HolidayTwice) as caught:
        Holidays.of(twice)

    assert str(caught.value) == (
        "2025-03-30 is in the list of holidays twice: “Eid al-Fitr” and “Another day”. Keep one."
    )
    assert HOLIDAYS.name(dt.date(2025, 11, 26)) == NATIONAL_DAY
    assert HOLIDAYS.name(dt.date(2025, 11, 25)) is None


def test_hours_written_out_read_back_the_same():
    assert WeeklyHours.from_json(HOURS.to_json()) == HOURS
    assert HOURS.to_json()["sun"] == SPLIT_DAY


@pytest.mark.parametrize(
    "spans",
    [[["14:00", "08:00"]], [["08:00", "08:00"]], [["08:00", "14:00"], ["13:00", "15:00"]]],
)
def test_hours_out_of_order_are_refused_with_the_day(spans):
    with pytest.raises(HoursRefused, match="The hours of mon"):
        WeeklyHours.from_json({"mon": spans})


@pytest.mark.parametrize("document", [{"monday": SPLIT_DAY}, {"mon": [["8", "14:00"]]}])
def test_hours_that_cannot_be_read_are_refused(document):
    with pytest.raises(HoursUnreadable):
        WeeklyHours.from_json(document)
