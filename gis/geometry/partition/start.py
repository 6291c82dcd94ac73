"""First divisions: quick, about balanced, every part connected and none empty.

Pure. METIS gives the raw cut; its parts may be empty, torn or far off the band, which is put right
here as far as connection goes and by annealing as far as the band goes.

Source: Karypis, Kumar (1998), doi:10.1137/S1064827595287997.
"""

from __future__ import annotations

import numpy as np
import pymetis
from numba import njit
from scipy.sparse import csr_array
from scipy.sparse.csgraph import breadth_first_order

from gis.geometry.partition.graph import Graph, find_components, take_nodes

MOST_WEIGHT = 2**30  # METIS counts in 32 bits


def start_parts(graph: Graph, n_parts: int, seed: int) -> np.ndarray:
    """Give a division into exactly `n_parts` connected parts of a connected graph."""
    if n_parts == 1:
        return np.zeros(graph.n_nodes, np.int64)
    part = _raw_parts(graph, n_parts, seed)
    part = join_strays(graph, part, n_parts)
    return fill_empty_parts(graph, part, n_parts)


def _raw_parts(graph: Graph, n_parts: int, seed: int) -> np.ndarray:
    """Run METIS once, k-way (its default of bisection ignores the wish for connected parts)."""
    options = pymetis.Options(seed=seed, contig=1, ufactor=30)
    adjacency = pymetis.CSRAdjacency(
        adj_starts=graph.indptr.astype(np.int32), adjacent=graph.neighbour.astype(np.int32)
    )
    return np.asarray(
        pymetis.part_graph(
            n_parts,
            adjacency=adjacency,
            vweights=_whole(graph.weight, 0),
            eweights=_whole(graph.cost, 1),
            recursive=False,
            options=options,
        )[1],
        dtype=np.int64,
    )


def _whole(values: np.ndarray, least: int) -> np.ndarray:
    """Scale to whole numbers that METIS can add up in 32 bits."""
    values = np.maximum(values, 0.0)
    scale = min(1000.0, MOST_WEIGHT / max(values.sum(), 1e-9))
    return np.maximum(np.round(values * scale), least).astype(np.int32)


def join_strays(graph: Graph, part: np.ndarray, n_parts: int) -> np.ndarray:
    """Keep the heaviest piece of each part and give the other pieces to their neighbours."""
    piece = find_components(graph, part)
    load = np.bincount(piece, graph.weight) + 1e-6 * np.bincount(piece)
    owner = np.zeros(len(load), np.int64)
    owner[piece] = part
    kept = np.zeros(len(load), bool)
    for p in range(n_parts):
        mine = np.flatnonzero(owner == p)
        if len(mine):
            kept[mine[np.argmax(load[mine])]] = True
    return _spread(graph, np.where(kept[piece], part, -1), n_parts)


@njit(cache=True)
def _spread(graph: Graph, part: np.ndarray, n_parts: int) -> np.ndarray:
    """Give nodes without a part (-1) to the neighbouring part with the dearest border."""
    part = part.copy()
    pull = np.zeros(n_parts)
    found = True
    while found:
        found = False
        for node in range(part.size):
            if part[node] >= 0:
                continue
            best = -1
            for e in range(graph.indptr[node], graph.indptr[node + 1]):
                p = part[graph.neighbour[e]]
                if p >= 0:
                    pull[p] += graph.cost[e] + 1e-9
                    if best < 0 or pull[p] > pull[best]:
                        best = p
            for e in range(graph.indptr[node], graph.indptr[node + 1]):
                if part[graph.neighbour[e]] >= 0:
                    pull[part[graph.neighbour[e]]] = 0.0
            if best >= 0:
                part[node] = best
                found = True
    return part


def fill_empty_parts(graph: Graph, part: np.ndarray, n_parts: int) -> np.ndarray:
    """Split the heaviest parts until none is empty."""
    part = part.copy()
    for empty in np.flatnonzero(np.bincount(part, minlength=n_parts) == 0):
        size = np.bincount(part, minlength=n_parts)
        weight = np.bincount(part, graph.weight, n_parts)
        donor = int(np.argmax(np.where(size > 1, weight + 1e-6 * size, -1.0)))
        part[cut_branch(graph, np.flatnonzero(part == donor))] = empty
    return part


def cut_branch(graph: Graph, nodes: np.ndarray) -> np.ndarray:
    """Choose about half the weight of a connected set so that both halves are connected.

    The branch of a breadth-first tree nearest to half the weight: what hangs below one node is
    connected, and so is the rest.
    """
    sub = take_nodes(graph, nodes)
    n = sub.n_nodes
    matrix = as_matrix(sub)
    order, parent = breadth_first_order(matrix, 0, directed=False)
    load = sub.weight + 1e-6 * max(sub.weight.sum(), 1.0) / n
    below = load.copy()
    for node in order[:0:-1]:
        below[parent[node]] += below[node]
    top = order[1:][np.argmin(np.abs(below[order[1:]] - load.sum() / 2))]
    branch = np.zeros(n, bool)
    branch[top] = True
    for node in order[1:]:
        branch[node] |= branch[parent[node]]
    return nodes[branch]


def as_matrix(graph: Graph) -> csr_array:
    """Give the adjacency as a sparse matrix of ones."""
    ones = np.ones(len(graph.neighbour))
    return csr_array((ones, graph.neighbour, graph.indptr), shape=(graph.n_nodes,) * 2)
