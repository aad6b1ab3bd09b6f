"""docs/glossary.md names each value of the program as the screens name it."""

from pathlib import Path

import pytest
from django.utils import translation

from sanad.accounts import roles
from sanad.cases import rules as cases
from sanad.catalogue.queries import STAGE_NAMES
from sanad.counter import rules as counter
from sanad.eventlog.kinds import all_kinds
from sanad.lib.bilingual import Text
from sanad.till.rules import ACCOUNTS

GLOSSARY = Path(__file__).resolve().parents[2] / "docs" / "glossary.md"


def rows() -> list[tuple[str, str, str]]:
    found = [line.split("|") for line in GLOSSARY.read_text().splitlines()]
    return [tuple(part.strip() for part in row[1:4]) for row in found if len(row) == 6]


def spoken(message: str) -> Text:
    with translation.override("ar"):
        return Text(translation.gettext(message), message)


SAID = {
    **cases.STATUS_NAMES,
    **STAGE_NAMES,
    **counter.GROUP_NAMES,
}


@pytest.mark.parametrize("code", SAID)
def test_a_name_that_screens_say_is_the_glossarys(code):
    assert (SAID[code].ar, SAID[code].en, f"`{code}`") in rows()


@pytest.mark.parametrize("names", [roles.NAMES, cases.HOLDER_NAMES], ids=["roles", "holders"])
def test_names_of_the_translations_are_the_glossarys(names):
    for code, message in names.items():
        name = spoken(message)
        assert (name.ar, name.en, f"`{code}`") in rows()


@pytest.mark.parametrize("code", [*ACCOUNTS, *counter.STATUSES])
def test_every_account_and_ticket_status_is_explained(code):
    assert f"`{code}`" in {row[2] for row in rows()}


@pytest.mark.parametrize(
    ("english", "arabic"),
    [("Centre's charge", "رسم المركز"), ("Receipt", "إيصال"), ("Variance", "الفرق"),
     ("Civil number", "الرقم المدني"), ("Held for entities", "محفوظ للجهات")],
)  # fmt: skip
def test_a_word_of_a_screen_is_the_glossarys(english, arabic):
    assert spoken(english).ar == arabic
    assert arabic in {row[0] for row in rows()}


def test_no_code_has_two_meanings():
    codes = [code for _, _, code in rows()]
    doubled = {code for code in codes if codes.count(code) > 1}

    assert doubled == {"code", "---"}
    assert "ticket.issued" in {kind.name for kind in all_kinds()}
