"""What the search box finds: names, the ways they are typed, and the doors under a name."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from gis.database.base import Base, one_of
from gis.domain.kinds import KINDS

DOOR_KINDS = ("street", "estate", "village", "address")
"""Names with doors: ``village`` is a group or hamlet whose house numbers count within it;
``address`` has no name."""

RECORDS_NAMED = tuple(kind.one for kind in KINDS.values() if kind.found_by_name)

NAME_KINDS = ("county", "town", "community", *DOOR_KINDS, *RECORDS_NAMED)


class SearchName(Base):
    """A name that can be searched for, once for each community it lies in.

    What it names is a division unit, a record of a kind that is found by name, or the addresses of
    its doors (`SearchDoor`). A record is not pointed to, since its kind is of a later subject: the
    names of records that are gone go with the next ones (`gis.store.location.search_names`).
    """

    __tablename__ = "search_name"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)
    name_en: Mapped[str | None] = mapped_column(Text)
    community_id: Mapped[int | None] = mapped_column(
        ForeignKey("division_unit.id", ondelete="CASCADE")
    )
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("division_unit.id", ondelete="CASCADE"))
    record_id: Mapped[UUID | None]
    n_doors: Mapped[int] = mapped_column(server_default="0")

    __table_args__ = (
        CheckConstraint(one_of("kind", NAME_KINDS), name="kind_is_known"),
        CheckConstraint(
            "num_nonnulls(unit_id, record_id) = "
            f"CASE WHEN {one_of('kind', DOOR_KINDS)} THEN 0 ELSE 1 END",
            name="names_one_thing",
        ),
        Index(
            "ix_search_name_of_doors",
            "kind",
            "name",
            "community_id",
            unique=True,
            postgresql_where=text("unit_id IS NULL AND record_id IS NULL"),
            postgresql_nulls_not_distinct=True,
        ),
        Index("ix_search_name_community_id", "community_id"),
        Index("ix_search_name_unit_id", "unit_id", unique=True),
        Index("ix_search_name_record_id", "record_id", unique=True),
    )


class SearchKey(Base):
    """One way a name is typed: as written, from a later word on, in pinyin, by its initials."""

    __tablename__ = "search_key"

    name_id: Mapped[int] = mapped_column(
        ForeignKey("search_name.id", ondelete="CASCADE"), primary_key=True
    )
    key: Mapped[str] = mapped_column(Text, primary_key=True)
    rank: Mapped[int]

    __table_args__ = (
        Index(
            "ix_search_key_key",
            "key",
            "name_id",
            postgresql_ops={"key": "text_pattern_ops"},
            postgresql_include=["rank"],
        ),
        Index(
            "ix_search_key_trigrams",
            "key",
            postgresql_using="gin",
            postgresql_ops={"key": "gin_trgm_ops"},
        ),
    )


class SearchDoor(Base):
    """An address under a name, by what follows the name: its number, building and room."""

    __tablename__ = "search_door"

    name_id: Mapped[int] = mapped_column(
        ForeignKey("search_name.id", ondelete="CASCADE"), primary_key=True
    )
    address_id: Mapped[int] = mapped_column(
        ForeignKey("address.id", ondelete="CASCADE"), primary_key=True
    )
    door: Mapped[str] = mapped_column(Text)

    __table_args__ = (
        Index(
            "ix_search_door_door",
            "name_id",
            "door",
            postgresql_ops={"door": "text_pattern_ops"},
        ),
        Index("ix_search_door_address_id", "address_id"),
    )
