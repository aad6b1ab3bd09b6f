"""`bin/sanad twin backtest` and `convert`: the twin against a real queue. Needs no database."""

import time
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from sanad.cli.output import NowAndThen, emit, json_option

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_LABELS = {
    "wait_seconds_mean": "Mean wait, seconds · متوسط الانتظار بالثواني",
    "wait_positive_share": "Share who waited · نسبة من انتظر",
    "abandoned_share": "Share who left · نسبة من غادر",
    "wait_seconds_p90": "Nine in ten wait less, seconds · تسعة من عشرة ينتظرون أقل، بالثواني",
}


@click.command()
@click.argument("queue", type=_FILE)
@click.option(
    "--train-until",
    type=click.DateTime(["%Y-%m-%d"]),
    required=True,
    help="The last day to learn from; the days after it are foretold.",
)
@click.option(
    "--replications", type=click.IntRange(min=20, max=10_000), default=200, show_default=True
)
@click.option("--seed", type=click.IntRange(min=0), default=2025, show_default=True)
@json_option
def backtest(
    queue: Path, train_until: datetime, replications: int, seed: int, as_json: bool
) -> None:
    """Fit on a queue's first days, foretell the others, and compare with a resampling baseline.

    QUEUE is a CSV file, plain or compressed with gzip, with the columns arrived_at, priority, kind,
    server, service_started_at, service_ended_at and abandoned_at.
    """
    from sanad.lab.fitting import backtest as lab
    from sanad.lab.fitting.queue_log import read

    started = time.monotonic()
    document = lab.backtest(
        read(queue), until=train_until.date(), replications=replications, seed=seed,
        say=NowAndThen(),
    )  # fmt: skip
    document["seconds"] = round(time.monotonic() - started, 2)
    emit(document, as_json=as_json, lines=_lines(document))


def _lines(document: dict[str, Any]) -> list[str]:
    head = (
        f"{document['train_days']} days learnt from, {document['test_days']} foretold, "
        f"{document['replications']} replications, {document['seconds']} s"
    )
    return [head, *(_line(document, name) for name in _LABELS)]


def _line(document: dict[str, Any], name: str) -> str:
    band, base = document["predicted"][name], document["resampled"][name]
    word = "inside · داخل النطاق" if document["inside"][name] else "outside · خارج النطاق"
    return (
        f"{_LABELS[name]}: {document['actual'][name]:.3f}; foretold {band['mean']:.3f} "
        f"({band['low']:.3f} to {band['high']:.3f}), {word}; baseline {base['mean']:.3f}"
    )


@click.command()
@click.argument("source", type=_FILE)
@click.argument("target", type=click.Path(dir_okay=False, writable=True, path_type=Path))
@json_option
def convert(source: Path, target: Path, as_json: bool) -> None:
    """Turn a month of the Technion's Anonymous Bank into a queue log.

    TARGET is compressed if its name ends in .gz.
    """
    from dataclasses import asdict

    from sanad.lab.fitting import anonbank

    emit(asdict(anonbank.convert(source, target)) | {"file": str(target)}, as_json=as_json)
