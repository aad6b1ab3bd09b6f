import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanad.lib.quarters import Quarter, QuarterRefused

quarters = st.builds(Quarter, st.integers(2, 9998), st.integers(1, 4))


@pytest.mark.parametrize("typed", ["2025Q3", "2025-Q3", "2025 q3", "٢٠٢٥Q٣"])
def test_a_quarter_is_read(typed):
    assert Quarter.parse(typed) == Quarter(2025, 3)


@pytest.mark.parametrize("typed", ["", "2025", "2025Q5", "2025Q0", "25Q3", "Q3 2025"])
def test_what_is_no_quarter_is_refused_with_an_example(typed):
    with pytest.raises(QuarterRefused, match="like 2025Q3"):
        Quarter.parse(typed)


def test_the_third_quarter_of_2025():
    quarter = Quarter(2025, 3)

    assert quarter.first_day == dt.date(2025, 7, 1)
    assert quarter.last_day == dt.date(2025, 9, 30)
    assert str(quarter) == "2025Q3"
    assert Quarter.containing(dt.date(2025, 9, 30)) == quarter
    assert quarter.contains(dt.date(2025, 7, 1))
    assert not quarter.contains(dt.date(2025, 10, 1))


@given(quarters)
def test_quarters_follow_each_other_without_gap(quarter):
    assert quarter.next.previous == quarter
    assert quarter < quarter.next
    assert quarter.last_day + dt.timedelta(days=1) == quarter.next.first_day
    assert Quarter.parse(str(quarter)) == quarter
