"""Households: who may read which is decided here, where the rows are chosen.

A worker reads the households of the grids assigned to him under the plan in force; a community
manager those of his communities; nobody else reads any. What of them is shown is said by
`gis.domain.disclosure`: outside the own grids phones leave masked, and the full number is read
one at a time by `phone_of`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, func, or_, select
from sqlalchemy.orm import Session

from gis.address.address import ADDRESS_PARTS
from gis.address.address import Address as Parts
from gis.address.door import Door, find_door
from gis.domain.access import Scope
from gis.domain.disclosure import (
    MOST_LISTED,
    USUALLY_LISTED,
    Sight,
    mask_phone,
    sight_of,
)
from gis.errors import Conflict, InvalidInput, NotAllowed, NotFound
from gis.store.area.visible import in_own_grids, visible
from gis.store.ground.features import feature_collection
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
    """A household as lists and maps show it, as much of it as ``sight`` says."""

    id: UUID
    number: str
    head_name: str | None
    phone: str | None
    people: int
    address: str | None
    lon: float | None
    lat: float | None
    door: Door
    grid_code: str
    sight: Sight


@dataclass(frozen=True)
class HouseholdPage:
    """Some households in the order of a walk; ``after`` asks for the page that follows."""

    rows: list[HouseholdRow]
    after: UUID | None


def _readable(scope: Scope) -> ColumnElement[bool]:
    """Say in SQL which households a person may read; `Grid` must be the grid in force."""
    ways: list[ColumnElement[bool]] = []
    if scope.may("household.view"):
        ways.append(visible(scope, Household.community_id))
    if scope.may("household.view_own_grid"):
        ways.append(in_own_grids(scope, Grid.code))
    if not ways:
        raise NotAllowed("your roles do not include reading households")
    return or_(*ways)


def _among(scope: Scope, columns: Select) -> Select:
    return (
        columns.select_from(Household)
        .join(BlockAssignment, BlockAssignment.block_id == Household.block_id)
        .join(
            LivePlan,
            (LivePlan.plan_id == BlockAssignment.plan_id)
            & (LivePlan.community_id == BlockAssignment.community_id),
        )
        .join(Grid, Grid.id == BlockAssignment.grid_id)
        .where(Household.status == "accepted", _readable(scope))
    )


_POINT = func.coalesce(Household.geom, func.ST_PointOnSurface(Block.geom))
_ADDRESS = func.coalesce(Household.address_text, Address.text).label("address")
_ORDER = (
    Household.id,
    Household.number,
    _ADDRESS,
    Address.street,
    Address.number.label("house_number"),
)
_PARTS = tuple(getattr(Address, part).label(f"entry_{part}") for part in ADDRESS_PARTS)
_COLUMNS = (
    *_ORDER,
    *_PARTS,
    Household.address_id,
    Household.head_name,
    Household.phone,
    Household.people,
    func.ST_X(_POINT).label("lon"),
    func.ST_Y(_POINT).label("lat"),
    Grid.code.label("grid_code"),
    Household.community_id,
)


def list_households(
    session: Session,
    scope: Scope,
    *,
    grid_code: str | None = None,
    after: UUID | None = None,
    limit: int = USUALLY_LISTED,
) -> HouseholdPage:
    """List households a person may read, grid by grid, each in the order of a walk.

    Parameters
    ----------
    grid_code
        Only of this grid.
    after
        The last household of the page before; None begins.
    limit
        Rows wished; never more than `gis.domain.disclosure.MOST_LISTED`.

    Raises
    ------
    NotAllowed
        The person may not read households.
    Conflict
        The household ``after`` has moved or gone meanwhile.
    InvalidInput
        A page of no rows.
    """
    if limit < 1:
        raise InvalidInput("limit: expected a number from 1 to {most}", most=MOST_LISTED)
    limit = min(limit, MOST_LISTED)
    grids = _grids(session, scope, grid_code)
    first = None if after is None else _grid_of(session, scope, after, grids)
    ids: list[UUID] = []
    for household_id in _walk(session, scope, grids, first, after):
        ids.append(household_id)
        if len(ids) > limit:
            break
    rows = _rows(session, scope, ids[:limit])
    return HouseholdPage(rows, ids[limit - 1] if len(ids) > limit else None)


def _grids(session: Session, scope: Scope, grid_code: str | None) -> list[str]:
    """List the codes of grids in force with households the person may read, in order."""
    query = _among(scope, select(Grid.code)).distinct().order_by(Grid.code)
    if grid_code is not None:
        query = query.where(Grid.code == grid_code)
    return list(session.scalars(query))


def _grid_of(session: Session, scope: Scope, household_id: UUID, grids: Sequence[str]) -> str:
    code = session.scalar(_among(scope, select(Grid.code)).where(Household.id == household_id))
    if code not in grids:
        raise Conflict("the list has changed since it was shown; load it again")
    return code


def _walk(
    session: Session, scope: Scope, grids: Sequence[str], first: str | None, after: UUID | None
) -> Iterator[UUID]:
    """Go along the households of some grids, behind one of the first grid."""
    for code in grids if first is None else grids[grids.index(first) :]:
        query = _among(scope, select(*_ORDER)).outerjoin(
            Address, Address.id == Household.address_id
        )
        found = sorted(session.execute(query.where(Grid.code == code)), key=_along_the_street)
        ids = [row.id for row in found]
        yield from ids[ids.index(after) + 1 :] if code == first else ids


def _rows(session: Session, scope: Scope, ids: Sequence[UUID]) -> list[HouseholdRow]:
    query = (
        _among(scope, select(*_COLUMNS))
        .join(Block, Block.id == Household.block_id)
        .outerjoin(Address, Address.id == Household.address_id)
        .where(Household.id.in_(ids))
    )
    found = {row.id: row for row in session.execute(query)}
    return [_shown(scope, found[i]) for i in ids if i in found]


def _along_the_street(row: Row) -> tuple:
    """Make a sort key: street, number, address; what has no address at all comes last."""
    street = row.street or row.address
    return (
        street is None,
        _natural(street or ""),
        _natural(row.house_number or ""),
        _natural(row.address or ""),
        row.number,
        row.id,
    )


def _natural(text: str) -> tuple:
    """Make a sort key in which 9 comes before 10."""
    return tuple(
        (0, int(part), "") if part.isdigit() and part.isascii() else (1, 0, part.casefold())
        for part in re.split(r"([0-9]+)", text)
        if part
    )


def _shown(scope: Scope, row: Row) -> HouseholdRow:
    sight = sight_of(scope, row.community_id, row.grid_code)
    return HouseholdRow(
        id=row.id,
        number=row.number,
        head_name=row.head_name,
        phone=row.phone if sight is Sight.CLEAR else mask_phone(row.phone),
        people=row.people,
        address=row.address,
        lon=round(row.lon, 6),
        lat=round(row.lat, 6),
        door=_door(row),
        grid_code=row.grid_code,
        sight=sight,
    )


def _door(row: Row) -> Door:
    if row.address_id is None:
        return find_door(None, row.address)
    entry = Parts(
        town=row.entry_town or "",
        community=row.entry_community or "",
        street=row.entry_street or "",
        number=row.entry_number or "",
        estate=row.entry_estate or "",
        building=row.entry_building or "",
        stairwell=row.entry_stairwell or "",
        room=row.entry_room or "",
    )
    return find_door(entry, row.address)


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
        _among(scope, select(*_COLUMNS, Household.level, Household.synthetic))
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
    return HouseholdDetail(_shown(scope, row), row.community_id, counts, row.level, row.synthetic)


def phone_of(
    session: Session, scope: Scope, household_id: UUID
) -> tuple[str | None, int, str, Sight]:
    """Give the whole phone number of one household, its community, its grid, and the sight of it.

    Raises
    ------
    NotFound
        There is no such household, or it is not the person's.
    """
    query = _among(scope, select(Household.phone, Household.community_id, Grid.code))
    row = session.execute(query.where(Household.id == household_id)).one_or_none()
    if row is None:
        raise NotFound("there is no such household in your grid")
    return (*row, sight_of(scope, row.community_id, row.code))


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
        .where(in_own_grids(scope, Grid.code))
        .order_by(Grid.code)
    )
    return list(session.execute(query).all())


def own_grid_features(session: Session, scope: Scope) -> str:
    """Give the grids of a worker as GeoJSON text: code."""
    query = (
        select(Grid.id, Grid.code, func.ST_AsGeoJSON(Grid.geom, 6).label("shape"))
        .join(LivePlan, LivePlan.plan_id == Grid.plan_id)
        .where(in_own_grids(scope, Grid.code))
    )
    return feature_collection(session, query.order_by(Grid.code))
