"""Which metric reference system a place is computed in, and the way there and back.

Stored geometry is longitude and latitude; lengths and areas are taken in metres. Everything here
uses x = east, y = north, whatever axis order the definition of a system names.
"""

from __future__ import annotations

import geopandas as gpd
import numpy as np
from pyproj import CRS, Transformer

from gis.errors import InvalidInput

LON_LAT = CRS.from_epsg(4326)
CHINA_BOUNDS = (73.0, 17.0, 136.0, 54.0)
"""West, south, east, north of the ground for which the CGCS2000 zones are defined, in degrees."""

FIRST_ZONE_EPSG, FIRST_MERIDIAN = 4534, 75
"""CGCS2000 / 3-degree Gauss-Kruger CM 75E, the first of the zones without a zone prefix."""


def metric_crs(lon: float, lat: float) -> CRS:
    """Choose the metric reference system of a place, as `metric_epsg` does."""
    return CRS.from_epsg(metric_epsg(lon, lat))


def metric_epsg(lon: float, lat: float) -> int:
    """Choose the metric reference system of a place.

    CGCS2000 3-degree Gauss-Krüger (EPSG:4534 to 4554, no zone prefix) inside China's bounds, UTM
    elsewhere. WGS84 is taken as equal to CGCS2000 (they differ by less than a metre).

    Parameters
    ----------
    lon, lat
        A point of the place, in degrees.

    Raises
    ------
    InvalidInput
        The point is not on the earth.

    Examples
    --------
    >>> metric_epsg(108.52, 25.93), metric_epsg(9.52, 47.14)
    (4545, 32632)
    """
    if not (-180 <= lon <= 180 and -90 <= lat <= 90):
        raise InvalidInput(
            "no metric system for lon {lon}, lat {lat}: expected degrees within "
            "±180 and ±90; check the order (longitude first) and the CRS of the "
            "data",
            lon=lon,
            lat=lat,
        )
    west, south, east, north = CHINA_BOUNDS
    if west <= lon <= east and south <= lat <= north:
        zone = int(np.clip(round((lon - FIRST_MERIDIAN) / 3), 0, 20))
        return FIRST_ZONE_EPSG + zone
    zone = int(min((lon + 180) // 6, 59)) + 1
    return (32600 if lat >= 0 else 32700) + zone


def metric_crs_of(frame: gpd.GeoDataFrame | gpd.GeoSeries) -> CRS | None:
    """Give the metric system to compute a frame in: its own if projected, else the place's.

    A frame without reference system, or with a projected one, is taken to be in metres.

    Raises
    ------
    InvalidInput
        The frame is projected in another unit than metres (feet, for example).
    """
    if frame.crs is None:
        return None
    if frame.crs.is_geographic:
        west, south, east, north = frame.to_crs(LON_LAT).total_bounds
        return metric_crs((west + east) / 2, (south + north) / 2)
    factor = frame.crs.axis_info[0].unit_conversion_factor
    if abs(factor - 1) > 1e-9:
        raise InvalidInput(
            "{system} is measured in {unit}: expected metres or degrees; re-project the data",
            system=frame.crs.name,
            unit=frame.crs.axis_info[0].unit_name,
        )
    return frame.crs


def to_metric(
    frame: gpd.GeoDataFrame | gpd.GeoSeries, crs: CRS | None
) -> gpd.GeoDataFrame | gpd.GeoSeries:
    """Project a frame into `crs`; a frame without a system, or no target, stays as it is."""
    if crs is None or frame.crs is None or frame.crs == crs:
        return frame
    return frame.to_crs(crs)


def project_points(
    x: np.ndarray, y: np.ndarray, *, source: CRS | str, target: CRS | str
) -> tuple[np.ndarray, np.ndarray]:
    """Project arrays of points, x east and y north (longitude, latitude) on both sides.

    Examples
    --------
    >>> x_m, y_m = project_points([108.5217], [25.9317], source="EPSG:4490", target="EPSG:4545")
    >>> float(x_m[0].round(3)), float(y_m[0].round(3))
    (552262.027, 2869371.838)
    """
    turn = Transformer.from_crs(source, target, always_xy=True)
    return turn.transform(np.asarray(x, dtype=float), np.asarray(y, dtype=float))
