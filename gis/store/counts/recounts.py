"""What a few blocks hold, counted again after things moved."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, func, literal, literal_column, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from gis.store.area.months import month_of
from gis.store.tables import (
    BlockIncidentCount,
    BlockLoad,
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
