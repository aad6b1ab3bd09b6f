"""`bin/sanad bench`: the benchmarks that documents name. Nothing of a network is touched."""

from importlib import import_module
from typing import Any

import click

from sanad.cli.installation import server
from sanad.cli.output import emit, exit_failed, json_option, setup_django


@click.group()
def bench() -> None:
    """Measure on this machine."""


@bench.command()
@click.option("--clients", default="1,4,16,32", show_default=True, help="Operators at once.")
@click.option("--centres", default=4, show_default=True)
@click.option("--seconds", default=10.0, show_default=True, help="A level, after two to warm up.")
@click.option("--workers", default=2, show_default=True, help="Web processes.")
@json_option
def counter(clients: str, centres: int, seconds: float, workers: int, as_json: bool) -> None:
    """A counter's six steps over HTTP: journeys a second, duplicates, statements, processor."""
    levels = [int(n) for n in clients.split(",")]
    found = _run("counter", clients=levels, centres=centres, seconds=seconds, workers=workers)
    emit(found, as_json=as_json)


@bench.command()
@click.option("--minutes", type=click.FloatRange(min=0.1), default=10.0, show_default=True)
@click.option(
    "--rate",
    type=click.FloatRange(min=0.1),
    default=20.0,
    show_default=True,
    help="Pages a second that anybody opens.",
)
@click.option("--seed", default=2025, show_default=True)
@click.option("--workers", default=2, show_default=True, help="Web processes.")
@json_option
def soak(minutes: float, rate: float, seed: int, workers: int, as_json: bool) -> None:
    """Pages that anybody opens, at a steady rate, while counters work: p99, errors, memory."""
    found = _run("soak", minutes=minutes, rate=rate, seed=seed, workers=workers)
    emit(found, as_json=as_json)
    if not found["holds"]:
        exit_failed()


@bench.command()
@click.option("--rounds", type=click.IntRange(min=2), default=60, show_default=True)
@click.option("--language", type=click.Choice(["ar", "en"]), default="ar", show_default=True)
@click.option("--workers", default=2, show_default=True, help="Web processes.")
@json_option
def key_to_paint(rounds: int, language: str, workers: int, as_json: bool) -> None:
    """From a key to the screen in Chromium: the list, the search, a form step, the quote."""
    found = _run("key_to_paint", rounds=rounds, language=language, workers=workers)
    emit(found, as_json=as_json)


@bench.command()
@click.option("--rounds", default=5, show_default=True)
@click.option("--events", default=7_800_000, show_default=True)
@click.option("--seed", default=7, show_default=True)
@click.option("--peers", help="A Python that has pm4py; left out, it is not compared.")
@json_option
def evidence(rounds: int, events: int, seed: int, peers: str | None, as_json: bool) -> None:
    """From a Parquet of a quarter to its map, times and variants: seconds and memory."""
    found = _measured("evidence", rounds=rounds, events=events, seed=seed, peers=peers)
    emit(found, as_json=as_json)


@bench.command()
@click.option("--rounds", default=15, show_default=True)
@click.option("--seed", default=2025, show_default=True)
@click.option("--peers", help="A Python that has SimPy and Ciw; left out, they are not compared.")
@json_option
def twin(rounds: int, seed: int, peers: str | None, as_json: bool) -> None:
    """A quarter of the network simulated: time, peers, closed forms, common random numbers."""
    emit(_measured("twin", rounds=rounds, seed=seed, peers=peers), as_json=as_json)


def _measured(name: str, **options: Any) -> dict[str, Any]:
    """The document of a benchmark that needs no database."""
    document: dict[str, Any] = import_module(f"benchmarks.{name}").run(**options)
    return document


def _run(name: str, **options: Any) -> dict[str, Any]:
    setup_django()
    with server():
        document: dict[str, Any] = import_module(f"benchmarks.{name}").run(**options)
        return document
