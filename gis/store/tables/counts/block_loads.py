"""What is counted once by block: households, people, and incidents by topic and month."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    func,
)
from sqlalchemy.orm import Mapped, mapped_column

from gis.database.base import Base


class BlockLoad(Base):
    """Households and people of a block, counted once and summed to any level."""

    __tablename__ = "block_load"

    block_id: Mapped[int] = mapped_column(
        ForeignKey("block.id", ondelete="CASCADE"), primary_key=True
    )
    households: Mapped[int] = mapped_column(server_default="0")
    people: Mapped[int] = mapped_column(server_default="0")
    counted_at: Mapped[datetime] = mapped_column(server_default=func.now())

    __table_args__ = (
        CheckConstraint("households >= 0 AND people >= 0", name="counts_are_not_negative"),
    )


class BlockIncidentCount(Base):
    """Incidents of a block by topic and month, counted once and summed under any plan."""

    __tablename__ = "block_incident_count"

    block_id: Mapped[int] = mapped_column(
        ForeignKey("block.id", ondelete="CASCADE"), primary_key=True
    )
    topic: Mapped[str] = mapped_column(ForeignKey("topic.code"), primary_key=True)
    month: Mapped[date] = mapped_column(primary_key=True)
    incidents: Mapped[int]
    counted_at: Mapped[datetime] = mapped_column(server_default=func.now())

    __table_args__ = (
        CheckConstraint("incidents > 0", name="incidents_is_positive"),
        CheckConstraint("extract(day from month) = 1", name="month_is_a_first"),
        Index("ix_block_incident_count_topic_month", "topic", "month"),
    )
