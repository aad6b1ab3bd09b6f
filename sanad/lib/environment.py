"""Reading numbers from the environment, with a sentence where they are none."""

from sanad.lib.digits import ascii_digits
from sanad.lib.refusal import N_, Refused


class BadSetting(Refused):
    code = "settings.not_a_number"
    sentence = N_(
        "The setting {name} is “{text}”, which is not a whole number of seconds above zero. "
        "Correct it in the environment, or unset it."
    )


def whole_seconds(name: str, text: str) -> int:
    """The text of the setting `name` as whole seconds above zero. Raises `BadSetting`."""
    text = ascii_digits(text).strip()
    if not text.isdigit() or int(text) == 0:
        raise BadSetting(name=name, text=text)
    return int(text)
