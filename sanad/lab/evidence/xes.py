"""XES (IEEE 1849-2016), plain or gzipped, read as a stream and written.

A case is a trace, an event its `concept:name`, `time:timestamp`, `org:resource` and `org:group`.
Traces of one name are one case; one without a name is a case of its own, called by its number.

Joined, a `start` and the next `complete` of the same activity (and `concept:instance`) in the
trace are one event from start to completion. A start whose end is missing stands at its start,
with no working time known. Other transitions (schedule, assign, suspend) are not steps and are
left out.
Not joined, every event of the file is one and stands at its time, as most mining tools count.

A document type with entities is refused, so nothing can be expanded.
"""

import gzip
import zlib
from collections import deque
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Final, cast
from xml.parsers import expat
from xml.sax.saxutils import quoteattr

from sanad.lab.evidence.log import UNKNOWN, Coded, EventLog
from sanad.lab.evidence.rows import Rows
from sanad.lab.evidence.times import micros, text_of
from sanad.lib.refusal import N_, Refused

ALSO_KEPT: Final = frozenset(
    {"concept:instance", "lifecycle:transition", "org:resource", "org:group"}
)


@dataclass(frozen=True, slots=True)
class Keys:
    """Which attribute of a trace names it, and which of an event say what was done and when."""

    case: str = "concept:name"
    activity: str = "concept:name"
    time: str = "time:timestamp"


class XesBroken(Refused):
    code = "evidence.xes_broken"
    sentence = N_(
        "“{source}” is not a whole XES file: line {line}, {why}. Export it anew and choose it "
        "again."
    )


class XesEntities(Refused):
    code = "evidence.xes_entities"
    sentence = N_(
        "“{source}” declares an entity in line {line}. Entities are not read, for safety; export "
        "the log without a document type."
    )


class XesValueMissing(Refused):
    code = "evidence.xes_value_missing"
    sentence = N_(
        "The {element} that ends in line {line} of “{source}” has no {key}. Add it or leave the "
        "{element} out."
    )


class XesTimeUnreadable(Refused):
    code = "evidence.xes_time_unreadable"
    sentence = N_(
        "Line {line} of “{source}”: “{text}” is not a time. Write times like "
        "2026-03-01T08:30:00+04:00."
    )


def read_xes(path: Path, keys: Keys = Keys(), *, joined: bool = True) -> EventLog:
    """The log in a .xes or .xes.gz file. Raises the refusals of this file and of `EventLog.of`."""
    reader = _Reader(path.name, keys, joined)
    try:
        with _opened(path, "rb") as file:
            reader.parser.ParseFile(file)
    except (expat.ExpatError, OSError, EOFError, zlib.error) as error:
        raise XesBroken(
            source=path.name, line=reader.parser.CurrentLineNumber, why=str(error)
        ) from error
    if not reader.is_log:
        raise XesBroken(source=path.name, line=1, why="no <log>")
    reader.name_the_nameless()
    return reader.rows.log(path.name)


def write_xes(log: EventLog, path: Path) -> None:
    """Write the log; read back it is the same. A known start is an event of its own."""
    with _opened(path, "wb") as file:
        file.write(_HEAD.encode())
        for case in range(log.cases):
            file.write(_trace(log, case).encode())
        file.write(b"</log>\n")


