"""OCEL 2.0 as JSON or SQLite, flattened on one object type, and written as JSON.

Flattened, each object of the chosen type is a case, and an event is in the case of every such
object it names (once, whatever the qualifiers). A resource or group is the first object of its
type that the event names; the attribute `start` of an event is when it began.
www.ocel-standard.org, specification of version 2.0.
"""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from sanad.lab.evidence.log import UNKNOWN, Coded, EventLog
from sanad.lab.evidence.rows import Rows
from sanad.lab.evidence.times import micros, text_of
from sanad.lib.refusal import N_, Refused

START: Final = "start"


class OcelBroken(Refused):
    code = "evidence.ocel_broken"
    sentence = N_(
        "“{source}” is not an OCEL 2.0 file: {why}. Export it anew as JSON or SQLite and choose it "
        "again."
    )


class NoSuchObjectType(Refused):
    code = "evidence.no_such_object_type"
    sentence = N_(
        "“{source}” has no objects of type “{type}”. It has {found}; choose the type that is the "
        "case."
    )


class OcelTimeUnreadable(Refused):
    code = "evidence.ocel_time_unreadable"
    sentence = N_(
        "The event {event} of “{source}” has the time “{text}”, which is not one. Write times like "
        "2026-03-01T08:30:00+04:00."
    )


@dataclass(frozen=True, slots=True)
class Flattened:
    """Which object type is the case, and which, if any, the resource and the group."""

    case: str
    resource: str | None = None
    group: str | None = None


@dataclass(frozen=True, slots=True)
class _Event:
    id: str
    type: str
    time: str
    start: str | None
    objects: tuple[str, ...]


def object_types(path: Path) -> tuple[str, ...]:
    """The types of the objects in a file, by name. Raises `OcelBroken`."""
    return tuple(sorted(set(_read(path)[0].values())))


def read_ocel(path: Path, on: Flattened) -> EventLog:
    """The log in a .json (.jsonocel) or .sqlite file.

    Raises `OcelBroken`, `NoSuchObjectType`, `OcelTimeUnreadable` and what `EventLog.of` refuses.
    """
    types, events = _read(path)
    found = sorted(set(types.values()))
    for wanted in (on.case, on.resource, on.group):
        if wanted is not None and wanted not in found:
            raise NoSuchObjectType(source=path.name, type=wanted, found=", ".join(found) or "–")
    rows = Rows()
    for event in events:
        _add(rows, event, types, on, path.name)
    return rows.log(path.name)


def write_ocel(log: EventLog, path: Path) -> None:
    """Write the log as OCEL 2.0 JSON with objects of the types case, resource and group.

    Read back with ``Flattened("case", "resource", "group")`` it is the same.
    """
    columns = {"case": log.case, "resource": log.resource, "group": log.group}
    known = {name: column for name, column in columns.items() if column is not None}
    attributes = [] if log.start is None else [{"name": START, "type": "time"}]
    document = {
        "objectTypes": [{"name": name, "attributes": []} for name in known],
        "eventTypes": [{"name": name, "attributes": attributes} for name in log.activity.names],
        "objects": [
            {"id": f"{kind}:{name}", "type": kind, "attributes": [], "relationships": []}
            for kind, column in known.items()
            for name in column.names
        ],
        "events": [_written(log, event, known) for event in range(len(log))],
    }
    path.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")


def _written(log: EventLog, event: int, known: dict[str, Coded]) -> dict[str, Any]:
    started = UNKNOWN if log.start is None else int(log.start[event])
    return {
        "id": f"e{event + 1}",
        "type": log.activity.name(event),
        "time": text_of(int(log.time[event])),
        "attributes": [] if started == UNKNOWN else [{"name": START, "value": text_of(started)}],
        "relationships": [
            {"objectId": f"{kind}:{column.name(event)}", "qualifier": kind}
            for kind, column in known.items()
            if column.codes[event] != UNKNOWN
        ],
    }


def _add(rows: Rows, event: _Event, types: dict[str, str], on: Flattened, source: str) -> None:
    def of_type(wanted: str | None) -> Iterator[str]:
        if wanted is None:
            return iter(())
        return (_bare(one, wanted) for one in event.objects if types.get(one) == wanted)

    time = _time(event, event.time, source)
    start = UNKNOWN if event.start is None else _time(event, event.start, source)
    resource, group = next(of_type(on.resource), None), next(of_type(on.group), None)
    for case in dict.fromkeys(of_type(on.case)):
        rows.add(case, event.type, time, start=start, resource=resource, group=group)


def _bare(identifier: str, kind: str) -> str:
    """The name behind our own prefix, which keeps a person and a case of one name apart."""
    return identifier.removeprefix(f"{kind}:")


def _time(event: _Event, text: str, source: str) -> int:
    try:
        return micros(text)
    except (ValueError, TypeError, AttributeError, OverflowError):
        raise OcelTimeUnreadable(source=source, event=event.id, text=text) from None


def _read(path: Path) -> tuple[dict[str, str], list[_Event]]:
    read = _from_json if path.suffix.lower() in (".json", ".jsonocel") else _from_sqlite
    try:
        return read(path)
    except (OSError, sqlite3.Error, ValueError, TypeError, KeyError, AttributeError) as error:
        raise OcelBroken(source=path.name, why=f"{type(error).__name__} {error}") from error


def _from_json(path: Path) -> tuple[dict[str, str], list[_Event]]:
    document = json.loads(path.read_bytes())
    types = {one["id"]: one["type"] for one in document["objects"]}
    return types, [
        _Event(
            one["id"],
            one["type"],
            one["time"],
            next((a["value"] for a in one.get("attributes", ()) if a["name"] == START), None),
            tuple(link["objectId"] for link in one.get("relationships", ())),
        )
        for one in document["events"]
    ]


def _from_sqlite(path: Path) -> tuple[dict[str, str], list[_Event]]:
    """As JSON. A table has no order that says which of two events of one time came first: ties are
    by the place in the table of the event's type, then by the type's name."""
    with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True)) as db:
        types = {str(one): str(kind) for one, kind in db.execute(
            "SELECT ocel_id, ocel_type FROM object"
        )}  # fmt: skip
        kinds = {str(one): str(kind) for one, kind in db.execute(
            "SELECT ocel_id, ocel_type FROM event"
        )}  # fmt: skip
        objects: dict[str, list[str]] = {}
        for event, one in db.execute("SELECT ocel_event_id, ocel_object_id FROM event_object"):
            objects.setdefault(str(event), []).append(str(one))
        times = sorted(_times(db), key=lambda row: row[0])
        if missing := kinds.keys() - {event for _, event, _, _ in times}:
            raise KeyError(f"no time of event {min(missing)}")
        return types, [
            _Event(event, kinds[event], time, start, tuple(objects.get(event, ())))
            for _, event, time, start in times
        ]


def _times(db: sqlite3.Connection) -> Iterator[tuple[int, str, str, str | None]]:
    """Each event's place in the table of its type, id, time and start."""
    query = "SELECT ocel_type_map FROM event_map_type ORDER BY ocel_type"
    for (kind,) in db.execute(query).fetchall():
        table = '"event_{}"'.format(kind.replace('"', '""'))
        columns = {row[1] for row in db.execute(f"PRAGMA table_info({table})")}
        start = f'"{START}"' if START in columns else "NULL"
        query = f"SELECT ocel_id, ocel_time, {start} FROM {table}"  # noqa: S608 - a quoted name
        for place, (event, time, began) in enumerate(db.execute(query)):
            yield place, str(event), time, began
