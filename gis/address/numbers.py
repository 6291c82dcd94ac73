"""House numbers along one street: the known ones, and positions between them."""

from __future__ import annotations

import numpy as np

from gis.address.distance import distance_m
from gis.address.register import Register

LARGEST_GAP = 20
"""Interpolate between known numbers at most this many apart."""

LONGEST_GAP_M = 200.0


class NumberLine:
    """Known house numbers of one street.

    Parameters
    ----------
    register
        The register.
    rows
        Its rows on the street.
    """

    def __init__(self, register: Register, rows: np.ndarray) -> None:
        rows = rows[register.number_low[rows] >= 0]
        self._register = register
        self.rows = rows[np.argsort(register.number_low[rows], kind="stable")]
        self.low = register.number_low[self.rows]
        self.high = register.number_high[self.rows]
        self._placed = np.isfinite(register.lon[self.rows])

    def rows_with(self, number: int) -> np.ndarray:
        """Give the rows whose number, without suffix, is this one."""
        return self.rows[self.low == number]

    def is_range(self, rows: np.ndarray) -> np.ndarray:
        """Say of rows whether their own number is a range of numbers; (n,) bool."""
        return self._register.number_high[rows] > self._register.number_low[rows]

    def rows_over(self, number: int) -> np.ndarray:
        """Give the rows whose own range of numbers holds this one on its side."""
        inside = (self.low < number) & (number <= self.high) & ((number - self.low) % 2 == 0)
        return self.rows[inside]

    def rows_between(self, low: int, high: int) -> np.ndarray:
        """Give the rows with a number in a range, ends included."""
        return self.rows[(self.low >= low) & (self.low <= high)]

    def nearest(self, number: int, count: int) -> np.ndarray:
        """Give the placed rows of the nearest different numbers, nearest first."""
        low, rows = self.low[self._placed], self.rows[self._placed]
        order = np.argsort(np.abs(low - number), kind="stable")
        _, first = np.unique(low[order], return_index=True)
        return rows[order[np.sort(first)[:count]]]

    def interpolate(self, number: int) -> tuple[float, float, float] | None:
        """Place a number between its nearest known neighbours of the same parity.

        Returns
        -------
        lon, lat, error_m
            The position, and half the distance of the two neighbours; None where one side has
            no neighbour, or they are too far apart in numbers or metres.
        """
        usable = self._placed & ((self.low - number) % 2 == 0)
        below = np.flatnonzero(usable & (self.low < number))
        above = np.flatnonzero(usable & (self.low > number))
        if not len(below) or not len(above):
            return None
        a, b = below[-1], above[0]
        gap = int(self.low[b] - self.low[a])
        (lon_a, lat_a), (lon_b, lat_b) = self._position(a), self._position(b)
        gap_m = distance_m(lon_a, lat_a, lon_b, lat_b)
        if gap > LARGEST_GAP or gap_m > LONGEST_GAP_M:
            return None
        share = (number - int(self.low[a])) / gap
        return lon_a + share * (lon_b - lon_a), lat_a + share * (lat_b - lat_a), gap_m / 2

    def _position(self, at: int) -> tuple[float, float]:
        row = self.rows[at]
        return float(self._register.lon[row]), float(self._register.lat[row])
