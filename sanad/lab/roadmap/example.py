"""An example of initiatives with their portfolio, from one file; marked as an example everywhere.

The file, as docs/roadmap.md describes it:

    portfolio: {title, first, quarters, budget_baisa, crews, weights, scales, must, never}
    initiatives: [facts, ...]      as sanad.lab.roadmap.facts reads them
    running: [code, ...]           which of them have been started
    adopt: true                    whether the portfolio is the roadmap at once
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import yaml

from sanad.lab.models import Stage
from sanad.lab.portfolio import fields
from sanad.lab.portfolio.instance import Instance
from sanad.lab.portfolio.read import MOST_CREW, MOST_QUARTERS, NotADocument
from sanad.lab.roadmap import initiatives, plan, portfolios
from sanad.lab.roadmap.baseline import baselines
from sanad.lab.roadmap.facts import Facts, facts_of
from sanad.lab.roadmap.portfolios import Wish
from sanad.lib.money import MAX_BAISA

FOLDER: Final = Path(__file__).parents[1] / "data" / "example"
OF_FILE: Final = frozenset({"portfolio", "initiatives", "running", "adopt"})
OF_PORTFOLIO: Final = frozenset(
    {"title", "first", "quarters", "budget_baisa", "crews", "weights", "scales", "must", "never"}
)  # fmt: skip


@dataclass(frozen=True)
class Example:
    """What the file says."""

    wish: Wish
    initiatives: tuple[Facts, ...]
    running: tuple[str, ...]
    adopt: bool


def read(file: Path) -> Example:
    """Raises `NotADocument`, `FieldWrong` and `FieldUnknown`."""
    try:
        document = yaml.safe_load(file.read_text(encoding="utf-8"))
    except (UnicodeDecodeError, yaml.YAMLError) as error:
        raise NotADocument(file=file.name, why=str(error).splitlines()[0]) from error
    where = file.name
    said = fields.table(document, "example", where)
    fields.only(said, OF_FILE, where)
    given = fields.listed(said.get("initiatives"), "initiatives", where)
    return Example(
        wish_of(fields.table(said.get("portfolio"), "portfolio", where), where),
        tuple(facts_of(fields.table(one, "initiatives", where)) for one in given),
        tuple(str(code) for code in said.get("running", [])), bool(said.get("adopt", False)),
    )  # fmt: skip


def load(file: Path, *, on: date, at: datetime, by: UUID) -> UUID:
    """Initiatives and portfolio of the file, as examples; the portfolio.

    Raises what `read`, `initiatives.propose`, `portfolios.ask` and `plan.adopt` raise; called in
    one transaction, nothing is there then.
    """
    example = read(file)
    initiatives.propose(example.initiatives, at=at, by=by, is_example=True)
    codes = [one.code for one in example.initiatives]
    for code in codes:
        initiatives.step(code, Stage.STUDIED, is_ministry=True, reason="", at=at, by=by)
    found = portfolios.ask(
        example.wish, [initiatives.one(code) for code in codes], baselines(on), at=at, by=by
    )
    if example.adopt:
        portfolios.run(found, now=lambda: at)
        plan.adopt(found, at=at, by=by)
        for code in example.running:
            initiatives.step(code, Stage.RUNNING, is_ministry=True, reason="", at=at, by=by)
    return found


def wish_of(said: Mapping[Any, Any], where: str) -> Wish:
    """The portfolio's frame. Raises `FieldWrong` and `FieldUnknown`."""
    fields.only(said, OF_PORTFOLIO, where)
    first = fields.quarter(said.get("first"), "first", where)
    quarters = fields.whole(said.get("quarters"), "quarters", where, 1, MOST_QUARTERS)
    years = Instance(first, quarters, (), {}).years
    budget = {
        str(year): baisa
        for year, baisa in fields.table(said.get("budget_baisa"), "budget_baisa", where).items()
    }
    if set(budget) != {str(year) for year in years}:
        raise fields.wrong("budget_baisa", where, fields.EVERY_YEAR)
    return Wish(
        title=str(said.get("title", "")), first=first, quarters=quarters,
        budget_baisa={
            y: fields.whole(budget[str(y)], "budget_baisa", where, 0, MAX_BAISA) for y in years
        },
        crews={
            str(kind): crew(there, str(kind), quarters)
            for kind, there in fields.table(said.get("crews", {}), "crews", where).items()
        },
        must=frozenset(map(str, said.get("must", []))),
        never=frozenset(map(str, said.get("never", []))),
        weights=_numbers(said, "weights", where), scales=_numbers(said, "scales", where),
    )  # fmt: skip


def crew(given: Any, kind: str, quarters: int) -> tuple[int, ...]:
    """One number for every quarter, or a number for each."""
    if isinstance(given, int):
        return (fields.whole(given, kind, "crews", 0, MOST_CREW),) * quarters
    found = fields.wholes(given, kind, "crews", MOST_CREW)
    if len(found) != quarters:
        raise fields.wrong(kind, "crews", fields.EVERY_QUARTER)
    return found


def _numbers(said: Mapping[Any, Any], name: str, where: str) -> dict[str, float]:
    table = fields.table(said.get(name, {}), name, where)
    return {str(kpi): fields.number(value, f"{name}.{kpi}", where) for kpi, value in table.items()}
