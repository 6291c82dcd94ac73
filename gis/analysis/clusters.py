"""Clusters that a scan found: how likely they are, which do not overlap, and how they are told."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numba import njit
from numpy.typing import NDArray
from scipy import stats

COLUMNS = (
    "centre",
    "members",
    "first_period",
    "last_period",
    "observed",
    "expected",
    "relative_risk",
    "llr",
    "p_value",
    "p_gumbel",
)
LEAST_CASES = 2
"""A single event is no cluster."""


@dataclass(frozen=True)
class Zone:
    """Areas around a centre and the periods ``first`` up to before ``end``."""

    centre: int
    members: list[int]
    first: int
    end: int
    observed: int
    llr: float


@njit(cache=True)
def likelihood_ratio(c: int, e: float, total: int) -> float:
    """Give the log of the likelihood ratio of c events where e of all were expected, else 0."""
    if c <= e:
        return 0.0
    inside = c * np.log(c / e)
    return inside + ((total - c) * np.log((total - c) / (total - e)) if c < total else 0.0)


def without_overlap(zones: Iterable[Zone], n_areas: int) -> list[Zone]:
    """Take zones, the likeliest first, each without an area of one taken before."""
    taken = np.zeros(n_areas, dtype=bool)
    found = []
    for zone in sorted(zones, key=lambda z: (-z.llr, z.centre)):
        if not taken[zone.members].any():
            taken[zone.members] = True
            found.append(zone)
    return found


def tell_clusters(
    zones: Sequence[Zone],
    expected: NDArray[np.float64],
    total: int,
    names: Sequence[object],
    simulated: NDArray[np.float64],
) -> pd.DataFrame:
    """Tell clusters as a table of `COLUMNS`; ``simulated`` are the largest ratios by chance."""
    rows = [_row(zone, expected, total, names, simulated) for zone in zones]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _row(
    zone: Zone,
    expected: NDArray[np.float64],
    total: int,
    names: Sequence[object],
    simulated: NDArray[np.float64],
) -> tuple:
    awaited = float(expected[zone.members, zone.first : zone.end].sum())
    outside = (total - zone.observed) / (total - awaited) if awaited < total else np.nan
    rank, tail = np.nan, np.nan
    if len(simulated):
        rank = (1 + int((simulated >= zone.llr - 1e-9).sum())) / (len(simulated) + 1)
        tail = _gumbel_tail(zone.llr, simulated)
    return (
        zone.centre,
        zone.members,
        names[zone.first],
        names[zone.end - 1],
        zone.observed,
        awaited,
        zone.observed / awaited / outside if outside else np.inf,
        zone.llr,
        rank,
        tail,
    )


def _gumbel_tail(value: float, simulated: NDArray[np.float64]) -> float:
    """Give the chance of a larger one, by a Gumbel distribution with the moments of the maps.

    **Source**: Abrams A. M., Kleinman K. and Kulldorff M. (2010), "Gumbel based p-value
    approximations for spatial scan statistics", doi 10.1186/1476-072X-9-61.
    """
    scale = simulated.std(ddof=1) * np.sqrt(6) / np.pi if len(simulated) > 1 else 0.0
    if scale <= 0:
        return float(value <= simulated.mean())
    return float(stats.gumbel_r.sf(value, simulated.mean() - np.euler_gamma * scale, scale))
