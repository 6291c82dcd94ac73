"""How a place is written down: address text, coordinates, both, or neither well.

Pure; coordinates EPSG:4326.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.random import Generator
from numpy.typing import NDArray

from gis.geometry.local_plane import METRES_PER_DEGREE
from gis.synthetic.noise import noise_addresses


@dataclass(frozen=True)
class ReportingHabits:
    """Shares of what people write down; what is left of 1 has text and coordinates.

    Parameters
    ----------
    text_only, point_only
        Share of rows with only an address text, only coordinates.
    spoilt
        Share of the texts that are spoilt.
    shift_m
        Standard error of the coordinates, in metres.
    """

    text_only: float
    point_only: float
    spoilt: float
    shift_m: float


HOUSEHOLD_HABITS = ReportingHabits(text_only=0.72, point_only=0.03, spoilt=0.10, shift_m=4.0)
INCIDENT_HABITS = ReportingHabits(text_only=0.45, point_only=0.25, spoilt=0.28, shift_m=12.0)


@dataclass(frozen=True)
class Reported:
    """What was written down, row by row; absent texts are None, absent coordinates NaN."""

    address_text: NDArray[np.object_]
    lon: NDArray[np.float64]
    lat: NDArray[np.float64]
    noise: NDArray[np.object_]

    def points(self) -> NDArray[np.object_]:
        """Make points of the coordinates, None where there are none."""
        out = np.full(len(self.lon), None, dtype=object)
        known = np.isfinite(self.lon)
        out[known] = shapely.points(self.lon[known], self.lat[known])
        return out


def shift_points(
    lon: NDArray[np.float64], lat: NDArray[np.float64], rng: Generator, *, shift_m: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Move points by a normal error; rounded to 1e-7 degrees (about a centimetre)."""
    dx, dy = rng.normal(0, shift_m, (2, len(lon))) / METRES_PER_DEGREE
    return np.round(lon + dx / np.cos(np.radians(lat)), 7), np.round(lat + dy, 7)


def report_places(
    lon: NDArray[np.float64],
    lat: NDArray[np.float64],
    texts: NDArray[np.object_],
    rng: Generator,
    *,
    habits: ReportingHabits,
    script: str,
) -> Reported:
    """Write places down the way people do.

    Parameters
    ----------
    lon, lat
        (n,) true coordinates.
    texts
        (n,) clean standard addresses.
    habits
        What is left out and spoilt, and how often.
    script
        ``zh`` or ``western``.
    """
    draw = rng.random(len(lon))
    has_text = draw >= habits.point_only
    has_point = (draw < habits.point_only) | (draw >= habits.point_only + habits.text_only)
    noisy, noise = noise_addresses(texts.tolist(), rng, share=habits.spoilt, script=script)
    lon_near, lat_near = shift_points(lon, lat, rng, shift_m=habits.shift_m)
    said = [text if has else None for text, has in zip(noisy, has_text, strict=True)]
    return Reported(
        np.array(said, dtype=object),
        np.where(has_point, lon_near, np.nan),
        np.where(has_point, lat_near, np.nan),
        np.where(has_text, np.array(noise, dtype=object), ""),
    )
