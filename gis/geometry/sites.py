"""Group buildings and compounds into sites: what one block must hold whole. Pure, in metres.

A compound is one site with the buildings inside it; a building across its edge goes whole to where
most of it lies, and the compound yields or grows. Buildings that overlap are one site, the parts of
one building are too, and annexes (garages, sheds) go with the building they lean on. Buildings that
only touch stay apart, so that row houses can be balanced and parcels, which all touch, work as
buildings.
"""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import shapely

from gis.geometry.clean import PRECISION_M, SMALLEST_BUILDING_M2, is_building, polygon_parts
from gis.geometry.healing import largest_of_each
from gis.geometry.linking import link_parts
from gis.geometry.piles import (
    INTERIORS_MEET,
    components,
    distinct_rows,
    find_piles,
    union_groups,
)

LARGEST_ANNEX_M2 = 20.0
ANNEX_WITHIN_M = 1.0
OVERLAP_SHARE = 0.005
"""Buildings that overlap by more than this share of the smaller one are one site."""

LEAST_CROSSING_M2 = 0.01
"""What lies under a strip between two parts of a building, and is larger, goes with them."""

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
    """What sites are grouped of: parts of buildings, strips between them, parts of compounds."""

    shapes: np.ndarray
    count: np.ndarray
    is_compound: np.ndarray
    is_strip: np.ndarray


def build_sites(
    boundary: shapely.Geometry, buildings: gpd.GeoDataFrame, compounds: gpd.GeoDataFrame
) -> Sites:
    """Group the buildings and compounds of a community into sites.

    A building is counted in the community in which its inner point lies. What stands inside of a
    neighbour's building is kept whole too, but not counted. Equal outlines count once.

    Parameters
    ----------
    boundary
        Polygon or multipolygon in metres.
    buildings, compounds
        Frames of polygons in the same metres; other geometry is passed over.
    """
    houses, links = _inside(boundary, buildings, False)
    parts = _stack(houses, _inside(boundary, compounds, True)[0])
    group, parts = _groups(parts, links)
    shapes = union_groups(parts.shapes, group)
    n_buildings = np.bincount(group, weights=parts.count, minlength=len(shapes)).astype(int)
    is_compound = np.bincount(group, weights=parts.is_compound, minlength=len(shapes)) > 0
    owner, shapes = _only_polygons(shapes, is_compound)
    first = np.concatenate([[True], owner[1:] != owner[:-1]]) if len(owner) else owner == 0
    order = _by_position(shapes)
    return Sites(
        shapes[order], np.where(first, n_buildings[owner], 0)[order], is_compound[owner][order]
    )


def _inside(
    boundary: shapely.Geometry, frame: gpd.GeoDataFrame, compounds: bool
) -> tuple[_Parts, np.ndarray]:
    """Give the parts of buildings that belong inside the boundary, cut off at it.

    Also the pairs of parts and strips that stay together, (k, 2) rows.
    """
    given = np.asarray(frame.geometry.array, dtype=object)
    shapes, owners = polygon_parts(given[distinct_rows(given)])
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
    shapes = np.concatenate([np.delete(shapes, crossing), pieces])
    owners = np.concatenate([np.delete(owners, crossing), owners[crossing][row]])
    counts = np.concatenate([np.delete(count, crossing), counted]).astype(int)
    return _without_piles(boundary, shapes, owners, counts, compounds)


def _without_piles(
    boundary: shapely.Geometry,
    shapes: np.ndarray,
    owners: np.ndarray,
    counts: np.ndarray,
    compounds: bool,
) -> tuple[_Parts, np.ndarray]:
    """Make one shape of what lies on one another, and strips between parts of one building."""
    links = link_parts(shapes, np.arange(len(owners)) if compounds else owners)
    pile = find_piles(shapes, least_share=OVERLAP_SHARE)
    shapes = union_groups(shapes, pile)
    counts = np.bincount(pile, weights=counts, minlength=len(shapes)).astype(int)
    strips = shapely.intersection(links.strips, boundary, grid_size=PRECISION_M)
    strips, row = shapely.get_parts(strips, return_index=True)
    flat = shapely.get_dimensions(strips) == 2
    strips, row = strips[flat], row[flat]
    number = len(shapes) + np.arange(len(strips))
    ends = np.concatenate([pile[links.one[row]], pile[links.other[row]]])
    n_strips = np.zeros(len(strips), dtype=int)
    parts = _Parts(
        np.concatenate([shapes, strips]),
        np.concatenate([counts, n_strips]),
        np.full(len(shapes) + len(strips), compounds),
        np.append(np.zeros(len(shapes), dtype=bool), n_strips == 0),
    )
    return parts, np.column_stack([np.tile(number, 2), ends])


