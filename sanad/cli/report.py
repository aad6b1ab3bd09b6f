"""`bin/sanad report`: the network's figures, for a person or for a machine."""

import time
from pathlib import Path
from typing import Any

import click

from sanad.cli.installation import database, speak_to
from sanad.cli.output import emit, json_option
from sanad.lib.quarters import Quarter

CALIBRATIONS = ["announced", "portal"]


@click.group()
def report() -> None:
    """Figures of the network."""


@report.command()
@click.argument("quarter")
@click.option(
    "--calibration",
    type=click.Choice(CALIBRATIONS),
    help="Which demonstration to ask; left out, the database that commands speak to.",
)
@click.option("--from-events", "source", flag_value="events", default="events",
              help="Count the log itself now. The default.")  # fmt: skip
@click.option("--from-facts", "source", flag_value="facts",
              help="Add up the day facts, as screens do.")  # fmt: skip
@json_option
def quarter(quarter: str, calibration: str | None, source: str, as_json: bool) -> None:
    """The announced table of a quarter such as 2025Q3."""
    wanted = Quarter.parse(quarter)
    with speak_to(calibration), database():
        from django.conf import settings

        from sanad.db.scope import acting, national_scope
        from sanad.oversight.quarter import from_events, from_facts

        count = from_events if source == "events" else from_facts
        started = time.monotonic()
        with acting(national_scope()):
            found = count(wanted)
            document = found.as_json()
        document |= {
            "calibration": settings.SANAD_DEMONSTRATION,
            "simulated": settings.SANAD_DEMONSTRATION is not None,
            "seconds": round(time.monotonic() - started, 3),
        }
    emit(document, as_json=as_json, lines=_lines(document))


@report.command()
@click.argument("quarter")
@click.option("--calibration", type=click.Choice(CALIBRATIONS), help="Which demonstration to ask.")
@click.option("--language", type=click.Choice(["ar", "en"]), default="ar", show_default=True)
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), required=True)
@json_option
def pdf(quarter: str, calibration: str | None, language: str, output: Path, as_json: bool) -> None:
    """Write the report of a quarter as PDF."""
    wanted = Quarter.parse(quarter)
    with speak_to(calibration), database():
        from django.conf import settings

        from sanad.db.scope import acting, national_scope
        from sanad.lib import clock
        from sanad.oversight.quarter_report import quarter_report
        from sanad.oversight.report_pdf import report_pdf

        with acting(national_scope()):
            filled = quarter_report(
                wanted, calibration=settings.SANAD_DEMONSTRATION, seed=settings.SANAD_SEED,
                at=clock.now(),
            )  # fmt: skip
        output.write_bytes(report_pdf(filled, language=language))
    document = {"file": str(output), "quarter": str(wanted), "bytes": output.stat().st_size}
    emit(document, as_json=as_json, lines=[f"{output}: {document['bytes']:,} bytes"])


@report.command()
@json_option
def kpis(as_json: bool) -> None:
    """List every KPI with its meaning and formula. Needs no database."""
    from sanad.oversight.kpis import KPIS, table

    document = {
        kpi.code: {
            "unit": kpi.unit,
            **{
                name: {"ar": text.ar, "en": text.en}
                for name, text in (("name", kpi.name), ("definition", kpi.definition),
                                   ("formula", kpi.formula), ("source", kpi.source))
            },
        }
        for kpi in KPIS.values()
    }  # fmt: skip
    emit({"kpis": document}, as_json=as_json, lines=[table()])


def _lines(document: dict[str, Any]) -> list[str]:
    """A table that reads in both languages: the number first, then its names."""
    simulated = f"محاكاة · simulated ({document['calibration']})"
    lines = [f"{document['quarter']} · {simulated if document['simulated'] else ''}".rstrip(" ·")]
    totals = (
        ("centres", "مركز مفتوح", "open centres"),
        ("jobs", "وظيفة", "jobs"),
        ("transactions", "معاملة", "transactions"),
        ("services", "خدمة معروضة", "services offered"),
        ("services_used", "خدمة مستعملة", "services used"),
        ("omanisation_percent", "٪ عمانيون", "% Omani"),
    )
    for name, ar, en in totals:
        value = document[name]
        lines.append(f"{'-' if value is None else f'{value:,}':>12}  {en} · {ar}")
    lines.append("")
    lines.append(f"{'centres':>9}{'jobs':>8}{'trans.':>11}{'people':>12}  governorate · المحافظة")
    for row in document["by_governorate"]:
        numbers = f"{row['centres']:>9,}{row['jobs']:>8,}{row['transactions']:>11,}"
        lines.append(f"{numbers}{row['people']:>12,}  {row['name_en']} · {row['name_ar']}")
    lines.append("")
    lines += [
        f"{row['transactions']:>12,}  {row['name_en']} · {row['name_ar']}"
        for row in document["top_services"]
    ]
    lines += ["", f"source · المصدر: {document['source']}, {document['seconds']} s"]
    return lines
