"""Every move and every variant counted as pm4py counts it, on public logs and on odd ones."""

from collections.abc import Callable
from pathlib import Path

import pytest

from sanad.lab.evidence.map import process_map
from sanad.lab.evidence.read import Named, read
from sanad.lab.evidence.variants import variants
from tests.lab.evidence.odd import ODD, PUBLIC, Given, digest

FOLDER = Path(__file__).parents[4] / "shared" / "data" / "logs"


def counted(path: Path, given: Given) -> Given:
    log = read(path, Named(object_type=given.object_type))
    drawn, ways = process_map(log), variants(log)
    edges = sorted([one.source, one.target, one.count] for one in drawn.edges)
    found = sorted([list(ways.activities(n)), int(ways.counts[n])] for n in range(len(ways)))
    return Given(
        given.file, len(log), log.cases, len(drawn.activities), len(edges), len(found),
        digest(edges, found), given.object_type,
    )  # fmt: skip


@pytest.mark.parametrize("given", PUBLIC, ids=lambda one: f"{one.file} {one.object_type or ''}")
def test_public_logs(given: Given) -> None:
    path = FOLDER / given.file
    if not path.exists():
        pytest.skip(f"the public log {path.name} is not beside the repository")
    assert counted(path, given) == given


@pytest.mark.parametrize("write", ODD, ids=lambda one: one.__name__)
def test_odd_logs(tmp_path: Path, write: Callable[[Path], None]) -> None:
    for given in ODD[write]:
        path = tmp_path / given.file
        write(path)
        assert counted(path, given) == given