class _Reader:
    """The events of the parser, turned to rows; knows the trace and the event it is in."""

    def __init__(self, source: str, keys: Keys, joined: bool) -> None:
        self.source = source
        self.keys = keys
        self.joined = joined
        self.of_event = ALSO_KEPT | {keys.activity, keys.time}
        self.rows = Rows()
        self.is_log = False
        self.path: list[str] = []
        self.trace: dict[str, str] = {}
        self.event: dict[str, str] = {}
        self.events: list[dict[str, Any]] = []
        self.waiting: dict[tuple[str, str], deque[dict[str, Any]]] = {}
        self.traces = 0
        self.nameless: list[tuple[int, int, int]] = []  # the trace's number, its rows from and to
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self.begin
        self.parser.EndElementHandler = self.end
        self.parser.EntityDeclHandler = self.refuse_entity

    @property
    def line(self) -> int:
        return self.parser.CurrentLineNumber

    def refuse_entity(self, *_declaration: Any) -> None:
        raise XesEntities(source=self.source, line=self.line)

    def begin(self, element: str, attributes: dict[str, str]) -> None:
        path = self.path
        path.append(element.rpartition(" ")[2])
        depth = len(path)
        if depth == 4 and path[2] == "event" and path[1] == "trace":
            if (key := attributes.get("key", "")) in self.of_event:
                self.event[key] = attributes.get("value", "")
        elif depth == 3 and path[1] == "trace":
            if path[2] == "event":
                self.event = {}
            elif attributes.get("key") == self.keys.case:
                self.trace[self.keys.case] = attributes.get("value", "")
        elif path == ["log", "trace"]:
            self.trace, self.events, self.waiting = {}, [], {}
            self.traces += 1
        elif path == ["log"]:
            self.is_log = True

    def end(self, _element: str) -> None:
        if len(self.path) <= 3 and self.is_log:
            if self.path == ["log", "trace", "event"]:
                self.end_event()
            elif self.path == ["log", "trace"]:
                self.end_trace()
        self.path.pop()

    def end_event(self) -> None:
        transition = self.event.get("lifecycle:transition", "complete").lower()
        if self.joined and transition not in ("start", "complete"):
            return
        found: dict[str, Any] = {
            "activity": self.needed(self.keys.activity),
            "time": self.time(self.needed(self.keys.time)),
            "resource": self.event.get("org:resource") or None,
            "group": self.event.get("org:group") or None,
        }
        if self.joined:
            self.join(found, transition)
        self.events.append(found)

    def join(self, found: dict[str, Any], transition: str) -> None:
        """A start waits for its completion; a completion takes the first start that waits."""
        of = (found["activity"], self.event.get("concept:instance", ""))
        open_starts = self.waiting.setdefault(of, deque())
        if transition == "start":
            open_starts.append(found)
        elif open_starts and open_starts[0]["time"] <= found["time"]:
            started = open_starts.popleft()
            started["ended"] = True
            found["start"] = started["time"]
            found["resource"] = found["resource"] or started["resource"]
            found["group"] = found["group"] or started["group"]

    def end_trace(self) -> None:
        case, before = self.trace.get(self.keys.case), len(self.rows.case)
        for event in self.events:
            if not event.pop("ended", False):
                self.rows.add(case or "", **event)
        if not case and self.events:
            self.nameless.append((self.traces, before, len(self.rows.case)))

    def name_the_nameless(self) -> None:
        """`#3` for the third trace, with more signs where another trace is called so."""
        taken = set(self.rows.case) if self.nameless else set()
        for number, first, after in self.nameless:
            name = f"#{number}"
            while name in taken:
                name = f"#{name}"
            taken.add(name)
            self.rows.case[first:after] = [name] * (after - first)

    def needed(self, key: str) -> str:
        value = self.event.get(key)
        if not value:
            raise XesValueMissing(source=self.source, line=self.line, element="event", key=key)
        return value

    def time(self, text: str) -> int:
        try:
            return micros(text)
        except (ValueError, OverflowError):
            raise XesTimeUnreadable(source=self.source, line=self.line, text=text) from None


_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<log xes.version="1849-2016" xes.features="" xmlns="http://www.xes-standard.org/">
<extension name="Concept" prefix="concept" uri="http://www.xes-standard.org/concept.xesext"/>
<extension name="Time" prefix="time" uri="http://www.xes-standard.org/time.xesext"/>
<extension name="Lifecycle" prefix="lifecycle" uri="http://www.xes-standard.org/lifecycle.xesext"/>
<extension name="Organizational" prefix="org" uri="http://www.xes-standard.org/org.xesext"/>
"""


def _trace(log: EventLog, case: int) -> str:
    place = log.of_case(case)
    events = (_event(log, event) for event in range(place.start, place.stop))
    return f"<trace>{_string('concept:name', log.case.names[case])}\n{''.join(events)}</trace>\n"


def _event(log: EventLog, event: int) -> str:
    """One event, or two when its start is known; `concept:instance` joins the two."""
    common = _string("concept:name", log.activity.name(event))
    common += _named("org:resource", log.resource, event) + _named("org:group", log.group, event)
    common += _string("concept:instance", event)
    moments = [(int(log.time[event]), "complete")]
    if log.start is not None and log.start[event] != UNKNOWN:
        moments.insert(0, (int(log.start[event]), "start"))
    return "".join(
        f'<event>{common}<date key="time:timestamp" value="{text_of(when)}"/>'
        f"{_string('lifecycle:transition', transition)}</event>\n"
        for when, transition in moments
    )


def _named(key: str, column: Coded | None, event: int) -> str:
    name = None if column is None else column.name(event)
    return "" if name is None else _string(key, name)


def _string(key: str, value: object) -> str:
    return f'<string key="{key}" value={quoteattr(str(value))}/>'


def _opened(path: Path, mode: Any) -> IO[bytes]:
    if path.name.lower().endswith(".gz"):
        return cast(IO[bytes], gzip.open(path, mode))
    return cast(IO[bytes], path.open(mode))
