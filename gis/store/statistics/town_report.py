"""Whole communities summed up: blocks, the division in force, how records were located."""

from __future__ import annotations

from sqlalchemy import Numeric, func, select
from sqlalchemy.orm import Session

from gis.database.bulk import read_frame
from gis.domain.access import Scope
from gis.store.area.visible import visible
from gis.store.tables import BlockBuild, DivisionUnit, Grid, LivePlan, Plan
from gis.store.tables.kinds import ToLocate, kinds_with
from gis.store.tables.location.located import Located


def town_report(session: Session, scope: Scope) -> dict:
    """Sum up the communities of a scope: blocks, division, geocoding; counts only."""
    blocks = [
        {"community": code, "name": name, **report}
        for code, name, report in session.execute(
            select(DivisionUnit.code, DivisionUnit.name, BlockBuild.report)
            .join(DivisionUnit, DivisionUnit.id == BlockBuild.community_id)
            .where(BlockBuild.current, visible(scope, BlockBuild.community_id))
            .order_by(DivisionUnit.code)
        )
    ]
    located = kinds_with(ToLocate)
    return {
        "blocks": blocks,
        "division": _division_figures(session, scope),
        "geocoding": {name: _by_status(session, scope, model) for name, model in located.items()},
    }


def _by_status(session: Session, scope: Scope, model: type[Located]) -> dict[str, int]:
    query = select(model.status, func.count()).where(visible(scope, model.community_id))
    return dict(session.execute(query.group_by(model.status)).all())


def _division_figures(session: Session, scope: Scope) -> list[dict]:
    """Give the figures of each plan in force."""
    within = Grid.households.between(DivisionUnit.minimum, DivisionUnit.maximum)
    total = func.sum(Grid.households)
    query = (
        select(
            DivisionUnit.code,
            DivisionUnit.name,
            func.count().label("grids"),
            total.label("households"),
            func.coalesce(func.sum(Grid.households).filter(within), 0).label("in_band"),
            func.min(Grid.households).label("smallest"),
            func.max(Grid.households).label("largest"),
            func.round(func.avg(Grid.compactness).cast(Numeric), 3).label("compactness"),
            Plan.quality,
        )
        .join(LivePlan, LivePlan.community_id == DivisionUnit.id)
        .join(Plan, Plan.id == LivePlan.plan_id)
        .join(Grid, Grid.plan_id == Plan.id)
        .where(visible(scope, DivisionUnit.id))
        .group_by(DivisionUnit.id, Plan.id)
        .order_by(DivisionUnit.code)
    )
    return read_frame(session, query).to_dict("records")
