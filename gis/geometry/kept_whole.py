"""Which buildings lie across a line that parts blocks, and so were kept whole against it. Pure.

Blocks never cut a building: the road, or the edge of the compound, gives way there. Whoever drew
the building or the line may be mistaken, so it is told. In metres.
"""

from __future__ import annotations

import numpy as np
import shapely

from gis.geometry.clean import PRECISION_M, polygon_parts
from gis.geometry.coverage import LARGEST_CUT_SHARE
from gis.geometry.linking import link_parts


def find_kept_whole(
    buildings: np.ndarray, barriers: np.ndarray, compounds: np.ndarray
) -> np.ndarray:
    """Find the buildings that a barrier or the edge of a compound would have cut.

    Parameters
    ----------
    buildings, compounds
        (n,) and (c,) polygons; a building of several parts may have a barrier between them.
    barriers
        (b,) lines; polygons count as their outline. Lines that end inside a building cut nothing.

    Returns
    -------
    (k,) rows of the buildings, ascending.

    Examples
    --------
    >>> houses = np.array([shapely.box(0, 0, 10, 10), shapely.box(20, 0, 30, 10)])
    >>> road = np.array([shapely.LineString([(5, -9), (5, 19)])])
    >>> find_kept_whole(houses, road, np.array([])).tolist()
    [0]
    """
    buildings = np.asarray(buildings, dtype=object)
    lines = _lines(np.asarray(barriers, dtype=object))
    parts, owner = polygon_parts(buildings)
    found = [
        owner[_cut_by_lines(parts, lines)],
        owner[_cut_by_edges(parts, np.asarray(compounds, dtype=object))],
        owner[_parted(parts, owner, lines)],
    ]
    return np.unique(np.concatenate(found)).astype(int)


def _lines(barriers: np.ndarray) -> np.ndarray:
    flat = shapely.get_dimensions(barriers) == 2
    return shapely.get_parts(np.where(flat, shapely.boundary(barriers), barriers))


def _cut_by_lines(parts: np.ndarray, lines: np.ndarray) -> np.ndarray:
    """Give the rows of polygons of which lines part more than a scrap."""
    if not len(lines) or not len(parts):
        return np.array([], dtype=int)
    row, line = shapely.STRtree(lines).query(parts, predicate="intersects")
    cut = []
    for part in np.unique(row).tolist():
        network = shapely.union_all(
            [shapely.boundary(parts[part]), *lines[line[row == part]]], grid_size=PRECISION_M
        )
        faces = shapely.get_parts(shapely.polygonize(shapely.get_parts(network)))
        inside = shapely.intersects(parts[part], shapely.point_on_surface(faces))
        largest = shapely.area(faces[inside]).max(initial=0)
        if largest < (1 - LARGEST_CUT_SHARE) * shapely.area(parts[part]):
            cut.append(part)
    return np.array(cut, dtype=int)


def _cut_by_edges(parts: np.ndarray, compounds: np.ndarray) -> np.ndarray:
    """Give the rows of polygons of which more than a scrap lies on either side of an edge."""
    if not len(compounds) or not len(parts):
        return np.array([], dtype=int)
    row, compound = shapely.STRtree(compounds).query(parts, predicate="intersects")
    inside = shapely.area(shapely.intersection(parts[row], compounds[compound]))
    share = inside / shapely.area(parts[row])
    return row[(share > LARGEST_CUT_SHARE) & (share < 1 - LARGEST_CUT_SHARE)]


def _parted(parts: np.ndarray, owner: np.ndarray, lines: np.ndarray) -> np.ndarray:
    """Give a row of each pair of parts of one building that has a line between them."""
    links = link_parts(parts, owner)
    if not len(lines) or not len(links.one):
        return np.array([], dtype=int)
    ways = shapely.shortest_line(parts[links.one], parts[links.other])
    return links.one[np.unique(shapely.STRtree(lines).query(ways, predicate="intersects")[0])]
