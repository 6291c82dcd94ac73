"""What maps draw: outlines, names and counted incidents, within a scope; nothing personal."""

from __future__ import annotations

import json
from dataclasses import dataclass

import geopandas as gpd
import shapely
from sqlalchemy import ColumnElement, RowMapping, Select, func, select
from sqlalchemy.orm import Session

from gis.domain.access import Scope
from gis.domain.period import Period
from gis.geometry.generalise import simplify_coverage
from gis.store.area.visible import visible
from gis.store.counts.peopled import peopled_point
from gis.store.statistics.by_level import counted_incidents, refuse_sensitive
from gis.store.tables import STORED_SRID, Block, DivisionUnit, Grid, LivePlan

Bounds = tuple[float, float, float, float]
DIGITS = 5
"""Decimals of a degree in what is sent: about one metre."""

TOLERANCE_M = 3.0
"""How far a drawn border may be from the real one."""


@dataclass(frozen=True)
class Name:
    """A name and where it is written."""

    kind: str
    code: str
    name: str
    name_en: str | None
    lon: float
    lat: float


def community_shapes(session: Session, scope: Scope) -> dict:
    """Give the outlines of the communities as GeoJSON with ``code, name, name_en``."""
    query = select(
        DivisionUnit.code,
        DivisionUnit.name,
        DivisionUnit.name_en,
        *_name_at("division_unit.geom"),
        func.ST_AsBinary(DivisionUnit.geom).label("shape"),
    ).where(*_communities_in(scope))
    return _collection(session, query.order_by(DivisionUnit.code))


def town_shapes(session: Session, scope: Scope) -> dict:
    """Give the outlines of the towns around the communities."""
    return _above(session, scope, "town")


def county_shapes(session: Session, scope: Scope) -> dict:
    """Give the outlines of the counties around the communities."""
    return _above(session, scope, "county")


def _above(session: Session, scope: Scope, level: str) -> dict:
    below = select(DivisionUnit.code).where(*_communities_in(scope)).subquery()
    digits = 9 if level == "town" else 6
    query = select(
        DivisionUnit.code,
        DivisionUnit.name,
        DivisionUnit.name_en,
        *_name_at("division_unit.geom"),
        func.ST_AsBinary(DivisionUnit.geom).label("shape"),
    ).where(
        DivisionUnit.level == level,
        DivisionUnit.valid_to.is_(None),
        DivisionUnit.geom.is_not(None),
        func.left(DivisionUnit.code, digits).in_(select(func.left(below.c.code, digits))),
    )
    return _collection(session, query.order_by(DivisionUnit.code))


def grid_shapes(session: Session, scope: Scope) -> dict:
    """Give the grids in force as GeoJSON with ``code, name, community``."""
    query = _live_grids(scope).with_only_columns(
        Grid.code,
        Grid.name,
        DivisionUnit.name.label("community"),
        DivisionUnit.name_en.label("community_en"),
        *_name_at("grid.geom"),
        func.ST_AsBinary(Grid.geom).label("shape"),
    )
    return _collection(session, query.order_by(Grid.code))


def list_names(session: Session, scope: Scope) -> list[Name]:
    """List the names of communities and grids with a point inside each."""
    unit_at = peopled_point("division_unit.geom")
    units = select(
        DivisionUnit.code,
        DivisionUnit.name,
        DivisionUnit.name_en,
        func.ST_X(unit_at),
        func.ST_Y(unit_at),
    ).where(*_communities_in(scope))
    grid_at = peopled_point("grid.geom")
    grids = _live_grids(scope).with_only_columns(
        Grid.code, Grid.name, func.ST_X(grid_at), func.ST_Y(grid_at)
    )
    names = [
        Name("community", code, name, name_en, round(lon, DIGITS), round(lat, DIGITS))
        for code, name, name_en, lon, lat in session.execute(units)
    ]
    return names + [
        Name("grid", code, name or code[-3:], None, round(lon, DIGITS), round(lat, DIGITS))
        for code, name, lon, lat in session.execute(grids)
    ]


def incident_points(
    session: Session, scope: Scope, *, topic: str, period: Period
) -> list[tuple[float, float, int]]:
    """Give (lon, lat, incidents) at a point inside each block that has any.

    Raises
    ------
    NotAllowed
        The topic is sensitive: it is shown only as counts of grids or above.
    """
    refuse_sensitive(session, topic)
    counted = counted_incidents(topic, period).subquery()
    counts = (
        select(counted.c.block_id, func.sum(counted.c.incidents).label("incidents"))
        .group_by(counted.c.block_id)
        .subquery("counts")
    )
    at = func.ST_PointOnSurface(Block.geom)
    query = (
        select(func.ST_X(at), func.ST_Y(at), counts.c.incidents)
        .join(counts, counts.c.block_id == Block.id)
        .join(DivisionUnit, DivisionUnit.id == Block.community_id)
        .where(*_communities_in(scope))
        .order_by(Block.id)
    )
    return [
        (round(lon, DIGITS), round(lat, DIGITS), int(n)) for lon, lat, n in session.execute(query)
    ]


def _name_at(shape: str) -> list[ColumnElement]:
    at = peopled_point(shape)
    return [axis(at).label(name) for axis, name in ((func.ST_X, "lon"), (func.ST_Y, "lat"))]


def divisions_version(session: Session) -> str:
    """Give a token that changes whenever a plan is published or outlines are imported."""
    latest, plans = session.execute(
        select(func.max(LivePlan.flipped_at), func.count(LivePlan.plan_id))
    ).one()
    units = session.scalar(select(func.max(DivisionUnit.id)))
    return f"{latest.timestamp() if latest else 0:.6f}-{plans}-{units or 0}"


def _communities_in(scope: Scope) -> list:
    return [
        DivisionUnit.level == "community",
        DivisionUnit.valid_to.is_(None),
        DivisionUnit.geom.is_not(None),
        visible(scope, DivisionUnit.id),
    ]


def _live_grids(scope: Scope) -> Select:
    return (
        select(Grid)
        .join(LivePlan, LivePlan.plan_id == Grid.plan_id)
        .join(DivisionUnit, DivisionUnit.id == Grid.community_id)
        .where(*_communities_in(scope))
    )


def _properties(row: RowMapping) -> dict:
    told = {k: v for k, v in row.items() if k != "shape" and v is not None}
    return {k: round(v, DIGITS) if isinstance(v, float) else v for k, v in told.items()}


def _collection(session: Session, query: Select) -> dict:
    """Give shapes that share their borders as GeoJSON, simplified together so no gap opens."""
    rows = session.execute(query).mappings().all()
    shapes = shapely.from_wkb([bytes(row["shape"]) for row in rows])
    frame = gpd.GeoDataFrame(geometry=list(shapes), crs=STORED_SRID)
    simple = simplify_coverage(frame, tolerance_m=TOLERANCE_M) if len(rows) else frame
    rounded = shapely.set_precision(simple.geometry.array, 10.0**-DIGITS, mode="pointwise")
    features = [
        {
            "type": "Feature",
            "properties": _properties(row),
            "geometry": json.loads(shapely.to_geojson(shape)),
        }
        for row, shape in zip(rows, rounded, strict=True)
    ]
    return {"type": "FeatureCollection", "features": features}
