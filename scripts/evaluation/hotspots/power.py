"""How often planted clusters are found, and how much of them: the published power maps."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import shapely
from scipy.spatial import Delaunay

from gis.analysis.scan import flexible_scan, scan_statistic

PATTERNS = ("rural04", "urban16", "irural08", "a")
N_NULL = 999
CASES = 600
MAX_LENGTH = 20
"""Areas of a flexible cluster."""

Scan = Callable[[np.ndarray], pd.DataFrame]


@dataclass(frozen=True)
class Power:
    """One row of the table: of the maps with a find, how much of the people was found rightly."""

    pattern: str
    method: str
    n_maps: int
    power: float
    sensitivity: float
    positive_predictive_value: float

    def __str__(self) -> str:
        """Give the row."""
        return (
            f"{self.pattern:<10} {self.method:<18} {self.n_maps:>6} {self.power:7.3f}"
            f" {self.sensitivity:7.2f} {self.positive_predictive_value:7.2f}"
        )


HEADING = f"{'pattern':<10} {'method':<18} {'maps':>6} {'power':>7} {'sens':>7} {'PPV':>7}"


def measure_power(folder: Path, n_maps: int) -> Iterator[Power]:
    """Scan the first maps of each pattern; significant is beyond 95 % of the same null maps."""
    areas = pd.read_csv(folder / "northeast_245.csv")
    maps = np.load(folder / "power_maps.npz")
    people = areas["population"].to_numpy(float)
    x, y = areas["easting"].to_numpy(float), areas["northing"].to_numpy(float)
    near = _neighbours(x, y)
    expected = people / people.sum() * CASES

    def circle(share: float) -> Scan:
        return lambda c: scan_statistic(c, people, x, y, max_share=share, n_simulations=0)

    def any_shape(c: np.ndarray) -> pd.DataFrame:
        return flexible_scan(c, expected, near, max_length=MAX_LENGTH, n_simulations=0)

    methods: dict[str, Scan] = {
        "circle 50 %": circle(0.5),
        "circle 10 %": circle(0.1),
        "any shape": any_shape,
    }
    rng = np.random.default_rng(0)
    null = rng.multinomial(CASES, people / people.sum(), size=N_NULL)
    limits = {name: _limit(scan, null) for name, scan in methods.items()}
    for pattern in PATTERNS:
        members = maps[f"{pattern}_members"]
        for name, scan in methods.items():
            finds = [scan(c.astype(np.int64)) for c in maps[pattern][:n_maps]]
            best = [f.iloc[0] if len(f) else None for f in finds]
            hits = [b["members"] for b in best if b is not None and b["llr"] > limits[name]]
            yield _told(pattern, name, n_maps, hits, members, people)


def _limit(scan: Scan, null: np.ndarray) -> float:
    largest = [found["llr"].max() if len(found := scan(c)) else 0.0 for c in null]
    return float(np.quantile(largest, 0.95))


def _told(
    pattern: str,
    method: str,
    n_maps: int,
    hits: list[list[int]],
    members: np.ndarray,
    people: np.ndarray,
) -> Power:
    true = np.zeros(len(people), dtype=bool)
    true[members] = True
    right = [people[h][true[h]].sum() for h in hits]
    found = [people[h].sum() for h in hits]
    return Power(
        pattern,
        method,
        n_maps,
        len(hits) / n_maps,
        float(np.sum(right) / (people[true].sum() * max(len(hits), 1))),
        float(np.mean(np.divide(right, found))) if hits else float("nan"),
    )


def _neighbours(x: np.ndarray, y: np.ndarray) -> list[list[int]]:
    """Take as neighbours what a triangulation joins, but no edge over three times the middle one.

    The borders of these counties are not among the data.
    """
    points = np.column_stack([x, y])
    corners = Delaunay(points).simplices
    pairs = np.unique(
        np.sort(np.vstack([corners[:, [0, 1]], corners[:, [1, 2]], corners[:, ::2]])), axis=0
    )
    long = shapely.length(shapely.linestrings(points[pairs]))
    near: list[list[int]] = [[] for _ in points]
    for one, other in pairs[long <= 3 * np.median(long)].tolist():
        near[one].append(other)
        near[other].append(one)
    return near
