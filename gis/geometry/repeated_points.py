"""Points that stand for nothing because too many rows have them: a default, an office. Pure.

A tower of 200 households has one point and one address; an office to which 200 households were
placed has one point and many addresses, or none.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

FEWEST_ROWS = 20
"""Rows at one point below which nothing is said."""

FEWEST_HOUSES = 3
"""Different houses named by the rows of one point that make it doubtful."""

LEAST_SHARE = 0.1
"""Of all rows at one point that makes it doubtful where the rows name no house."""

ONE_HOUSE = 0.8
"""Share of the rows that name a house at all, all the same one, at a tower's point."""


@dataclass(frozen=True)
class RepeatedPoint:
    """A point that many rows have.

    Parameters
    ----------
    lon, lat
        The point, in degrees.
    rows
        Positions of the rows.
    n_houses
        Different houses that their texts name; 0 where they name none.
    """

    lon: float
    lat: float
    rows: np.ndarray
    n_houses: int


def find_repeated_points(
    lon: np.ndarray, lat: np.ndarray, houses: np.ndarray | None = None
) -> list[RepeatedPoint]:
    """List the points that stand for too many rows, most rows first.

    Parameters
    ----------
    lon, lat
        (n,) degrees, nan where unknown.
    houses
        (n,) name of the house that a row's text speaks of, "" where it speaks of none.

    Examples
    --------
    >>> lon, lat = np.full(200, 114.1247), np.full(200, 30.088)
    >>> [len(p.rows) for p in find_repeated_points(lon, lat)]
    [200]
    >>> find_repeated_points(lon, lat, np.full(200, "学院路1号"))
    []
    """
    lon, lat = np.asarray(lon, dtype=float), np.asarray(lat, dtype=float)
    said = np.full(len(lon), "", dtype=object) if houses is None else np.asarray(houses)
    known = np.flatnonzero(np.isfinite(lon) & np.isfinite(lat))
    if len(known) < FEWEST_ROWS:
        return []
    points = np.round(np.column_stack([lon, lat])[known], 7)
    distinct, place, counts = np.unique(points, axis=0, return_inverse=True, return_counts=True)
    found = []
    for i in np.flatnonzero(counts >= FEWEST_ROWS):
        rows = known[place.reshape(-1) == i]
        n_houses = _doubtful_houses(said[rows], len(rows) / len(known))
        if n_houses is not None:
            found.append(
                RepeatedPoint(float(distinct[i, 0]), float(distinct[i, 1]), rows, n_houses)
            )
    return sorted(found, key=lambda p: -len(p.rows))


def _doubtful_houses(said: np.ndarray, share: float) -> int | None:
    """Count the houses that the rows of one point name; None where they may well lie there."""
    names, counts = np.unique(said[said != ""].astype(str), return_counts=True)
    n_said = int(counts.sum())
    if len(names) >= FEWEST_HOUSES and counts.max() < ONE_HOUSE * n_said:
        return len(names)
    is_silent = n_said < (1 - ONE_HOUSE) * len(said)
    return 0 if is_silent and share >= LEAST_SHARE else None


def is_repeated(lon: np.ndarray, lat: np.ndarray, houses: np.ndarray) -> np.ndarray:
    """Say which rows have a point that stands for too many; (n,) bool."""
    mask = np.zeros(len(lon), dtype=bool)
    for point in find_repeated_points(lon, lat, houses):
        mask[point.rows] = True
    return mask
