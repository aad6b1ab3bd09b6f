"""Our PostgreSQL in folders of the tests' own: started, shared, stopped, killed, refused."""

import os
import shutil
import signal
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import psutil
import psycopg
import pytest

from sanad.db import supervisor as module
from sanad.db.binaries import BadBinary, NoPostgres, OtherMajor, find_binaries
from sanad.db.supervisor import (
    DiskTooFull,
    FolderNotOurs,
    LocaleMissing,
    PostgresDidNotStart,
    Supervisor,
)
from tests.refusals import said

ROOT = Path(__file__).resolve().parents[2]
HOLD = """
import sys
from pathlib import Path
from sanad.db.supervisor import Supervisor
with Supervisor(Path(sys.argv[1])).running():
    print("holding", flush=True)
    sys.stdin.read()
"""


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A new cluster, stopped, to be copied by whoever needs one quickly."""
    folder = tmp_path_factory.mktemp("cluster") / "postgres"
    with Supervisor(folder).running():
        pass
    return folder


@pytest.fixture
def folder(cluster: Path, tmp_path: Path) -> Iterator[Path]:
    """A stopped server of this test's own."""
    copy = tmp_path / "pg"
    shutil.copytree(cluster / "data", copy / "data", copy_function=shutil.copy)
    yield copy
    if pid := postmaster(copy):
        os.kill(pid, signal.SIGQUIT)


def connect(server: Supervisor) -> psycopg.Connection:
    return psycopg.connect(
        host=str(server.socket_folder), user="postgres", dbname="postgres", autocommit=True
    )


def postmaster(folder: Path) -> int | None:
    """The process of the running server, by its own note."""
    note = folder / "data" / "postmaster.pid"
    return int(note.read_text().split()[0]) if note.exists() else None


