"""The parts of one building, linked so that they stay in one block. Pure, in metres.

A building of several outlines (two wings over a road, a bridge left out) is one building: a strip
between its parts makes one shape of them, which a barrier bends around as around any other.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely

FARTHEST_PARTS_M = 60.0
"""Parts farther from one another than this are taken for buildings of their own."""

STRIP_M = 1.0
"""Width of the strip of ground that links two parts."""


@dataclass(frozen=True)
class Links:
    """Strips between parts of buildings.

    Parameters
    ----------
    strips
        (k,) polygons that reach into both parts.
    one, other
        (k,) rows of the parts each links.
    """

    strips: np.ndarray
    one: np.ndarray
    other: np.ndarray


def link_parts(parts: np.ndarray, owner: np.ndarray) -> Links:
    """Link the parts of each building, nearest first, with as few strips as may be.

    Parameters
    ----------
    parts
        (p,) polygons.
    owner
        (p,) number of the building each belongs to.

    Examples
    --------
    >>> wings = np.array([shapely.box(0, 0, 9, 9), shapely.box(0, 19, 9, 30),
    ...     shapely.box(0, 200, 9, 209), shapely.box(50, 0, 59, 9)])
    >>> found = link_parts(wings, np.array([0, 0, 0, 1]))
    >>> found.one.tolist(), found.other.tolist(), shapely.area(found.strips).tolist()
    ([0], [1], [11.0])
    """
    one, other = _pairs(parts, owner)
    if not len(one):
        return Links(np.array([], dtype=object), one, other)
    lines = shapely.shortest_line(parts[one], parts[other])
    far = shapely.length(lines) > 0
    one, other, lines = one[far], other[far], lines[far]
    strips = shapely.buffer(lines, STRIP_M / 2, cap_style="square")
    return Links(strips, one, other)


def _pairs(parts: np.ndarray, owner: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Give the pairs of parts to link: of each building a tree of the shortest ways."""
    none = np.array([], dtype=int)
    several = np.flatnonzero(np.bincount(owner, minlength=1)[owner] > 1) if len(owner) else none
    if not len(several):
        return none, none
    a, b = shapely.STRtree(parts[several]).query(
        parts[several], predicate="dwithin", distance=FARTHEST_PARTS_M
    )
    a, b = several[a], several[b]
    kept = (a < b) & (owner[a] == owner[b])
    a, b = a[kept], b[kept]
    return _shortest_tree(a, b, shapely.distance(parts[a], parts[b]))


def _shortest_tree(
    a: np.ndarray, b: np.ndarray, distance_m: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Keep of the pairs those that connect what is not yet connected, the nearest first."""
    root: dict[int, int] = {}

    def find(node: int) -> int:
        while (above := root.get(node, node)) != node:
            node = above
        return node

    kept = []
    for i in np.lexsort((b, a, distance_m)).tolist():
        first, second = find(int(a[i])), find(int(b[i]))
        if first != second:
            root[max(first, second)] = min(first, second)
            kept.append(i)
    return a[kept], b[kept]
