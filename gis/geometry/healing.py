"""Make polygons that nearly meet into a valid coverage: equal vertices on both sides. Pure."""

from __future__ import annotations

import numpy as np
import shapely

from gis.geometry.borders import match_vertices, shared_lengths
from gis.geometry.clean import SNAP_REACH_M
from gis.geometry.enclosures import faces_within, node
from gis.geometry.merging import connected_labels, dissolve, merge_into_neighbours


def heal_coverage(polygons: np.ndarray, ground: shapely.Geometry) -> np.ndarray:
    """Give neighbours equal vertices, so that they form a valid coverage of the ground.

    Missing vertices are put in where they are missing; in the rare case that this is not enough
    (three borders that meet within a tenth of a millimetre), all borders are noded anew.

    Parameters
    ----------
    polygons
        (n,) polygons that cover the ground up to the common precision.
    ground
        What they cover.

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
    matched = match_vertices(polygons, within_m=SNAP_REACH_M)
    if shapely.coverage_is_valid(matched) and shapely.is_valid(matched).all():
        return matched
    return renode(polygons, ground)


def renode(polygons: np.ndarray, ground: shapely.Geometry) -> np.ndarray:
    """Draw all borders anew and give each face to the polygon it lies in: (n,) polygons."""
    faces = faces_within(node(shapely.boundary(polygons)), ground)
    owner = smallest_match(shapely.point_on_surface(faces), polygons)
    gap = owner < 0
    owner[gap] = shapely.STRtree(polygons).nearest(faces[gap])
    edges, _ = shared_lengths(faces)
    part = connected_labels(owner, edges)
    shapes, names = dissolve(faces, part)
    owner = owner[np.unique(part, return_index=True)[1]]
    scraps = ~largest_of_each(shapely.area(shapes), owner)
    if scraps.any():
        edges, length_m = shared_lengths(shapes)
        target = merge_into_neighbours(shapely.area(shapes), edges, length_m, scraps)
        shapes, names = dissolve(shapes, target)
        owner = owner[names]
    result = np.array(polygons, dtype=object)
    result[owner] = shapes
    return result


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
