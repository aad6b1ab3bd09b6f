"""`bin/sanad events`: what the log may record, as the table of docs/events.md."""

from typing import Any

import click

from sanad.cli.output import emit, json_option, setup_django
from sanad.eventlog.kinds import Kind, all_kinds

NAMES = {str: "text", int: "number", bool: "yes or no", list: "list", type(None): "nothing"}


@click.command()
@json_option
def events(as_json: bool) -> None:
    """List every kind of event with its meaning and its payload. Needs no database."""
    setup_django()
    emit({"kinds": [_as_json(kind) for kind in all_kinds()]}, as_json=as_json, lines=[table()])


def table() -> str:
    """A line a kind, in Markdown; `?` marks a field that may be absent."""
    lines = ["| event | what happened | payload |", "|---|---|---|"]
    for kind in all_kinds():
        fields = ", ".join(
            f"`{name}`{'?' if name in kind.optional else ''} {said}"
            for name, said in _fields(kind).items()
        )
        lines.append(f"| `{kind.name}` | {kind.meaning} | {fields or '-'} |")
    return "\n".join(lines)


def _fields(kind: Kind) -> dict[str, str]:
    return {
        name: " or ".join(NAMES[one] for one in (types if isinstance(types, tuple) else (types,)))
        for name, types in kind.payload.items()
    }


def _as_json(kind: Kind) -> dict[str, Any]:
    return {
        "name": kind.name,
        "version": kind.version,
        "meaning": kind.meaning,
        "payload": _fields(kind),
        "optional": sorted(kind.optional),
    }
