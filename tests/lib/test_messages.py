"""Every sentence of a refusal in lib is said in Arabic, with the same facts."""

import importlib
import pkgutil
import string
from pathlib import Path

from babel.messages.pofile import read_po

import sanad.lib
from sanad.lib.refusal import Refused

PO_FILE = Path(__file__).parents[2] / "locale/ar/lib.po"


def facts_in(sentence):
    return sorted(name for _, name, _, _ in string.Formatter().parse(sentence) if name)


def refusals_in_lib():
    for module in pkgutil.iter_modules(sanad.lib.__path__, "sanad.lib."):
        names = vars(importlib.import_module(module.name)).values()
        yield from (one for one in names if isinstance(one, type) and issubclass(one, Refused))


def test_every_sentence_has_its_arabic_with_the_same_facts():
    with PO_FILE.open("rb") as file:
        arabic = {message.id: message.string for message in read_po(file) if message.id}
    sentences = {refusal.sentence for refusal in refusals_in_lib()}

    assert sentences == set(arabic)
    for english in sentences:
        assert facts_in(arabic[english]) == facts_in(english), english


def test_no_two_refusals_share_a_code():
    refusals = set(refusals_in_lib())

    assert len({refusal.code for refusal in refusals}) == len(refusals)
