"""Geocoding runs, and which version of the address register each was made with."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, Text, func, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from gis.database.base import Base, one_of
from gis.words.kinds import LOCATED_KINDS

RUN_STATES = ("running", "finished", "abandoned")


class RegisterVersion(Base):
    """What geocoding answers from, as it was at one time: addresses, streets, decisions, ground.

    ``marks`` tell cheaply whether anything has changed since.
    """

    __tablename__ = "register_version"

    id: Mapped[int] = mapped_column(primary_key=True)
    marks: Mapped[dict] = mapped_column(JSONB)
    made_at: Mapped[datetime] = mapped_column(server_default=func.now())


class RegisterKey(Base):
    """A name of the register and the version in which anything under this name last changed.

    ``digest`` is null once nothing has the name any more.
    """

    __tablename__ = "register_key"

    key: Mapped[str] = mapped_column(Text, primary_key=True)
    digest: Mapped[int | None] = mapped_column(BigInteger)
    version: Mapped[int] = mapped_column(ForeignKey("register_version.id"))

    __table_args__ = (Index("ix_register_key_version", "version"),)


class GeocodeRun(Base):
    """One run over households, incidents or places, kept so that it can be gone on with.

    Records are taken in the order of their ids; ``reached`` is the last one done. ``baseline`` is
    the version the records were located with before; null means that everything is located anew.
    """

    __tablename__ = "geocode_run"

    id: Mapped[int] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text, server_default="running")
    version: Mapped[int] = mapped_column(ForeignKey("register_version.id"))
    baseline: Mapped[int | None] = mapped_column(ForeignKey("register_version.id"))
    everything: Mapped[bool] = mapped_column(server_default="false")
    import_batch_id: Mapped[int | None] = mapped_column(ForeignKey("import_batch.id"))
    asked_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    started_at: Mapped[datetime]
    heartbeat_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    reached: Mapped[UUID | None]
    total: Mapped[int] = mapped_column(server_default="0")
    seen: Mapped[int] = mapped_column(server_default="0")
    located: Mapped[int] = mapped_column(server_default="0")
    changed: Mapped[int] = mapped_column(server_default="0")
    by_status: Mapped[dict] = mapped_column(JSONB, server_default="{}")
    by_level: Mapped[dict] = mapped_column(JSONB, server_default="{}")

    __table_args__ = (
        CheckConstraint(one_of("subject", tuple(sorted(LOCATED_KINDS))), name="subject_is_known"),
        CheckConstraint(one_of("state", RUN_STATES), name="state_is_known"),
        Index("ix_geocode_run_subject", "subject", "id"),
        Index(
            "ix_geocode_run_one_at_a_time",
            "subject",
            unique=True,
            postgresql_where=text("state = 'running' AND import_batch_id IS NULL"),
        ),
    )
