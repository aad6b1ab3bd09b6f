"""Every single wrong character and every swap of neighbours is found."""

import random

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from sanad.lib.tracking_code import ALPHABET, LENGTH, TrackingCodeRefused, new_code, parse_code

codes = st.integers(0, 2**64).map(lambda seed: new_code(random.Random(seed).getrandbits))
positions = st.integers(0, LENGTH - 1)


def bare(code):
    return code.replace("-", "")


def test_a_code_is_three_groups_of_four():
    code = new_code()

    assert [len(group) for group in code.split("-")] == [4, 4, 4]
    assert set(bare(code)) <= set(ALPHABET)
    assert not set("ILOU") & set(ALPHABET)


def test_the_same_random_source_gives_the_same_codes():
    assert new_code(random.Random(7).getrandbits) == new_code(random.Random(7).getrandbits)


@given(codes)
def test_a_code_reads_back_as_itself(code):
    assert parse_code(code) == code


@given(codes)
def test_a_code_is_understood_as_people_type_it(code):
    habits = bare(code).lower().replace("0", "o").replace("1", "l").replace("3", "٣")

    assert parse_code(f"  {habits[:5]} {habits[5:]}\u200f") == code


@given(codes, positions, st.sampled_from(ALPHABET))
def test_every_single_wrong_character_is_refused(code, position, other):
    letters = list(bare(code))
    assume(letters[position] != other)
    letters[position] = other

    with pytest.raises(TrackingCodeRefused):
        parse_code("".join(letters))


@given(codes, st.integers(0, LENGTH - 2))
def test_every_swap_of_neighbours_is_refused(code, position):
    letters = list(bare(code))
    assume(letters[position] != letters[position + 1])
    letters[position : position + 2] = reversed(letters[position : position + 2])

    with pytest.raises(TrackingCodeRefused):
        parse_code("".join(letters))


@pytest.mark.parametrize("typed", ["", "7K3M", "7K3M-9QWX-2HTB-1", "7K3M-9QWX-2HT*", "سند"])
def test_what_is_no_code_is_refused_with_what_was_typed(typed):
    with pytest.raises(TrackingCodeRefused) as caught:
        parse_code(typed)

    assert caught.value.facts == {"text": typed}
