"""`bin/sanad sustainability`: which centres can live, and why the others cannot. No database."""

import time
from typing import Any

import click

from sanad.cli.output import emit, json_option, patience
from sanad.lib.money import format_omr

SHOWN_ENTITIES = 5


@click.command()
@click.option("--calibration", default="portal", show_default=True, help="announced or portal.")
@click.option("--scenario", "codes", default="baseline", show_default=True,
              help="One of the twin's scenarios, or several joined by +.")  # fmt: skip
@click.option("--costs", "level", default="mid", show_default=True, help="low, mid or high.")
@click.option("--seed", default=2025, show_default=True, type=click.IntRange(min=0))
@click.option("--lives", default=3, show_default=True, type=click.IntRange(min=1, max=50),
              help="How many times the quarter is lived.")  # fmt: skip
@json_option
def sustainability(
    calibration: str, codes: str, level: str, seed: int, lives: int, as_json: bool
) -> None:
    """Every centre's income, costs and risk under a scenario, levers, and the forecast."""
    from sanad.lab.sustainability.network import assess, document

    started = time.perf_counter()
    with patience("Living the quarter …"):
        found = document(assess(calibration, codes, level=level, seed=seed, lives=lives))
    found["seed"] = seed
    found["seconds"] = round(time.perf_counter() - started, 3)
    emit(found, as_json=as_json, lines=None if as_json else _lines(found))


def _lines(found: dict[str, Any]) -> list[str]:
    """The figures for a person, in both languages."""
    name = found["scenario"]["name"]
    lines = [
        "دخل محاكى وتكاليف مفترضة · Simulated income, assumed costs",
        f"{found['calibration']} · {name['ar']} · {name['en']}",
        "",
        *(f"{key}: {found[key]}" for key in (
            "centres", "at_risk", "cannot_pay_costs", "cannot_live", "cannot_live_on_portal",
        )),
        "",
        *(f"{one['ar']} · {one['en']}: {one['count']}" for one in found["by_reason"].values()),
        "",
        f"income: {format_omr(found['income_baisa'])} OMR",
    ]  # fmt: skip
    for one in found["income_by_entity"][:SHOWN_ENTITIES]:
        lines.append(f"  {one['ar']} · {one['en']}: {format_omr(one['baisa'])}")
    lines.append("")
    for lever in found["levers"]:
        low, mid, high = (format_omr(lever["baisa_a_centre"][at]) for at in ("low", "mid", "high"))
        lines.append(f"{lever['ar']} · {lever['en']}: {mid} ({low} … {high})")
    forecast = found["forecast"]
    held = forecast["hidden_years"]
    total = zip(forecast["years"], *(forecast["total"][at] for at in ("middle", "low", "high")),
                strict=True)  # fmt: skip
    lines += [
        "",
        *(f"{year}: {middle:,} ({low:,} … {high:,})" for year, middle, low, high in total),
    ]
    lines.append(f"coverage of hidden years: {held['coverage_percent']} %, {held['forecasts']}")
    return lines
