"""The seams of a county: lines on which communities meet, with one set of vertices on both sides.

Blocks are cut in metres, community by community, and kept in degrees. Here their rim is laid on the
outline as it is kept: every vertex on it is one of the outline's, one that a neighbour has there
already, or a point of a straight piece of the outline; and every such vertex stands on both sides.
So all blocks together are one coverage, whatever metric system each community was computed in.
Pure; all coordinates in degrees, distances taken in metres on a plane about the place, on which
what is straight in degrees is straight too.
"""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import shapely
from pyproj import CRS
from scipy.spatial import cKDTree

from gis.geometry.borders import lone_segments, move_vertices, polygon_segments
from gis.geometry.healing import NARROW_GAP_M
from gis.geometry.local_plane import METRES_PER_DEGREE, Plane
from gis.geometry.spikes import SPIKE_M, without_spikes

COLLINEAR_DEGREES = 1e-10
"""A vertex no farther than this (0.01 mm) from a straight line was put into it by a neighbour."""

STRAIGHT_M = 5e-4
"""An outline straight in degrees strays no farther than this from its chords in metres."""

WELD_M = SPIKE_M
"""Vertices on a seam that lie closer together than this are one."""

ON_LINE_M = 1e-6
"""What lies no farther from a line than this lies on it: numbers in degrees go to 1e-9 m."""

FIT_M = 0.25
"""A rim this near to the outline is the outline; long edges of older blocks strayed by so much."""

_NARROW_GAP = NARROW_GAP_M / METRES_PER_DEGREE
"""A gap that counts as a fault, in degrees."""

Shapes = np.ndarray


def plain_outline(outline: shapely.Geometry) -> shapely.Geometry:
    """Take out the vertices that only neighbours need: those on straight lines.

    What blocks are built from does not change when a neighbour comes or cuts its ground anew.

    Examples
    --------
    >>> plain_outline(shapely.Polygon([(0, 0), (1, 0), (2, 0), (2, 2), (0, 2)])).wkt
    'POLYGON ((0 0, 2 0, 2 2, 0 2, 0 0))'
    """
    simple = shapely.simplify(outline, COLLINEAR_DEGREES, preserve_topology=True)
    return simple if shapely.is_valid(simple) else outline


def straight_outline(outline: shapely.Geometry, crs: CRS | None) -> shapely.Geometry:
    """Put vertices into long edges, so that they stay where they are in a metric system.

    Parameters
    ----------
    outline
        Polygon or multipolygon in degrees.
    crs
        The metric system it is going to be projected into.
    """
    parts = shapely.get_parts(outline)
    kind, xy, (rings, polygons) = shapely.to_ragged_array(parts)
    ends = np.stack([xy[:-1], xy[1:]], axis=1)
    middle = _projected(ends.mean(axis=1), crs)
    metric = _projected(xy, crs)
    strays_m = np.hypot(*(middle - (metric[:-1] + metric[1:]) / 2).T)
    strays_m[rings[1:-1] - 1] = 0.0
    pieces = np.ceil(np.sqrt(strays_m / STRAIGHT_M)).astype(int).clip(1)
    segment = np.repeat(np.arange(len(pieces)), pieces - 1)
    number = np.arange(len(segment)) - np.repeat(np.cumsum(pieces - 1) - (pieces - 1), pieces - 1)
    along = (number + 1) / pieces[segment]
    points = _along(ends[segment], along)
    parts = _with_inserted(parts, segment, along, points)
    return parts[0] if len(parts) == 1 else shapely.multipolygons(parts)


def _projected(xy: np.ndarray, crs: CRS | None) -> np.ndarray:
    points = gpd.GeoSeries(shapely.points(xy), crs=4326).to_crs(crs)
    return np.column_stack([points.x, points.y])


def _along(ends: np.ndarray, share: np.ndarray) -> np.ndarray:
    """Give points of segments, (s, 2, 2) ends; the same from whichever end it is looked at."""
    start, end = ends[:, 0], ends[:, 1]
    turn = (start[:, 0] > end[:, 0]) | ((start[:, 0] == end[:, 0]) & (start[:, 1] > end[:, 1]))
    low, high = np.where(turn[:, None], end, start), np.where(turn[:, None], start, end)
    share = np.where(turn, 1 - share, share)[:, None]
    return low + share * (high - low)


