"""Which code computed a figure: a digest of the sources that a study depends on."""

import hashlib
from functools import cache
from pathlib import Path

ROOM = Path(__file__).parent
# What a study's numbers follow from: the Lab itself and the KPI functions.
SOURCES = ("lab/**/*.py", "lab/data/*.yaml", "oversight/kpis.py")


@cache
def code_version() -> str:
    """The first sixteen digits of the SHA-256 over those files, by name and content."""
    found = hashlib.sha256()
    for pattern in SOURCES:
        for file in sorted(ROOM.parent.glob(pattern)):
            found.update(file.relative_to(ROOM.parent).as_posix().encode())
            found.update(file.read_bytes())
    return found.hexdigest()[:16]
