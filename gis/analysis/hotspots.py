"""Hot and cold spots: which areas, with their neighbours, have more or fewer events than chance.

Arrays are (n,) over areas. ``neighbours`` gives for each area the row numbers of its neighbours,
itself left out. An area without a value, or without any neighbour, has no statistic: NaN.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy import stats

from gis.analysis.neighbourhoods import Neighbours, with_itself
from gis.analysis.rates import crude_rate

LEVELS = (0.01, 0.05, 0.10)
"""Levels of the classes 3, 2 and 1: 99, 95 and 90 per cent."""

RARE = 10.0
"""Below so many expected events an area, tails are exact: the normal ones let false alarms in."""


def getis_ord_gi_star(values: ArrayLike, neighbours: Neighbours) -> pd.DataFrame:
    """Compare the sum over each area and its neighbours with the mean of all areas.

    **Source**: Ord J. K. and Getis A. (1995), "Local spatial autocorrelation statistics", doi
    10.1111/j.1538-4632.1995.tb00912.x; binary weights, the area included.

    Parameters
    ----------
    values
        (n,) numbers; NaN where there is none: such an area is nobody's neighbour.

    Returns
    -------
    DataFrame
        ``z`` and the two-sided normal ``p_value``.

    Examples
    --------
    >>> found = getis_ord_gi_star([1, 1, 9, 8, 1, 1], [[1], [0, 2], [1, 3], [2, 4], [3, 5], [4]])
    >>> found["z"].round(2).tolist()
    [-1.11, 0.11, 1.58, 1.58, -0.11, -1.11]
    """
    y = np.asarray(values, dtype=float)
    known = np.isfinite(y)
    near = with_itself(neighbours)
    n, size = known.sum(), near @ known.astype(float)
    held = np.where(known, y, 0.0)
    mean = held.sum() / max(n, 1)
    spread = np.sqrt(max((held**2).sum() / max(n, 1) - mean**2, 0.0))
    width = spread * np.sqrt((n * size - size**2) / max(n - 1, 1))
    fit = known & (size > 1) & (width > 0)
    z = np.divide(near @ held - size * mean, width, out=np.full(len(y), np.nan), where=fit)
    return pd.DataFrame({"z": z, "p_value": _two_sided(z)})


def _two_sided(z: NDArray[np.float64]) -> NDArray[np.float64]:
    return 2 * stats.norm.sf(np.abs(z))


def local_moran(
    values: ArrayLike, neighbours: Neighbours, *, n_permutations: int = 999, seed: int = 0
) -> pd.DataFrame:
    """Compare each area with the mean of its neighbours: alike among alike, or an outlier.

    **Source**: Anselin L. (1995), "Local indicators of spatial association - LISA", doi
    10.1111/j.1538-4632.1995.tb00338.x; rows standardised, conditional permutations.

    Returns
    -------
    DataFrame
        ``statistic``; ``quadrant``: ``high-high``, ``low-low``, ``high-low``, ``low-high``, the
        area's own side first; ``p_value``: two-sided, never below 2 / (n_permutations + 1), so that
        no rate of false discoveries over many areas is passed by few permutations.

    Examples
    --------
    >>> row = [[1], [0, 2], [1, 3], [2, 4], [3, 5], [4]]
    >>> found = local_moran([9, 8, 9, 1, 1, 2], row, n_permutations=99)
    >>> found["quadrant"].tolist()[:2], found["statistic"].round(2).tolist()[:2]
    (['high-high', 'high-high'], [0.73, 0.73])
    """
    y = np.asarray(values, dtype=float)
    known = np.flatnonzero(np.isfinite(y))
    statistic, p_value = np.full((2, len(y)), np.nan)
    quadrant = np.full(len(y), None, dtype=object)
    own = y[known] - y[known].mean() if len(known) else y[known]
    power = (own**2).sum() / max(len(own) - 1, 1)
    if power > 0:
        place = np.full(len(y), -1)
        place[known] = np.arange(len(known))
        near = [place[[j for j in neighbours[i] if place[j] >= 0]] for i in known.tolist()]
        drawn = _drawn(len(known) - 1, max(map(len, near), default=0), n_permutations, seed)
        for i, at in enumerate(near):
            if not len(at):
                continue
            lag = own[at].mean()
            others = np.delete(own, i)[drawn[:, : len(at)]].mean(axis=1)
            row = known[i]
            statistic[row] = own[i] * lag / power
            larger = int((own[i] * others >= own[i] * lag).sum())
            tail = min(larger, n_permutations - larger)
            p_value[row] = min(1.0, 2 * (tail + 1) / (n_permutations + 1))
            quadrant[row] = f"{_side(own[i])}-{_side(lag)}"
    return pd.DataFrame({"statistic": statistic, "quadrant": quadrant, "p_value": p_value})


def _side(value: float) -> str:
    return "high" if value >= 0 else "low"


def _drawn(n: int, size: int, times: int, seed: int) -> NDArray[np.intp]:
    """Draw neighbours out of n others without putting back; (times, size)."""
    rng = np.random.default_rng(seed)
    return np.stack([rng.permutation(n)[:size] for _ in range(times)])


def false_discovery_rate(p_values: ArrayLike, alpha: float = 0.05) -> float:
    """Give the p value up to which finds count, so that few of them are false; 0 when none does.

    **Source**: Benjamini Y. and Hochberg Y. (1995), "Controlling the false discovery rate", doi
    10.1111/j.2517-6161.1995.tb02031.x.

    Examples
    --------
    >>> round(false_discovery_rate([0.001, 0.02, 0.021, 0.6], 0.05), 4)
    0.0375
    >>> false_discovery_rate([0.04, 0.6, float("nan")])
    0.0
    """
    p = np.asarray(p_values, dtype=float)
    p = np.sort(p[np.isfinite(p)])
    allowed = alpha * np.arange(1, len(p) + 1) / max(len(p), 1)
    passing = np.flatnonzero(p <= allowed)
    return float(allowed[passing[-1]]) if len(passing) else 0.0


def classify_hotspots(
    cases: ArrayLike, population: ArrayLike, neighbours: Neighbours, *, alpha: float = 0.05
) -> pd.DataFrame:
    """Classify areas as hot or cold: events of an area and its neighbours beside those expected.

    Expected events are shared out by population. Where events are rare (on average fewer than ten
    an area), the tail is that of the binomial distribution, exact given the number of all events;
    else it is normal, with the variance that the areas themselves show where that is larger than
    Poisson's. Both take events as independent of each other.

    Parameters
    ----------
    cases, population
        (n,) events, and who or what they could befall; an area without population has no class.
    alpha
        Share of false ones among the finds that is accepted; no class of a laxer level is given.

    Returns
    -------
    DataFrame
        ``rate``; ``expected`` of the area alone; ``z`` and two-sided ``p_value`` of the area with
        its neighbours; ``gi_bin``: 3, 2 or 1 where it is hot, -3, -2 or -1 where it is cold, at 99,
        95 or 90 per cent after false discoveries are reckoned with, else 0.

    Examples
    --------
    >>> row = [[1], [0, 2], [1, 3], [2, 4], [3, 5], [4, 6], [5, 7], [6]]
    >>> found = classify_hotspots([14, 12, 9, 1, 0, 1, 0, 3], [100] * 8, row)
    >>> found["gi_bin"].tolist(), found["expected"].tolist()[0]
    ([3, 3, 2, 0, -3, -3, -3, -2], 5.0)
    """
    c = np.asarray(cases, dtype=float)
    lived = np.asarray(population, dtype=float)
    lived = np.where(np.isfinite(lived) & (lived > 0), lived, 0.0)
    c = np.where(lived > 0, c, 0.0)
    total = max(lived.sum(), 1e-300)
    expected = lived * (c.sum() / total)
    near = with_itself(neighbours)
    found, share = near @ c, (near @ lived) / total
    has = (lived > 0) & (near @ (lived > 0).astype(float) > 1) & (share < 1)
    awaited = near @ expected
    n_lived = max(int((lived > 0).sum()), 1)
    rare = c.sum() / n_lived < RARE
    width = np.sqrt(awaited * (1 - share) * (1.0 if rare else _dispersion(c, expected)))
    z = np.divide(found - awaited, width, out=np.full(len(c), np.nan), where=has & (width > 0))
    p_value = _binomial_tails(found, c.sum(), share) if rare else _two_sided(z)
    p_value = np.where(np.isfinite(z), p_value, np.nan)
    return pd.DataFrame(
        {
            "rate": crude_rate(c, lived),
            "expected": expected,
            "z": z,
            "p_value": p_value,
            "gi_bin": _classes(z, p_value, alpha),
        }
    )


def _dispersion(cases: NDArray[np.float64], expected: NDArray[np.float64]) -> float:
    """Give how many times Poisson's the variance of the areas is, never below 1.

    Hot places would raise the mean of the squares, so the middle of them is taken.
    """
    lived = expected > 0
    squares = (cases[lived] - expected[lived]) ** 2 / expected[lived]
    return max(1.0, float(np.median(squares) / stats.chi2.median(1))) if len(squares) else 1.0


def _binomial_tails(
    found: NDArray[np.float64], total: float, share: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Give twice the smaller tail of as many of all events falling into a share of the people."""
    n, q = round(total), np.clip(share, 0.0, 1.0)
    above, below = stats.binom.sf(found - 1, n, q), stats.binom.cdf(found, n, q)
    return np.minimum(1.0, 2 * np.minimum(above, below))


def _classes(
    z: NDArray[np.float64], p_value: NDArray[np.float64], alpha: float
) -> NDArray[np.int64]:
    classes = np.zeros(len(z), dtype=np.int64)
    for level, number in zip(reversed(LEVELS), (1, 2, 3), strict=True):
        if level <= alpha:
            passing = p_value <= false_discovery_rate(p_value, level)
            classes[passing] = number
    return classes * np.where(np.nan_to_num(z) < 0, -1, 1)
