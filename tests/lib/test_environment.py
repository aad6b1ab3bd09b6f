"""Numbers from the environment."""

import pytest

from sanad.lib.environment import BadSetting, whole_seconds

NAME = "SANAD_LOCK_AFTER_SECONDS"


@pytest.mark.parametrize(("text", "seconds"), [("600", 600), (" 45 ", 45), ("٦٠", 60)])
def test_digits_of_every_script_are_read(text, seconds):
    assert whole_seconds(NAME, text) == seconds


@pytest.mark.parametrize("text", ["", "ten", "-5", "0", "1.5"])
def test_anything_else_is_refused_by_name(text):
    with pytest.raises(BadSetting, match=NAME):
        whole_seconds(NAME, text)
