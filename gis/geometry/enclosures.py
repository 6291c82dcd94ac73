"""Cut the ground of a community into enclosures: what its barriers close off. Pure, in metres.

The barriers and the boundary are noded on one raster, dangling ends are lengthened to the next
line, the faces between them are the enclosures. Faces that are artefacts of drawing (roundabouts,
the strip between two carriageways) and hold no building are merged over their longest border.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import shapely

from gis.geometry.borders import shared_lengths
from gis.geometry.clean import PRECISION_M
from gis.geometry.merging import dissolve, merge_into_neighbours

LONGEST_EXTENSION_M = 15.0
SMALLEST_ENCLOSURE_M2 = 500.0
NARROWEST_ENCLOSURE_M = 10.0
LARGEST_STRIP_M2 = 20_000.0
OVERSHOOT_M = 0.01


@dataclass(frozen=True)
class Enclosures:
    """The enclosures of one community.

    Parameters
    ----------
    polygons
        (n,) polygons; a valid coverage of the boundary.
    n_dangles, dangle_length_m
        Barrier pieces that close nothing off, after lengthening: they cost, but do not cut.
    """

    polygons: np.ndarray
    n_dangles: int
    dangle_length_m: float


def build_enclosures(
    boundary: shapely.Geometry,
    barriers: np.ndarray,
    *,
    occupied: Callable[[np.ndarray], np.ndarray] | None = None,
) -> Enclosures:
    """Cut a boundary into enclosures along barriers.

    Parameters
    ----------
    boundary
        Polygon or multipolygon in metres; parts may lie apart and have holes.
    barriers
        (b,) lines; polygons count as their outline.
    occupied
        Tells for (n,) polygons which hold a building; those are never merged away as artefacts.

    Examples
    --------
    >>> found = build_enclosures(
    ...     shapely.box(0, 0, 100, 100), [shapely.LineString([(50, 0), (50, 90)])])
    >>> sorted(shapely.area(found.polygons).tolist()), found.n_dangles
    ([5000.0, 5000.0], 0)
    """
    lines = barrier_lines(boundary, barriers)
    network = node([shapely.boundary(boundary), *lines])
    network = node([*network, *dangle_extensions(network)])
    _, cuts, dangles, _ = shapely.polygonize_full(network)
    faces = faces_within(network, boundary)
    left_m = shapely.length(np.concatenate([shapely.get_parts(cuts), shapely.get_parts(dangles)]))
    left_m = left_m[left_m > 2 * OVERSHOOT_M]
    return Enclosures(merge_artefacts(faces, occupied), len(left_m), float(left_m.sum()))


def barrier_lines(boundary: shapely.Geometry, barriers: np.ndarray) -> np.ndarray:
    """Give the barriers as single lines, as far as they reach into the boundary."""
    barriers = shapely.force_2d(np.asarray(barriers, dtype=object))
    flat = shapely.get_dimensions(barriers) == 2
    lines = np.where(flat, shapely.boundary(barriers), barriers)
    shapely.prepare(boundary)
    lines = lines[shapely.intersects(boundary, lines)]
    lines = shapely.intersection(lines, boundary)
    lines = shapely.get_parts(shapely.get_parts(lines))
    return lines[(shapely.get_dimensions(lines) == 1) & (shapely.length(lines) > PRECISION_M)]


def node(lines: list | np.ndarray) -> np.ndarray:
    """Cut lines where they meet, on the common raster: (n,) lines, each piece once."""
    return shapely.get_parts(shapely.union_all(lines, grid_size=PRECISION_M))


def faces_within(network: np.ndarray, ground: shapely.Geometry) -> np.ndarray:
    """Give the faces that noded lines close off inside the ground."""
    faces = shapely.get_parts(shapely.polygonize(network))
    inner = shapely.point_on_surface(faces)
    shapely.prepare(ground)
    return faces[shapely.intersects(ground, inner)]


def dangle_extensions(network: np.ndarray) -> np.ndarray:
    """Lengthen loose ends straight on to the next line, or join them to a loose end near by.

    Parameters
    ----------
    network
        (n,) noded lines.

    Returns
    -------
    (e,) lines to add; ends farther than `LONGEST_EXTENSION_M` from any line give none.
    """
    tips, before = _loose_ends(network)
    if not len(tips):
        return np.array([], dtype=object)
    direction = tips - before
    direction /= np.hypot(*direction.T)[:, None]
    rays = shapely.linestrings(np.stack([tips, tips + direction * LONGEST_EXTENSION_M], axis=1))
    reach = _first_hit(rays, tips, network)
    hit = np.isfinite(reach)
    ends = tips[hit] + direction[hit] * (reach[hit] + OVERSHOOT_M)[:, None]
    straight = shapely.linestrings(np.stack([tips[hit], ends], axis=1))
    return np.concatenate([straight, _joined_tips(tips[~hit])])


def _loose_ends(network: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Find the ends where one line ends alone: (t, 2) tips and (t, 2) the vertices before."""
    first, second = shapely.get_point(network, 0), shapely.get_point(network, 1)
    last, before_last = shapely.get_point(network, -1), shapely.get_point(network, -2)
    tips = shapely.get_coordinates(np.concatenate([first, last]))
    before = shapely.get_coordinates(np.concatenate([second, before_last]))
    _, inverse, counts = np.unique(tips, axis=0, return_inverse=True, return_counts=True)
    loose = counts[inverse.ravel()] == 1
    return tips[loose], before[loose]


