"""What is counted once by block, by measure and month."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, SmallInteger, Text, func, text
from sqlalchemy.orm import Mapped, mapped_column

from gis.database.base import Base


class BlockCount(Base):
    """How many of a measure a block in use holds, in a month; what it has none of has no row.

    ``measure`` is one of `gis.words.measures.MEASURES`, with its part. ``month`` is the first of
    the month in which something happened, or year 1 for what is counted without a time. Of what
    comes to hold by itself (somebody grows old), ``month`` and ``day`` tell from when.
    """

    __tablename__ = "block_count"

    block_id: Mapped[int] = mapped_column(
        ForeignKey("block.id", ondelete="CASCADE"), primary_key=True
    )
    measure: Mapped[str] = mapped_column(Text(collation="C"), primary_key=True)
    month: Mapped[date] = mapped_column(primary_key=True, server_default=text("'0001-01-01'"))
    day: Mapped[int] = mapped_column(SmallInteger, primary_key=True, server_default=text("1"))
    n: Mapped[int]
    counted_at: Mapped[datetime] = mapped_column(server_default=func.now())

    __table_args__ = (
        CheckConstraint("n > 0", name="n_is_positive"),
        CheckConstraint("extract(day from month) = 1", name="month_is_a_first"),
        CheckConstraint("day BETWEEN 1 AND 31", name="day_is_of_a_month"),
        Index("ix_block_count_measure_month", "measure", "month"),
    )
