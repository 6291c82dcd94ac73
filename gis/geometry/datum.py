"""Shifts between WGS84, GCJ-02 (Chinese web maps) and BD-09 (Baidu), in degrees.

GCJ-02 has no published formula; this is the one the community recovered, within about 0.9 m of
the real services. The inverses are found by fixed-point iteration to far below a millimetre,
because the closed "inverses" in circulation are wrong by up to metres.

Outside `GCJ_BOUNDS`, a rectangle around China and its neighbours, GCJ-02 equals WGS84 and both
functions give back what they are given. BD-09 differs from GCJ-02 everywhere. In the strip of a
kilometre along the rectangle's edge (desert, sea, Siberia) the way back is not unique.

**Source**: coordinate tables of the gcoord and eviltransform projects. BD-09 uses
``pi * 3000 / 180``; implementations with plain ``pi`` there are off by up to 86 m.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

SEMI_MAJOR_M = 6378245.0
ECCENTRICITY_SQUARED = 0.00669342162296594323
BD_ANGLE = np.pi * 3000.0 / 180.0
GCJ_BOUNDS = (72.004, 0.8293, 137.8347, 55.8271)
"""West, south, east, north inside which GCJ-02 differs from WGS84; outside they are equal."""

N_ROUNDS = 5
"""Fixed-point rounds: worst error 1.5 nm for GCJ-02 over China."""

LonLat = tuple[np.ndarray, np.ndarray]


def _waves(x: np.ndarray, first: float, second: float) -> np.ndarray:
    """Sum the two waves that both shifts share along one axis."""
    return (
        20 * np.sin(np.pi * x)
        + 40 * np.sin(np.pi * x / 3)
        + first * np.sin(np.pi * x / 12)
        + second * np.sin(np.pi * x / 30)
    ) * (2 / 3)


def _ripple(x: np.ndarray) -> np.ndarray:
    return (20 * np.sin(6 * np.pi * x) + 20 * np.sin(2 * np.pi * x)) * (2 / 3)


def _gcj_shift(lon: np.ndarray, lat: np.ndarray) -> LonLat:
    """Give GCJ-02 minus WGS84 in degrees, by the formula valid inside `GCJ_BOUNDS`."""
    x, y = lon - 105.0, lat - 35.0
    root = np.sqrt(np.abs(x))
    north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root
    north += _ripple(x) + _waves(y, 160, 320)
    east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root
    east += _ripple(x) + _waves(x, 150, 300)
    radians = np.radians(lat)
    magic = 1 - ECCENTRICITY_SQUARED * np.sin(radians) ** 2
    meridian_m = SEMI_MAJOR_M * (1 - ECCENTRICITY_SQUARED) / (magic * np.sqrt(magic))
    parallel_m = SEMI_MAJOR_M / np.sqrt(magic) * np.cos(radians)
    return np.degrees(east / parallel_m), np.degrees(north / meridian_m)


def _gcj_step(lon: np.ndarray, lat: np.ndarray) -> LonLat:
    """Give the shift where the datum differs, and nothing outside `GCJ_BOUNDS`."""
    west, south, east, north = GCJ_BOUNDS
    inside = (lon >= west) & (lon <= east) & (lat >= south) & (lat <= north)
    d_lon, d_lat = _gcj_shift(lon, np.where(inside, lat, 0.0))
    return np.where(inside, d_lon, 0.0), np.where(inside, d_lat, 0.0)


def _bd_step(lon: np.ndarray, lat: np.ndarray) -> LonLat:
    """Give BD-09 minus GCJ-02 in degrees."""
    radius = np.hypot(lon, lat) + 0.00002 * np.sin(lat * BD_ANGLE)
    angle = np.arctan2(lat, lon) + 0.000003 * np.cos(lon * BD_ANGLE)
    return radius * np.cos(angle) + 0.0065 - lon, radius * np.sin(angle) + 0.006 - lat


def _add(step: Callable[..., LonLat], lon: np.ndarray, lat: np.ndarray) -> LonLat:
    lon, lat = np.asarray(lon, dtype=float), np.asarray(lat, dtype=float)
    d_lon, d_lat = step(lon, lat)
    return lon + d_lon, lat + d_lat


def _remove(step: Callable[..., LonLat], lon: np.ndarray, lat: np.ndarray) -> LonLat:
    """Invert a shift by fixed point: the start that the shift takes to (lon, lat)."""
    lon, lat = np.asarray(lon, dtype=float), np.asarray(lat, dtype=float)
    start_lon, start_lat = lon, lat
    for _ in range(N_ROUNDS):
        d_lon, d_lat = step(start_lon, start_lat)
        start_lon, start_lat = lon - d_lon, lat - d_lat
    return start_lon, start_lat


def gcj02_from_wgs84(lon: np.ndarray, lat: np.ndarray) -> LonLat:
    """Shift WGS84 (taken as CGCS2000) to GCJ-02; unchanged outside China's rectangle.

    Examples
    --------
    >>> lon, lat = gcj02_from_wgs84([108.5217], [25.9317])
    >>> round(float(lon[0]), 8), round(float(lat[0]), 8)
    (108.52570415, 25.92848262)
    """
    return _add(_gcj_step, lon, lat)


def wgs84_from_gcj02(lon: np.ndarray, lat: np.ndarray) -> LonLat:
    """Take GCJ-02 back to WGS84, to far below a millimetre of the forward formula.

    Examples
    --------
    >>> lon, lat = wgs84_from_gcj02(*gcj02_from_wgs84([108.5217], [25.9317]))
    >>> round(float(lon[0]), 10), round(float(lat[0]), 10)
    (108.5217, 25.9317)
    """
    return _remove(_gcj_step, lon, lat)


def bd09_from_gcj02(lon: np.ndarray, lat: np.ndarray) -> LonLat:
    """Shift GCJ-02 to BD-09.

    Examples
    --------
    >>> lon, lat = bd09_from_gcj02([116.38404722455657], [39.91334545536069])
    >>> round(float(lon[0]), 7), round(float(lat[0]), 7)
    (116.3904547, 39.9195756)
    """
    return _add(_bd_step, lon, lat)


def gcj02_from_bd09(lon: np.ndarray, lat: np.ndarray) -> LonLat:
    """Take BD-09 back to GCJ-02, to far below a millimetre of the forward formula.

    Examples
    --------
    >>> lon, lat = gcj02_from_bd09([116.3904547], [39.9195756])
    >>> round(float(lon[0]), 7), round(float(lat[0]), 7)
    (116.3840472, 39.9133455)
    """
    return _remove(_bd_step, lon, lat)
