"""An instance from a document: YAML or JSON, as docs/portfolio.md describes it."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import yaml

from sanad.lab.portfolio import fields
from sanad.lab.portfolio.instance import UNITS_A_POINT, Initiative, Instance, Value
from sanad.lib.money import MAX_BAISA
from sanad.lib.refusal import N_, Refused

MOST_INITIATIVES, MOST_QUARTERS, MOST_CREW, MOST_POINTS = 200, 40, 100_000, 1_000_000
OF_INSTANCE: Final = frozenset({"first", "quarters", "budget_baisa", "crews", "initiatives"})
OF_INITIATIVE: Final = frozenset(
    {"code", "name", "owner", "entity", "duration", "cost_baisa", "crew", "value", "after",
     "excludes", "one_of", "earliest", "must", "never"}
)  # fmt: skip


class NotADocument(Refused):
    code = "portfolio.not_a_document"
    sentence = N_("{file} is not a YAML or JSON document of a portfolio: {why}.")


def read(file: Path) -> Instance:
    """Raises `NotADocument`, `FieldWrong` and `FieldUnknown`."""
    try:
        text = file.read_text(encoding="utf-8")
        document = json.loads(text) if file.suffix == ".json" else yaml.safe_load(text)
    except (UnicodeDecodeError, ValueError, yaml.YAMLError) as error:
        raise NotADocument(file=file.name, why=str(error).splitlines()[0]) from error
    if not isinstance(document, Mapping):
        raise NotADocument(file=file.name, why=f"{type(document).__name__}")
    return instance_of(document)


def instance_of(document: Mapping[str, Any]) -> Instance:
    """The instance that a document describes. Raises `FieldWrong` and `FieldUnknown`."""
    where = "portfolio"
    fields.only(document, OF_INSTANCE, where)
    first = fields.quarter(document.get("first"), "first", where)
    quarters = fields.whole(document.get("quarters"), "quarters", where, 1, MOST_QUARTERS)
    given = fields.listed(document.get("initiatives"), "initiatives", where)
    if not 1 <= len(given) <= MOST_INITIATIVES:
        raise fields.wrong("initiatives", where, fields.between(1, MOST_INITIATIVES))
    empty = Instance(first, quarters, (), {})
    return Instance(
        first, quarters, tuple(_initiative(one, n, empty) for n, one in enumerate(given, 1)),
        _budget(document.get("budget_baisa"), empty.years, where),
        {
            str(kind): _there(one, str(kind), quarters)
            for kind, one in fields.table(document.get("crews", {}), "crews", where).items()
        },
    )  # fmt: skip


def _initiative(given: Any, number: int, plan: Instance) -> Initiative:
    where = f"initiatives[{number}]"
    one = fields.table(given, "initiatives", where)
    code = one.get("code")
    if not isinstance(code, str) or not code or len(code) > 40:
        raise fields.wrong("code", where, fields.TEXT)
    fields.only(one, OF_INITIATIVE, code)
    crew = fields.table(one.get("crew", {}), "crew", code)
    return Initiative(
        code, fields.text(one.get("name", code), "name", code),
        fields.whole(one.get("duration"), "duration", code, 1, MOST_QUARTERS), _value(one, code),
        cost_baisa=fields.wholes(one.get("cost_baisa", []), "cost_baisa", code, MAX_BAISA),
        crew={
            str(kind): fields.wholes(needs, f"crew.{kind}", code, MOST_CREW)
            for kind, needs in crew.items()
        },
        after=_codes(one, "after"), excludes=_codes(one, "excludes"),
        one_of=_codes(one, "one_of"), earliest=_earliest(one, code, plan),
        must=_flag(one, "must"), never=_flag(one, "never"),
        owner=fields.text(one.get("owner", ""), "owner", code),
        entity=fields.text(one.get("entity", ""), "entity", code),
    )  # fmt: skip


def _value(one: Mapping[str, Any], code: str) -> Value:
    given = fields.table(one.get("value"), "value", code)
    fields.only(given, frozenset({"low", "mid", "high"}), code)
    low, mid, high = (_thousandths(given.get(end), code) for end in ("low", "mid", "high"))
    if not low <= mid <= high:
        raise fields.wrong("value", code, fields.RANGE)
    return Value(low, mid, high)


def _thousandths(given: Any, code: str) -> int:
    points = fields.number(given, "value", code)
    found = round(points * UNITS_A_POINT)
    if abs(points) > MOST_POINTS or abs(found - points * UNITS_A_POINT) > 1e-6 * max(1, abs(found)):
        raise fields.wrong("value", code, fields.THOUSANDTHS)
    return found


def _earliest(one: Mapping[str, Any], code: str, plan: Instance) -> int:
    if "earliest" not in one:
        return 0
    quarter = fields.quarter(one["earliest"], "earliest", code)
    apart = 4 * (quarter.year - plan.first.year) + quarter.number - plan.first.number
    return max(0, apart)


def _budget(given: Any, years: Sequence[int], where: str) -> dict[int, int]:
    table = {str(year): baisa for year, baisa in fields.table(given, "budget_baisa", where).items()}
    if set(table) != {str(year) for year in years}:
        raise fields.wrong("budget_baisa", where, fields.EVERY_YEAR)
    return {
        year: fields.whole(table[str(year)], "budget_baisa", where, 0, MAX_BAISA) for year in years
    }  # fmt: skip


def _there(given: Any, kind: str, quarters: int) -> tuple[int, ...]:
    if isinstance(given, int):
        return (fields.whole(given, kind, "crews", 0, MOST_CREW),) * quarters
    found = fields.wholes(given, kind, "crews", MOST_CREW)
    if len(found) != quarters:
        raise fields.wrong(kind, "crews", fields.EVERY_QUARTER)
    return found


def _codes(one: Mapping[str, Any], field: str) -> tuple[str, ...]:
    return tuple(str(code) for code in fields.listed(one.get(field, []), field, str(one["code"])))


def _flag(one: Mapping[str, Any], field: str) -> bool:
    given = one.get(field, False)
    if not isinstance(given, bool):
        raise fields.wrong(field, str(one["code"]), fields.YES_NO)
    return given
