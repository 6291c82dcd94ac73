"""Points into polygons and points into PostGIS: what `scripts/bench` times, in the table."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from scripts.benchmarks import copy as storing
from scripts.benchmarks import locate as locating
from scripts.evaluation.geocoding.table import Row

if TYPE_CHECKING:
    from scripts.evaluation.geocoding.setting import Setting

QUICK_POINTS = 50_000


def polygons(setting: Setting) -> Iterator[Row]:
    """Locate a million points in 2,000 polygons; right is what shapely answers too."""
    n_points = QUICK_POINTS if setting.quick else locating.N_POINTS
    for found in locating.time_locating(n_points, peers=setting.peers):
        if not found.n_points:
            yield Row("locate", found.method, 0, note=found.note)
            continue
        wrong = 100 * found.n_unlike / found.n_points
        yield Row(
            "locate",
            found.method,
            found.n_points,
            right=100 - wrong,
            wrong=wrong,
            rows_s=found.points_per_s,
            cpu_s=found.cpu_seconds,
            note=f"built in {found.build_s:.1f} s; {found.peak_mb:,.0f} MB at most; {found.note}",
        )


def copy(setting: Setting) -> Iterator[Row]:
    """Store a million located points; right is that all came back alike."""
    n_points = QUICK_POINTS if setting.quick else storing.N_POINTS
    for stored in storing.time_storing(n_points, peers=setting.peers):
        right = 100.0 if stored.is_alike else 0.0
        yield Row(
            "copy",
            stored.method,
            stored.n_rows,
            right=right,
            wrong=100 - right,
            rows_s=stored.rows_per_s,
            cpu_s=stored.cpu_seconds,
            note=stored.note,
        )
