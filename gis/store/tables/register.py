"""Registers: addresses and what people decided about them, households, residents, places."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    Text,
    UniqueConstraint,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from gis.database.base import Base, stored_geometry
from gis.domain.location import LEVELS, STATUSES
from gis.domain.record import PLACE_KINDS, RESIDENT_CATEGORIES
from gis.store.tables.ground import one_of

SUBJECTS = ("household", "incident", "place")
"""What is located by address or coordinates, and may wait for review."""


class Located:
    """The columns of everything that reaches its block by address text or coordinates.

    ``community_id`` is what decides who may see the row; it is null only while nothing is known.
    ``given_lon``/``given_lat`` keep what the source said, and ``import_row`` in which row of its
    file; ``geom`` is where it was located, and ``run_id`` the geocoding run that put it there.
    ``margin`` is the lead over the next best place, ``error_m`` how far the point may be off, and
    ``number_from``/``number_to`` are the ends of the stretch of house numbers where the text names
    no single one.
    """

    address_text: Mapped[str | None] = mapped_column(Text)
    given_lon: Mapped[float | None]
    given_lat: Mapped[float | None]
    import_row: Mapped[int | None]
    geom: Mapped[object | None] = stored_geometry("POINT", nullable=True)
    community_id: Mapped[int | None] = mapped_column(ForeignKey("division_unit.id"))
    block_id: Mapped[int | None] = mapped_column(ForeignKey("block.id"))
    address_id: Mapped[int | None] = mapped_column(ForeignKey("address.id"))
    level: Mapped[str] = mapped_column(Text, server_default="none")
    score: Mapped[float | None]
    status: Mapped[str] = mapped_column(Text, server_default="none")
    evidence: Mapped[str | None] = mapped_column(Text)
    n_candidates: Mapped[int | None]
    margin: Mapped[float | None]
    error_m: Mapped[float | None]
    number_from: Mapped[int | None]
    number_to: Mapped[int | None]
    run_id: Mapped[int | None] = mapped_column(ForeignKey("geocode_run.id"))
    located_at: Mapped[datetime | None]
    synthetic: Mapped[bool] = mapped_column(server_default="false")


def located_rules(table: str) -> tuple:
    """Give the constraints and indexes that every located table has."""
    return (
        CheckConstraint(one_of("level", LEVELS), name="level_is_known"),
        CheckConstraint(one_of("status", STATUSES), name="status_is_known"),
        CheckConstraint("score IS NULL OR score BETWEEN 0 AND 1", name="score_within_one"),
        CheckConstraint("block_id IS NULL OR community_id IS NOT NULL", name="block_has_community"),
        Index(f"ix_{table}_community_id", "community_id"),
        Index(f"ix_{table}_block_id", "block_id"),
        Index(f"ix_{table}_address_id", "address_id"),
        Index(f"ix_{table}_geom", "geom", postgresql_using="gist"),
        Index(
            f"ix_{table}_waiting",
            "status",
            postgresql_where=text("status IN ('review', 'none')"),
        ),
    )


class Address(Base):
    """One entry of the address register: its parts, and its point in its block."""

    __tablename__ = "address"

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
    geom: Mapped[object | None] = stored_geometry("POINT", nullable=True)

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
    geom: Mapped[object | None] = stored_geometry("POINT", nullable=True)
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


class Household(Located, Base):
    """The people of one dwelling. Personal data: always read through a scope."""

    __tablename__ = "household"

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=func.gen_random_uuid())
    number: Mapped[str] = mapped_column(Text)
    head_name: Mapped[str | None] = mapped_column(Text)
    phone: Mapped[str | None] = mapped_column(Text)
    people: Mapped[int] = mapped_column(server_default="1")
    import_batch_id: Mapped[int] = mapped_column(ForeignKey("import_batch.id"))

    __table_args__ = (
        UniqueConstraint("number"),
        CheckConstraint("people >= 0", name="people_is_not_negative"),
        Index("ix_household_import_batch_id", "import_batch_id"),
        *located_rules("household"),
    )


class Resident(Base):
    """One person of a household. Personal data: always read through a scope.

    Of somebody who came before the household only its number is known: ``household_number``, which
    is null for all others. Whoever reads people asks by household, so nobody is shown them.
    """

    __tablename__ = "resident"

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=func.gen_random_uuid())
    household_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("household.id", ondelete="CASCADE")
    )
    household_number: Mapped[str | None] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)
    sex: Mapped[str] = mapped_column(Text, server_default="unknown")
    birth_date: Mapped[date | None]
    relation: Mapped[str | None] = mapped_column(Text)
    category: Mapped[str] = mapped_column(Text, server_default="registered")
    synthetic: Mapped[bool] = mapped_column(server_default="false")
    import_batch_id: Mapped[int] = mapped_column(ForeignKey("import_batch.id"))

    __table_args__ = (
        CheckConstraint("sex IN ('male', 'female', 'unknown')", name="sex_is_known"),
        CheckConstraint(one_of("category", RESIDENT_CATEGORIES), name="category_is_known"),
        CheckConstraint(
            "(household_id IS NULL) <> (household_number IS NULL)", name="household_or_its_number"
        ),
        Index("ix_resident_household_id", "household_id"),
        Index(
            "ix_resident_household_number",
            "household_number",
            postgresql_where=text("household_number IS NOT NULL"),
        ),
        Index("ix_resident_import_batch_id", "import_batch_id"),
    )


class Place(Located, Base):
    """A compound, key site or institution with a name and a spot; an exclusive one is a grid."""

    __tablename__ = "place"

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=func.gen_random_uuid())
    name: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(Text, server_default="other")
    exclusive: Mapped[bool] = mapped_column(server_default="false")
    import_batch_id: Mapped[int] = mapped_column(ForeignKey("import_batch.id"))

    __table_args__ = (
        CheckConstraint(one_of("kind", PLACE_KINDS), name="kind_is_known"),
        Index("ix_place_import_batch_id", "import_batch_id"),
        *located_rules("place"),
    )
