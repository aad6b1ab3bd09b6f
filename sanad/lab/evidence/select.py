"""Rows chosen out of Parquet, as a log: only the columns and row groups that are needed are read.

    select(
        files, case="request", activity="kind", time="occurred_at",
        of_cases={"kind": "case.opened", "service": "10001"},
    )

`where` and `during` choose rows. `of_cases`, `first` and `having` choose cases, by all their
events, whatever rows are then wanted of them. A condition names columns and the value that each
must have: one, one of several where a list is given, nothing where it is None.

Size: the chosen rows, 48 bytes each before DuckDB packs them, beside the log that is made of them;
text comes as codes and never as a string a row.
"""

from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any, Final, cast

import numpy as np
import pyarrow as pa

from sanad.lab.evidence.arrow import BLANK, TimeUnreadable, cases
from sanad.lab.evidence.duck import ROWS, Ask, Conditions, During, asking, quoted
from sanad.lab.evidence.kernels import Int64
from sanad.lab.evidence.log import UNKNOWN, Coded, EventLog, LogHasNoEvents
from sanad.lab.evidence.parquet import Columns
from sanad.lib.refusal import N_, Refused

ALWAYS: Final = (None, None)


class TimesNotStamped(Refused):
    code = "evidence.times_not_stamped"
    sentence = N_(
        "The column {column} of “{source}” holds no timestamps, so rows cannot be chosen from it. "
        "Save it with times as timestamps."
    )


def select(
    files: Path | Sequence[Path],
    *,
    case: str,
    activity: str,
    time: str,
    start: str | None = None,
    resource: str | None = None,
    group: str | None = None,
    where: Conditions | None = None,
    during: During = ALWAYS,
    of_cases: Conditions | None = None,
    first: Conditions | None = None,
    having: Collection[str] = (),
) -> EventLog:
    """The log of the rows that are wanted; ties in time keep the order of files and of rows.

    `where`: rows like this. `during`: rows from the first moment until before the second, None for
    no bound. `of_cases`: cases with an event like this. `first`: cases whose first event is like
    this. `having`: cases in which each of these activities was done.

    Raises `LogHasNoEvents` where nothing is wanted, `ColumnsMissing`, `TableUnreadable`,
    `TimesNotStamped`, and what `EventLog.of` refuses.
    """
    columns = Columns(case, activity, time, start, resource, group)
    named = {*columns.read, *(where or {}), *(of_cases or {}), *(first or {})}
    with asking(files, named) as ask:
        for name in (time, start):
            if name is not None and not ask.is_of(name, pa.types.is_timestamp):
                raise TimesNotStamped(source=ask.source, column=name)
        wanted = [ask.like(where), ask.within(time, during)]
        chosen = [_cases_with(ask, case, {activity: one}) for one in having]
        if of_cases is not None:
            chosen.append(_cases_with(ask, case, of_cases))
        if first is not None:
            chosen.append(_cases_that_begin(ask, columns, first))
        if chosen:
            wanted.append(f"{quoted(case)} IN ({' INTERSECT '.join(chosen)})")
        return _log(ask, columns, " AND ".join(wanted))


def count_by(
    files: Path | Sequence[Path], column: str, *, where: Conditions | None = None
) -> dict[str, int]:
    """How many of the rows like `where` have each value of a column, the most first; rows without
    one are not counted. Raises `ColumnsMissing`, `TableUnreadable`."""
    with asking(files, {column, *(where or {})}) as ask:
        found = ask.fetched(
            f"SELECT CAST({quoted(column)} AS VARCHAR) AS name, count(*) AS times FROM {ROWS}",  # noqa: S608 - quoted
            f"WHERE {quoted(column)} IS NOT NULL AND {ask.like(where)}",
            "GROUP BY name ORDER BY times DESC, name",
        )
        return dict(zip(found["name"].tolist(), found["times"].tolist(), strict=True))


def _cases_with(ask: Ask, case: str, conditions: Conditions) -> str:
    return f"SELECT {quoted(case)} FROM {ROWS} WHERE {ask.like(conditions)}"  # noqa: S608 - quoted


