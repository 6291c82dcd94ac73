"""Incidents: what happened where and when."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, DateTime, ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from gis.database.base import Base
from gis.database.calendar import month_of
from gis.store.tables.kinds import CountedInBlock, Counting, OfKind, ShowsGround, TellsOfReal
from gis.store.tables.location.located import Located, located_rules
from gis.words import measures

_COUNTED_AS = (
    Counting(
        measures.INCIDENTS,
        f"""
        SELECT t.block_id, 1 AS n, t.topic AS part, {month_of("t.occurred_at")} AS month
        FROM incident t WHERE {{counted}}
        """,  # noqa: S608  (nothing in it comes from outside)
    ),
    Counting(
        measures.OPEN_INCIDENTS,
        """
        SELECT t.block_id, 1 AS n FROM incident t JOIN topic s ON s.code = t.topic
        WHERE {counted} AND t.closed_at IS NULL AND NOT s.sensitive
        """,
    ),
)


class Incident(Located, CountedInBlock, OfKind, ShowsGround, TellsOfReal, Base):
    """An event to be handled, with when and where it happened; open until ``closed_at``."""

    __tablename__ = "incident"
    record_kind = "incidents"
    found_by = ("number",)
    row_label = "t.number"
    title = "number"
    counted_as = _COUNTED_AS

    number: Mapped[str] = mapped_column(Text)
    topic: Mapped[str] = mapped_column(ForeignKey("topic.code"))
    occurred_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    closed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    description: Mapped[str | None] = mapped_column(Text)
    import_batch_id: Mapped[int] = mapped_column(ForeignKey("import_batch.id"))

    __table_args__ = (
        UniqueConstraint("number"),
        CheckConstraint("closed_at >= occurred_at", name="closed_after_it_occurred"),
        Index("ix_incident_topic_occurred_at", "topic", "occurred_at"),
        Index("ix_incident_import_batch_id", "import_batch_id"),
        *located_rules("incident"),
    )
