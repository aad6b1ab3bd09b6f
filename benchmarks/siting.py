"""P-medians and the network's siting, solved with proof. Prints one JSON document.

    python -m benchmarks.siting --folder FOLDER --rounds 3

FOLDER holds instances of the OR-Library (pmed1.txt and so on); without it only graphs made in the
library's manner are solved: a ring and random edges, nodes^2 / 50 in all, costs from 1 to 100.
Seconds are from opening the file to the proof; compiling the loops, once on each machine, is left
out. Each instance is solved a second time with other numbers for its nodes.
"""

import json
import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import numpy as np

from sanad.lab.siting import orlib, paths, pmedian
from sanad.lab.siting.advice import advise

OPTIMA = {
    "pmed1": 5819, "pmed2": 4093, "pmed3": 4250, "pmed4": 3034, "pmed5": 1355,
    "pmed6": 7824, "pmed7": 5631, "pmed8": 4445, "pmed9": 2734, "pmed10": 1255,
}  # fmt: skip
MADE = [(100, 5), (100, 33), (200, 5), (200, 67), (300, 5), (300, 10), (300, 30), (300, 100),
        (400, 5), (400, 10), (400, 40), (400, 80), (400, 133)]  # fmt: skip
MOST_SECONDS = 120.0  # an instance
TARGET_SECONDS = 30.0  # pmed1 to pmed10 together
NETWORK_TARGET_SECONDS = 0.5
NOT_THERE = "not solved: --folder was not given"


def made(folder: Path, nodes: int, p: int, seed: int) -> Path:
    """An instance in the manner of the library."""
    draws = np.random.default_rng([seed, nodes, p])
    edges = [(node, (node + 1) % nodes) for node in range(nodes)]
    while len(edges) < nodes * nodes // 50:
        begin, end = (int(one) for one in draws.integers(0, nodes, 2))
        if begin != end:
            edges.append((begin, end))
    lines = [f"{nodes} {len(edges)} {p}"]
    lines += [f"{i + 1} {j + 1} {draws.integers(1, 101)}" for i, j in edges]
    path = folder / f"made-{nodes}-{p}.txt"
    path.write_text("\n".join(lines) + "\n")
    return path


def renumbered(folder: Path, path: Path, seed: int) -> Path:
    """The same instance with other numbers for its nodes."""
    heading, *lines = path.read_text().splitlines()
    other = np.random.default_rng(seed).permutation(int(heading.split()[0])) + 1
    edges = [line.split() for line in lines if line.strip()]
    text = [heading, *(f"{other[int(i) - 1]} {other[int(j) - 1]} {c}" for i, j, c in edges)]
    found = folder / f"{path.stem}-renumbered.txt"
    found.write_text("\n".join(text) + "\n")
    return found


def solve(path: Path, rounds: int) -> dict[str, Any]:
    """One instance, so many times."""
    seconds, costs = [], set()
    for _ in range(rounds):
        started = time.perf_counter()
        instance = orlib.read(path)
        answer = pmedian.solve(instance.cost, instance.p, seconds=MOST_SECONDS)
        seconds.append(time.perf_counter() - started)
        costs.add((answer.cost, answer.bound))
    assert len(costs) == 1 or not answer.proven
    return {
        "nodes": len(instance.cost), "p": instance.p, "cost": answer.cost, "bound": answer.bound,
        "proven": answer.proven, **_spread(seconds),
    }  # fmt: skip


def run(*, folder: Path | None, rounds: int, seed: int, most_nodes: int = 400) -> dict[str, Any]:
    paths.compile_loops()
    pmedian.compile_loops()
    advise(add=10, within_km=20.0)  # reads modules and data once
    with tempfile.TemporaryDirectory() as name:
        room = Path(name)
        found: dict[str, Any] = {"rounds": rounds, "seed": seed}
        found["library"] = NOT_THERE if folder is None else _library(folder, room, rounds, seed)
        found["made"] = {
            path.stem: solve(path, rounds) for path in _made(room, seed, most_nodes)
        }  # fmt: skip
    found["network"] = _network(rounds)
    return found


def _made(room: Path, seed: int, most_nodes: int) -> Iterator[Path]:
    for nodes, p in MADE:
        if nodes <= most_nodes:
            yield made(room, nodes, p, seed)


def _library(folder: Path, room: Path, rounds: int, seed: int) -> dict[str, Any]:
    instances: dict[str, Any] = {}
    for stem, optimum in OPTIMA.items():
        path = folder / f"{stem}.txt"
        for one in (path, renumbered(room, path, seed)):
            solved = solve(one, rounds)
            solved["holds"] = solved["proven"] and solved["cost"] == optimum
            instances[one.stem] = solved
    named = sum(instances[stem]["seconds_most"] for stem in OPTIMA)
    other = sum(instances[f"{stem}-renumbered"]["seconds_most"] for stem in OPTIMA)
    return {
        "instances": instances, "seconds": round(named, 3),
        "renumbered_seconds": round(other, 3), "target_seconds": TARGET_SECONDS,
        "holds": all(one["holds"] for one in instances.values())
        and max(named, other) <= TARGET_SECONDS,
    }  # fmt: skip


def _network(rounds: int) -> dict[str, Any]:
    seconds = []
    for _ in range(rounds):
        started = time.perf_counter()
        document = advise(add=10, within_km=20.0)
        seconds.append(time.perf_counter() - started)
    spread = _spread(seconds)
    return {
        **{key: document[key] for key in ("centres", "placed", "surplus", "gap_percent", "proven")},
        **spread, "target_seconds": NETWORK_TARGET_SECONDS,
        "holds": document["proven"] and spread["seconds_median"] <= NETWORK_TARGET_SECONDS,
    }  # fmt: skip


def _spread(seconds: list[float]) -> dict[str, float]:
    return {
        "seconds_least": round(min(seconds), 3),
        "seconds_median": round(statistics.median(seconds), 3),
        "seconds_most": round(max(seconds), 3),
    }


@click.command()
@click.option("--folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--rounds", type=click.IntRange(min=1), default=3, show_default=True)
@click.option("--seed", default=2025, show_default=True)
def main(folder: Path | None, rounds: int, seed: int) -> None:
    """P-medians and the network's siting: seconds to the proof."""
    click.echo(json.dumps(run(folder=folder, rounds=rounds, seed=seed), indent=1))


if __name__ == "__main__":
    main()
