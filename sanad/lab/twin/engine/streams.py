"""Random numbers inside compiled loops: a draw is a function of (seed, centre, day, purpose, n).

Nothing is remembered between draws, so neither the order of computing nor the number of threads
changes a result, and a change at one centre or purpose changes no number elsewhere: the n-th
customer of a centre's day keeps their service time and patience whatever else changes.

A word is the finaliser of splitmix64 (Steele, Lea and Flood 2014, "Fast splittable pseudorandom
number generators", variant 13 of Stafford) of a counter: the key of the centre's day plus n times
the golden ratio, crossed with a word of the purpose. It is the same function as
:func:`sanad.lab.twin.streams.mixed`, which knows whole arrays and cannot be called from a kernel.
"""

from enum import IntEnum

import numpy as np

from sanad.lab.twin.engine.compiled import step
from sanad.lab.twin.streams import FIRST, SECOND, STEP, TO_FRACTION

_A, _B, _C, _TO_53 = np.uint64(30), np.uint64(27), np.uint64(31), np.uint64(11)


class Purpose(IntEnum):
    """What a number is drawn for. A value is never given to another purpose."""

    ARRIVAL = 1
    SERVICE = 2
    PATIENCE = 3
    KIND = 4
    BOOKED = 5
    EARLY = 6
    BACK = 7
    BACK_AFTER = 8
    AGAIN = 9
    SIZE = 10
    BUSY = 11
    MISSED = 12
    QUICK = 13
    REQUEST = 14
    AT_ONCE = 15
    DAYS = 16
    MOMENT = 17
    RETURNED = 18
    CORRECTED = 19
    SECOND_AT_ONCE = 20
    SECOND_DAYS = 21
    SECOND_MOMENT = 22
    APPROVED = 23
    RETRY = 24


@step
def mix(word: np.uint64) -> np.uint64:
    """64 bits, each of which depends on every bit of `word`."""
    word = (word ^ (word >> _A)) * FIRST
    word = (word ^ (word >> _B)) * SECOND
    return word ^ (word >> _C)


@step
def key_of(seed: int, centre: int, day: int) -> np.uint64:
    """Where the counter of a centre's day begins."""
    word = mix(np.uint64(seed) + STEP)
    word = mix(word ^ (np.uint64(centre) * FIRST + STEP))
    return mix(word ^ (np.uint64(day) * SECOND + STEP))


@step
def purpose_word(purpose: int) -> np.uint64:
    """What the counter is crossed with for a purpose."""
    return mix(np.uint64(purpose) * STEP)


@step
def fraction(counter: np.uint64, crossed: np.uint64) -> float:
    """The draw at `counter` for the purpose of `crossed`: at least 0 and below 1."""
    # A signed word becomes a float in one instruction; 53 bits have room in it.
    return np.int64(mix(np.uint64(counter) ^ np.uint64(crossed)) >> _TO_53) * TO_FRACTION
