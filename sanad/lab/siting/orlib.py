"""Reads p-median instances as the OR-Library publishes them (Beasley 1985, 1990).

The first line holds the nodes, the edges and p; each further line an edge: two nodes, numbered from
1, and its cost. Edges run both ways and every node is both a client and a site. The library's note
has each edge write its cost into the table of costs, so of several edges between two nodes the last
counts; cheapest ways are computed from that table.

Costs may be decimals. They are made whole by the unit of the finest one and stay exact.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import ClassVar

import numpy as np

from sanad.lab.siting.arrays import Ints
from sanad.lab.siting.lagrange import MOST_COST
from sanad.lab.siting.paths import NO_WAY, all_pairs
from sanad.lab.siting.pmedian import NoMedians, TooManyMedians
from sanad.lib.refusal import N_, Refused

MOST_NODES = 2_000  # tables of nodes x nodes are held in memory
MOST_DECIMALS = 6


class InstanceRefused(Refused):
    """The base of what may be wrong with a file."""

    code: ClassVar[str] = "siting.instance_refused"
    sentence: ClassVar[str] = N_(
        "{file} is not readable text. Give a p-median file of the OR-Library."
    )


class WrongHeading(InstanceRefused):
    code = "siting.wrong_heading"
    sentence = N_(
        "{file}, line {line}: “{text}” is not a heading. Write the number of nodes, of edges and "
        "of medians: three whole numbers, with one node or more."
    )


class WrongEdge(InstanceRefused):
    code = "siting.wrong_edge"
    sentence = N_(
        "{file}, line {line}: “{text}” is not an edge. Write two nodes and the cost: three numbers."
    )


class UnknownNode(InstanceRefused):
    code = "siting.unknown_node"
    sentence = N_(
        "{file}, line {line}: there is no node {node}. The nodes are numbered from 1 to {nodes}."
    )


class EdgeToItself(InstanceRefused):
    code = "siting.edge_to_itself"
    sentence = N_(
        "{file}, line {line}: the edge leads from node {node} to itself. Remove it or correct one "
        "of its ends."
    )


class NegativeCost(InstanceRefused):
    code = "siting.negative_cost"
    sentence = N_("{file}, line {line}: the cost {cost} is negative. Costs are zero or more.")


class CostTooFine(InstanceRefused):
    code = "siting.cost_too_fine"
    sentence = N_(
        "{file}, line {line}: the cost {cost} has more than {most} decimals, or is too large to "
        "be added up exactly. Choose another unit."
    )


class WrongCount(InstanceRefused):
    code = "siting.wrong_count"
    sentence = N_(
        "{file}: the heading promises {promised} edges, but the file holds {found}. Correct the "
        "heading or complete the file."
    )


class Unreachable(InstanceRefused):
    code = "siting.unreachable"
    sentence = N_(
        "{file}: no way leads from node {origin} to node {node}. Every node must be reachable; add "
        "the missing edge."
    )


class TooManyNodes(InstanceRefused):
    code = "siting.too_many_nodes"
    sentence = N_("{file} has {nodes} nodes; at most {most} can be solved.")


@dataclass(frozen=True)
class Instance:
    """The cost of the cheapest way between any two nodes, in units of 1 / `scale`."""

    cost: Ints  # [nodes, nodes]
    p: int
    scale: int

    def amount(self, whole: int) -> int | float:
        """A sum of costs in the file's own unit."""
        return whole if self.scale == 1 else whole / self.scale


@dataclass(frozen=True)
class _Line:
    file: str
    number: int
    text: str

    def edge(self, nodes: int) -> tuple[int, int, Decimal]:
        try:
            first, second, third = _words(self.text)
            begin, end, cost = int(first), int(second), Decimal(third)
        except (ValueError, InvalidOperation):
            raise self._wrong(WrongEdge, text=self.text) from None
        if not cost.is_finite():
            raise self._wrong(WrongEdge, text=self.text)
        for node in (begin, end):
            if not 1 <= node <= nodes:
                raise self._wrong(UnknownNode, node=node, nodes=nodes)
        if begin == end:
            raise self._wrong(EdgeToItself, node=begin)
        if cost < 0:
            raise self._wrong(NegativeCost, cost=third)
        if cost > MOST_COST or _decimals(cost) > MOST_DECIMALS:
            raise self._wrong(CostTooFine, cost=third, most=MOST_DECIMALS)
        return begin - 1, end - 1, cost

    def heading(self) -> tuple[int, int, int]:
        try:
            nodes, edges, p = (int(word) for word in _words(self.text))
        except ValueError:
            raise self._wrong(WrongHeading, text=self.text) from None
        if nodes < 1 or edges < 0:
            raise self._wrong(WrongHeading, text=self.text)
        return nodes, edges, p

    def _wrong(self, kind: type[InstanceRefused], **facts: object) -> InstanceRefused:
        return kind(file=self.file, line=self.number, **facts)


def read(path: Path) -> Instance:
    """The instance in a file, or the first fault as an :class:`InstanceRefused`."""
    lines = _lines(path)
    nodes, promised, p = next(lines, _Line(path.name, 1, "")).heading()
    if nodes > MOST_NODES:
        raise TooManyNodes(file=path.name, nodes=nodes, most=MOST_NODES)
    if p < 1:
        raise NoMedians(medians=p)
    if p > nodes:
        raise TooManyMedians(medians=p, sites=nodes)
    edges = [line.edge(nodes) for line in lines]
    if len(edges) != promised:
        raise WrongCount(file=path.name, promised=promised, found=len(edges))
    scale = 10 ** max((_decimals(cost) for _, _, cost in edges), default=0)
    whole = [int(cost * scale) for _, _, cost in edges]
    return Instance(_ways(path.name, nodes, edges, whole), p, scale)


def _ways(file: str, nodes: int, edges: list[tuple[int, int, Decimal]], whole: list[int]) -> Ints:
    """The cheapest ways; a node that none leads to is refused."""
    begin = np.array([edge[0] for edge in edges], dtype=np.int64)
    end = np.array([edge[1] for edge in edges], dtype=np.int64)
    cost = all_pairs(nodes, begin, end, np.array(whole, dtype=np.int64))
    missing = np.flatnonzero(cost[0] >= NO_WAY)
    if missing.size:
        raise Unreachable(file=file, origin=1, node=int(missing[0]) + 1)
    return cost


def _lines(path: Path) -> Iterator[_Line]:
    try:
        text = path.read_text(encoding="ascii")
    except UnicodeDecodeError:
        raise InstanceRefused(file=path.name) from None
    for number, line in enumerate(text.splitlines(), start=1):
        if line.strip():
            yield _Line(path.name, number, line.strip())


def _words(text: str) -> list[str]:
    """The words of a line; Python would read 1_0 as ten, and nobody else does."""
    return text.replace("_", "?").split()


def _decimals(cost: Decimal) -> int:
    exponent = cost.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0
