"""The border segments of polygons, and which of them two polygons share.

Polygons of a coverage meet in equal vertices, so shared borders are found by sorting segments,
not by intersecting pairs: n segments cost one sort. Pure; coordinates in metres.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree


@dataclass(frozen=True)
class SharedSegments:
    """Segments that lie between two polygons.

    Parameters
    ----------
    left, right
        (s,) rows of the two polygons, left < right.
    ends
        (s, 4) x and y of both ends.
    """

    left: np.ndarray
    right: np.ndarray
    ends: np.ndarray

    @property
    def length_m(self) -> np.ndarray:
        """(s,) lengths."""
        return np.hypot(self.ends[:, 2] - self.ends[:, 0], self.ends[:, 3] - self.ends[:, 1])


def polygon_segments(polygons: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """List every segment of every ring.

    Returns
    -------
    ends, owners
        (s, 4) x and y of the ends, smaller end first, and (s,) rows of the polygons.
    """
    parts, part_owner = shapely.get_parts(np.asarray(polygons, dtype=object), return_index=True)
    rings, ring_part = shapely.get_rings(parts, return_index=True)
    xy, ring = shapely.get_coordinates(rings, return_index=True)
    same_ring = ring[1:] == ring[:-1]
    start, end = xy[:-1][same_ring], xy[1:][same_ring]
    owners = part_owner[ring_part[ring[1:][same_ring]]]
    swap = (start[:, 0] > end[:, 0]) | ((start[:, 0] == end[:, 0]) & (start[:, 1] > end[:, 1]))
    ends = np.where(swap[:, None], np.hstack([end, start]), np.hstack([start, end]))
    return ends, owners


def _fingerprints(ends: np.ndarray) -> np.ndarray:
    """Mix the four coordinates of each segment into one 64-bit number."""
    bits = np.ascontiguousarray(ends + 0.0).view(np.uint64)
    mixed = np.zeros(len(bits), dtype=np.uint64)
    for column in range(4):
        mixed ^= bits[:, column]
        mixed *= np.uint64(0x9E3779B97F4A7C15)
        mixed ^= mixed >> np.uint64(29)
        mixed *= np.uint64(0xBF58476D1CE4E5B9)
        mixed ^= mixed >> np.uint64(32)
    return mixed


def shared_segments(polygons: np.ndarray) -> SharedSegments:
    """Find the segments that two polygons of a coverage have in common.

    A segment met by three polygons or more (an overlap) is given for neighbours in sorting order.

    Examples
    --------
    >>> found = shared_segments([shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1)])
    >>> found.left.tolist(), found.right.tolist(), found.length_m.tolist()
    ([0], [1], [1.0])
    """
    ends, owners = polygon_segments(polygons)
    prints = _fingerprints(ends)
    order = np.lexsort((owners, prints))
    first, second = order[:-1], order[1:]
    equal = (prints[first] == prints[second]) & (owners[first] != owners[second])
    first, second = first[equal], second[equal]
    same = (ends[first] == ends[second]).all(axis=1)
    return SharedSegments(owners[first[same]], owners[second[same]], ends[first[same]])


def lone_segments(polygons: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """List the segments that belong to one polygon only: (s, 4) ends and (s,) owners."""
    ends, owners = polygon_segments(polygons)
    prints = _fingerprints(ends)
    _, inverse, counts = np.unique(prints, return_inverse=True, return_counts=True)
    alone = counts[inverse] == 1
    return ends[alone], owners[alone]


def shared_lengths(polygons: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Add the shared segments up by pair.

    Returns
    -------
    edges, length_m
        (m, 2) rows of the pairs, sorted, and (m,) metres of border between them.
    """
    found = shared_segments(polygons)
    return sum_by_pair(found.left, found.right, found.length_m)


