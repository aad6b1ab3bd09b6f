"""`bin/sanad twin`: the network simulated, compared, checked against theory. Needs no database."""

import os
import time
from pathlib import Path
from typing import Any

import click

from sanad import settings
from sanad.cli.leaving import leave_if_asked
from sanad.cli.output import NowAndThen, emit, exit_failed, json_option, progress
from sanad.cli.report import CALIBRATIONS
from sanad.cli.twin_backtest import backtest, convert
from sanad.lib.quarters import Quarter


@click.group()
def twin() -> None:
    """The network simulated from what is known and assumed of it."""


twin.add_command(backtest)
twin.add_command(convert)


class _Told:
    """How far the work is, and whether it goes on."""

    def __init__(self, what: str) -> None:
        self.what, self.say = what, NowAndThen()
        # The first run on a machine compiles for some ten seconds before anything is done.
        progress(f"{what} …")

    def __call__(self, done: int, all_of_them: int) -> bool:
        leave_if_asked()
        self.say(f"{self.what}: {done} / {all_of_them}")
        return True


@twin.command()
@click.option("--seed", default=2025, show_default=True)
@click.option("--cases", default=200, show_default=True, help="The first so many.")
@json_option
def check(seed: int, cases: int, as_json: bool) -> None:
    """Queues whose mean wait is known by formula, simulated; exit 1 if they are not met."""
    from sanad.lab.twin.engine.checks import run_cases

    started, told = time.monotonic(), _Told("Queues · طوابير")
    found = run_cases(seed=seed, most=cases, told=told)
    found |= {"seed": seed, "seconds": round(time.monotonic() - started, 2)}
    lines = [
        f"{row['kind']:9} c={row['servers']:<2} load {row['load']:<5} expected "
        f"{row['expected']:9.3f} s  got {row['got']:9.3f} ± {row['standard_error']:.3f}"
        f"  z {row['z']:+.2f}"
        for row in found["rows"]
    ]
    lines.append(
        f"{found['cases']} queues, {found['beyond_2_58']} beyond 2.58 standard errors, "
        f"{found['beyond_4']} beyond 4; {found['seconds']} s"
    )
    emit(found, as_json=as_json, lines=lines)
    if not found["holds"]:
        exit_failed()


def _asked(command: Any) -> Any:
    """What `run` and `compare` are told alike."""
    for option in (
        click.option("--quarter", default="2025Q3", show_default=True),
        click.option("--calibration", type=click.Choice(CALIBRATIONS), default="announced",
                     show_default=True),
        click.option("--replications", default=10, show_default=True),
        click.option("--seed", default=2025, show_default=True),
        click.option("--threads", type=click.IntRange(min=1), default=os.cpu_count() or 1,
                     help="As many as the machine has, unless said."),
        json_option,
    ):  # fmt: skip
        command = option(command)
    return command


@twin.command()
@click.option("--scenario", default="baseline", show_default=True,
              help="A code of `twin scenarios`, or several joined by a plus sign.")  # fmt: skip
@click.option("--within", metavar="MEASURE=HALF", default="",
              help="Replications until this measure's band is so narrow, as in "
                   "wait_mean_minutes=0.02.")  # fmt: skip
@click.option("--events", type=click.Path(dir_okay=False, path_type=Path),
              help="Write the events of the first replication to this Parquet file.")  # fmt: skip
