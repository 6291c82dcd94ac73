"""Buildings drawn many times on one spot, made one before anything is compared pair by pair.

Registers hold one outline for each household of a tower, and towers of nearly equal outlines: k of
them make k² pairs. Here each is compared with the largest near its middle only. Pure, in metres.
"""

from __future__ import annotations

import numpy as np
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from gis.geometry.clean import PRECISION_M

INTERIORS_MEET = "T********"
"""Parcels touch by the thousand; only those that share ground are worth measuring."""

MOST_ROUNDS = 12
"""Rounds of joining; each makes piles of shapes whose middles lie within half of their size."""


def distinct_rows(shapes: np.ndarray) -> np.ndarray:
    """Give the first row of every shape that stands in a list once or more, ascending.

    Examples
    --------
    >>> distinct_rows(np.array([shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1),
    ...     shapely.box(0, 0, 1, 1)])).tolist()
    [0, 1]
    """
    texts = shapely.to_wkb(shapely.normalize(shapes))
    first = {text: row for row, text in reversed(list(enumerate(texts)))}
    return np.sort(np.array(list(first.values()), dtype=int))


def find_piles(shapes: np.ndarray, *, least_share: float) -> np.ndarray:
    """Give numbers to the shapes that lie on one another: (n,) pile numbers.

    Not every overlap is found, only those of shapes of like size about the same middle; what is
    left has few pairs.

    Parameters
    ----------
    shapes
        (n,) polygons.
    least_share
        Two shapes lie on one another when they share more than this part of the smaller.

    Examples
    --------
    >>> tower = [shapely.box(0, 0, 20 + n / 100, 15) for n in range(500)]
    >>> int(find_piles(np.array([*tower, shapely.box(50, 0, 70, 15)]), least_share=0.005).max())
    1
    """
    pile = np.arange(len(shapes))
    merged, offset, idle = np.asarray(shapes, dtype=object), 0.0, 0
    for _ in range(MOST_ROUNDS):
        label = _join_round(merged, offset, least_share)
        n_piles = label.max(initial=-1) + 1
        idle = idle + 1 if n_piles == len(merged) else 0
        if idle == 2:
            break
        pile, merged, offset = label[pile], union_groups(merged, label), 0.5 - offset
    return pile


def _join_round(shapes: np.ndarray, offset: float, least_share: float) -> np.ndarray:
    """Compare each shape with the largest of its size about its middle: (n,) labels."""
    area = shapely.area(shapes)
    size = 2.0 ** np.floor(np.log2(np.sqrt(area)))
    middle = (shapely.bounds(shapes).reshape(-1, 4)[:, :2] + shapely.bounds(shapes)[:, 2:]) / 2
    keys = np.column_stack([np.floor(middle / (size[:, None] / 2) + offset), size])
    _, cell = np.unique(keys, axis=0, return_inverse=True)
    cell = cell.ravel()
    order = np.lexsort((-area, cell))
    starts = np.unique(cell[order], return_index=True)[1]
    hub = order[starts][cell]
    row = np.flatnonzero(hub != np.arange(len(shapes)))
    other = hub[row]
    met = shapely.relate_pattern(shapes[row], shapes[other], INTERIORS_MEET)
    row, other = row[met], other[met]
    shared = shapely.area(shapely.intersection(shapes[row], shapes[other]))
    upon = shared > least_share * np.minimum(area[row], area[other])
    return components(len(shapes), row[upon], other[upon])


def components(n: int, a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Give numbers to the groups that pairs connect, by their first member: (n,) numbers."""
    graph = coo_array((np.ones(len(a)), (a, b)), shape=(n, n))
    return connected_components(graph, directed=False)[1]


def union_groups(shapes: np.ndarray, group: np.ndarray) -> np.ndarray:
    """Union the shapes of each group, on the common precision."""
    order = np.argsort(group, kind="stable")
    starts = np.unique(group[order], return_index=True)[1]
    result = np.empty(len(starts), dtype=object)
    for number, members in enumerate(np.split(shapes[order], starts[1:])[: len(starts)]):
        one = len(members) == 1
        result[number] = members[0] if one else shapely.union_all(members, grid_size=PRECISION_M)
    return result
