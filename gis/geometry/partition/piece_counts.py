"""How many grids pieces of ground that do not touch fit together, and the limit that helps.

Pure. A piece bears grids of its own only, so each has its own fewest and most; what a request may
ask for lies between their sums.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from gis.geometry.band import Band
from gis.geometry.partition.feasible import component_bounds


@dataclass(frozen=True)
class PieceCounts:
    """Pieces by weight and number of blocks: (m,) each, and the band."""

    totals: np.ndarray
    sizes: np.ndarray
    band: Band

    def bounds(self, band: Band | None = None) -> np.ndarray:
        """Give the fewest and the most grids of each piece, here or in another band: (m, 2)."""
        return component_bounds(self.totals, band or self.band, self.sizes)

    def least_maximum(self, count: int) -> int | None:
        """Give the least whole maximum that lets `count` grids be few enough; None: none does.

        Examples
        --------
        >>> two = PieceCounts(np.array([700.0, 700]), np.array([9, 9]), Band(300, 500))
        >>> two.bounds().sum(axis=0).tolist(), two.least_maximum(3), two.least_maximum(1)
        ([4, 4], 700, None)
        """
        limits = {math.ceil(t / j) for t in self.totals for j in range(1, count + 1)}
        for limit in sorted(limit for limit in limits if limit > self.band.maximum):
            if self._fits(self.bounds(self.band._replace(maximum=limit)), count):
                return limit
        return None

    def greatest_minimum(self, count: int) -> int | None:
        """Give the greatest whole minimum that lets `count` grids be enough; None: none does.

        Examples
        --------
        >>> two = PieceCounts(np.array([700.0, 700]), np.array([9, 9]), Band(300, 500))
        >>> two.greatest_minimum(5), two.greatest_minimum(19)
        (233, None)
        """
        limits = {math.floor(t / j) for t in self.totals for j in range(1, count + 1)}
        for limit in sorted(
            (limit for limit in limits if 0 < limit < self.band.minimum), reverse=True
        ):
            if self._fits(self.bounds(self.band._replace(minimum=limit)), count):
                return limit
        return None

    def _fits(self, bounds: np.ndarray, count: int) -> bool:
        low, high = bounds.sum(axis=0)
        return bool((bounds[:, 0] <= bounds[:, 1]).all() and low <= count <= high)
