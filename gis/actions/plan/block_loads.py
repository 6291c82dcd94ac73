"""Counting households, people and incidents by block, once, for every plan and level above."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from gis.store.counts.block_loads import refresh_block_counts, refresh_block_load
from gis.store.plan.grid_loads import sum_all_grids


def count_blocks(session: Session, *, now: datetime) -> None:
    """Bring the counts of every block in use up to what is located in it.

    Counts only what is accepted; the grids of plans in work show the new sums too.
    """
    refresh_block_load(session, now)
    refresh_block_counts(session, now)
    sum_all_grids(session)
