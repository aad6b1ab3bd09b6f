"""Our own PostgreSQL on a laptop, in tests and in the demonstration.

A folder holds one server. Processes attach to it by a shared lock; whoever leaves last stops
it. The kernel frees the lock of a killed process, so nothing needs tidying by hand:

- `start.lock`, exclusive: one process at a time starts or stops;
- `holders.lock`, shared: "I am using the server"; taken exclusively, it proves nobody else is.

The server listens on a Unix socket in a folder that only its user can enter, never on a port.
"""

import fcntl
import hashlib
import os
import pwd
import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from typing import IO

from sanad.db.binaries import Binaries, find_binaries
from sanad.lib.bilingual import Text
from sanad.lib.refusal import N_, Refused

SUPERUSER = "postgres"
LOCALE = "C.UTF-8"
LEAST_FREE_BYTES = 300 * 1024**2
# A socket's whole name may have 107 bytes; the server adds /.s.PGSQL.5432.lock to the folder.
LONGEST_SOCKET_FOLDER_BYTES = 85
SAFE_SOCKET_FOLDER = re.compile(r"[\w/.+-]+", re.ASCII)
# A killed server leaves these for a moment: its lock file, and back ends that have yet to notice.
LINGERING = ("lock file", "shared memory block")
NO_LOCALE = re.compile("invalid locale|not recognized by setlocale|locale is incompatible")
START_TRIES = 60
START_PAUSE_SECONDS = 0.2
SETTINGS = {
    "listen_addresses": "''",
    "max_connections": "120",
    "shared_buffers": "'256MB'",
    "maintenance_work_mem": "'256MB'",
    # One server without standbys: what a bulk load or a new index writes is synced, not logged.
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_wal_size": "'4GB'",
    "checkpoint_timeout": "'15min'",
    "wal_compression": "on",
    "timezone": "'UTC'",
    "log_min_messages": "warning",
}


class DiskTooFull(Refused):
    code = "db.disk_too_full"
    sentence = N_(
        "There is not enough room in {folder}: {free_mb} MB are free and the database needs at "
        "least {needed_mb} MB. Free some space, or set SANAD_VAR to a folder on another disk."
    )


class FolderNotOurs(Refused):
    code = "db.folder_not_ours"
    sentence = N_(
        "{folder} cannot hold the database: {why}. Set SANAD_VAR to a folder of your own."
    )


ANOTHERS = Text(ar="يملكه مستخدم آخر", en="another user owns it")


class LocaleMissing(Refused):
    code = "db.locale_missing"
    sentence = N_(
        "This machine has no {locale} locale, without which Arabic search would silently find "
        "nothing. Install the locale, or set DATABASE_URL to a PostgreSQL server that has it."
    )


class PostgresDidNotStart(Refused):
    code = "db.did_not_start"
    sentence = N_(
        "PostgreSQL did not start in {folder}. Its last words were: {said} "
        "The whole log is in {log}."
    )


