"""`bin/sanad example`: the worked example on the real series, or one of a file; marked as one."""

import time
from pathlib import Path
from typing import Any

import click

from sanad.cli.installation import database, present, speak_to
from sanad.cli.output import emit, json_option, progress
from sanad.cli.report import CALIBRATIONS
from sanad.lib.refusal import N_, Refused


class NobodyOfMinistry(Refused):
    code = "cli.nobody_of_ministry"
    sentence = N_(
        "Initiatives are put in by somebody of the ministry. Name one with --by; there are: "
        "{known}."
    )


@click.group()
def example() -> None:
    """A worked example: findings, studies, initiatives, portfolios and a roadmap."""


@example.command()
@click.argument(
    "file", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@click.option("--by", help="The user name of somebody of the ministry; left out, the first.")
@click.option(
    "--calibration",
    type=click.Choice(CALIBRATIONS),
    help="Which demonstration to fill; left out, the database that commands speak to.",
)
@json_option
def load(file: Path | None, by: str | None, calibration: str | None, as_json: bool) -> None:
    """The worked example on the real series, or the initiatives and portfolio of FILE.

    The worked example lives three studies and takes some minutes. All of it or nothing.
    """
    started = time.monotonic()
    with speak_to(calibration), database():
        document = _of_file(file, by) if file else _worked(by)
    emit(document | {"seconds": round(time.monotonic() - started, 2)}, as_json=as_json)


def _worked(by: str | None) -> dict[str, Any]:
    from sanad.lab.example import worked
    from sanad.lib.business_day import business_date

    at = present()
    made = worked.load(on=business_date(at), at=at, by=_ministry(by), tell=progress)
    return {
        "studies": {key: str(one) for key, one in made.studies.items()},
        "portfolios": {key: str(one) for key, one in made.portfolios.items()},
        "initiatives": made.initiatives,
    }


def _of_file(file: Path, by: str | None) -> dict[str, Any]:
    from sanad.db.scope import acting, national_scope
    from sanad.lab.roadmap import example as examples
    from sanad.lib.business_day import business_date

    at, who = present(), _ministry(by)
    with acting(national_scope(who)):
        found = examples.load(file, on=business_date(at), at=at, by=who)
    count = len(examples.read(file).initiatives)
    return {"portfolios": {"file": str(found)}, "initiatives": count}


def _ministry(username: str | None) -> Any:
    """The account of somebody of the ministry. Raises `NobodyOfMinistry`."""
    from sanad.accounts import queries as accounts
    from sanad.accounts.roles import Role
    from sanad.db.scope import acting, national_scope

    with acting(national_scope()):
        members = [one for one in accounts.members() if one.role == Role.MINISTRY]
    for one in members:
        if username in (None, one.username):
            return one.account_id
    raise NobodyOfMinistry(known=", ".join(one.username for one in members) or "-")
