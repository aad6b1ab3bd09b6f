"""`bin/sanad siting`: where centres should stand, with proof. No database is needed."""

import time
from pathlib import Path
from typing import Any

import click

from sanad.cli.output import emit, json_option, patience

SECONDS = click.FloatRange(min=0, min_open=True, max=86_400)


@click.group()
def siting() -> None:
    """Where centres should stand: the p-median, and the network itself."""


@siting.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--seconds", "most", type=SECONDS, default=60.0, show_default=True,
              help="Stop then, proven or not.")  # fmt: skip
@json_option
def pmedian(file: Path, most: float, as_json: bool) -> None:
    """Solve a p-median instance of the OR-Library and prove how good the answer is."""
    from sanad.lab.siting import orlib
    from sanad.lab.siting import pmedian as solver
    from sanad.lab.siting.paths import compile_loops as compile_paths

    with patience("Compiling, once on each machine …"):
        compile_paths()
        solver.compile_loops()
    started = time.perf_counter()
    with patience(f"Solving {file.name} …"):
        instance = orlib.read(file)
        left = most - (time.perf_counter() - started)
        answer = solver.solve(instance.cost, instance.p, seconds=max(left, 0.0))
    document = {
        "cost": instance.amount(answer.cost),
        "bound": instance.amount(answer.bound),
        "gap_percent": round(answer.gap_percent, 4),
        "proven": answer.proven,
        "medians": [site + 1 for site in answer.medians],
        "seconds": round(time.perf_counter() - started, 3),
    }
    emit(document, as_json=as_json)


@siting.command()
@click.option("--add", type=click.IntRange(min=0, max=200), default=10, show_default=True,
              help="How many centres more.")  # fmt: skip
@click.option("--within", "within_km", type=click.FloatRange(min=0, min_open=True, max=100),
              default=20.0, show_default=True, help="Kilometres that people go.")  # fmt: skip
@json_option
def network(add: int, within_km: float, as_json: bool) -> None:
    """Where centres lack, where more should stand, and where too many do."""
    from sanad.lab.siting.advice import advise

    started = time.perf_counter()
    with patience("Siting …"):
        document = advise(add=add, within_km=within_km)
    document["seconds"] = round(time.perf_counter() - started, 3)
    emit(document, as_json=as_json, lines=None if as_json else _lines(document))


def _lines(document: dict[str, Any]) -> list[str]:
    """The advice for a person, in both languages."""
    lines = [f"{one['ar']}\n{one['en']}" for one in document["assumptions"]]
    for key, title in (
        ("recommended", "مراكز تُضاف · Centres to add"),
        ("too_many", "مراكز زائدة · Too many centres"),
        ("without", "سكان بلا مركز قريب · People without a centre near"),
    ):
        lines.append(f"\n{title}: {sum(one['count'] for one in document[key])}")
        for one in document[key]:
            lines += [
                f"  {one['wilayat']['ar']} · {one['wilayat']['en']}: {one['count']}",
                f"    {one['reason']['ar']}",
                f"    {one['reason']['en']}",
            ]
    lines.append("")
    for key in ("centres", "placed", "surplus", "gap_percent", "proven", "seconds"):
        lines.append(f"{key}: {document[key]}")
    return lines
