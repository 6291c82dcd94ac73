"""What tests read and write of what is counted in blocks."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from gis.store.tables import BlockCount
from gis.words.measures import UNDATED


def counts_of(session: Session, measure: str) -> dict[int, int]:
    """Give a measure without a time by block; what a block has none of is left out."""
    query = select(BlockCount.block_id, BlockCount.n).where(
        BlockCount.measure == measure, BlockCount.month == UNDATED, BlockCount.day == 1
    )
    return dict(session.execute(query).all())


def incident_counts(session: Session) -> dict[tuple[int, str, date], int]:
    """Give the incidents by block, topic and month."""
    topic = func.split_part(BlockCount.measure, ":", 2)
    query = select(BlockCount.block_id, topic, BlockCount.month, BlockCount.n).where(
        BlockCount.measure.like("incidents:%")
    )
    return {(block, of, month): n for block, of, month, n in session.execute(query)}


def put_counts(
    session: Session, blocks: Iterable[int], measure: str, n: int, month: date = UNDATED
) -> None:
    """Say what blocks hold, whatever lies in them."""
    for block in blocks:
        row = insert(BlockCount).values(block_id=int(block), measure=measure, month=month, n=n)
        keys = ["block_id", "measure", "month", "day"]
        session.execute(row.on_conflict_do_update(index_elements=keys, set_={"n": n}))