def holder(folder: Path) -> subprocess.Popen[str]:
    """Another process that uses the server until its input ends."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(folder)],
        cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdout
    assert process.stdout.readline() == "holding\n"
    return process


def leave(process: subprocess.Popen[str]) -> None:
    process.communicate("", timeout=60)
    assert process.returncode == 0


def test_a_cold_start_makes_a_server_that_reads_arabic_and_only_its_user_reaches(tmp_path):
    server = Supervisor(tmp_path / "pg")

    with server.running(), connect(server) as connection:
        connection.execute("CREATE EXTENSION pg_trgm")
        trigrams = connection.execute("SELECT cardinality(show_trgm('جواز'))").fetchone()
        locale = connection.execute(
            "SELECT datlocprovider, datlocale, datctype, pg_encoding_to_char(encoding)"
            " FROM pg_database WHERE datname = 'template1'"
        ).fetchone()
        listening = connection.execute("SHOW listen_addresses").fetchone()
    assert trigrams == (5,)
    assert locale == ("b", "C.UTF-8", "C.UTF-8", "UTF8")
    assert listening == ("",)
    assert stat.S_IMODE(server.socket_folder.stat().st_mode) == 0o700
    assert not server.is_ready()
    assert postmaster(server.folder) is None


def test_attaching_twice_is_attaching_once(folder):
    server = Supervisor(folder)

    server.attach()
    server.attach()
    server.release()
    server.release()

    assert postmaster(folder) is None


def test_the_last_of_several_processes_to_leave_stops_the_server(folder):
    others = [holder(folder), holder(folder)]
    server = Supervisor(folder)
    server.attach()
    first = postmaster(folder)

    leave(others[0])
    server.release()

    assert Supervisor(folder).is_ready()
    assert postmaster(folder) == first
    leave(others[1])
    assert postmaster(folder) is None


def test_processes_that_start_together_share_one_server(folder):
    starting = [
        subprocess.Popen(
            [sys.executable, "-c", HOLD, str(folder)],
            cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )
        for _ in range(3)
    ]  # fmt: skip

    assert [process.stdout.readline() for process in starting] == ["holding\n"] * 3
    assert (folder / "postgres.log").read_text().count("FATAL") == 0

    for process in starting:
        leave(process)
    assert postmaster(folder) is None


def test_a_killed_holder_neither_blocks_nor_keeps_the_server(folder):
    killed = holder(folder)
    os.kill(killed.pid, signal.SIGKILL)
    killed.communicate()

    with Supervisor(folder).running() as server, connect(server) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)

    assert postmaster(folder) is None


def test_every_acknowledged_row_is_there_after_kill_9_under_load(folder):
    kills, acknowledged, next_number = 3, [], iter(range(10**9))

    def write() -> None:
        """Insert until the server dies; remember what it acknowledged."""
        try:
            with connect(server) as connection:
                while True:
                    number = next(next_number)
                    connection.execute("INSERT INTO kept VALUES (%s)", [number])
                    acknowledged.append(number)
        except psycopg.OperationalError:
            return

    server = Supervisor(folder)
    server.attach()
    with connect(server) as connection:
        connection.execute("CREATE TABLE kept (number bigint PRIMARY KEY)")
    for kill in range(kills):
        writers = [threading.Thread(target=write) for _ in range(3)]
        goal = len(acknowledged) + 200
        for writer in writers:
            writer.start()
        while len(acknowledged) < goal:
            time.sleep(0.005)
        parent = postmaster(folder)
        assert parent
        postgres = psutil.Process(parent)
        for process in [postgres] if kill == 0 else [postgres, *postgres.children()]:
            process.kill()
        for writer in writers:
            writer.join(30)
        assert not server.is_ready()
        server.release()
        server.attach()
    with connect(server) as connection:
        found = [n for (n,) in connection.execute("SELECT number FROM kept")]
    server.release()

    assert len(acknowledged) >= kills * 200
    assert set(acknowledged) - set(found) == set()
    assert len(found) == len(set(found))


@pytest.mark.skipif(os.geteuid() != 0, reason="whoever runs this is an ordinary user already")
def test_an_ordinary_user_runs_a_server_too(tmp_path_factory):
    folder = Path(f"/tmp/sanad-ordinary-{os.getpid()}")
    folder.mkdir(mode=0o700)
    shutil.chown(folder, "nobody")
    as_nobody = ["setpriv", "--reuid=nobody", "--clear-groups"]
    script = HOLD.replace("sys.stdin.read()", "print(__import__('os').geteuid())")
    try:
        if subprocess.run([*as_nobody, sys.executable, "-c", "import sanad"], cwd=ROOT).returncode:
            pytest.skip("this Python's files may not be read by an ordinary user")
        done = subprocess.run(
            [*as_nobody, sys.executable, "-c", script, str(folder / "pg")],
            cwd=ROOT, capture_output=True, text=True, timeout=120,
        )  # fmt: skip
    finally:
        shutil.rmtree(folder)

    assert done.stdout.split() == ["holding", str(shutil._get_uid("nobody"))], done.stderr


def test_root_without_namespaces_lets_nobody_run_the_server(folder, monkeypatch):
    if os.geteuid() != 0:
        pytest.skip("only root has to step down")
    open_to_all = Path(f"/tmp/sanad-nobody-{os.getpid()}")
    shutil.copytree(folder, open_to_all)
    monkeypatch.setattr(module, "_user_namespaces_work", lambda: False)

    try:
        with Supervisor(open_to_all).running() as server, connect(server) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
            assert (open_to_all / "data").owner() == "nobody"
    finally:
        shutil.rmtree(open_to_all)


@pytest.mark.parametrize("name", ["مجلد البيانات", "it's a folder", "d" * 120])
def test_any_name_of_a_folder_will_do(tmp_path, name):
    server = Supervisor(tmp_path / name)

    with server.running(), connect(server) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)

    assert len(os.fsencode(server.socket_folder)) <= module.LONGEST_SOCKET_FOLDER_BYTES


def test_the_length_of_a_sockets_folder_is_counted_in_bytes():
    long_in_bytes = Supervisor(Path("/" + "ن" * 60))

    assert long_in_bytes.socket_folder.is_relative_to(module.tempfile.gettempdir())


def test_variables_about_another_server_are_not_heard(folder, monkeypatch):
    for name, value in {"PGPORT": "1", "PGDATA": "/nowhere", "PGHOST": "nowhere"}.items():
        monkeypatch.setenv(name, value)

    with Supervisor(folder).running() as server:
        assert server.is_ready()
        assert (server.socket_folder / ".s.PGSQL.5432").exists()


def refused(server: Supervisor, kind: type[Exception]) -> tuple[str, str]:
    """What `attach` says when it refuses; and nothing is running then."""
    with pytest.raises(kind) as caught:
        server.attach()
    assert not (server.folder / "data" / "postmaster.pid").exists()
    return said(caught.value)


def test_a_full_disk_is_said_before_anything_is_made(tmp_path, monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=12 * 1024**2))

    arabic, english = refused(Supervisor(tmp_path / "pg"), DiskTooFull)

    assert "12 MB are free and the database needs at least 300 MB" in english
    assert "12" in arabic
    assert not (tmp_path / "pg" / "data").exists()


def test_a_file_in_the_folders_place(tmp_path):
    (tmp_path / "var").write_text("")

    _, english = refused(Supervisor(tmp_path / "var" / "pg"), FolderNotOurs)

    assert "cannot hold the database: Not a directory" in english


def test_a_folder_that_cannot_be_written(tmp_path, monkeypatch):
    def closed(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "touch", closed)

    _, english = refused(Supervisor(tmp_path / "pg"), FolderNotOurs)

    assert "Permission denied" in english


def test_a_socket_folder_that_somebody_else_laid_there(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "_owners_we_trust", lambda: {os.geteuid() + 1})

    arabic, english = refused(Supervisor(tmp_path / "pg"), FolderNotOurs)

    assert "another user owns it" in english
    assert "يملكه مستخدم آخر" in arabic


def test_a_missing_locale_is_named(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "LOCALE", "xx_YY.UTF-8")

    _, english = refused(Supervisor(tmp_path / "pg"), LocaleMissing)

    assert "no xx_YY.UTF-8 locale" in english
    assert not (tmp_path / "pg" / "data").exists()


def test_another_failure_of_initdb_is_not_mistaken_for_a_missing_locale(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "SUPERUSER", "pg_reserved")

    _, english = refused(Supervisor(tmp_path / "pg"), PostgresDidNotStart)

    assert 'superuser name "pg_reserved" is disallowed' in english


def test_a_server_that_will_not_start_says_its_last_words(folder):
    with (folder / "data" / "postgresql.conf").open("a") as conf:
        conf.write("shared_buffers = 'plenty'\n")

    _, english = refused(Supervisor(folder), PostgresDidNotStart)

    assert "shared_buffers" in english
    assert str(folder / "postgres.log") in english


def fake_binaries(folder: Path, version: str) -> Path:
    folder.mkdir()
    for name in ("initdb", "pg_ctl", "pg_isready", "postgres"):
        (folder / name).write_text(f"#!/bin/sh\necho 'postgres (PostgreSQL) {version}'\n")
        (folder / name).chmod(0o755)
    return folder


def test_a_named_folder_without_postgres(tmp_path):
    with pytest.raises(BadBinary) as caught:
        find_binaries(str(tmp_path))

    arabic, english = said(caught.value)
    assert "missing or not executable: initdb, pg_ctl, pg_isready, postgres" in english
    assert "برامج ناقصة" in arabic


def test_a_program_that_may_not_be_run(tmp_path):
    folder = fake_binaries(tmp_path / "bin", "18.1")
    (folder / "pg_ctl").chmod(0o644)

    with pytest.raises(BadBinary) as caught:
        find_binaries(str(folder))

    assert "missing or not executable: pg_ctl." in said(caught.value)[1]


def test_a_program_that_is_none(tmp_path):
    folder = fake_binaries(tmp_path / "bin", "18.1")
    (folder / "postgres").write_bytes(b"\x7fELF nothing")

    with pytest.raises(BadBinary) as caught:
        find_binaries(str(folder))

    said(caught.value)


def test_an_old_postgres(tmp_path):
    folder = fake_binaries(tmp_path / "bin", "16.9")

    with pytest.raises(BadBinary) as caught:
        find_binaries(str(folder))

    assert "“postgres (PostgreSQL) 16.9” is older than 17" in said(caught.value)[1]


def test_no_postgres_at_all(monkeypatch):
    monkeypatch.setattr("sanad.db.binaries._system_folders", list)
    monkeypatch.setattr("sanad.db.binaries._wheel_folder", list)

    with pytest.raises(NoPostgres) as caught:
        find_binaries()

    assert "No PostgreSQL 17 or newer was found (-)" in said(caught.value)[1]


def test_data_is_opened_by_the_version_that_made_it(tmp_path, monkeypatch):
    newer, older = (fake_binaries(tmp_path / v, f"{v}.1") for v in ("19", "17"))
    monkeypatch.setattr("sanad.db.binaries._system_folders", lambda: [newer, older])
    monkeypatch.setattr("sanad.db.binaries._wheel_folder", list)

    assert find_binaries().major == 19
    assert find_binaries(major=17).folder == older
    with pytest.raises(OtherMajor) as caught:
        find_binaries(major=18)
    assert "made by PostgreSQL 18, and no PostgreSQL 18 was found" in said(caught.value)[1]
