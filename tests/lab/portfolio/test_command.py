"""`portfolio solve`: what it prints, and the documents that it refuses."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner, Result

from sanad.cli.portfolio import portfolio
from sanad.lab.portfolio.fields import FieldUnknown, FieldWrong
from sanad.lab.portfolio.read import NotADocument, instance_of
from sanad.lib.quarters import QuarterRefused
from tests.refusals import said

DOCUMENT: dict[str, Any] = {
    "first": "2026Q1", "quarters": 8, "budget_baisa": {2026: 60_000_000, 2027: 40_000_000},
    "crews": {"programmers": 3, "trainers": [1, 1, 1, 1, 2, 2, 2, 2]},
    "initiatives": [
        {"code": "one-file", "name": {"ar": "ملف واحد", "en": "One file"}, "duration": 3,
         "cost_baisa": [10_000_000, 20_000_000], "crew": {"programmers": [2, 2, 1]},
         "value": {"low": 1, "mid": 2.5, "high": 4}},
        {"code": "appointments", "duration": 2, "cost_baisa": [5_000_000], "after": ["one-file"],
         "value": {"low": 0.5, "mid": 0.75, "high": 1.125}, "earliest": "2026Q2"},
        {"code": "halls", "duration": 4, "cost_baisa": [90_000_000],
         "value": {"low": 9, "mid": 9, "high": 9}},
    ],
}  # fmt: skip


def run(*given: object) -> Result:
    return CliRunner().invoke(portfolio, ["solve", *map(str, given)])


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "small.yaml"
    path.write_text(yaml.safe_dump(DOCUMENT, allow_unicode=True))
    return path


def test_the_keys_of_the_document(file: Path) -> None:
    done = run(file, "--json")
    assert done.exit_code == 0, done.output
    found = json.loads(done.stdout)

    assert found["chosen"] == [
        {"code": "one-file", "start": "2026Q1", "end": "2026Q3", "cost_baisa": 30_000_000,
         "value": {"low": 5.0, "mid": 12.5, "high": 20.0}},
        {"code": "appointments", "start": "2026Q4", "end": "2027Q1", "cost_baisa": 5_000_000,
         "value": {"low": 1.5, "mid": 2.25, "high": 3.375}},
    ]  # fmt: skip
    assert found["left_out"] == ["halls"]
    assert found["value"] == {"low": 6.5, "mid": 14.75, "high": 23.375}
    assert (found["bound"], found["gap_percent"], found["proven"]) == (14.75, 0.0, True)
    assert found["cost_baisa"] == {"2026": 35_000_000, "2027": 0}
    turn = found["turns"][2]
    assert (turn["code"], turn["chosen"]) == ("halls", False)
    # It would be paid for out of 2027: forty million at the most.
    assert turn["cost"]["change"] == 50_000_000 or turn["cost"]["confirmed"]
    assert all(one["value"]["why"] == "needed" for one in found["turns"][:2])


def test_json_is_read_as_yaml_is_and_a_person_reads_lines(tmp_path: Path, file: Path) -> None:
    other = tmp_path / "small.json"
    other.write_text(json.dumps(DOCUMENT))
    lines = run(other, "--turn-seconds", 0).stdout.splitlines()

    assert lines[0] == "one-file: 2026Q1 – 2026Q3"
    assert "value: 14.75 (6.5 to 23.375)" in lines
    assert "dropped if" in run(file).stdout


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"first": "spring"}, QuarterRefused), ({"first": 2026}, FieldWrong),
        ({"quarters": 0}, FieldWrong), ({"quarters": True}, FieldWrong),
        ({"quarters": 41}, FieldWrong), ({"initiatives": []}, FieldWrong),
        ({"initiatives": {}}, FieldWrong), ({"budget_baisa": {2026: 1}}, FieldWrong),
        ({"budget_baisa": {2026: -1, 2027: 1}}, FieldWrong), ({"crews": {"x": [1]}}, FieldWrong),
        ({"crews": []}, FieldWrong), ({"colour": "red"}, FieldUnknown),
    ],
)  # fmt: skip
def test_a_document_that_is_wrong_is_refused(change: dict[str, Any], refusal: type) -> None:
    with pytest.raises(refusal) as raised:
        instance_of(DOCUMENT | change)
    said(raised.value)


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"code": ""}, FieldWrong), ({"code": 5}, FieldWrong), ({"name": {"ar": "x"}}, FieldWrong),
        ({"duration": 0}, FieldWrong), ({"duration": 2.5}, FieldWrong),
        ({"cost_baisa": 5}, FieldWrong), ({"cost_baisa": [0.5]}, FieldWrong),
        ({"crew": {"x": [-1]}}, FieldWrong), ({"value": 5}, FieldWrong),
        ({"value": {"low": 2, "mid": 1, "high": 3}}, FieldWrong),
        ({"value": {"low": 0, "mid": 0.00001, "high": 3}}, FieldWrong),
        ({"value": {"low": 0, "mid": float("nan"), "high": 3}}, FieldWrong),
        ({"must": "yes"}, FieldWrong), ({"earliest": 3}, FieldWrong), ({"cost": 1}, FieldUnknown),
        ({"after": "b"}, FieldWrong),
    ],
)  # fmt: skip
def test_an_initiative_that_is_wrong_is_refused(change: dict[str, Any], refusal: type) -> None:
    with pytest.raises(refusal) as raised:
        instance_of(DOCUMENT | {"initiatives": [DOCUMENT["initiatives"][0] | change]})
    said(raised.value)


def test_what_is_no_document_is_refused(tmp_path: Path) -> None:
    for name, content in (("a.yaml", "first: ["), ("a.json", "{"), ("b.yaml", "words")):
        (tmp_path / name).write_text(content)
        refused = run(tmp_path / name).exception
        assert isinstance(refused, NotADocument)
        said(refused)
