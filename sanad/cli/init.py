"""`bin/sanad init`: a real, empty network."""

import os

import click

from sanad.cli.installation import alone, remember, server
from sanad.cli.output import emit, json_option, progress, setup_django
from sanad.lib import clock

DATABASE = "sanad"


@click.command()
@click.option("--username", default="administrator", show_default=True)
@click.option("--name-ar", default="مدير النظام", show_default=True)
@click.option("--name-en", default="Administrator", show_default=True)
@json_option
def init(username: str, name_ar: str, name_en: str, as_json: bool) -> None:
    """Make a real, empty network: database, roles, keys, catalogue, places, first administrator.

    Safe to run again: it upgrades what is there. Without DATABASE_URL it uses the installed
    PostgreSQL below SANAD_VAR; with it, that server, as the administrator whom the URL names.
    """
    os.environ.setdefault("SANAD_DATABASE", DATABASE)
    os.environ["SANAD_DEMONSTRATION"] = ""
    setup_django()
    from django.conf import settings

    with alone(settings.SANAD_VAR, "set-up"), server():
        from sanad.cli.building import build_real
        from sanad.db.provision import provision

        name = settings.DATABASES["default"]["NAME"]
        progress(f"Preparing the database {name} …")
        provision(name=name, url=settings.DATABASE_URL, passwords=settings.SANAD_KEYS)
        made = build_real(username=username, name_ar=name_ar, name_en=name_en, at=clock.now())
        remember(database=name, demonstration="")
    link = made.pop("invitation", None)
    document = {"database": name, "keys": str(settings.SANAD_KEYS), "counts": made,
                "invitation": link}  # fmt: skip
    lines = [f"Database {name} is ready. Keys are in {settings.SANAD_KEYS}: back them up."]
    if link:
        lines.append(f"First administrator: run bin/sanad serve and open {link}")
    emit(document, as_json=as_json, lines=lines)
