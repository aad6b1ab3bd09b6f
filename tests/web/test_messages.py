"""`bin/sanad messages`: merging, refusing a conflict, listing what is missing or broken."""

import json
from pathlib import Path

import pytest
from babel.messages.mofile import read_mo
from click.testing import CliRunner

from sanad.cli import messages
from sanad.cli.messages import BrokenTranslationFile, ConflictingTranslations, Wanted

HEAD = (
    'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n'
    '"Plural-Forms: nplurals=6; plural=n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : '
    'n%100>=3 && n%100<=10 ? 3 : n%100>=11 && n%100<=99 ? 4 : 5;\\n"\n\n'
)


@pytest.fixture
def locale(tmp_path, monkeypatch):
    (tmp_path / "ar").mkdir()
    monkeypatch.setattr(messages, "LOCALE", tmp_path)
    return tmp_path


def write(locale: Path, room: str, *pairs: tuple[str, str]) -> None:
    body = "\n".join(f'msgid "{english}"\nmsgstr "{arabic}"\n' for english, arabic in pairs)
    (locale / "ar" / f"{room}.po").write_text(HEAD + body, encoding="utf-8")


def wanted(text: str, plural: str = "", context: str = "") -> Wanted:
    return Wanted((context, text), plural, "a.py:1")


def test_every_rooms_file_goes_into_one_catalogue(locale):
    write(locale, "desk", ("Call", "استدعاء"))
    write(locale, "hall", ("Ticket", "تذكرة"), ("Call", "استدعاء"))

    count = messages.compile_language("ar")

    with (locale / "ar/LC_MESSAGES/django.mo").open("rb") as file:
        compiled = read_mo(file)
    assert count == 2
    assert compiled.get("Ticket").string == "تذكرة"
    assert compiled.num_plurals == 6


def test_two_translations_of_one_message_are_refused_by_file_and_line(locale):
    write(locale, "desk", ("Call", "استدعاء"))
    write(locale, "hall", ("Call", "نداء"))

    with pytest.raises(ConflictingTranslations) as refused:
        messages.compile_language("ar")

    assert refused.value.facts["first"].endswith("desk.po:6")
    assert refused.value.facts["second"].endswith("hall.po:6")
    assert not (locale / "ar/LC_MESSAGES/django.mo").exists()


def test_a_broken_file_is_named(locale):
    (locale / "ar/desk.po").write_text(HEAD + 'msgid "Call"\nmsgstr "x" y z\nnonsense\n', "utf-8")

    with pytest.raises(BrokenTranslationFile, match=r"desk\.po"):
        messages.compile_language("ar")


def test_a_language_without_files_has_no_catalogue(locale):
    assert messages.compile_language("en") == 0
    assert not (locale / "en").exists()


def test_missing_and_lost_placeholders_are_listed(locale):
    write(locale, "desk", ("At most {limit}", "على الأكثر"), ("Fine {n}", "حسن {n}"))
    catalogue = messages.merge("ar")

    report = messages.compare(
        [wanted("At most {limit}"), wanted("Fine {n}"), wanted("Nothing")], catalogue
    )

    assert (report.messages, report.translated) == (3, 1)
    assert report.wrong == ["a.py:1: “At most {limit}”: differs in limit"]
    assert report.missing == ["a.py:1: no Arabic for “Nothing”"]


def test_arabic_needs_its_six_forms_and_may_leave_the_number_out_of_one(locale):
    forms = ["لا", "واحد", "اثنان", "%(n)s أشياء", "%(n)s شيئًا", "%(n)s شيء"]
    lines = "\n".join(f'msgstr[{i}] "{form}"' for i, form in enumerate(forms))
    (locale / "ar/desk.po").write_text(
        HEAD + f'msgid "%(n)s thing"\nmsgid_plural "%(n)s things"\n{lines}\n', "utf-8"
    )
    report = messages.compare([wanted("%(n)s thing", "%(n)s things")], messages.merge("ar"))
    assert report.is_clean

    strange = lines.replace("%(n)s أشياء", "%(m)s أشياء")
    (locale / "ar/desk.po").write_text(
        HEAD + f'msgid "%(n)s thing"\nmsgid_plural "%(n)s things"\n{strange}\n', "utf-8"
    )
    report = messages.compare([wanted("%(n)s thing", "%(n)s things")], messages.merge("ar"))
    assert report.wrong == ["a.py:1: “%(n)s thing”: uses the unknown m"]


def test_messages_are_found_in_python_and_in_templates(tmp_path):
    python = tmp_path / "a.py"
    python.write_text('x = N_("One")\n\ndef f():\n    return ngettext("{n} a", "{n} b", 2)\n')
    template = (
        '  <p>{% translate "Two" %}</p>\n'
        "{% blocktranslate trimmed %}\n  Hi {{ name }}\n{% endblocktranslate %}"
    )

    in_python = [one.key[1] for one in messages._in_python(python, python.read_text())]
    calls = messages._as_python(template, tmp_path / "a.html")
    in_template = [one.key[1] for one in messages._in_python(tmp_path / "a.html", calls)]

    assert in_python == ["One", "{n} a"]
    assert in_template == ["Two", "Hi %(name)s"]


def test_the_frame_and_the_public_pages_are_wholly_translated():
    """This room's own part of `messages check`; bin/check runs the whole."""
    ours = ("sanad/web/shell", "sanad/web/public", "sanad/cli/messages")
    report = messages.compare(
        [one for one in messages.wanted() if one.place.startswith(ours)], messages.merge("ar")
    )
    assert report.missing == []
    assert report.wrong == []


def test_compile_prints_one_document(locale):
    write(locale, "desk", ("Call", "استدعاء"))

    result = CliRunner().invoke(messages.messages, ["compile", "--json"])

    assert result.exit_code == 0
    assert json.loads(result.output) == {"compiled": {"ar": 1, "en": 0}}
