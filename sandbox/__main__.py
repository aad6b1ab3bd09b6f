"""`python -m sandbox --port 8765 --data DIR --callback http://127.0.0.1:8000`."""

import argparse
import fcntl
import json
import os
import socket
import sys
from pathlib import Path
from typing import NoReturn

from granian import Granian
from granian.constants import Interfaces

from sandbox.app import ENVIRONMENT


def main() -> None:
    given = _arguments()
    settings = {
        "data": str(given.data.resolve()),
        "callback": given.callback,
        "mode": given.mode,
        "delay_seconds": given.delay,
    }
    os.environ[ENVIRONMENT] = json.dumps(settings)
    lock = _locked(given.data)
    _refuse_taken_port(given.host, given.port)
    # One worker: the thread that delivers answers must exist once.
    Granian(
        "sandbox.app:from_environment",
        address=given.host,
        port=given.port,
        interface=Interfaces.WSGI,
        factory=True,
        workers=1,
        blocking_threads=8,
        log_enabled=False,
    ).serve()
    os.close(lock)


def _stop(sentence: str) -> NoReturn:
    sys.stderr.write(f"sandbox: {sentence}\n")
    sys.exit(2)


def _locked(folder: Path) -> int:
    """Hold the folder for this process: two would deliver each answer twice."""
    folder.mkdir(parents=True, exist_ok=True)
    lock = os.open(folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        _stop(f"Another sandbox uses {folder}. Stop it, or give another --data folder.")
    return lock


def _refuse_taken_port(host: str, port: int) -> None:
    """The server would share a port with another process instead of saying that it is taken."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            _stop(f"{host}:{port} cannot be listened on ({error.strerror}). Give another --port.")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="sandbox", description="Stands in for entities, payment provider and SMS gateway."
    )
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8765)
    parser.add_argument("--data", type=Path, required=True, help="folder for state and keys")
    parser.add_argument("--callback", required=True, help="where Sanad listens, like http://…:8000")
    parser.add_argument("--mode", choices=("auto", "manual"), default="auto")
    parser.add_argument("--delay", type=float, default=4.0, help="seconds until a decision")
    return parser.parse_args()


if __name__ == "__main__":
    main()
