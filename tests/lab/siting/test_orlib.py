"""Reading p-median files: what is meant, and what is refused with its line."""

from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sanad.lab.siting import orlib
from sanad.lab.siting.orlib import (
    CostTooFine,
    EdgeToItself,
    InstanceRefused,
    NegativeCost,
    TooManyNodes,
    UnknownNode,
    Unreachable,
    WrongCount,
    WrongEdge,
    WrongHeading,
)
from sanad.lab.siting.paths import NO_WAY, all_pairs
from sanad.lab.siting.pmedian import NoMedians, TooManyMedians
from sanad.lib.refusal import Refused
from tests.lab.siting.graphs import FOLDER, graph, text_of, ways


def read(tmp_path: Path, text: str) -> orlib.Instance:
    path = tmp_path / "p.txt"
    path.write_text(text)
    return orlib.read(path)


def test_the_last_of_several_edges_counts_and_ways_are_the_cheapest(tmp_path: Path) -> None:
    found = read(tmp_path, "3 4 1\n1 2 1\n\n2 3 2\n2 1 10\n1 3 9\n")

    assert found.cost.tolist() == [[0, 10, 9], [10, 0, 2], [9, 2, 0]]
    assert (found.p, found.scale) == (1, 1)


def test_decimals_stay_exact(tmp_path: Path) -> None:
    found = read(tmp_path, "3 2 1\r\n1 2 0.1\r\n2 3 0.25\r\n")

    assert found.cost[0].tolist() == [0, 10, 35]
    assert found.amount(35) == 0.35


def test_one_node_alone(tmp_path: Path) -> None:
    assert read(tmp_path, "1 0 1\n").cost.tolist() == [[0]]


@pytest.mark.parametrize(
    ("text", "kind", "facts"),
    [
        ("", WrongHeading, {"line": 1, "text": ""}),
        ("3 2\n1 2 1\n2 3 1\n", WrongHeading, {"line": 1, "text": "3 2"}),
        ("3 2 x\n", WrongHeading, {"line": 1, "text": "3 2 x"}),
        ("1_0 2 1\n", WrongHeading, {"line": 1, "text": "1_0 2 1"}),
        ("0 0 1\n", WrongHeading, {"line": 1, "text": "0 0 1"}),
        ("3 -1 1\n", WrongHeading, {"line": 1, "text": "3 -1 1"}),
        ("\n3 2 1\n1 2\n2 3 1\n", WrongEdge, {"line": 3, "text": "1 2"}),
        ("3 2 1\n1 2 1 7\n2 3 1\n", WrongEdge, {"line": 2, "text": "1 2 1 7"}),
        ("3 2 1\n1 2 far\n2 3 1\n", WrongEdge, {"line": 2, "text": "1 2 far"}),
        ("3 2 1\n1 2 nan\n2 3 1\n", WrongEdge, {"line": 2, "text": "1 2 nan"}),
        ("3 2 1\n1 2 inf\n2 3 1\n", WrongEdge, {"line": 2, "text": "1 2 inf"}),
        ("3 2 1\n1 2 1_0\n2 3 1\n", WrongEdge, {"line": 2, "text": "1 2 1_0"}),
        ("3 2 1\n1.0 2 1\n2 3 1\n", WrongEdge, {"line": 2, "text": "1.0 2 1"}),
        ("3 2 1\n1 2 1\n2 4 1\n", UnknownNode, {"line": 3, "node": 4, "nodes": 3}),
        ("3 2 1\n0 2 1\n2 3 1\n", UnknownNode, {"line": 2, "node": 0, "nodes": 3}),
        ("3 2 1\n1 2 1\n3 3 1\n", EdgeToItself, {"line": 3, "node": 3}),
        ("3 2 1\n1 2 -4\n2 3 1\n", NegativeCost, {"line": 2, "cost": "-4"}),
        ("3 2 1\n1 2 0.0000001\n2 3 1\n", CostTooFine, {"line": 2, "cost": "0.0000001"}),
        ("3 2 1\n1 2 1e99999\n2 3 1\n", CostTooFine, {"line": 2, "cost": "1e99999"}),
        ("3 2 1\n1 2 0.5\n2 3 1e15\n", CostTooFine, {"line": 3, "cost": "1e15"}),
        ("3 3 1\n1 2 1\n2 3 1\n", WrongCount, {"promised": 3, "found": 2}),
        ("3 1 1\n1 2 1\n2 3 1\n", WrongCount, {"promised": 1, "found": 2}),
        ("4 2 1\n1 2 1\n3 4 1\n", Unreachable, {"origin": 1, "node": 3}),
        ("2001 0 1\n", TooManyNodes, {"nodes": 2001, "most": 2000}),
    ],
)
def test_a_broken_file_is_refused(
    tmp_path: Path, text: str, kind: type[InstanceRefused], facts: dict[str, object]
) -> None:
    with pytest.raises(kind) as refused:
        read(tmp_path, text)

    assert type(refused.value) is kind
    assert refused.value.facts["file"] == "p.txt"
    assert {name: refused.value.facts[name] for name in facts} == facts
    assert "p.txt" in str(refused.value)


def test_what_is_no_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "p.txt").write_bytes(b"\x89PNG\r\n\x1a\n\xff")
    with pytest.raises(InstanceRefused):
        orlib.read(tmp_path / "p.txt")


@pytest.mark.parametrize(("p", "kind"), [(4, TooManyMedians), (0, NoMedians), (-1, NoMedians)])
def test_a_number_of_medians_that_cannot_be_is_refused(
    tmp_path: Path, p: int, kind: type[Refused]
) -> None:
    with pytest.raises(kind):
        read(tmp_path, f"3 2 {p}\n1 2 1\n2 3 1\n")


@settings(max_examples=60, deadline=None)
@given(st.text("0123 -.e\n", max_size=60))
def test_whatever_is_written_is_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, text: str
) -> None:
    path = tmp_path_factory.mktemp("any") / "p.txt"
    path.write_text(text)
    with suppress(Refused):
        found = orlib.read(path)
        assert 1 <= found.p <= len(found.cost)


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    edges = graph(50, seed=5)

    found = read(tmp_path, text_of(50, 7, edges))

    assert found.p == 7
    assert (found.cost == ways(50, edges)).all()


@settings(max_examples=40, deadline=None)
@given(st.integers(2, 12), st.integers(0, 10**6))
def test_ways_are_a_metric_over_the_edges(nodes: int, seed: int) -> None:
    draws = np.random.default_rng(seed)
    begin, end = draws.integers(0, nodes, (2, 3 * nodes))
    keep = begin != end
    cost = draws.integers(0, 30, keep.sum())

    table = all_pairs(nodes, begin[keep], end[keep], cost)

    last = {}
    for i, j, c in zip(begin[keep], end[keep], cost, strict=True):
        last[min(i, j), max(i, j)] = c
    assert (table == table.T).all()
    assert (np.diag(table) == 0).all()
    assert all(table[i, j] <= c for (i, j), c in last.items())
    two_steps = (table[:, :, None] + table[None]).min(axis=1)
    assert (np.minimum(two_steps, NO_WAY) >= table).all()


def test_the_published_files_are_read() -> None:
    file = FOLDER / "pmed10.txt"
    if not file.is_file():
        pytest.skip("the instance ../shared/data/orlib/pmed10.txt is not there")
    found = orlib.read(file)
    assert (found.cost.shape, found.p) == ((200, 200), 67)
