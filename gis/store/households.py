"""Households: who may read which is decided here, where the rows are chosen.

A worker reads the households of the grids assigned to him under the plan in force; a community
manager those of his communities; nobody else reads any. Phones leave masked; the full number
is read one at a time by `phone_of`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, func, select
from sqlalchemy.orm import Session

from gis.domain.access import Scope
from gis.errors import NotAllowed, NotFound
from gis.store.features import feature_collection
from gis.store.tables import (
    Address,
    Block,
    BlockAssignment,
    Grid,
    Household,
    LivePlan,
    Resident,
)


@dataclass(frozen=True)
class HouseholdRow:
    """A household as lists and maps show it; ``phone`` is masked, ``order`` is along the street."""

    id: UUID
    number: str
    head_name: str | None
    phone: str | None
    people: int
    address: str | None
    lon: float | None
    lat: float | None
    grid_code: str
    order: int


def mask_phone(phone: str | None) -> str | None:
    """Hide the middle of a phone number.

    Examples
    --------
    >>> mask_phone("13800131234"), mask_phone("2321"), mask_phone(None)
    ('138****1234', '****', None)
    """
    if not phone:
        return None
    return f"{phone[:3]}****{phone[-4:]}" if len(phone) >= 9 else "****"


def _visible(scope: Scope) -> ColumnElement[bool]:
    """Say in SQL which households a person may read; `Grid` must be the grid in force."""
    if scope.may("household.view"):
        if scope.community_ids is None:
            return Household.community_id.is_not(None)
        return Household.community_id.in_(scope.community_ids)
    if scope.may("household.view_own_grid"):
        return Grid.code.in_(scope.grid_codes)
    raise NotAllowed("your roles do not include reading households")


def _query(scope: Scope, *columns: object) -> Select:
    return (
        select(*columns)
        .select_from(Household)
        .join(BlockAssignment, BlockAssignment.block_id == Household.block_id)
        .join(
            LivePlan,
            (LivePlan.plan_id == BlockAssignment.plan_id)
            & (LivePlan.community_id == BlockAssignment.community_id),
        )
        .join(Grid, Grid.id == BlockAssignment.grid_id)
        .where(Household.status == "accepted", _visible(scope))
    )


_POINT = func.coalesce(Household.geom, func.ST_PointOnSurface(Block.geom))
_COLUMNS = (
    Household.id,
    Household.number,
    Household.head_name,
    Household.phone,
    Household.people,
    func.coalesce(Household.address_text, Address.text).label("address"),
    Address.street,
    Address.number.label("house_number"),
    func.ST_X(_POINT).label("lon"),
    func.ST_Y(_POINT).label("lat"),
    Grid.code.label("grid_code"),
    Household.community_id,
)


def list_households(
    session: Session, scope: Scope, *, grid_code: str | None = None
) -> list[HouseholdRow]:
    """List the households a person looks after, in the order of a walk along the streets.

    Raises
    ------
    NotAllowed
        The person may not read households.
    """
    query = (
        _query(scope, *_COLUMNS)
        .join(Block, Block.id == Household.block_id)
        .outerjoin(Address, Address.id == Household.address_id)
    )
    if grid_code is not None:
        query = query.where(Grid.code == grid_code)
    rows = sorted(session.execute(query), key=_along_the_street)
    return [_shown(row, order) for order, row in enumerate(rows)]


def _along_the_street(row: Row) -> tuple:
    return (
        row.grid_code,
        _natural(row.street or row.address or "~"),
        _natural(row.house_number or ""),
        _natural(row.address or ""),
        row.number,
    )


def _natural(text: str) -> tuple:
    """Make a sort key in which 9 comes before 10."""
    return tuple(
        (0, int(part), "") if part.isdigit() and part.isascii() else (1, 0, part.casefold())
        for part in re.split(r"([0-9]+)", text)
        if part
    )


def _shown(row: Row, order: int) -> HouseholdRow:
    return HouseholdRow(
        id=row.id,
        number=row.number,
        head_name=row.head_name,
        phone=mask_phone(row.phone),
        people=row.people,
        address=row.address,
        lon=round(row.lon, 6),
        lat=round(row.lat, 6),
        grid_code=row.grid_code,
        order=order,
    )


@dataclass(frozen=True)
class HouseholdDetail:
    """One household opened: its row, its community, and how many residents of each category."""

    row: HouseholdRow
    community_id: int
    residents: dict[str, int]
    level: str
    synthetic: bool


def get_household(session: Session, scope: Scope, household_id: UUID) -> HouseholdDetail:
    """Get one household a person may read.

    Raises
    ------
    NotFound
        There is none, or it is not the person's.
    """
    query = (
        _query(scope, *_COLUMNS, Household.level, Household.synthetic)
        .join(Block, Block.id == Household.block_id)
        .outerjoin(Address, Address.id == Household.address_id)
        .where(Household.id == household_id)
    )
    row = session.execute(query).one_or_none()
    if row is None:
        raise NotFound("there is no such household in your grid")
    residents = session.execute(
        select(Resident.category, func.count().label("n"))
        .where(Resident.household_id == household_id)
        .group_by(Resident.category)
        .order_by(Resident.category)
    )
    counts = {row.category: row.n for row in residents}
    return HouseholdDetail(_shown(row, 0), row.community_id, counts, row.level, row.synthetic)


def phone_of(session: Session, scope: Scope, household_id: UUID) -> tuple[str | None, int]:
    """Give the whole phone number of one household, and its community.

    Raises
    ------
    NotFound
        There is no such household, or it is not the person's.
    """
    query = _query(scope, Household.phone, Household.community_id)
    row = session.execute(query.where(Household.id == household_id)).one_or_none()
    if row is None:
        raise NotFound("there is no such household in your grid")
    return row.phone, row.community_id


def grids_of_worker(session: Session, scope: Scope) -> list[Row]:
    """List the grids in force that are assigned to a worker, with counts and box."""
    box = func.Box2D(Grid.geom)
    query = (
        select(
            Grid.id,
            Grid.plan_id,
            Grid.code,
            Grid.name,
            Grid.community_id,
            Grid.households,
            Grid.people,
            func.ST_XMin(box).label("west"),
            func.ST_YMin(box).label("south"),
            func.ST_XMax(box).label("east"),
            func.ST_YMax(box).label("north"),
        )
        .join(LivePlan, LivePlan.plan_id == Grid.plan_id)
        .where(Grid.code.in_(scope.grid_codes))
        .order_by(Grid.code)
    )
    return list(session.execute(query).all())


def own_grid_features(session: Session, scope: Scope) -> str:
    """Give the grids of a worker as GeoJSON text: code."""
    query = (
        select(Grid.id, Grid.code, func.ST_AsGeoJSON(Grid.geom, 6).label("shape"))
        .join(LivePlan, LivePlan.plan_id == Grid.plan_id)
        .where(Grid.code.in_(scope.grid_codes))
    )
    return feature_collection(session, query.order_by(Grid.code))
