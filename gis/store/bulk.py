"""Whole frames in and out of the database: COPY for writing, geometry-aware reading.

Writing goes through PostgreSQL's COPY inside the caller's transaction; geometry travels as
hexadecimal EWKB. Column names come from the table models, never from a caller's text.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from geoalchemy2 import Geometry
from psycopg import sql
from sqlalchemy import Executable, Table
from sqlalchemy.orm import DeclarativeBase, Session

from gis.store.tables import STORED_SRID

_MULTI = {
    "MULTIPOLYGON": (3, shapely.multipolygons),
    "MULTILINESTRING": (1, shapely.multilinestrings),
}


def copy_frame(session: Session, model: type[DeclarativeBase], frame: pd.DataFrame) -> int:
    """Append a frame to a table by COPY.

    Parameters
    ----------
    session
        Open session; the rows belong to its transaction.
    model
        Table model; every column of ``frame`` must be one of its columns.
    frame
        Rows; geometry columns hold shapely objects in EPSG:4326 (lon lat). Missing values
        (None, NaN, NaT) become NULL.

    Returns
    -------
    int
        Rows written.
    """
    if frame.empty:
        return 0
    table: Table = model.__table__
    columns = [table.columns[name] for name in frame.columns]
    values = [_plain(frame[c.name], c.type) for c in columns]
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(table.name), sql.SQL(", ").join(sql.Identifier(c.name) for c in columns)
    )
    session.flush()
    cursor = session.connection().connection.cursor()
    with cursor.copy(statement) as copy:
        for row in zip(*values, strict=True):
            copy.write_row(row)
    return len(frame)


def new_ids(session: Session, model: type[DeclarativeBase], count: int) -> np.ndarray:
    """Reserve ids of a table for rows about to be copied; (count,) int64, ascending."""
    if not count:
        return np.empty(0, dtype=np.int64)
    query = """
        SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)
    """
    cursor = session.connection().connection.cursor()
    rows = cursor.execute(query, (model.__table__.name, count)).fetchall()
    return np.sort(np.array([r[0] for r in rows], dtype=np.int64))


def read_frame(
    session: Session, statement: Executable, parameters: dict | None = None
) -> pd.DataFrame:
    """Run a query and give its rows as a plain frame, columns in the order of the query."""
    result = session.execute(statement, parameters or {})
    return pd.DataFrame(result.fetchall(), columns=list(result.keys()))


def read_geoframe(
    session: Session, statement: Executable, parameters: dict | None = None
) -> gpd.GeoDataFrame:
    """Run a query whose column ``geometry`` is WKB (``ST_AsBinary``) and give a geo frame.

    Returns
    -------
    GeoDataFrame
        In EPSG:4326, lon lat.
    """
    frame = read_frame(session, statement, parameters)
    shapes = shapely.from_wkb([None if g is None else bytes(g) for g in frame["geometry"]])
    return gpd.GeoDataFrame(frame.drop(columns="geometry"), geometry=shapes, crs=STORED_SRID)


def as_multi(shapes: Iterable[object], kind: str = "MULTIPOLYGON") -> np.ndarray:
    """Wrap single polygons (or lines) as multi ones, as the tables hold them."""
    single_type, build = _MULTI[kind]
    shapes = np.array(list(shapes), dtype=object)
    single = shapely.get_type_id(shapes) == single_type
    if single.any():
        shapes[single] = build(shapes[single], indices=np.arange(int(single.sum())))
    return shapes


def _plain(column: pd.Series, column_type: object) -> Sequence[object]:
    """Turn a column into plain Python values that COPY can write."""
    if isinstance(column_type, Geometry):
        shapes = shapely.set_srid(np.array(column, dtype=object), STORED_SRID)
        return list(shapely.to_wkb(shapes, hex=True, include_srid=True))
    values = column.astype(object)
    values = values.where(values.notna(), None)
    if column_type.python_type is int:
        return [None if v is None else int(v) for v in values]
    return [_native(v) for v in values]


def _native(value: object) -> object:
    if isinstance(value, np.generic):
        return value.item()
    return value
