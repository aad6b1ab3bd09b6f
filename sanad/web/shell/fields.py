"""A field of a form as the page draws it, whether it comes from data or from a Django form.

The catalogue's forms are data, sign-in's are Django's; `field.html` draws both from this shape.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.forms import BoundField, CheckboxInput, HiddenInput, PasswordInput, Select, Textarea
from django.utils.translation import gettext

# Digits of every script are accepted everywhere, so no input is of type=number.
KEYPADS = {"number": "numeric", "money": "decimal", "phone": "tel", "date": "numeric"}


@dataclass(frozen=True)
class Choice:
    """One answer of a field of kind "choice"."""

    value: str
    label: str


@dataclass(frozen=True, kw_only=True)
class Field:
    """What the page needs to ask one thing.

    `kind` is one of text, multiline, number, money, phone, date, choice, tick, file, password,
    hidden. `private` keeps a value out of the browser's storage (civil numbers, secrets).
    `attributes` are further HTML attributes, such as hx-post.
    """

    name: str
    label: str
    kind: str = "text"
    value: str = ""
    help: str = ""
    error: str = ""
    required: bool = False
    private: bool = False
    left_to_right: bool = False
    choices: tuple[Choice, ...] = ()
    autocomplete: str = ""
    max_length: int | None = None
    attributes: tuple[tuple[str, str], ...] = ()
    html_id: str = ""
    autofocus: bool = False

    @property
    def id(self) -> str:
        return self.html_id or f"field-{self.name}"

    @property
    def keypad(self) -> str:
        return KEYPADS.get(self.kind, "")

    @property
    def is_latin(self) -> bool:
        """Whether what is typed runs left to right in either language."""
        return self.left_to_right or self.kind in KEYPADS or self.kind == "password"

    @property
    def described_by(self) -> str:
        parts = [f"{self.id}-help"] if self.help else []
        return " ".join([*parts, f"{self.id}-error"] if self.error else parts)


def from_bound(bound: BoundField) -> Field:
    """The field of a Django form, for allauth's screens."""
    widget = bound.field.widget
    return Field(
        name=bound.html_name,
        html_id=bound.id_for_label or bound.auto_id,
        # Django makes a label of a field that has none, in English only.
        label=gettext(str(bound.label)),
        kind=_kind(bound),
        value=_value(bound),
        help=str(bound.help_text or ""),
        error=" ".join(map(str, bound.errors)),
        required=bound.field.required,
        private=isinstance(widget, PasswordInput),
        left_to_right=bound.name in {"login", "username", "code"},
        choices=_choices(widget),
        autocomplete=str(widget.attrs.get("autocomplete", "")),
        max_length=getattr(bound.field, "max_length", None),
    )


def _kind(bound: BoundField) -> str:
    kinds: dict[type, str] = {
        HiddenInput: "hidden",
        PasswordInput: "password",
        CheckboxInput: "tick",
        Textarea: "multiline",
        Select: "choice",
    }
    widget = bound.field.widget
    return next((kind for shape, kind in kinds.items() if isinstance(widget, shape)), "text")


def _value(bound: BoundField) -> str:
    if isinstance(bound.field.widget, PasswordInput):
        return ""
    value = bound.value()
    return "" if value is None or value is False else str(value)


def _choices(widget: Any) -> tuple[Choice, ...]:
    if not isinstance(widget, Select):
        return ()
    options: Iterable[tuple[Any, Any]] = widget.choices
    return tuple(Choice(str(value), str(label)) for value, label in options)
