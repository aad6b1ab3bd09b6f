"""The command line.

Every command takes --json: one document on standard output, logs on standard error; it exits 0 on
success, 1 on a failed check or a refusal, 2 on bad usage.
"""

import os
import sys
from importlib import import_module

import click

from sanad.cli.leaving import listen
from sanad.lib.refusal import Refused

# Imported when it is called: `messages compile` must run before Django can be set up.
COMMANDS = {
    "bench": "sanad.cli.bench:bench",
    "catalogue": "sanad.cli.catalogue:catalogue",
    "demo": "sanad.cli.demo:demo",
    "events": "sanad.cli.events:events",
    "evidence": "sanad.cli.evidence:evidence",
    "example": "sanad.cli.example:example",
    "init": "sanad.cli.init:init",
    "keys": "sanad.cli.keys:keys",
    "messages": "sanad.cli.messages:messages",
    "portfolio": "sanad.cli.portfolio:portfolio",
    "prove": "sanad.cli.prove:prove",
    "report": "sanad.cli.report:report",
    "sandbox": "sanad.cli.serve:sandbox",
    "serve": "sanad.cli.serve:serve",
    "siting": "sanad.cli.siting:siting",
    "snapshot": "sanad.cli.snapshot:snapshot",
    "staffing": "sanad.cli.staffing:staffing",
    "sustainability": "sanad.cli.sustainability:sustainability",
    "twin": "sanad.cli.twin:twin",
    "verify": "sanad.cli.verify:verify",
    "worker": "sanad.cli.serve:worker",
}


class Commands(click.Group):
    """Finds a command's module when the command is named."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        module, _, attribute = COMMANDS[name].partition(":")
        command: click.Command = getattr(import_module(module), attribute)
        return command


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
def cli() -> None:
    """Sanad (سند): runs a network of assisted-service centres and the Lab that improves it."""


def main() -> None:
    """Run, and turn a refusal into one sentence and exit code 1."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sanad.settings")
    listen()
    try:
        cli(prog_name="bin/sanad")
    except Refused as refusal:
        from sanad.cli.output import complain

        complain(refusal)
        sys.exit(1)
