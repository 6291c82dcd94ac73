"""Share the ground of one enclosure out among its sites. Pure, in metres.

Every point of open ground goes to the nearest site (a Voronoi diagram of the outlines), up to
`REACH_M`; what lies farther, if it is much, is empty ground of the hamlet it surrounds. The site
outlines themselves are lines of the drawing, so no site is ever cut: faces are drawn first,
labelled afterwards, and faces that lost their site are given to the neighbour they share most with.

**Source**: Fleischmann, Feliciotti, Romice, Porta (2020), doi:10.1016/j.compenvurbsys.2019.101441,
for tessellation of buildings within enclosures; the rest is our own.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from scipy.spatial import Voronoi, cKDTree

from gis.geometry.borders import shared_lengths
from gis.geometry.enclosures import faces_within, node
from gis.geometry.merging import connected_labels, dissolve, merge_into_neighbours

REACH_M = 40.0
"""How far from a site the ground is still its own."""

SURE_REACH_M = 0.98 * REACH_M
"""Within this, ground lies in the reach as it is drawn: circles with 16 corners."""

SMALLEST_EMPTY_M2 = 4000.0
"""Ground beyond reach that is smaller than this is left with the nearest site."""

NARROWEST_EMPTY_M = 20.0
COARSE_STEP_M, FINE_STEP_M = 100.0, 0.65 * NARROWEST_EMPTY_M
TOUCHING_M = 0.001
CLOSEST_SEEDS_M, WIDEST_SEEDS_M = 1.0, 5.0
"""Seeds on an outline stand about as far apart as the next site is away, within these bounds."""
BEND_M = 0.3
"""Borders across open ground may be straightened by this much."""


@dataclass(frozen=True)
class Tessellation:
    """The pieces of one enclosure.

    Parameters
    ----------
    pieces
        (n,) polygons, a coverage of the enclosure.
    site
        (n,) number of the site each holds, -1 for empty ground.
    """

    pieces: np.ndarray
    site: np.ndarray


@dataclass(frozen=True)
class _Seeds:
    xy: np.ndarray
    site: np.ndarray


def tessellate(enclosure: shapely.Polygon, sites: np.ndarray) -> Tessellation:
    """Cut one enclosure into one piece per site, and pieces of empty ground.

    Parameters
    ----------
    enclosure
        Polygon on the common precision.
    sites
        (s,) polygons inside it that do not overlap.

    Examples
    --------
    >>> found = tessellate(shapely.box(0, 0, 60, 20),
    ...     np.array([shapely.box(10, 5, 20, 15), shapely.box(40, 5, 50, 15)]))
    >>> shapely.area(found.pieces).round().tolist(), sorted(found.site.tolist())
    ([600.0, 600.0], [0, 1])
    """
    if not len(sites):
        return Tessellation(np.array([enclosure]), np.array([-1]))
    empty = empty_ground(enclosure, sites)
    if len(sites) == 1 and empty.is_empty:
        return Tessellation(np.array([enclosure]), np.array([0]))
    seeds = _seeds(sites)
    lines = [enclosure.boundary, *shapely.boundary(sites), *_ridges(seeds, enclosure)]
    faces = faces_within(node([*lines, empty.boundary]), enclosure)
    labels = _label(faces, sites, seeds, empty)
    return _assemble(faces, labels, sites)


def empty_ground(enclosure: shapely.Polygon, sites: np.ndarray) -> shapely.Geometry:
    """Give the ground beyond the reach of every site, where it is wide and large enough.

    Examples
    --------
    >>> field = shapely.box(0, 0, 500, 100)
    >>> house = shapely.box(10, 40, 20, 50)
    >>> empty_ground(field, np.array([house])).area > 40_000
    True
    >>> empty_ground(shapely.box(0, 0, 70, 70), np.array([house])).is_empty
    True
    """
    if not _has_ground_beyond(enclosure, sites):
        return shapely.MultiPolygon()
    reach = shapely.union_all(shapely.buffer(sites, REACH_M, quad_segs=4))
    beyond = shapely.difference(enclosure, reach)
    half = NARROWEST_EMPTY_M / 2
    opened = shapely.buffer(shapely.buffer(beyond, -half, quad_segs=4), half, quad_segs=4)
    parts = shapely.get_parts(shapely.intersection(opened, enclosure))
    return shapely.MultiPolygon(
        [p for p in parts if p.geom_type == "Polygon" and p.area >= SMALLEST_EMPTY_M2]
    )


def _has_ground_beyond(enclosure: shapely.Polygon, sites: np.ndarray) -> bool:
    """Tell whether there can be empty ground at all, by looking at rasters of points.

    Empty ground holds a circle of `NARROWEST_EMPTY_M`, and every such circle a point of the fine
    raster; so ground in towns, where no point is far from a site, needs no buffers.
    """
    shapely.prepare(enclosure)
    tree = shapely.STRtree(sites)
    for step in COARSE_STEP_M, FINE_STEP_M:
        points = _raster_points(enclosure, step)
        near, _ = tree.query_nearest(points, max_distance=SURE_REACH_M, all_matches=False)
        if len(near) < len(points):
            return True
    return False


def _raster_points(polygon: shapely.Polygon, step_m: float) -> np.ndarray:
    """Give the points of a square raster that lie in a polygon."""
    west, south, east, north = polygon.bounds
    x, y = np.meshgrid(np.arange(west, east, step_m), np.arange(south, north, step_m))
    return shapely.points(x.ravel(), y.ravel())[
        shapely.intersects_xy(polygon, x.ravel(), y.ravel())
    ]


def _seeds(sites: np.ndarray) -> _Seeds:
    """Strew points on the outlines that face open ground, away from corners."""
    outlines = shapely.segmentize(shapely.boundary(sites), _seed_spacing(sites))
    xy, site = shapely.get_coordinates(outlines, return_index=True)
    middle, owner = (xy[1:] + xy[:-1]) / 2, site[1:]
    kept = site[1:] == site[:-1]
    middle, owner = middle[kept], owner[kept]
    facing = _faces_open_ground(middle, owner, sites)
    return _Seeds(middle[facing], owner[facing])


def _faces_open_ground(xy: np.ndarray, owner: np.ndarray, sites: np.ndarray) -> np.ndarray:
    """Mark the points on outlines that no other site touches."""
    one, other = shapely.STRtree(sites).query(sites, predicate="dwithin", distance=TOUCHING_M)
    touched = np.unique(one[one != other])
    facing = np.ones(len(xy), dtype=bool)
    if len(touched):
        outer = shapely.boundary(shapely.union_all(sites[touched]))
        shapely.prepare(outer)
        asked = np.flatnonzero(np.isin(owner, touched))
        facing[asked] = shapely.dwithin(outer, shapely.points(xy[asked]), TOUCHING_M)
    return facing


def _seed_spacing(sites: np.ndarray) -> np.ndarray:
    """Choose how far apart the seeds of each site stand: (s,) metres."""
    if len(sites) == 1:
        return np.array([WIDEST_SEEDS_M])
    (site, _), gap_m = shapely.STRtree(sites).query_nearest(
        sites, exclusive=True, all_matches=False, return_distance=True
    )
    spacing = np.full(len(sites), WIDEST_SEEDS_M)
    spacing[site] = gap_m
    return np.clip(spacing, CLOSEST_SEEDS_M, WIDEST_SEEDS_M)


def _ridges(seeds: _Seeds, enclosure: shapely.Polygon) -> np.ndarray:
    """Give the lines midway between seeds of different sites, straightened a little."""
    west, south, east, north = enclosure.bounds
    centre, far = np.array([west + east, south + north]) / 2, 10 * max(east - west, north - south)
    angle = np.arange(8) * np.pi / 4
    around = far * np.column_stack([np.cos(angle), np.sin(angle)])
    diagram = Voronoi(np.concatenate([seeds.xy - centre, around]))
    site = np.concatenate([seeds.site, np.full(8, -1)])[diagram.ridge_points]
    ends = np.asarray(diagram.ridge_vertices)
    between = (site[:, 0] != site[:, 1]) & (site >= 0).all(axis=1) & (ends >= 0).all(axis=1)
    segments = shapely.linestrings(diagram.vertices[ends[between]] + centre)
    shapely.prepare(enclosure)
    segments = segments[shapely.intersects(enclosure, segments)]
    merged = shapely.get_parts(shapely.line_merge(shapely.multilinestrings([segments])))
    return shapely.simplify(merged, BEND_M, preserve_topology=False)


def _label(
    faces: np.ndarray, sites: np.ndarray, seeds: _Seeds, empty: shapely.Geometry
) -> np.ndarray:
    """Say whose each face is: a site, or from ``len(sites)`` on the empty ground of a hamlet."""
    inner = shapely.point_on_surface(faces)
    _, nearest = cKDTree(seeds.xy).query(shapely.get_coordinates(inner))
    labels = seeds.site[nearest]
    if not empty.is_empty:
        shapely.prepare(empty)
        beyond = shapely.intersects(empty, inner)
        labels[beyond] = len(sites) + _hamlets(sites)[labels[beyond]]
    face, site = shapely.STRtree(sites).query(inner, predicate="intersects")
    order = np.lexsort((-site, face))
    labels[face[order]] = site[order]
    return labels


def _hamlets(sites: np.ndarray) -> np.ndarray:
    """Give numbers to the groups of sites whose reaches meet: (s,) group numbers."""
    pairs = shapely.STRtree(sites).query(sites, predicate="dwithin", distance=2 * REACH_M)
    return connected_labels(np.zeros(len(sites), dtype=int), pairs.T)


def _assemble(faces: np.ndarray, labels: np.ndarray, sites: np.ndarray) -> Tessellation:
    """Union faces by label; faces cut off from their site, and scraps of empty ground, move on."""
    edges, length_m = shared_lengths(faces)
    part = connected_labels(labels, edges)
    shapes, _ = dissolve(faces, part)
    owner = np.zeros(len(shapes), dtype=int)
    owner[part] = labels
    area = shapely.area(shapes)
    stays = _holds_site(shapes, owner, sites)
    stays |= (owner >= len(sites)) & (area >= SMALLEST_EMPTY_M2 / 2)
    if not stays.all():
        edges, length_m = shared_lengths(shapes)
        target = merge_into_neighbours(area, edges, length_m, ~stays)
        shapes, kept = dissolve(shapes, target)
        owner = owner[kept]
    return Tessellation(shapes, np.where(owner < len(sites), owner, -1))


def _holds_site(shapes: np.ndarray, owner: np.ndarray, sites: np.ndarray) -> np.ndarray:
    """Mark, of the parts of each site's ground, the one in which the site stands."""
    shape, site = shapely.STRtree(shapely.point_on_surface(sites)).query(
        shapes, predicate="intersects"
    )
    marked = np.zeros(len(shapes), dtype=bool)
    marked[shape[owner[shape] == site]] = True
    lost = np.setdiff1d(owner[owner < len(sites)], owner[marked])
    for number in lost.tolist():
        own = np.flatnonzero(owner == number)
        marked[own[np.argmax(shapely.area(shapes[own]))]] = True
    return marked
