"""Logs that an analyst brings: read once, kept as Parquet, studied like our own. Not our data.

    <snapshots>/uploads/<id>.parquet    case, activity, time and what else was chosen
    <snapshots>/uploads/<id>.json       who brought it, when, from what file, and what was chosen
    <snapshots>/uploads/drafts/<id>/    a file that waits for its columns to be chosen, for a day

The id is of the Parquet's digest. Nothing of a file that cannot be read stays.
"""

import hashlib
import json
import os
import shutil
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from django.conf import settings

from sanad.lab.evidence.log import UNKNOWN, Coded, EventLog, LogTooLong
from sanad.lab.evidence.ocel import Flattened, read_ocel
from sanad.lab.evidence.parquet import Columns
from sanad.lab.evidence.tables import TableUnreadable, read_csv, read_parquet
from sanad.lab.evidence.xes import read_xes
from sanad.lab.procedures import Studied
from sanad.lab.upload_files import (
    EVENTS_AT_MOST,
    NAME_LENGTH,
    Chosen,
    columns_of,
    file_name,
    form_of,
    guess,
    ocel_types,
    require_unpacked_size,
    why,
    write,
)
from sanad.lib.ids import new_id
from sanad.lib.refusal import N_, Refused

KEPT_AT_MOST: Final = 50  # by each analyst
DRAFT_LASTS: Final = timedelta(days=1)
ID_LENGTH: Final = 16
LOGS_REMEMBERED: Final = 2


class NothingChosen(Refused):
    code = "lab.nothing_chosen"
    sentence = N_("Choose what holds the case, the activity and the time.")


class TooManyKept(Refused):
    code = "lab.too_many_kept"
    sentence = N_("You keep {count} logs here, the most there may be. Delete one of them first.")


class NoSuchUpload(Refused):
    code = "lab.no_such_upload"
    sentence = N_("There is no uploaded log {id}. It was deleted, or its file was not read to end.")


class UploadDamaged(Refused):
    code = "lab.upload_damaged"
    sentence = N_("The file of the uploaded log {id} is not what it was. Upload the log again.")


class NotYourUpload(Refused):
    code = "lab.not_your_upload"
    sentence = N_("Only whoever uploaded a log may delete it. Ask them.")


@dataclass(frozen=True)
class Draft:
    """A file that waits; `names` are its columns or object types, `guessed` our suggestion."""

    id: str
    title: str
    file_name: str
    form: str
    sha256: str
    names: tuple[str, ...]
    guessed: Chosen
    by: UUID
    at: datetime

    @property
    def path(self) -> Path:
        return _drafts() / self.id / self.file_name


@dataclass(frozen=True)
class Upload:
    """A log that is kept. `source_sha256` is of the file as it was brought."""

    id: str
    sha256: str
    title: str
    file_name: str
    form: str
    source_sha256: str
    chosen: Chosen
    events: int
    cases: int
    by: UUID
    at: datetime

    @property
    def path(self) -> Path:
        return _folder() / f"{self.id}.parquet"


def receive(
    *, name: str, title: str, content: Iterable[bytes], at: datetime, by: UUID
) -> Draft | Upload:
    """A file as it comes in. XES says itself what holds what and is kept at once; of others there
    is a draft, for the columns to be chosen.

    Raises `UploadEmpty`, `UploadTooLarge`, `UnpacksTooLarge`, `NotALog`, `ColumnTwice`,
    `ColumnsTooFew`, `TooManyKept` and what the readers refuse; then nothing of it stays.
    """
    name = file_name(name)
    form = form_of(name)
    _require_place(by)
    _drop_old_drafts(at)
    part = _drafts() / f"{new_id().hex}.part"
    try:
        sha256 = write(part, name, content)
        draft = Draft(
            f"{sha256[:ID_LENGTH]}-{by.hex[-8:]}", title.strip()[:NAME_LENGTH] or name, name, form,
            sha256, (), Chosen(), by, at,
        )  # fmt: skip
        draft.path.parent.mkdir(parents=True, exist_ok=True)
        part.replace(draft.path)
    finally:
        part.unlink(missing_ok=True)
    try:
        require_unpacked_size(draft.path, form)
        if form == "XES":
            return keep(draft=draft, chosen=Chosen(), at=at)
        names = ocel_types(draft.path) if form == "OCEL" else columns_of(draft.path, form)
        draft = replace(draft, names=names, guessed=guess(names, form))
        _whole(draft.path.parent / "draft.json", _document(draft))
    except BaseException:
        drop(draft)
        raise
    return draft


