"""Group buildings and compounds into sites: what one block must hold whole. Pure, in metres.

A compound is one site with the buildings inside it. Buildings that overlap are one site, and
annexes (garages, sheds) go with the building they lean on. Buildings that only touch stay apart,
so that row houses can be balanced and parcels, which all touch, work as buildings.
"""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from gis.geometry.clean import PRECISION_M, SMALLEST_BUILDING_M2, is_building, polygon_parts
from gis.geometry.healing import largest_of_each

LARGEST_ANNEX_M2 = 20.0
ANNEX_WITHIN_M = 1.0
OVERLAP_SHARE = 0.005
"""Buildings that overlap by more than this share of the smaller one are one site."""

INTERIORS_MEET = "T********"
"""Parcels touch by the thousand; only those that share ground are worth measuring."""

COMPOUND_SHARE = 0.5
"""A building belongs to the compound that holds more than this share of it."""


SMALLEST_SHARE_INSIDE = 0.04
"""Less of a building than this inside the boundary is not looked at: it cannot be cut in two."""


@dataclass(frozen=True)
class Sites:
    """What blocks are built around.

    Parameters
    ----------
    shapes
        (s,) polygons, sorted by position.
    n_buildings
        (s,) buildings in each; a building of several parts counts at its largest part.
    is_compound
        (s,) True where a compound stands.
    """

    shapes: np.ndarray
    n_buildings: np.ndarray
    is_compound: np.ndarray


@dataclass(frozen=True)
class _Parts:
    shapes: np.ndarray
    count: np.ndarray
    is_compound: np.ndarray


def build_sites(
    boundary: shapely.Geometry, buildings: gpd.GeoDataFrame, compounds: gpd.GeoDataFrame
) -> Sites:
    """Group the buildings and compounds of a community into sites.

    A building is counted in the community in which its inner point lies. What stands inside of a
    neighbour's building is kept whole too, but not counted.

    Parameters
    ----------
    boundary
        Polygon or multipolygon in metres.
    buildings, compounds
        Frames of polygons in the same metres; other geometry is passed over.
    """
    parts = _stack(_inside(boundary, buildings, False), _inside(boundary, compounds, True))
    group = _groups(parts)
    shapes = _union_groups(parts.shapes, group)
    n_buildings = np.bincount(group, weights=parts.count, minlength=len(shapes)).astype(int)
    is_compound = np.bincount(group, weights=parts.is_compound, minlength=len(shapes)) > 0
    owner, shapes = _only_polygons(shapes)
    first = np.concatenate([[True], owner[1:] != owner[:-1]]) if len(owner) else owner == 0
    order = _by_position(shapes)
    return Sites(
        shapes[order], np.where(first, n_buildings[owner], 0)[order], is_compound[owner][order]
    )


def _inside(boundary: shapely.Geometry, frame: gpd.GeoDataFrame, compounds: bool) -> _Parts:
    """Give the parts of buildings that belong inside the boundary, cut off at it."""
    shapes, owners = polygon_parts(frame.geometry.array)
    shapely.prepare(boundary)
    keep = is_building(shapes) & shapely.intersects(boundary, shapes)
    shapes, owners = shapes[keep], owners[keep]
    count = largest_of_each(shapely.area(shapes), owners) & (not compounds)
    count &= shapely.intersects(boundary, shapely.point_on_surface(shapes))
    crossing = np.flatnonzero(~shapely.contains(boundary, shapes))
    cut = shapely.intersection(shapes[crossing], boundary, grid_size=PRECISION_M)
    pieces, row = shapely.get_parts(cut, return_index=True)
    area = shapely.area(pieces)
    kept = area >= SMALLEST_BUILDING_M2
    kept &= area >= SMALLEST_SHARE_INSIDE * shapely.area(shapes[crossing])[row]
    pieces, row = pieces[kept], row[kept]
    counted = count[crossing][row] & largest_of_each(area[kept], row)
    inner = np.delete(shapes, crossing)
    return _Parts(
        np.concatenate([inner, pieces]),
        np.concatenate([np.delete(count, crossing), counted]).astype(int),
        np.full(len(inner) + len(pieces), compounds),
    )


def _stack(first: _Parts, second: _Parts) -> _Parts:
    return _Parts(
        np.concatenate([first.shapes, second.shapes]),
        np.concatenate([first.count, second.count]),
        np.concatenate([first.is_compound, second.is_compound]),
    )


def _groups(parts: _Parts) -> np.ndarray:
    """Give numbers to the parts that must stay together: (p,) group numbers."""
    a, b = shapely.STRtree(parts.shapes).query(parts.shapes, predicate="intersects")
    a, b = a[a < b], b[a < b]
    overlap = shapely.relate_pattern(parts.shapes[a], parts.shapes[b], INTERIORS_MEET)
    a, b = a[overlap], b[overlap]
    area = shapely.area(parts.shapes)
    shared = shapely.area(shapely.intersection(parts.shapes[a], parts.shapes[b]))
    mixed = parts.is_compound[a] != parts.is_compound[b]
    building = np.where(parts.is_compound[a], b, a)
    together = np.where(
        mixed,
        shared > COMPOUND_SHARE * area[building],
        shared > OVERLAP_SHARE * np.minimum(area[a], area[b]),
    )
    annex, main = _annexes(parts, area)
    return _components(
        len(area), np.concatenate([a[together], annex]), np.concatenate([b[together], main])
    )


def _components(n: int, a: np.ndarray, b: np.ndarray) -> np.ndarray:
    graph = coo_array((np.ones(len(a)), (a, b)), shape=(n, n))
    return connected_components(graph, directed=False)[1]


def _annexes(parts: _Parts, area: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Pair each annex with the nearest main building; of several equally near, the largest."""
    is_annex = (area < LARGEST_ANNEX_M2) & ~parts.is_compound
    annex, main = np.flatnonzero(is_annex), np.flatnonzero(~is_annex)
    if not len(annex) or not len(main):
        return np.array([], dtype=int), np.array([], dtype=int)
    found = shapely.STRtree(parts.shapes[main]).query_nearest(
        parts.shapes[annex], max_distance=ANNEX_WITHIN_M
    )
    annex, main = annex[found[0]], main[found[1]]
    order = np.lexsort((main, -area[main], annex))
    annex, main = annex[order], main[order]
    first = np.concatenate([[True], annex[1:] != annex[:-1]]) if len(annex) else annex == 0
    return annex[first], main[first]


def _union_groups(shapes: np.ndarray, group: np.ndarray) -> np.ndarray:
    """Union the shapes of each group, on the common precision."""
    order = np.argsort(group, kind="stable")
    starts = np.unique(group[order], return_index=True)[1]
    result = np.empty(len(starts), dtype=object)
    for number, members in enumerate(np.split(shapes[order], starts[1:])[: len(starts)]):
        one = len(members) == 1
        result[number] = members[0] if one else shapely.union_all(members, grid_size=PRECISION_M)
    return result


def _only_polygons(shapes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Take shapes apart, the largest part of each first: (q,) owners and (q,) polygons."""
    parts, owner = shapely.get_parts(shapes, return_index=True)
    order = np.lexsort((-shapely.area(parts), owner))
    return owner[order], parts[order]


def _by_position(shapes: np.ndarray) -> np.ndarray:
    """Order shapes by place alone, whatever order they were given in."""
    bounds = shapely.bounds(shapes).reshape(-1, 4)
    return np.lexsort((shapely.area(shapes), *bounds.T[::-1]))
