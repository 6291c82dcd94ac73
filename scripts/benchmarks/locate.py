"""How fast points are put into polygons: ours beside shapely, geopandas, PostGIS and DuckDB.

Points lie anywhere in a square a little larger than the ground, so that some three per cent are
outside; polygons are the blocks of a wavy coverage with holes in it. Every method answers the same
question, the smallest row that covers each point, and is held to the answer of shapely.
"""

from __future__ import annotations

import argparse
import contextlib
import resource
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from time import perf_counter, process_time

import geopandas as gpd
import numpy as np
import shapely

from gis.geometry.locate import PolygonLocator
from scripts.benchmarks.spatial_database import duckdb_located, postgis_located, scratch_database

N_POINTS, N_POLYGONS, N_VERTICES = 1_000_000, 2_000, 100
WEST, SOUTH, SIDE = 108.0, 25.0, 1.0
SHARE_OUTSIDE = 0.03


@dataclass(frozen=True)
class Located:
    """One row of the table.

    Parameters
    ----------
    method
        What located the points.
    build_s
        Seconds to index the polygons (and for databases to load everything).
    seconds, cpu_seconds
        Of locating, by the clock and of this process alone.
    n_points
        Points located.
    n_unlike
        Answers unlike shapely's.
    peak_mb
        Largest memory of the process so far.
    """

    method: str
    build_s: float
    seconds: float
    cpu_seconds: float
    n_points: int
    n_unlike: int
    peak_mb: float
    note: str = ""

    @property
    def points_per_s(self) -> float:
        """Points located in a second by the clock."""
        return self.n_points / self.seconds

    def __str__(self) -> str:
        """Give the row."""
        return (
            f"{self.method:<34} {self.build_s:8.2f} {self.seconds:8.2f} {self.cpu_seconds:8.2f}"
            f" {self.points_per_s:11,.0f} {self.n_unlike:8,} {self.peak_mb:8,.0f}  {self.note}"
        )


HEADING = (
    f"{'method':<34} {'build s':>8} {'wall s':>8} {'CPU s':>8} {'points/s':>11} {'unlike':>8}"
    f" {'peak MB':>8}"
)