def settle(
    shapes: Shapes, outline: shapely.Geometry, known: np.ndarray, *, fit_m: float = FIT_M
) -> Shapes:
    """Lay the rim of blocks on the outline of their community.

    Parameters
    ----------
    shapes
        (n,) polygons that meet in equal vertices.
    outline
        What they cover, up to `fit_m`.
    known
        (k, 2) vertices that neighbours have on the outline.
    fit_m
        How far the rim may lie off the outline; what lies farther is left as it is.

    Returns
    -------
    (n,) polygons; their rim has every vertex of the outline and every known one. Where the outline
    cannot be followed without folding a block, it is followed with less welding, or not.

    Examples
    --------
    >>> blocks = shapely.box([0, 1e-4], 0, [1e-4, 2e-4], 1e-4)
    >>> outline = shapely.Polygon([(0, 0), (2e-4, 1e-10), (2e-4, 1e-4), (0, 1e-4)])
    >>> settled = settle(blocks, outline, np.array([(1.5e-4, 1e-4)]))
    >>> left_over = shapely.symmetric_difference(shapely.union_all(settled), outline)
    >>> left_over.area < 1e-22, shapely.get_num_coordinates(settled).tolist()
    (True, [5, 6])
    """
    shapes = np.asarray(shapes, dtype=object)
    if not len(shapes):
        return shapes
    shapes = _without_thorns(shapes)
    clean = not _broken(shapes)
    edges, _ = polygon_segments(np.array([outline], dtype=object))
    for weld_m in (WELD_M, ON_LINE_M):
        settled = _settle(shapes, edges, known.reshape(-1, 2), weld_m, fit_m)
        settled = _without_thorns(settled)
        if not clean or not _broken(settled):
            return settled
    return meet(shapes, known)


def _broken(shapes: Shapes) -> bool:
    return not (shapely.is_valid(shapes).all() and meets_everywhere(shapes))


def _without_thorns(shapes: Shapes) -> Shapes:
    """Take spikes out of polygons that do not meet their neighbours; these stay as they are.

    Where a border meets the rim a hair beside its chord, one polygon has a sliver along the chord
    up to the next corner. Laid on the outline, the sliver is a way there and back.

    Examples
    --------
    >>> west = shapely.Polygon([(0, 0), (1e-4, 0), (1e-4, 1e-4), (0, 1e-4)])
    >>> thorn = shapely.Polygon([(1e-4, 0), (2e-4, 0), (2e-4, 1e-4), (0, 1e-4), (1e-4, 1e-4)])
    >>> shapely.to_wkt(_without_thorns(np.array([west, thorn])))[1]
    'POLYGON ((0.0001 0, 0.0002 0, 0.0002 0.0001, 0.0001 0.0001, 0.0001 0))'
    """
    rows = np.flatnonzero(_unmet(shapes))
    bare = without_spikes(shapes[rows])
    gone = shapely.get_num_coordinates(bare) != shapely.get_num_coordinates(shapes[rows])
    if not gone.any():
        return shapes
    result = shapes.copy()
    result[rows] = bare
    return meet(result, np.unique(shapely.get_coordinates(bare[gone]), axis=0))


def _unmet(shapes: Shapes) -> np.ndarray:
    """Mark polygons in degrees that are broken or do not meet their neighbours everywhere."""
    edges = shapely.coverage_invalid_edges(shapes, gap_width=_NARROW_GAP)
    return ~shapely.is_valid(shapes) | ~shapely.is_empty(edges)


def meets_everywhere(shapes: Shapes) -> bool:
    """Tell whether polygons in degrees are a coverage without narrow gaps.

    Examples
    --------
    >>> south = shapely.box(0, 0, 4e-4, 2e-4)
    >>> north = shapely.Polygon([(0, 2e-4), (1e-4, 2e-4 + 1e-9), (4e-4, 2e-4), (4e-4, 4e-4)])
    >>> bool(shapely.coverage_is_valid([south, north])), meets_everywhere([south, north])
    (True, False)
    """
    return bool(shapely.coverage_is_valid(shapes, gap_width=_NARROW_GAP))


def _settle(
    shapes: Shapes, edges: np.ndarray, known: np.ndarray, weld_m: float, fit_m: float
) -> Shapes:
    corners = np.unique(edges.reshape(-1, 2), axis=0)
    rim = np.unique(lone_segments(shapes)[0].reshape(-1, 2), axis=0)
    moved = _seats(rim, edges, (known, corners), weld_m, fit_m)
    changed = (moved != rim).any(axis=1)
    shapes = move_vertices(shapes, rim[changed], moved[changed])
    return meet(meet(shapes, corners, within_m=weld_m), known)


