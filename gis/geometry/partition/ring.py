"""The least border between two parts of a planar graph: a bound that no division undercuts.

Pure. Where both parts are connected, the edges between them are crossed one after another by a
closed walk over the faces. Weight flows along a tree to its root; what flows over the crossed edges
is the weight of the part without the root. So the shortest closed walks over which a weight inside
the band flows are sought, all weights at once as the bits of a row. Such a walk may cross itself,
hence a bound. Two parts that differ from known ones are parted by a ring that meets the known one,
or lies on one side of it and so encloses too little: only walks through faces along the known
border have to be looked at, each face once.

Source: duality of cuts and cycles, Whitney (1932), doi:10.1090/S0002-9947-1932-1501641-2; minimum
bisections of planar graphs, Bui, Peck (1992), doi:10.1137/0221014.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from scipy.sparse.csgraph import breadth_first_order

from gis.geometry.partition.deadline import Deadline
from gis.geometry.partition.faces import find_blocks, find_faces, twins
from gis.geometry.partition.graph import Graph, find_components, take_nodes
from gis.geometry.partition.score import Terms
from gis.geometry.partition.start import as_matrix

MOST_TOTAL = 200_000
MOST_NODES = 2_000
"""Total weight and nodes above which there are too many bits."""

ROUNDING = 1e-6


def bound_cost(graph: Graph, terms: Terms, part: np.ndarray, deadline: Deadline) -> float:
    """Give a cost that no division inside the band undercuts, knowing a good one; 0: unknown.

    More is known than nothing where two parts are asked for, borders alone count and cost alike.

    Examples
    --------
    >>> from gis.geometry.partition.graph import build_graph
    >>> from gis.geometry.band import Band
    >>> from gis.geometry.partition.score import plain_terms
    >>> path = build_graph(np.ones(4), np.array([[0, 1], [1, 2], [2, 3]]), np.full(3, 7.0))
    >>> bound_cost(path, plain_terms(2, Band(2, 2)), np.array([0, 0, 1, 1]), Deadline(None))
    7.0
    """
    plain = terms.balance == terms.compactness == 0 and not terms.other_balance.any()
    alike = len(graph.cost) > 0 and graph.cost[0] >= 0 and (graph.cost == graph.cost[0]).all()
    if terms.n_parts != 2 or not plain or not alike or (graph.home >= 0).any():
        return 0.0
    bound = bound_border(graph, terms, part, deadline)
    return 0.0 if bound is None else bound * float(graph.cost[0])


class Net(NamedTuple):
    """The faces of a block: from which to which each half edge is crossed, and what flows there."""

    face: np.ndarray
    beyond: np.ndarray
    flow: np.ndarray
    n_faces: int


def bound_border(graph: Graph, terms: Terms, part: np.ndarray, deadline: Deadline) -> int | None:
    """Give a number of edges that any two connected parts in the band have between them at least.

    Parameters
    ----------
    graph
        Connected; weights are whole.
    terms
        Of two parts; only the band is looked at.
    part
        (n,) two connected parts, the best known; the bound is their number of cut edges at most.

    Returns
    -------
    None where nothing can be said: the graph is not planar, its weights are not whole or too large,
    or the time was too short.

    Examples
    --------
    >>> from gis.geometry.partition.graph import build_graph
    >>> from gis.geometry.band import Band
    >>> from gis.geometry.partition.score import plain_terms
    >>> square = np.array([[0, 1], [1, 2], [2, 3], [0, 3]])
    >>> graph = build_graph(np.ones(4), square, np.ones(4))
    >>> bound_border(graph, plain_terms(2, Band(2, 2)), np.array([0, 0, 1, 1]), Deadline(None))
    2
    """
    total = float(graph.weight.sum())
    if graph.n_nodes > MOST_NODES or not 0 < total <= MOST_TOTAL:
        return None
    if (graph.weight != np.round(graph.weight)).any():
        return None
    low = int(np.ceil(max(terms.minimum, total - terms.maximum) - ROUNDING))
    high = int(np.floor(min(terms.maximum, total - terms.minimum) + ROUNDING))
    bound = int((part[graph.source] != part[graph.neighbour]).sum()) // 2
    for pairs in find_blocks(graph):
        nodes = np.unique(pairs)
        block = _with_burdens(graph, nodes)
        if len(nodes) == 2:
            bound = 1 if low <= block.weight[0] <= high else bound
            continue
        found = _bound_block(block, part[nodes], low, high, bound, deadline)
        if found is None:
            return None
        bound = found
    return bound


def _with_burdens(graph: Graph, nodes: np.ndarray) -> Graph:
    """Cut a block out; each of its nodes bears the weight of what hangs on it."""
    inside = np.zeros(graph.n_nodes, bool)
    inside[nodes] = True
    outside = find_components(graph, np.where(inside, np.arange(graph.n_nodes) + 1, 0))
    block = take_nodes(graph, nodes)
    weight = graph.weight[nodes].copy()
    row = np.full(graph.n_nodes, -1)
    row[nodes] = np.arange(len(nodes))
    loads = np.bincount(outside, graph.weight)
    across = inside[graph.source] & ~inside[graph.neighbour]
    hung = np.unique(
        np.column_stack([row[graph.source[across]], outside[graph.neighbour[across]]]), axis=0
    )
    np.add.at(weight, hung[:, 0].astype(int), loads[hung[:, 1].astype(int)])
    return block._replace(weight=weight)


def _bound_block(
    block: Graph, part: np.ndarray, low: int, high: int, bound: int, deadline: Deadline
) -> int | None:
    """Look at the rings of a block through each face along the known border, then elsewhere."""
    face = find_faces(block)
    if face is None:
        return None
    net = _lay_net(block, face)
    group = np.arange(block.n_nodes)
    shut = np.zeros(net.n_faces, bool)
    for root in _order_faces(block, net, part):
        if _is_done(block, group, low):
            break
        if deadline.passed:
            return None
        found = _shortest_ring(net, root, shut, low, high, bound - 1, int(block.weight.sum()))
        bound = found if found else bound
        shut[root] = True
        around = np.unique(group[block.source[face == root]])
        group[np.isin(group, around)] = around[0]
    return bound


def _lay_net(block: Graph, face: np.ndarray) -> Net:
    """Say what flows over each half edge when all weight goes along a tree to the first node."""
    order, parent = breadth_first_order(as_matrix(block), 0, directed=False)
    below = block.weight.copy()
    for node in order[:0:-1]:
        below[parent[node]] += below[node]
    source, neighbour = block.source, block.neighbour
    flow = np.where(parent[source] == neighbour, below[source], 0.0)
    flow -= np.where(parent[neighbour] == source, below[neighbour], 0.0)
    return Net(face, face[twins(block)], flow.astype(np.int64), int(face.max()) + 1)


def _order_faces(block: Graph, net: Net, part: np.ndarray) -> list[int]:
    """Order the faces: those along the known border first, the longest before the others."""
    size = np.bincount(net.face, minlength=net.n_faces)
    along = np.zeros(net.n_faces, bool)
    along[net.face[part[block.source] != part[block.neighbour]]] = True
    return np.lexsort((-size, ~along)).tolist()


def _is_done(block: Graph, group: np.ndarray, low: int) -> bool:
    """Tell whether no ring is left: groups are not parted, and beside the largest is too little."""
    loads = np.bincount(group, block.weight, block.n_nodes)
    rest = group != np.argmax(loads)
    if not rest.any():
        return True
    nodes = np.flatnonzero(rest)
    piece = find_components(take_nodes(block, nodes))
    return bool(np.bincount(piece, block.weight[nodes]).max() < low)


@njit(cache=True)
def _shortest_ring(
    net: Net, root: int, shut: np.ndarray, low: int, high: int, most: int, total: int
) -> int:
    """Give the length of the shortest walk from a face back to it; 0 if it is above `most`.

    Bit w of a face's row tells that w, modulo the total, may have flowed over a walk to it: what
    flows out of one side is the total less what flows out of the other.
    """
    far = _distances(net, root, shut)
    n_words = total // 64 + 1
    top = (np.uint64(1) << np.uint64(total % 64)) - np.uint64(1)
    now = np.zeros((net.n_faces, n_words), np.uint64)
    then = np.zeros((net.n_faces, n_words), np.uint64)
    reached = np.zeros(net.n_faces, np.bool_)
    now[root, 0] = 1
    reached[root] = True
    for step in range(1, most + 1):
        before = reached.copy()
        reached[:] = False
        for h in range(net.face.size):
            f, g = net.face[h], net.beyond[h]
            if not before[f] or shut[g] or far[g] < 0 or far[g] + step > most:
                continue
            shift = net.flow[h] % total
            _add_shifted(now[f], then[g], shift)
            if shift > 0:
                _add_shifted(now[f], then[g], shift - total)
            then[g, n_words - 1] &= top
            reached[g] = True
        for w in range(low, high + 1):
            if (then[root, w // 64] >> np.uint64(w % 64)) & np.uint64(1):
                return step
        for f in range(net.n_faces):
            if before[f]:
                now[f, :] = 0
        now, then = then, now
    return 0


@njit(cache=True)
def _distances(net: Net, root: int, shut: np.ndarray) -> np.ndarray:
    """Count the steps from a face to every other, over open faces alone; -1: none."""
    far = np.full(net.n_faces, -1, np.int64)
    far[root] = 0
    for step in range(net.n_faces):
        found = False
        for h in range(net.face.size):
            g = net.beyond[h]
            if far[net.face[h]] == step and far[g] < 0 and not shut[g]:
                far[g] = step + 1
                found = True
        if not found:
            break
    return far


@njit(cache=True)
def _add_shifted(row: np.ndarray, to: np.ndarray, shift: int) -> None:
    """Add the bits of a row, moved by `shift`, to another; those that fall off are lost."""
    words = shift // 64
    bits = np.uint64(shift - 64 * words)
    back = np.uint64(64) - bits
    for k in range(max(0, -words - 1), min(row.size, to.size - words)):
        word = row[k]
        if word == 0:
            continue
        at = k + words
        if at >= 0:
            to[at] |= word << bits
        if bits > 0 and at + 1 < to.size:
            to[at + 1] |= word >> back
