"""Where in a shape of several parts people live: the part that its name is written in."""

from __future__ import annotations

from sqlalchemy import literal_column
from sqlalchemy.sql import ColumnElement

from gis.store.counts.counted import count_join
from gis.words.measures import HOUSEHOLDS


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
