"""Workers and their grids: who looks after which grid since when, and which grids have nobody."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from sqlalchemy import Row, select, true
from sqlalchemy.orm import Session, aliased

from gis.domain.access import Scope, require
from gis.store.area.visible import visible
from gis.store.plan.balance import has_worker, works_on
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
from gis.words.permissions import PERMISSIONS_OF_ROLE


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


def grids_of_worker(session: Session, scope: Scope, user_id: int, *, today: date) -> list[Row]:
    """List the grids that somebody looks after on a day or later, by code, with their names."""
    require(scope, "plan.view")
    query = (
        select(
            GridWorker.grid_code.label("code"),
            GridWorker.valid_from,
            GridWorker.valid_to,
            Grid.name,
            DivisionUnit.name.label("community"),
            DivisionUnit.name_en.label("community_en"),
        )
        .join(GridCode, GridCode.code == GridWorker.grid_code)
        .join(DivisionUnit, DivisionUnit.id == GridCode.community_id)
        .outerjoin(LivePlan, LivePlan.community_id == GridCode.community_id)
        .outerjoin(Grid, (Grid.plan_id == LivePlan.plan_id) & (Grid.code == GridWorker.grid_code))
        .where(
            GridWorker.user_id == user_id,
            GridWorker.valid_to.is_(None) | (GridWorker.valid_to > today),
            visible(scope, GridCode.community_id),
        )
        .order_by(GridWorker.grid_code, GridWorker.valid_from)
    )
    return list(session.execute(query).all())


def grids_within(
    session: Session, scope: Scope, community_ids: Collection[int] | None, *, today: date
) -> list[Row]:
    """List the grids in force of some communities (None: of all), and who has them on a day."""
    require(scope, "plan.view")
    held = (GridWorker.grid_code == Grid.code) & works_on(today)
    inside = true() if community_ids is None else Grid.community_id.in_(community_ids)
    query = (
        select(
            Grid.code,
            Grid.name,
            Grid.households,
            DivisionUnit.name.label("community"),
            DivisionUnit.name_en.label("community_en"),
            UserAccount.name.label("worker"),
        )
        .join(LivePlan, LivePlan.plan_id == Grid.plan_id)
        .join(DivisionUnit, DivisionUnit.id == Grid.community_id)
        .outerjoin(GridWorker, held)
        .outerjoin(UserAccount, UserAccount.id == GridWorker.user_id)
        .where(inside, visible(scope, Grid.community_id))
        .order_by(Grid.code)
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


def names_of_who_may(
    session: Session, permission: str, community_id: int, *, but: int | None = None
) -> tuple[str, ...]:
    """Name the holders of open accounts that a permission allows something in a community.

    Parameters
    ----------
    but
        Id of an account to leave out.
    """
    roles = [role for role, allowed in PERMISSIONS_OF_ROLE.items() if permission in allowed]
    units = _with_parents(session, community_id)
    query = (
        select(UserAccount.name)
        .join(UserRole, (UserRole.user_id == UserAccount.id) & UserRole.role.in_(roles))
        .join(UserArea, UserArea.user_id == UserAccount.id)
        .where(
            UserAccount.disabled_at.is_(None),
            UserArea.division_unit_id.in_(units),
            UserAccount.id.is_distinct_from(but),
        )
        .distinct()
        .order_by(UserAccount.name)
    )
    return tuple(session.scalars(query))


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
