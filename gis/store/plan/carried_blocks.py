"""Blocks that are built anew, put in the grids of every plan; which blocks plans still need."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from gis.store.tables import BlockAssignment, Plan

_CARRY = """
INSERT INTO block_assignment (plan_id, block_id, community_id, grid_id, carried)
SELECT DISTINCT ON (plan_id, child_id) plan_id, child_id, :community, grid_id, true
FROM (SELECT a.plan_id, a.grid_id, l.child_id, sum(l.households) AS households,
             sum(l.share) AS share
      FROM block_lineage l JOIN block_assignment a ON a.block_id = l.parent_id
      WHERE l.child_id = ANY(:new) GROUP BY 1, 2, 3) pairs
ORDER BY plan_id, child_id, households DESC, share DESC, grid_id
"""

_WITHOUT_GRID = """
SELECT count(*) FROM block b JOIN live_plan p ON p.community_id = b.community_id
WHERE b.id = ANY(:new) AND NOT EXISTS (
    SELECT 1 FROM block_assignment a WHERE a.plan_id = p.plan_id AND a.block_id = b.id)
"""


def carry_assignments(session: Session, community_id: int, new: Sequence[int]) -> None:
    """Put new blocks, in every plan, in the grid that most of their households come from.

    Where none was located in them, the grid of most of their ground; the lineage must be stored.
    """
    session.execute(text(_CARRY), {"community": community_id, "new": [int(i) for i in new]})


def count_without_grid(session: Session, new: Sequence[int]) -> int:
    """Count the new blocks on ground that the plan in force does not know."""
    return session.scalar(text(_WITHOUT_GRID), {"new": [int(i) for i in new]})


def blocks_in_plans(session: Session, block_ids: Collection[int]) -> set[int]:
    """Give those of some blocks that a plan has in a grid."""
    ids = [int(i) for i in block_ids]
    query = select(BlockAssignment.block_id).where(BlockAssignment.block_id.in_(ids))
    return set(session.scalars(query.distinct()))


def builds_in_plans(session: Session, community_id: int) -> set[int]:
    """Give the builds of blocks that plans of a community were drawn on."""
    query = select(Plan.build_id).where(Plan.community_id == community_id)
    return set(session.scalars(query.distinct()))