def _seats(
    rim: np.ndarray,
    edges: np.ndarray,
    anchors: tuple[np.ndarray, ...],
    weld_m: float,
    fit_m: float,
) -> np.ndarray:
    """Give the place of each rim vertex: an anchor near by, else on the nearest edge.

    Of several sets of anchors the last has the last word; vertices that lie on an edge already
    are anchors before all of them.
    """
    plane = Plane(edges.reshape(-1, 2))
    lines, points = plane.lines(edges), plane.points(rim)
    (row, edge), distance = shapely.STRtree(lines).query_nearest(
        points, max_distance=fit_m, return_distance=True, all_matches=False
    )
    near = distance <= fit_m
    row, edge = row[near], edge[near]
    seats = rim.copy()
    share = shapely.line_locate_point(lines[edge], points[row], normalized=True)
    away = shapely.distance(lines[edge], points[row]) > ON_LINE_M / 10
    seats[row[away]] = _along(edges[edge[away]].reshape(-1, 2, 2), share[away])
    own = np.zeros(len(rim), dtype=bool)
    own[row[~away]] = True
    for places in (rim[own], *anchors):
        seats = _welded(seats, places, plane, weld_m)
    return seats


def _welded(seats: np.ndarray, anchors: np.ndarray, plane: Plane, weld_m: float) -> np.ndarray:
    """Put each place to the nearest anchor, where there is one near by."""
    if not len(anchors):
        return seats
    gap, anchor = cKDTree(plane(anchors)).query(plane(seats), distance_upper_bound=weld_m)
    found = np.isfinite(gap)
    seats = seats.copy()
    seats[found] = anchors[anchor[found]]
    return seats


def meet(shapes: Shapes, vertices: np.ndarray, *, within_m: float = ON_LINE_M) -> Shapes:
    """Put vertices into the rim of a coverage where they lie on it.

    Parameters
    ----------
    shapes
        (n,) polygons or multipolygons.
    vertices
        (k, 2) vertices; those that lie nowhere on the rim are passed over.
    within_m
        How far a vertex may lie off the rim; ends of its segments stand for what is nearer.

    Examples
    --------
    >>> shapely.to_wkt(meet(np.array([shapely.box(0, 0, 2, 2)]), np.array([(2.0, 1.0), (5, 5)])))
    array(['POLYGON ((2 0, 2 1, 2 2, 0 2, 0 0, 2 0))'], dtype=object)
    """
    shapes = np.asarray(shapes, dtype=object)
    ends, owners = lone_segments(shapes)
    if not len(ends) or not len(vertices):
        return shapes
    plane = Plane(ends.reshape(-1, 2))
    tree = shapely.STRtree(plane.points(vertices))
    near = tree.query(plane.lines(ends), predicate="dwithin", distance=within_m)
    touched = np.unique(owners[near[0]])
    result = shapes.copy()
    for row in touched.tolist():
        own = near[:, owners[near[0]] == row]
        result[row] = _met(
            shapes[row], ends[np.unique(own[0])], vertices[np.unique(own[1])], plane, within_m
        )
    return result


def _met(
    shape: shapely.Geometry,
    rim: np.ndarray,
    vertices: np.ndarray,
    plane: Plane,
    within_m: float,
) -> shapely.Geometry:
    """Put vertices into those segments of one shape that are on the rim."""
    parts = shapely.get_parts(shape)
    _, xy, _ = shapely.to_ragged_array(parts)
    ends = np.hstack([xy[:-1], xy[1:]])
    turned = np.hstack([xy[1:], xy[:-1]])
    on_rim = {e.tobytes() for e in rim}
    chosen = [s for s in range(len(ends)) if {ends[s].tobytes(), turned[s].tobytes()} & on_rim]
    segment = np.repeat(chosen, len(vertices)).astype(int)
    points = np.tile(vertices, (len(chosen), 1))
    start, end, at = plane(xy[segment]), plane(xy[segment + 1]), plane(points)
    way = end - start
    length2 = (way**2).sum(axis=1)
    along = ((at - start) * way).sum(axis=1) / np.where(length2 > 0, length2, 1)
    off_m = np.hypot(*(at - start - along[:, None] * way).T)
    new = (off_m <= within_m) & (along > 0) & (along < 1)
    new &= np.hypot(*(at - start).T) > within_m
    new &= np.hypot(*(at - end).T) > within_m
    if not new.any():
        return shape
    parts = _with_inserted(parts, segment[new], along[new], points[new])
    return parts[0] if shapely.get_type_id(shape) == 3 else shapely.multipolygons(parts)


