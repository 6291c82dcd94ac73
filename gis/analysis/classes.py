"""Classes of a map: where to cut a row of values, and how many fall into each class."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike


@dataclass(frozen=True)
class MapClasses:
    """Classes from low to high: ``lows[i] <= value <= highs[i]``, both real values of the data.

    Parameters
    ----------
    lows, highs
        Smallest and largest value in each class.
    counts
        How many values are in each class.
    """

    lows: tuple[float, ...]
    highs: tuple[float, ...]
    counts: tuple[int, ...]


def quantile_classes(values: ArrayLike, n_classes: int = 5) -> MapClasses:
    """Cut into classes of about equal count; equal values stay together. NaN is left out.

    Examples
    --------
    >>> quantile_classes([1, 2, 3, 4, 4, 4], 3)
    MapClasses(lows=(1.0, 3.0), highs=(2.0, 4.0), counts=(2, 4))
    """
    ordered = _ordered(values)
    if not len(ordered):
        return MapClasses((), (), ())
    at = np.linspace(0, 1, n_classes + 1)[1:]
    tops = np.unique(np.quantile(ordered, at, method="inverted_cdf"))
    return _classes(ordered, tops)


def natural_classes(values: ArrayLike, n_classes: int = 5) -> MapClasses:
    """Cut where the gaps are: least squared deviation within classes. NaN is left out.

    **Source**: Fisher W. D. (1958), "On grouping for maximum homogeneity",
    doi 10.1080/01621459.1958.10501479. Exact, O(classes x n^2) over distinct values; above
    500 distinct values it works on 500 evenly spaced quantiles.

    Examples
    --------
    >>> natural_classes([1, 2, 2, 10, 11, 30], 3)
    MapClasses(lows=(1.0, 10.0, 30.0), highs=(2.0, 11.0, 30.0), counts=(3, 2, 1))
    """
    ordered = _ordered(values)
    if not len(ordered):
        return MapClasses((), (), ())
    sample = ordered
    if len(np.unique(ordered)) > 500:
        sample = np.quantile(ordered, np.linspace(0, 1, 500), method="inverted_cdf")
    return _classes(ordered, _fisher_tops(sample, n_classes))


def _ordered(values: ArrayLike) -> np.ndarray:
    array = np.asarray(values, dtype=float)
    return np.sort(array[np.isfinite(array)])


def _classes(ordered: np.ndarray, tops: np.ndarray) -> MapClasses:
    rank = np.minimum(np.searchsorted(tops, ordered, side="left"), len(tops) - 1)
    members = [ordered[rank == k] for k in range(len(tops))]
    filled = [m for m in members if len(m)]
    return MapClasses(
        tuple(float(m[0]) for m in filled),
        tuple(float(m[-1]) for m in filled),
        tuple(len(m) for m in filled),
    )


def _fisher_tops(ordered: np.ndarray, n_classes: int) -> np.ndarray:
    """Give the largest value of each class, by dynamic programming over distinct values."""
    values, weights = np.unique(ordered, return_counts=True)
    n, k = len(values), min(n_classes, len(values))
    w = np.concatenate([[0], np.cumsum(weights)]).astype(float)
    s = np.concatenate([[0], np.cumsum(weights * values)])
    q = np.concatenate([[0], np.cumsum(weights * values**2)])
    cost = q[1:] - s[1:] ** 2 / w[1:]
    cuts = np.zeros((k, n), dtype=np.intp)
    for level in range(1, k):
        new = np.full(n, np.inf)
        for end in range(level, n):
            first = np.arange(level, end + 1)
            spread = (q[end + 1] - q[first]) - (s[end + 1] - s[first]) ** 2 / (
                w[end + 1] - w[first]
            )
            total = cost[first - 1] + spread
            best = int(np.argmin(total))
            new[end], cuts[level, end] = total[best], first[best]
        cost = new
    ends, end = [], n - 1
    for level in range(k - 1, -1, -1):
        ends.append(end)
        end = cuts[level, end] - 1
    return values[ends[::-1]]
