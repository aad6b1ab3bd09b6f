"""`bin/sanad keys`: which keys there are, and turning one over."""

import click

from sanad.cli.output import emit, json_option
from sanad.lib.keys import CIVIL, RECEIPT, Keyring


@click.group()
def keys() -> None:
    """Keys in files; docs/keys.md says what each protects and what its loss means."""


@keys.command("list")
@json_option
def list_keys(as_json: bool) -> None:
    """The key files that are there, without their contents."""
    from sanad import settings

    found = Keyring(settings.SANAD_KEYS).names()
    emit({"folder": str(settings.SANAD_KEYS), "keys": found}, as_json=as_json)


@keys.command()
@click.argument("kind", type=click.Choice([CIVIL, RECEIPT]))
@json_option
def rotate(kind: str, as_json: bool) -> None:
    """Make a new version: it seals and signs from the next start; old ones open and verify."""
    from sanad import settings

    version = Keyring(settings.SANAD_KEYS).rotate(kind)
    lines = [f"Made {kind}-{version}.key. Restart the serving processes, and back the folder up."]
    emit({"kind": kind, "version": version}, as_json=as_json, lines=lines)
