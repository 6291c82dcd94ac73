"""Whether the rows of one file are in two datums: pasted together from two sources. Pure.

Every row is looked at as given, and as if it were in one of the datums of Chinese web maps. Where
some rows lie right in one way and nearly all others in another, the file is mixed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from gis.geometry.correction import METRES_PER_DEGREE, Correction
from gis.geometry.datum import GCJ_BOUNDS

FEWEST_ROWS = 10
"""Different places that each of the two parts must hold at least."""

LEAST_PART = 0.05
LEAST_EXPLAINED = 0.8
"""Of the rows that do not lie right in one way, those that must in the other."""

ABOVE_CHANCE = 0.3
"""More of them than rows come to lie right by chance when shifted."""

NEAR_M = 50.0

IsRight = Callable[[np.ndarray, np.ndarray], np.ndarray]


@dataclass(frozen=True)
class Mixture:
    """Two parts of a file that are in different datums.

    Parameters
    ----------
    kinds
        Datum of the larger and of the smaller part: ``as given``, ``gcj02`` or ``bd09``.
    n_first
        Rows of the larger part.
    rows
        Positions of the rows of the smaller part.
    n_compared
        Rows that were looked at.
    """

    kinds: tuple[str, str]
    n_first: int
    rows: np.ndarray
    n_compared: int


AS_GIVEN = "as given"


def find_mixture(lon: np.ndarray, lat: np.ndarray, is_right: IsRight) -> Mixture | None:
    """Find two datums in one file.

    Parameters
    ----------
    lon, lat
        (n,) coordinates as given, in degrees.
    is_right
        Says of (n,) longitudes and latitudes which lie where the rows should.

    Examples
    --------
    >>> from gis.geometry.datum import gcj02_from_wgs84
    >>> rng = np.random.default_rng(0)
    >>> true = rng.uniform(108.4, 108.6, 60), rng.uniform(25.8, 26.0, 60)
    >>> given = [np.where(np.arange(60) % 3, t, s) for t, s in zip(true, gcj02_from_wgs84(*true))]
    >>> found = find_mixture(*given, near_places(*true))
    >>> found.kinds, found.n_first, found.rows[:3].tolist()
    (('as given', 'gcj02'), 40, [0, 3, 6])
    """
    lon, lat = np.asarray(lon, dtype=float), np.asarray(lat, dtype=float)
    known = np.isfinite(lon) & np.isfinite(lat)
    west, south, east, north = GCJ_BOUNDS
    in_china = known & (lon >= west) & (lon <= east) & (lat >= south) & (lat <= north)
    if in_china.sum() < 2 * FEWEST_ROWS:
        return None
    ways = {AS_GIVEN: is_right(lon, lat) & known}
    for kind in ("gcj02", "bd09"):
        ways[kind] = is_right(*Correction(kind).apply(lon, lat)) & in_china
    points = np.column_stack([lon, lat])
    found = [
        pair
        for pair in combinations(ways, 2)
        if _are_parts(ways[pair[0]], ways[pair[1]], known, points)
    ]
    if not found:
        return None
    best = max(found, key=lambda pair: int((ways[pair[0]] | ways[pair[1]]).sum()))
    return _as_mixture(best, ways, int(known.sum()))


def _as_mixture(pair: tuple[str, str], ways: dict[str, np.ndarray], n_known: int) -> Mixture:
    first, second = pair
    rows = {first: ways[first], second: ways[second] & ~ways[first]}
    if rows[first].sum() < rows[second].sum():
        first, second = second, first
    return Mixture((first, second), int(rows[first].sum()), np.flatnonzero(rows[second]), n_known)


def _are_parts(
    first: np.ndarray, second: np.ndarray, known: np.ndarray, points: np.ndarray
) -> bool:
    """Say whether rows lie right in one way or the other, and in each for a good reason."""
    return _explains(second, first, known, points) and _explains(first, second, known, points)


def _explains(way: np.ndarray, other: np.ndarray, known: np.ndarray, points: np.ndarray) -> bool:
    """Say whether one way explains the rows that the other leaves, beyond chance."""
    left = known & ~other
    own = left & way
    n_places = len(np.unique(points[own], axis=0))
    if n_places < FEWEST_ROWS or own.sum() < LEAST_PART * known.sum():
        return False
    explained = own.sum() / left.sum()
    chance = (way & other).sum() / max(1, other.sum())
    return bool(explained >= LEAST_EXPLAINED and explained >= chance + ABOVE_CHANCE)


def near_places(lon: np.ndarray, lat: np.ndarray) -> IsRight:
    """Give the test whether rows lie within `NEAR_M` of their own places; nan is nowhere."""

    def is_right(x: np.ndarray, y: np.ndarray) -> np.ndarray:
        east = (x - lon) * np.cos(np.radians(lat))
        away_m = np.hypot(east, y - lat) * METRES_PER_DEGREE
        return np.nan_to_num(away_m, nan=np.inf) <= NEAR_M

    return is_right
