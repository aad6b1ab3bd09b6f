"""Laws of the forecast: what it must do to any series."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as of

from sanad.lab.forecast.walk import BASELINES, METHODS, Method, SeriesRefused, ahead

SERIES = of.arrays(
    np.int64,
    st.tuples(st.integers(1, 4), st.integers(3, 8)),
    elements=st.integers(1, 2_000_000),
)
METHOD = st.sampled_from(METHODS)


@given(SERIES, METHOD)
def test_the_middle_lies_in_the_band_and_the_band_is_above_nought(series, method):
    said = ahead(series, method, 3)

    assert (said.low > 0).all()
    assert (said.low <= said.middle * (1 + 1e-12)).all()
    assert (said.middle <= said.high * (1 + 1e-12)).all()


@given(SERIES, METHOD)
def test_a_band_never_narrows_with_the_years(series, method):
    said = ahead(series, method, 5)
    width = np.log(said.high) - np.log(said.low)

    assert (np.diff(width, axis=1) >= -1e-9).all()


@given(SERIES, METHOD, st.integers(2, 50))
def test_another_unit_of_counting_changes_nothing_else(series, method, unit):
    one, other = ahead(series, method, 3), ahead(series * unit, method, 3)

    for name in ("middle", "low", "high"):
        assert np.allclose(getattr(one, name) * unit, getattr(other, name), rtol=1e-9)


@given(SERIES, METHOD)
def test_the_order_of_governorates_does_not_matter(series, method):
    there, back = ahead(series, method, 3), ahead(series[::-1], method, 3)

    assert np.allclose(there.middle, back.middle[::-1])
    assert np.allclose(there.high, back.high[::-1])


def test_a_steady_decline_goes_on_without_doubt():
    series = np.array([[16_000, 8_000, 4_000, 2_000], [1_600, 800, 400, 200]])
    said = ahead(series, Method("pooled", 1.0, "student", "drift"), 2)

    assert np.allclose(said.middle, [[1_000, 500], [100, 50]])
    assert np.allclose(said.low, said.high)


def test_the_last_value_stays_where_it_is():
    said = ahead(np.array([[10, 20, 15]]), BASELINES["last_value"], 3)

    assert np.allclose(said.middle, 15)


@pytest.mark.parametrize(
    ("series", "years"), [([[5]], 1), ([[5, 0]], 1), ([[5, 6]], 0), ([[5, 6]], 11)]
)
def test_what_cannot_be_forecast_is_refused(series, years):
    with pytest.raises(SeriesRefused):
        ahead(np.array(series), METHODS[0], years)
