"""One door for every kind of file: its kind by its name, and what was left out filled in.

The columns of a table that were not named are looked for under the names that exports use, and
the object type of an OCEL file that has only one is that one. Where it is not plain which is meant
the reader is asked, with what there is to choose from.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sanad.lab.evidence.log import EventLog
from sanad.lab.evidence.ocel import Flattened, object_types, read_ocel
from sanad.lab.evidence.parquet import Columns
from sanad.lab.evidence.tables import column_names, read_csv, read_parquet
from sanad.lab.evidence.xes import Keys, read_xes
from sanad.lib.refusal import N_, Refused

XES: Final = (".xes", ".xes.gz")
CSV: Final = (".csv", ".csv.gz")
PARQUET: Final = (".parquet",)
OCEL: Final = (".sqlite", ".json", ".jsonocel")

# By preference; compared in small letters, with "_" for every other sign.
USUAL: Final = {
    "case": (
        "case_concept_name", "case_id", "caseid", "case", "trace_id", "case_number", "request",
    ),
    "activity": (
        "concept_name", "activity", "activity_name", "activityname", "task", "event_name", "kind",
    ),
    "time": (
        "time_timestamp", "timestamp", "time", "complete_timestamp", "completion_time",
        "end_timestamp", "end_time", "occurred_at", "event_time", "datetime", "date",
    ),
}  # fmt: skip


class FileKindUnknown(Refused):
    code = "evidence.file_kind_unknown"
    sentence = N_(
        "“{source}” is of no kind that is read. Give a file that ends in {kinds}, or rename it if "
        "it is one of these."
    )


class ColumnsNotPlain(Refused):
    code = "evidence.columns_not_plain"
    sentence = N_(
        "It is not plain which column of “{source}” holds the {missing}. It has {found}; name the "
        "columns of the case, the activity and the time."
    )


class ObjectTypeNotChosen(Refused):
    code = "evidence.object_type_not_chosen"
    sentence = N_(
        "“{source}” has objects of several types: {found}. Choose the one that is the case."
    )


@dataclass(frozen=True, slots=True)
class Named:
    """What was named: columns of a table or keys of XES, or the object type; None: find it."""

    case: str | None = None
    activity: str | None = None
    time: str | None = None
    object_type: str | None = None


def read(path: Path, named: Named = Named(), *, join_starts: bool = False) -> EventLog:
    """The log in a file of any kind.

    With `join_starts` a `start` of XES and its `complete` are one event; without, every event of
    the file is one. Raises the refusals of this file and of the readers.
    """
    if is_of(path, XES):
        return read_xes(path, _keys(named), joined=join_starts)
    if is_of(path, CSV):
        return read_csv(path, _columns(path, named))
    if is_of(path, PARQUET):
        return read_parquet(path, _columns(path, named))
    if is_of(path, OCEL):
        return read_ocel(path, Flattened(named.object_type or _only_type(path)))
    raise FileKindUnknown(source=path.name, kinds=", ".join((*XES, *CSV, *PARQUET, *OCEL)))


def is_of(path: Path, endings: tuple[str, ...]) -> bool:
    return path.name.lower().endswith(endings)


def _keys(named: Named) -> Keys:
    usual = Keys()
    return Keys(
        (named.case or usual.case).removeprefix("case:"),
        named.activity or usual.activity,
        named.time or usual.time,
    )


def _columns(path: Path, named: Named) -> Columns:
    """Those named, and for the rest the first usual name there is. Raises `ColumnsNotPlain`."""
    if named.case and named.activity and named.time:
        return Columns(named.case, named.activity, named.time)
    found = column_names(path, is_csv=is_of(path, CSV))
    case = named.case or _usual(found, "case")
    activity = named.activity or _usual(found, "activity")
    time = named.time or _usual(found, "time")
    if case and activity and time:
        return Columns(case, activity, time)
    chosen = {"case": case, "activity": activity, "time": time}
    raise ColumnsNotPlain(
        source=path.name,
        missing=", ".join(role for role, name in chosen.items() if not name),
        found=", ".join(found) or "–",
    )


def _usual(found: list[str], role: str) -> str | None:
    plain: dict[str, str] = {}
    for name in found:
        signs = "".join(sign if sign.isalnum() else "_" for sign in name.strip().lower())
        plain.setdefault(signs, name)
    return next((plain[name] for name in USUAL[role] if name in plain), None)


def _only_type(path: Path) -> str:
    types = object_types(path)
    if len(types) > 1:
        raise ObjectTypeNotChosen(source=path.name, found=", ".join(types))
    return types[0] if types else ""
