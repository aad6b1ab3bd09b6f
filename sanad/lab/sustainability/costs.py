"""What centres cost a month: assumed by wilayat, or as their owners state it.

Amounts are whole baisa. What is assumed stands in `lab/data/costs.yaml` with its reason.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any, Final

import numpy as np
import yaml

from sanad.centres.files import read_network
from sanad.centres.stated import Stated
from sanad.lab.twin.facts import Flags, Ints
from sanad.lab.twin.network.model import Model
from sanad.lab.twin.world import Floats
from sanad.lib.bilingual import Text
from sanad.lib.money import BAISA_PER_RIAL
from sanad.lib.refusal import N_, Refused

FILE: Final = Path(__file__).parents[1] / "data" / "costs.yaml"
LEVELS: Final = ("low", "mid", "high")
MONTHLY: Final = ("rent", "wages", "utilities", "licence", "connection")
LINES: Final = (*MONTHLY, "each", "living")
RESERVE_NAME: Final = Text("الاحتياطي", "Reserve")
RENT: Final = "rent"


class LevelUnknown(Refused):
    code = "sustainability.level_unknown"
    sentence = N_("There is no level of costs “{level}”. Use one of: {known}.")


class CostsFileRefused(Refused):
    code = "sustainability.costs_file"
    sentence = N_(
        "costs.yaml: “{line}” needs low, mid and high in this order of size, a reason in both "
        "languages and assumed: true. Correct that entry."
    )


@dataclass(frozen=True)
class Assumed:
    """A line of the file; `baisa` by level, for rent by group and level."""

    code: str
    name: Text
    reason: Text
    baisa: dict[str, dict[str, int]]  # group ("" where there is one value) -> level -> baisa


@dataclass(frozen=True)
class Defaults:
    """What the file assumes."""

    lines: dict[str, Assumed]
    rent_group: dict[int, str]  # by wilayat
    vat: Text
    runway_months: int
    levers: dict[str, dict[str, Any]]

    def of_wilayat(self, wilayat: int, people: int, level: str = "mid") -> dict[str, int]:
        """By line, in baisa, for a centre with so many at its counters."""
        found = {code: self.value(code, level) for code in LINES if code != RENT}
        found[RENT] = self.lines[RENT].baisa[self.rent_group[wilayat]][level]
        return found | {"wages": found["wages"] * max(people - 1, 0)}

    def value(self, code: str, level: str) -> int:
        """A line that is the same everywhere, in baisa."""
        return self.lines[code].baisa[""][level]


@dataclass(frozen=True)
class Costs:
    """(K,) each, in baisa a month; `each` a transaction; `reserve` NaN where it is not stated."""

    rent: Ints
    wages: Ints
    utilities: Ints
    licence: Ints
    connection: Ints
    each: Ints
    living: Ints
    reserve: Floats
    stated: Flags  # whether the owner said any of it

    @property
    def fixed(self) -> Ints:
        """(K,) what is paid whether anybody comes or not."""
        found: Ints = np.sum([getattr(self, code) for code in MONTHLY], axis=0)
        return found

    def take(self, rows: Any) -> "Costs":
        """Only these centres."""
        return Costs(**{name: value[rows] for name, value in vars(self).items()})


def costs_of(
    model: Model, *, level: str = "mid", stated: Mapping[int, Stated] | None = None
) -> Costs:
    """The costs of a model's centres. Raises `LevelUnknown`."""
    defaults = read_defaults()
    if level not in LEVELS:
        raise LevelUnknown(level=level, known=", ".join(LEVELS))
    rows = [
        defaults.of_wilayat(wilayat, people, level)
        for wilayat, people in zip(model.wilayat.tolist(), model.servers.tolist(), strict=True)
    ]
    found = Costs(
        **{code: np.array([row[code] for row in rows], dtype=np.int64) for code in LINES},
        reserve=np.full(len(rows), np.nan), stated=np.zeros(len(rows), dtype=bool),
    )  # fmt: skip
    return _with(found, model, stated or {})


def _with(costs: Costs, model: Model, stated: Mapping[int, Stated]) -> Costs:
    """The same with what owners say in place of what is assumed."""
    arrays = {name: value.copy() for name, value in vars(costs).items()}
    position = {int(number): row for row, number in enumerate(model.centre)}
    for centre, said in stated.items():
        row = position.get(centre)
        if row is None or said.is_empty:
            continue
        for name, value in vars(said).items():
            if value is not None:
                arrays[name][row] = value
        arrays["stated"][row] = True
    return replace(costs, **arrays)


@cache
def read_defaults(file: Path = FILE) -> Defaults:
    """The file. Raises `CostsFileRefused`."""
    said = yaml.safe_load(file.read_text(encoding="utf-8"))
    lines = {code: _line(code, said["costs"][code]) for code in LINES}
    groups = said["costs"][RENT]["groups"]
    return Defaults(
        lines, {one.code: _group(groups, one.code, one.people) for one in read_network().wilayats},
        Text(**said["apart"]["vat"]), int(said["risk"]["runway_months"]), said["levers"],
    )  # fmt: skip


def _line(code: str, said: dict[str, Any]) -> Assumed:
    try:
        values = {str(one["code"]): one for one in said.get("groups", ())} or {"": said}
        found = Assumed(
            code, Text(**said["name"]), Text(**said["reason"]),
            {group: {level: _baisa(one[level]) for level in LEVELS}
             for group, one in values.items()},
        )  # fmt: skip
        ordered = all(one["low"] <= one["mid"] <= one["high"] for one in found.baisa.values())
    except (KeyError, TypeError) as wrong:
        raise CostsFileRefused(line=code) from wrong
    if said.get("assumed") is not True or not ordered:
        raise CostsFileRefused(line=code)
    return found


def _baisa(rials: float) -> int:
    return round(rials * BAISA_PER_RIAL)


def _group(groups: list[dict[str, Any]], wilayat: int, people: int) -> str:
    """The group whose list names the wilayat, else the first that so many people suffice for."""
    for one in groups:
        if wilayat in one.get("wilayats", ()):
            return str(one["code"])
    return next(
        str(one["code"]) for one in groups if "people_from" in one and people >= one["people_from"]
    )
