"""The documents say what the code does: settings, events, locks, links."""

import ast
import re

import pytest

from sanad.cli.events import table
from sanad.db.locks import Rank
from sanad.eventlog.kinds import all_kinds
from sanad.lib.keys import KINDS
from sanad.oversight import kpis
from tests.repository.tree import CODE, ROOT, files, named

DOCS = ROOT / "docs"
LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")


def read_from_the_environment() -> set[str]:
    """The names that settings and the scripts ask the environment for."""
    found = set()
    for node in ast.walk(ast.parse((CODE / "settings.py").read_text())):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "os.environ.get":
            found.add(ast.literal_eval(node.args[0]))
    for file in files():
        if file.is_relative_to(ROOT / "bin") or file.is_relative_to(CODE):
            found |= set(re.findall(r"\$\{(SANAD_\w+)", file.read_text()))
            found |= set(re.findall(r'= "(SANAD_\w+)"', file.read_text()))
    return found


def test_every_setting_is_documented_and_every_documented_setting_exists():
    text = (DOCS / "settings.md").read_text()
    documented = set(re.findall(r"^\| `([A-Z_]+)`", text, re.MULTILINE))

    assert documented == read_from_the_environment()


def test_nobody_but_the_settings_reads_the_environment():
    """What is written into it for a child process, and the two that come before settings."""
    readers = {
        named(file)
        for file in files()
        if file.suffix == ".py" and file.is_relative_to(CODE) and "os.environ" in file.read_text()
    }

    assert readers == {
        "sanad/settings.py",
        "sanad/lib/clock.py",
        "sanad/db/supervisor.py",
        "sanad/web/wsgi.py",
        "sanad/cli/__init__.py",
        "sanad/cli/output.py",
        "sanad/cli/demo.py",
        "sanad/cli/init.py",
        "sanad/cli/installation.py",
    }


def test_the_table_of_events_is_the_code_s_own():
    text = (DOCS / "events.md").read_text()
    missing = [kind.name for kind in all_kinds() if f"`{kind.name}`" not in text]

    assert missing == []
    assert table() in text, "run: bin/sanad events > the table in docs/events.md"


def test_the_table_of_kpis_is_the_code_s_own():
    text = (DOCS / "kpis.md").read_text()

    assert kpis.table() in text, "run: bin/sanad report kpis > the table in docs/kpis.md"


def test_the_order_of_locks_is_the_code_s_own():
    text = (DOCS / "locks.md").read_text()

    assert re.findall(r"^\d+\. `(\w+)`", text, re.MULTILINE) == [rank.name for rank in Rank]


def test_every_key_is_explained():
    text = (DOCS / "keys.md").read_text()

    for kind in KINDS:
        assert f"`{kind}-" in text, kind


@pytest.mark.parametrize("file", [f for f in files() if f.suffix == ".md"], ids=named)
def test_links_between_documents_lead_somewhere(file):
    broken = [
        link
        for link in LINK.findall(file.read_text())
        if not re.match(r"[a-z]+:", link) and not (file.parent / link).exists()
    ]

    assert broken == []


def test_files_that_the_documents_and_sentences_name_exist():
    named_files = re.compile(r"\b((?:docs|bin|sanad|tests|benchmarks|requirements)/[\w./-]+\w)")
    broken = []
    for file in files():
        if file.suffix in {".md", ".po"} or (file.is_relative_to(CODE) and file.suffix == ".py"):
            broken += [
                f"{named(file)}: {path}"
                for path in named_files.findall(file.read_text())
                if path.startswith("docs/") and not (ROOT / path).exists()
            ]

    assert broken == []
