"""`bin/sanad snapshot`: the log as it is now, kept for studies."""

import time

import click

from sanad.cli.installation import database, speak_to
from sanad.cli.output import emit, json_option
from sanad.cli.report import CALIBRATIONS


@click.command()
@click.option(
    "--calibration",
    type=click.Choice(CALIBRATIONS),
    help="Which demonstration to ask; left out, the database that commands speak to.",
)
@json_option
def snapshot(calibration: str | None, as_json: bool) -> None:
    """Take a snapshot of the log for the Lab; months that did not change are not read again."""
    with speak_to(calibration), database():
        from sanad.lab import snapshot as lab
        from sanad.lib import clock

        started = time.monotonic()
        before = {month.sha256 for one in lab.snapshots() for month in one.months}
        taken = lab.take(at=clock.now())
    document = {
        "snapshot": taken.id,
        "events": taken.rows,
        "simulated": taken.simulated,
        "months": [
            {
                "month": one.month, "events": one.rows, "bytes": one.bytes, "sha256": one.sha256,
                "read_anew": one.sha256 not in before,
            }
            for one in taken.months
        ],
        "seconds": round(time.monotonic() - started, 3),
    }  # fmt: skip
    emit(document, as_json=as_json)
