import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanad.lib.draws import Draws, in_proportion


def test_the_same_seed_and_purpose_give_the_same_draws_for_ever():
    assert [Draws(7, "centre", 1).below(1000) for _ in range(2)] == [528, 528]
    assert Draws(7, "centre", 2).below(1000) != 528


@given(st.integers(), st.lists(st.integers(), min_size=1, unique=True), st.data())
def test_some_of_are_different_and_from_the_list(seed, things, data):
    count = data.draw(st.integers(0, len(things)))
    drawn = Draws(seed).some_of(things, count)

    assert len(set(drawn)) == count
    assert set(drawn) <= set(things)


def test_more_than_there_are_cannot_be_drawn():
    with pytest.raises(ValueError, match="3 cannot be drawn from 2"):
        Draws(1).some_of("ab", 3)


def test_a_thing_without_share_is_never_drawn():
    draws = Draws(1)

    assert {draws.one_by_share("abc", [1, 0, 3]) for _ in range(200)} == {"a", "c"}


@given(st.integers(0, 10_000), st.lists(st.integers(1, 1000), min_size=1, max_size=50))
def test_parts_add_up_and_lie_within_one_of_their_share(total, weights):
    parts = in_proportion(total, weights)

    assert sum(parts) == total
    for part, weight in zip(parts, weights, strict=True):
        assert abs(part - total * weight / sum(weights)) < 1 + 1e-6
