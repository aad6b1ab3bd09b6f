import pytest

from sanad.lib.civil_number import CivilNumberRefused, mask_civil_number, parse_civil_number
from sanad.lib.phone import NotAMobile, PhoneRefused, parse_mobile, parse_phone


def test_a_civil_number_is_read_in_any_script_and_keeps_its_zeros():
    assert parse_civil_number(" ٠١٢٣٤٥٦٧ ") == "01234567"
    assert parse_civil_number("123 456") == "123456"


@pytest.mark.parametrize("typed", ["", "12345", "1234567890", "12a4567", "-", "٦٥٤٣"])
def test_a_wrong_civil_number_is_refused_and_not_repeated(typed):
    with pytest.raises(CivilNumberRefused) as caught:
        parse_civil_number(typed)

    assert caught.value.facts == {}
    assert "6 to 9 digits" in str(caught.value)


def test_the_masked_form_shows_the_last_four_and_hides_the_length():
    assert mask_civil_number("654321") == "••••4321"
    assert mask_civil_number("987654321") == "••••4321"


@pytest.mark.parametrize(
    "typed",
    ["92345678", "9234 5678", "+968 9234-5678", "0096892345678", "٩٢٣٤٥٦٧٨", "\u200e+968 92345678"],
)
def test_a_phone_is_read_as_people_write_it(typed):
    phone = parse_phone(typed)

    assert phone.e164 == "+96892345678"
    assert phone.display == "+968 9234 5678"
    assert phone.is_mobile


@pytest.mark.parametrize(
    "typed", ["", "9234567", "923456789", "+971 92345678", "02345678", "phone"]
)
def test_what_is_no_omani_number_is_refused(typed):
    with pytest.raises(PhoneRefused) as caught:
        parse_phone(typed)

    assert caught.value.facts == {"text": typed}


def test_a_landline_cannot_receive_messages():
    assert not parse_phone("24123456").is_mobile
    assert parse_mobile("71234567").national == "71234567"
    with pytest.raises(NotAMobile):
        parse_mobile("24123456")
