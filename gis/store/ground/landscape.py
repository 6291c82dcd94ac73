"""The whole ground of a town at once, simplified for drawing: for a map without a server."""

from __future__ import annotations

from collections.abc import Sequence

import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy import Select, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from gis.domain.kinds.barrier import ROAD_KINDS
from gis.domain.kinds.land_cover import LAND_COVER_KINDS
from gis.store.tables import Barrier, Building, LandCover

TOLERANCE_DEGREES = 0.00002
"""About two metres."""

_Row = tuple[BaseGeometry, dict]


def read_landscape(session: Session) -> dict[str, list[_Row]]:
    """Give land cover, water lines, buildings, walls, roads and rails, as the tiles name them."""
    cover = _shapes(session, select(LandCover.kind), LandCover.id, LandCover.geom)
    lines = _shapes(session, select(Barrier.kind, Barrier.name), Barrier.id, Barrier.geom)
    houses = _shapes(session, select(), Building.id, Building.geom)
    by_kind = {
        kind: [r for r in lines if r[1]["kind"] == kind] for kind in {r[1]["kind"] for r in lines}
    }
    paint = ("farmland", "built_up", "green", "water")
    assert set(paint) == set(LAND_COVER_KINDS)
    return {
        "land_cover": sorted(cover, key=lambda r: paint.index(r[1]["kind"])),
        "water_lines": by_kind.get("river", []),
        "buildings": houses,
        "walls": by_kind.get("wall", []),
        "roads": [r for kind in reversed(ROAD_KINDS) for r in by_kind.get(kind, [])],
        "rails": by_kind.get("rail", []),
    }


def _shapes(
    session: Session,
    query: Select,
    id_: InstrumentedAttribute[int],
    geom: InstrumentedAttribute[object],
) -> list[_Row]:
    simple = func.ST_AsBinary(func.ST_Simplify(geom, TOLERANCE_DEGREES, True)).label("shape")
    rows: Sequence = session.execute(query.add_columns(simple).order_by(id_)).mappings().all()
    shapes = shapely.from_wkb([bytes(r["shape"]) for r in rows])
    return [
        (shape, {k: v for k, v in row.items() if k != "shape" and v is not None})
        for shape, row in zip(shapes, rows, strict=True)
    ]
