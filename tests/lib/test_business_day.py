import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanad.lib.business_day import business_date, day_bounds


def test_the_day_of_muscat_begins_at_twenty_hours_utc():
    assert business_date(dt.datetime(2025, 9, 29, 19, 59, tzinfo=dt.UTC)) == dt.date(2025, 9, 29)
    assert business_date(dt.datetime(2025, 9, 29, 20, 0, tzinfo=dt.UTC)) == dt.date(2025, 9, 30)
    assert day_bounds(dt.date(2025, 9, 30)) == (
        dt.datetime(2025, 9, 29, 20, tzinfo=dt.UTC),
        dt.datetime(2025, 9, 30, 20, tzinfo=dt.UTC),
    )


def test_a_moment_without_a_zone_is_a_mistake():
    with pytest.raises(ValueError, match="time zone"):
        business_date(dt.datetime(2025, 9, 30, 10, 0))


@given(st.datetimes(dt.datetime(1980, 1, 1), dt.datetime(2100, 1, 1), timezones=st.just(dt.UTC)))
def test_every_moment_lies_in_the_bounds_of_its_day(at):
    start, end = day_bounds(business_date(at))

    assert start <= at < end
