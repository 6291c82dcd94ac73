"""Raw shapes made fit to compute with: valid, one kind, one precision, in metres. Pure."""

from __future__ import annotations

from collections.abc import Iterable

import geopandas as gpd
import numpy as np
import shapely
from pyproj import CRS

from gis.errors import InvalidInput
from gis.geometry.crs import to_metric

PRECISION_M = 1e-4
"""All coordinates of a coverage lie on this raster: noding on it cannot fail, areas keep."""

SNAP_REACH_M = 1.5 * PRECISION_M
"""A vertex put on the raster lies no farther than this from the line it was cut out of."""

SMALLEST_BUILDING_M2 = 5.0
LEAST_ROUNDNESS = 0.02
"""Of a building: 4 pi area / perimeter². Longest terraces have 0.05, street land 0.005 or less."""


def polygon_parts(geometries: Iterable) -> tuple[np.ndarray, np.ndarray]:
    """Split any geometries into valid polygons on the common precision.

    Parameters
    ----------
    geometries
        (n,) geometries in metres; missing ones, lines and points are passed over.

    Returns
    -------
    parts, owners
        (p,) polygons, and for each the row of the geometry it comes from.

    Examples
    --------
    >>> bow_tie = shapely.Polygon([(0, 0), (2, 2), (2, 0), (0, 2)])
    >>> parts, owners = polygon_parts([bow_tie, None, shapely.Point(0, 0)])
    >>> shapely.area(parts).tolist(), owners.tolist()
    ([1.0, 1.0], [0, 0])
    """
    array = shapely.force_2d(np.asarray(list(geometries), dtype=object))
    array = shapely.make_valid(array, method="structure", keep_collapsed=False)
    pieces, owners = shapely.get_parts(array, return_index=True)
    pieces, inner = shapely.get_parts(pieces, return_index=True)
    owners = owners[inner]
    flat = shapely.get_dimensions(pieces) == 2
    snapped = shapely.set_precision(pieces[flat], PRECISION_M)
    parts, inner = shapely.get_parts(snapped, return_index=True)
    full = shapely.area(parts) > 0
    return parts[full], owners[flat][inner][full]


def is_building(polygons: np.ndarray) -> np.ndarray:
    """Tell which polygons can be buildings or parcels: not specks, not the land of streets.

    Cadastres hold the streets of a whole town as one branching parcel; taken as a building it
    would join every block it touches.

    Examples
    --------
    >>> is_building([shapely.box(0, 0, 9, 9), shapely.box(0, 0, 2, 2), shapely.box(0, 0, 2000, 8)])
    array([ True, False, False])
    """
    area, length_m = shapely.area(polygons), shapely.length(polygons)
    return (area >= SMALLEST_BUILDING_M2) & (4 * np.pi * area >= LEAST_ROUNDNESS * length_m**2)


def boundary_polygon(boundary: object) -> shapely.Geometry:
    """Give the one (multi)polygon of a community's boundary, valid and on the common precision.

    Raises
    ------
    InvalidInput
        There is no polygon with an area in it.
    """
    geometries = boundary.geometry if hasattr(boundary, "geometry") else [boundary]
    parts, _ = polygon_parts(geometries)
    if not len(parts):
        raise InvalidInput(
            "the boundary has no area: expected a polygon or multipolygon in metres or degrees; "
            "check that the layer holds polygons and that its CRS is set"
        )
    return shapely.union_all(parts, grid_size=PRECISION_M)


def metric_frame(
    data: gpd.GeoDataFrame | gpd.GeoSeries | Iterable | None, crs: CRS | None
) -> gpd.GeoDataFrame:
    """Give any geometries as a frame in metres, without empty rows, index counted from 0."""
    if data is None:
        return gpd.GeoDataFrame(geometry=[], crs=crs)
    if isinstance(data, gpd.GeoDataFrame):
        frame = data
    elif isinstance(data, gpd.GeoSeries):
        frame = gpd.GeoDataFrame(geometry=data)
    else:
        frame = gpd.GeoDataFrame(geometry=list(data), crs=crs)
    keep = ~(frame.geometry.isna() | frame.geometry.is_empty)
    return to_metric(frame[keep].reset_index(drop=True), crs)
