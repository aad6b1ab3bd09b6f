"""A centre of the sustainability pages, as a line of a list and of a file."""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from django.utils.translation import gettext as _

from sanad.lab.sustainability import network
from sanad.lab.sustainability.measures import AT_RISK, CANNOT_PAY, LIVES, RULES, VERDICTS
from sanad.lab.sustainability.network import Assessed
from sanad.lib.bilingual import Text
from sanad.web.lab import sustainability_choices as choices
from sanad.web.lab.sustainability_choices import Asked

STATES: Final = {CANNOT_PAY: "state-bad", AT_RISK: "state-wait", LIVES: "state-good"}
HEADER: Final = (
    "centre", "name_ar", "name_en", "governorate", "wilayat", "income_baisa_a_month",
    "costs_baisa_a_month", "margin_baisa_a_month", "left_after_living_baisa_a_month",
    "transactions_a_month", "break_even_transactions", "runway_months", "largest_entity",
    "largest_entity_share", "herfindahl", "verdict", "reasons", "costs_stated", "calibration",
    "scenario", "simulated",
)  # fmt: skip


@dataclass(frozen=True)
class Row:
    """A centre of the list; amounts are whole baisa a month."""

    number: int
    name: Text
    wilayat: Text
    governorate: Text
    income: int
    fixed: int
    margin: int
    left: int
    transactions: str
    break_even: str  # empty where no volume is enough
    entity: Text
    entity_share: str
    verdict: Text
    state: str
    reasons: tuple[Text, ...]
    is_stated: bool


def row_of(found: Assessed, asked: Asked, row: int) -> Row:
    """A centre as the list shows it."""
    held, model = found.judged, found.income.model
    number = int(model.centre[row])
    governorates, wilayats = network.place_names()
    verdict = held.verdict(row)
    need = held.break_even[row]
    return Row(
        number, choices.centre_names(asked.calibration).get(number, Text(str(number), str(number))),
        wilayats[int(model.wilayat[row])], governorates[int(model.governorate[row])],
        round(held.income[row]), int(held.fixed[row]), round(held.margin[row]),
        round(held.margin[row] - held.living[row]), f"{held.transactions[row]:,.0f}",
        "" if np.isnan(need) else f"{np.ceil(need):,.0f}",
        network.entity_names()[model.entities[int(held.largest_entity[row])]],
        percent(held.largest_entity_share[row]), VERDICTS[verdict], STATES[verdict],
        tuple(RULES[code] for code in held.reasons(row)), bool(found.costs.stated[row]),
    )  # fmt: skip


def line_of(found: Assessed, asked: Asked, row: int) -> list[Any]:
    held, shown = found.judged, row_of(found, asked, row)
    return [
        shown.number, shown.name.ar, shown.name.en, shown.governorate.en, shown.wilayat.en,
        shown.income, shown.fixed, shown.margin, shown.left,
        round(float(held.transactions[row]), 1), _number(held.break_even[row]),
        _number(held.runway[row]), shown.entity.en, _number(held.largest_entity_share[row], 4),
        _number(held.herfindahl[row], 4), held.verdict(row), " ".join(held.reasons(row)),
        shown.is_stated, asked.calibration, asked.scenario, True,
    ]  # fmt: skip


def _number(value: float, decimals: int = 1) -> float | None:
    return round(float(value), decimals) if np.isfinite(value) else None


def runway(months: float) -> str:
    """How long a reserve lasts, in words; unknown stays unknown."""
    if np.isnan(months):
        return _("Not known: the owner has stated no reserve.")
    if np.isinf(months):
        return _("Nothing is drawn from the reserve.")
    return _("{n} months").format(n=f"{months:.1f}")


def percent(share: float) -> str:
    """A share of one, or nothing where there is none."""
    return "" if np.isnan(share) else f"{100 * share:.0f}%"
