"""`sanad catalogue check` and `sanad catalogue search`."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from sanad.cli.catalogue import catalogue as command

Break = Callable[[str, str, str], Path]


def test_check_counts_what_the_folder_holds() -> None:
    result = CliRunner().invoke(command, ["check", "--json"])

    document = json.loads(result.stdout)
    assert result.exit_code == 0
    assert (document["services"], document["fee_lines"], document["source_lines"]) == (
        388,
        324,
        325,
    )
    assert document["by_provenance"]["name_en"] == {"our-translation": 374, "assumption": 14}
    assert document["duplicates"] == [
        {"line": 325, "duplicate_of": 324, "service": "safqat-view-my-offers"}
    ]
    assert document["errors"] == []


def test_check_of_a_broken_folder_fails_and_names_file_line_and_fix(broken: Break) -> None:
    folder = broken("entities.yaml", "number: 2\n", "number: two\n")

    result = CliRunner().invoke(command, ["check", "--json", str(folder)])

    (first, *_) = json.loads(result.stdout)["errors"]
    assert result.exit_code == 1
    assert first["file"] == "entities.yaml"
    assert first["line"] > 1
    assert first["what"] == "“two” is not a whole number from 1 up."
    assert first["fix"] == "Write number as a whole number from 1 up."


def test_check_for_a_person_says_the_mistake_in_a_line(broken: Break) -> None:
    folder = broken("entities.yaml", "number: 2\n", "number: two\n")

    result = CliRunner().invoke(command, ["check", str(folder)])

    assert result.exit_code == 1
    assert "entities.yaml:" in result.stdout
    assert "mistakes: " in result.stdout.splitlines()[-1]


def test_a_folder_that_is_not_there_is_bad_usage() -> None:
    assert CliRunner().invoke(command, ["check", "/no/such/folder"]).exit_code == 2


@pytest.mark.django_db
@pytest.mark.usefixtures("catalogue")
def test_search_prints_code_names_and_entity() -> None:
    result = CliRunner().invoke(
        command, ["search", "--json", "--limit", "3", "renew", "membership"]
    )

    first = json.loads(result.stdout)["results"][0]
    assert first == {
        "code": "occi-renew-membership",
        "name_ar": "تجديد العضوية",
        "name_en": "Renew membership",
        "entity": "Oman Chamber of Commerce and Industry",
        "entity_ar": "غرفة عمان للتجارة والصناعة",
        "entity_number": 19,
    }
