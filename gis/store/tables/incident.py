"""Incidents, their topics, and their counts by block, topic and month."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, DateTime, ForeignKey, Index, Text, UniqueConstraint, func
from sqlalchemy.orm import Mapped, mapped_column

from gis.database.base import Base
from gis.store.tables.register import Located, located_rules


class Topic(Base):
    """What an incident is about, in both languages.

    ``sensitive`` topics are shown as counts only, small ones suppressed; as long as nobody has
    decided about the mark, a topic is sensitive.
    """

    __tablename__ = "topic"

    code: Mapped[str] = mapped_column(Text, primary_key=True)
    name_zh: Mapped[str] = mapped_column(Text)
    name_en: Mapped[str] = mapped_column(Text)
    category: Mapped[str] = mapped_column(Text)
    sensitive: Mapped[bool] = mapped_column(server_default="true")
    sensitive_decided: Mapped[bool] = mapped_column(server_default="false")

    __table_args__ = (
        CheckConstraint("sensitive OR sensitive_decided", name="undecided_is_sensitive"),
    )


class TopicWord(Base):
    """A category of files that means a topic; ``key`` is the word without width, case, spaces."""

    __tablename__ = "topic_word"

    key: Mapped[str] = mapped_column(Text, primary_key=True)
    word: Mapped[str] = mapped_column(Text)
    topic: Mapped[str] = mapped_column(ForeignKey("topic.code"))

    __table_args__ = (Index("ix_topic_word_topic", "topic"),)


class Incident(Located, Base):
    """An event to be handled, with when and where it happened; open until ``closed_at``."""

    __tablename__ = "incident"

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=func.gen_random_uuid())
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
