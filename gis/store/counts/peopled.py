"""Where people live: the part of a shape its name is written in, and the box a map opens at."""

from __future__ import annotations

import numpy as np
from sqlalchemy import ColumnElement, func, literal_column, select
from sqlalchemy.orm import Session

from gis.store.counts.counted import Counted, count_join
from gis.store.tables import Block
from gis.words.measures import HOUSEHOLDS

Bounds = tuple[float, float, float, float]
OUTERMOST = 0.01
"""Share of the households at each side that a first view may leave out."""
AROUND, LEAST_AROUND = 0.2, 0.0005
"""What is shown beyond the middles of the outermost blocks: share of the box; degrees."""


def peopled_point(shape: str) -> ColumnElement:
    """Give a point (EPSG:4326) inside the part of a shape that holds most households.

    Of parts with as many, the largest. A shape of one part is not looked into.

    Parameters
    ----------
    shape
        Its column, with its table: ``grid.geom``. Needs the GiST index on ``block.geom``.
    """
    part = f"""
        SELECT ST_PointOnSurface(part.geom)
        FROM ST_Dump({shape}) AS part
        LEFT JOIN block b ON b.retired_at IS NULL AND b.geom && part.geom
             AND ST_Covers(part.geom, ST_PointOnSurface(b.geom))
        {count_join("h", HOUSEHOLDS, "b.id")}
        GROUP BY part.path, part.geom
        ORDER BY COALESCE(SUM(h.n), 0) DESC, ST_Area(part.geom) DESC
        LIMIT 1
    """  # noqa: S608  (names of columns only)
    of_one = f"ST_PointOnSurface({shape})"
    is_split = f"ST_NumGeometries({shape}) > 1"
    return literal_column(f"(CASE WHEN {is_split} THEN ({part}) ELSE {of_one} END)")


def peopled_bounds(session: Session, community_id: int) -> Bounds | None:
    """Give west, south, east, north of where a community's households live; None without any.

    The outermost hundredth on each side is left out: a few farms far away do not make a town small
    on its map. Around the middles of the others there is room to see their blocks whole. Degrees,
    EPSG:4326; needs the index on ``block.community_id``.
    """
    at, households = func.ST_Centroid(Block.geom), Counted(HOUSEHOLDS)
    query = (
        select(func.ST_X(at), func.ST_Y(at), households.n)
        .join(households.rows, households.of(Block.id))
        .where(Block.community_id == community_id, Block.retired_at.is_(None))
    )
    rows = np.array([tuple(row) for row in session.execute(query)], dtype=float)
    if len(rows) == 0 or rows[:, 2].sum() == 0:
        return None
    sides = [_inner(rows[:, axis], rows[:, 2]) for axis in (0, 1)]
    return sides[0][0], sides[1][0], sides[0][1], sides[1][1]


def _inner(place: np.ndarray, weight: np.ndarray) -> tuple[float, float]:
    """Give where the inner part of a weight begins and ends along an axis."""
    order = np.argsort(place)
    share = np.cumsum(weight[order]) / weight.sum()
    first, last = np.searchsorted(share, (OUTERMOST, 1 - OUTERMOST))
    begin, end = float(place[order][first]), float(place[order][last])
    around = max(AROUND * (end - begin), LEAST_AROUND)
    return begin - around, end + around