def draft_of(name: str, *, by: UUID) -> Draft:
    """A draft of one's own. Raises `NoSuchUpload`."""
    place = _drafts() / name / "draft.json"
    if not name.replace("-", "").isalnum() or not place.exists():
        raise NoSuchUpload(id=name)
    known = json.loads(place.read_text(encoding="utf-8"))
    draft = Draft(
        **known | {"names": tuple(known["names"]), "guessed": Chosen(**known["guessed"]),
                   "by": UUID(known["by"]), "at": datetime.fromisoformat(known["at"])}
    )  # fmt: skip
    if draft.by != by:
        raise NoSuchUpload(id=name)
    return draft


def keep(*, draft: Draft, chosen: Chosen, at: datetime) -> Upload:
    """Read the draft as chosen and keep it; the same log twice is one. The draft is gone then.

    Raises `NothingChosen` and what the readers refuse; the draft waits on.
    """
    _require_place(draft.by)
    log, kind = _read(draft, chosen)
    part = draft.path.parent / "log.parquet"
    pq.write_table(_table(log, kind), part, compression="zstd")
    sha256 = _digest(part)
    made = Upload(
        sha256[:ID_LENGTH], sha256, draft.title, draft.file_name, draft.form, draft.sha256, chosen,
        len(log), log.cases, draft.by, at,
    )  # fmt: skip
    if not _json_of(made.id).exists():
        part.replace(made.path)
        _whole(_json_of(made.id), _document(made))
    drop(draft)
    return upload(made.id)


def drop(draft: Draft) -> None:
    """Give a draft up."""
    shutil.rmtree(draft.path.parent, ignore_errors=True)


def uploads() -> list[Upload]:
    """Those there are, the newest first."""
    found = [_known(path) for path in _folder().glob("*.json")]
    return sorted(found, key=lambda one: (one.at, one.id), reverse=True)


def upload(name: str) -> Upload:
    """Raises `NoSuchUpload`."""
    if not name.isalnum() or not _json_of(name).exists():
        raise NoSuchUpload(id=name)
    return _known(_json_of(name))


def delete(found: Upload, *, by: UUID) -> None:
    """Raises `NotYourUpload`."""
    if found.by != by:
        raise NotYourUpload
    _json_of(found.id).unlink(missing_ok=True)
    found.path.unlink(missing_ok=True)
    studied.cache_clear()


@lru_cache(maxsize=LOGS_REMEMBERED)
def studied(found: Upload) -> Studied:
    """The log of an upload. Raises `UploadDamaged`."""
    if not found.path.exists() or _digest(found.path) != found.sha256:
        raise UploadDamaged(id=found.id)
    table = pq.read_table(found.path)

    def coded(name: str) -> Coded | None:
        return _coded(table[name]) if name in table.column_names else None

    def moments(name: str) -> Any:
        whole = table[name].combine_chunks()
        return whole.cast(pa.int64()).fill_null(UNKNOWN).to_numpy()

    case, activity = coded("case"), coded("activity")
    assert case is not None
    assert activity is not None
    log = EventLog.of(
        case=case, activity=activity, time=moments("time"),
        start=moments("start") if "start" in table.column_names else None,
        resource=coded("resource"), group=coded("group"), source=found.file_name,
    )  # fmt: skip
    kind = coded("kind")
    if kind is not None:
        kind = kind.taken(log.offsets[:-1])
    return Studied(log, kind=kind, kind_name=found.chosen.kind)


