"""Shortest ways between all nodes of a network (Floyd 1962)."""

import numpy as np

from sanad.lab.siting.arrays import Ints
from sanad.lab.twin.engine.compiled import loop

NO_WAY = np.int64(2**60)  # two of them still fit into 64 bits


def all_pairs(nodes: int, begin: Ints, end: Ints, cost: Ints) -> Ints:
    """int64 [nodes, nodes]: the cost of the cheapest way, NO_WAY where there is none.

    Edges are numbered from 0 and run both ways. Of several edges between two nodes the last
    counts, as the note beside the library's files says: each is written into the table in turn.
    """
    table = np.full((nodes, nodes), NO_WAY)
    for i, j, c in zip(begin.tolist(), end.tolist(), cost.tolist(), strict=True):
        table[i, j] = table[j, i] = c
    np.fill_diagonal(table, 0)
    _floyd(table)
    return table


@loop
def _floyd(table: Ints) -> None:
    nodes = table.shape[0]
    for k in range(nodes):
        for i in range(nodes):
            first = table[i, k]
            if first < NO_WAY:
                for j in range(nodes):
                    table[i, j] = min(table[i, j], first + table[k, j])


def compile_loops() -> None:
    """Compile the loop on two nodes, once on each machine."""
    all_pairs(2, np.array([0]), np.array([1]), np.array([1]))
