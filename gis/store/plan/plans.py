"""Plans as people read them: their list, grids and shapes, and what differs between two."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Row, and_, case, func, select
from sqlalchemy.orm import Session, aliased

from gis.analysis.overlaps import GridChange, continuing_grids, sum_overlaps
from gis.domain.access import Scope, require
from gis.errors import NotFound
from gis.store.counts.counted import Counted
from gis.store.counts.peopled import peopled_point
from gis.store.ground.features import feature_collection
from gis.store.plan.balance import works_on
from gis.store.plan.former_grids import assigned_blocks, former_codes
from gis.store.tables import (
    Block,
    BlockAssignment,
    Grid,
    GridWorker,
    LivePlan,
    Plan,
    PlanEdition,
    UserAccount,
)
from gis.words import measures

GEOJSON_DIGITS = 6
"""Decimals of a degree in what the browser draws: about 0.1 m."""


def find_plan(session: Session, plan_id: int, *, lock: bool = False) -> Plan | None:
    """Find a plan, whoever may see it; ``lock`` reads it as it is now and keeps it so."""
    return session.get(Plan, plan_id, with_for_update=lock or None, populate_existing=lock)


def known_plan(session: Session, plan_id: int) -> Plan:
    """Get a plan that is known to be there, whoever may see it."""
    return session.get_one(Plan, plan_id)


def plans_of(session: Session, community_id: int) -> list[Plan]:
    """List the plans of a community whose editions may still be gone back to."""
    query = select(Plan).where(Plan.community_id == community_id).order_by(Plan.id)
    return list(session.scalars(query))


def get_plan(session: Session, scope: Scope, plan_id: int) -> Plan:
    """Get a plan of the area.

    Raises
    ------
    NotFound
        No such plan, or its community lies outside the area.
    NotAllowed
        The person may not look at plans.
    """
    require(scope, "plan.view")
    plan = find_plan(session, plan_id)
    if plan is None or not scope.covers(plan.community_id):
        raise NotFound("there is no such plan in your area")
    return plan


def live_plan_id(session: Session, community_id: int) -> int | None:
    """Find the plan in force in a community."""
    return session.scalar(select(LivePlan.plan_id).where(LivePlan.community_id == community_id))


_SHOWN_STATE = case(
    ((Plan.state == "published") & LivePlan.plan_id.is_(None), "announced"), else_=Plan.state
)
"""The state of a plan; one published for a day to come is announced."""


def list_plans(session: Session, scope: Scope, community_id: int) -> list[Row]:
    """List the plans of a community, newest first: who did each step, grids, what it is for."""
    require(scope, "plan.view", community_id)
    people = {step: aliased(UserAccount) for step in ("created", "submitted", "approved")}
    purpose = (
        select(PlanEdition.note)
        .where(PlanEdition.plan_id == Plan.id, PlanEdition.edition == 1)
        .correlate(Plan)
        .scalar_subquery()
    )
    n_grids = select(func.count()).where(Grid.plan_id == Plan.id).correlate(Plan).scalar_subquery()
    query = select(
        Plan.id,
        Plan.build_id,
        Plan.name,
        Plan.state,
        _SHOWN_STATE.label("shown_state"),
        Plan.version,
        Plan.edition,
        purpose.label("purpose"),
        Plan.parent_id,
        Plan.remarks,
        Plan.parameters,
        Plan.quality,
        Plan.effective_from,
        Plan.effective_to,
        Plan.created_at,
        Plan.submitted_at,
        Plan.submitted_by,
        Plan.approved_at,
        (LivePlan.plan_id.is_not(None)).label("live"),
        n_grids.label("n_grids"),
        *(person.name.label(f"{step}_by_name") for step, person in people.items()),
    ).outerjoin(LivePlan, LivePlan.plan_id == Plan.id)
    for step, person in people.items():
        query = query.outerjoin(person, person.id == getattr(Plan, f"{step}_by"))
    query = query.where(Plan.community_id == community_id).order_by(Plan.id.desc())
    return list(session.execute(query).all())


def list_grids(session: Session, scope: Scope, plan_id: int, *, today: date) -> list[Row]:
    """List the grids of a plan by code, each with its worker on a day."""
    get_plan(session, scope, plan_id)
    query = (
        select(
            Grid.id,
            Grid.code,
            Grid.kind,
            Grid.name,
            Grid.households,
            Grid.people,
            Grid.area_m2,
            Grid.compactness,
            Grid.barrier_share,
            Grid.border_m,
            Grid.border_shares,
            Grid.straddled_m,
            Grid.people_deviation,
            Grid.workload,
            Grid.workload_deviation,
            Grid.terms,
            Grid.flags,
            Grid.reasons,
            Grid.figures,
            GridWorker.user_id.label("worker_id"),
            UserAccount.name.label("worker"),
        )
        .outerjoin(GridWorker, and_(GridWorker.grid_code == Grid.code, works_on(today)))
        .outerjoin(UserAccount, UserAccount.id == GridWorker.user_id)
        .where(Grid.plan_id == plan_id)
        .order_by(Grid.code)
    )
    return list(session.execute(query).all())


def grid_features(session: Session, scope: Scope, plan_id: int) -> str:
    """Give the grids of a plan as GeoJSON text: code, households, people, a point for its name."""
    get_plan(session, scope, plan_id)
    inside = peopled_point("grid.geom")
    query = select(
        Grid.id.label("id"),
        Grid.code.label("code"),
        Grid.households.label("households"),
        Grid.people.label("people"),
        func.ST_X(inside).label("lon"),
        func.ST_Y(inside).label("lat"),
        func.ST_AsGeoJSON(Grid.geom, GEOJSON_DIGITS).label("shape"),
    ).where(Grid.plan_id == plan_id)
    return feature_collection(session, query.order_by(Grid.code))


def block_features(session: Session, scope: Scope, plan_id: int) -> str:
    """Give the blocks of a plan as GeoJSON text: the grid code each is in, and its load."""
    get_plan(session, scope, plan_id)
    households, people = Counted(measures.HOUSEHOLDS), Counted(measures.PEOPLE)
    query = (
        select(
            Block.id.label("id"),
            Grid.code.label("code"),
            households.n,
            people.n,
            func.ST_AsGeoJSON(Block.geom, GEOJSON_DIGITS).label("shape"),
        )
        .join(BlockAssignment, BlockAssignment.block_id == Block.id)
        .join(Grid, Grid.id == BlockAssignment.grid_id)
        .outerjoin(households.rows, households.of(Block.id))
        .outerjoin(people.rows, people.of(Block.id))
        .where(BlockAssignment.plan_id == plan_id, Block.retired_at.is_(None))
        .order_by(Block.id)
    )
    return feature_collection(session, query)


def compare_plans(session: Session, scope: Scope, plan_id: int, base_id: int) -> list[GridChange]:
    """List what changes grid from a base plan to another of the same community.

    Of a base that is or was in force, a grid goes on as the one with its code: that is what its
    worker keeps. Codes of two plans that never were in force mean little to one another, so there
    a grid goes on as the one that takes most of its households. When the blocks were built anew
    in between, each new block comes from the grid that had most of its ground.
    """
    plan, base = get_plan(session, scope, plan_id), get_plan(session, scope, base_id)
    if plan.community_id != base.community_id:
        raise NotFound("only plans of one community can be compared")
    overlaps = _overlaps(session, plan, base)
    by_code = base.state in ("published", "superseded")
    goes_on = {} if by_code else continuing_grids(overlaps)
    return [
        o
        for o in overlaps
        if o.from_code is None or goes_on.get(o.from_code, o.from_code) != o.to_code
    ]


def _overlaps(session: Session, plan: Plan, base: Plan) -> list[GridChange]:
    """Sum the blocks by the grid they are in under either plan, most households first."""
    blocks = assigned_blocks(session, plan.id)
    former = former_codes(session, base.id, blocks["block_id"].tolist())
    return sum_overlaps(
        blocks.assign(before=blocks["block_id"].map(former).astype(object).fillna(""))
    )
