"""What map sheets show: a plan's grids with their workers, what lies around, the ground below."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import geopandas as gpd
from sqlalchemy import Select, and_, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from gis.database.bulk import read_geoframe
from gis.domain.access import Scope
from gis.store.plan.balance import works_on
from gis.store.plan.plans import get_plan
from gis.store.tables import (
    STORED_SRID,
    Barrier,
    Building,
    Compound,
    DivisionUnit,
    Grid,
    GridWorker,
    LandCover,
    LivePlan,
    Plan,
    UserAccount,
)

REACH = 0.6
"""Ground is read this much of the community's width and height beyond it."""

LEAST_REACH_DEGREES = 0.004


@dataclass(frozen=True)
class SheetGround:
    """Everything the sheets of one plan are drawn from; frames in EPSG:4326.

    ``grids``: code, kind, name, households, people, area_m2, border_m, barrier_share,
    border_shares, worker;
    ``around``: code and community of the grids in force in other communities; ``communities``:
    id, code, name, name_en; ``layers``: land_cover, barriers, buildings, compounds.
    """

    plan: Plan
    in_force: bool
    units: tuple[DivisionUnit, ...]
    grids: gpd.GeoDataFrame
    around: gpd.GeoDataFrame
    communities: gpd.GeoDataFrame
    layers: dict[str, gpd.GeoDataFrame]


def read_sheet_ground(session: Session, scope: Scope, plan_id: int, *, today: date) -> SheetGround:
    """Read what the sheets of a plan show; of people only the names of the workers.

    Workers are named by the code of their grid: those of a plan that is not in force are the
    ones who have these codes now.
    """
    plan = get_plan(session, scope, plan_id)
    unit = session.get_one(DivisionUnit, plan.community_id)
    box: str = session.scalars(select(_reach()).where(DivisionUnit.id == unit.id)).one()
    live = session.scalar(select(LivePlan.plan_id).where(LivePlan.community_id == unit.id))
    return SheetGround(
        plan=plan,
        in_force=live == plan.id,
        units=_lineage(session, unit),
        grids=read_geoframe(session, _grids(plan_id, today)),
        around=read_geoframe(session, _around(unit.id, box)),
        communities=read_geoframe(session, _communities(box)),
        layers={name: read_geoframe(session, query) for name, query in _layers(box).items()},
    )


def _reach():  # noqa: ANN202  (a column expression)
    box = func.ST_Envelope(DivisionUnit.geom)
    wide = func.ST_XMax(box) - func.ST_XMin(box)
    high = func.ST_YMax(box) - func.ST_YMin(box)
    reach = func.greatest(REACH * func.greatest(wide, high), LEAST_REACH_DEGREES)
    return func.ST_AsText(func.ST_Expand(box, reach))


def _lineage(session: Session, unit: DivisionUnit) -> tuple[DivisionUnit, ...]:
    """Give county, town and community, the largest first."""
    if unit.parent_id is None:
        return (unit,)
    return *_lineage(session, session.get_one(DivisionUnit, unit.parent_id)), unit


def _grids(plan_id: int, today: date) -> Select:
    return (
        select(
            Grid.code,
            Grid.kind,
            Grid.name,
            Grid.households,
            Grid.people,
            Grid.area_m2,
            Grid.border_m,
            Grid.barrier_share,
            Grid.border_shares,
            UserAccount.name.label("worker"),
            func.ST_AsBinary(Grid.geom).label("geometry"),
        )
        .outerjoin(GridWorker, and_(GridWorker.grid_code == Grid.code, works_on(today)))
        .outerjoin(UserAccount, UserAccount.id == GridWorker.user_id)
        .where(Grid.plan_id == plan_id)
        .order_by(Grid.code)
    )


def _within(query: Select, geom: InstrumentedAttribute[object], box: str) -> Select:
    return query.where(geom.op("&&")(func.ST_GeomFromText(box, STORED_SRID)))


def _around(community_id: int, box: str) -> Select:
    query = (
        select(
            Grid.code,
            DivisionUnit.name,
            DivisionUnit.name_en,
            func.ST_AsBinary(Grid.geom).label("geometry"),
        )
        .join(LivePlan, LivePlan.plan_id == Grid.plan_id)
        .join(DivisionUnit, DivisionUnit.id == Grid.community_id)
        .where(Grid.community_id != community_id)
        .order_by(Grid.code)
    )
    return _within(query, Grid.geom, box)


def _communities(box: str) -> Select:
    query = select(
        DivisionUnit.id,
        DivisionUnit.code,
        DivisionUnit.name,
        DivisionUnit.name_en,
        func.ST_AsBinary(DivisionUnit.geom).label("geometry"),
    ).where(DivisionUnit.level == "community", DivisionUnit.valid_to.is_(None))
    return _within(query.order_by(DivisionUnit.code), DivisionUnit.geom, box)


def _layers(box: str) -> dict[str, Select]:
    queries = {
        "land_cover": (select(LandCover.kind, LandCover.name), LandCover.id, LandCover.geom),
        "barriers": (select(Barrier.kind, Barrier.name), Barrier.id, Barrier.geom),
        "buildings": (select(Building.name), Building.id, Building.geom),
        "compounds": (select(Compound.kind, Compound.name), Compound.id, Compound.geom),
    }
    return {
        key: _within(
            query.add_columns(func.ST_AsBinary(geom).label("geometry")).order_by(id_), geom, box
        )
        for key, (query, id_, geom) in queries.items()
    }
