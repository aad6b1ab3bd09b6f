"""The files of the repository, as git knows them and as they are on disk."""

import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CODE = ROOT / "sanad"
TEXT = {".py", ".sql", ".md", ".po", ".html", ".css", ".js", ".toml", ".yaml", ".json", ".txt",
        ".csv", ".sh", ".svg", ""}  # fmt: skip


@cache
def files() -> tuple[Path, ...]:
    """Every text file that is, or would be, committed."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    found = (ROOT / name for name in listed.split("\0") if name)
    return tuple(sorted(file for file in found if file.suffix in TEXT and file.is_file()))


def python(*folders: Path) -> list[Path]:
    """The product's Python files below the folders, migrations left out."""
    chosen = folders or (CODE,)
    return [
        file
        for file in files()
        if file.suffix == ".py"
        and "migrations" not in file.parts
        and any(file.is_relative_to(folder) for folder in chosen)
    ]


def named(file: Path) -> str:
    return str(file.relative_to(ROOT))