def _first_hit(rays: np.ndarray, tips: np.ndarray, network: np.ndarray) -> np.ndarray:
    """Give the (r,) distance at which each ray meets a line other than at its start."""
    ray, line = shapely.STRtree(network).query(rays, predicate="intersects")
    start = shapely.points(tips)
    ahead = shapely.difference(
        shapely.intersection(rays[ray], network[line]), shapely.buffer(start[ray], PRECISION_M / 10)
    )
    distance = shapely.distance(start[ray], ahead)
    reach = np.full(len(rays), np.inf)
    np.fmin.at(reach, ray, distance)
    return reach


def _joined_tips(tips: np.ndarray) -> np.ndarray:
    """Join loose ends that are each other's nearest within the longest extension."""
    if len(tips) < 2:
        return np.array([], dtype=object)
    points = shapely.points(tips)
    a, b = shapely.STRtree(points).query_nearest(
        points, max_distance=LONGEST_EXTENSION_M, exclusive=True, all_matches=False
    )
    nearest = np.full(len(tips), -1)
    nearest[a] = b
    a = np.arange(len(tips))
    mutual = (nearest >= 0) & (nearest[nearest] == a) & (a < nearest)
    return shapely.linestrings(np.stack([tips[mutual], tips[nearest[mutual]]], axis=1))


def is_artefact(polygons: np.ndarray) -> np.ndarray:
    """Tell which faces are too small or narrow to be ground of their own.

    Examples
    --------
    >>> is_artefact([shapely.box(0, 0, 20, 20), shapely.box(0, 0, 400, 8),
    ...     shapely.box(0, 0, 40, 40)]).tolist()
    [True, True, False]
    """
    area = shapely.area(polygons)
    width = 2 * area / shapely.length(polygons)
    narrow = (width < NARROWEST_ENCLOSURE_M) & (area < LARGEST_STRIP_M2)
    return (area < SMALLEST_ENCLOSURE_M2) | narrow


def merge_artefacts(
    faces: np.ndarray, occupied: Callable[[np.ndarray], np.ndarray] | None = None
) -> np.ndarray:
    """Merge artefact faces without building into the neighbour with the longest border."""
    unwanted = is_artefact(faces)
    if occupied is not None:
        unwanted[unwanted] = ~occupied(faces[unwanted])
    if not unwanted.any():
        return faces
    edges, length_m = shared_lengths(faces)
    target = merge_into_neighbours(shapely.area(faces), edges, length_m, unwanted)
    shapes, _ = dissolve(faces, target)
    return shapes
