"""The scan statistic: the clusters in space, or space and time, that chance explains least.

Every area is the middle of circles that grow by its nearest areas, up to a share of the expected
events; with periods every stretch of them up to a length is looked at, too. The largest likelihood
ratio of all these zones is compared with the largest of simulated maps, so that having looked at
millions of zones is reckoned with.

**Source**: Kulldorff M. (1997), "A spatial scan statistic", doi 10.1080/03610929708831995, the
discrete Poisson model; in space and time Kulldorff M. (2001), doi 10.1111/1467-985X.00186. The tail
beyond what was simulated: Abrams A. M., Kleinman K. and Kulldorff M. (2010), "Gumbel based p-value
approximations for spatial scan statistics", doi 10.1186/1476-072X-9-61.

A likelihood ratio grows with the events of a zone and falls with those expected in it. So a map is
searched without any logarithm: for each number of events the least expectation is kept, and the
ratios are taken of these few only.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numba import get_num_threads, get_thread_id, njit, prange
from numpy.typing import ArrayLike, NDArray
from scipy.spatial import cKDTree

from gis.analysis.clusters import (
    LEAST_CASES,
    Zone,
    likelihood_ratio,
    tell_clusters,
    without_overlap,
)
from gis.analysis.flexible import flexible_scan
from gis.errors import InvalidInput

__all__ = ["flexible_scan", "scan_statistic"]

Progress = Callable[[float], None]


@dataclass(frozen=True)
class _Ground:
    """What is searched: areas around each centre, nearest first, and how many of them count.

    ``order`` is (n, k) rows of areas, ``sizes`` (n,) how many of a row are within the limit,
    ``expected`` (n, periods) scaled so that it sums to all events.
    """

    order: NDArray[np.int32]
    sizes: NDArray[np.int32]
    expected: NDArray[np.float64]
    most_periods: int


def scan_statistic(
    cases: ArrayLike,
    population: ArrayLike,
    x: ArrayLike,
    y: ArrayLike,
    *,
    periods: Sequence[object] | None = None,
    max_share: float = 0.5,
    max_periods: int | None = None,
    n_simulations: int = 999,
    seed: int = 0,
    progress: Progress | None = None,
) -> pd.DataFrame:
    """Find the circles of areas, and the stretches of periods, with more events than chance.

    Parameters
    ----------
    cases
        (areas,) or (areas, periods) events.
    population
        The same shape, or (areas,) for all periods: what events are expected in proportion to.
    x, y
        (areas,) places on a plane, in any unit.
    periods
        What the periods are called; their numbers when None.
    max_share
        Of all expected events that a circle may hold, over all periods.
    max_periods
        Length of a stretch; half of all periods when None.
    n_simulations
        Simulated maps; 0 leaves the p values out.
    seed
        Of the simulated maps.
    progress
        Called with the share of the maps that are simulated.

    Returns
    -------
    DataFrame
        One row for each cluster, the most likely first, none of whose areas are in one before:
        ``centre`` (row of an area), ``members`` (rows, nearest first), ``first_period,
        last_period``, ``observed, expected, relative_risk, llr``; ``p_value`` by rank among the
        simulated maps, ``p_gumbel`` by the tail fitted to them.

    Raises
    ------
    InvalidInput
        Shapes do not fit, a limit is out of range, or events are negative.

    Examples
    --------
    >>> x, y = np.meshgrid(np.arange(6.0), np.arange(6.0))
    >>> cases = np.full(36, 2); cases[[0, 1, 6, 7]] = 9
    >>> found = scan_statistic(cases, [100] * 36, x.ravel(), y.ravel(), n_simulations=99)
    >>> sorted(found["members"][0]), float(found["p_value"][0])
    ([0, 1, 6, 7], 0.01)
    """
    c, lived = _checked(cases, population)
    points = np.column_stack([np.asarray(x, dtype=float), np.asarray(y, dtype=float)])
    if len(points) != len(c):
        raise InvalidInput("x and y: expected one value for each area")
    if not 0 < max_share <= 1:
        raise InvalidInput("max_share: expected a share above 0, at most 1")
    n_periods = c.shape[1]
    names = list(range(n_periods)) if periods is None else list(periods)
    if len(names) != n_periods:
        raise InvalidInput("periods: expected one name for each period")
    total = int(c.sum())
    if total == 0 or lived.sum() == 0:
        return tell_clusters([], lived, total, names, np.zeros(0))
    expected = lived * (total / lived.sum())
    most = n_periods if n_periods == 1 else max_periods or max(1, n_periods // 2)
    ground = _ground(points, expected, max_share * total, min(most, n_periods))
    found = _clusters(c, ground, total)
    simulated = _simulate(ground, total, n_simulations, seed, progress)
    return tell_clusters(found, expected, total, names, simulated)


def _checked(
    cases: ArrayLike, population: ArrayLike
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    c = np.asarray(cases)
    if c.ndim not in (1, 2) or not np.all(np.isfinite(c)) or (c < 0).any():
        raise InvalidInput("cases: expected counts, one row for each area")
    c = c.reshape(len(c), -1).astype(np.int64)
    lived = np.asarray(population, dtype=float)
    lived = lived.reshape(len(lived), -1)
    if len(lived) != len(c) or lived.shape[1] not in (1, c.shape[1]):
        raise InvalidInput("population: expected the shape of cases, or one value for each area")
    lived = np.where(np.isfinite(lived) & (lived > 0), lived, 0.0)
    lived = np.broadcast_to(lived, c.shape)
    return np.where(lived > 0, c, 0), np.ascontiguousarray(lived)


def _ground(
    points: NDArray[np.float64], expected: NDArray[np.float64], limit: float, most_periods: int
) -> _Ground:
    """Sort areas by distance, the same row first where they are equal, up to the limit."""
    weight = expected.sum(axis=1)
    lived = np.flatnonzero(weight > 0)
    within = max(1, _most_areas(weight[lived], limit))
    _, near = cKDTree(points[lived]).query(points[lived], k=within)
    near = np.asarray(near).reshape(len(lived), within)
    order = np.full((len(points), within), -1, dtype=np.int32)
    sizes = np.zeros(len(points), dtype=np.int32)
    held = np.cumsum(weight[lived][near], axis=1)
    order[lived] = lived[near]
    sizes[lived] = (held <= limit * (1 + 1e-12)).sum(axis=1)
    return _Ground(order[:, : max(1, sizes.max())].copy(), sizes, expected, most_periods)


def _most_areas(weight: NDArray[np.float64], limit: float) -> int:
    """Give how many areas a circle holds at most: as many of the lightest as the limit allows."""
    return int(np.searchsorted(np.cumsum(np.sort(weight)), limit, side="right"))


@njit(cache=True)
def _take_in(
    c: NDArray[np.int64],
    e: NDArray[np.float64],
    cases: NDArray[np.int64],
    expected: NDArray[np.float64],
) -> None:
    """Add an area to what a circle holds up to each period; (periods + 1,) sums from 0."""
    run_c, run_e = 0, 0.0
    for t in range(len(cases)):
        run_c += cases[t]
        run_e += expected[t]
        c[t + 1] += run_c
        e[t + 1] += run_e


@njit(parallel=True, cache=True)
def _least_expected(
    cases: NDArray[np.int64],
    expected: NDArray[np.float64],
    order: NDArray[np.int32],
    sizes: NDArray[np.int32],
    most_periods: int,
    least: NDArray[np.float64],
) -> None:
    """Keep, in a row for each thread, the least expectation of any zone by its events."""
    n_periods = cases.shape[1]
    for centre in prange(len(sizes)):
        row = least[get_thread_id()]
        c, e = np.zeros(n_periods + 1, np.int64), np.zeros(n_periods + 1)
        for k in range(sizes[centre]):
            _take_in(c, e, cases[order[centre, k]], expected[order[centre, k]])
            for first in range(n_periods):
                before_c, before_e = c[first], e[first]
                for last in range(first + 1, min(first + most_periods, n_periods) + 1):
                    n = c[last] - before_c
                    held = e[last] - before_e
                    if held < row[n]:
                        row[n] = held


@njit(parallel=True, cache=True)
def _best_of_centres(
    cases: NDArray[np.int64],
    expected: NDArray[np.float64],
    order: NDArray[np.int32],
    sizes: NDArray[np.int32],
    most_periods: int,
    total: int,
    best: NDArray[np.float64],
    zone: NDArray[np.int64],
) -> None:
    """Find the best zone of each centre: ``best`` (n,) ratios, ``zone`` (n, 4)."""
    n_periods = cases.shape[1]
    for centre in prange(len(sizes)):
        c, e = np.zeros(n_periods + 1, np.int64), np.zeros(n_periods + 1)
        for k in range(sizes[centre]):
            _take_in(c, e, cases[order[centre, k]], expected[order[centre, k]])
            for first in range(n_periods):
                for last in range(first + 1, min(first + most_periods, n_periods) + 1):
                    n = c[last] - c[first]
                    held = e[last] - e[first]
                    if n < LEAST_CASES or n <= held:
                        continue
                    # c log(c/E) alone is an upper bound: zones that cannot win cost one logarithm.
                    if n * np.log(n / held) <= best[centre]:
                        continue
                    ratio = likelihood_ratio(n, held, total)
                    if ratio > best[centre]:
                        best[centre] = ratio
                        zone[centre, 0], zone[centre, 1], zone[centre, 2] = k, first, last
                        zone[centre, 3] = n


def _clusters(cases: NDArray[np.int64], ground: _Ground, total: int) -> list[Zone]:
    """Take the best zones of all centres, each without an area of one taken before."""
    n = len(cases)
    best, zone = np.zeros(n), np.zeros((n, 4), dtype=np.int64)
    _best_of_centres(
        cases, ground.expected, ground.order, ground.sizes, ground.most_periods, total, best, zone
    )
    zones = []
    for centre in np.flatnonzero(best > 0).tolist():
        k, first, end, observed = zone[centre].tolist()
        members = ground.order[centre, : k + 1].tolist()
        zones.append(Zone(centre, members, first, end, observed, float(best[centre])))
    return without_overlap(zones, n)


def _simulate(
    ground: _Ground, total: int, times: int, seed: int, progress: Progress | None
) -> NDArray[np.float64]:
    """Give the largest likelihood ratio of each simulated map."""
    rng = np.random.default_rng(seed)
    share = ground.expected.ravel() / ground.expected.sum()
    counts = np.arange(total + 1, dtype=float)
    largest = np.zeros(times)
    least = np.empty((get_num_threads(), total + 1))
    for k in range(times):
        drawn = rng.multinomial(total, share).reshape(ground.expected.shape)
        least.fill(np.inf)
        _least_expected(
            drawn, ground.expected, ground.order, ground.sizes, ground.most_periods, least
        )
        largest[k] = _largest(counts, least.min(axis=0), total)
        if progress is not None:
            progress((k + 1) / times)
    return largest


def _largest(counts: NDArray[np.float64], least: NDArray[np.float64], total: int) -> float:
    with np.errstate(divide="ignore", invalid="ignore"):
        rest = total - counts
        ratio = counts * np.log(counts / least)
        ratio += np.where(rest > 0, rest * np.log(rest / (total - least)), 0.0)
    fit = (counts >= LEAST_CASES) & (counts > least) & np.isfinite(least)
    return float(ratio[fit].max()) if fit.any() else 0.0
