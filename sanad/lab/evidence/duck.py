"""Parquet files asked by DuckDB, in this process and offline.

Values are parameters and names are quoted, so nothing that a person wrote becomes part of a
statement.
"""

import glob
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, cast

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from sanad.lab.evidence.log import LogHasNoEvents
from sanad.lab.evidence.tables import ColumnsMissing, TableUnreadable

Conditions = Mapping[str, Any]
During = tuple[datetime | None, datetime | None]
OFFLINE: Final[dict[str, Any]] = {
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
}
ROWS: Final = "read_parquet($files)"


@dataclass(eq=False)
class Ask:
    """A connection, and the values given to the statements so far."""

    database: duckdb.DuckDBPyConnection
    source: str
    schema: pa.Schema
    given: dict[str, Any]

    def like(self, conditions: Conditions | None) -> str:
        """Rows that have these values: one, one of several, or None for nothing."""
        found = (self._has(*pair) for pair in (conditions or {}).items())
        return " AND ".join(found) or "true"

    def within(self, column: str, during: During) -> str:
        """Rows from the first moment until before the second; a column without a zone is UTC."""
        zoned = self.schema.field(column).type.tz is not None
        bounds = [
            f"{quoted(column)} {sign} "
            + self._value(moment if zoned else moment.astimezone(UTC).replace(tzinfo=None))
            for sign, moment in zip((">=", "<"), during, strict=True)
            if moment is not None
        ]
        return " AND ".join(bounds) or "true"

    def run(self, *statement: str) -> duckdb.DuckDBPyConnection:
        """A statement given in pieces, with the values that it names."""
        whole = " ".join(statement)
        used = {name: value for name, value in self.given.items() if f"${name}" in whole}
        return self.database.execute(whole, used)

    def fetched(self, *statement: str) -> dict[str, Any]:
        """The answer in columns."""
        return cast(dict[str, Any], self.run(*statement).fetchnumpy())

    def is_of(self, column: str, is_kind: Any) -> bool:
        """Whether a column is of a kind, as pyarrow tells it."""
        return bool(is_kind(self.schema.field(column).type))

    def _has(self, column: str, wanted: Any) -> str:
        name = quoted(column)
        if wanted is None:
            return f"{name} IS NULL"
        if isinstance(wanted, str) or not isinstance(wanted, Collection):
            return f"{name} = {self._value(wanted)}"
        places = ", ".join(self._value(one) for one in wanted)
        return f"{name} IN ({places})" if places else "false"

    def _value(self, given: Any) -> str:
        name = f"value_{len(self.given)}_"
        self.given[name] = given
        return f"${name}"


@contextmanager
def asking(files: Path | Sequence[Path], columns: Collection[str]) -> Iterator[Ask]:
    """A connection over files that have these columns.

    Raises `LogHasNoEvents` where there is no file, `ColumnsMissing`, and `TableUnreadable` for
    whatever goes wrong inside.
    """
    paths = [files] if isinstance(files, Path) else list(files)
    if not paths:
        raise LogHasNoEvents(source="*.parquet")
    source = ", ".join(path.name for path in paths)
    try:
        schema = pq.read_schema(paths[0])
        if missing := sorted(set(columns) - set(schema.names)):
            raise ColumnsMissing(
                source=source, missing=", ".join(missing), found=", ".join(schema.names)
            )
        with duckdb.connect(config=OFFLINE) as database:
            literal = [glob.escape(str(path)) for path in paths]
            yield Ask(database, source, schema, {"files": literal})
    except (duckdb.Error, pa.ArrowException, OSError) as error:
        why = str(error).partition("\n")[0]
        raise TableUnreadable(source=source, kind="Parquet", why=why) from error


def quoted(name: str) -> str:
    """A name as a name, whatever signs it holds."""
    return '"' + name.replace('"', '""') + '"'
