"""The real stand-in as a process, for tests that speak to it over HTTP."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

ROOT = Path(__file__).parents[1]


def until(condition: Callable[[], Any], what: str, seconds: float = 20) -> Any:
    """What the condition gives once it gives something; else the test fails and says what not."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := condition():
            return found
        time.sleep(0.05)
    pytest.fail(f"{what} did not happen in {seconds} s")


@contextmanager
def sandbox(folder: Path, callback: str, *options: str) -> Iterator[httpx.Client]:
    """A client of a sandbox of this test's own, which answers to `callback`."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "sandbox", "--port", str(port), "--data", str(folder),
               "--callback", callback, *options]  # fmt: skip
    running = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.DEVNULL, start_new_session=True)
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", trust_env=False) as client:
            until(lambda: _answers(client), "the start of the sandbox")
            yield client
    finally:
        os.killpg(running.pid, signal.SIGTERM)
        running.wait(20)


def _answers(client: httpx.Client) -> bool:
    try:
        return client.get("/healthz").is_success
    except httpx.TransportError:
        return False
