"""Counting what lies in blocks, once, for every plan and level above."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from sqlalchemy.orm import Session

from gis.store.counts.recount import recount
from gis.store.plan.grid_loads import sum_grids


def count_blocks(
    session: Session,
    *,
    now: datetime,
    kinds: Iterable[str] | None = None,
    blocks: Collection[int] | None = None,
) -> None:
    """Bring counts up to what is located in blocks; the grids of plans in work show them too.

    Parameters
    ----------
    kinds, blocks
        Only what records of some kinds count as, only some blocks; None: all.
    """
    recount(session, now=now, kinds=kinds, blocks=blocks)
    sum_grids(session, blocks=blocks)
