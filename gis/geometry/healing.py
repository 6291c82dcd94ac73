"""Make polygons that nearly meet into a valid coverage: equal vertices on both sides. Pure."""

from __future__ import annotations

import numpy as np
import shapely

from gis.geometry.borders import match_vertices, shared_lengths
from gis.geometry.clean import SNAP_REACH_M
from gis.geometry.enclosures import faces_within, node
from gis.geometry.merging import connected_labels, dissolve, merge_into_neighbours

NARROW_GAP_M = 2e-3
"""Ground that nobody holds between polygons and that is narrower than this is a fault of rounding:
an edge that is straight in degrees strays from its chord by less."""

MOST_ROUNDS = 4
"""Borders noded anew may ask for vertices in further neighbours; after this, all are noded."""


def heal_coverage(
    polygons: np.ndarray, ground: shapely.Geometry, *, rows: np.ndarray | None = None
) -> np.ndarray:
    """Give neighbours equal vertices, so that they form a valid coverage of the ground.

    Missing vertices are put in where they are missing; in the rare case that this is not enough
    (three borders that meet within a tenth of a millimetre), the borders there are noded anew.

    Parameters
    ----------
    polygons
        (n,) polygons that cover the ground up to the common precision.
    ground
        What they cover.
    rows
        The polygons that may not meet their neighbours; all of them when None. Others are known
        to be a valid coverage and are touched only where they border on these.

    Returns
    -------
    (n,) polygons in the same order.

    Examples
    --------
    >>> pair = shapely.from_wkt(["POLYGON ((0 0, 2 0, 2 2, 0 2, 0 0))",
    ...     "POLYGON ((2 0, 4 0, 4 2, 2 2, 2 1, 2 0))"])
    >>> shapely.get_num_coordinates(heal_coverage(pair, shapely.box(0, 0, 4, 2))).tolist()
    [6, 6]
    """
    healed = np.array(polygons, dtype=object)
    near = np.arange(len(healed)) if rows is None else with_neighbours(healed, rows)
    if not len(near):
        return healed
    for _ in range(MOST_ROUNDS):
        healed[near] = match_vertices(healed[near], within_m=SNAP_REACH_M)
        broken = near[unmatched(healed[near])]
        if not len(broken):
            return healed
        healed = renode(healed, ground, rows=with_neighbours(healed, broken))
    return renode(polygons, ground)


def with_neighbours(polygons: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """Give the rows of some polygons and of all that touch them, ascending."""
    tree = shapely.STRtree(polygons)
    _, near = tree.query(polygons[rows], predicate="dwithin", distance=2 * SNAP_REACH_M)
    return np.union1d(rows, near)


def unmatched(polygons: np.ndarray) -> np.ndarray:
    """Mark the polygons that are invalid or do not meet their neighbours in equal vertices.

    A vertex of one side that lies beside the line of the other leaves a narrow gap, which counts.

    Examples
    --------
    >>> unmatched(np.array([shapely.box(0, 0, 2, 2), shapely.box(1, 0, 4, 2),
    ...     shapely.box(9, 0, 10, 2)])).tolist()
    [True, True, False]
    >>> beside = shapely.Polygon([(0, 2), (1, 2 + 2e-4), (4, 2), (4, 4), (0, 4)])
    >>> unmatched(np.array([shapely.box(0, 0, 4, 2), beside])).tolist()
    [True, True]
    """
    broken = ~shapely.is_valid(polygons)
    edges = shapely.coverage_invalid_edges(polygons, gap_width=NARROW_GAP_M)
    return broken | ~shapely.is_empty(edges)


def renode(
    polygons: np.ndarray, ground: shapely.Geometry, *, rows: np.ndarray | None = None
) -> np.ndarray:
    """Draw borders anew and give each face to the polygon it lies in: (n,) polygons.

    With ``rows``, only the borders of these polygons are drawn anew.
    """
    rows = np.arange(len(polygons)) if rows is None else rows
    chosen = polygons[rows]
    faces = faces_within(node(shapely.boundary(chosen)), ground)
    inner = shapely.point_on_surface(faces)
    owner = smallest_match(inner, chosen)
    gap = owner < 0
    elsewhere = np.zeros(len(faces), dtype=bool)
    elsewhere[gap] = smallest_match(inner[gap], polygons) >= 0
    owner[gap] = shapely.STRtree(chosen).nearest(faces[gap])
    shapes, owner = _largest_with_scraps(faces[~elsewhere], owner[~elsewhere])
    result = np.array(polygons, dtype=object)
    result[rows[owner]] = shapes
    return result


def _largest_with_scraps(faces: np.ndarray, owner: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Join the faces of each owner; parts off its largest go to the neighbour they border most."""
    edges, _ = shared_lengths(faces)
    part = connected_labels(owner, edges)
    shapes, _ = dissolve(faces, part)
    owner = owner[np.unique(part, return_index=True)[1]]
    scraps = ~largest_of_each(shapely.area(shapes), owner)
    if scraps.any():
        edges, length_m = shared_lengths(shapes)
        target = merge_into_neighbours(shapely.area(shapes), edges, length_m, scraps)
        shapes, names = dissolve(shapes, target)
        owner = owner[names]
    return shapes, owner


def smallest_match(points: np.ndarray, polygons: np.ndarray) -> np.ndarray:
    """Give the smallest row of the polygons that hold each point, -1 where none does."""
    point, polygon = shapely.STRtree(polygons).query(points, predicate="intersects")
    match = np.full(len(points), len(polygons))
    np.minimum.at(match, point, polygon)
    return np.where(match < len(polygons), match, -1)


def largest_of_each(area: np.ndarray, owner: np.ndarray) -> np.ndarray:
    """Mark the largest part of each owner.

    Examples
    --------
    >>> largest_of_each(np.array([1.0, 3.0, 2.0]), np.array([5, 5, 7])).tolist()
    [False, True, True]
    """
    order = np.lexsort((-area, owner))
    marked = np.zeros(len(area), dtype=bool)
    marked[order[np.unique(owner[order], return_index=True)[1]]] = True
    return marked
