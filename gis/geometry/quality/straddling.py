"""Grids that a river, a railway or a motorway runs through, and those that it tears apart."""

from __future__ import annotations

import numpy as np
import pandas as pd
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from gis.geometry.quality.barriers import (
    BARRIER_KINDS,
    BARRIER_REACH_M,
    CROSSING_KINDS,
    STRONG_KINDS,
    BarrierPieces,
)

DEEP_M = 15.0
"""A barrier that never comes deeper into a grid than this runs along its border (second track)."""

JOIN_M = 10.0
"""A way that meets a barrier joins the ground this near to the meeting point."""

KNIFE_M = 0.05
TRACE_SHARE = 0.01
"""A side that holds less than this share of a grid's weight does not count as a side."""


def measure_straddling(
    ground: np.ndarray,
    barriers: BarrierPieces | None,
    spots: np.ndarray,
    row: np.ndarray,
    weight: np.ndarray,
) -> pd.DataFrame:
    """Measure what of the strong barriers runs inside each grid, and whom it cuts off.

    Parameters
    ----------
    ground
        (g,) grids.
    barriers
        All barriers in pieces.
    spots, row, weight
        (n,) an inner point of each block, the row of its grid, its weight.

    Returns
    -------
    straddling
        One row per grid: straddled_m, straddled_kind ('' for none), straddles, cut_off.
    """
    table = pd.DataFrame({"straddled_m": np.zeros(len(ground))})
    table["straddled_kind"], table["straddles"], table["cut_off"] = "", False, 0.0
    if barriers is None or not len(ground):
        return table
    kind, lines = barriers.lines_of(STRONG_KINDS)
    if not len(lines):
        return table
    inside = _inside_m(ground, kind, lines)
    table["straddled_m"] = inside.sum(axis=1)
    names = np.array(BARRIER_KINDS, dtype=object)
    table["straddled_kind"] = np.where(inside.any(axis=1), names[inside.argmax(axis=1)], "")
    _, ways = barriers.lines_of(CROSSING_KINDS)
    tree, meetings = shapely.STRtree(lines), _meeting_points(lines, ways)
    near = shapely.STRtree(meetings)
    for grid in np.flatnonzero(inside.any(axis=1)):
        reach = shapely.buffer(ground[grid], JOIN_M)
        knife = lines[tree.query(reach, predicate="intersects")]
        joints = meetings[near.query(reach, predicate="intersects")]
        mine = row == grid
        cut_off = _cut_off(ground[grid], knife, joints, spots[mine], weight[mine])
        table.loc[grid, ["straddles", "cut_off"]] = cut_off > 0, cut_off
    return table


def _inside_m(ground: np.ndarray, kind: np.ndarray, lines: np.ndarray) -> np.ndarray:
    """Measure the metres of each kind inside each grid: (grids, kinds).

    What runs along the border does not count, nor what never comes deep into the grid.
    """
    metres = np.zeros((len(ground), len(BARRIER_KINDS)))
    grid, line = shapely.STRtree(lines).query(ground, predicate="intersects")
    if not len(grid):
        return metres
    key, group = np.unique(grid * len(BARRIER_KINDS) + kind[line], return_inverse=True)
    order = np.argsort(group, kind="stable")
    bundle = shapely.multilinestrings(lines[line[order]], indices=group[order].astype(np.intp))
    home = key // len(BARRIER_KINDS)
    within = shapely.intersection(bundle, shapely.buffer(ground, -BARRIER_REACH_M)[home])
    parts, owner = shapely.get_parts(shapely.line_merge(within), return_index=True)
    deep = shapely.intersects(parts, shapely.buffer(ground, -DEEP_M)[home[owner]])
    sums = np.bincount(owner[deep], shapely.length(parts[deep]), len(key))
    metres[home, key % len(BARRIER_KINDS)] = sums
    return metres


def _meeting_points(lines: np.ndarray, ways: np.ndarray) -> np.ndarray:
    """Find where ways meet strong barriers: bridges, underpasses, level crossings."""
    if not len(ways):
        return np.zeros(0, dtype=object)
    way, line = shapely.STRtree(lines).query(ways, predicate="intersects")
    return shapely.centroid(shapely.intersection(ways[way], lines[line]))


def _cut_off(
    ground: shapely.Geometry,
    knife: np.ndarray,
    joints: np.ndarray,
    spots: np.ndarray,
    weight: np.ndarray,
) -> float:
    """Give the weight that lies on other sides than the heaviest, in any piece of the ground."""
    blade = shapely.buffer(shapely.union_all(knife), KNIFE_M)
    pieces = shapely.get_parts(ground)
    home = shapely.STRtree(pieces).nearest(spots)
    total, cut_off = weight.sum(), 0.0
    for number, piece in enumerate(pieces):
        sides = shapely.get_parts(shapely.difference(piece, blade))
        mine = home == number
        if len(sides) < 2 or not mine.any():
            continue
        label = _joined(sides, joints)
        by_side = np.bincount(
            label[shapely.STRtree(sides).nearest(spots[mine])], weight[mine], label.max() + 1
        )
        counts = by_side[(by_side > 0) & (by_side >= TRACE_SHARE * total)]
        cut_off += counts.sum() - counts.max(initial=0.0)
    return float(cut_off)


def _joined(sides: np.ndarray, joints: np.ndarray) -> np.ndarray:
    """Give one number to all sides that a way leads between: (sides,)."""
    joint, side = shapely.STRtree(sides).query(joints, predicate="dwithin", distance=JOIN_M)
    order = np.lexsort((side, joint))
    joint, side = joint[order], side[order]
    chain = joint[1:] == joint[:-1]
    links = (np.ones(chain.sum()), (side[:-1][chain], side[1:][chain]))
    return connected_components(coo_array(links, shape=(len(sides),) * 2), directed=False)[1]
