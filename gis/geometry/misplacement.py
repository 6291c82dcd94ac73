"""Find out whether the coordinates of a whole file are wrong in one and the same way. Pure.

Typical mistakes are tried one by one on all rows, and the one that brings clearly most rows to
where they should be is given, with its evidence; nothing is ever corrected here. Mistakes with a
name win over a mere offset that fits as well, because their size is not fitted to the rows.

Rows that say the same count once: a tower of 200 households at one point is one witness.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from gis.geometry.correction import DATUM_KINDS, METRES_PER_DEGREE, Correction
from gis.geometry.datum import GCJ_BOUNDS
from gis.geometry.locate import PolygonLocator
from gis.geometry.zones import likely_zones

FEWEST_WITNESSES = 20
LEAST_DISTANCE_M = 50.0
"""Nearer than this, typically, coordinates and addresses agree."""

LEAST_SHARE = 0.65
"""Of the rows that a correction must bring near; wrong addresses may be a fifth of all and more."""

MOST_FINE = 0.15
"""Of the rows that may lie right as given: a correction of the whole file would spoil them."""

NEARER = 1 / 3
"""A row is explained when the correction leaves at most this part of the usual distance."""

ZONE_WIDTH_DEGREES = 3.0


@dataclass(frozen=True)
class Misplacement:
    """A mistake that a whole file seems to have, and what speaks for it.

    Parameters
    ----------
    correction
        What would set it right.
    n_compared
        Rows that could be compared with a place known otherwise.
    n_right_before, n_right_after
        Of them, rows that lie where they should, as given and when corrected.
    before_m, after_m
        Median distance from where they should lie; None when only an outline was known.
    """

    correction: Correction
    n_compared: int
    n_right_before: int
    n_right_after: int
    before_m: float | None = None
    after_m: float | None = None


def find_misplacement(
    given_lon: np.ndarray, given_lat: np.ndarray, true_lon: np.ndarray, true_lat: np.ndarray
) -> Misplacement | None:
    """Compare given coordinates with those of the same rows' addresses.

    Parameters
    ----------
    given_lon, given_lat
        (n,) coordinates as given.
    true_lon, true_lat
        (n,) degrees of the accepted addresses; NaN where unknown. Up to a fifth may be wrong.

    Returns
    -------
    None when the file is right, when fewer than `FEWEST_WITNESSES` different rows can be compared,
    and when no mistake explains clearly most of them.

    Examples
    --------
    >>> from gis.geometry.datum import gcj02_from_wgs84
    >>> rng = np.random.default_rng(0)
    >>> lon, lat = rng.uniform(108.4, 108.6, 40), rng.uniform(25.8, 26.0, 40)
    >>> found = find_misplacement(*gcj02_from_wgs84(lon, lat), lon, lat)
    >>> str(found.correction), found.n_right_after, round(found.before_m / 10) * 10
    ('gcj02', 40, 540)
    """
    given, true, counts = _witnesses(given_lon, given_lat, true_lon, true_lat)
    if len(counts) < FEWEST_WITNESSES:
        return None
    away = _distance_m(*given, *true)
    before_m = float(np.median(away))
    if not before_m >= LEAST_DISTANCE_M or (away <= before_m * NEARER).mean() > MOST_FINE:
        return None
    best: tuple[float, Correction, np.ndarray] | None = None
    for correction in _mistakes(*given, float(np.median(true[0]))):
        left = _distance_m(*correction.apply(*given), *true)
        if best is None or np.median(left) < best[0]:
            best = float(np.median(left)), correction, left
    offset = _offset(given, true)
    if offset is not None:
        left = _distance_m(*offset.apply(*given), *true)
        if best is None or best[0] > 1.25 * np.median(left) + 5:
            best = float(np.median(left)), offset, left
    if best is None or best[0] > before_m * NEARER:
        return None
    after_m, correction, left = best
    explained = left <= before_m * NEARER
    if explained.mean() < LEAST_SHARE:
        return None
    return Misplacement(
        correction,
        n_compared=int(counts.sum()),
        n_right_before=int(counts[away <= before_m * NEARER].sum()),
        n_right_after=int(counts[explained].sum()),
        before_m=before_m,
        after_m=after_m,
    )


def find_misplacement_by_outline(
    lon: np.ndarray, lat: np.ndarray, outline: object, *, least_share: float = 0.95
) -> Misplacement | None:
    """Find a mistake by where points must lie at all: in a county, or in buildings.

    Parameters
    ----------
    lon, lat
        (n,) coordinates as given.
    outline
        Polygons, or a frame of them, in degrees, that hold (nearly) every true place.
    least_share
        Share of the points that must lie in the outline when corrected.

    Returns
    -------
    The one correction that leaves at most a fifth of the points outside that are outside now, and
    at most a third of what any other leaves; else None.
    """
    lon, lat = np.asarray(lon, dtype=float), np.asarray(lat, dtype=float)
    known = np.isfinite(lon) & np.isfinite(lat)
    points, counts = np.unique(np.column_stack([lon, lat])[known], axis=0, return_counts=True)
    if len(points) < FEWEST_WITNESSES:
        return None
    locator = PolygonLocator(_polygons(outline))
    given = points[:, 0], points[:, 1]
    outside = locator.locate(*given) < 0
    if outside.sum() < FEWEST_WITNESSES:
        return None
    tried: list[tuple[int, int, Correction, np.ndarray]] = []
    for correction in _mistakes(*given, _middle_lon(outline)):
        still = locator.locate(*correction.apply(*given)) < 0
        tried.append((int(still.sum()), len(tried), correction, still))
    if not tried:
        return None
    least, _, correction, still = min(tried)[:4]
    others = [n for n, _, other, _ in tried if other != correction]
    is_clear = least <= outside.sum() / 5 and all(n >= 3 * least + 5 for n in others)
    if not is_clear or 1 - still.mean() < least_share:
        return None
    return Misplacement(
        correction,
        n_compared=int(counts.sum()),
        n_right_before=int(counts[~outside].sum()),
        n_right_after=int(counts[~still].sum()),
    )


def _witnesses(
    given_lon: np.ndarray, given_lat: np.ndarray, true_lon: np.ndarray, true_lat: np.ndarray
) -> tuple[tuple[np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray], np.ndarray]:
    """Give the different comparable rows, given and true, and how often each occurs."""
    columns = (given_lon, given_lat, true_lon, true_lat)
    table = np.column_stack([np.asarray(c, dtype=float) for c in columns])
    table = table[np.isfinite(table).all(axis=1)]
    rows, counts = np.unique(table, axis=0, return_counts=True)
    return (rows[:, 0], rows[:, 1]), (rows[:, 2], rows[:, 3]), counts


def _distance_m(
    lon: np.ndarray, lat: np.ndarray, other_lon: np.ndarray, other_lat: np.ndarray
) -> np.ndarray:
    """Give distances in metres, good to a per cent for places near one another; inf if unknown."""
    narrowing = np.cos(np.radians(other_lat))
    east, north = (lon - other_lon) * narrowing, lat - other_lat
    return np.nan_to_num(np.hypot(east, north) * METRES_PER_DEGREE, nan=np.inf)


def _mistakes(lon: np.ndarray, lat: np.ndarray, true_lon: float) -> Iterator[Correction]:
    """List the mistakes with a name that these coordinates may have."""
    if np.median(np.abs(lon)) > 360 or np.median(np.abs(lat)) > 360:
        for zone in likely_zones(lon, lat):
            yield Correction("metres", epsg=zone.epsg, is_swapped=zone.is_swapped)
        return
    west, south, east, north = GCJ_BOUNDS
    if west <= np.median(lon) <= east and south <= np.median(lat) <= north:
        yield from map(Correction, DATUM_KINDS)
    yield Correction("swapped_axes")
    zones = round((true_lon - float(np.median(lon))) / ZONE_WIDTH_DEGREES)
    if zones:
        yield Correction("zone", degrees=zones * ZONE_WIDTH_DEGREES)


def _offset(
    given: tuple[np.ndarray, np.ndarray], true: tuple[np.ndarray, np.ndarray]
) -> Correction | None:
    """Fit one way that everything is off by; None for rows in one spot, which prove nothing."""
    narrowing = np.cos(np.radians(true[1]))
    east_m = float(np.median((true[0] - given[0]) * narrowing)) * METRES_PER_DEGREE
    north_m = float(np.median(true[1] - given[1])) * METRES_PER_DEGREE
    low, high = np.quantile(np.stack(given), [0.05, 0.95], axis=1)
    spread_m = float(_distance_m(low[0], low[1], high[0], high[1]))
    if not spread_m >= 2 * np.hypot(east_m, north_m):
        return None
    return Correction("offset", east_m=round(east_m, 1), north_m=round(north_m, 1))


def _polygons(outline: Any) -> Iterable[Any]:
    return [outline] if hasattr(outline, "geom_type") and hasattr(outline, "wkb") else outline


def _middle_lon(outline: Any) -> float:
    bounds = outline.total_bounds if hasattr(outline, "total_bounds") else None
    if bounds is None:
        boxes = np.array([g.bounds for g in _polygons(outline)])
        bounds = (*boxes[:, :2].min(axis=0), *boxes[:, 2:].max(axis=0))
    return float(bounds[0] + bounds[2]) / 2
