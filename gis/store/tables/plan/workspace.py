"""Editing drafts: each planner's working copy with its log of steps, and the saved editions."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Text, UniqueConstraint, func
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from gis.database.base import Base, one_of
from gis.domain.editing import STEP_KINDS

EDITION_KINDS = ("drawn", "edited", "merged", "reverted", "imported", "branched")


class PlanEdition(Base):
    """One saved change of a plan's assignment: who, when, why, and every block that moved.

    ``moves`` holds ``[block, number before, number after]``, so any earlier edition can be had
    back by taking the later ones back. The first edition of a plan has none.
    """

    __tablename__ = "plan_edition"

    plan_id: Mapped[int] = mapped_column(
        ForeignKey("plan.id", ondelete="CASCADE"), primary_key=True
    )
    edition: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(Text)
    saved_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    saved_at: Mapped[datetime] = mapped_column(server_default=func.now())
    note: Mapped[str] = mapped_column(Text, server_default="")
    moves: Mapped[list] = mapped_column(JSONB, server_default="[]")

    __table_args__ = (
        CheckConstraint(one_of("kind", EDITION_KINDS), name="kind_is_known"),
        CheckConstraint("edition > 0", name="edition_is_positive"),
    )


class PlanWorkspace(Base):
    """One person's unsaved edits of a draft: what differs from the edition they began with.

    ``changes`` maps a block (as text) to its grid number, ``position`` is the last step that
    counts: those after it were undone and can be done again.
    """

    __tablename__ = "plan_workspace"

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("plan.id", ondelete="CASCADE"))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    base_edition: Mapped[int]
    changes: Mapped[dict] = mapped_column(JSONB, server_default="{}")
    locks: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default="{}")
    position: Mapped[int] = mapped_column(server_default="0")
    opened_at: Mapped[datetime] = mapped_column(server_default=func.now())
    changed_at: Mapped[datetime] = mapped_column(server_default=func.now())

    __table_args__ = (
        UniqueConstraint("plan_id", "user_id", postgresql_nulls_not_distinct=True),
        CheckConstraint("position >= 0", name="position_is_not_negative"),
    )


class PlanStep(Base):
    """One step of a working copy, with every block it moved and every lock it set or released."""

    __tablename__ = "plan_step"

    workspace_id: Mapped[int] = mapped_column(
        ForeignKey("plan_workspace.id", ondelete="CASCADE"), primary_key=True
    )
    seq: Mapped[int] = mapped_column(primary_key=True)
    client_id: Mapped[UUID]
    kind: Mapped[str] = mapped_column(Text)
    moves: Mapped[list] = mapped_column(JSONB, server_default="[]")
    locked: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default="{}")
    unlocked: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default="{}")
    at: Mapped[datetime] = mapped_column(server_default=func.now())

    __table_args__ = (
        CheckConstraint(one_of("kind", STEP_KINDS), name="kind_is_known"),
        UniqueConstraint("workspace_id", "client_id"),
    )
