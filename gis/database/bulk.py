"""Whole frames in and out of the database: COPY for writing, geometry-aware reading.

Writing goes through PostgreSQL's binary COPY inside the caller's transaction. Column names come
from the table models, never from a caller's text.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from geoalchemy2 import Geometry
from psycopg import sql
from sqlalchemy import Executable
from sqlalchemy.orm import Session

from gis.database.base import STORED_SRID, Base
from gis.database.binary_rows import PACKERS, Packed, pack_rows, pack_shapes

_MULTI = {
    "MULTIPOLYGON": (3, shapely.multipolygons),
    "MULTILINESTRING": (1, shapely.multilinestrings),
}


def copy_frame(session: Session, model: type[Base], frame: pd.DataFrame) -> int:
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
    table = model.__table__
    packed = [pack_column(frame[c.name], c.type) for c in (table.columns[n] for n in frame.columns)]
    return copy_packed(session, table.name, dict(zip(frame.columns, packed, strict=True)))


def copy_packed(session: Session, table: str, columns: Mapping[str, Packed]) -> int:
    """Append packed columns to a table or temporary table by COPY; gives the number of rows.

    Parameters
    ----------
    columns
        The column of the table each goes into; packed as that column's type asks.
    """
    statement = sql.SQL("COPY {} ({}) FROM STDIN (FORMAT BINARY)").format(
        sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, columns))
    )
    session.flush()
    cursor = session.connection().connection.cursor()
    with cursor.copy(statement) as copy:
        for piece in pack_rows(list(columns.values())):
            copy.write(piece)
    return len(next(iter(columns.values())).sizes)


def pack_column(column: pd.Series, column_type: object) -> Packed:
    """Pack a column as the type of its table column asks."""
    if isinstance(column_type, Geometry):
        return pack_shapes(np.array(column, dtype=object), srid=column_type.srid)
    return PACKERS[type(column_type).__name__](column)


def new_ids(session: Session, model: type[Base], count: int) -> np.ndarray:
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
