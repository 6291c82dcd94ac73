"""Rates: events per head, raw and smoothed, so that small populations do not shout.

Arrays are (n,) over areas. An area without population has no rate: NaN.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

Rates = NDArray[np.float64]


def crude_rate(events: ArrayLike, population: ArrayLike) -> Rates:
    """Divide events by population.

    Parameters
    ----------
    events, population
        (n,) counts; the population may be 0.

    Returns
    -------
    rates
        (n,) events per head, NaN where nobody lives.

    Examples
    --------
    >>> crude_rate([3, 0, 1], [1000, 500, 0]).tolist()
    [0.003, 0.0, nan]
    """
    e, b = _checked(events, population)
    return np.divide(e, b, out=np.full(len(e), np.nan), where=b > 0)


def empirical_bayes_rate(events: ArrayLike, population: ArrayLike) -> Rates:
    """Shrink rates towards the overall rate, the more the smaller the population.

    **Source**: Marshall R. J. (1991), "Mapping disease and mortality rates using empirical
    Bayes estimators", doi 10.2307/2347593; the global estimator by moments.

    Returns
    -------
    rates
        (n,) smoothed events per head, NaN where nobody lives.

    Examples
    --------
    >>> empirical_bayes_rate([1, 10, 40], [100, 1000, 1000]).round(4).tolist()
    [0.018, 0.0116, 0.0382]
    """
    e, b = _checked(events, population)
    smooth = np.full(len(e), np.nan)
    lived = b > 0
    if lived.any():
        smooth[lived] = _shrink(e[lived], b[lived], *_moments(e[lived], b[lived]))
    return smooth


def spatial_empirical_bayes_rate(
    events: ArrayLike, population: ArrayLike, neighbours: Sequence[Sequence[int]]
) -> Rates:
    """Shrink each rate towards the rate of its neighbourhood.

    Parameters
    ----------
    events, population
        (n,) counts.
    neighbours
        For each area the row numbers of its neighbours; the area itself is always included.

    Returns
    -------
    rates
        (n,) smoothed events per head, NaN where nobody lives.

    Examples
    --------
    >>> spatial_empirical_bayes_rate([1, 3], [100, 100], [[1], [0]]).round(4).tolist()
    [0.02, 0.02]
    """
    e, b = _checked(events, population)
    smooth = np.full(len(e), np.nan)
    for i in np.flatnonzero(b > 0).tolist():
        around = np.array(sorted({i, *neighbours[i]}), dtype=np.intp)
        around = around[b[around] > 0]
        moments = _moments(e[around], b[around])
        smooth[i] = _shrink(e[i : i + 1], b[i : i + 1], *moments)[0]
    return smooth


def _moments(e: Rates, b: Rates) -> tuple[float, float]:
    """Give the mean rate and the variance between areas (never negative)."""
    mean = e.sum() / b.sum()
    between = (b * (e / b - mean) ** 2).sum() / b.sum() - mean / b.mean()
    return float(mean), float(max(between, 0.0))


def _shrink(e: Rates, b: Rates, mean: float, between: float) -> Rates:
    within = mean / b
    total = between + within
    weight = np.divide(between, total, out=np.zeros_like(b), where=total > 0)
    return weight * (e / b) + (1 - weight) * mean


def _checked(events: ArrayLike, population: ArrayLike) -> tuple[Rates, Rates]:
    e, b = np.asarray(events, dtype=float), np.asarray(population, dtype=float)
    if e.shape != b.shape or e.ndim != 1:
        raise ValueError("events and population must be two rows of the same length")
    if (e < 0).any() or (b < 0).any():
        raise ValueError("events and population must not be negative")
    return e, b
