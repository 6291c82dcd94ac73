"""Databases as peers of locating and loading: a PostGIS of the run's own, and DuckDB in memory."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter, process_time

import numpy as np
import pandas as pd
import psycopg
import shapely

from gis.database.binary_rows import pack_numbers, pack_points, pack_rows, pack_shapes
from gis.database.cluster import Cluster
from gis.database.databases import create_database
from gis.database.roles import SUPERUSER

Answer = tuple[str, float, float, float, np.ndarray | None]
"""Method, seconds to load, seconds and processor seconds to answer, rows found."""

MOST_POINTS_OF_PLAIN_JOINS = 200_000
"""The joins that ask point by point are given fewer points; their rate is what is compared."""

_GRIDS_OUTER = """
SELECT l.point, min(p.id) FROM polygon p
CROSS JOIN LATERAL (SELECT point.id AS point FROM point
                    WHERE ST_Intersects(p.geom, point.geom) OFFSET 0) l GROUP BY 1
"""
_PLAIN_JOIN = """
SELECT point.id, min(p.id) FROM point JOIN polygon p ON ST_Intersects(p.geom, point.geom)
WHERE point.id < %(n)s GROUP BY 1
"""
_OUR_RULE = """
SELECT point.id, (SELECT min(p.id) FROM polygon p
                  WHERE p.geom && point.geom AND NOT ST_Disjoint(p.geom, point.geom))
FROM point WHERE point.id < %(n)s
"""


@contextmanager
def scratch_database() -> Iterator[str]:
    """Give the URL of an empty database, as who may do all in it; it is gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="community-grid-bench-", dir="/tmp"))
    folder.chmod(0o711)
    cluster = Cluster(folder / "postgres", durable=False)
    try:
        cluster.start()
        url = cluster.url("bench", SUPERUSER)
        create_database(url)
        yield url
    finally:
        cluster.stop()
        shutil.rmtree(folder, ignore_errors=True)


def connect(url: str) -> psycopg.Connection:
    """Open a plain connection with PostGIS ready."""
    connection = psycopg.connect(url.replace("+psycopg", ""), autocommit=True)
    connection.execute("CREATE EXTENSION IF NOT EXISTS postgis")
    connection.execute("SET max_parallel_workers_per_gather = 0")
    connection.execute("SET statement_timeout = 0")
    return connection


def postgis_located(
    url: str, polygons: np.ndarray, x: np.ndarray, y: np.ndarray
) -> Iterator[Answer]:
    """Locate in PostGIS: polygons outside, points outside, and the rule that the pages use."""
    with connect(url) as connection:
        begun = perf_counter()
        _load(connection, polygons, x, y)
        build_s = perf_counter() - begun
        for name, query, n_points in (
            ("PostGIS, polygons outer, LATERAL", _GRIDS_OUTER, len(x)),
            ("PostGIS, plain join", _PLAIN_JOIN, min(len(x), MOST_POINTS_OF_PLAIN_JOINS)),
            (
                "PostGIS, our rule point by point",
                _OUR_RULE,
                min(len(x), MOST_POINTS_OF_PLAIN_JOINS),
            ),
        ):
            wall, cpu = perf_counter(), process_time()
            rows = connection.execute(query, {"n": n_points}).fetchall()
            seconds, cpu_seconds = perf_counter() - wall, process_time() - cpu
            found = np.full(n_points, -1)
            for point, polygon in rows:
                found[point] = -1 if polygon is None else polygon
            yield name, build_s, seconds, cpu_seconds, found


def _load(
    connection: psycopg.Connection, polygons: np.ndarray, x: np.ndarray, y: np.ndarray
) -> None:
    ids = np.arange(max(len(x), len(polygons)))
    layers = {
        "point": (pack_points(x, y, srid=4326), len(x)),
        "polygon": (pack_shapes(polygons, srid=4326), len(polygons)),
    }
    for table, (shapes, n_rows) in layers.items():
        connection.execute(f"CREATE UNLOGGED TABLE {table} (id int, geom geometry)")
        with connection.cursor().copy(f"COPY {table} FROM STDIN (FORMAT BINARY)") as copy:
            for piece in pack_rows([pack_numbers(ids[:n_rows], "i4"), shapes]):
                copy.write(piece)
        connection.execute(f"CREATE INDEX ON {table} USING gist (geom)")
        connection.execute(f"CREATE INDEX ON {table} (id)")
        connection.execute(f"VACUUM ANALYZE {table}")


def _open_duckdb():  # noqa: ANN202  (the type is not there when the package is not)
    """Open DuckDB with its spatial extension, both from packages; None where they are missing."""
    try:
        import duckdb
        import duckdb_extension_spatial
    except ImportError:
        return None
    folder = Path(duckdb_extension_spatial.__file__).parent
    (extension,) = folder.glob(f"extensions/v{duckdb.__version__}/spatial.duckdb_extension")
    connection = duckdb.connect(config={"threads": 1})
    connection.load_extension(str(extension))
    return connection


def duckdb_located(polygons: np.ndarray, x: np.ndarray, y: np.ndarray) -> Iterator[Answer]:
    """Locate in DuckDB by its spatial join; the extension comes with the extra named peers."""
    connection = _open_duckdb()
    if connection is None:
        yield "DuckDB spatial join", 0, 0, 0, None
        return
    begun = perf_counter()
    ground = pd.DataFrame({"id": np.arange(len(polygons)), "wkb": shapely.to_wkb(polygons)})
    points = pd.DataFrame({"id": np.arange(len(x)), "x": x, "y": y})
    connection.execute("CREATE TABLE polygon AS SELECT id, ST_GeomFromWKB(wkb) AS geom FROM ground")
    connection.execute("CREATE TABLE point AS SELECT id, ST_Point(x, y) AS geom FROM points")
    build_s = perf_counter() - begun
    wall, cpu = perf_counter(), process_time()
    rows = connection.execute(
        "SELECT point.id, min(polygon.id) FROM point JOIN polygon"
        " ON ST_Intersects(polygon.geom, point.geom) GROUP BY 1"
    ).fetchnumpy()
    found = np.full(len(x), -1)
    point, polygon = (np.asarray(v) for v in rows.values())
    found[point] = polygon
    del ground, points
    yield "DuckDB spatial join", build_s, perf_counter() - wall, process_time() - cpu, found
