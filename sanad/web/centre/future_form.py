"""The two forms of the owner's page: what the centre costs, and what would be if."""

from collections.abc import Mapping
from typing import Final

from django.utils.translation import gettext as _

from sanad.centres.stated import LINES, Stated
from sanad.lab.sustainability.costs import read_defaults
from sanad.lab.sustainability.owner import (
    MOST_A_DAY,
    MOST_MINUTES,
    MOST_PEOPLE,
    MOST_PERCENT,
    Change,
    ChangeOutOfRange,
)
from sanad.lib.digits import ascii_digits
from sanad.lib.money import format_omr, parse_baisa
from sanad.lib.refusal import N_, Refused
from sanad.web.shell.fields import Field
from sanad.web.shell.say import say

LABELS: Final = {
    "rent": N_("Rent a month"),
    "wages": N_("Wages a month, all together"),
    "utilities": N_("Electricity and water a month"),
    "licence": N_("Licence, a twelfth of the year"),
    "connection": N_("Connection and systems a month"),
    "each": N_("Paper, ink and fees of one transaction"),
    "living": N_("What you need to live on a month"),
    "reserve": N_("What is put by"),
}
# The parameters of the what-if form: label, the least and the most.
WHAT_IF: Final[dict[str, tuple[str, int, int]]] = {
    "price_percent": (N_("Own prices, per cent more or less"), -MOST_PERCENT, MOST_PERCENT),
    "minutes_later": (N_("Minutes later that you close"), -MOST_MINUTES, MOST_MINUTES),
    "people": (N_("People more or fewer at the counters"), -MOST_PEOPLE, MOST_PEOPLE),
    "private_a_day": (N_("Private services more a day"), 0, MOST_A_DAY),
}
MINUS: Final = str.maketrans({"\u2212": "-", "\u200e": "", "\u200f": "", "\u061c": ""})


def cost_fields(
    typed: Mapping[str, str], errors: Mapping[str, str], assumed: Mapping[str, int]
) -> list[Field]:
    """The questions about costs; empty means not stated."""
    return [
        Field(
            name=name, label=_(LABELS[name]), kind="money", value=typed.get(name, ""),
            error=errors.get(name, ""), autocomplete="off", help=_help(name, assumed),
        )
        for name in LINES
    ]  # fmt: skip


def _help(name: str, assumed: Mapping[str, int]) -> str:
    if name not in assumed:
        return _("Without it, how long you last stays unknown. Nobody guesses it.")
    return _("Left open, {amount} rials are assumed.").format(amount=format_omr(assumed[name]))


def shown(stated: Stated) -> dict[str, str]:
    """What is stated, as one would type it."""
    return {
        name: format_omr(value) if value is not None else ""
        for name, value in vars(stated).items()
    }  # fmt: skip


def read_costs(typed: Mapping[str, str]) -> tuple[Stated, dict[str, str]]:
    """What was typed, in baisa, and what is wrong with it by field."""
    values, errors = {}, {}
    for name in LINES:
        if not typed[name]:
            continue
        try:
            values[name] = parse_baisa(typed[name])
        except Refused as wrong:
            errors[name] = say(wrong)
    return Stated(**values), errors


def what_if_fields(typed: Mapping[str, str]) -> list[Field]:
    """The questions of the what-if form."""
    return [
        Field(name=name, label=_(label), kind="number", value=typed.get(name, ""),
              autocomplete="off")
        for name, (label, _low, _high) in WHAT_IF.items()
    ]  # fmt: skip


def read_change(typed: Mapping[str, str]) -> Change:
    """The change that is asked about. Raises `ChangeOutOfRange`."""
    values = {}
    for name, (label, low, high) in WHAT_IF.items():
        text = ascii_digits(typed.get(name, "")).translate(MINUS)
        if not text:
            continue
        if not text.removeprefix("-").removeprefix("+").isdecimal() or not low <= int(text) <= high:
            raise ChangeOutOfRange(value=typed[name], field=_(label), low=low, high=high)
        values[name] = int(text)
    return Change(**values)


def assumptions() -> dict[str, str]:
    """The numbers that the what-if form's sentences name."""
    levers = read_defaults().levers
    return {"answer": f"{levers['fee_lines']['mid']:g}", "visits": f"{levers['hours']['mid']:g}%"}
