"""The graph a division works on, as flat arrays that compiled code can walk.

Pure. Nodes are blocks, edges are shared borders. Weights are what the band limits (households),
costs are what a border costs (metres times what it follows).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components


class Graph(NamedTuple):
    """An undirected graph in compressed rows; every edge is stored in both directions.

    ``indptr`` (n + 1,), ``neighbour``, ``source``, ``cost`` and ``length_m`` (2 m,): half edges
    sorted by source; ``weight``, ``area_m2``, ``perimeter_m``, ``stay`` and ``home`` (n,): ``stay``
    is the cost of a node leaving the part ``home`` (-1: no home); ``others`` (n, k): further
    measures to balance. A cost may be below 0 where a border is worth seeking.
    """

    indptr: np.ndarray
    neighbour: np.ndarray
    source: np.ndarray
    cost: np.ndarray
    length_m: np.ndarray
    weight: np.ndarray
    area_m2: np.ndarray
    perimeter_m: np.ndarray
    home: np.ndarray
    stay: np.ndarray
    others: np.ndarray

    @property
    def n_nodes(self) -> int:
        """Give the number of nodes."""
        return len(self.weight)


def build_graph(
    weight: np.ndarray,
    edges: np.ndarray,
    cost: np.ndarray,
    *,
    length_m: np.ndarray | None = None,
    area_m2: np.ndarray | None = None,
    perimeter_m: np.ndarray | None = None,
    others: np.ndarray | None = None,
) -> Graph:
    """Lay an edge list out in compressed rows.

    Parameters
    ----------
    weight
        (n,) what the band limits.
    edges
        (m, 2) node numbers, each pair once.
    cost
        (m,) cost of cutting each edge.
    length_m, area_m2, perimeter_m
        Shapes of the blocks; only compactness needs them.
    others
        (n, k) further measures to balance.

    Examples
    --------
    >>> graph = build_graph(np.ones(3), np.array([[0, 1], [1, 2]]), np.array([2.0, 5.0]))
    >>> graph.neighbour[graph.indptr[1] : graph.indptr[2]], graph.cost
    (array([0, 2]), array([2., 2., 5., 5.]))
    """
    n = len(weight)
    edges = np.asarray(edges, np.int64).reshape(-1, 2)
    source = np.concatenate([edges[:, 0], edges[:, 1]])
    target = np.concatenate([edges[:, 1], edges[:, 0]])
    order = np.lexsort((target, source))
    both = np.concatenate([cost, cost]).astype(float)[order]
    length = both if length_m is None else np.concatenate([length_m, length_m])[order]
    indptr = np.concatenate([[0], np.cumsum(np.bincount(source, minlength=n))]).astype(np.int64)
    if perimeter_m is None:
        perimeter_m = np.bincount(source[order], length, n)
    return Graph(
        indptr=indptr,
        neighbour=target[order],
        source=source[order],
        cost=both,
        length_m=np.asarray(length, float),
        weight=np.asarray(weight, float),
        area_m2=np.zeros(n) if area_m2 is None else np.asarray(area_m2, float),
        perimeter_m=np.asarray(perimeter_m, float),
        home=np.full(n, -1, np.int64),
        stay=np.zeros(n),
        others=np.zeros((n, 0)) if others is None else np.asarray(others, float),
    )


def find_components(graph: Graph, part: np.ndarray | None = None) -> np.ndarray:
    """Find the connected pieces, of the whole graph or within each part: (n,) piece numbers.

    Examples
    --------
    >>> graph = build_graph(np.ones(3), np.array([[0, 1], [1, 2]]), np.ones(2))
    >>> find_components(graph, np.array([0, 1, 1]))
    array([0, 1, 1])
    """
    n = graph.n_nodes
    keep = np.ones(len(graph.source), bool)
    if part is not None:
        keep = part[graph.source] == part[graph.neighbour]
    pairs = (graph.source[keep], graph.neighbour[keep])
    matrix = csr_array((np.ones(len(pairs[0]), np.int8), pairs), shape=(n, n))
    return connected_components(matrix, directed=False)[1].astype(np.int64)


def take_nodes(graph: Graph, nodes: np.ndarray) -> Graph:
    """Cut out the graph of some nodes; edges that leave them are dropped, perimeters are kept."""
    renumber = np.full(graph.n_nodes, -1, np.int64)
    renumber[nodes] = np.arange(len(nodes))
    keep = (renumber[graph.source] >= 0) & (renumber[graph.neighbour] >= 0)
    keep &= graph.source < graph.neighbour
    edges = np.column_stack([renumber[graph.source[keep]], renumber[graph.neighbour[keep]]])
    cut = build_graph(
        graph.weight[nodes],
        edges,
        graph.cost[keep],
        length_m=graph.length_m[keep],
        area_m2=graph.area_m2[nodes],
        perimeter_m=graph.perimeter_m[nodes],
        others=graph.others[nodes],
    )
    return cut._replace(home=graph.home[nodes].copy(), stay=graph.stay[nodes].copy())
