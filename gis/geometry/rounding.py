"""Whether coordinates were rounded: to two or three decimals, or to the corners of a raster. Pure.

Three decimals of a degree are 111 m: houses on both sides of a street, and of a grid's border, get
one place.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

FEWEST_ROWS = 10
FEWEST_PLACES = 5
LEAST_SHARE = 0.9
LEAST_STEP_DEGREES = 0.0005
"""A raster finer than this (55 m) does no harm."""

METRES_PER_DEGREE = 111_320.0


@dataclass(frozen=True)
class Rounding:
    """What coordinates were rounded to.

    Parameters
    ----------
    decimals
        Decimals of a degree; None for a raster of another step.
    step_m
        From one possible place to the next, north to south.
    rows
        Positions of the rounded rows.
    """

    decimals: int | None
    step_m: float
    rows: np.ndarray


def find_rounding(lon: np.ndarray, lat: np.ndarray) -> Rounding | None:
    """Find out whether nearly all coordinates of a file were rounded.

    Parameters
    ----------
    lon, lat
        (n,) degrees, nan where unknown.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> lon, lat = rng.uniform(114.1, 114.2, 50), rng.uniform(30.0, 30.1, 50)
    >>> find_rounding(lon, lat) is None, find_rounding(lon.round(3), lat.round(3)).decimals
    (True, 3)
    """
    lon, lat = np.asarray(lon, dtype=float), np.asarray(lat, dtype=float)
    known = np.flatnonzero(np.isfinite(lon) & np.isfinite(lat))
    points = np.column_stack([lon, lat])[known]
    places = np.unique(points, axis=0)
    if len(known) < FEWEST_ROWS or len(places) < FEWEST_PLACES:
        return None
    for decimals in (1, 2, 3):
        step = 10.0**-decimals
        if _on_steps(places, step).mean() >= LEAST_SHARE:
            rows = known[_on_steps(points, step)]
            return Rounding(decimals, step * METRES_PER_DEGREE, rows)
    step = min(_step_of(places[:, 0]), _step_of(places[:, 1]))
    if step < LEAST_STEP_DEGREES or len(places) < 2 * FEWEST_ROWS:
        return None
    return Rounding(None, step * METRES_PER_DEGREE, known)


def _on_steps(points: np.ndarray, step: float) -> np.ndarray:
    steps = points / step
    return (np.abs(steps - np.round(steps)) * step < 1e-8).all(axis=1)


def _step_of(values: np.ndarray) -> float:
    """Give the step of which all differences are multiples; 0 where there is none."""
    distinct = np.unique(np.round(values, 8))
    gaps = np.diff(distinct)
    gaps = gaps[gaps > 2e-8]
    if len(gaps) < 2:
        return 0.0
    step = float(gaps.min())
    steps = gaps / step
    return step if (np.abs(steps - np.round(steps)) * step < 1e-7).all() else 0.0
