"""`bin/sanad messages`: one compiled catalogue a language out of every room's own .po file.

Needs no GNU gettext, no database and no settings: it runs before anything can be served.
"""

import re
import string
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any, Final

import click
from babel.messages import Catalog, Message
from babel.messages.extract import extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, read_po

from sanad.cli.output import emit, exit_failed, json_option
from sanad.lib.refusal import N_, Refused

HOME: Final = Path(__file__).resolve().parents[2]
LOCALE: Final = HOME / "locale"
SOURCES: Final = HOME / "sanad"
TEMPLATES: Final = SOURCES / "web" / "templates"
TRANSLATED_INTO: Final = "ar"
LANGUAGES: Final = ("ar", "en")
# Function -> which arguments are the context ("c"), the message and its plural.
KEYWORDS: Final[dict[str, Any]] = {
    "_": None,
    "N_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
_PERCENT_NAMED: Final = re.compile(r"%\((\w+)\)[a-z]")

Key = tuple[str, str]
"""Context and English text; what a translation is found by."""


class BrokenTranslationFile(Refused):
    code = "messages.broken_file"
    sentence = N_("{file} is not a translation file: {why}. Correct that line.")


class ConflictingTranslations(Refused):
    code = "messages.conflict"
    sentence = N_(
        "“{message}” is translated twice, differently: {first} and {second}. Keep one of them, "
        "or give one a context."
    )


@dataclass(frozen=True)
class Wanted:
    """A message of the program and where it first stands."""

    key: Key
    plural: str
    place: str


@dataclass
class Report:
    """What `check` found. Each fault is a line that says where and what."""

    messages: int = 0
    translated: int = 0
    missing: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    @property
    def is_clean(self) -> bool:
        return not self.missing and not self.wrong


@click.group()
def messages() -> None:
    """Translations: compile them, and find what is missing."""


@messages.command(name="compile")
@json_option
def compile_all(as_json: bool) -> None:
    """Merge every locale/<language>/*.po into the catalogue that pages are served with."""
    counts = {language: compile_language(language) for language in LANGUAGES}
    lines = [f"{language}: {count} messages" for language, count in counts.items() if count]
    emit({"compiled": counts}, as_json=as_json, lines=lines)


@messages.command()
@json_option
def check(as_json: bool) -> None:
    """List every message without Arabic, and every translation that lost a placeholder."""
    report = compare(list(wanted()), merge(TRANSLATED_INTO))
    document = {
        "messages": report.messages,
        "translated": report.translated,
        "missing": report.missing,
        "wrong": report.wrong,
    }
    lines = [*report.missing, *report.wrong, f"{report.translated} of {report.messages} translated"]
    emit(document, as_json=as_json, lines=lines)
    if not report.is_clean:
        exit_failed()


def compile_language(language: str) -> int:
    """Write the language's .mo, whole or not at all; how many messages it holds."""
    merged = merge(language)
    if not len(merged):
        return 0
    buffer = BytesIO()
    write_mo(buffer, merged)
    target = LOCALE / language / "LC_MESSAGES" / "django.mo"
    target.parent.mkdir(parents=True, exist_ok=True)
    fresh = target.with_suffix(".new")
    fresh.write_bytes(buffer.getvalue())
    fresh.replace(target)
    return len(merged)


def merge(language: str) -> Catalog:
    """Every file of a language as one catalogue.

    Raises `BrokenTranslationFile` or `ConflictingTranslations`, naming file and line.
    """
    merged = Catalog(locale=language, fuzzy=False)
    places: dict[Key, str] = {}
    for file in sorted((LOCALE / language).glob("*.po")):
        for message in _read(file, language):
            key, place = _key(message), f"{_relative(file)}:{message.lineno}"
            known = merged.get(key[1], context=key[0] or None)
            if known and known.string != message.string:
                raise ConflictingTranslations(message=key[1], first=places[key], second=place)
            places.setdefault(key, place)
            merged.add(message.id, message.string, context=message.context)
    return merged


def wanted() -> Iterator[Wanted]:
    """Every message of the program once, in the order of the files."""
    seen: set[Key] = set()
    for one in _every_occurrence():
        if one.key not in seen:
            seen.add(one.key)
            yield one


def compare(messages: Iterable[Wanted], catalogue: Catalog) -> Report:
    """What the catalogue lacks or gets wrong, message by message."""
    report = Report()
    for one in messages:
        report.messages += 1
        context, text = one.key
        found = catalogue.get(text, context=context or None)
        forms = _forms(found) if found else ()
        if not forms or not all(forms):
            report.missing.append(f"{one.place}: no Arabic for “{text}”")
        elif fault := _fault(one, forms, catalogue.num_plurals):
            report.wrong.append(f"{one.place}: “{text}”: {fault}")
        else:
            report.translated += 1
    return report


def placeholders(text: str) -> set[str]:
    """The names a sentence waits for, written {name} or %(name)s."""
    named = set(_PERCENT_NAMED.findall(text))
    try:
        parts = list(string.Formatter().parse(text))
    except ValueError:
        return named
    return named | {name for _, name, _, _ in parts if name and name.isidentifier()}


def _fault(one: Wanted, forms: tuple[str, ...], plural_forms: int) -> str:
    """What is wrong with a translation, or nothing."""
    if not one.plural:
        lost = placeholders(one.key[1]) ^ placeholders(forms[0])
        return f"differs in {', '.join(sorted(lost))}" if lost else ""
    if len(forms) != plural_forms:
        return f"has {len(forms)} of {plural_forms} plural forms"
    # "One visit" may leave its number out; a name that English does not know is a mistake.
    known = placeholders(one.key[1]) | placeholders(one.plural)
    strange = set().union(*map(placeholders, forms)) - known
    return f"uses the unknown {', '.join(sorted(strange))}" if strange else ""


def _every_occurrence() -> Iterator[Wanted]:
    for file in sorted(SOURCES.rglob("*.py")):
        if "migrations" not in file.parts:
            yield from _in_python(file, file.read_text(encoding="utf-8"))
    for file in sorted(TEMPLATES.rglob("*")):
        if file.suffix in {".html", ".txt"}:
            yield from _in_python(file, _as_python(file.read_text(encoding="utf-8"), file))


def _as_python(template: str, file: Path) -> str:
    """A template as the calls it makes; Django blanks out the rest, which keeps no indentation."""
    from django.utils.translation.template import templatize

    calls: str = templatize(template, origin=str(file))
    return "\n".join(line.strip() for line in calls.splitlines())


def _in_python(file: Path, source: str) -> Iterator[Wanted]:
    stream = BytesIO(source.encode())
    calls: Iterable[Any] = extract_python(stream, KEYWORDS, [], {})
    for line, function, found, _ in calls:
        parts = [found] if isinstance(found, str) else list(found or ())
        one = _wanted(function, parts, f"{_relative(file)}:{line}")
        if one:
            yield one


def _wanted(function: str, parts: list[Any], place: str) -> Wanted | None:
    """The message of one call; None where it is not written out there."""
    context = ""
    if function.startswith(("pgettext", "npgettext")):
        context, *parts = parts or [""]
    is_counted = function.startswith(("ngettext", "npgettext"))
    text = parts[0] if parts else None
    if not isinstance(text, str) or not text:
        return None
    plural = parts[1] if is_counted and len(parts) > 1 else ""
    return Wanted((context, text), str(plural or ""), place)


def _read(file: Path, language: str) -> list[Message]:
    try:
        with file.open("rb") as stream:
            catalogue = read_po(stream, locale=language, abort_invalid=True)
    except (PoFileError, UnicodeDecodeError) as error:
        raise BrokenTranslationFile(file=_relative(file), why=str(error)) from error
    return [one for one in catalogue if one.id and not one.fuzzy and any(_forms(one))]


def _key(message: Message) -> Key:
    text = message.id if isinstance(message.id, str) else message.id[0]
    return message.context or "", text


def _forms(message: Message) -> tuple[str, ...]:
    found = message.string or ""
    return (found,) if isinstance(found, str) else tuple(found)


def _relative(file: Path) -> str:
    return str(file.relative_to(HOME)) if file.is_relative_to(HOME) else str(file)
