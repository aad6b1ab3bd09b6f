"""Every kind of broken file is named with its file, its line and the way to mend it."""

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest
from babel.messages.pofile import read_po

from sanad.catalogue.files import CatalogueRefused, check_folder, read_catalogue
from sanad.catalogue.files import faults as all_faults
from sanad.catalogue.files.faults import CatalogueFileRefused, Fault

Break = Callable[[str, str, str], Path]
LIST = "price_lists/2026-01-01.yaml"
FIRST = "{line: 1, service: moh-medical-examination-form, stage: submit, baisa: 4000}"
MOH = "services/01-moh.yaml"
CONTRACT = "definitions/mol-employment-contract.yaml"
RENEW = "definitions/moh-renew-resident-work-card.yaml"


class Case(NamedTuple):
    """A way to break a file, and what the first mistake of that kind must say."""

    file: str
    old: str
    new: str
    at: str  # stands on the line that must be named (the last such line)
    code: str
    what: str
    fix: str


SEND = FIRST.replace("submit", "send")
AGAIN = FIRST.replace("line: 1", "line: 999")
CASES = {
    "negative baisa": Case(
        LIST, FIRST, FIRST.replace("4000", "-4000"), "baisa: -4000", "not-baisa", "-4000", "4000"
    ),
    "fractional baisa": Case(
        LIST, FIRST, FIRST.replace("4000", "4.5"), "baisa: 4.5", "not-baisa", "4.5", "point"
    ),
    "baisa in words": Case(
        LIST, FIRST, FIRST.replace("4000", "four"), "baisa: four", "not-baisa", "four", "4000"
    ),
    "unknown stage": Case(LIST, FIRST, SEND, "stage: send", "not-one-of", "send", "resend"),
    "unknown service": Case(
        LIST,
        FIRST,
        FIRST.replace("moh-medical", "moh-magical"),
        "moh-magical",
        "unknown-reference",
        "moh-magical-examination-form",
        "spelling",
    ),
    "overlapping fee lines": Case(
        LIST,
        FIRST,
        f"{FIRST}\n  - {AGAIN}",
        "line: 999",
        "overlap",
        "moh-medical-examination-form",
        "duplicate_of: 1",
    ),
    "line twice": Case(LIST, "{line: 2,", "{line: 1,", "{line: 1,", "taken", "“1”", "its own"),
    "false duplicate": Case(
        LIST,
        "duplicate_of: 324",
        "duplicate_of: 12",
        "duplicate_of: 12",
        "not-a-duplicate",
        "12",
        "earlier line",
    ),
    "day that is none": Case(
        LIST,
        "list_date: 2026-01-01",
        "list_date: 2026-02-30",
        "2026-02-30",
        "not-a-date",
        "2026-02-30",
        "year-month-day",
    ),
    "demonstration after the list": Case(
        LIST,
        "from: 2025-01-01",
        "from: 2027-01-01",
        "2027-01-01",
        "dates-reversed",
        "2027-01-01",
        "2026-01-01",
    ),
    "unknown key": Case(
        MOH, "    kind: request", "    knid: request", "knid", "unknown-key", "knid", "kind"
    ),
    "missing English name": Case(
        MOH,
        "    name_en: Submit medical examination form\n",
        "",
        "code: moh-medical-examination-form",
        "missing",
        "name_en",
        "Add",
    ),
    "empty Arabic name": Case(
        MOH,
        "name_ar: استمارة الفحص الطبي",
        'name_ar: ""',
        'name_ar: ""',
        "missing",
        "name_ar",
        "Add",
    ),
    "duplicate code": Case(
        MOH,
        "code: moh-issue-resident-card-non-worker",
        "code: moh-medical-examination-form",
        "code: moh-medical-examination-form",
        "taken",
        "moh-medical-examination-form",
        "remove it",
    ),
    "unknown entity": Case(
        MOH, "entity: 1", "entity: 99", "entity: 99", "unknown-reference", "entities.yaml", "99"
    ),
    "unmarked field": Case(
        MOH,
        "  name_en: our-translation\n",
        "",
        "name_en: Apply to regain Omani nationality",
        "unmarked",
        "name_en",
        "provenance",
    ),
    "unknown source": Case(
        MOH,
        "name_en: our-translation",
        "name_en: hearsay",
        "hearsay",
        "unknown-reference",
        "sources.yaml",
        "hearsay",
    ),
    "entity twice": Case(
        "entities.yaml", "number: 2\n", "number: 1\n", "number: 1\n", "taken", "“1”", "its own"
    ),
    "key twice": Case(
        MOH, "entity: 1\n", "entity: 1\nentity: 1\n", "entity: 1\n", "repeated-key", "entity", "one"
    ),
    "fee without amount": Case(
        CONTRACT, "  baisa: 1000\n", "", "government_fee:\n  kind", "missing", "baisa", "Add"
    ),
    "table that misses a row": Case(
        RENEW, "    food: 40000\n", "", "rows:", "table-incomplete", "handles_food", "other, food"
    ),
    "table by an unknown field": Case(
        RENEW, "by: handles_food", "by: weather", "by: weather", "not-a-choice", "weather", "choice"
    ),
    "unknown document": Case(
        RENEW, "use: passport\n", "use: pasport\n", "pasport", "unknown-reference", "pasport", "add"
    ),
    "wrong type": Case(
        "fields.yaml",
        "type: civil_number",
        "type: civil",
        "type: civil\n",
        "not-one-of",
        "civil",
        "civil_number",
    ),
    "wrong pattern": Case(
        "fields.yaml",
        '"[A-Za-z0-9]{5,15}"',
        '"[A-Za-z0-9{5,15}"',
        "[A-Za-z0-9{",
        "bad-pattern",
        "A-Za",
        "brackets",
    ),
    "service in no family": Case(
        "services/03-mol.yaml",
        "  - code: mol-labour-reports\n",
        "  - code: mol-labour-rapports\n",
        "  - code: mol-labour-rapports",
        "without-family",
        "mol-labour-rapports",
        "families/",
    ),
    "service in two families": Case(
        "families/people.yaml",
        "      - mera-register-hajj-contractor\n",
        "      - mera-register-hajj-contractor\n      - rop-update-personal-data\n",
        "- rop-update-personal-data",
        "in-two-families",
        "rop-update-personal-data",
        "one of the two",
    ),
    "family of an unknown service": Case(
        "families/labour.yaml",
        "- mol-labour-reports\n",
        "- mol-labour-rapports\n",
        "- mol-labour-rapports",
        "unknown-reference",
        "mol-labour-rapports",
        "spelling",
    ),
    "described service in a family": Case(
        "families/labour.yaml",
        "- mol-labour-reports\n",
        "- mol-labour-reports\n      - mol-employment-contract\n",
        "- mol-employment-contract",
        "needs-no-family",
        "mol-employment-contract",
        "out of the family",
    ),
    "family of more than twenty": Case(
        "families/money.yaml",
        "      - moi-commence-construction-payment\n",
        "      - moi-commence-construction-payment\n      - mm-pay-parking-fines\n",
        "services:\n      - moi-temporary-secondary-services-payment",
        "family-too-large",
        "municipal-payment",
        "Split",
    ),
    "unknown stage of a procedure": Case(
        "families/labour.yaml",
        "use: review",
        "use: revue",
        "use: revue",
        "unknown-reference",
        "stages.yaml",
        "spelling",
    ),
    "fee beside a definition": Case(
        "services/02-rop-further.yaml",
        "    keywords: [police clearance, سيرة وسلوك]\n",
        "    keywords: [police clearance, سيرة وسلوك]\n    government_fee: {kind: fixed, baisa: 0,"
        " provenance: assumption, note_ar: ا, note_en: a}\n",
        "government_fee: {",
        "fee-twice",
        "rop-good-conduct-certificate",
        "definition",
    ),
    "text for a number": Case(
        "documents.yaml",
        "valid_for_days: 90",
        "valid_for_days: long",
        "long",
        "not-whole",
        "long",
        "whole number",
    ),
    "text for a list": Case(
        MOH,
        "keywords: [citizenship]",
        "keywords: citizenship",
        "keywords: citizenship",
        "wrong-shape",
        "list",
        "list",
    ),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_a_broken_file_is_named_with_line_and_fix(broken: Break, case: Case) -> None:
    folder = broken(case.file, case.old, case.new)
    text = (folder / case.file).read_text(encoding="utf-8")

    named = [one for one in check_folder(folder).problems if one.fault.code == case.code]

    line = text.count("\n", 0, text.rindex(case.at)) + 1
    problem = next(one for one in named if one.line == line)
    assert problem.file == case.file
    assert case.what in problem.what
    assert case.fix in problem.fix
    assert str(problem) == f"{case.file}, line {line}: {problem.what} {problem.fix}"


def test_broken_syntax_is_named_near_its_place(broken: Break) -> None:
    folder = broken(MOH, "keywords: [medical test", "keywords: [[medical test")

    problem = next(one for one in check_folder(folder).problems if one.file == MOH)

    assert problem.fault.code == "broken-yaml"
    assert 15 <= problem.line <= 20
    assert "brackets" in problem.fix


def test_all_mistakes_are_named_at_once_and_nothing_is_read(broken: Break) -> None:
    broken(LIST, FIRST, FIRST.replace("4000", "-1"))
    broken(MOH, "    kind: request", "    knid: request")
    folder = broken(CONTRACT, "  baisa: 1000\n", "")

    with pytest.raises(CatalogueRefused) as refused:
        read_catalogue(folder)

    assert {one.file for one in refused.value.problems} == {LIST, MOH, CONTRACT}
    assert refused.value.facts["count"] == len(refused.value.problems)


def test_a_folder_without_its_files_is_a_sentence_and_not_a_traceback(tmp_path: Path) -> None:
    problems = check_folder(tmp_path).problems

    assert {one.file for one in problems} == {
        "sources.yaml",
        "entities.yaml",
        "fields.yaml",
        "documents.yaml",
        "stages.yaml",
    }
    assert {one.fault.code for one in problems} == {"missing-file"}


def test_a_file_in_another_encoding_is_named(broken: Break) -> None:
    folder = broken(MOH, "entity: 1", "entity: 1")
    text = (folder / MOH).read_text(encoding="utf-8")
    (folder / MOH).write_bytes(text.encode("windows-1256", errors="replace"))

    named = [one for one in check_folder(folder).problems if one.file == MOH]

    assert [(one.line, one.fault.code) for one in named] == [(1, "not-utf8")]


def test_a_mistake_in_a_shared_field_is_named_once_in_its_own_file(broken: Break) -> None:
    folder = broken("fields.yaml", "type: civil_number", "type: civil")

    problems = check_folder(folder).problems

    assert [(one.file, one.fault.code) for one in problems] == [("fields.yaml", "not-one-of")]


def test_a_mistake_is_said_in_arabic_too(broken: Break) -> None:
    with (Path(__file__).parents[2] / "locale/ar/catalogue.po").open("rb") as file:
        arabic = {one.id: one.string for one in read_po(file)}
    problem = check_folder(broken(LIST, FIRST, FIRST.replace("4000", "4.5"))).problems[0]

    what, fix = problem.said(lambda text: arabic[text])

    assert what == "«4.5» ليس عددًا صحيحًا من البيسات يبدأ من الصفر."
    assert fix == "اكتب المبلغ بالبيسة من دون إشارة أو فاصلة: 4 ريالات تساوي 4000."


def test_every_fault_has_its_arabic() -> None:
    with (Path(__file__).parents[2] / "locale/ar/catalogue.po").open("rb") as file:
        arabic = {one.id for one in read_po(file) if one.string}
    faults = [one for one in vars(all_faults).values() if isinstance(one, Fault)]

    assert len(faults) > 15
    for fault in faults:
        assert {fault.what, fault.fix} <= arabic
    assert {CatalogueRefused.sentence, CatalogueFileRefused.sentence} <= arabic
