"""Merge pieces of a coverage: unwanted ones into a neighbour, equally labelled ones into one."""

from __future__ import annotations

import heapq

import numpy as np
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components


def connected_labels(labels: np.ndarray, edges: np.ndarray) -> np.ndarray:
    """Give numbers to the connected groups of pieces with one label: (n,) group numbers.

    Examples
    --------
    >>> connected_labels(np.array([7, 7, 5, 7]), np.array([[0, 1], [1, 2], [2, 3]])).tolist()
    [0, 0, 1, 2]
    """
    n = len(labels)
    kept = edges[labels[edges[:, 0]] == labels[edges[:, 1]]]
    graph = coo_array((np.ones(len(kept)), (kept[:, 0], kept[:, 1])), shape=(n, n))
    return connected_components(graph, directed=False)[1]


def merge_into_neighbours(
    size: np.ndarray, edges: np.ndarray, strength: np.ndarray, unwanted: np.ndarray
) -> np.ndarray:
    """Give each unwanted piece to the neighbour it shares most with, the smallest first.

    A merged piece takes over the neighbours of both; it stays unwanted only while every piece in
    it is. Pieces without neighbour stay alone.

    Parameters
    ----------
    size
        (n,) what decides the order, for example areas.
    edges, strength
        (m, 2) neighbours and (m,) what they share, for example metres of border.
    unwanted
        (n,) True for the pieces to merge away.

    Returns
    -------
    (n,) row of the piece that each piece ends in.

    Examples
    --------
    >>> merge_into_neighbours(np.array([9, 1, 9]), np.array([[0, 1], [1, 2]]),
    ...     np.array([5.0, 6.0]), np.array([False, True, False])).tolist()
    [0, 2, 2]
    """
    neighbours: list[dict[int, float]] = [{} for _ in size]
    for (a, b), weight in zip(edges.tolist(), strength.tolist(), strict=True):
        neighbours[a][b] = neighbours[b][a] = weight
    size, unwanted = np.array(size, dtype=float), np.array(unwanted, dtype=bool)
    target = np.arange(len(size))
    queue = [(size[i], i) for i in np.flatnonzero(unwanted).tolist()]
    heapq.heapify(queue)
    while queue:
        size_then, piece = heapq.heappop(queue)
        if target[piece] != piece or size[piece] != size_then or not neighbours[piece]:
            continue
        into = min(neighbours[piece], key=lambda other: (-neighbours[piece][other], other))
        _absorb(neighbours, piece, into)
        target[piece] = into
        size[into] += size[piece]
        if unwanted[into]:
            heapq.heappush(queue, (size[into], into))
    return _follow(target)


def _absorb(neighbours: list[dict[int, float]], piece: int, into: int) -> None:
    """Move the borders of `piece` to `into`."""
    for other, weight in neighbours[piece].items():
        del neighbours[other][piece]
        if other != into:
            total = neighbours[into].get(other, 0.0) + weight
            neighbours[into][other] = neighbours[other][into] = total
    neighbours[piece] = {}


def _follow(target: np.ndarray) -> np.ndarray:
    """Follow each chain of merges to its end."""
    while True:
        further = target[target]
        if np.array_equal(further, target):
            return target
        target = further


def dissolve(pieces: np.ndarray, labels: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Union the pieces of each label; the pieces must meet in equal vertices.

    Returns
    -------
    shapes, labels
        (k,) unions and (k,) their labels, ascending.

    Examples
    --------
    >>> shapes, labels = dissolve(
    ...     [shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1), shapely.box(2, 0, 3, 1)], [4, 4, 1])
    >>> labels.tolist(), shapely.area(shapes).tolist()
    ([1, 4], [1.0, 2.0])
    """
    pieces, labels = np.asarray(pieces, dtype=object), np.asarray(labels)
    order = np.argsort(labels, kind="stable")
    names, starts = np.unique(labels[order], return_index=True)
    shapes = np.empty(len(names), dtype=object)
    for number, group in enumerate(np.split(pieces[order], starts[1:])):
        shapes[number] = group[0] if len(group) == 1 else _union_polygon(group)
    return shapes, names


def _union_polygon(group: np.ndarray) -> shapely.Geometry:
    """Union pieces of a coverage into a polygon, or multipolygon if they lie apart."""
    union = shapely.coverage_union_all(group)
    return shapely.get_geometry(union, 0) if shapely.get_num_geometries(union) == 1 else union