@dataclass
class Supervisor:
    """One PostgreSQL server in one folder. `attach` and `release` are for the life of a process."""

    folder: Path
    binaries_folder: str | None = None
    _holder: IO[str] | None = field(default=None, init=False)

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def _version_file(self) -> Path:
        return self.data / "PG_VERSION"

    @property
    def log(self) -> Path:
        return self.folder / "postgres.log"

    @property
    def socket_folder(self) -> Path:
        """Beside the data, else, where that name is too long or too odd for a socket, below the

        temporary folder.
        """
        near = self.folder / "run"
        is_short = len(os.fsencode(near)) <= LONGEST_SOCKET_FOLDER_BYTES
        if is_short and SAFE_SOCKET_FOLDER.fullmatch(str(near)):
            return near
        name = hashlib.sha256(str(self.folder).encode()).hexdigest()[:12]
        return Path(tempfile.gettempdir()) / f"sanad-{os.getuid()}-{name}"

    @contextmanager
    def running(self) -> Iterator["Supervisor"]:
        """Attached for the length of the block."""
        self.attach()
        try:
            yield self
        finally:
            self.release()

    def attach(self) -> None:
        """Be one of those who use the server, starting it if nobody did.

        Raises `DiskTooFull`, `FolderNotOurs`, `LocaleMissing`, `PostgresDidNotStart`, or what
        `find_binaries` raises; then nothing was started.
        """
        if self._holder:
            return
        self._prepare_folder()
        with self._exclusive("start.lock"):
            if not self._version_file.exists():
                self._init()
            if not self.is_ready():
                self._start()
            self._holder = (self.folder / "holders.lock").open("w")
            fcntl.flock(self._holder, fcntl.LOCK_SH)

    def release(self) -> None:
        """Leave; the last one out stops the server cleanly."""
        if not self._holder:
            return
        with self._exclusive("start.lock"):
            last = self._is_last_holder()
            self._holder.close()
            self._holder = None
            if last:
                self._stop()

    def is_ready(self) -> bool:
        """Whether the server answers: after a kill -9 only `pg_isready` tells the truth."""
        if not self._version_file.exists():
            return False
        asked = ("-q", "-h", str(self.socket_folder), "-U", SUPERUSER, "-d", "postgres")
        return self._run("pg_isready", *asked).returncode == 0

    def _is_last_holder(self) -> bool:
        assert self._holder
        try:
            fcntl.flock(self._holder, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def _prepare_folder(self) -> None:
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            self.socket_folder.mkdir(mode=0o700, exist_ok=True)
            (self.folder / "start.lock").touch()
        except OSError as error:
            raise FolderNotOurs(folder=self.folder, why=error.strerror) from error
        # Not following a link: below the temporary folder somebody else may have laid one.
        if self.socket_folder.lstat().st_uid not in _owners_we_trust():
            raise FolderNotOurs(folder=self.socket_folder, why=ANOTHERS)
        self.socket_folder.chmod(0o700)

    def _init(self) -> None:
        """A new cluster, made beside its place and moved there whole."""
        self._check_room()
        made = self.folder / "data.new"
        shutil.rmtree(made, ignore_errors=True)
        done = self._run(
            "initdb", "-D", str(made), "-U", SUPERUSER, "-E", "UTF8", "-A", "trust",
            "--locale-provider=builtin", f"--builtin-locale={LOCALE}", f"--locale={LOCALE}",
            "--no-sync",
        )  # fmt: skip
        if done.returncode:
            shutil.rmtree(made, ignore_errors=True)
            self._explain(done.stdout)
        settings = SETTINGS | {"unix_socket_directories": f"'{self.socket_folder}'"}
        with (made / "postgresql.conf").open("a") as conf:
            conf.writelines(f"{name} = {value}\n" for name, value in settings.items())
        made.rename(self.data)

    def _start(self) -> None:
        """Start, and try again while the remains of a killed server linger."""
        self._check_room()
        start = ("pg_ctl", "-D", str(self.data), "-w", "-t", "60", "-l", str(self.log), "-s",
                 "-o", f"-c unix_socket_directories='{self.socket_folder}'", "start")  # fmt: skip
        said = ""
        for _ in range(START_TRIES):
            done = self._run(*start)
            if done.returncode == 0 or self.is_ready():
                return
            said = self._last_words() or done.stdout
            if not any(sign in said for sign in LINGERING):
                break
            time.sleep(START_PAUSE_SECONDS)
        self._explain(said)

    def _stop(self) -> None:
        self._run("pg_ctl", "-D", str(self.data), "-w", "-t", "60", "-m", "fast", "-s", "stop")

    def _check_room(self) -> None:
        free = shutil.disk_usage(self.folder).free
        if free < LEAST_FREE_BYTES:
            raise DiskTooFull(
                folder=self.folder, free_mb=free // 1024**2, needed_mb=LEAST_FREE_BYTES // 1024**2
            )

    def _explain(self, said: str) -> None:
        """Raise the refusal that fits what PostgreSQL said."""
        if "No space left" in said:
            raise DiskTooFull(folder=self.folder, free_mb=0, needed_mb=LEAST_FREE_BYTES // 1024**2)
        if NO_LOCALE.search(said):
            raise LocaleMissing(locale=LOCALE)
        words = " ".join(said.split())[-400:]
        raise PostgresDidNotStart(folder=self.data, said=words, log=self.log)

    def _last_words(self) -> str:
        if not self.log.exists():
            return ""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-5:])

    def _run(self, program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run one of PostgreSQL's programs; all that it says is in `stdout`."""
        # PGPORT, PGDATA and their like in somebody's shell are about another server.
        inherited = {name: text for name, text in os.environ.items() if not name.startswith("PG")}
        command = [
            *_as_ordinary_user(self.folder, self.socket_folder),
            self._binaries.program(program),
            *arguments,
        ]
        # A file, not a pipe: a server that inherits a pipe would keep us waiting for its end.
        with tempfile.TemporaryFile("w+") as out:
            done = subprocess.run(
                command, stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT,
                env=inherited | {"LC_ALL": LOCALE, "TZ": "UTC"}, start_new_session=True, cwd="/",
            )  # fmt: skip
            out.seek(0)
            return subprocess.CompletedProcess(command, done.returncode, out.read())

    @cached_property
    def _binaries(self) -> Binaries:
        """Of the version that made the data, where there is data."""
        is_made = self._version_file.exists()
        major = int(self._version_file.read_text()) if is_made else None
        return find_binaries(self.binaries_folder, major=major)

    @contextmanager
    def _exclusive(self, name: str) -> Iterator[None]:
        with (self.folder / name).open("w") as handle:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield


def _as_ordinary_user(*folders: Path) -> list[str]:
    """The words that run a command as an ordinary user, for PostgreSQL refuses root.

    As root: in a user namespace where we are somebody else, which also works below closed
    folders. Where namespaces are closed: as `nobody`, to whom the folders are given.
    """
    if os.geteuid() != 0:
        return []
    if _user_namespaces_work():
        return ["unshare", "--user", "--map-user=1000"]
    for folder in folders:
        for path in (folder, *folder.rglob("*")):
            shutil.chown(path, "nobody")
    return ["setpriv", "--reuid=nobody", "--clear-groups"]


@cache
def _user_namespaces_work() -> bool:
    if not shutil.which("unshare"):
        return False
    tried = subprocess.run(["unshare", "--user", "--map-user=1000", "true"], capture_output=True)
    return tried.returncode == 0


def _owners_we_trust() -> set[int]:
    """Ourselves; and for root also `nobody`, who may be running the server for us."""
    trusted = {os.geteuid()}
    if os.geteuid() == 0:
        trusted.add(pwd.getpwnam("nobody").pw_uid)
    return trusted
