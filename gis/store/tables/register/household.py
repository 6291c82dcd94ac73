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
from gis.database.calendar import born_by, day_of_age
from gis.domain.kinds.resident import RESIDENT_CATEGORIES
from gis.domain.workload import KEY_AGE_YEARS
from gis.store.tables.kinds import CountedInBlock, Counting, OfKind, ShowsGround, TellsOfReal
from gis.store.tables.location.located import Located, located_rules
from gis.words import measures

_OLD = f"r.birth_date <= {born_by('{until}', KEY_AGE_YEARS)}"
_COUNTED_AS = (
    Counting(measures.HOUSEHOLDS, "SELECT t.block_id, 1 AS n FROM household t WHERE {counted}"),
    Counting(measures.PEOPLE, "SELECT t.block_id, t.people AS n FROM household t WHERE {counted}"),
    Counting(
        measures.KEY_PEOPLE,
        f"""
        SELECT t.block_id, 1 AS n,
               CASE WHEN r.category = 'floating' THEN DATE '{measures.UNDATED}'
                    ELSE {day_of_age("r.birth_date", KEY_AGE_YEARS)} END AS since
        FROM household t JOIN resident r ON r.household_id = t.id
        WHERE {{counted}} AND (r.category = 'floating' OR {_OLD})
        """,  # noqa: S608  (nothing in it comes from outside)
    ),
    Counting(
        measures.SPECIAL_CARE,
        f"""
        SELECT t.block_id, 1 AS n, {day_of_age("min(r.birth_date)", KEY_AGE_YEARS)} AS since
        FROM household t JOIN resident r ON r.household_id = t.id
        WHERE {{counted}} AND {_OLD} GROUP BY t.id
        """,  # noqa: S608  (nothing in it comes from outside)
    ),
    Counting(
        measures.ENTRANCES,
        """
        SELECT t.block_id, 1 AS n, concat_ws('-', a.building, a.stairwell) AS part
        FROM household t JOIN address a ON a.id = t.address_id
        WHERE {counted} AND coalesce(a.building, a.stairwell) IS NOT NULL
        """,
    ),
)


class Household(Located, CountedInBlock, OfKind, ShowsGround, TellsOfReal, Base):
    """The people of one dwelling. Personal data: always read through a scope."""

    __tablename__ = "household"
    record_kind = "households"
    found_by = ("number",)
    row_label = "t.number"
    title = "number"
    viewed_with = "household.view"
    counted_as = _COUNTED_AS

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
