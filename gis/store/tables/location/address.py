"""The address register, and what people decided about it and about doubtful locations."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from geoalchemy2 import WKBElement
from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    Text,
    UniqueConstraint,
    func,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from gis.database.base import Base, one_of, stored_geometry
from gis.store.tables.kinds import BelongsByPoint, LiesInBlock, OfKind, ShowsGround
from gis.store.tables.location.located import SUBJECTS


class Address(OfKind, BelongsByPoint, LiesInBlock, ShowsGround, Base):
    """One entry of the address register: its parts, and its point in its block."""

    __tablename__ = "address"
    record_kind = "addresses"
    found_by = ("reference", "text")
    row_label = "coalesce(t.reference, t.text)"

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str | None] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)
    town: Mapped[str | None] = mapped_column(Text)
    community: Mapped[str | None] = mapped_column(Text)
    street: Mapped[str | None] = mapped_column(Text)
    number: Mapped[str | None] = mapped_column(Text)
    estate: Mapped[str | None] = mapped_column(Text)
    building: Mapped[str | None] = mapped_column(Text)
    stairwell: Mapped[str | None] = mapped_column(Text)
    room: Mapped[str | None] = mapped_column(Text)
    community_id: Mapped[int | None] = mapped_column(ForeignKey("division_unit.id"))
    block_id: Mapped[int | None] = mapped_column(ForeignKey("block.id"))
    synthetic: Mapped[bool] = mapped_column(server_default="false")
    import_batch_id: Mapped[int] = mapped_column(ForeignKey("import_batch.id"))
    geom: Mapped[WKBElement | None] = stored_geometry("POINT", nullable=True)

    __table_args__ = (
        Index("ix_address_community_id", "community_id"),
        Index("ix_address_block_id", "block_id"),
        Index("ix_address_import_batch_id", "import_batch_id"),
        Index("ix_address_geom", "geom", postgresql_using="gist"),
        Index(
            "ix_address_text_trigrams",
            "text",
            postgresql_using="gin",
            postgresql_ops={"text": "gin_trgm_ops"},
        ),
    )


class AddressAlias(Base):
    """A decision of a person: this text means that address (or that point). Asked only once."""

    __tablename__ = "address_alias"

    id: Mapped[int] = mapped_column(primary_key=True)
    text_key: Mapped[str] = mapped_column(Text)
    address_id: Mapped[int | None] = mapped_column(ForeignKey("address.id", ondelete="CASCADE"))
    geom: Mapped[WKBElement | None] = stored_geometry("POINT", nullable=True)
    decided_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    decided_at: Mapped[datetime] = mapped_column(server_default=func.now())

    __table_args__ = (
        UniqueConstraint("text_key"),
        CheckConstraint("(address_id IS NULL) <> (geom IS NULL)", name="address_or_point"),
    )


class LocationDecision(Base):
    """What a reviewer decided about one doubtful location, with what was there before.

    Decisions made in one go share their ``bulk_id`` and are undone together. One is overtaken when
    the source says another place than the one that was decided about.
    """

    __tablename__ = "location_decision"

    id: Mapped[int] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(Text)
    subject_id: Mapped[UUID]
    method: Mapped[str] = mapped_column(Text)
    before: Mapped[dict] = mapped_column(JSONB)
    after: Mapped[dict] = mapped_column(JSONB)
    bulk_id: Mapped[UUID | None]
    decided_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    decided_at: Mapped[datetime] = mapped_column(server_default=func.now())
    overtaken_at: Mapped[datetime | None]

    __table_args__ = (
        CheckConstraint(one_of("subject", SUBJECTS), name="subject_is_known"),
        CheckConstraint(
            "method IN ('candidate', 'pin', 'dismiss', 'undo')", name="method_is_known"
        ),
        Index("ix_location_decision_subject_id", "subject_id"),
        Index("ix_location_decision_bulk_id", "bulk_id"),
    )
