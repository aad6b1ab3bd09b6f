"""Beside the pad of `signature_pad.html`: a typed name, which counts as a signature."""

from typing import Any

from django.utils.translation import gettext as _

from sanad.web.shell.fields import Field


def name_field(typed: Any) -> Field:
    """The field for the person's name, with what was typed; in the language that is active."""
    return Field(
        name="typed_name", label=_("Or type your full name"), value=typed.get("typed_name", ""),
        autocomplete="off", max_length=120,
        help=_("As it stands on your card. It counts as your signature."),
    )  # fmt: skip
