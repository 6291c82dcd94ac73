"""Outlines for planners: communities of an area, their box, the grids that stand there."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from gis.domain.access import Scope, require
from gis.store.area.visible import visible
from gis.store.counts.peopled import Bounds, peopled_bounds, peopled_point
from gis.store.ground.features import feature_collection
from gis.store.plan.balance import standing_plans
from gis.store.tables import DivisionUnit, Grid

OUTLINE_TOLERANCE_DEGREES = 0.00002
"""Outlines of whole communities are drawn to about 2 m."""


def _within(scope: Scope, community_id: int | None):  # noqa: ANN202  (a column expression)
    chosen = (DivisionUnit.level == "community") & DivisionUnit.valid_to.is_(None)
    chosen &= visible(scope, DivisionUnit.id)
    if community_id is not None:
        chosen &= DivisionUnit.id == community_id
    return chosen


def community_outlines(session: Session, scope: Scope, community_id: int | None = None) -> str:
    """Give the communities of an area (or one of them) as GeoJSON text: code and names."""
    query = select(
        DivisionUnit.id,
        DivisionUnit.code,
        DivisionUnit.name,
        DivisionUnit.name_en,
        func.ST_X(peopled_point("division_unit.geom")).label("lon"),
        func.ST_Y(peopled_point("division_unit.geom")).label("lat"),
        func.ST_AsGeoJSON(DivisionUnit.geom, 5).label("shape"),
    ).where(_within(scope, community_id), DivisionUnit.geom.is_not(None))
    return feature_collection(session, query.order_by(DivisionUnit.code))


def area_bounds(session: Session, scope: Scope, community_id: int) -> Bounds | None:
    """Give west, south, east, north of a community of an area; None without an outline."""
    box = func.ST_Extent(DivisionUnit.geom)
    row = session.execute(
        select(func.ST_XMin(box), func.ST_YMin(box), func.ST_XMax(box), func.ST_YMax(box)).where(
            _within(scope, community_id)
        )
    ).one()
    return None if row[0] is None else (row[0], row[1], row[2], row[3])


def opening_bounds(session: Session, scope: Scope, community_id: int) -> Bounds | None:
    """Give the box that the map of a community opens at: where people live, else its outline."""
    outline = area_bounds(session, scope, community_id)
    return outline and (peopled_bounds(session, community_id) or outline)


def standing_grids(session: Session, scope: Scope) -> str:
    """Give the grids of the plans that stand (in force, else the newest open one) as GeoJSON."""
    require(scope, "plan.view")
    ids = list(session.scalars(select(DivisionUnit.id).where(_within(scope, None))))
    plans = [p.id for p in standing_plans(session, ids).values()]
    shape = func.ST_SimplifyPreserveTopology(Grid.geom, OUTLINE_TOLERANCE_DEGREES)
    query = (
        select(
            Grid.id,
            Grid.code,
            Grid.households,
            (
                (Grid.households - DivisionUnit.target) * 1.0 / func.nullif(DivisionUnit.target, 0)
            ).label("deviation"),
            (Grid.households.between(DivisionUnit.minimum, DivisionUnit.maximum)).label("in_band"),
            func.ST_AsGeoJSON(shape, 5).label("shape"),
        )
        .join(DivisionUnit, DivisionUnit.id == Grid.community_id)
        .where(Grid.plan_id.in_(plans))
        .order_by(Grid.code)
    )
    return feature_collection(session, query)
