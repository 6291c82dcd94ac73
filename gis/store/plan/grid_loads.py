"""Households and people of grids: what is counted in their blocks, summed."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select, text, update
from sqlalchemy.orm import Session

from gis.store.tables import BlockAssignment, BlockLoad, Grid

_ALL = """
UPDATE grid g SET households = s.households, people = s.people
FROM (SELECT a.grid_id, sum(l.households) AS households, sum(l.people) AS people
      FROM block_assignment a JOIN block_load l ON l.block_id = a.block_id
      JOIN block b ON b.id = a.block_id AND b.retired_at IS NULL
      GROUP BY a.grid_id) s
WHERE s.grid_id = g.id AND (g.households, g.people) IS DISTINCT FROM (s.households, s.people)
"""

_OF_COMMUNITY = """
UPDATE grid g SET households = s.households, people = s.people
FROM (SELECT g.id, coalesce(sum(l.households), 0) AS households,
             coalesce(sum(l.people), 0) AS people
      FROM grid g LEFT JOIN block_assignment a ON a.grid_id = g.id
      LEFT JOIN block b ON b.id = a.block_id AND b.retired_at IS NULL
      LEFT JOIN block_load l ON l.block_id = b.id
      WHERE g.community_id = :community GROUP BY g.id) s
WHERE s.id = g.id AND (g.households, g.people) IS DISTINCT FROM (s.households, s.people)
"""


def sum_all_grids(session: Session) -> None:
    """Sum the load of the blocks into the grids of every plan whose blocks are in use."""
    session.execute(text(_ALL))


def sum_grids_of_community(session: Session, community_id: int) -> None:
    """Sum the load of the blocks in use into the grids of every plan of a community."""
    session.execute(text(_OF_COMMUNITY), {"community": community_id})


def sum_grids_of_blocks(session: Session, block_ids: Sequence[int]) -> None:
    """Sum the load of the blocks into the grids that some blocks lie in, in every plan."""
    touched = select(BlockAssignment.grid_id).where(BlockAssignment.block_id.in_(block_ids))
    for column in (BlockLoad.households, BlockLoad.people):
        total = (
            select(func.coalesce(func.sum(column), 0))
            .join(BlockAssignment, BlockAssignment.block_id == BlockLoad.block_id)
            .where(BlockAssignment.grid_id == Grid.id)
            .scalar_subquery()
        )
        values = {column.key: total}
        session.execute(
            update(Grid)
            .where(Grid.id.in_(touched))
            .values(values)
            .execution_options(synchronize_session=False)
        )
