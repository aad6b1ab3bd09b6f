"""A file that somebody brings as a log: what it is, how large, and what its columns are called.

Nothing is believed of it: not its name, not what it says of its own size.
"""

import gzip
import hashlib
import json
import sqlite3
import zlib
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.parquet as pq

from sanad.lab.evidence.log import LogTooLong
from sanad.lab.evidence.ocel import OcelBroken
from sanad.lab.evidence.tables import TableUnreadable, column_names
from sanad.lib.refusal import N_, Refused

LARGEST_BYTES: Final = 32 * 1024**2
UNPACKED_BYTES_AT_MOST: Final = 128 * 1024**2
EVENTS_AT_MOST: Final = 2_000_000
NAME_LENGTH: Final = 120
MUSCAT_OFFSET: Final = 240
LEAST_COLUMNS: Final = 3  # case, activity, time

# By ending: how the file is read, and whether something is to be chosen first.
ENDINGS: Final = {
    ".xes.gz": "XES", ".xes": "XES", ".jsonocel": "OCEL", ".json": "OCEL", ".sqlite": "OCEL",
    ".csv.gz": "CSV", ".csv": "CSV", ".parquet": "Parquet",
}  # fmt: skip
# One piece, from left to right in a sentence of either script.
ENDINGS_SAID: Final = f"\u2066{', '.join(ENDINGS)}\u2069"
# What columns are usually called, the likeliest first; compared without case, spaces and marks.
USUAL: Final = {
    "case": ("caseid", "caseconceptname", "case", "traceid", "requestid", "request", "orderid",
             "order", "applicationid", "application", "رقمالمعاملة", "رقمالطلب",
             "المعاملة", "الطلب"),
    "activity": ("activity", "conceptname", "activityname", "eventname", "event", "task", "step",
                 "action", "kind", "النشاط", "الخطوة"),
    "time": ("timetimestamp", "completetimestamp", "timestamp", "completedat", "endtime", "time",
             "occurredat", "end", "date", "الوقت", "التاريخ"),
    "start": ("starttimestamp", "startedat", "starttime", "start", "البداية"),
    "resource": ("orgresource", "resource", "user", "employee", "operator", "worker", "الموظف"),
    "group": ("orggroup", "group", "department", "unit", "entity", "centre", "center", "الجهة",
              "المركز"),
}  # fmt: skip


class UploadTooLarge(Refused):
    code = "lab.upload_too_large"
    sentence = N_(
        "The file {name} is larger than {most_mb} MB. Divide it by period, or save it as Parquet "
        "or as packed XES."
    )


class UnpacksTooLarge(Refused):
    code = "lab.unpacks_too_large"
    sentence = N_(
        "The file {name} unpacks to more than {most_mb} MB. Divide it by period and add the parts."
    )


class UploadEmpty(Refused):
    code = "lab.upload_empty"
    sentence = N_("The file {name} is empty. Export the log again.")


class NotALog(Refused):
    code = "lab.not_a_log"
    sentence = N_(
        "A file called {name} is not read. Choose XES, OCEL, CSV or Parquet, in a file that ends "
        "in {endings}."
    )


class ColumnTwice(Refused):
    code = "lab.column_twice"
    sentence = N_(
        "“{source}” has the column {column} more than once. Give each column a name of its own."
    )


class ColumnsTooFew(Refused):
    code = "lab.columns_too_few"
    sentence = N_(
        "“{source}” has too few columns: {found}. A log has at least a case, an activity and a "
        "time; separate the columns of a CSV file with commas."
    )


@dataclass(frozen=True)
class Chosen:
    """What holds what: names of columns, of object types in OCEL; empty is not read."""

    case: str = ""
    activity: str = ""
    time: str = ""
    start: str = ""
    resource: str = ""
    group: str = ""
    kind: str = ""  # what cases can be told apart by
    offset_minutes: int = MUSCAT_OFFSET  # of times that name none


def form_of(name: str) -> str:
    """XES, OCEL, CSV or Parquet, by the ending. Raises `NotALog`."""
    for ending, form in ENDINGS.items():
        if name.lower().endswith(ending):
            return form
    raise NotALog(name=name, endings=ENDINGS_SAID)


def guess(names: tuple[str, ...], form: str) -> Chosen:
    """What probably holds what, by usual names; each name once."""
    plain = {"".join(sign for sign in name.lower() if sign.isalnum()): name for name in names}
    asked = ("case", "resource", "group") if form == "OCEL" else tuple(USUAL)
    taken: dict[str, str] = {}
    for part in asked:
        for usual in USUAL[part]:
            if usual in plain and plain[usual] not in taken.values():
                taken[part] = plain[usual]
                break
    if form == "OCEL" and "case" not in taken:
        taken["case"] = next((name for name in names if name not in taken.values()), "")
    return Chosen(**taken)  # type: ignore[arg-type]