def make_polygons(n_polygons: int = N_POLYGONS, n_vertices: int = N_VERTICES) -> np.ndarray:
    """Make a coverage of wavy polygons, every hundredth with a hole that holds another one."""
    columns = int(np.sqrt(n_polygons))
    rows = -(-n_polygons // columns)
    cells = [_wavy(c, r, columns, rows, n_vertices) for r in range(rows) for c in range(columns)]
    cells = np.array(cells[:n_polygons])
    holes = np.arange(0, len(cells) - 1, 100)
    inner = shapely.buffer(shapely.centroid(cells[holes]), SIDE / columns / 8)
    cells[holes] = shapely.difference(cells[holes], inner)
    cells[holes + 1] = shapely.union(cells[holes + 1], inner)
    return cells


def _wavy(column: int, row: int, columns: int, rows: int, n_vertices: int) -> shapely.Polygon:
    """Bend the sides of a rectangle the same way for both neighbours."""
    n = n_vertices // 4
    t = np.arange(n) / n
    bottom = np.column_stack([column + t, np.full(n, row)])
    right = np.column_stack([np.full(n, column + 1), row + t])
    top = np.column_stack([column + 1 - t, np.full(n, row + 1)])
    left = np.column_stack([np.full(n, column), row + 1 - t])
    u, v = np.vstack([bottom, right, top, left]).T
    x = u + 0.15 * np.sin(5 * v + u)
    y = v + 0.15 * np.sin(4 * u - v)
    return shapely.Polygon(np.column_stack([WEST + SIDE * x / columns, SOUTH + SIDE * y / rows]))


def make_points(
    polygons: np.ndarray, n_points: int = N_POINTS, *, seed: int = 1
) -> tuple[np.ndarray, np.ndarray]:
    """Strew points over the ground and a little beyond; a few lie on vertices and borders."""
    rng = np.random.default_rng(seed)
    west, south, east, north = shapely.total_bounds(polygons)
    beyond = (east - west) * SHARE_OUTSIDE / 8
    x = rng.uniform(west - beyond, east + beyond, n_points)
    y = rng.uniform(south - beyond, north + beyond, n_points)
    corners = shapely.get_coordinates(polygons)
    chosen = rng.integers(0, len(corners) - 1, n_points // 100)
    half = len(chosen) // 2
    x[: len(chosen)], y[: len(chosen)] = corners[chosen].T
    middles = (corners[chosen[:half]] + corners[chosen[:half] + 1]) / 2
    x[:half], y[:half] = middles.T
    return x, y


def time_locating(
    n_points: int = N_POINTS, n_polygons: int = N_POLYGONS, *, peers: bool = True
) -> Iterator[Located]:
    """Locate the same points by every method; shapely's answer is the measure."""
    polygons = make_polygons(n_polygons)
    x, y = make_points(polygons, n_points)
    expected, seconds, cpu = _timed(lambda: by_tree(polygons, x, y))
    yield from _time_ours(polygons, x, y, expected)
    note = f"{(expected >= 0).mean():.1%} inside; the measure"
    yield Located("shapely STRtree.query", 0.0, seconds, cpu, len(x), 0, _peak_mb(), note)
    if not peers:
        return
    for name, find in (("shapely prepared, by polygon", by_prepared), ("geopandas sjoin", by_join)):
        found, seconds, cpu = _timed(lambda find=find: find(polygons, x, y))
        yield Located(name, 0.0, seconds, cpu, len(x), _unlike(found, expected), _peak_mb())
    yield from _time_databases(polygons, x, y, expected)


def _time_ours(
    polygons: np.ndarray, x: np.ndarray, y: np.ndarray, expected: np.ndarray
) -> Iterator[Located]:
    PolygonLocator(polygons[:4]).locate(x[:10], y[:10])
    for cells in (None, 4096, 1024):
        locator, build_s, _ = _timed(lambda c=cells: PolygonLocator(polygons, cells_per_side=c))
        runs = [_timed(lambda found=locator: found.locate(x, y)) for _ in range(5)]
        found, seconds, cpu = sorted(runs, key=lambda run: run[1])[2]
        note = f"{locator.cells_per_side}² cells, {locator.n_bytes / 1e6:.0f} MB; median of 5"
        name = "PolygonLocator" + ("" if cells is None else f", {cells} cells")
        unlike = _unlike(found, expected)
        yield Located(name, build_s, seconds, cpu, len(x), unlike, _peak_mb(), note)


def _time_databases(
    polygons: np.ndarray, x: np.ndarray, y: np.ndarray, expected: np.ndarray
) -> Iterator[Located]:
    with scratch_database() as url:
        for name, build_s, seconds, cpu, found in postgis_located(url, polygons, x, y):
            unlike = _unlike(found, expected[: len(found)])
            yield Located(name, build_s, seconds, cpu, len(found), unlike, _peak_mb(), "1 process")
    for name, build_s, seconds, cpu, found in duckdb_located(polygons, x, y):
        if found is None:
            yield Located(name, 0, float("inf"), 0, 0, 0, _peak_mb(), "left out: not installed")
            continue
        yield Located(name, build_s, seconds, cpu, len(x), _unlike(found, expected), _peak_mb())


def by_tree(polygons: np.ndarray, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Ask an STRtree of the polygons; the smallest row that covers each point, -1 for none."""
    tree = shapely.STRtree(polygons)
    point, polygon = tree.query(shapely.points(x, y), predicate="intersects")
    return _smallest(point, polygon, len(x))


def by_prepared(polygons: np.ndarray, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Ask prepared polygons about the points in their rectangles."""
    tree = shapely.STRtree(polygons)
    point, polygon = tree.query(shapely.points(x, y))
    order = np.argsort(polygon, kind="stable")
    point, polygon = point[order], polygon[order]
    shapely.prepare(polygons)
    inside = shapely.intersects_xy(polygons[polygon], x[point], y[point])
    shapely.destroy_prepared(polygons)
    return _smallest(point[inside], polygon[inside], len(x))


def by_join(polygons: np.ndarray, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Join two frames."""
    points = gpd.GeoDataFrame(geometry=gpd.points_from_xy(x, y, crs=4326))
    ground = gpd.GeoDataFrame(geometry=polygons, crs=4326)
    joined = points.sjoin(ground, predicate="intersects")
    return _smallest(joined.index.to_numpy(), joined["index_right"].to_numpy(), len(x))


def _smallest(point: np.ndarray, polygon: np.ndarray, n_points: int) -> np.ndarray:
    found = np.full(n_points, np.iinfo(np.int64).max)
    np.minimum.at(found, point, polygon)
    found[found == np.iinfo(np.int64).max] = -1
    return found


def _unlike(found: np.ndarray, expected: np.ndarray) -> int:
    return int((found != expected).sum())


def _timed(work: Callable[[], object]) -> tuple:
    wall, cpu = perf_counter(), process_time()
    result = work()
    return result, perf_counter() - wall, process_time() - cpu


def _peak_mb() -> float:
    with contextlib.suppress(OSError):
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return float("nan")


def run(_options: argparse.Namespace) -> Iterator[object]:
    """Give the rows of the table."""
    yield from time_locating()
