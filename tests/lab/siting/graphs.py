"""Graphs in the manner of the OR-Library's p-median files, and answers by trying everything."""

from itertools import combinations
from pathlib import Path

import numpy as np

from sanad.lab.siting.arrays import Ints
from sanad.lab.siting.paths import all_pairs

Edges = list[tuple[int, int, int]]
FOLDER = Path(__file__).parents[4] / "shared" / "data" / "orlib"
OPTIMA = (5819, 4093, 4250, 3034, 1355, 7824, 5631, 4445, 2734, 1255)


def graph(nodes: int, seed: int) -> Edges:
    """A ring through all nodes and edges at random, nodes^2 / 50 in all, costs from 1 to 100.

    So Beasley (1985) describes the forty published graphs; some pairs of nodes come twice.
    """
    draws = np.random.default_rng(seed)
    edges = [(node, (node + 1) % nodes) for node in range(nodes)]
    while len(edges) < nodes * nodes // 50:
        begin, end = (int(one) for one in draws.integers(0, nodes, 2))
        if begin != end:
            edges.append((begin, end))
    return [(begin, end, int(draws.integers(1, 101))) for begin, end in edges]


def ways(nodes: int, edges: Edges) -> Ints:
    begin, end, cost = (np.array(column, dtype=np.int64) for column in zip(*edges, strict=True))
    return all_pairs(nodes, begin, end, cost)


def text_of(nodes: int, p: int, edges: Edges) -> str:
    lines = [f" {nodes} {len(edges)} {p} "]
    lines += [f" {begin + 1} {end + 1} {cost} " for begin, end, cost in edges]
    return "\n".join(lines) + "\n"


def least(cost: Ints, p: int) -> int:
    """The cost of the best choice, by trying all of them."""
    return min(
        int(cost[:, list(sites)].min(axis=1).sum())
        for sites in combinations(range(cost.shape[1]), p)
    )


def relabelled(text: str, seed: int) -> str:
    """The same instance with other numbers for its nodes."""
    heading, *lines = text.splitlines()
    other = np.random.default_rng(seed).permutation(int(heading.split()[0])) + 1
    edges = [line.split() for line in lines if line.strip()]
    renamed = [f"{other[int(i) - 1]} {other[int(j) - 1]} {c}" for i, j, c in edges]
    return "\n".join([heading, *renamed]) + "\n"
