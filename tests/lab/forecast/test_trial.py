"""How a method is chosen and tried: nothing of a hidden year is known at its origin."""

import numpy as np

from sanad.lab.forecast.series import foretold, portal
from sanad.lab.forecast.trial import TRIED_FROM, baseline, chosen, trial
from sanad.lab.forecast.walk import METHODS, ahead


def test_the_choice_at_an_origin_knows_no_later_year():
    known = portal().transactions
    told = trial(known)
    for years in told.methods:
        otherwise = known.copy()
        otherwise[:, years:] = 1
        assert chosen(otherwise[:, :years]) == told.methods[years]


def test_the_trial_hides_three_years_from_every_origin_that_the_data_allow():
    told = trial(portal().transactions)
    pairs = set(zip(told.known.tolist(), told.step.tolist(), strict=True))

    assert pairs == {(o, h) for o in range(TRIED_FROM, 10) for h in (1, 2, 3) if o + h <= 10}
    assert told.inside.shape == (15, 11)


def test_the_bands_hold_on_hidden_years_as_they_say():
    found = foretold()
    coverage = found.trial.coverage()

    assert 80 <= found.trial.as_json()["coverage_percent"] <= 97
    # Of fifteen years a band of nine tenths holds all with a chance of a fifth.
    assert coverage.min() >= 80
    assert (coverage <= 97).sum() >= 8


def test_the_chosen_method_scores_better_than_letting_the_last_year_go_on():
    found = foretold()
    score = {code: one.as_json()["score"] for code, one in found.baselines.items()}

    assert found.trial.as_json()["score"] < score["last_value"]
    assert found.trial.as_json()["score"] < score["drift"]


def test_a_year_inside_the_band_is_counted_as_such():
    known = portal().transactions
    found = baseline(known, "last_value")
    at = int(np.flatnonzero((found.known == 9) & (found.step == 1))[0])
    said = ahead(known[:, :9], METHODS[0], 1)
    inside = (said.low[:, 0] <= known[:, 9]) & (known[:, 9] <= said.high[:, 0])

    assert (found.inside[at] == inside).all()


def test_the_country_is_the_sum_and_next_year_s_factor_is_of_the_middle():
    found = foretold()

    assert np.allclose(found.total().middle, found.ahead.middle.sum(axis=0))
    assert found.years == (2026, 2027, 2028)
    last, middle = found.portal.transactions[0, -1], found.ahead.middle[0, 0]
    assert found.factors[1] == middle / last
    assert 0.8 < found.alike() <= 1