def _read(draft: Draft, chosen: Chosen) -> tuple[EventLog, Coded | None]:
    """The log, and by event what its cases can be told apart by."""
    if draft.form == "XES":
        return _short_enough(read_xes(draft.path), draft), None
    needed = [chosen.case] if draft.form == "OCEL" else [chosen.case, chosen.activity, chosen.time]
    if not all(needed):
        raise NothingChosen
    log = _short_enough(_with_group(draft, chosen, chosen.group), draft)
    kind = _with_group(draft, chosen, chosen.kind).group if chosen.kind else None
    return log, kind


def _with_group(draft: Draft, chosen: Chosen, group: str) -> EventLog:
    """The log with a column or object type of choice as its group; the order is the same."""
    if draft.form == "OCEL":
        on = Flattened(chosen.case, chosen.resource or None, group or None)
        return read_ocel(draft.path, on)
    columns = Columns(
        chosen.case, chosen.activity, chosen.time, chosen.start or None, chosen.resource or None,
        group or None, chosen.offset_minutes,
    )  # fmt: skip
    try:
        return (read_csv if draft.form == "CSV" else read_parquet)(draft.path, columns)
    except (pa.ArrowException, UnicodeError) as error:
        raise TableUnreadable(source=draft.file_name, kind=draft.form, why=why(error)) from error


def _short_enough(log: EventLog, draft: Draft) -> EventLog:
    if len(log) > EVENTS_AT_MOST:
        raise LogTooLong(source=draft.file_name, events=len(log), most=EVENTS_AT_MOST)
    return log


def _table(log: EventLog, kind: Coded | None) -> pa.Table:
    """Columns in the log's order; what is not known is null."""
    stamp = pa.timestamp("us", tz="UTC")
    columns = {
        "case": _names(log.case), "activity": _names(log.activity),
        "time": pa.array(log.time).cast(stamp),
    }  # fmt: skip
    if log.start is not None:
        columns["start"] = pa.array(log.start, mask=log.start == UNKNOWN).cast(stamp)
    for name, column in (("resource", log.resource), ("group", log.group), ("kind", kind)):
        if column is not None and len(column.names):
            columns[name] = _names(column)
    return pa.table(columns)


def _names(column: Coded) -> pa.Array:
    codes = pa.array(column.codes, mask=column.codes == UNKNOWN)
    return pa.DictionaryArray.from_arrays(codes, pa.array([str(name) for name in column.names]))


def _coded(column: pa.ChunkedArray) -> Coded:
    whole = column.unify_dictionaries().combine_chunks()
    codes = whole.indices.fill_null(UNKNOWN).to_numpy().astype(np.int32)
    return Coded(codes, tuple(whole.dictionary.to_pylist()))


def _require_place(by: UUID) -> None:
    count = sum(one.by == by for one in uploads())
    if count >= KEPT_AT_MOST:
        raise TooManyKept(count=count)


def _drop_old_drafts(at: datetime) -> None:
    for place in _drafts().glob("*/draft.json"):
        known = json.loads(place.read_text(encoding="utf-8"))
        if at - datetime.fromisoformat(known["at"]) > DRAFT_LASTS:
            shutil.rmtree(place.parent, ignore_errors=True)


def _known(path: Path) -> Upload:
    known = json.loads(path.read_text(encoding="utf-8"))
    return Upload(
        **known | {"chosen": Chosen(**known["chosen"]), "by": UUID(known["by"]),
                   "at": datetime.fromisoformat(known["at"])}
    )  # fmt: skip


def _document(one: Draft | Upload) -> bytes:
    fields = asdict(one) | {"by": str(one.by), "at": one.at.isoformat()}
    return json.dumps(fields, ensure_ascii=False, indent=1).encode()


def _whole(path: Path, content: bytes) -> None:
    part = path.with_suffix(f".{os.getpid()}.part")
    part.write_bytes(content)
    part.replace(path)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _json_of(name: str) -> Path:
    return _folder() / f"{name}.json"


def _folder() -> Path:
    folder: Path = settings.SANAD_SNAPSHOTS / "uploads"
    return folder


def _drafts() -> Path:
    return _folder() / "drafts"
