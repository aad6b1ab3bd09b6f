"""`bin/sanad evidence`: what a log says, whoever wrote it. No database is needed."""

import time
from pathlib import Path
from typing import Any

import click

from sanad.cli.output import emit, json_option, patience


@click.group()
def evidence() -> None:
    """How procedures really ran, from an event log."""


@evidence.command("map")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--case", help="The column (CSV, Parquet) or trace attribute (XES) of the case.")
@click.option("--activity", help="The column or event attribute of what was done.")
@click.option("--time", "at", help="The column or event attribute of when.")
@click.option("--object-type", help="The object type that is the case (OCEL).")
@click.option("--join-starts", is_flag=True, help="XES: a start and its completion are one event.")
@click.option("--full", is_flag=True, help="Every move with its times, starts and ends.")
@click.option(
    "--ways", type=click.IntRange(min=0), default=0, help="List so many variants, as often first."
)
@json_option
def map_(
    file: Path,
    case: str | None,
    activity: str | None,
    at: str | None,
    object_type: str | None,
    join_starts: bool,
    full: bool,
    ways: int,
    as_json: bool,
) -> None:
    """The map of a log: .xes, .csv (both .gz too), .parquet, OCEL 2.0 (.sqlite, .json)."""
    from sanad.lab.evidence import read as logs
    from sanad.lab.evidence.log import log_of_two_events
    from sanad.lab.evidence.map import process_map
    from sanad.lab.evidence.variants import variants

    _refuse_options_of_another_kind(file, logs, any((case, activity, at)), object_type, join_starts)
    with patience("Compiling, once on each machine …"):
        few = log_of_two_events()
        process_map(few)
        variants(few)
    started = time.perf_counter()
    with patience(f"Reading {file.name} …"):
        named = logs.Named(case, activity, at, object_type)
        log = logs.read(file, named, join_starts=join_starts)
    with patience("Drawing the map …"):
        drawn, found = process_map(log), variants(log)
    document: dict[str, Any] = {
        "cases": log.cases, "events": len(log), "activities": len(drawn.activities),
        "variants": len(found), "edges": len(drawn.edges),
        "seconds": round(time.perf_counter() - started, 3),
    }  # fmt: skip
    if full:
        document |= _full(drawn)
    if ways:
        document["variant_list"] = [
            {"cases": int(found.counts[one]), "activities": found.activities(one)}
            for one in range(min(ways, len(found)))
        ]
    emit(document, as_json=as_json, lines=None if as_json else _lines(document))


def _full(drawn: Any) -> dict[str, Any]:
    return {
        "edge_list": [
            {
                "source": edge.source, "target": edge.target, "count": edge.count,
                "cases": edge.cases, "mean_seconds": edge.between.seconds_mean,
                "median_seconds": edge.between.seconds_median,
                "p90_seconds": edge.between.seconds_p90, "p95_seconds": edge.between.seconds_p95,
            }
            for edge in drawn.edges
        ],
        "activity_list": {one.name: one.count for one in drawn.activities},
        "start": {one.name: one.starts for one in drawn.activities if one.starts},
        "end": {one.name: one.ends for one in drawn.activities if one.ends},
    }  # fmt: skip


def _lines(document: dict[str, Any]) -> list[str]:
    """A line a figure, a move and a variant."""
    lines = [f"{k}: {v}" for k, v in document.items() if not isinstance(v, list | dict)]
    for edge in document.get("edge_list", ()):
        lines.append(
            f"{edge['source']} → {edge['target']}: {edge['count']}, "
            f"median {edge['median_seconds']:.0f} s, p95 {edge['p95_seconds']:.0f} s"
        )
    for name in ("start", "end"):
        lines += [f"{name} {activity}: {n}" for activity, n in document.get(name, {}).items()]
    for one in document.get("variant_list", ()):
        lines.append(f"{one['cases']} cases: {' → '.join(one['activities'])}")
    return lines


def _refuse_options_of_another_kind(
    file: Path, logs: Any, columns: bool, object_type: str | None, join_starts: bool
) -> None:
    """Bad usage: an option that this kind of file does not have would be passed over in silence."""
    if object_type is not None and not logs.is_of(file, logs.OCEL):
        raise click.UsageError("--object-type is for OCEL files only.")
    if columns and logs.is_of(file, logs.OCEL):
        raise click.UsageError("--case, --activity and --time are not for OCEL: --object-type is.")
    if join_starts and not logs.is_of(file, logs.XES):
        raise click.UsageError("--join-starts is for XES files only.")
