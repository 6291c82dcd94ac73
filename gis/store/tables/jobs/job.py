"""Long work that somebody asked for, and the files it was given and made."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB, UUID
from sqlalchemy.orm import Mapped, mapped_column

from gis.database.base import Base, one_of
from gis.domain.job import JOB_STATES, UNFINISHED


class Job(Base):
    """One piece of work: who asked for what, how far it is, and what came of it.

    ``task`` is the name under which an entry point registered what is to be done; ``arguments``
    are its own, and so is ``result``. ``asked_by`` is null for what the platform asks itself.
    ``exclusive_key`` names what only one unfinished job may be about. ``claim`` is drawn anew
    whenever a worker begins it: who has lost the claim can end nothing. ``message`` says what is
    being done, or in the end what went wrong, as `gis.messages` writes it.
    """

    __tablename__ = "job"

    id: Mapped[int] = mapped_column(primary_key=True)
    task: Mapped[str] = mapped_column(Text)
    asked_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    asked_at: Mapped[datetime]
    not_before: Mapped[datetime]
    community_id: Mapped[int | None] = mapped_column(ForeignKey("division_unit.id"))
    arguments: Mapped[dict] = mapped_column(JSONB, server_default="{}")
    exclusive_key: Mapped[str | None] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text, server_default="asked")
    starts: Mapped[int] = mapped_column(server_default="0")
    claim: Mapped[uuid.UUID | None] = mapped_column(UUID(as_uuid=True))
    started_at: Mapped[datetime | None]
    heartbeat_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    fraction: Mapped[float] = mapped_column(server_default="0")
    message: Mapped[object | None] = mapped_column(JSONB(none_as_null=True))
    cancel_wished: Mapped[bool] = mapped_column(Boolean, server_default="false")
    result: Mapped[dict | None] = mapped_column(JSONB(none_as_null=True))

    __table_args__ = (
        CheckConstraint(one_of("state", JOB_STATES), name="state_is_known"),
        CheckConstraint("fraction BETWEEN 0 AND 1", name="fraction_is_a_share"),
        CheckConstraint(
            "(state = 'running') = (claim IS NOT NULL)", name="who_runs_it_has_the_claim"
        ),
        Index(
            "ix_job_one_unfinished",
            "exclusive_key",
            unique=True,
            postgresql_where=text(one_of("state", UNFINISHED)),
        ),
        Index("ix_job_next", "not_before", "id", postgresql_where=text("state = 'asked'")),
        Index("ix_job_running", "heartbeat_at", postgresql_where=text("state = 'running'")),
        Index("ix_job_of_person", "asked_by", "id"),
        Index("ix_job_ended", "ended_at"),
    )


class JobFile(Base):
    """A file of a job: what it was given (``given``), or what it made."""

    __tablename__ = "job_file"

    id: Mapped[int] = mapped_column(primary_key=True)
    job_id: Mapped[int] = mapped_column(ForeignKey("job.id", ondelete="CASCADE"))
    given: Mapped[bool]
    name: Mapped[str] = mapped_column(Text)
    mimetype: Mapped[str] = mapped_column(Text)
    content: Mapped[bytes] = mapped_column(LargeBinary)

    __table_args__ = (UniqueConstraint("job_id", "given"),)
