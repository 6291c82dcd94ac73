"""Workers and their grids: who looks after which grid since when, and which grids have nobody."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Row, select
from sqlalchemy.orm import Session, aliased

from gis.domain.access import Scope, require
from gis.store.area.visible import visible
from gis.store.plan.balance import has_worker
from gis.store.tables import (
    DivisionUnit,
    Grid,
    GridCode,
    GridWorker,
    LivePlan,
    UserAccount,
    UserArea,
    UserRole,
)


def list_vacancies(session: Session, scope: Scope, *, today: date) -> list[Row]:
    """List the grids in force without a worker today: code, community, households."""
    require(scope, "plan.view")
    query = (
        select(
            Grid.code,
            Grid.households,
            Grid.community_id,
            DivisionUnit.code.label("community_code"),
            DivisionUnit.name.label("community"),
            DivisionUnit.name_en.label("community_en"),
        )
        .join(LivePlan, LivePlan.plan_id == Grid.plan_id)
        .join(DivisionUnit, DivisionUnit.id == Grid.community_id)
        .where(~has_worker(today), visible(scope, Grid.community_id))
        .order_by(Grid.households.desc(), Grid.code)
    )
    return list(session.execute(query).all())


def list_assignments(session: Session, scope: Scope, grid_code: str) -> list[Row]:
    """List who looked after a grid, newest first, and who assigned it."""
    require(scope, "plan.view")
    by = aliased(UserAccount)
    query = (
        select(
            GridWorker.id,
            GridWorker.valid_from,
            GridWorker.valid_to,
            UserAccount.name.label("worker"),
            by.name.label("assigned_by"),
        )
        .join(UserAccount, UserAccount.id == GridWorker.user_id)
        .outerjoin(by, by.id == GridWorker.assigned_by)
        .join(GridCode, GridCode.code == GridWorker.grid_code)
        .where(GridWorker.grid_code == grid_code, visible(scope, GridCode.community_id))
        .order_by(GridWorker.valid_from.desc())
    )
    return list(session.execute(query).all())


def list_workers(session: Session, scope: Scope, community_id: int) -> list[Row]:
    """List the open accounts that may become worker of a grid of a community."""
    require(scope, "worker.assign", community_id)
    units = _with_parents(session, community_id)
    query = (
        select(UserAccount.id, UserAccount.login, UserAccount.name)
        .join(UserRole, (UserRole.user_id == UserAccount.id) & (UserRole.role == "worker"))
        .join(UserArea, UserArea.user_id == UserAccount.id)
        .where(UserAccount.disabled_at.is_(None), UserArea.division_unit_id.in_(units))
        .group_by(UserAccount.id)
        .order_by(UserAccount.name, UserAccount.login)
    )
    return list(session.execute(query).all())


def _with_parents(session: Session, community_id: int) -> list[int]:
    units, unit_id = [], community_id
    while unit_id is not None:
        units.append(unit_id)
        unit_id = session.scalar(select(DivisionUnit.parent_id).where(DivisionUnit.id == unit_id))
    return units


def lock_assignments(session: Session, grid_code: str, day: date) -> list[GridWorker]:
    """Lock the assignments of a grid that still hold on a day or begin later."""
    query = (
        select(GridWorker)
        .where(
            GridWorker.grid_code == grid_code,
            GridWorker.valid_to.is_(None) | (GridWorker.valid_to > day),
        )
        .order_by(GridWorker.valid_from)
        .with_for_update()
    )
    return list(session.scalars(query))


def add_assignment(
    session: Session, *, grid_code: str, user_id: int, valid_from: date, assigned_by: int | None
) -> int:
    """Store who looks after a grid from a day on; gives the id of the assignment."""
    assignment = GridWorker(
        grid_code=grid_code, user_id=user_id, valid_from=valid_from, assigned_by=assigned_by
    )
    session.add(assignment)
    session.flush()
    return assignment.id
