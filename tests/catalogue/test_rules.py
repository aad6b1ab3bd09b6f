"""Decisions without a database: government fees, documents, which list may follow which."""

from datetime import date

import pytest

from sanad.catalogue.layouts import as_if_arabic, as_if_english, readings
from sanad.catalogue.rules import (
    ListChanged,
    ListOlderThanNewest,
    PublishedList,
    documents_needed,
    government_fee_due,
    is_published_already,
)
from sanad.catalogue.shapes import Catalogue, Definition

FIRST = PublishedList(date(2026, 1, 1), date(2025, 1, 1), "a")


def definition(files: Catalogue, code: str) -> Definition:
    return next(one for one in files.definitions if one.service == code)


@pytest.mark.parametrize(
    ("service", "answers", "kind", "baisa"),
    [
        ("mol-employment-contract", {}, "fixed", 1000),
        ("moh-renew-resident-work-card", {"handles_food": "other"}, "table", 30000),
        ("moh-renew-resident-work-card", {"handles_food": "food"}, "table", 40000),
        ("moh-renew-resident-work-card", {}, "needs_answer", None),
        ("moh-attest-pre-arrival-medical-report", {"report_origin": "wafid"}, "table", 2000),
        ("rop-resident-card", {"card_years": "two"}, "table", 11000),
        ("mol-preliminary-approval-commercial", {"occupation_category": "first"}, "table", 301000),
        ("mazoon-new-connection", {}, "to_be_confirmed", None),
    ],
)
def test_the_government_fee_follows_the_answers(
    files: Catalogue, service: str, answers: dict[str, str], kind: str, baisa: int | None
) -> None:
    due = government_fee_due(definition(files, service).government_fee, answers)

    assert (due.kind, due.baisa, due.is_known) == (kind, baisa, baisa is not None)


def test_a_table_tells_its_range_before_any_answer(files: Catalogue) -> None:
    fee = definition(files, "mol-preliminary-approval-commercial").government_fee

    due = government_fee_due(fee, {})

    assert (due.lowest_baisa, due.highest_baisa, due.by) == (201000, 301000, "occupation_category")


def test_a_document_may_be_needed_because_of_an_answer(files: Catalogue) -> None:
    documents = definition(files, "mazoon-new-connection").documents or ()

    permanent = documents_needed(documents, {"connection_kind": "permanent"})
    temporary = documents_needed(documents, {"connection_kind": "temporary"})

    assert [one.code for one in permanent if one not in temporary] == ["building_completion"]


def test_the_same_list_again_is_no_news() -> None:
    assert is_published_already(FIRST, [FIRST]) is True
    assert is_published_already(FIRST, []) is False


def test_a_published_list_is_never_edited() -> None:
    for changed in (
        PublishedList(FIRST.list_date, FIRST.in_force_from, "b"),
        PublishedList(FIRST.list_date, date(2025, 2, 1), "a"),
    ):
        with pytest.raises(ListChanged):
            is_published_already(changed, [FIRST])


@pytest.mark.parametrize(
    ("list_date", "in_force_from"),
    [
        (date(2025, 7, 1), date(2026, 7, 1)),  # an older list, later in force
        (date(2026, 7, 1), date(2025, 1, 1)),  # on the day of the one before
        (date(2026, 7, 1), date(2024, 7, 1)),  # before it
    ],
)
def test_a_list_only_follows_the_newest(list_date: date, in_force_from: date) -> None:
    with pytest.raises(ListOlderThanNewest):
        is_published_already(PublishedList(list_date, in_force_from, "b"), [FIRST])


@pytest.mark.parametrize(
    ("meant", "typed"),
    [("تجديد", "j[]d]"), ("بطاقة", "f'hrm"), ("إلغاء", "Ygyhx"), ("لائحة", "bzpm")],
)
def test_arabic_typed_under_the_english_layout(meant: str, typed: str) -> None:
    assert as_if_arabic(typed) == meant
    assert readings(typed) == [typed, meant]


@pytest.mark.parametrize(
    ("meant", "typed"), [("renew", "قثىثص"), ("labour card", "مشلاخعق ؤشقي"), ("visa", "رهسش")]
)
def test_english_typed_under_the_arabic_layout(meant: str, typed: str) -> None:
    assert as_if_english(typed) == meant
    assert readings(typed) == [typed, meant]
