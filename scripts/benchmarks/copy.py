"""How fast located points get into PostGIS: our binary COPY beside to_postgis and row by row.

Every method stores id, point and block of the same points in an unlogged table without index; what
is stored is compared with what was given.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from time import perf_counter, process_time

import geopandas as gpd
import numpy as np
import pandas as pd
import psycopg
import shapely
from sqlalchemy import create_engine

from gis.database.binary_rows import Packed, pack_numbers, pack_points, pack_rows, pack_shapes
from scripts.benchmarks.spatial_database import connect, scratch_database

N_POINTS = 1_000_000
N_ROW_BY_ROW = 200_000
"""The slow methods are given fewer rows; their rate is what is compared."""


@dataclass(frozen=True)
class Stored:
    """One row of the table: how many rows went in how long, and whether all came back alike."""

    method: str
    n_rows: int
    seconds: float
    cpu_seconds: float
    is_alike: bool
    note: str = ""

    @property
    def rows_per_s(self) -> float:
        """Rows stored in a second by the clock."""
        return self.n_rows / self.seconds

    def __str__(self) -> str:
        """Give the row."""
        alike = "yes" if self.is_alike else "NO"
        return (
            f"{self.method:<40} {self.n_rows:>9,} {self.seconds:8.2f} {self.cpu_seconds:8.2f}"
            f" {self.rows_per_s:11,.0f} {alike:>6}  {self.note}"
        )


HEADING = f"{'method':<40} {'rows':>9} {'wall s':>8} {'CPU s':>8} {'rows/s':>11} {'alike':>6}"


@dataclass(frozen=True)
class Points:
    """Points to store: ids, degrees, block (-1 where there is none)."""

    ids: np.ndarray
    lon: np.ndarray
    lat: np.ndarray
    block: np.ndarray

    def first(self, n: int) -> Points:
        """Give the first so many."""
        return Points(self.ids[:n], self.lon[:n], self.lat[:n], self.block[:n])


def make_points(n_points: int = N_POINTS, *, seed: int = 1) -> Points:
    """Make points, three per cent of them in no block."""
    rng = np.random.default_rng(seed)
    block = rng.integers(1, 2_000, n_points)
    block[rng.random(n_points) < 0.03] = -1
    lon, lat = rng.uniform(108, 109, n_points), rng.uniform(25, 26, n_points)
    return Points(np.arange(n_points), lon, lat, block)


def time_storing(n_points: int = N_POINTS, *, peers: bool = True) -> Iterator[Stored]:
    """Store the same points by every method."""
    points = make_points(n_points)
    few = points.first(min(n_points, N_ROW_BY_ROW))
    methods: list[tuple[str, Callable, Points]] = [
        ("binary COPY, packed from coordinates", by_packed_points, points),
        ("binary COPY, packed from shapes", by_packed_shapes, points),
    ]
    if peers:
        methods += [
            ("binary COPY, write_row", by_binary_rows, few),
            ("text COPY, write_row, hex EWKB", by_text_rows, few),
            ("geopandas to_postgis", by_to_postgis, few),
        ]
    with scratch_database() as url, connect(url) as connection:
        for name, store, given in methods:
            runs = [_time_one(connection, url, store, given) for _ in range(3)]
            seconds, cpu, is_alike = sorted(runs)[1]
            yield Stored(name, len(given.ids), seconds, cpu, is_alike, "median of 3")


def _time_one(
    connection: psycopg.Connection, url: str, store: Callable, points: Points
) -> tuple[float, float, bool]:
    connection.execute("DROP TABLE IF EXISTS located")
    connection.execute(
        "CREATE UNLOGGED TABLE located (id int, geom geometry(POINT, 4326), block_id int)"
    )
    wall, cpu = perf_counter(), process_time()
    store(connection, url, points)
    return perf_counter() - wall, process_time() - cpu, _is_alike(connection, points)


def _is_alike(connection: psycopg.Connection, points: Points) -> bool:
    """Compare exact sums and a few whole rows of what is stored with what was given."""
    count, blocks, without = connection.execute(
        "SELECT count(*), sum(block_id), count(*) FILTER (WHERE block_id IS NULL) FROM located"
    ).fetchone()
    inside = points.block >= 0
    if (count, without) != (len(points.ids), int((~inside).sum())):
        return False
    step = max(len(points.ids) // 1000, 1)
    rows = connection.execute(
        "SELECT id, ST_X(geom), ST_Y(geom), block_id FROM located WHERE id %% %s = 0 ORDER BY id",
        (step,),
    ).fetchall()
    expected = [
        (int(i), float(x), float(y), int(b) if b >= 0 else None)
        for i, x, y, b in zip(
            points.ids[::step], points.lon[::step], points.lat[::step], points.block[::step],
            strict=True,
        )
    ]  # fmt: skip
    return rows == expected and int(blocks) == int(points.block[inside].sum())


def by_packed_points(connection: psycopg.Connection, url: str, points: Points) -> None:
    """Pack points from their coordinates."""
    _copy(connection, points, pack_points(points.lon, points.lat, srid=4326))


def by_packed_shapes(connection: psycopg.Connection, url: str, points: Points) -> None:
    """Make shapes first, as frames hold them, and pack those."""
    _copy(connection, points, pack_shapes(shapely.points(points.lon, points.lat), srid=4326))


def _copy(connection: psycopg.Connection, points: Points, shapes: Packed) -> None:
    blocks = pack_numbers(points.block, "i4", points.block >= 0)
    columns = [pack_numbers(points.ids, "i4"), shapes, blocks]
    with connection.cursor().copy("COPY located FROM STDIN (FORMAT BINARY)") as copy:
        for piece in pack_rows(columns):
            copy.write(piece)


def by_binary_rows(connection: psycopg.Connection, url: str, points: Points) -> None:
    """Let the driver write binary rows one by one."""
    _write_rows(connection, points, "COPY located FROM STDIN (FORMAT BINARY)", hexadecimal=False)


def by_text_rows(connection: psycopg.Connection, url: str, points: Points) -> None:
    """Let the driver write rows of text one by one."""
    _write_rows(connection, points, "COPY located FROM STDIN", hexadecimal=True)


def _write_rows(
    connection: psycopg.Connection, points: Points, statement: str, *, hexadecimal: bool
) -> None:
    shapes = shapely.set_srid(shapely.points(points.lon, points.lat), 4326)
    wkb = shapely.to_wkb(shapes, hex=hexadecimal, include_srid=True)
    blocks = [int(b) if b >= 0 else None for b in points.block]
    with connection.cursor().copy(statement) as copy:
        if not hexadecimal:
            copy.set_types(["int4", "bytea", "int4"])
        for row in zip(points.ids.tolist(), wkb, blocks, strict=True):
            copy.write_row(row)


def by_to_postgis(connection: psycopg.Connection, url: str, points: Points) -> None:
    """Let geopandas append a frame."""
    frame = gpd.GeoDataFrame(
        {
            "id": points.ids,
            "block_id": pd.array(np.where(points.block >= 0, points.block, 0), dtype="Int64"),
        },
        geometry=shapely.points(points.lon, points.lat),
        crs=4326,
    ).rename_geometry("geom")
    frame["block_id"] = frame["block_id"].where(points.block >= 0)
    engine = create_engine(url)
    frame.to_postgis("located", engine, if_exists="append", index=False, chunksize=50_000)
    engine.dispose()


def run(_options: argparse.Namespace) -> Iterator[Stored]:
    """Give the rows of the table."""
    yield from time_storing()
