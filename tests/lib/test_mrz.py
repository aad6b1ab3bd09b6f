"""Travel documents' lines: the examples of ICAO Doc 9303, and every wrong digit found."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanad.lib.mrz import LETTERS, VALUES, MrzRefused, check_digit, is_mrz, parse_mrz

# The specimens of Doc 9303, parts 4 and 5.
TD3 = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10"
TD1 = (
    "I<UTOD231458907<<<<<<<<<<<<<<<\n7408122F1204159UTO<<<<<<<<<<<6\nERIKSSON<<ANNA<MARIA<<<<<<<<<<"
)
TD3_DIGITS = [45 + place for place in (*range(1, 7), *range(13, 20), *range(21, 28), 42, 43)]


def test_the_specimens_are_read():
    passport, card = parse_mrz(TD3), parse_mrz(TD1)

    assert (passport.kind, passport.number) == ("TD3", "L898902C3")
    assert (card.kind, card.number) == ("TD1", "D23145890")
    assert passport.name == card.name == "ANNA MARIA ERIKSSON"
    assert (passport.issuer, passport.nationality, card.nationality) == ("UTO", "UTO", "UTO")
    assert parse_mrz(TD3.lower().replace("\n", "\r\n")) == passport


@given(st.sampled_from(TD3_DIGITS), st.integers(1, 9))
def test_one_wrong_digit_is_always_found(place, more):
    digit = TD3[place]
    if not digit.isdecimal():
        return
    wrong = TD3[:place] + str((int(digit) + more) % 10) + TD3[place + 1 :]

    with pytest.raises(MrzRefused):
        parse_mrz(wrong)


@given(
    st.text("0123456789" + LETTERS, min_size=5, max_size=9),
    st.text(LETTERS, min_size=1, max_size=15),
    st.text(LETTERS, min_size=1, max_size=15),
)
def test_what_is_written_by_the_rules_is_read_back(number, surname, given_name):
    first = f"P<OMN{surname}<<{given_name}".ljust(44, "<")
    padded = number.ljust(9, "<")
    begun = padded + check_digit(padded) + "OMN" + "7408122" + "F" + "1204159" + "<" * 14 + "0"
    second = begun + check_digit(begun[:10] + begun[13:20] + begun[21:43])

    read = parse_mrz(f"{first}\n{second}")

    assert (read.number, read.surname, read.given_names) == (number, surname, given_name)


@given(
    st.text()
    | st.text(sorted(VALUES), min_size=44, max_size=44).map(lambda line: f"{line}\n{line}")
)
def test_any_text_is_a_document_or_a_refusal(text):
    try:
        read = parse_mrz(text)
    except MrzRefused:
        return
    assert is_mrz(text)
    assert read.kind in ("TD1", "TD3")
