"""Households and the people in them."""

from __future__ import annotations

from datetime import date
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
from sqlalchemy.orm import Mapped, mapped_column

from gis.database.base import Base, one_of
from gis.domain.kinds.resident import RESIDENT_CATEGORIES
from gis.store.tables.kinds import OfKind, ShowsGround, TellsOfReal
from gis.store.tables.location.located import Located, located_rules


class Household(Located, OfKind, ShowsGround, TellsOfReal, Base):
    """The people of one dwelling. Personal data: always read through a scope."""

    __tablename__ = "household"
    record_kind = "households"
    found_by = ("number",)
    row_label = "t.number"
    title = "number"
    viewed_with = "household.view"

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


class Resident(OfKind, TellsOfReal, Base):
    """One person of a household. Personal data: always read through a scope.

    Of somebody who came before the household only its number is known: ``household_number``, which
    is null for all others. Whoever reads people asks by household, so nobody is shown them.
    """

    __tablename__ = "resident"
    record_kind = "residents"
    found_by = ("household_id", "household_number")
    row_label = (
        "coalesce(t.household_number,"
        " (SELECT h.number FROM household h WHERE h.id = t.household_id))"
    )

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
