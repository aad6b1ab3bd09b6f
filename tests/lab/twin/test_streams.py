"""The compiled streams are those of the story, and their numbers are evenly spread."""

import numpy as np

from sanad.lab.twin.engine.streams import STEP, Purpose, fraction, key_of, mix, purpose_word
from sanad.lab.twin.streams import mixed


def test_the_mixer_is_the_one_of_whole_arrays() -> None:
    words = np.arange(1000, dtype=np.uint64) * STEP
    assert [int(mix(word)) for word in words] == mixed(words).tolist()


def test_every_part_of_a_key_makes_another_stream() -> None:
    keys = {int(key_of(seed, centre, day)) for seed in range(20) for centre in range(20)
            for day in range(20)}  # fmt: skip
    assert len(keys) == 8000
    assert len({int(purpose_word(purpose)) for purpose in Purpose}) == len(Purpose)


def test_numbers_are_evenly_spread_and_purposes_and_days_know_nothing_of_each_other() -> None:
    with np.errstate(over="ignore"):
        counters = [key_of(7, 3, day) + np.arange(50, dtype=np.uint64) * STEP for day in range(400)]
    words = [purpose_word(Purpose.SERVICE), purpose_word(Purpose.PATIENCE)]
    drawn = np.array([[[fraction(one, word) for one in day] for day in counters] for word in words])
    assert drawn.min() >= 0
    assert drawn.max() < 1
    cells = np.bincount((drawn.ravel() * 20).astype(int), minlength=20)
    chi_square = float(((cells - 2000) ** 2 / 2000).sum())
    assert chi_square < 36.2  # 19 degrees of freedom, 1 in 100
    beside = [
        np.corrcoef(drawn[0].ravel(), drawn[1].ravel())[0, 1],
        np.corrcoef(drawn[0][:, :-1].ravel(), drawn[0][:, 1:].ravel())[0, 1],
        np.corrcoef(drawn[0][:-1].ravel(), drawn[0][1:].ravel())[0, 1],
    ]
    assert max(map(abs, beside)) < 2.58 / np.sqrt(19_000)