def _stack(first: _Parts, second: _Parts) -> _Parts:
    return _Parts(
        *(np.concatenate([getattr(p, n) for p in (first, second)]) for n in _Parts.__annotations__)
    )


def _groups(parts: _Parts, links: np.ndarray) -> tuple[np.ndarray, _Parts]:
    """Give numbers to the parts that must stay together, and compounds without strange buildings.

    Returns
    -------
    group, parts
        (p,) group numbers, and the parts with compounds that yielded to buildings of other groups.
    """
    a, b = shapely.STRtree(parts.shapes).query(parts.shapes, predicate="intersects")
    a, b = a[a < b], b[a < b]
    overlap = shapely.relate_pattern(parts.shapes[a], parts.shapes[b], INTERIORS_MEET)
    a, b = a[overlap], b[overlap]
    area = shapely.area(parts.shapes)
    shared = shapely.area(shapely.intersection(parts.shapes[a], parts.shapes[b]))
    mixed = parts.is_compound[a] != parts.is_compound[b]
    strip = parts.is_strip[a] | parts.is_strip[b]
    least = np.where(strip, LEAST_CROSSING_M2, OVERLAP_SHARE * np.minimum(area[a], area[b]))
    together = ~mixed & (shared > least)
    building = np.where(parts.is_compound[a], b, a)[mixed]
    compound = np.where(parts.is_compound[a], a, b)[mixed]
    inside = _most_lies_inside(building, compound, shared[mixed], area)
    inside &= ~parts.is_strip[building]
    annex, main = _annexes(parts, area)
    group = components(
        len(area),
        np.concatenate([a[together], building[inside], annex, links[:, 0]]),
        np.concatenate([b[together], compound[inside], main, links[:, 1]]),
    )
    return group, _yielding(parts, building, compound, group)


def _most_lies_inside(
    building: np.ndarray, compound: np.ndarray, shared: np.ndarray, area: np.ndarray
) -> np.ndarray:
    """Mark, of pairs that share ground, the compound that holds most of each building.

    None is marked where more of the building lies outside of all compounds.
    """
    outside = area[building] - np.bincount(building, weights=shared, minlength=1)[building]
    order = np.lexsort((compound, -shared, building))
    first = np.ones(len(order), dtype=bool)
    first[1:] = building[order][1:] != building[order][:-1]
    marked = np.zeros(len(order), dtype=bool)
    marked[order[first]] = True
    return marked & (shared > outside)


def _yielding(
    parts: _Parts, building: np.ndarray, compound: np.ndarray, group: np.ndarray
) -> _Parts:
    """Take the buildings of other groups out of the compounds they reach into."""
    strange = group[building] != group[compound]
    building, compound = building[strange], compound[strange]
    shapes = parts.shapes.copy()
    for row in np.unique(compound).tolist():
        taken = shapely.union_all(parts.shapes[building[compound == row]], grid_size=PRECISION_M)
        shapes[row] = shapely.difference(shapes[row], taken, grid_size=PRECISION_M)
    return _Parts(shapes, parts.count, parts.is_compound, parts.is_strip)


def _annexes(parts: _Parts, area: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Pair each annex with the nearest main building; of several equally near, the largest."""
    is_annex = (area < LARGEST_ANNEX_M2) & ~parts.is_compound & ~parts.is_strip
    annex, main = np.flatnonzero(is_annex), np.flatnonzero(~is_annex & ~parts.is_strip)
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


def _only_polygons(shapes: np.ndarray, is_compound: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Take shapes apart, the largest part of each first: (q,) owners and (q,) polygons.

    Scraps that a building left of a compound are let go.
    """
    parts, owner = shapely.get_parts(shapes, return_index=True)
    flat = shapely.get_dimensions(parts) == 2
    flat[flat] = ~is_compound[owner[flat]] | is_building(parts[flat])
    parts, owner = parts[flat], owner[flat]
    order = np.lexsort((-shapely.area(parts), owner))
    return owner[order], parts[order]


def _by_position(shapes: np.ndarray) -> np.ndarray:
    """Order shapes by place alone, whatever order they were given in."""
    bounds = shapely.bounds(shapes).reshape(-1, 4)
    return np.lexsort((shapely.area(shapes), *bounds.T[::-1]))
