"""Baisa in, rials out and back, and every doubtful amount refused."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanad.lib.digits import DIGIT_ZEROS
from sanad.lib.money import (
    MAX_BAISA,
    AmountTooLarge,
    MoneyRefused,
    NegativeAmount,
    NotWholeBaisa,
    TooManyDecimals,
    baisa,
    format_omr,
    parse_baisa,
)

amounts = st.integers(min_value=0, max_value=MAX_BAISA)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("4", 4000),
        ("4.5", 4500),
        ("4.000", 4000),
        ("4.", 4000),
        (".5", 500),
        ("0", 0),
        (" 12.050 ", 12050),
        ("1,482.500", 1482500),
        ("٤٫٥٠٠", 4500),
        ("١٬٤٨٢٫٥٠٠", 1482500),
        ("۴.۲۵", 4250),
        ("\u200f4.000\u200f", 4000),
        ("999,999,999.999", MAX_BAISA),
    ],
)
def test_amounts_as_people_type_them(typed, expected):
    assert parse_baisa(typed) == expected


@pytest.mark.parametrize(
    ("typed", "refusal"),
    [
        ("", MoneyRefused),
        (".", MoneyRefused),
        ("four", MoneyRefused),
        ("4 5", MoneyRefused),
        ("4.5.0", MoneyRefused),
        ("4,500", MoneyRefused),  # four and a half rials, or four thousand five hundred?
        ("1,48.500", MoneyRefused),
        ("1e3", MoneyRefused),
        ("+4", MoneyRefused),
        ("²", MoneyRefused),
        ("-4", NegativeAmount),
        ("−0.500", NegativeAmount),
        ("-٤", NegativeAmount),
        ("4.0005", TooManyDecimals),
        ("0.0000", TooManyDecimals),
        ("1000000000", AmountTooLarge),
    ],
)
def test_a_doubtful_amount_is_refused_with_what_was_typed(typed, refusal):
    with pytest.raises(MoneyRefused) as caught:
        parse_baisa(typed)

    assert type(caught.value) is refusal
    assert caught.value.facts == {"text": typed}


@given(amounts)
def test_what_is_shown_reads_back_as_the_same_amount(amount):
    assert parse_baisa(format_omr(amount)) == amount


@given(amounts, st.sampled_from(DIGIT_ZEROS))
def test_an_amount_reads_the_same_in_every_script(amount, zero):
    plain = f"{amount // 1000}.{amount % 1000:03d}"
    script = plain.translate({ord(str(n)): chr(zero + n) for n in range(10)})

    assert parse_baisa(script) == amount


@given(st.text())
def test_any_text_is_an_amount_in_range_or_a_refusal(text):
    with suppress(MoneyRefused):
        assert 0 <= parse_baisa(text) <= MAX_BAISA


def test_format_groups_thousands_and_keeps_three_decimals():
    assert format_omr(1482500) == "1,482.500"
    assert format_omr(5) == "0.005"
    assert format_omr(-500) == "-0.500"


def test_only_whole_baisa_from_zero_up_are_money():
    assert baisa(0) == 0
    assert baisa(MAX_BAISA) == MAX_BAISA
    for wrong in (-1, 4.0, "4", True, None):
        with pytest.raises(NotWholeBaisa):
            baisa(wrong)
    with pytest.raises(AmountTooLarge):
        baisa(MAX_BAISA + 1)
