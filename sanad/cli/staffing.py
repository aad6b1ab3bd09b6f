"""`bin/sanad staffing`: people, roster and opening hours of one centre. Needs no database."""

import time
from dataclasses import replace
from typing import Any

import click

from sanad.cli.output import NowAndThen, emit, json_option, patience
from sanad.cli.report import CALIBRATIONS
from sanad.lib.quarters import Quarter


@click.command()
@click.argument("centre", type=click.IntRange(min=1), metavar="CENTRE_NUMBER")
@click.option("--calibration", type=click.Choice(CALIBRATIONS), default="announced",
              show_default=True)  # fmt: skip
@click.option("--quarter", default="2025Q3", show_default=True)
@click.option("--minutes", type=float, help="Of the wait that is aimed at; as assumed unless said.")
@click.option("--share", type=float, help="Of a hundred who are called within the minutes.")
@click.option("--mean", is_flag=True, help="Aim at a mean wait of the minutes instead.")
@click.option("--staff", type=click.IntRange(min=1, max=60),
              help="People to roster; those who are there now unless said.")  # fmt: skip
@click.option("--cover-all", is_flag=True, help="Refuse a roster that lacks anybody.")
@json_option
def staffing(
    centre: int, calibration: str, quarter: str, minutes: float | None, share: float | None,
    mean: bool, staff: int | None, cover_all: bool, as_json: bool,
) -> None:  # fmt: skip
    """How many people a centre needs and when, who works when, and which hours pay."""
    from sanad.lab.calibration import calibrated
    from sanad.lab.code_version import code_version
    from sanad.lab.staffing.advice import advise
    from sanad.lab.staffing.assumed import costs
    from sanad.lab.staffing.demand import alone
    from sanad.lab.staffing.rules import usual_rules
    from sanad.lab.staffing.target import usual_target

    if mean and share is not None:
        raise click.UsageError("--mean and --share aim at two things. Give one of them.")
    target = usual_target()
    target = replace(
        target, minutes=target.minutes if minutes is None else minutes,
        share_percent=None if mean else target.share_percent if share is None else share,
    )  # fmt: skip
    started, said = time.perf_counter(), NowAndThen()
    with patience("Staffing …"):
        model = alone(calibrated(calibration, Quarter.parse(quarter)), centre)
        document = advise(
            model, target=target, rules=usual_rules(), costs=costs(), staff=staff,
            cover_all=cover_all, told=lambda left: said(f"Half hours that miss the target: {left}"),
        )  # fmt: skip
    document |= {
        "calibration": calibration, "quarter": quarter, "simulated": True,
        "model": model.digest, "code": code_version(),
        "seconds": round(time.perf_counter() - started, 3),
    }  # fmt: skip
    emit(document, as_json=as_json, lines=None if as_json else _lines(document))


def _lines(document: dict[str, Any]) -> list[str]:
    """The document for a person: what is assumed first, in both languages."""
    from sanad.lab.staffing.applies import METHOD_NAMES, REASONS, Method, Why

    lines = [f"{one['ar']}\n{one['en']}" for one in document["assumptions"]]
    method, why = METHOD_NAMES[Method(document["method"])], REASONS[Why(document["why"])]
    lines += ["", f"{method.ar} · {method.en}", why.ar, why.en, ""]
    lines += [
        f"{day}: {text}"
        for day, text in _by_day(document["slots"]).items()
    ]  # fmt: skip
    found = document["roster"]
    lines.append("")
    for one in found["patterns"]:
        week = "; ".join(
            f"{day} " + ", ".join(f"{since}-{until}" for since, until in pieces)
            for day, pieces in one["week"].items()
        )
        lines.append(f"{one['people']} × {one['paid_hours']:g} h: {week}")
    for key in ("paid_hours", "lacking_hours", "empty_hours"):
        lines.append(f"{key}: {found[key]:g}")
    for key in ("centre", "needed_peak", "present", "gap_percent", "seconds"):
        lines.append(f"{key}: {document[key]}")
    return lines


def _by_day(slots: list[dict[str, Any]]) -> dict[str, str]:
    """By weekday the people needed, where the number changes."""
    days: dict[str, list[str]] = {}
    before: dict[str, tuple[str, int]] = {}
    for one in slots:
        day = one["weekday"]
        if before.get(day) != (one["from"], one["needed"]):
            days.setdefault(day, []).append(f"{one['from']} {one['needed']}")
        before[day] = (one["until"], one["needed"])
    return {day: "  ".join(parts) for day, parts in days.items()}
