"""The command line as a process of its own, over a folder of the tests' own."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
SMALL = ("--transactions", "2000")  # a story of seconds and not of minutes
OURS = ("SANAD_", "DATABASE_URL", "DJANGO_SETTINGS_MODULE", "PYTEST_")


@dataclass(frozen=True)
class Installation:
    """A folder in which commands run."""

    var: Path

    @property
    def environment(self) -> dict[str, str]:
        kept = {k: v for k, v in os.environ.items() if not k.startswith(OURS)}
        return kept | {"SANAD_VAR": str(self.var)}

    def start(self, *words: str, **more: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-m", "sanad", *words],
            cwd=ROOT, env=self.environment | more, text=True, start_new_session=True,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip

    def run(self, *words: str, exits: int = 0, **more: str) -> tuple[str, str]:
        """What a command said on standard output and on standard error."""
        process = self.start(*words, **more)
        said, complained = process.communicate(timeout=240)
        assert process.returncode == exits, f"{words}: {process.returncode}\n{said}\n{complained}"
        assert "Traceback" not in complained
        return said, complained

    def document(self, *words: str, exits: int = 0, **more: str) -> dict[str, Any]:
        """The one document of a command with --json."""
        said, _ = self.run(*words, "--json", exits=exits, **more)
        found: dict[str, Any] = json.loads(said)
        assert len(said.splitlines()) == 1
        return found


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    """One for all tests of a file."""
    return Installation(tmp_path_factory.mktemp("var"))


@dataclass(frozen=True)
class Demonstration:
    """A folder with demonstrations, and what their building said."""

    installation: Installation
    announced: dict[str, Any]
    portal: dict[str, Any]
    refused: str  # a report on the portal's, before it was built


@pytest.fixture(scope="session")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Demonstration:
    """Both calibrations, built once for all files: the `cli` group runs in one process."""
    built = Installation(tmp_path_factory.mktemp("demonstration"))
    announced = built.document("demo", *SMALL, "--no-serve")
    _, refused = built.run("report", "quarter", "2025Q3", "--calibration", "portal", exits=1)
    portal = built.document("demo", *SMALL, "--no-serve", "--calibration", "portal")
    return Demonstration(built, announced, portal, refused)