def _cases_that_begin(ask: Ask, columns: Columns, conditions: Conditions) -> str:
    """Only cases that have such an event at all are put in order to see whether it is the first."""
    kept = ", ".join(quoted(name) for name in dict.fromkeys([columns.case, *conditions]))
    case, time = quoted(columns.case), quoted(columns.time)
    return (
        f"SELECT {case} FROM (SELECT {kept} FROM {ROWS} "  # noqa: S608 - quoted
        f"WHERE {case} IN ({_cases_with(ask, columns.case, conditions)}) QUALIFY row_number() OVER "
        f"(PARTITION BY {case} ORDER BY {time}, file_index, file_row_number) = 1) "
        f"WHERE {ask.like(conditions)}"
    )


def _log(ask: Ask, columns: Columns, wanted: str) -> EventLog:
    """1. The wanted rows into a table. 2. The codes of their texts. 3. The log.

    Columns are called by what they are: a name of the file's could be a word of SQL.
    """
    texts = {
        "activity_": columns.activity, "resource_": columns.resource, "group_": columns.group,
        "case_": None if ask.is_of(columns.case, pa.types.is_integer) else columns.case,
    }  # fmt: skip
    texts = {role: name for role, name in texts.items() if name is not None}
    plain = {"time_": f"epoch_us({quoted(columns.time)})"}
    if "case_" not in texts:
        plain["case_"] = quoted(columns.case)
    if columns.start is not None:
        plain["start_"] = f"epoch_us({quoted(columns.start)})"
    kept = [f"{what} AS {role}" for role, what in plain.items()]
    kept += [f"CAST({quoted(name)} AS VARCHAR) AS {role}" for role, name in texts.items() if name]
    ask.run(
        "CREATE TEMP TABLE wanted AS SELECT", ", ".join(kept), ", file_index, file_row_number",
        "FROM", ROWS, "WHERE", wanted,
    )  # fmt: skip
    names = {role: _names(ask, role) for role in texts}
    read = ask.fetched(
        "SELECT", ", ".join(f"wanted.{role}" for role in plain),
        *(f", coalesce(of_{role}.code, -1) AS {role}" for role in texts),
        ", (CAST(file_index AS BIGINT) << 40) | file_row_number AS place_ FROM wanted",
        *(f"LEFT JOIN of_{role} ON wanted.{role} = of_{role}.name" for role in texts),
    )  # fmt: skip
    return _made(ask.source, read, names, columns)


def _names(ask: Ask, role: str) -> tuple[str, ...]:
    """The texts of a column in order, and a table that gives each its code."""
    ask.run(
        f"CREATE TEMP TABLE of_{role} AS SELECT name, row_number() OVER (ORDER BY name) - 1 AS",
        f"code FROM (SELECT DISTINCT {role} AS name FROM wanted) WHERE name <> ''",  # noqa: S608 - ours
    )
    return tuple(ask.fetched("SELECT name FROM", f"of_{role}", "ORDER BY code")["name"].tolist())


def _made(
    source: str, read: dict[str, Any], names: dict[str, tuple[str, ...]], columns: Columns
) -> EventLog:
    if not read["time_"].size:
        raise LogHasNoEvents(source=source)
    if (np.diff(read["place_"]) < 0).any():  # threads give rows in any order
        order = np.argsort(read["place_"])
        read = {role: column[order] for role, column in read.items()}

    def codes(role: str) -> Coded | None:
        return Coded(read[role].astype(np.int32), names[role]) if role in names else None

    time = _moments(read["time_"])
    if time.min() == BLANK:
        row = int(np.argmin(time)) + 1
        raise TimeUnreadable(source=source, row=row, text="", column=columns.time)
    start = None
    if columns.start is not None:
        begun = _moments(read["start_"])
        start = np.where(begun == BLANK, UNKNOWN, begun)
    return EventLog.of(
        case=codes("case_") or cases(pa.chunked_array([pa.array(read["case_"])]), source),
        activity=cast(Coded, codes("activity_")), time=time, start=start,
        resource=codes("resource_"), group=codes("group_"), source=source,
    )  # fmt: skip


def _moments(column: Any) -> Int64:
    """Microseconds, `BLANK` where there are none; DuckDB masks those."""
    return cast(Int64, np.ma.filled(column, BLANK).astype(np.int64, copy=False))
