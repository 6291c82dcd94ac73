"""The households in blocks that change grid: how many, and who, for those who may know."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from gis.domain.access import Scope
from gis.store.tables import Address, Household


@dataclass(frozen=True)
class Mover:
    """A household that changes grid, as the people who know it are told."""

    id: UUID
    number: str
    name: str | None
    people: int
    address: str | None


def may_see_movers(scope: Scope, community_id: int, from_code: str) -> bool:
    """Say whether a person reads the households that leave a grid by name.

    Who reads the households of the community, or works in the grid they leave; nobody else.
    """
    if scope.may("household.view") and scope.covers(community_id):
        return True
    return scope.may("household.view_own_grid") and from_code in scope.grid_codes


def count_movers(session: Session, block_ids: Sequence[int]) -> int:
    """Count the households located in some blocks."""
    query = select(func.count()).where(*_in_blocks(block_ids)).select_from(Household)
    return session.scalar(query)


def list_movers(session: Session, block_ids: Sequence[int]) -> list[Mover]:
    """List the households located in some blocks by address; the caller has checked the right."""
    address = func.coalesce(Household.address_text, Address.text)
    query = (
        select(Household.id, Household.number, Household.head_name, Household.people, address)
        .outerjoin(Address, Address.id == Household.address_id)
        .where(*_in_blocks(block_ids))
        .order_by(address, Household.number)
    )
    return [Mover(*row) for row in session.execute(query)]


def _in_blocks(block_ids: Sequence[int]) -> tuple:
    blocks = [int(b) for b in block_ids]
    return Household.block_id.in_(blocks), Household.status == "accepted"
