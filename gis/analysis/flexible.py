"""The flexible scan: clusters of any shape, grown over the borders of areas.

A circle covers a cluster along a river or a road badly. Here a cluster grows from every area by the
neighbour that raises the likelihood ratio most, and the best of all stages counts. Restricted, only
areas that have more events than chance likes by themselves may be in it, which keeps clusters from
creeping through the whole map.

**Source**: Tango T. and Takahashi K. (2012), "A flexible spatial scan statistic with a restricted
likelihood ratio for detecting disease clusters", doi 10.1002/sim.5478, with their middle p value of
0.2 for single areas. They try every connected set; growing tries one chain from each area, the same
for the simulated maps, so that the p values hold.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numba import njit
from numpy.typing import ArrayLike, NDArray
from scipy import stats

from gis.analysis.clusters import (
    LEAST_CASES,
    Zone,
    likelihood_ratio,
    tell_clusters,
    without_overlap,
)
from gis.analysis.neighbourhoods import Neighbours, with_itself
from gis.errors import InvalidInput

LIKELY = 0.2
"""An area whose middle p value is not below this is in no restricted cluster."""


def flexible_scan(
    cases: ArrayLike,
    expected: ArrayLike,
    neighbours: Neighbours,
    *,
    max_length: int,
    restricted: bool = True,
    n_simulations: int = 999,
    seed: int = 0,
) -> pd.DataFrame:
    """Find connected areas with more events than chance, whatever their shape.

    Parameters
    ----------
    cases
        (n,) events.
    expected
        (n,) events expected, in any unit: they are scaled to the number of all events.
    neighbours
        For each area the row numbers of its neighbours.
    max_length
        Areas that a cluster may have.
    restricted
        Whether only areas may be in it that have many events by themselves.
    n_simulations, seed
        Simulated maps; 0 leaves the p values out.

    Returns
    -------
    DataFrame
        As `gis.analysis.scan.scan_statistic` gives it; ``centre`` is the area it grew from.

    Raises
    ------
    InvalidInput
        Shapes do not fit, or ``max_length`` is below 1.

    Examples
    --------
    >>> row = [[1], [0, 2], [1, 3], [2, 4], [3, 5], [4]]
    >>> found = flexible_scan([9, 8, 1, 1, 1, 1], [1] * 6, row, max_length=4, n_simulations=99)
    >>> sorted(found["members"][0]), float(found["p_value"][0]) < 0.05
    ([0, 1], True)
    """
    c = np.asarray(cases, dtype=np.int64)
    awaited = np.asarray(expected, dtype=float)
    if not len(c) == len(awaited) == len(neighbours) or (c < 0).any() or (awaited < 0).any():
        raise InvalidInput("cases, expected and neighbours: expected one value for each area")
    if max_length < 1:
        raise InvalidInput("max_length: expected at least 1")
    c = np.where(awaited > 0, c, 0)
    total = int(c.sum())
    none = np.zeros(0)
    if total == 0:
        return tell_clusters([], awaited[:, None], total, [0], none)
    awaited = awaited * (total / awaited.sum())
    least = _least_counts(awaited) if restricted else np.zeros(len(c), dtype=np.int64)
    near = with_itself(neighbours)
    ground = (awaited, least, near.indptr.astype(np.int64), near.indices.astype(np.int64))
    best, size, grown = _grow_all(c, *ground, max_length, total)
    zones = [
        Zone(i, members, 0, 1, int(c[members].sum()), float(best[i]))
        for i in np.flatnonzero(best > 0).tolist()
        for members in [grown[i, : size[i]].tolist()]
    ]
    rng = np.random.default_rng(seed)
    share = awaited / awaited.sum()
    simulated = np.zeros(n_simulations)
    for k in range(n_simulations):
        simulated[k] = _grow_all(rng.multinomial(total, share), *ground, max_length, total)[0].max()
    clusters = without_overlap(zones, len(c))
    return tell_clusters(clusters, awaited[:, None], total, [0], simulated)


def _least_counts(expected: NDArray[np.float64]) -> NDArray[np.int64]:
    """Give the least number of events of each area whose middle p value is below `LIKELY`."""
    least = np.zeros(len(expected), dtype=np.int64)
    open_ = expected > 0
    least[~open_] = np.iinfo(np.int64).max
    while open_.any():
        n, e = least[open_], expected[open_]
        enough = stats.poisson.sf(n, e) + stats.poisson.pmf(n, e) / 2 < LIKELY
        rows = np.flatnonzero(open_)
        open_[rows[enough]] = False
        least[rows[~enough]] += 1
    return least


@njit(cache=True)
def _grow_all(
    cases: NDArray[np.int64],
    expected: NDArray[np.float64],
    least: NDArray[np.int64],
    starts: NDArray[np.int64],
    near: NDArray[np.int64],
    max_length: int,
    total: int,
) -> tuple[NDArray[np.float64], NDArray[np.int64], NDArray[np.int64]]:
    """Grow a chain of areas from each; give its best ratio, how long it was then, and the chain."""
    n = len(cases)
    best, size = np.zeros(n), np.zeros(n, np.int64)
    chain = np.full((n, max_length), -1, np.int64)
    seen = np.full(n, -1, np.int64)  # by which start an area was last come upon
    rim = np.empty(n, np.int64)
    for start in range(n):
        if cases[start] < least[start] or cases[start] == 0:
            continue
        c, e, n_rim = 0, 0.0, 1
        rim[0], seen[start] = start, start
        for length in range(max_length):
            pick, highest = -1, -1.0
            for k in range(n_rim):
                area = rim[k]
                ratio = likelihood_ratio(c + cases[area], e + expected[area], total)
                if ratio > highest:
                    pick, highest = k, ratio
            if pick < 0:
                break
            area = rim[pick]
            n_rim -= 1
            rim[pick] = rim[n_rim]
            c, e = c + cases[area], e + expected[area]
            chain[start, length] = area
            if highest > best[start] and c >= LEAST_CASES:
                best[start], size[start] = highest, length + 1
            for k in range(starts[area], starts[area + 1]):
                other = near[k]
                if seen[other] != start and cases[other] >= least[other]:
                    seen[other] = start
                    rim[n_rim] = other
                    n_rim += 1
    return best, size, chain
