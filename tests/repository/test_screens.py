"""Templates and styles: both directions from one source, and nothing the content policy forbids."""

import re

import pytest
from babel.messages.pofile import read_po

from sanad.cli.messages import compare, merge, wanted
from tests.repository.tree import CODE, ROOT, named

TEMPLATES = sorted((CODE / "web" / "templates").rglob("*.html"))
STYLES = sorted((CODE / "web" / "static" / "sanad").rglob("*.css"))
SCRIPTS = sorted((CODE / "web" / "static" / "sanad").rglob("*.js"))
SIDES = re.compile(
    r"(?:^|[;{\s])(?:(?:margin|padding|border|scroll-margin|scroll-padding)-(?:left|right)"
    r"|left|right)\s*:|(?:text-align|float|clear)\s*:\s*(?:left|right)\b"
)
BOOTSTRAP_SIDES = re.compile(r'class="[^"]*\b(?:ml|mr|pl|pr)-\d|(?:text|float)-(?:left|right)\b')
INLINE = re.compile(
    r"<style|\sstyle\s*=|<script(?![^>]*\b(?:src=|type=\"application/json\"))"
    r"|<[a-z][^>]*\son[a-z]+\s*=|javascript:|hx-on|hx-vals=[\"']js:",
    re.IGNORECASE,
)
REMOTE = re.compile(r"""(?:src|href|url)\s*[=(]\s*["']?(?:https?:)?//""")


@pytest.mark.parametrize("file", STYLES, ids=named)
def test_styles_name_start_and_end_and_no_side(file):
    text = re.sub(r"/\*.*?\*/", "", file.read_text(), flags=re.DOTALL)

    assert SIDES.findall(text) == []


@pytest.mark.parametrize("file", TEMPLATES, ids=named)
def test_templates_have_nothing_inline_nothing_remote_and_no_side(file):
    text = file.read_text()

    assert INLINE.findall(text) == []
    assert BOOTSTRAP_SIDES.findall(text) == []
    assert (
        REMOTE.findall(re.sub(r'href="https://[^"]*" rel="(?:external|noopener)', "", text)) == []
    )


@pytest.mark.parametrize("file", [*SCRIPTS, *STYLES], ids=named)
def test_scripts_and_styles_fetch_nothing_from_elsewhere_and_evaluate_nothing(file):
    text = file.read_text()

    assert not re.search(r"\beval\(|new Function\(|\.innerHTML\s*=", text)
    assert not REMOTE.search(text)


def test_the_direction_is_set_once():
    setters = [named(f) for f in TEMPLATES if re.search(r"<html[^>]*\bdir=", f.read_text())]

    assert setters == ["sanad/web/templates/plain.html"] or len(setters) <= 2


def test_the_rules_find_what_they_are_for():
    for bad in ("a { margin-left: 1px }", "p{left:0}", "p { text-align: right }"):
        assert SIDES.search(bad), bad
    for good in ("a { margin-inline-start: 1px }", "p { inset-inline-end: 0 }"):
        assert not SIDES.search(good), good
    for bad in ('<p style="x">', "<script>alert()</script>", '<a onclick="x">', "<style>"):
        assert INLINE.search(bad), bad
    for good in ("<script src=\"{% static 'a.js' %}\" defer></script>", '<p class="on=1">'):
        assert not INLINE.search(good), good


def test_every_message_has_its_arabic():
    report = compare(list(wanted()), merge("ar"))

    assert report.missing == []
    assert report.wrong == []


@pytest.mark.parametrize("file", sorted((ROOT / "locale").glob("*/*.po")), ids=named)
def test_translation_files_parse_and_nothing_in_them_is_uncertain(file):
    with file.open("rb") as stream:
        found = read_po(stream, abort_invalid=True)

    assert len(found) > 0
    assert [message.id for message in found if message.id and message.fuzzy] == []
