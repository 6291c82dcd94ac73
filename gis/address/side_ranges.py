"""House numbers by the ranges of street sides: where a number, or a stretch of them, lies.

A side's numbers run from its first to its last along the line; positions between are in
proportion, never beyond the ends. EPSG:4326; lengths in metres on a local flat earth.
"""

from __future__ import annotations

from collections import defaultdict
from typing import NamedTuple

import numpy as np
import pandas as pd
import shapely

from gis.address.distance import METRES_PER_DEGREE, distance_m

UNSURE_SHARE = 1 / 3
"""Share of a side's length that a number on it may be off: plots are not equally wide."""

FARTHEST_SAME_M = 60.0
"""Two sides that put a number this near mean one place."""

Spot = tuple[float, float, float]
"""Longitude, latitude, and how far it may be off in metres."""


class Side(NamedTuple):
    """One side of one segment: first and last number in the direction of the line."""

    first: int
    last: int
    line: shapely.LineString
    length_m: float

    @property
    def low(self) -> int:
        """The smaller end."""
        return min(self.first, self.last)

    @property
    def high(self) -> int:
        """The larger end."""
        return max(self.first, self.last)

    def point_of(self, number: int) -> tuple[float, float]:
        """Give the point of a number between the ends; the middle where they are equal."""
        span = self.last - self.first
        share = (number - self.first) / span if span else 0.5
        return self.line.interpolate(share, normalized=True).coords[0]

    def holds(self, number: int) -> bool:
        """Whether the number is between the ends and of the parity of one of them."""
        first, last = self.first, self.last
        if not (first <= number <= last or last <= number <= first):
            return False
        return (number - first) % 2 == 0 or (number - last) % 2 == 0


def length_m_of(line: shapely.LineString) -> float:
    """Give the length of a line in degrees, in metres."""
    x, y = shapely.get_coordinates(line).T
    squeeze = np.cos(np.radians(y.mean()))
    return float(METRES_PER_DEGREE * np.hypot(np.diff(x) * squeeze, np.diff(y)).sum())


class SideRanges:
    """The sides of all streets, by street.

    Parameters
    ----------
    streets
        Street key, line, and the four columns of ranges where they are known.
    """

    def __init__(self, keys: list[str], lines: np.ndarray, streets: pd.DataFrame) -> None:
        self._sides: dict[str, list[Side]] = defaultdict(list)
        for name in ("left", "right"):
            columns = (f"{name}_from", f"{name}_to")
            if set(columns) <= set(streets.columns):
                ends = [pd.to_numeric(streets[c], errors="coerce").fillna(-1) for c in columns]
                self._add(keys, lines, *ends)

    def _add(self, keys: list[str], lines: np.ndarray, first: pd.Series, last: pd.Series) -> None:
        """Take the ranges of one side; those without numbers above 0 are left out."""
        for key, line, a, b in zip(keys, lines, first, last, strict=True):
            if not key or line is None or a <= 0 or b <= 0:
                continue
            merged = shapely.line_merge(line)
            if merged.geom_type == "LineString" and not merged.is_empty:
                self._sides[key].append(Side(int(a), int(b), merged, length_m_of(merged)))

    def locate_number(self, street: str, number: int) -> list[Spot]:
        """Give the spots of a number: the shortest range that holds it, and others far from it.

        A street of this name elsewhere may have the number too; it is shown, not hidden.
        """
        sides = [s for s in self._sides.get(street, ()) if s.holds(number)]
        spots: list[Spot] = []
        for side in sorted(sides, key=lambda s: (s.high - s.low, s.first)):
            lon, lat = side.point_of(number)
            far = max(side.length_m, FARTHEST_SAME_M)
            if all(distance_m(lon, lat, x, y) > far for x, y, _ in spots):
                spots.append((lon, lat, UNSURE_SHARE * side.length_m))
        return spots

    def denies(self, street: str, number: int) -> bool:
        """Whether the street's ranges pass over a number: sides below and above, none with it."""
        sides = [s for s in self._sides.get(street, ()) if (number - s.first) % 2 == 0]
        below, above = any(s.high < number for s in sides), any(s.low > number for s in sides)
        return below and above and not any(s.holds(number) for s in sides)

    def locate_range(self, street: str, low: int, high: int) -> Spot | None:
        """Give the middle of a stretch of numbers and half its extent; None where none is known."""
        ends = [
            side.point_of(number)
            for side in self._sides.get(street, ())
            if side.low <= high and side.high >= low
            for number in (max(low, side.low), min(high, side.high))
        ]
        if not ends:
            return None
        (x0, y0), (x1, y1) = np.min(ends, axis=0), np.max(ends, axis=0)
        return float(x0 + x1) / 2, float(y0 + y1) / 2, distance_m(x0, y0, x1, y1) / 2
