"""Which worker has which grid, since when."""

from __future__ import annotations

from datetime import date

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    text,
)
from sqlalchemy.dialects.postgresql import ExcludeConstraint
from sqlalchemy.orm import Mapped, mapped_column

from gis.database.base import Base


class GridWorker(Base):
    """Who is the worker of a grid between two dates: never two at a time."""

    __tablename__ = "grid_worker"

    id: Mapped[int] = mapped_column(primary_key=True)
    grid_code: Mapped[str] = mapped_column(ForeignKey("grid_code.code"))
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    assigned_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))

    __table_args__ = (
        CheckConstraint("valid_to IS NULL OR valid_to > valid_from", name="dates_in_order"),
        ExcludeConstraint(
            ("grid_code", "="),
            (text("daterange(valid_from, valid_to)"), "&&"),
            name="ex_grid_worker_one_at_a_time",
            using="gist",
        ),
        Index("ix_grid_worker_user_id", "user_id"),
    )
