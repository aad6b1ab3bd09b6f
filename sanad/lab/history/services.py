"""What the history has to know of each service: charges, forms as filled in, papers."""

import json
from dataclasses import dataclass
from datetime import date
from typing import Any

from sanad.catalogue import queries as catalogue
from sanad.catalogue.queries import ServiceView, documents_needed, sealed_keys, validate
from sanad.catalogue.shapes import Field
from sanad.lib.bilingual import Text
from sanad.lib.draws import Draws
from sanad.lib.refusal import N_, Refused
from sanad.till.rules import RESEND, first_stage

VARIANTS = 6
# What may stand in a text field that names no choices, tried in this order against its pattern.
WORDS = ("Al Khuwair", "مؤسسة الوادي الأخضر", "A1234567", "name@example.om", "1234", "OM-1234-56")


class FormNotFilled(Refused):
    code = "lab.form_not_filled"
    sentence = N_(
        "No made-up answer fits the field “{field}” of the service {service}. Give the field a "
        "pattern that one of the sample words fits, or add a word."
    )


@dataclass(frozen=True)
class Filled:
    """A form as filled in, in clear; the papers it asks for and the government's fee."""

    answers: dict[str, Any]
    sealed: tuple[str, ...]  # which answers are civil numbers
    papers: tuple[str, ...]
    government_baisa: int | None


@dataclass(frozen=True)
class Sold:
    """A service as it is sold: `fee_line` is None where the centre sets its own price."""

    id: int
    code: str
    entity: int
    entity_code: str
    name: Text
    entity_name: Text
    stage: str
    fee_line: int | None
    cap_baisa: int
    highest_government_baisa: int | None
    entity_days: int  # working days promised for the decision; 0 where none is
    may_return: bool
    filled: tuple[Filled, ...]


def services_sold(seed: int, on: date) -> list[Sold]:
    """Every service offered on a day that can be sold, by code. Raises `FormNotFilled`."""
    found = [
        _sold(view, seed, on)
        for entity in catalogue.entities()
        for view in catalogue.services_of(entity.number, on)
        if view.is_offered
    ]
    return sorted(found, key=lambda one: one.code)


def _sold(view: ServiceView, seed: int, on: date) -> Sold:
    stage = first_stage(set(view.fee_lines))
    line = view.fee_lines.get(stage or "")
    resend = view.fee_lines.get(RESEND)
    due = catalogue.government_fee_due(view.government_fee, {})
    days = [
        s.target.amount
        for s in view.procedure
        if s.responsible == "entity" and s.target and s.target.unit == "working_days"
    ]
    return Sold(
        id=view.id, code=view.code, entity=view.entity.number, entity_code=view.entity.code,
        name=view.name, entity_name=view.entity.name, stage=stage or "submit",
        fee_line=line.id if line else None, cap_baisa=line.baisa if line else 0,
        highest_government_baisa=due.highest_baisa, entity_days=sum(days),
        # A charge for sending again is left to the counter; the story has none.
        may_return=resend is None or resend.baisa == 0,
        filled=tuple(_filled(view, Draws(seed, "form", view.code, n), on) for n in range(VARIANTS)),
    )  # fmt: skip


def _filled(view: ServiceView, draws: Draws, on: date) -> Filled:
    answers = {field.key: _answer(field, draws) for field in view.form}
    for word in WORDS:
        checked = validate(view.form, answers, on=on)
        if checked.complete:
            break
        answers |= dict.fromkeys(checked.problems, word)
    else:
        raise FormNotFilled(field=", ".join(checked.problems), service=view.code)
    values = checked.values
    return Filled(
        answers=values,
        sealed=tuple(sorted(k for k in sealed_keys(view.form) if values.get(k, "") != "")),
        papers=tuple(d.code for d in documents_needed(view.documents or (), values)),
        government_baisa=catalogue.government_fee_due(view.government_fee, values).baisa,
    )


def _answer(field: Field, draws: Draws) -> str:
    if field.type == "choice":
        return draws.one_of(field.options).value
    if field.type == "date":
        year = {"past": 1990, "future": 2026}.get(field.relative, 2025)
        return f"{year}-{10 + draws.below(3)}-{10 + draws.below(18)}"
    if field.type == "civil_number":
        return f"7{draws.below(10_000_000):07d}"
    if field.type == "phone":
        return f"+9689{draws.below(10_000_000):07d}"
    if field.type == "money":
        low, high = field.min_baisa or 1000, field.max_baisa or 500_000
        return f"{(low + (min(high, 1_000_000) - low) * draws.below(100) // 100) // 1000 + 1}"
    if field.type == "digits":
        length = max(field.min_length or 1, min(7, field.max_length or 7))
        return "".join(str(1 + draws.below(9)) for _ in range(length))
    return WORDS[draws.below(2)]


def sorted_json(values: dict[str, Any]) -> str:
    """As the bodies that are hashed: sorted keys, everything beyond ASCII escaped."""
    return json.dumps(values, sort_keys=True)
