"""`bin/sanad verify`: are the books, the receipts, the log and its seals what they should be?"""

from dataclasses import asdict

import click

from sanad.cli.installation import database
from sanad.cli.output import emit, exit_failed, json_option


@click.command()
@json_option
def verify(as_json: bool) -> None:
    """Check everything that must never be wrong; exit 1 when anything is."""
    with database():
        from django.conf import settings

        from sanad.oversight.verify import checks

        found = checks(anchor=settings.SANAD_ANCHOR)
    document = {check.name: {k: v for k, v in asdict(check).items() if k != "name"} for check in found}
    lines = [f"{c.name}: {c.checked} checked, {len(c.wrong)} wrong" for c in found]
    lines += [f"  {finding}" for c in found for finding in c.wrong]
    emit(document, as_json=as_json, lines=lines)
    if any(check.wrong for check in found):
        exit_failed()
