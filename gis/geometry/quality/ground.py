"""The ground of grids and of a community, as its blocks and its outline give it."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import shapely
from pyproj import CRS

from gis.geometry.crs import to_metric


def join_grids(
    shapes: np.ndarray, row: np.ndarray, n: int, *, matching: bool = False
) -> np.ndarray:
    """Join the shapes of each grid.

    Parameters
    ----------
    shapes
        Polygons of the blocks (m,).
    row
        Grid of each block, from 0 (m,).
    n
        Number of grids.
    matching
        All shapes are known to match one another's borders: faster.

    Returns
    -------
    ground
        Polygon of each grid (n,).
    """
    join = shapely.coverage_union_all if matching else shapely.union_all
    order = np.argsort(row, kind="stable")
    ends = np.cumsum(np.bincount(row, minlength=n))
    ground = np.empty(n, dtype=object)
    for grid, end in enumerate(ends):
        start = ends[grid - 1] if grid else 0
        ground[grid] = join(shapes[order[start:end]])
    return ground


def outline_of(boundary: gpd.GeoDataFrame | shapely.Geometry, crs: CRS | None) -> shapely.Geometry:
    """Give the outline of a community in a metric CRS; a geometry is in it already."""
    if isinstance(boundary, shapely.Geometry):
        return boundary
    return to_metric(boundary, crs).geometry.union_all()