@_asked
def run(
    quarter: str, calibration: str, scenario: str, replications: int, seed: int, threads: int,
    within: str, events: Path | None, as_json: bool,
) -> None:  # fmt: skip
    """Live a quarter of the network again and again: its KPIs with bands of 95 %."""
    from sanad.lab.calibration import calibrated
    from sanad.lab.twin.network import compare, scenarios
    from sanad.lab.twin.network.measures import MEASURES

    started, told = time.monotonic(), _Told("Replications · تكرارات")
    chosen = scenarios.scenario(scenario)
    model = chosen.apply(calibrated(calibration, Quarter.parse(quarter)))
    spread: dict[str, Any] = {"threads": threads, "cluster": settings.SANAD_CLUSTER, "told": told}
    if within:
        measure, half_width = _narrowness(within)
        found = compare.narrow(
            model, seed=seed, measure=measure, half_width=half_width, least=replications, **spread
        )
        replications = len(found.digests)
    else:
        (found,) = compare.replicated([model], seed=seed, replications=replications, **spread)
    seconds = time.monotonic() - started
    kpis = compare.kpis_of(found)
    document = {
        "quarter": quarter, "calibration": calibration, "scenario": chosen.as_json(),
        "replications": replications, "seed": seed, "threads": threads, "simulated": True,
        "kpis": kpis, "seconds": round(seconds, 3),
        "customers_per_second": round(found.customers / seconds),
        "hash": compare.digest_of([found]), "model": model.digest,
    }  # fmt: skip
    if events is not None:
        from sanad.lab.twin.network.event_table import write_events

        document["events"] = {"file": str(events), "rows": write_events(model, seed, events)}
    name = f"{chosen.name.ar} · {chosen.name.en}"
    lines = [f"{quarter} · محاكاة · simulated ({calibration}) · {name}"]
    for code, one in kpis.items():
        lines.append(f"{_band(one):>40}  {MEASURES[code].name.en} · {MEASURES[code].name.ar}")
    lines.append(f"{replications} replications, {document['customers_per_second']:,} customers/s")
    emit(document, as_json=as_json, lines=lines)


@twin.command(name="compare")
@click.option("--scenarios", "codes", required=True, help="Up to six codes, by commas.")
@_asked
def compare_command(
    quarter: str, calibration: str, codes: str, replications: int, seed: int, threads: int,
    as_json: bool,
) -> None:  # fmt: skip
    """Scenarios beside the present under the same seeds: differences with bands of 95 %."""
    from sanad.lab.calibration import calibrated
    from sanad.lab.twin.network import compare, scenarios
    from sanad.lab.twin.network.measures import MEASURES

    started, told = time.monotonic(), _Told("Replications · تكرارات")
    chosen = [scenarios.scenario(code.strip()) for code in codes.split(",")]
    document = compare.compare(
        calibrated(calibration, Quarter.parse(quarter)), chosen, seed=seed,
        replications=replications, threads=threads, cluster=settings.SANAD_CLUSTER, told=told,
    )  # fmt: skip
    document |= {
        "quarter": quarter,
        "calibration": calibration,
        "threads": threads,
        "simulated": True,
        "seconds": round(time.monotonic() - started, 3),
    }
    lines = []
    for one in document["scenarios"]:
        lines.append(f"{one['name']['en']} · {one['name']['ar']}")
        for code, change in one["difference"].items():
            word = "" if change["distinguishable"] else "  not distinguishable · لا فرق يُميَّز"
            lines.append(f"{_band(change):>40}  {MEASURES[code].name.en}{word}")
    emit(document, as_json=as_json, lines=lines)


@twin.command(name="scenarios")
@json_option
def list_scenarios(as_json: bool) -> None:
    """List the scenarios that are known, with their versions and levers."""
    from sanad.lab.twin.network.scenarios import known_scenarios

    found = [one.as_json() for one in known_scenarios().values()]
    lines = [f"{o['code']:18} {o['version']}  {o['name']['en']} · {o['name']['ar']}" for o in found]
    emit({"scenarios": found}, as_json=as_json, lines=lines)


def _narrowness(said: str) -> tuple[str, float]:
    """`MEASURE=HALF` as its two parts."""
    measure, _, half = said.partition("=")
    try:
        width = float(half)
    except ValueError:
        width = 0.0
    if not width > 0:
        raise click.BadParameter(f"{said}: give it as MEASURE=HALF, such as left_percent=0.01")
    return measure, width


def _band(one: dict[str, Any]) -> str:
    if one["mean"] is None:
        return "-"
    if one["low"] is None:
        return f"{one['mean']:,.2f}"
    return f"{one['mean']:,.2f} ({one['low']:,.2f} to {one['high']:,.2f})"
