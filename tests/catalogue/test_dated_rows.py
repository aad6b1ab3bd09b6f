"""What the database itself holds, whoever asks: dated rows are closed once, and nothing else."""

import pytest
from django.db import IntegrityError, connection, transaction

from tests.catalogue.test_price_lists import all_lines

pytestmark = pytest.mark.usefixtures("as_loader")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE catalogue_feeline SET baisa = 1 WHERE upper_inf(valid)",
        "UPDATE catalogue_feeline SET valid = daterange('2024-01-01', NULL)",
        "UPDATE catalogue_feeline SET valid = daterange('2024-01-01', '2025-06-01')",
        "UPDATE catalogue_feeline SET valid = daterange(lower(valid), '2026-01-01'), baisa = 1",
        "DELETE FROM catalogue_feeline",
        "UPDATE catalogue_servicedefinition SET family = 'other'",
        "DELETE FROM catalogue_servicedefinition",
    ],
)
def test_even_the_loader_cannot_edit_or_delete_a_dated_row(as_loader: None, statement: str) -> None:
    before = all_lines()

    with (
        pytest.raises(IntegrityError, match="closed at a date and never edited"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)

    assert all_lines() == before


def test_a_closed_line_is_not_closed_again_or_opened() -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE catalogue_feeline SET valid = daterange(lower(valid), '2026-01-01')")
        for upper in ("2025-06-01", None):
            with pytest.raises(IntegrityError), transaction.atomic():
                cursor.execute(
                    "UPDATE catalogue_feeline SET valid = daterange(lower(valid), %s)", [upper]
                )


def test_a_negative_fee_and_an_overlapping_one_are_refused_by_the_database() -> None:
    copy = (
        "INSERT INTO catalogue_feeline (service_id, stage, baisa, unit, valid, price_list_id,"
        " source_line) SELECT service_id, {stage}, {baisa}, unit, valid, price_list_id,"
        " source_line + 1000 FROM catalogue_feeline LIMIT 1"
    )
    with connection.cursor() as cursor:
        with pytest.raises(IntegrityError, match="not_negative"), transaction.atomic():
            cursor.execute(copy.format(stage="'update'", baisa="-1"))
        with pytest.raises(IntegrityError, match="do_not_overlap"), transaction.atomic():
            cursor.execute(copy.format(stage="stage", baisa="1"))
