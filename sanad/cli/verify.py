"""`bin/sanad verify`: are the books, the receipts, the log and its seals what they should be?"""

import click

from sanad.cli.installation import database
from sanad.cli.output import emit, exit_failed, json_option, progress


@click.command()
@json_option
def verify(as_json: bool) -> None:
    """Check everything that must never be wrong; exit 1 when anything is."""
    with database():
        from django.conf import settings

        from sanad.oversight.verify import checks

        found = checks(anchor=settings.SANAD_ANCHOR, progress=progress)
    document = {one.name: {"checked": one.checked, "wrong": list(one.wrong)} for one in found}
    lines = []
    for check in found:
        lines.append(f"{check.name}: {check.checked} checked, {len(check.wrong)} wrong")
        lines += [f"  {finding}" for finding in check.wrong]
    emit(document, as_json=as_json, lines=lines)
    if any(check.wrong for check in found):
        exit_failed()
