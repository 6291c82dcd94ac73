"""The households in blocks that change grid: how many, and who, for those who may know."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, func, literal, or_, select, tuple_
from sqlalchemy.orm import Session

from gis.domain.access import Scope
from gis.errors import Conflict
from gis.store.area.visible import in_own_grids, visible
from gis.store.tables import Address, BlockAssignment, Grid, Household


@dataclass(frozen=True)
class HouseholdChangingGrid:
    """A household that changes grid, as the people who know it are told."""

    id: UUID
    number: str
    name: str | None
    people: int
    address: str | None


def count_households_changing_grid(session: Session, scope: Scope, block_ids: Sequence[int]) -> int:
    """Count the households located in some blocks of the area, or of the own grids."""
    query = select(func.count()).where(*_in_blocks(scope, block_ids)).select_from(Household)
    return session.scalars(query).one()


def list_households_changing_grid(
    session: Session, scope: Scope, block_ids: Sequence[int], *, after: UUID | None, limit: int
) -> list[HouseholdChangingGrid]:
    """List some of the households located in some blocks by address, behind one of them.

    What is told of them is decided by who asks for it (`gis.domain.disclosure.sight_of`).

    Raises
    ------
    Conflict
        The household ``after`` is not there any more.
    """
    address = func.coalesce(Household.address_text, Address.text)
    key = tuple_(func.coalesce(address, ""), Household.number, Household.id)
    query = (
        select(Household.id, Household.number, Household.head_name, Household.people, address)
        .outerjoin(Address, Address.id == Household.address_id)
        .where(*_in_blocks(scope, block_ids))
        .order_by(*key.clauses)
        .limit(limit)
    )
    if after is not None:
        last = select(*key.clauses).outerjoin(Address, Address.id == Household.address_id)
        found = session.execute(
            last.where(Household.id == after, *_in_blocks(scope, block_ids))
        ).first()
        if found is None:
            raise Conflict("the list has changed since it was shown; load it again")
        query = query.where(key > tuple_(*(literal(value) for value in found)))
    return [HouseholdChangingGrid(*row) for row in session.execute(query)]


def _in_blocks(scope: Scope, block_ids: Sequence[int]) -> tuple[ColumnElement[bool], ...]:
    """Say which are meant: of a worker's, those of blocks that are or were in his grid."""
    blocks = [int(b) for b in block_ids]
    own = (
        select(Grid.id)
        .join(BlockAssignment, BlockAssignment.grid_id == Grid.id)
        .where(BlockAssignment.block_id == Household.block_id, in_own_grids(scope, Grid.code))
    )
    return (
        Household.block_id.in_(blocks),
        Household.status == "accepted",
        or_(visible(scope, Household.community_id), own.exists()),
    )
