"""Where everything lies that is stored: rectangles to hold new things against."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from gis.store.tables import DivisionUnit
from gis.store.tables.kinds import ShowsGround, tables_with

Box = tuple[float, float, float, float]


def known_ground(session: Session) -> list[tuple[str, Box]]:
    """List name and west, south, east, north of every community; without any, of what there is."""
    geom = DivisionUnit.geom
    query = (
        select(DivisionUnit.name, *_corners(geom))
        .where(
            DivisionUnit.valid_to.is_(None), DivisionUnit.level == "community", geom.is_not(None)
        )
        .order_by(DivisionUnit.code)
    )
    found = [(row[0], tuple(row[1:])) for row in session.execute(query)]
    return found or _extents(session)


def _extents(session: Session) -> list[tuple[str, Box]]:
    others = tables_with(ShowsGround)
    extents = [session.execute(select(*_corners(func.ST_Extent(m.geom)))).one() for m in others]
    return [
        (f"{model.__tablename__}", tuple(extent))
        for model, extent in zip(others, extents, strict=True)
        if extent[0] is not None
    ]


def _corners(shape: object) -> list:
    return [getattr(func, f"ST_{c}")(shape) for c in ("XMin", "YMin", "XMax", "YMax")]
