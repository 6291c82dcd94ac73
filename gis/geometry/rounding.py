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
LEAST_STEP_M = 55.0
"""A raster finer than this does no harm."""

METRES_PER_DEGREE = 111_320.0

STEPS_M = (1000.0, 100.0)
"""What coordinates in metres are rounded to by hand."""


@dataclass(frozen=True)
class Rounding:
    """What coordinates were rounded to.

    Parameters
    ----------
    decimals
        Decimals of a degree; None for a raster of another step, or of metres.
    step_m
        From one possible place to the next, north to south.
    rows
        Positions of the rounded rows.
    """

    decimals: int | None
    step_m: float
    rows: np.ndarray


def find_rounding(lon: np.ndarray, lat: np.ndarray, *, in_metres: bool = False) -> Rounding | None:
    """Find out whether nearly all coordinates of a file were rounded.

    It is to be asked of the numbers as they were written: what was rounded in one datum or system
    is not round in another.

    Parameters
    ----------
    lon, lat
        (n,) degrees, nan where unknown; metres east and north where ``in_metres``.

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
    unit_m = 1.0 if in_metres else METRES_PER_DEGREE
    sure = 1e-3 / unit_m
    by_hand = STEPS_M if in_metres else [10.0**-decimals for decimals in (1, 2, 3)]
    for i, step in enumerate(by_hand):
        if _on_steps(places, step, sure).mean() >= LEAST_SHARE:
            rows = known[_on_steps(points, step, sure)]
            return Rounding(None if in_metres else i + 1, step * unit_m, rows)
    step = min(_step_of(places[:, 0], sure), _step_of(places[:, 1], sure))
    if step * unit_m < LEAST_STEP_M or len(places) < 2 * FEWEST_ROWS:
        return None
    return Rounding(None, step * unit_m, known)


def _on_steps(points: np.ndarray, step: float, sure: float) -> np.ndarray:
    """Say which points lie on whole steps, up to what a number may be off."""
    steps = points / step
    off = np.abs(steps - np.round(steps)) * step
    return np.asarray((off < sure).all(axis=1))


def _step_of(values: np.ndarray, sure: float) -> float:
    """Give the step of which all differences are multiples; 0 where there is none."""
    distinct = np.unique(values)
    gaps = np.diff(distinct)
    gaps = gaps[gaps > 2 * sure]
    if len(gaps) < 2:
        return 0.0
    step = float(gaps.min())
    steps = gaps / step
    return step if (np.abs(steps - np.round(steps)) * step < 10 * sure).all() else 0.0