def columns_of(path: Path, form: str) -> tuple[str, ...]:
    """The columns that can be chosen. Raises `TableUnreadable`, `ColumnTwice`, `ColumnsTooFew`."""
    try:
        if form == "CSV":
            names = column_names(path, is_csv=True)
        else:
            flat = [one for one in pq.read_schema(path) if not pa.types.is_nested(one.type)]
            names = [str(one.name) for one in flat]
    except (pa.ArrowException, OSError, UnicodeError) as error:
        raise TableUnreadable(source=path.name, kind=form, why=why(error)) from error
    for name in names:
        if names.count(name) > 1:
            raise ColumnTwice(source=path.name, column=name)
    if len(names) < LEAST_COLUMNS:
        raise ColumnsTooFew(source=path.name, found=", ".join(names) or "–")
    return tuple(names)


def ocel_types(path: Path) -> tuple[str, ...]:
    """The object types, those with most objects first. Raises `OcelBroken`."""
    try:
        if path.suffix == ".sqlite":
            found = _sqlite_types(path)
        else:
            found = [str(one["type"]) for one in json.loads(path.read_bytes())["objects"]]
    except (OSError, sqlite3.Error, ValueError, TypeError, KeyError, RecursionError) as error:
        raise OcelBroken(source=path.name, why=f"{type(error).__name__} {error}") from error
    if not found:
        raise OcelBroken(source=path.name, why="no object")
    return tuple(sorted(set(found), key=lambda name: (-found.count(name), name)))


def _sqlite_types(path: Path) -> list[str]:
    """A view or a trigger in the file would run what its maker wrote; a log needs neither."""
    with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True)) as db:
        db.execute("PRAGMA trusted_schema = OFF")
        odd = db.execute("SELECT name FROM sqlite_master WHERE type IN ('view', 'trigger')")
        if (one := odd.fetchone()) is not None:
            raise ValueError(f"“{one[0]}” is not a table")
        return [str(kind) for (kind,) in db.execute("SELECT ocel_type FROM object")]


def require_unpacked_size(path: Path, form: str) -> None:
    """A packed file may unpack to a thousand times its size. Raises `UnpacksTooLarge`."""
    too_large = UnpacksTooLarge(name=path.name, most_mb=UNPACKED_BYTES_AT_MOST // 1024**2)
    if path.name.endswith(".gz"):
        if _unpacked_bytes(path) > UNPACKED_BYTES_AT_MOST:
            raise too_large
    elif form == "Parquet":
        try:
            said = pq.read_metadata(path)
        except (pa.ArrowException, OSError) as error:
            raise TableUnreadable(source=path.name, kind=form, why=why(error)) from error
        groups = [said.row_group(one).total_byte_size for one in range(said.num_row_groups)]
        if sum(groups) > UNPACKED_BYTES_AT_MOST:
            raise too_large
        if said.num_rows > EVENTS_AT_MOST:
            raise LogTooLong(source=path.name, events=said.num_rows, most=EVENTS_AT_MOST)


def _unpacked_bytes(path: Path) -> int:
    """As far as it unpacks, and no further than the limit; the reader says what is broken."""
    size = 0
    try:
        with gzip.open(path) as file:
            while size <= UNPACKED_BYTES_AT_MOST and (block := file.read(1 << 20)):
                size += len(block)
    except (OSError, EOFError, zlib.error):
        return size
    return size


def write(part: Path, name: str, content: Iterable[bytes]) -> str:
    """Write the file as it comes and give its digest. Raises `UploadTooLarge`, `UploadEmpty`."""
    part.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    digest, size = hashlib.sha256(), 0
    with part.open("wb") as file:
        for block in content:
            size += len(block)
            if size > LARGEST_BYTES:
                raise UploadTooLarge(name=name, most_mb=LARGEST_BYTES // 1024**2)
            digest.update(block)
            file.write(block)
    if not size:
        raise UploadEmpty(name=name)
    return digest.hexdigest()


def file_name(name: str) -> str:
    """The last part without signs that a folder would read, its ending in small letters."""
    plain = "".join(
        sign for sign in name.replace("\\", "/").rpartition("/")[2] if sign.isprintable()
    )
    for ending in ENDINGS:
        if plain.lower().endswith(ending):
            stem = plain[: -len(ending)].strip(". ")[: NAME_LENGTH - len(ending)]
            return f"{stem or 'log'}{ending}"
    return plain[-NAME_LENGTH:] or "–"


def why(error: Exception) -> str:
    """The first line of what a library says."""
    return (str(error).splitlines() or [type(error).__name__])[0]
