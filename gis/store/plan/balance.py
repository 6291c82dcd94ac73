"""How the communities of an area stand: households, grids, balance, plans waiting, vacancies."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from datetime import date

from sqlalchemy import Row, Select, func, or_, select
from sqlalchemy.orm import Session, aliased

from gis.analysis.balance import Balance, measure_balance
from gis.domain.access import Scope, require
from gis.store.area.visible import visible
from gis.store.counts.counted import Counted
from gis.store.tables import Block, DivisionUnit, Grid, GridWorker, LivePlan, Plan
from gis.words import measures

OPEN_STATES = ("draft", "submitted", "approved")
"""States of a plan on which someone still has to act."""


@dataclass(frozen=True)
class CommunityBalance:
    """One row of the planner's table.

    Parameters
    ----------
    open_plans
        Number of plans by each state in which someone still has to act.
    submitted_by_others
        Those that wait for approval and that the one who asks did not submit.
    """

    id: int
    code: str
    name: str
    name_en: str | None
    town: str
    minimum: int
    target: int
    maximum: int
    households: int
    people: int
    plan_id: int | None
    plan_state: str | None
    effective_from: date | None
    balance: Balance | None
    open_plans: dict[str, int] = field(default_factory=dict)
    vacancies: int = 0
    submitted_by_others: int = 0


def list_balances(session: Session, scope: Scope, *, today: date) -> list[CommunityBalance]:
    """List the communities of an area with the balance of the plan that stands for each.

    That is the plan in force, or, where there is none, the newest open one.

    Raises
    ------
    NotAllowed
        The person may not look at plans.
    """
    require(scope, "plan.view")
    units = session.execute(_units(scope)).all()
    ids = [u.id for u in units]
    loads = {r.community_id: r for r in session.execute(_loads(ids))}
    plans = standing_plans(session, ids)
    grids = _grids_by_plan(session, [p.id for p in plans.values()])
    waiting = _open_plans(session, ids)
    others = _submitted_by_others(session, ids, scope.user_id)
    vacant = vacancies_by_community(session, ids, today=today)
    return [
        replace(
            _row(u, loads.get(u.id), plans.get(u.id), grids),
            open_plans=dict(waiting[u.id]),
            vacancies=vacant.get(u.id, 0),
            submitted_by_others=others.get(u.id, 0),
        )
        for u in units
    ]


def _row(unit: Row, load: Row | None, plan: Row | None, grids: dict) -> CommunityBalance:
    band = {"minimum": unit.minimum, "target": unit.target, "maximum": unit.maximum}
    return CommunityBalance(
        id=unit.id,
        code=unit.code,
        name=unit.name,
        name_en=unit.name_en,
        town=unit.town,
        **band,
        households=load.households if load else 0,
        people=load.people if load else 0,
        plan_id=plan.id if plan else None,
        plan_state=plan.state if plan else None,
        effective_from=plan.effective_from if plan else None,
        balance=measure_balance(grids[plan.id], **band) if plan else None,
    )


def _units(scope: Scope) -> Select:
    town = aliased(DivisionUnit)
    return (
        select(
            DivisionUnit.id,
            DivisionUnit.code,
            DivisionUnit.name,
            DivisionUnit.name_en,
            DivisionUnit.minimum,
            DivisionUnit.target,
            DivisionUnit.maximum,
            town.name.label("town"),
        )
        .join(town, town.id == DivisionUnit.parent_id)
        .where(
            DivisionUnit.level == "community",
            DivisionUnit.valid_to.is_(None),
            visible(scope, DivisionUnit.id),
        )
        .order_by(DivisionUnit.code)
    )


def _loads(ids: list[int]) -> Select:
    households, people = Counted(measures.HOUSEHOLDS), Counted(measures.PEOPLE)
    return (
        select(Block.community_id, households.total, people.total)
        .outerjoin(households.rows, households.of(Block.id))
        .outerjoin(people.rows, people.of(Block.id))
        .where(Block.community_id.in_(ids), Block.retired_at.is_(None))
        .group_by(Block.community_id)
    )


def standing_plans(session: Session, ids: list[int]) -> dict[int, Row]:
    """Give the plan that stands for each community: the one in force, else the newest open."""
    query = (
        select(Plan.id, Plan.community_id, Plan.state, Plan.effective_from)
        .outerjoin(LivePlan, LivePlan.plan_id == Plan.id)
        .where(
            Plan.community_id.in_(ids),
            or_(LivePlan.plan_id.is_not(None), Plan.state.in_(OPEN_STATES)),
        )
        .order_by(LivePlan.plan_id.is_not(None), Plan.id)
    )
    return {r.community_id: r for r in session.execute(query)}


def _grids_by_plan(session: Session, plan_ids: list[int]) -> dict[int, list[Row]]:
    query = select(
        Grid.plan_id, Grid.households, Grid.compactness, Grid.barrier_share, Grid.border_m
    ).where(Grid.plan_id.in_(plan_ids), Grid.kind == "basic")
    grids: dict[int, list[Row]] = defaultdict(list)
    for row in session.execute(query):
        grids[row.plan_id].append(row)
    return grids


def _open_plans(session: Session, ids: list[int]) -> dict[int, dict[str, int]]:
    query = (
        select(Plan.community_id, Plan.state, func.count().label("n"))
        .where(Plan.community_id.in_(ids), Plan.state.in_(OPEN_STATES))
        .group_by(Plan.community_id, Plan.state)
    )
    waiting: dict[int, dict[str, int]] = defaultdict(dict)
    for row in session.execute(query):
        waiting[row.community_id][row.state] = row.n
    return waiting


def _submitted_by_others(session: Session, ids: list[int], user_id: int | None) -> dict[int, int]:
    query = (
        select(Plan.community_id, func.count().label("n"))
        .where(
            Plan.community_id.in_(ids),
            Plan.state == "submitted",
            Plan.submitted_by.is_distinct_from(user_id),
        )
        .group_by(Plan.community_id)
    )
    return {row.community_id: row.n for row in session.execute(query)}


def vacancies_by_community(session: Session, ids: list[int], *, today: date) -> dict[int, int]:
    """Count the grids in force that have no worker today, by community."""
    query = (
        select(Grid.community_id, func.count().label("n"))
        .join(LivePlan, LivePlan.plan_id == Grid.plan_id)
        .where(Grid.community_id.in_(ids), ~has_worker(today))
        .group_by(Grid.community_id)
    )
    return {r.community_id: r.n for r in session.execute(query)}


def has_worker(today: date):  # noqa: ANN201  (a column expression)
    """Say in SQL that a grid has a worker on a day."""
    return select(GridWorker.id).where(GridWorker.grid_code == Grid.code, works_on(today)).exists()


def works_on(today: date):  # noqa: ANN201  (a column expression)
    """Say in SQL that an assignment of a worker holds on a day."""
    return (GridWorker.valid_from <= today) & (
        GridWorker.valid_to.is_(None) | (GridWorker.valid_to > today)
    )
