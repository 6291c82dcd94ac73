"""In which block a point lies, as SQL: the twin of `gis.geometry.locate`, written once.

The block of a point is the one with the smallest id among the blocks in use that cover it, of
whatever community: so a point on the border of two communities has one answer on every path. Both
twins ask GEOS whether a block and a point are disjoint. ``ST_Intersects`` and ``ST_Covers`` must
not be used here: for points they take a short cut of PostGIS that decides by plain floating point,
and differs on about one in 30,000 points along borders.

An outline that is straight in degrees is not straight in metres, where blocks are cut. So a point
that an outline covers, but no block, belongs to the nearest block of that community within
`REACH_DEGREES`; this is decided here only. Found by ``ix_block_geom``.
"""

from __future__ import annotations

import geopandas as gpd
import numpy as np
from sqlalchemy import Row, func, select, text
from sqlalchemy.orm import Session

from gis.database.bulk import read_geoframe
from gis.store.tables import STORED_SRID, Block

Bounds = tuple[float, float, float, float]
REACH_DEGREES = 5e-5
"""About five metres: how far a straight edge of 20 km strays from itself between the systems."""


def block_at_point(point: str) -> str:
    """Write the SQL expression for the id of the block at a point, null where there is none.

    Parameters
    ----------
    point
        SQL for a point in EPSG:4326, such as the column ``t.geom``; never a text from outside.

    Examples
    --------
    >>> block_at_point("t.geom").count("t.geom")
    9
    """
    return _BLOCK_AT.replace("{point}", point).replace("{reach}", str(REACH_DEGREES))


_BLOCK_AT = """COALESCE((
    SELECT min(at_point.id) FROM block at_point
    WHERE at_point.retired_at IS NULL AND at_point.geom && {point}
      AND NOT ST_Disjoint(at_point.geom, {point})), (
    SELECT near.id FROM block near JOIN division_unit around ON around.id = near.community_id
    WHERE near.retired_at IS NULL AND near.geom && ST_Expand({point}, {reach})
      AND around.geom && {point} AND NOT ST_Disjoint(around.geom, {point})
      AND ST_Distance(near.geom, {point}) <= {reach}
    ORDER BY ST_Distance(near.geom, {point}), near.id LIMIT 1))"""

_PLACES = f"""
SELECT f.block_id, b.community_id
FROM (SELECT p.n, {block_at_point("p.geom")} AS block_id
      FROM (SELECT n, ST_SetSRID(ST_MakePoint(x, y), {STORED_SRID}) AS geom
            FROM unnest(CAST(:lon AS float8[]), CAST(:lat AS float8[])) WITH ORDINALITY
                 AS given(x, y, n)) p) f
LEFT JOIN block b ON b.id = f.block_id ORDER BY f.n
"""  # noqa: S608  (nothing in it comes from outside)


def blocks_at(session: Session, lon: np.ndarray, lat: np.ndarray) -> list[Row]:
    """Find the block at each of a few points: rows of block_id and community_id, or nulls.

    For many points `blocks_in_use` and the locator are quicker, with the same answers.
    """
    values = {"lon": np.asarray(lon, float).tolist(), "lat": np.asarray(lat, float).tolist()}
    return list(session.execute(text(_PLACES), values))


def block_at(session: Session, lon: float, lat: float) -> Row | None:
    """Find the block at a point: block_id and community_id, None where there is none."""
    (row,) = blocks_at(session, np.array([lon]), np.array([lat]))
    return row if row.block_id is not None else None


def blocks_in_use(session: Session, bounds: Bounds) -> gpd.GeoDataFrame:
    """Read the blocks in use that reach into a rectangle, in the order of their ids.

    Parameters
    ----------
    bounds
        West, south, east, north in degrees.

    Returns
    -------
    GeoDataFrame
        ``block_id``, ``community_id``, geometry in EPSG:4326.
    """
    query = select(
        Block.id.label("block_id"),
        Block.community_id,
        func.ST_AsBinary(Block.geom).label("geometry"),
    ).where(
        Block.retired_at.is_(None),
        Block.geom.op("&&")(func.ST_MakeEnvelope(*bounds, STORED_SRID)),
    )
    return read_geoframe(session, query.order_by(Block.id))
