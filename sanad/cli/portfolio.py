"""`bin/sanad portfolio`: the best choice of initiatives, with proof. No database is needed."""

import time
from pathlib import Path
from typing import Any

import click

from sanad.cli.output import NowAndThen, emit, json_option, patience

SECONDS = click.FloatRange(min=0, min_open=True, max=86_400)


@click.group()
def portfolio() -> None:
    """Which initiatives, and when, under budgets and crews."""


@portfolio.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--seconds", "most", type=SECONDS, default=30.0, show_default=True,
              help="Stop solving then, proven or not.")  # fmt: skip
@click.option("--turn-seconds", type=click.FloatRange(min=0, max=86_400), default=120.0,
              show_default=True, help="For what would turn each answer; 0 for none.")  # fmt: skip
@json_option
def solve(file: Path, most: float, turn_seconds: float, as_json: bool) -> None:
    """Solve an instance, YAML or JSON, and say how small a change would turn each answer."""
    from sanad.lab.portfolio import read, told, turns
    from sanad.lab.portfolio import solve as solver

    instance = read.read(file)
    with patience(f"Solving {file.name} …"):
        answer = solver.solve(instance, seconds=most)
    now_and_then = NowAndThen()

    def tell(done: int, parts: int) -> bool:
        now_and_then(f"Turns: {done} of {parts} …")
        return True

    began = time.perf_counter()
    found = []
    if turn_seconds:
        found = turns.turns(instance, answer, seconds=turn_seconds, told=tell)
    document = told.document(instance, answer, found)
    document["seconds"] = round(answer.seconds, 3)
    document["turn_seconds"] = round(time.perf_counter() - began, 3)
    emit(document, as_json=as_json, lines=None if as_json else _lines(document))


def _lines(document: dict[str, Any]) -> list[str]:
    lines = [f"{one['code']}: {one['start']} – {one['end']}" for one in document["chosen"]]
    value = document["value"]
    lines.append(f"value: {value['mid']:g} ({value['low']:g} to {value['high']:g})")
    lines += [f"{key}: {document[key]}" for key in ("bound", "gap_percent", "proven", "seconds")]
    lines += [f"{one['code']}: {_change(one)}" for one in document["turns"]]
    return lines


def _change(one: dict[str, Any]) -> str:
    """What would drop it or bring it in."""
    down, up = ("falls", "rises") if one["chosen"] else ("rises", "falls")
    said = []
    for what, way, unit in (("value", down, "points a quarter"), ("cost", up, "baisa")):
        turn = one[what]
        if turn["change"] is None:
            said.append(f"no change of its {what} ({turn['why']})")
        else:
            sure = "confirmed" if turn["confirmed"] else "not confirmed"
            said.append(f"its {what} {way} by {turn['change']:,} {unit} ({sure})")
    return f"{'dropped' if one['chosen'] else 'brought in'} if " + "; ".join(said)
