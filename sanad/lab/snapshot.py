"""A snapshot: the log as it was when a study was made, in Parquet, so that it can be made again.

    var/snapshots/<database>/<id>.json  what it is made of
    …/months/<sha256>.parquet           a month of the log, named by its content

Months that have not changed since the last snapshot are not read again: a month is known by its
number of rows and the last transaction that wrote to it. The id is of the files' digests, so the
same log gives the same id. A row is an event; requests, visits and people are pseudonyms.

Size: 45 bytes a row on disk; the announced quarter, 12 million events, is some 550 MB.
"""

import hashlib
import json
import os
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.csv
import pyarrow.dataset
import pyarrow.parquet as pq
from django.conf import settings

from sanad.db.scope import acting, national_scope
from sanad.eventlog import copy
from sanad.lib.keys import Keyring
from sanad.lib.refusal import N_, Refused

SCHEMA = pa.schema(
    [
        ("occurred_at", pa.timestamp("us", tz="UTC")),
        ("kind", pa.dictionary(pa.int16(), pa.string())),
        ("centre", pa.int32()),
        ("seq", pa.int32()),
        ("request", pa.int64()),
        ("visit", pa.int64()),
        ("resource", pa.int64()),
        ("service", pa.dictionary(pa.int16(), pa.string())),
        ("entity", pa.int32()),
        ("outcome", pa.dictionary(pa.int16(), pa.string())),
        ("ticket", pa.int64()),
        ("charge_baisa", pa.int64()),
    ]
)
AS_COPIED = {
    field.name: pa.int64()
    if field.name == "occurred_at"
    else pa.string()
    if pa.types.is_dictionary(field.type)
    else field.type
    for field in SCHEMA
}
# A centre's rows lie in one or two groups of a month, and a reader of one centre skips the others.
ROWS_TOGETHER = 65_536
ID_LENGTH = 16


class NoSuchSnapshot(Refused):
    code = "lab.no_such_snapshot"
    sentence = N_("There is no snapshot {id}. Take one with bin/sanad snapshot, or choose another.")


class SnapshotDamaged(Refused):
    code = "lab.snapshot_damaged"
    sentence = N_(
        "The file of {month} in snapshot {id} is gone or is not what it was. Take a new snapshot; "
        "a study of the old one cannot be made again."
    )


class LogEmpty(Refused):
    code = "lab.log_empty"
    sentence = N_("Nothing has happened yet, so there is nothing to study. Come back later.")


@dataclass(frozen=True)
class Month:
    """A month of the log: its rows, what it is known by, and its file."""

    month: str
    rows: int
    last_xid: str
    sha256: str
    bytes: int

    @property
    def path(self) -> Path:
        return _months() / f"{self.sha256}.parquet"


@dataclass(frozen=True)
class Snapshot:
    """What a study names. `simulated` is the demonstration's calibration, empty for a real one."""

    id: str
    taken_at: datetime
    simulated: str
    months: tuple[Month, ...]

    @property
    def rows(self) -> int:
        return sum(month.rows for month in self.months)


def take(*, at: datetime) -> Snapshot:
    """The log as it is now. Raises `LogEmpty`; a snapshot is there whole or not at all."""
    _months().mkdir(parents=True, exist_ok=True)
    known = {
        (month.month, month.rows, month.last_xid): month
        for one in snapshots()
        if one.simulated == (settings.SANAD_DEMONSTRATION or "")
        for month in one.months
        if month.path.exists()
        and _digest(month.path) == month.sha256
        and pq.read_schema(month.path).names == SCHEMA.names
    }
    key = Keyring(settings.SANAD_KEYS).index(b"the Lab's pseudonyms")
    with acting(national_scope()):
        found = copy.months()
        if not found:
            raise LogEmpty
        months = tuple(
            known.get((one["month"], one["rows"], one["last_xid"])) or _written(one, key)
            for one in found
        )
    name = hashlib.sha256("".join(month.sha256 for month in months).encode()).hexdigest()
    made = Snapshot(name[:ID_LENGTH], at, settings.SANAD_DEMONSTRATION or "", months)
    place = _folder() / f"{made.id}.json"
    if not place.exists():
        document = asdict(made) | {"taken_at": at.isoformat()}
        _whole(place, json.dumps(document, indent=1).encode())
    return snapshot(made.id)


def is_log_empty() -> bool:
    """Whether nothing has happened yet."""
    with acting(national_scope()):
        return not copy.months()


def snapshots() -> list[Snapshot]:
    """Those there are, the newest first."""
    found = [_read(path) for path in _folder().glob("*.json")]
    return sorted(found, key=lambda one: (one.taken_at, one.id), reverse=True)


def snapshot(name: str) -> Snapshot:
    """Raises `NoSuchSnapshot`."""
    path = _folder() / f"{name}.json"
    if not name.isalnum() or not path.exists():
        raise NoSuchSnapshot(id=name)
    return _read(path)


def require_whole(found: Snapshot) -> None:
    """Every file is what it was. Raises `SnapshotDamaged`."""
    for month in found.months:
        if not month.path.exists() or _digest(month.path) != month.sha256:
            raise SnapshotDamaged(id=found.id, month=month.month)


def files_of(found: Snapshot) -> list[Path]:
    """The Parquet files of a snapshot, by month. Raises `SnapshotDamaged` where one is gone."""
    for month in found.months:
        if not month.path.exists():
            raise SnapshotDamaged(id=found.id, month=month.month)
    return [month.path for month in found.months]


def rows_of(found: Snapshot, *, columns: list[str], only: Any = None) -> pa.Table:
    """The rows of a snapshot, by month, centre and time, in `columns`; `only` is an expression of
    pyarrow's datasets that narrows them. Raises `SnapshotDamaged` where a file is gone."""
    files = pyarrow.dataset.dataset([str(path) for path in files_of(found)], schema=SCHEMA)
    return files.to_table(columns=columns, filter=only)


def _written(one: dict[str, Any], key: bytes) -> Month:
    with copy.copied(one["month"], key=key) as lines:
        read = pyarrow.csv.read_csv(
            lines,
            read_options=pyarrow.csv.ReadOptions(column_names=list(AS_COPIED), block_size=1 << 24),
            convert_options=pyarrow.csv.ConvertOptions(column_types=AS_COPIED),
        )
    table = pa.table(
        [_as(read[field.name], field.type) for field in SCHEMA], schema=SCHEMA
    ).combine_chunks()
    part = _months() / f"{one['month']}.{os.getpid()}.part"
    pq.write_table(table, part, row_group_size=ROWS_TOGETHER, compression="zstd")
    month = Month(one["month"], len(table), one["last_xid"], _digest(part), part.stat().st_size)
    part.replace(month.path)
    return month


def _as(column: pa.ChunkedArray, kind: pa.DataType) -> pa.ChunkedArray:
    if pa.types.is_dictionary(kind):
        return pa.chunked_array([column.combine_chunks().dictionary_encode().cast(kind)])
    return column.cast(kind)


def _read(path: Path) -> Snapshot:
    known = json.loads(path.read_text())
    months = tuple(Month(**month) for month in known.pop("months"))
    taken_at = datetime.fromisoformat(known.pop("taken_at"))
    return Snapshot(**known, taken_at=taken_at, months=months)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _whole(path: Path, content: bytes) -> None:
    part = path.with_suffix(f".{os.getpid()}.part")
    part.write_bytes(content)
    part.replace(path)


def _folder() -> Path:
    folder: Path = settings.SANAD_SNAPSHOTS
    return folder


def _months() -> Path:
    return _folder() / "months"
