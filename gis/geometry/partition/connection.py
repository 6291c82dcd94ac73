"""Whether a part stays connected when a node leaves it, compiled.

Pure.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

from gis.geometry.partition.graph import Graph


class Scratch(NamedTuple):
    """Room for the search of connections: marks and labels of nodes, a queue, and groups."""

    mark: np.ndarray
    label: np.ndarray
    queue: np.ndarray
    root: np.ndarray
    alive: np.ndarray


@njit(cache=True)
def make_scratch(n_nodes: int) -> Scratch:
    """Make room for a graph."""
    return Scratch(
        np.zeros(n_nodes, np.int64),
        np.empty(n_nodes, np.int64),
        np.empty(n_nodes, np.int64),
        np.empty(n_nodes, np.int64),
        np.empty(n_nodes, np.int64),
    )


@njit(cache=True)
def stays_connected(
    graph: Graph, part: np.ndarray, node: int, scratch: Scratch, stamp: int
) -> bool:
    """Tell whether a node's part stays connected without it.

    One search spreads from every neighbour in the part at once. They grow together until one group
    is left, or until a group can grow no more: so the cost is that of the smaller side.
    """
    mark, label, queue, root, alive = scratch
    own = part[node]
    groups = 0
    for e in range(graph.indptr[node], graph.indptr[node + 1]):
        v = graph.neighbour[e]
        if part[v] == own and mark[v] != stamp:
            mark[v] = stamp
            label[v] = root[groups] = groups
            alive[groups] = 1
            queue[groups] = v
            groups += 1
    if groups == 0:
        return False
    head = 0
    tail = groups
    while groups > 1:
        v = queue[head]
        head += 1
        a = label[v]
        while root[a] != a:
            a = root[a]
        for e in range(graph.indptr[v], graph.indptr[v + 1]):
            u = graph.neighbour[e]
            if u == node or part[u] != own:
                continue
            if mark[u] != stamp:
                mark[u] = stamp
                label[u] = a
                queue[tail] = u
                tail += 1
                alive[a] += 1
                continue
            b = label[u]
            while root[b] != b:
                b = root[b]
            if a != b:
                root[b] = a
                alive[a] += alive[b]
                groups -= 1
        alive[a] -= 1
        if alive[a] == 0:
            return groups == 1
    return True


@njit(cache=True)
def may_swap(graph: Graph, part: np.ndarray, u: int, v: int, scratch: Scratch, stamp: int) -> bool:
    """Tell whether both parts stay connected when two nodes change places.

    Marks with `stamp` and the one before.
    """
    p, q = part[u], part[v]
    touches = False
    for e in range(graph.indptr[v], graph.indptr[v + 1]):
        n = graph.neighbour[e]
        touches |= part[n] == p and n != u
    if not touches or not stays_connected(graph, part, u, scratch, stamp - 1):
        return False
    part[u] = q
    fits = stays_connected(graph, part, v, scratch, stamp)
    part[u] = p
    return fits
