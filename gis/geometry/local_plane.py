"""Degrees as metres about a place, near enough for distances of a community."""

from __future__ import annotations

import numpy as np
import shapely

METRES_PER_DEGREE = 111_320.0
"""Of latitude; of longitude at the equator."""


class Plane:
    """Degrees as metres about the middle of (n, 2) lon, lat; straight lines stay straight."""

    def __init__(self, xy: np.ndarray) -> None:
        lat = float(xy[:, 1].mean()) if len(xy) else 0.0
        self.scale = METRES_PER_DEGREE * np.array([np.cos(np.radians(lat)), 1.0])

    def __call__(self, xy: np.ndarray) -> np.ndarray:
        """Give coordinates in metres."""
        return xy * self.scale

    def points(self, xy: np.ndarray) -> np.ndarray:
        """Give points in metres."""
        return shapely.points(self(xy))

    def lines(self, ends: np.ndarray) -> np.ndarray:
        """Give segments in metres, of (s, 4) ends."""
        return shapely.linestrings(self(ends.reshape(-1, 2)).reshape(-1, 2, 2))
