"""False alarms on maps of chance alone, and how much of planted discs is found in the same run."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy.spatial import cKDTree

from gis.analysis.hotspots import classify_hotspots, false_discovery_rate, getis_ord_gi_star

N_AREAS = 2000
MEANS = (0.3, 1.0, 2.0, 4.0, 10.0, 30.0)
RADIUS = 0.075
"""Of the planted disc in a unit square: about 35 areas."""


@dataclass(frozen=True)
class Alarms:
    """One row: maps of chance with any find, with twice Poisson's variance, and the recall."""

    method: str
    mean: float
    runs: int
    alarms: int
    dispersed: int
    recall: float

    def __str__(self) -> str:
        """Give the row."""
        return (
            f"{self.method:<20} {self.mean:6g} {self.runs:6} {self.alarms:8} {self.dispersed:10}"
            f" {self.recall:8.2f}"
        )


HEADING = f"{'method':<20} {'mean':>6} {'runs':>6} {'alarms':>8} {'dispersed':>10} {'recall':>8}"


def measure_alarms(runs: int, seed: int = 0) -> Iterator[Alarms]:
    """Draw maps over areas of uneven population (1 to 100); neighbours are the 8 nearest."""
    rng = np.random.default_rng(seed)
    points = rng.random((N_AREAS, 2))
    people = np.exp(rng.uniform(0, np.log(100), N_AREAS))
    share = people / people.sum()
    near = cKDTree(points).query(points, k=9)[1][:, 1:].tolist()
    disc = np.hypot(*(points - 0.5).T) < RADIUS
    for mean in MEANS:
        expected = share * mean * N_AREAS
        counts = {m: np.zeros(3) for m in ("classify_hotspots", "Gi* of rates, normal")}
        for _ in range(runs):
            null = rng.poisson(expected)
            spread = rng.negative_binomial(expected, 0.5)
            planted = rng.poisson(expected * np.where(disc, 2, 1))
            for row, cases in enumerate((null, spread, planted)):
                hot = {
                    "classify_hotspots": classify_hotspots(cases, people, near)["gi_bin"] != 0,
                    "Gi* of rates, normal": _plain(cases / people, near),
                }
                for method, found in hot.items():
                    flagged = np.asarray(found)
                    counts[method][row] += flagged[disc].mean() if row == 2 else flagged.any()
        for method, (alarms, dispersed, recall) in counts.items():
            yield Alarms(method, mean, runs, int(alarms), int(dispersed), recall / runs)


def _plain(rates: np.ndarray, near: list[list[int]]) -> np.ndarray:
    p = getis_ord_gi_star(rates, near)["p_value"].to_numpy()
    return p <= false_discovery_rate(p)
