"""The table of digits is the one Unicode has."""

import sys
import unicodedata

from sanad.lib.digits import DIGIT_ZEROS, ascii_digits


def test_digits_of_three_scripts_and_nothing_else_change():
    assert ascii_digits("٣ بيوت، ۴ شارع، ५ and ²½") == "3 بيوت، 4 شارع، 5 and ²½"


def test_every_run_in_the_table_is_ten_decimal_digits():
    for zero in DIGIT_ZEROS:
        run = "".join(chr(zero + value) for value in range(10))
        assert [unicodedata.decimal(digit) for digit in run] == list(range(10))
        assert ascii_digits(run) == "0123456789"


def test_no_decimal_digit_of_unicode_14_is_missing():
    known = {code for code in range(sys.maxunicode + 1) if unicodedata.category(chr(code)) == "Nd"}
    table = {zero + value for zero in DIGIT_ZEROS for value in range(10)}

    assert table <= known
    if unicodedata.unidata_version == "14.0.0":  # a newer Python knows newer scripts
        assert table == known
