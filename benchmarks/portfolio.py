"""Portfolios made by draws, solved on one core. Prints one JSON document.

    python -m benchmarks.portfolio --rounds 5 --seconds 30

Each instance has initiatives of 1 to 6 quarters over a horizon of 16, three crews, four years'
budgets that pay for some four tenths of all of them, dependencies for half of them, exclusions and
enablers for some. The same seed draws the same instance.
"""

import json
import statistics
from typing import Any

import click
import numpy as np

from sanad.lab.portfolio.instance import Initiative, Instance, Value
from sanad.lab.portfolio.solve import solve
from sanad.lib.bilingual import Text
from sanad.lib.quarters import Quarter

CREWS = ("programmers", "lawyers", "trainers")
AFFORDED = 0.4  # of what all would cost or need
TARGET_GAP_PERCENT, TARGET_SECONDS = 3.0, 30.0


def made(count: int, quarters: int, seed: int) -> Instance:
    """An instance by draws."""
    draws = np.random.default_rng([seed, count, quarters])
    initiatives = tuple(_initiative(draws, n) for n in range(count))
    first = Quarter(2026, 1)
    years = range(2026, 2026 + (quarters + 3) // 4)
    cost = sum(one.total_baisa for one in initiatives)
    budget = {year: int(AFFORDED * cost / len(years)) for year in years}
    crews = {}
    for kind in CREWS:
        need = sum(sum(one.crew.get(kind, ())) for one in initiatives)
        crews[kind] = (max(3, round(AFFORDED * need / quarters)),) * quarters
    return Instance(first, quarters, initiatives, budget, crews)


def _initiative(draws: np.random.Generator, n: int) -> Initiative:
    duration = int(draws.integers(1, 7))
    mid = int(draws.integers(200, 3000))
    cost = tuple(int(c) * 1000 for c in draws.integers(5_000, 60_000, duration))
    crew = {
        kind: tuple(int(k) for k in draws.integers(0, 4, duration))
        for kind in CREWS
        if draws.random() < 0.6
    }
    after = _some(draws, n, 0.5, 2)
    return Initiative(
        f"i{n:03}", Text(f"مبادرة {n}", f"Initiative {n}"), duration,
        Value(mid // 2, mid, mid * 3 // 2), cost, crew,
        after=after,
        excludes=tuple(code for code in _some(draws, n, 0.2, 1) if code not in after),
        one_of=_some(draws, n, 0.15, 3),
        earliest=int(draws.integers(0, 4)) if draws.random() < 0.3 else 0,
    )  # fmt: skip


def _some(draws: np.random.Generator, n: int, chance: float, most: int) -> tuple[str, ...]:
    """Some of the initiatives before the n-th."""
    if n == 0 or draws.random() >= chance:
        return ()
    count = min(n, int(draws.integers(1, most + 1)))
    return tuple(f"i{k:03}" for k in sorted(draws.choice(n, count, replace=False)))


def run(*, rounds: int, seconds: float, count: int, quarters: int, seed: int) -> dict[str, Any]:
    """So many instances, one after another."""
    found = []
    for number in range(rounds):
        answer = solve(made(count, quarters, seed + number), seconds=seconds)
        found.append(
            {"seed": seed + number, "chosen": len(answer.starts), "value": answer.value.mid,
             "bound": answer.bound, "gap_percent": round(answer.gap_percent, 3),
             "proven": answer.proven, "seconds": round(answer.seconds, 2)}
        )  # fmt: skip
    gaps = [one["gap_percent"] for one in found]
    return {
        "initiatives": count, "quarters": quarters, "instances": found,
        "gap_percent_median": statistics.median(gaps), "gap_percent_most": max(gaps),
        "target_gap_percent": TARGET_GAP_PERCENT, "target_seconds": TARGET_SECONDS,
        "holds": max(gaps) <= TARGET_GAP_PERCENT,
    }  # fmt: skip


@click.command()
@click.option("--rounds", type=click.IntRange(min=1), default=5, show_default=True)
@click.option("--seconds", type=click.FloatRange(min=0.1), default=TARGET_SECONDS,
              show_default=True)  # fmt: skip
@click.option("--initiatives", "count", type=click.IntRange(min=1), default=60, show_default=True)
@click.option("--quarters", type=click.IntRange(min=1), default=16, show_default=True)
@click.option("--seed", default=2025, show_default=True)
def main(rounds: int, seconds: float, count: int, quarters: int, seed: int) -> None:
    """Portfolios by draws: value, bound and seconds."""
    document = run(rounds=rounds, seconds=seconds, count=count, quarters=quarters, seed=seed)
    click.echo(json.dumps(document, indent=1))


if __name__ == "__main__":
    main()
