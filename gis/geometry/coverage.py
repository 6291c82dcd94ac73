"""Check that blocks or grids cover their ground: no gap, no overlap, no building cut. Pure."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import shapely
from pyproj import CRS

from gis.geometry.clean import is_building, metric_frame, polygon_parts
from gis.geometry.crs import metric_crs_of
from gis.geometry.linking import link_parts

LARGEST_CUT_SHARE = 0.02
"""A building is cut when more than this share of it lies outside its main polygon."""


@dataclass(frozen=True)
class CoverageReport:
    """What the check of a coverage found.

    Parameters
    ----------
    n_polygons
        Number of polygons looked at.
    is_valid
        Neighbours meet in equal vertices, nothing overlaps.
    invalid_edge_m
        Metres of border that break the rule.
    uncovered_m2, overlapping_m2, outside_m2
        Ground of the boundary in no polygon, ground in more than one, and ground of polygons
        outside the boundary. The first and last are 0 when no boundary is given.
    multipart
        (k,) rows of polygons that consist of several parts.
    cut_buildings
        (c,) rows of buildings of which a part is cut.
    """

    n_polygons: int
    is_valid: bool
    invalid_edge_m: float
    uncovered_m2: float
    overlapping_m2: float
    outside_m2: float
    multipart: np.ndarray
    cut_buildings: np.ndarray


def check_coverage(
    polygons: gpd.GeoDataFrame | gpd.GeoSeries,
    *,
    boundary: gpd.GeoDataFrame | gpd.GeoSeries | shapely.Geometry | None = None,
    buildings: gpd.GeoDataFrame | None = None,
) -> CoverageReport:
    """Check polygons against each other, their boundary, and the buildings they must not cut.

    Computed in metres; a bare boundary geometry is taken to be in the polygons' reference system.

    Examples
    --------
    >>> halves = gpd.GeoSeries([shapely.box(0, 0, 5, 9), shapely.box(5, 0, 9, 9)])
    >>> report = check_coverage(halves, boundary=shapely.box(0, 0, 10, 9),
    ...     buildings=gpd.GeoSeries([shapely.box(4, 4, 7, 6), shapely.box(1, 1, 3, 4)]))
    >>> report.is_valid, report.uncovered_m2, report.cut_buildings.tolist()
    (True, 9.0, [0])
    """
    crs = metric_crs_of(polygons)
    source = polygons.crs
    shapes = np.asarray(metric_frame(polygons, crs).geometry.array, dtype=object)
    is_valid = bool(shapely.coverage_is_valid(shapes))
    union = shapely.coverage_union_all(shapes) if is_valid else shapely.union_all(shapes)
    ground = _ground(boundary, source, crs)
    shapely.prepare(union)
    return CoverageReport(
        n_polygons=len(shapes),
        is_valid=is_valid,
        invalid_edge_m=0.0 if is_valid else _invalid_edge_m(shapes),
        uncovered_m2=0.0 if ground is None else float(shapely.difference(ground, union).area),
        overlapping_m2=0.0 if is_valid else overlapping_area_m2(shapes),
        outside_m2=0.0 if ground is None else float(shapely.difference(union, ground).area),
        multipart=np.flatnonzero(shapely.get_num_geometries(shapes) > 1),
        cut_buildings=cut_buildings(shapes, metric_frame(buildings, crs)),
    )


def _invalid_edge_m(shapes: np.ndarray) -> float:
    return float(shapely.length(shapely.coverage_invalid_edges(shapes)).sum())


def _ground(boundary: object, source: CRS | None, crs: CRS | None) -> shapely.Geometry | None:
    """Give the boundary as one geometry in metres, as it is: not snapped, not repaired."""
    if boundary is None:
        return None
    if not hasattr(boundary, "geometry"):
        boundary = gpd.GeoSeries([boundary], crs=source)
    return shapely.union_all(np.asarray(metric_frame(boundary, crs).geometry.array))


def overlapping_area_m2(shapes: np.ndarray) -> float:
    """Add up the ground that lies in two polygons, pair by pair."""
    a, b = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    a, b = a[a < b], b[a < b]
    return float(shapely.area(shapely.intersection(shapes[a], shapes[b])).sum())


def cut_buildings(shapes: np.ndarray, buildings: gpd.GeoDataFrame) -> np.ndarray:
    """Find the buildings cut by polygons: (c,) rows.

    Each part of a building is looked at only as far as polygons cover it, so a building on the
    boundary is not cut by it; parts near one another must lie in one polygon. What `build_blocks`
    passes over as no building (specks, street land) is passed over here too.
    """
    parts, owner = polygon_parts(buildings.geometry.array)
    kept = is_building(parts)
    parts, owner = parts[kept], owner[kept]
    torn = owner[_torn_parts(parts, owner, shapes)]
    kept = ~_held_by_one(parts, shapes)
    parts, owner = parts[kept], owner[kept]
    part, polygon = shapely.STRtree(shapes).query(parts, predicate="intersects")
    area = shapely.area(shapely.intersection(parts[part], shapes[polygon]))
    total = np.bincount(part, weights=area, minlength=len(parts))
    largest = np.zeros(len(parts))
    np.maximum.at(largest, part, area)
    cut = owner[total - largest > LARGEST_CUT_SHARE * shapely.area(parts)]
    return np.union1d(cut, torn)


def _torn_parts(parts: np.ndarray, owner: np.ndarray, shapes: np.ndarray) -> np.ndarray:
    """Give the rows of parts that lie in another polygon than the next part of their building."""
    links = link_parts(parts, owner)
    ends = np.concatenate([links.one, links.other])
    row, polygon = shapely.STRtree(shapes).query(parts[ends], predicate="intersects")
    area = shapely.area(shapely.intersection(parts[ends[row]], shapes[polygon]))
    order = np.lexsort((-area, row))
    rows, first = np.unique(row[order], return_index=True)
    holder = np.full(len(ends), -1)
    holder[rows] = polygon[order][first]
    one, other = np.split(holder, 2)
    return links.one[(one != other) & (one >= 0) & (other >= 0)]


def _held_by_one(parts: np.ndarray, shapes: np.ndarray) -> np.ndarray:
    """Mark the parts that lie, but for what may be cut off, in the polygon at their inner point."""
    part, polygon = shapely.STRtree(shapes).query(
        shapely.point_on_surface(parts), predicate="intersects"
    )
    inside = shapely.area(shapely.intersection(parts[part], shapes[polygon]))
    held = np.zeros(len(parts), dtype=bool)
    held[part[inside >= (1 - LARGEST_CUT_SHARE) * shapely.area(parts[part])]] = True
    return held
