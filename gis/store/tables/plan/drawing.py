"""Drafts being drawn in the background."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from gis.database.base import Base, one_of

DRAWING_STATES = ("running", "done", "failed", "cancelled")


class Drawing(Base):
    """One draft being drawn: how far it is, and what came of it; one at a time in a community.

    ``heard_at`` is when the process that draws last said so; ``message`` says what it does, or in
    the end what went wrong.
    """

    __tablename__ = "drawing"

    id: Mapped[int] = mapped_column(primary_key=True)
    community_id: Mapped[int] = mapped_column(ForeignKey("division_unit.id"))
    asked_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    asked_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(Text, server_default="running")
    fraction: Mapped[float] = mapped_column(server_default="0")
    message: Mapped[str] = mapped_column(Text, server_default="")
    cancel_wished: Mapped[bool] = mapped_column(server_default="false")
    heard_at: Mapped[datetime]
    plan_id: Mapped[int | None] = mapped_column(ForeignKey("plan.id", ondelete="SET NULL"))

    __table_args__ = (
        CheckConstraint(one_of("state", DRAWING_STATES), name="state_is_known"),
        CheckConstraint("fraction BETWEEN 0 AND 1", name="fraction_is_a_share"),
        Index(
            "ix_drawing_one_at_a_time",
            "community_id",
            unique=True,
            postgresql_where=text("state = 'running'"),
        ),
    )
