"""Every centre under one scenario: seconds, after compiling. Prints one JSON document.

    python -m benchmarks.sustainability --rounds 3

Seconds are from the calibration's model to every centre's verdict: the scenario applied, the period
lived, costs and risk. The model itself, and the compiling of loops once on each machine, are apart.
"""

import json
import statistics
import time
from typing import Any

import click

from sanad.lab.forecast.series import foretold
from sanad.lab.sustainability import network
from sanad.lab.twin.network.scenarios import known_scenarios

CALIBRATIONS = ("portal", "announced")
TARGET_SECONDS = 1.0


def one(calibration: str, codes: str, rounds: int) -> dict[str, Any]:
    """A scenario, so many times, each time lived anew."""
    seconds = []
    for _ in range(rounds):
        network.forget()
        started = time.perf_counter()
        found = network.assess(calibration, codes)
        seconds.append(time.perf_counter() - started)
    return {
        "centres": found.centres, "at_risk": int(found.judged.at_risk.sum()),
        "cannot_live": int(found.judged.cannot_live.sum()),
        "seconds_least": round(min(seconds), 3),
        "seconds_median": round(statistics.median(seconds), 3),
        "seconds_most": round(max(seconds), 3),
    }  # fmt: skip


def run(*, rounds: int, codes: tuple[str, ...] = ()) -> dict[str, Any]:
    started = time.perf_counter()
    foretold()
    found: dict[str, Any] = {
        "rounds": rounds,
        "forecast_seconds": round(time.perf_counter() - started, 3),
    }
    for calibration in CALIBRATIONS:
        started = time.perf_counter()
        network.model_of(calibration)
        model_seconds = round(time.perf_counter() - started, 3)
        network.assess(calibration)  # compiles the loops, or reads them
        scenarios = {
            code: one(calibration, code, rounds) for code in (codes or tuple(known_scenarios()))
        }
        slowest = max(one["seconds_median"] for one in scenarios.values())
        found[calibration] = {
            "model_seconds": model_seconds,
            "scenarios": scenarios,
            "seconds_median_slowest": slowest,
            "target_seconds": TARGET_SECONDS,
            "holds": slowest <= TARGET_SECONDS,
        }
    return found


@click.command()
@click.option("--rounds", type=click.IntRange(min=1), default=3, show_default=True)
def main(rounds: int) -> None:
    """All centres under every scenario that the Lab knows."""
    click.echo(json.dumps(run(rounds=rounds), indent=1))


if __name__ == "__main__":
    main()
