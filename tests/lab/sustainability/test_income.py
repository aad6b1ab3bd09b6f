"""What centres earn, by service: the twin's own money, parted."""

import numpy as np
import pytest

from sanad.lab.sustainability import network
from sanad.lab.sustainability.income import (
    KINDS,
    PRIVATE,
    expected,
    income_of,
    kinds_of,
    of_entity,
    of_kind,
)
from sanad.lab.twin.engine.runs import seed_of
from sanad.lab.twin.network.after import Column
from sanad.lab.twin.network.levers import EntityWithdrawn
from sanad.lab.twin.network.scenarios import NoSuchScenario, known_scenarios
from sanad.lab.twin.network.simulate import simulate
from tests.lab.sustainability.small import KIND, model


@pytest.mark.parametrize(
    "changes", [{}, {"booked": 0.3, "missed": 0.1}, {"patience": 600.0, "break_seconds": 1800.0}]
)
def test_services_add_up_to_what_the_twin_says_that_each_centre_earned(changes):
    here = model(**changes)
    found = income_of(here, seed=7, lives=2, kind=KIND)
    for number in range(2):
        lived = simulate(here, seed_of(7, number))
        earned = (found.lives[number] * here.fee).sum(axis=1)
        assert (earned == lived.facts[Column.EARNED_BAISA].sum(axis=1)).all()


def test_entities_and_kinds_each_add_up_to_the_income():
    found = income_of(model(), seed=1, kind=KIND)

    assert np.allclose(of_entity(found).sum(axis=1), found.baisa.sum(axis=1))
    assert np.allclose(of_kind(found).sum(axis=1), found.baisa.sum(axis=1))


def test_lives_lie_around_what_is_expected():
    here = model()
    found, awaited = income_of(here, seed=5, lives=20, kind=KIND), expected(here, KIND)

    assert found.baisa.sum() == pytest.approx(awaited.baisa.sum(), rel=0.05)
    assert found.months == awaited.months == pytest.approx(28 / 365.25 * 12)


def test_what_is_expected_refuses_people_who_leave():
    with pytest.raises(AssertionError):
        expected(model(patience=60.0), KIND)


def test_a_withdrawn_entity_earns_nothing_under_the_twin_s_own_lever():
    here = EntityWithdrawn(entity=3).apply(model())
    found = income_of(here, seed=2, kind=KIND)

    assert of_entity(found)[:, 0].sum() == 0
    assert of_entity(found)[:, 1].sum() > 0


def test_kinds_follow_the_catalogue():
    kinds = kinds_of(
        ["moh-renew-resident-work-card", "private-certified-translation", "unheard-of"]
    )

    assert [KINDS[one] for one in kinds] == ["portal", PRIVATE, "own_price"]


def test_the_portal_s_network_earns_about_what_the_open_data_says():
    """OMR 202 a month and centre in 2025; the twin charges list prices and a quarter of a year."""
    found = network.lived("portal", "baseline")
    assert 195_000 < found.baisa.sum() / 923 < 215_000


def test_every_known_scenario_can_be_judged():
    for code in known_scenarios():
        found = network.assess("portal", code, lives=1)
        assert found.judged.at_risk.shape == (found.centres,)


def test_a_scenario_that_is_not_there_is_refused():
    with pytest.raises(NoSuchScenario):
        network.assess("portal", "nothing")
