"""Plans as people read them: their list, grids and shapes, and what differs between two."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Row, Select, and_, func, select
from sqlalchemy.orm import Session, aliased

from gis.domain.access import Scope, require
from gis.errors import NotFound
from gis.store.balance import works_on
from gis.store.features import feature_collection
from gis.store.tables import (
    Block,
    BlockAssignment,
    BlockLoad,
    Grid,
    GridWorker,
    LivePlan,
    Plan,
    UserAccount,
)

GEOJSON_DIGITS = 6
"""Decimals of a degree in what the browser draws: about 0.1 m."""


@dataclass(frozen=True)
class GridChange:
    """Blocks that lie in one grid under a plan and in another under a second plan."""

    from_code: str | None
    to_code: str
    blocks: int
    households: int
    people: int


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
    plan = session.get(Plan, plan_id)
    if plan is None or not scope.covers(plan.community_id):
        raise NotFound("there is no such plan in your area")
    return plan


def live_plan_id(session: Session, community_id: int) -> int | None:
    """Find the plan in force in a community."""
    return session.scalar(select(LivePlan.plan_id).where(LivePlan.community_id == community_id))


def list_plans(session: Session, scope: Scope, community_id: int) -> list[Row]:
    """List the plans of a community, newest first, with who did each step and the grid count."""
    require(scope, "plan.view", community_id)
    people = {step: aliased(UserAccount) for step in ("created", "submitted", "approved")}
    n_grids = select(func.count()).where(Grid.plan_id == Plan.id).correlate(Plan).scalar_subquery()
    query = select(
        Plan.id,
        Plan.name,
        Plan.state,
        Plan.version,
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
    """Give the grids of a plan as GeoJSON text: code, households, people."""
    get_plan(session, scope, plan_id)
    query = select(
        Grid.id.label("id"),
        Grid.code.label("code"),
        Grid.households.label("households"),
        Grid.people.label("people"),
        func.ST_AsGeoJSON(Grid.geom, GEOJSON_DIGITS).label("shape"),
    ).where(Grid.plan_id == plan_id)
    return feature_collection(session, query.order_by(Grid.code))


def block_features(session: Session, scope: Scope, plan_id: int) -> str:
    """Give the blocks of a plan as GeoJSON text: the grid code each is in, and its load."""
    get_plan(session, scope, plan_id)
    query = (
        select(
            Block.id.label("id"),
            Grid.code.label("code"),
            func.coalesce(BlockLoad.households, 0).label("households"),
            func.coalesce(BlockLoad.people, 0).label("people"),
            func.ST_AsGeoJSON(Block.geom, GEOJSON_DIGITS).label("shape"),
        )
        .join(BlockAssignment, BlockAssignment.block_id == Block.id)
        .join(Grid, Grid.id == BlockAssignment.grid_id)
        .outerjoin(BlockLoad, BlockLoad.block_id == Block.id)
        .where(BlockAssignment.plan_id == plan_id, Block.retired_at.is_(None))
        .order_by(Block.id)
    )
    return feature_collection(session, query)


def compare_plans(session: Session, scope: Scope, plan_id: int, base_id: int) -> list[GridChange]:
    """List what changes grid from a base plan to another of the same community.

    A grid goes on as the one with its code, else as the one that takes most of its households:
    only what moves between grids counts as changing. Under the same blocks block by block; when
    the blocks were built anew in between, each new block comes from the grid under its inner
    point.
    """
    plan, base = get_plan(session, scope, plan_id), get_plan(session, scope, base_id)
    if plan.community_id != base.community_id:
        raise NotFound("only plans of one community can be compared")
    overlaps = _overlaps(session, plan, base)
    goes_on = continuing_grids(overlaps)
    return [o for o in overlaps if o.from_code is None or goes_on.get(o.from_code) != o.to_code]


def continuing_grids(overlaps: list[GridChange]) -> dict[str, str]:
    """Say which new grid continues which old one; each at most once.

    Examples
    --------
    >>> continuing_grids([GridChange("1", "8", 5, 90, 200), GridChange("2", "8", 1, 10, 20)])
    {'1': '8'}
    """
    heaviest = sorted(
        (o for o in overlaps if o.from_code is not None),
        key=lambda o: (o.from_code != o.to_code, -o.households, -o.blocks, o.from_code, o.to_code),
    )
    goes_on: dict[str, str] = {}
    taken: set[str] = set()
    for overlap in heaviest:
        if overlap.from_code not in goes_on and overlap.to_code not in taken:
            goes_on[overlap.from_code] = overlap.to_code
            taken.add(overlap.to_code)
    return goes_on


def _overlaps(session: Session, plan: Plan, base: Plan) -> list[GridChange]:
    """Sum the blocks by the grid they are in under either plan."""
    before = _same_blocks(base) if plan.build_id == base.build_id else _other_blocks(plan, base)
    after = _codes_by_block(plan.id).subquery()
    households = func.coalesce(func.sum(BlockLoad.households), 0)
    query = (
        select(
            before.c.code.label("from_code"),
            after.c.code.label("to_code"),
            func.count().label("blocks"),
            households.label("households"),
            func.coalesce(func.sum(BlockLoad.people), 0).label("people"),
        )
        .select_from(after)
        .outerjoin(before, before.c.block_id == after.c.block_id)
        .outerjoin(BlockLoad, BlockLoad.block_id == after.c.block_id)
        .group_by(before.c.code, after.c.code)
        .order_by(households.desc(), before.c.code, after.c.code)
    )
    return [GridChange(**row) for row in session.execute(query).mappings()]


def _codes_by_block(plan_id: int) -> Select:
    return (
        select(BlockAssignment.block_id, Grid.code)
        .join(Grid, Grid.id == BlockAssignment.grid_id)
        .join(Block, Block.id == BlockAssignment.block_id)
        .where(BlockAssignment.plan_id == plan_id, Block.retired_at.is_(None))
    )


def _same_blocks(base: Plan):  # noqa: ANN202  (a subquery)
    return _codes_by_block(base.id).subquery()


def _other_blocks(plan: Plan, base: Plan):  # noqa: ANN202  (a subquery)
    point = func.ST_PointOnSurface(Block.geom)
    return (
        select(Block.id.label("block_id"), func.min(Grid.code).label("code"))
        .join(BlockAssignment, BlockAssignment.block_id == Block.id)
        .join(Grid, and_(Grid.plan_id == base.id, Grid.geom.ST_Intersects(point)))
        .where(BlockAssignment.plan_id == plan.id)
        .group_by(Block.id)
        .subquery()
    )
