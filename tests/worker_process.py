"""The real background worker as a process, for journeys that wait for its work."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import connection

ROOT = Path(__file__).parents[1]
STOPS_WITHIN_SECONDS = 15


@contextmanager
def worker(**environment: str) -> Iterator[None]:
    """A worker of this run's database, until the block ends."""
    names = {
        "SANAD_VAR": str(settings.SANAD_VAR),
        "SANAD_DATABASE": str(connection.settings_dict["NAME"]),
        "DJANGO_SETTINGS_MODULE": "sanad.settings",
    }
    running = subprocess.Popen(
        [sys.executable, "-m", "sanad", "worker"],
        cwd=ROOT,
        env={**os.environ, **names, **environment},
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        yield
    finally:
        running.terminate()
        try:
            running.wait(STOPS_WITHIN_SECONDS)
        except subprocess.TimeoutExpired:
            running.kill()
            running.wait()
