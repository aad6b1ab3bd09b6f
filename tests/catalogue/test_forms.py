"""A form's answers: cleaned, checked against the schema that is published, refused in words."""

from datetime import date

import jsonschema_rs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanad.catalogue.forms import form_schema, sealed_keys, validate
from sanad.catalogue.shapes import Catalogue, Condition, Field, Option
from sanad.lib.bilingual import Text

ON = date(2025, 9, 30)
NOTHING = Text("", "")


def field(key: str, kind: str, **more: object) -> Field:
    return Field(key, kind, NOTHING, NOTHING, Text("انسخ من البطاقة", "Copy the card"), **more)  # type: ignore[arg-type]


FORM = (
    field("name", "text", min_length=2, max_length=10),
    field("number", "civil_number"),
    field("phone", "phone", required=False),
    field("wage", "money", required=False, min_baisa=1000),
    field("born", "date", required=False, relative="past"),
    field("until", "date", required=False, relative="future",
          required_when=Condition("kind", "short")),
    field("cr", "digits", required=False, min_length=4, max_length=6),
    field("kind", "choice", required=False,
          options=(Option("short", NOTHING), Option("long", NOTHING))),
    field("passport", "text", required=False, pattern="[A-Z0-9]{5,9}"),
)  # fmt: skip


def test_answers_are_cleaned_to_one_shape() -> None:
    answers = validate(
        FORM,
        {
            "name": "  سعيد\u200f ",
            "number": "٠١٢ ٣٤٥-٦٧٨",
            "phone": "+968 9234 5678",
            "wage": "٣٢٥٫٥",
            "born": "٣١/٥/١٩٩٠",
            "cr": "12 34",
            "passport": "A1234567",
        },
        on=ON,
    )

    assert answers.complete
    assert answers.values == {
        "name": "سعيد",
        "number": "012345678",
        "phone": "+96892345678",
        "wage": 325500,
        "born": "1990-05-31",
        "cr": "1234",
        "passport": "A1234567",
    }


@pytest.mark.parametrize(
    ("key", "typed", "code"),
    [
        ("name", "س", "form.too_short"),
        ("name", "سعيد بن سالم بن حمد", "form.too_long"),
        ("name", "   ", "form.missing"),
        ("number", "12345", "civil_number.not_a_civil_number"),
        ("phone", "123", "phone.not_a_phone"),
        ("wage", "-5", "money.negative"),
        ("wage", "0.5", "form.amount_out_of_range"),
        ("wage", "4,5", "money.not_an_amount"),
        ("born", "2025-13-01", "form.not_a_day"),
        ("born", "2026-01-01", "form.day_not_past"),
        ("until", "2025-09-30", "form.day_not_future"),
        ("cr", "123", "form.malformed"),
        ("kind", "medium", "form.not_an_option"),
        ("passport", "a b", "form.malformed"),
        ("password", "secret", "form.unknown_field"),
    ],
)
def test_a_wrong_answer_is_named_with_its_field(key: str, typed: str, code: str) -> None:
    answers = validate(FORM, {"name": "سعيد", "number": "12345678", key: typed}, on=ON)

    assert {one: problem.refused.code for one, problem in answers.problems.items()} == {key: code}


def test_the_forms_own_guidance_goes_with_the_problem() -> None:
    problem = validate(FORM, {"name": "سعيد", "number": "12"}).problems["number"]

    assert problem.guidance == Text("انسخ من البطاقة", "Copy the card")
    assert "12" not in str(problem.refused)


def test_an_answer_may_be_needed_because_of_another() -> None:
    answers = validate(FORM, {"name": "سعيد", "number": "12345678", "kind": "short"}, on=ON)

    assert list(answers.problems) == ["until"]
    assert answers.problems["until"].refused.code == "form.missing"


def test_civil_numbers_are_marked_to_be_sealed() -> None:
    assert sealed_keys(FORM) == {"number"}
    assert form_schema(FORM)["properties"]["number"]["x-sealed"] is True


def test_every_form_of_the_catalogue_is_a_valid_schema(files: Catalogue) -> None:
    for definition in files.definitions:
        schema = form_schema(definition.form)
        jsonschema_rs.meta.validate(schema)
        assert set(schema["required"]) <= set(schema["properties"])


@given(st.dictionaries(st.sampled_from([one.key for one in FORM]), st.text(max_size=30)))
def test_whatever_is_typed_is_either_refused_or_satisfies_the_schema(
    typed: dict[str, str],
) -> None:
    answers = validate(FORM, typed, on=ON)

    if answers.complete:
        assert jsonschema_rs.Draft202012Validator(form_schema(FORM)).is_valid(answers.values)
    assert set(answers.problems) <= {one.key for one in FORM}


@given(st.dictionaries(st.sampled_from([one.key for one in FORM]), st.text(max_size=30)))
def test_cleaning_cleaned_answers_changes_nothing(typed: dict[str, str]) -> None:
    answers = validate(FORM, typed)

    if answers.complete:
        assert validate(FORM, answers.values) == answers