def _with_inserted(
    parts: np.ndarray, segment: np.ndarray, along: np.ndarray, points: np.ndarray
) -> np.ndarray:
    """Put points into segments of polygons, numbered through all their rings, in order along."""
    kind, xy, (rings, polygons) = shapely.to_ragged_array(parts)
    order = np.lexsort((along, segment))
    segment, points = segment[order], points[order]
    added = np.concatenate([[0], np.cumsum(np.bincount(segment + 1, minlength=len(xy)))])
    offsets = rings + added[rings]
    xy = np.insert(xy, segment + 1, points, axis=0)
    return shapely.from_ragged_array(kind, xy, (offsets, polygons))


def node_outlines(new: Shapes, stored: Shapes) -> tuple[Shapes, Shapes]:
    """Let outlines that touch meet in equal corners; those that are stored do not move.

    Parameters
    ----------
    new
        (n,) outlines that come in. A corner within a millimetre of an earlier outline is put on
        it; the first rows are the earlier ones.
    stored
        (m,) outlines there already. They get corners on their straight lines only.

    Examples
    --------
    >>> west, east = shapely.box(0, 0, 1, 2), shapely.box(1 + 1e-9, 0, 2, 1)
    >>> new, stored = node_outlines(np.array([east]), np.array([west]))
    >>> bool(shapely.coverage_is_valid([*new, *stored]))
    True
    >>> shapely.get_num_coordinates(stored).tolist()
    [6]
    """
    shapes = np.concatenate([stored, new]).astype(object)
    for row in range(len(stored), len(shapes)):
        earlier = _near(shapes[row], shapes[:row])
        if len(earlier):
            edges, _ = polygon_segments(shapes[earlier])
            nothing = np.empty((0, 2))
            seated = _settle(shapes[[row]], edges, nothing, WELD_M, WELD_M)
            if not _broken(seated):
                shapes[row] = seated[0]
            corners = np.unique(shapely.get_coordinates(shapes[row]), axis=0)
            shapes[earlier] = meet(shapes[earlier], corners)
    near = [_near(shape, shapes[: len(stored)]) for shape in shapes[len(stored) :]]
    among = np.unique(np.concatenate([*near, np.arange(len(stored), len(shapes))])).astype(int)
    if _broken(shapes[among]):
        shapes[among] = _noded_together(shapes[among], stored[among[among < len(stored)]])
    return shapes[len(stored) :], shapes[: len(stored)]


def _near(shape: shapely.Geometry, others: Shapes) -> np.ndarray:
    """Give the rows of outlines that one touches, or nearly so."""
    reach = 2 * WELD_M / METRES_PER_DEGREE
    return shapely.STRtree(others).query(shape, predicate="dwithin", distance=reach)


def _noded_together(shapes: Shapes, stored: Shapes) -> Shapes:
    """Node outlines that welding one by one leaves folded; the first rows are those stored.

    Where lines run beside one another nearer than welding reaches, corners come to lie on either
    side of them. Ground that both hold is left to the earlier outline; what neither does stays
    open where a stored one might get it.
    """
    gap = 0.0 if len(stored) else WELD_M / METRES_PER_DEGREE
    snap = ON_LINE_M / METRES_PER_DEGREE / 2
    noded = shapely.coverage_clean(
        shapes, gap_width=gap, snapping_distance=snap, merge_strategy="min_index"
    )
    corners = np.unique(shapely.get_coordinates(stored), axis=0)
    if not len(corners):
        return noded
    now = np.unique(shapely.get_coordinates(noded), axis=0)
    seats = _welded(now, corners, Plane(now), ON_LINE_M)
    moved = (seats != now).any(axis=1)
    exact = move_vertices(noded, now[moved], seats[moved])
    return noded if _broken(exact) else exact


def vertices_on(outline: shapely.Geometry, shapes: Shapes) -> np.ndarray:
    """Give the vertices of shapes that lie on an outline: (k, 2), each once."""
    xy = np.unique(shapely.get_coordinates(np.asarray(shapes, dtype=object)), axis=0)
    ends, _ = polygon_segments(np.array([outline], dtype=object))
    plane = Plane(xy)
    row, _ = shapely.STRtree(plane.lines(ends)).query(
        plane.points(xy), predicate="dwithin", distance=ON_LINE_M
    )
    return xy[np.unique(row)]
