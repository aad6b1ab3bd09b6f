"""The stand-in's memory: one SQLite file that survives a restart or a kill."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

_SCHEMA: Final = Path(__file__).with_name("schema.sql")
# Columns that a folder of an earlier version lacks.
_ADDED: Final = (
    ("entity", "fee_baisa", "INTEGER CHECK (fee_baisa >= 0)"),
    ("entity", "slow_seconds", "REAL NOT NULL DEFAULT 0 CHECK (slow_seconds >= 0)"),
    ("entity", "drop_answers", "INTEGER NOT NULL DEFAULT 0 CHECK (drop_answers >= 0)"),
    ("entity", "twice", "INTEGER NOT NULL DEFAULT 0"),
    ("entity", "early", "INTEGER NOT NULL DEFAULT 0"),
    ("entity", "swapped", "INTEGER NOT NULL DEFAULT 0"),
    ("entity", "a_second", "INTEGER CHECK (a_second > 0)"),
    ("entity", "mix", "TEXT"),
    ("entity", "drawn", "INTEGER NOT NULL DEFAULT 0"),
    ("entity", "second", "INTEGER NOT NULL DEFAULT 0"),
    ("entity", "taken", "INTEGER NOT NULL DEFAULT 0"),
    ("request", "stage", "TEXT NOT NULL DEFAULT ''"),
    ("request", "fee_baisa", "INTEGER"),
    ("payment", "refund_id", "TEXT"),
)


class Store:
    """One connection, one user at a time: SQLite has one writer anyway, and counts stay exact."""

    def __init__(self, path: Path) -> None:
        self._lock = threading.Lock()
        self._db = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        self._db.row_factory = sqlite3.Row
        # In WAL mode a committed transaction survives the death of the process.
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.execute("PRAGMA synchronous = NORMAL")
        self._db.execute("PRAGMA foreign_keys = ON")
        self._db.executescript(_SCHEMA.read_text(encoding="utf-8"))
        for table, column, kind in _ADDED:
            known = {row["name"] for row in self._db.execute(f"PRAGMA table_info({table})")}
            if column not in known:
                self._db.execute(f"ALTER TABLE {table} ADD COLUMN {column} {kind}")

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """All or nothing; an exception inside takes everything back."""
        with self._lock:
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield self._db
            except BaseException:
                self._db.execute("ROLLBACK")
                raise
            self._db.execute("COMMIT")

    def rows(self, query: str, *values: Any) -> list[dict[str, Any]]:
        with self._lock:
            return [dict(row) for row in self._db.execute(query, values)]

    def close(self) -> None:
        with self._lock:
            self._db.close()
