"""Metres between positions in degrees, near each other, on a local flat earth."""

from __future__ import annotations

import math

METRES_PER_DEGREE = 111_320.0


def distance_m(lon_a: float, lat_a: float, lon_b: float, lat_b: float) -> float:
    """Give the distance of two near points in metres.

    Examples
    --------
    >>> round(distance_m(108.5, 25.9, 108.501, 25.9))
    100
    """
    middle = (lat_a + lat_b) / 2
    squeeze = math.cos(math.radians(middle)) if math.isfinite(middle) else math.nan
    return METRES_PER_DEGREE * math.hypot((lon_a - lon_b) * squeeze, lat_a - lat_b)
