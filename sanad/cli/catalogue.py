"""`sanad catalogue`: check the catalogue's files, search its services."""

from gettext import translation
from pathlib import Path

import click

from sanad.catalogue.files import DATA, check_folder
from sanad.catalogue.files.summary import summary
from sanad.cli.installation import database
from sanad.cli.output import LOCALE, emit, exit_failed, json_option

FOLDER = click.Path(path_type=Path, exists=True, file_okay=False)


@click.group()
def catalogue() -> None:
    """The services: what they ask for and what they may cost."""


@catalogue.command()
@click.argument(
    "folder", type=click.Path(path_type=Path, exists=True, file_okay=False), default=DATA
)
@json_option
def check(folder: Path, as_json: bool) -> None:
    """Read a catalogue's files and name every mistake. Needs no database."""
    # Python's own gettext: Django, its settings and keys are not needed to read files.
    arabic = translation("django", str(LOCALE), ["ar"], fallback=True).gettext
    document = summary(check_folder(folder), arabic)
    lines = [
        "{file}:{line}: {what} {fix}\n{file}:{line}: {what_ar} {fix_ar}".format(**error)
        for error in document["errors"]
    ]
    lines.append(
        "services: {services}, in full: {services_in_full}, fee lines: {fee_lines} of "
        "{source_lines}, mistakes: {mistakes}".format(**document, mistakes=len(lines))
    )
    emit(document, as_json=as_json, lines=lines)
    if document["errors"]:
        exit_failed()


@catalogue.command()
@click.argument("words", nargs=-1, required=True)
@click.option("--limit", type=click.IntRange(1, 100), default=10, show_default=True)
@json_option
def search(words: tuple[str, ...], limit: int, as_json: bool) -> None:
    """Services like WORDS, best first: Arabic or English, typos forgiven."""
    with database():
        from sanad.catalogue import queries
        from sanad.db.scope import acting, public_scope
        from sanad.lib.business_day import business_date
        from sanad.lib.clock import now

        with acting(public_scope()):
            hits = queries.search(" ".join(words), limit=limit, on=business_date(now()))
    results = [
        {
            "code": hit.code,
            "name_ar": hit.name.ar,
            "name_en": hit.name.en,
            "entity": hit.entity.name.en,
            "entity_ar": hit.entity.name.ar,
            "entity_number": hit.entity.number,
        }
        for hit in hits
    ]
    lines = [
        "{code}\n  {name_ar} · {entity_ar}\n  {name_en} · {entity}".format(**result)
        for result in results
    ]
    emit({"results": results}, as_json=as_json, lines=lines)
