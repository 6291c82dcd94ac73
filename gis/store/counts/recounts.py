"""What a few blocks and their grids hold, counted again after things moved."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, func, literal, literal_column, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from gis.store.area.months import month_of
from gis.store.tables import (
    BlockAssignment,
    BlockIncidentCount,
    BlockLoad,
    Grid,
    Household,
    Incident,
)


def recount_blocks(session: Session, block_ids: Sequence[int], *, now: datetime) -> None:
    """Count households, people and incidents of a few blocks again, after things moved."""
    for block_id in sorted(set(block_ids)):
        counts = session.execute(
            select(func.count().label("n"), func.coalesce(func.sum(Household.people), 0)).where(
                Household.block_id == block_id, Household.status == "accepted"
            )
        ).one()
        values = {"households": counts[0], "people": counts[1], "counted_at": now}
        session.execute(
            insert(BlockLoad)
            .values(block_id=block_id, **values)
            .on_conflict_do_update(index_elements=["block_id"], set_=values)
        )
        _recount_incidents(session, block_id, now)
    _recount_grids(session, block_ids)


def _recount_incidents(session: Session, block_id: int, now: datetime) -> None:
    month = literal_column(month_of("incident.occurred_at"), BlockIncidentCount.month.type)
    session.execute(delete(BlockIncidentCount).where(BlockIncidentCount.block_id == block_id))
    session.execute(
        insert(BlockIncidentCount).from_select(
            ["block_id", "topic", "month", "incidents", "counted_at"],
            select(Incident.block_id, Incident.topic, month, func.count(), literal(now))
            .where(Incident.block_id == block_id, Incident.status == "accepted")
            .group_by(Incident.block_id, Incident.topic, month),
        )
    )


def _recount_grids(session: Session, block_ids: Sequence[int]) -> None:
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