def sum_by_pair(
    left: np.ndarray, right: np.ndarray, values: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Sum values over equal pairs (left < right): (m, 2) sorted pairs and (m,) sums."""
    edges, inverse = pair_index(left, right)
    return edges, np.bincount(inverse, weights=values, minlength=len(edges))


def pair_index(left: np.ndarray, right: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Give numbers to distinct pairs: (m, 2) sorted pairs, and each input pair's number."""
    width = int(max(right.max(initial=0), left.max(initial=0))) + 1
    keys, inverse = np.unique(left.astype(np.int64) * width + right, return_inverse=True)
    return np.column_stack([keys // width, keys % width]), inverse


def match_vertices(polygons: np.ndarray, *, within_m: float) -> np.ndarray:
    """Give neighbours equal vertices: a vertex of one becomes a vertex of the border it lies on.

    Parameters
    ----------
    polygons
        (n,) polygons that meet, but whose vertices may be missing on the other side.
    within_m
        How far a vertex may lie off the border it is put into.

    Examples
    --------
    >>> left, right = shapely.from_wkt(["POLYGON ((0 0, 2 0, 2 2, 0 2, 0 0))",
    ...     "POLYGON ((2 0, 4 0, 4 2, 2 2, 2 1, 2 0))"])
    >>> shapely.get_num_coordinates(match_vertices([left, right], within_m=0.001)).tolist()
    [6, 6]
    """
    polygons = np.asarray(polygons, dtype=object)
    ends, owners = lone_segments(polygons)
    touched = np.unique(owners)
    if not len(touched):
        return polygons
    vertices = shapely.points(np.unique(ends.reshape(-1, 2), axis=0))
    result = polygons.copy()
    result[touched] = _insert_vertices(polygons[touched], vertices, within_m)
    return weld_vertices(result, within_m=2 * within_m)


def weld_vertices(polygons: np.ndarray, *, within_m: float) -> np.ndarray:
    """Make one vertex of those that lie closer together than `within_m`, in all polygons alike.

    Examples
    --------
    >>> left, right = shapely.from_wkt(["POLYGON ((0 0, 2 0, 2 0.001, 2 2, 0 2, 0 0))",
    ...     "POLYGON ((2 0.001, 4 0, 4 2, 2 2, 2 0.001))"])
    >>> shapely.to_wkt(weld_vertices([left, right], within_m=0.002)).tolist()
    ['POLYGON ((0 0, 2 0, 2 2, 0 2, 0 0))', 'POLYGON ((2 0, 4 0, 4 2, 2 2, 2 0))']
    """
    kind, xy, offsets = shapely.to_ragged_array(np.asarray(polygons, dtype=object))
    places, place = np.unique(xy, axis=0, return_inverse=True)
    pairs = cKDTree(places).query_pairs(within_m, output_type="ndarray")
    if not len(pairs):
        return np.asarray(polygons, dtype=object)
    links = coo_array((np.ones(len(pairs)), pairs.T), shape=(len(places), len(places)))
    group = connected_components(links, directed=False)[1]
    first = np.unique(group, return_index=True)[1]
    welded = places[first[group[place.ravel()]]]
    return shapely.remove_repeated_points(shapely.from_ragged_array(kind, welded, offsets))


def move_vertices(polygons: np.ndarray, before: np.ndarray, after: np.ndarray) -> np.ndarray:
    """Put other coordinates for some vertices, in all polygons alike.

    Parameters
    ----------
    polygons
        (n,) polygons or multipolygons.
    before, after
        (k, 2) coordinates as they are, and as they shall be.

    Examples
    --------
    >>> moved = move_vertices([shapely.box(0, 0, 2, 2)], np.array([(2.0, 2.0)]), np.array([(3, 3)]))
    >>> shapely.to_wkt(moved).tolist()
    ['POLYGON ((2 0, 3 3, 0 2, 0 0, 2 0))']
    """
    polygons = np.asarray(polygons, dtype=object)
    if not len(before):
        return polygons
    xy, owner = shapely.get_coordinates(polygons, return_index=True)
    _, code = np.unique(np.concatenate([before, xy]), axis=0, return_inverse=True)
    code = code.ravel()
    row_of = np.full(code.max() + 1, -1)
    row_of[code[: len(before)]] = np.arange(len(before))
    hit = row_of[code[len(before) :]]
    touched = np.unique(owner[hit >= 0])
    inside = np.isin(owner, touched)
    xy, hit = xy[inside], hit[inside]
    xy[hit >= 0] = after[hit[hit >= 0]]
    result = polygons.copy()
    result[touched] = shapely.remove_repeated_points(shapely.set_coordinates(polygons[touched], xy))
    return result


def _insert_vertices(polygons: np.ndarray, vertices: np.ndarray, within_m: float) -> np.ndarray:
    """Put vertices into all segments they lie on, in order along the segment."""
    kind, xy, (ring_offsets, part_offsets) = shapely.to_ragged_array(polygons)
    lines = shapely.linestrings(np.stack([xy[:-1], xy[1:]], axis=1))
    lines[ring_offsets[1:-1] - 1] = None
    tree = shapely.STRtree(vertices)
    segment, vertex = tree.query(lines, predicate="dwithin", distance=within_m)
    points = shapely.get_coordinates(vertices)[vertex]
    direction = xy[segment + 1] - xy[segment]
    along = ((points - xy[segment]) * direction).sum(axis=1) / (direction**2).sum(axis=1)
    new = ~((points == xy[segment]).all(axis=1) | (points == xy[segment + 1]).all(axis=1))
    new &= (along > 0) & (along < 1)
    order = np.lexsort((along[new], segment[new]))
    segment, points = segment[new][order], points[new][order]
    added = np.concatenate([[0], np.cumsum(np.bincount(segment + 1, minlength=len(xy)))])
    offsets = ring_offsets + added[ring_offsets]
    return shapely.from_ragged_array(
        kind, np.insert(xy, segment + 1, points, axis=0), (offsets, part_offsets)
    )
