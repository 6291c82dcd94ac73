"""How much a grid may hold."""

from __future__ import annotations

import math
from typing import NamedTuple

from gis.errors import InvalidInput

ROUNDING = 1e-9


class Band(NamedTuple):
    """What a grid, or a part of a graph, may weigh: from minimum to maximum, both inclusive."""

    minimum: float
    maximum: float

    def require(self, *, empty_parts: bool = False) -> Band:
        """Give the band back where it is one.

        Parameters
        ----------
        empty_parts
            Whether the minimum may be 0.

        Raises
        ------
        InvalidInput
            The minimum is negative, 0 where it must not be, or above the maximum.

        Examples
        --------
        >>> Band(300, 500).require()
        Band(minimum=300, maximum=500)
        """
        low, high = self
        if empty_parts and not (0 <= low <= high and high > 0):
            raise InvalidInput(
                "the band {minimum:g}-{maximum:g} is not one: give 0 <= minimum <= maximum",
                minimum=low,
                maximum=high,
            )
        if not empty_parts and not 0 < low <= high:
            raise InvalidInput(
                "the band {minimum:g}-{maximum:g} is not one: 0 < minimum <= maximum",
                minimum=low,
                maximum=high,
            )
        return self

    def holds(self, weight: float) -> bool:
        """Tell whether a weight is within it.

        Examples
        --------
        >>> Band(300, 500).holds(300), Band(300, 500).holds(501)
        (True, False)
        """
        return self.minimum <= weight <= self.maximum

    def counts(self, weight: float) -> tuple[int, int]:
        """Give the fewest and the most parts of a total weight; fewest > most: none is possible.

        Examples
        --------
        >>> band = Band(300, 500)
        >>> band.counts(2000), band.counts(550), band.counts(40)
        ((4, 6), (2, 1), (1, 0))
        """
        fewest = max(1, math.ceil(weight / self.maximum - ROUNDING))
        most = math.floor(weight / self.minimum + ROUNDING) if self.minimum > 0 else 10**9
        return fewest, most

    def widened(self, down: float, up: float) -> Band:
        """Give the band with its limits moved apart; none falls below 0.

        Examples
        --------
        >>> Band(300, 500).widened(400, 50)
        Band(minimum=0.0, maximum=550)
        """
        return Band(max(self.minimum - down, 0.0), self.maximum + up)

    @property
    def middle(self) -> float:
        """Give the weight half way between the limits."""
        return (self.minimum + self.maximum) / 2
