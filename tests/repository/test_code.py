"""Rules of the code that no linter knows."""

import ast
import re

import grimp
import pytest
from django.core.management import call_command

from tests.repository.tree import CODE, ROOT, files, named, python

CLOCK = "sanad/lib/clock.py"
CLOCK_READERS = re.compile(r"sanad\.(web|api|cli)(\.|$)|sanad\.\w+\.tasks$")
# What reads the machine's clock without deciding anything by it: (file, what, why).
CLOCK_EXCEPTIONS = {
    ("sanad/cli/demo.py", "time.time", "the seconds since bin/setup began, in the shell's clock"),
}
NOW = {
    ("datetime", "now"), ("datetime", "utcnow"), ("datetime", "today"), ("dt", "now"),
    ("date", "today"), ("timezone", "now"), ("timezone", "localtime"), ("timezone", "localdate"),
    ("time", "time"), ("time", "localtime"), ("time", "gmtime"),
}  # fmt: skip
# Imports of a room's tables from outside it: none, but for types and one for the shell's request.
MODEL_IMPORTS = {
    ("sanad.web.shell.screen", "sanad.accounts.models"): "the type of a request's user",
}


@pytest.fixture(scope="module")
def graph():
    return grimp.build_graph("sanad", exclude_type_checking_imports=True, cache_dir=None)


def test_only_its_owner_imports_a_rooms_tables(graph):
    found = set()
    for module in graph.modules:
        if module.endswith(".models"):
            room = module.removesuffix("models")
            found |= {
                (importer, module)
                for importer in graph.find_modules_that_directly_import(module)
                if not importer.startswith(room)
            }

    assert found == set(MODEL_IMPORTS)


def test_only_screens_commands_and_jobs_read_the_clock(graph):
    readers = graph.find_modules_that_directly_import("sanad.lib.clock")

    assert {reader for reader in readers if not CLOCK_READERS.match(reader)} == set()
    assert len(readers) > 5


def test_the_present_is_read_in_one_file():
    found = set()
    for file in python():
        for node in ast.walk(ast.parse(file.read_text())):
            if not isinstance(node, ast.Attribute) or not isinstance(node.value, ast.Name):
                continue
            if (node.value.id, node.attr) in NOW and named(file) != CLOCK:
                found.add((named(file), f"{node.value.id}.{node.attr}"))

    assert found == {(file, what) for file, what, _ in CLOCK_EXCEPTIONS}


def test_sql_does_not_read_the_present_either():
    """Only the log's own column does: when the database recorded an event."""
    present = re.compile(r"\b(now\(\)|current_timestamp|current_date|clock_timestamp\(\))", re.I)
    found = {
        named(file)
        for file in files()
        if file.suffix == ".sql" and present.search(_without_comments(file.read_text()))
    }

    assert found == {"sanad/eventlog/sql/tables.sql"}


@pytest.mark.parametrize("file", sorted(CODE.glob("*/sql/*.sql")), ids=named)
def test_each_query_says_its_grain_its_source_and_its_reader(file):
    header = []
    for line in file.read_text().splitlines():
        if not line.startswith("--"):
            break
        header.append(line)
    said = " ".join(header).lower()

    for word in ("grain", "source", "reader"):
        assert re.search(rf"\b{word}s?\b", said), f"{named(file)} does not say its {word}"


@pytest.mark.parametrize("folder", sorted(CODE.glob("*/migrations")), ids=named)
def test_migrations_are_numbered_without_gaps(folder):
    numbers = sorted(int(file.name[:4]) for file in folder.glob("[0-9]*.py"))

    assert numbers == list(range(1, len(numbers) + 1))
    assert not [f for f in folder.glob("*.py") if not re.match(r"\d{4}_[a-z_]+|__init__", f.stem)]


@pytest.mark.django_db
def test_no_migration_is_missing(capsys):
    call_command("makemigrations", "--check", "--dry-run", verbosity=1)

    assert "No changes detected" in capsys.readouterr().out


def test_every_room_with_tables_says_who_may_see_them():
    for folder in sorted(CODE.glob("*/migrations")):
        assert (folder.parent / "security.sql").exists(), named(folder.parent)


def test_no_file_knows_the_machine_it_was_written_on():
    paths = re.compile(r"(?<![\w./}-])/(?:work|root|home|Users)/[\w.]")
    hosts = re.compile(r"pythonhosted|registry\.npmjs|pypi\.org|artifactory|index-url|_authToken")
    found = []
    for file in files():
        if file == ROOT / "tests/repository/test_code.py":
            continue
        text = file.read_text(encoding="utf-8", errors="replace")
        found += [
            f"{named(file)}: {hit[0]}" for rule in (paths, hosts) if (hit := rule.search(text))
        ]

    assert found == []


def test_nothing_is_left_for_later():
    marks = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b|NotImplementedError")
    found = [
        named(f) for f in (*python(), *python(ROOT / "sandbox")) if marks.search(f.read_text())
    ]

    assert found == []


def test_whoever_acts_says_by_whom_with_that_word():
    """`by` is a keyword: the person who acts is never mistaken for the person acted for."""
    wrong = []
    for file in sorted(CODE.glob("*/actions.py")):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
                by_position = {argument.arg for argument in node.args.args}
                wrong += [f"{named(file)}: {node.name}"] if "by" in by_position else []

    assert wrong == []


def _without_comments(text: str) -> str:
    return re.sub(r"--[^\n]*", "", text)
