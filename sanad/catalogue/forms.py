"""A form as data: one JSON Schema for the screen, the API and the check, and the check itself.

Answers are cleaned first (digits of every script, separators, rials to baisa) and then checked
against the schema, so what is stored always satisfies the schema that is published.

| type         | cleaned to                         |
|--------------|------------------------------------|
| text, choice | text without spaces at its ends    |
| digits       | 0-9                                |
| date         | "2025-09-30"                       |
| civil_number | 6 to 9 digits; sealed when stored  |
| phone        | "+96892345678"                     |
| money        | an integer of baisa                |
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any, Final

import jsonschema_rs

from sanad.catalogue.shapes import Condition, Field
from sanad.lib.bilingual import Text
from sanad.lib.civil_number import parse_civil_number
from sanad.lib.digits import ascii_digits
from sanad.lib.money import MAX_BAISA, parse_baisa
from sanad.lib.phone import parse_phone
from sanad.lib.refusal import N_, Refused

LONGEST_TEXT: Final = 2000
LONGEST_DIGITS: Final = 40
SEALED: Final = "civil_number"
_MARKS: Final = re.compile(r"[\u061c\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
_DAY_FIRST: Final = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")


class AnswerRefused(Refused):
    code = "form.answer"
    sentence = N_("This answer cannot be taken. Look at the example and type it again.")


class AnswerMissing(AnswerRefused):
    code = "form.missing"
    sentence = N_("This answer is needed and nothing was typed. Fill it in.")


class AnswerMalformed(AnswerRefused):
    code = "form.malformed"
    sentence = N_(
        "This does not look as it should. Compare it with the document and type it again."
    )


class AnswerTooShort(AnswerRefused):
    code = "form.too_short"
    sentence = N_("This is too short: at least {least} characters are needed. Complete it.")


class AnswerTooLong(AnswerRefused):
    code = "form.too_long"
    sentence = N_("This is too long: at most {most} characters are taken. Shorten it.")


class NotAnOption(AnswerRefused):
    code = "form.not_an_option"
    sentence = N_("This is not one of the choices. Choose one of those shown.")


class NotADay(AnswerRefused):
    code = "form.not_a_day"
    sentence = N_("This is not a day of the calendar. Write it like 2025-09-30.")


class DayNotPast(AnswerRefused):
    code = "form.day_not_past"
    sentence = N_("This day is still to come, but a past day is needed. Correct it.")


class DayNotFuture(AnswerRefused):
    code = "form.day_not_future"
    sentence = N_("This day is not after today, but a coming day is needed. Correct it.")


class AmountOutOfRange(AnswerRefused):
    code = "form.amount_out_of_range"
    sentence = N_("This amount is outside what is possible here. Check the digits.")


class UnknownField(AnswerRefused):
    code = "form.unknown_field"
    sentence = N_("The form has no such field. Send only the fields that the form describes.")


@dataclass(frozen=True, slots=True)
class Problem:
    """Why an answer is not taken, and what the form itself says to do about it."""

    refused: Refused
    guidance: Text


@dataclass(frozen=True, slots=True)
class Answers:
    """The cleaned answers, and the problems by field. Only without problems may they be kept."""

    values: dict[str, Any]
    problems: dict[str, Problem]

    @property
    def complete(self) -> bool:
        return not self.problems


def form_schema(form: tuple[Field, ...]) -> dict[str, Any]:
    """The form as JSON Schema 2020-12. `x-type` keeps our type; `x-sealed` marks civil numbers."""
    schema: dict[str, Any] = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "type": "object",
        "additionalProperties": False,
        "properties": {field.key: _property(field) for field in form},
        "required": [field.key for field in form if field.required],
    }
    conditions = [_if_then(field) for field in form if field.required_when]
    return {**schema, "allOf": conditions} if conditions else schema


def validate(
    form: tuple[Field, ...], answers: Mapping[str, Any], *, on: date | None = None
) -> Answers:
    """Clean and check typed answers. Without `on`, past and future are not looked at."""
    fields = {field.key: field for field in form}
    values: dict[str, Any] = {}
    problems: dict[str, Problem] = {}
    for key, typed in answers.items():
        if key not in fields:
            problems[key] = Problem(UnknownField(), Text("", ""))
        elif typed not in (None, "") and str(typed).strip():
            _take(fields[key], typed, on, values, problems)
    for error in _validator(form).iter_errors(values):
        for key, refused in _by_field(error):
            if key not in problems:
                problems[key] = Problem(refused, fields[key].guidance)
    return Answers(values, problems)


def sealed_keys(form: tuple[Field, ...]) -> frozenset[str]:
    """The fields whose answers are civil numbers and never stored in the open."""
    return frozenset(field.key for field in form if field.type == SEALED)


def _take(
    field: Field,
    typed: Any,
    on: date | None,
    values: dict[str, Any],
    problems: dict[str, Problem],
) -> None:
    try:
        values[field.key] = value = _CLEAN[field.type](typed)
        if on and field.type == "date":
            _check_relative(field, date.fromisoformat(value), on)
    except Refused as refused:
        problems[field.key] = Problem(refused, field.guidance)


def _text(typed: Any) -> str:
    return _MARKS.sub("", str(typed)).strip()


def _digits(typed: Any) -> str:
    return re.sub(r"[\s-]", "", ascii_digits(_text(typed)))


def _day(typed: Any) -> str:
    text = ascii_digits(_text(typed))
    found = _DAY_FIRST.fullmatch(text)
    if found:
        text = f"{found[3]}-{found[2]:0>2}-{found[1]:0>2}"
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise NotADay from None


def _money(typed: Any) -> int:
    return typed if isinstance(typed, int) else parse_baisa(str(typed))


_CLEAN: Final[dict[str, Callable[[Any], Any]]] = {
    "text": _text,
    "choice": _text,
    "digits": _digits,
    "date": _day,
    "civil_number": lambda typed: parse_civil_number(str(typed)),
    "phone": lambda typed: parse_phone(str(typed)).e164,
    "money": _money,
}


def _check_relative(field: Field, day: date, on: date) -> None:
    if field.relative == "past" and day > on:
        raise DayNotPast
    if field.relative == "future" and day <= on:
        raise DayNotFuture


def _property(field: Field) -> dict[str, Any]:
    shape = {"title": field.label.en, "x-title-ar": field.label.ar, "x-type": field.type}
    match field.type:
        case "choice":
            return {**shape, "enum": [option.value for option in field.options]}
        case "date":
            return {**shape, "type": "string", "format": "date"}
        case "civil_number":
            return {**shape, "type": "string", "pattern": "^[0-9]{6,9}$", "x-sealed": True}
        case "phone":
            return {**shape, "type": "string", "pattern": r"^\+968[1-9][0-9]{7}$"}
        case "money":
            low, high = field.min_baisa or 0, field.max_baisa or MAX_BAISA
            return {**shape, "type": "integer", "minimum": low, "maximum": high}
        case "digits":
            low, high = field.min_length or 1, field.max_length or LONGEST_DIGITS
            return {**shape, "type": "string", "pattern": f"^[0-9]{{{low},{high}}}$"}
    text = {**shape, "type": "string", "maxLength": field.max_length or LONGEST_TEXT}
    if field.min_length:
        text["minLength"] = field.min_length
    if field.pattern:
        text["pattern"] = f"^(?:{field.pattern})$"
    return text


def _if_then(field: Field) -> dict[str, Any]:
    condition = field.required_when or Condition("", "")
    return {
        "if": {
            "properties": {condition.field: {"const": condition.equals}},
            "required": [condition.field],
        },
        "then": {"required": [field.key]},
    }


@lru_cache(maxsize=1024)
def _validator(form: tuple[Field, ...]) -> jsonschema_rs.Draft202012Validator:
    return jsonschema_rs.Draft202012Validator(form_schema(form), validate_formats=True)


def _by_field(error: jsonschema_rs.ValidationError) -> list[tuple[str, Refused]]:
    """The fields that a break of the schema concerns, each with the sentence for it."""
    kind: Any = error.kind
    match kind.name:
        case "required":
            return [(kind.property, AnswerMissing())]
        case "minLength":
            refused: Refused = AnswerTooShort(least=kind.limit)
        case "maxLength":
            refused = AnswerTooLong(most=kind.limit)
        case "enum":
            refused = NotAnOption()
        case "format":
            refused = NotADay()
        case "minimum" | "maximum":
            refused = AmountOutOfRange()
        case _:
            refused = AnswerMalformed()
    return [(str(error.instance_path[0]), refused)]
