"""A refusal carries a code for machines, a sentence for people and the facts between them."""

import pickle

import pytest

from sanad.lib.refusal import N_, Refused


class TooLate(Refused):
    code = "test.too_late"
    sentence = N_("It closed at {closed}. Come back at {opens}.")


def test_the_english_sentence_is_filled_with_the_facts():
    refusal = TooLate(closed="14:00", opens="16:00")

    assert str(refusal) == "It closed at 14:00. Come back at 16:00."
    assert refusal.code == "test.too_late"
    assert refusal.facts == {"closed": "14:00", "opens": "16:00"}


def test_a_fact_left_out_is_noticed_when_the_refusal_is_made():
    with pytest.raises(KeyError):
        TooLate(closed="14:00")


def test_a_refusal_crosses_a_process_boundary_whole():
    copy = pickle.loads(pickle.dumps(TooLate(closed="14:00", opens="16:00")))

    assert type(copy) is TooLate
    assert str(copy) == "It closed at 14:00. Come back at 16:00."
    assert copy.facts == {"closed": "14:00", "opens": "16:00"}
