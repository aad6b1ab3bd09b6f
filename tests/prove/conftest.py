"""A proof as its command runs it: a process, a server and a database of its own."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

ROOT = Path(__file__).parents[2]


@pytest.fixture
def prove() -> Callable[..., dict[str, Any]]:
    """Run a proof small and give what it printed; it has to hold."""

    def run(name: str, *options: str) -> dict[str, Any]:
        done = subprocess.run(
            [sys.executable, "-m", "sanad", "prove", name, "--json", *options],
            cwd=ROOT,
            env={**os.environ, "SANAD_VAR": str(settings.STATIC_ROOT.parent),
                 "DJANGO_SETTINGS_MODULE": "sanad.settings"},
            capture_output=True,
            text=True,
        )  # fmt: skip
        assert done.stdout, done.stderr[-3000:]
        found: dict[str, Any] = json.loads(done.stdout)
        assert found["holds"], found
        assert done.returncode == 0
        return found

    return run
