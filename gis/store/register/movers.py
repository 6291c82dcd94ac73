"""The households in blocks that change grid: how many, and who, for those who may know."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, literal, select, tuple_
from sqlalchemy.orm import Session

from gis.errors import Conflict
from gis.store.tables import Address, Household


@dataclass(frozen=True)
class Mover:
    """A household that changes grid, as the people who know it are told."""

    id: UUID
    number: str
    name: str | None
    people: int
    address: str | None


def count_movers(session: Session, block_ids: Sequence[int]) -> int:
    """Count the households located in some blocks."""
    query = select(func.count()).where(*_in_blocks(block_ids)).select_from(Household)
    return session.scalar(query)


def list_movers(
    session: Session, block_ids: Sequence[int], *, after: UUID | None, limit: int
) -> list[Mover]:
    """List some of the households located in some blocks by address, behind one of them.

    The caller has checked the right.

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
        .where(*_in_blocks(block_ids))
        .order_by(*key.clauses)
        .limit(limit)
    )
    if after is not None:
        last = select(*key.clauses).outerjoin(Address, Address.id == Household.address_id)
        found = session.execute(last.where(Household.id == after, *_in_blocks(block_ids))).first()
        if found is None:
            raise Conflict("the list has changed since it was shown; load it again")
        query = query.where(key > tuple_(*(literal(value) for value in found)))
    return [Mover(*row) for row in session.execute(query)]


def _in_blocks(block_ids: Sequence[int]) -> tuple:
    blocks = [int(b) for b in block_ids]
    return Household.block_id.in_(blocks), Household.status == "accepted"
