"""Blocks: their builds, the enclosures they are cut from, what waits, what came of former ones."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from gis.database.base import Base, stored_geometry, tile_geometry


class BlockBuild(Base):
    """One making of a community's blocks: from what, when, and how well it came out.

    ``input_digest`` is the SHA-256 of boundary, barriers, buildings and compounds: the same
    input is not built twice. At most one build of a community is current.
    """

    __tablename__ = "block_build"

    id: Mapped[int] = mapped_column(primary_key=True)
    community_id: Mapped[int] = mapped_column(ForeignKey("division_unit.id"))
    input_digest: Mapped[str] = mapped_column(Text)
    built_at: Mapped[datetime]
    current: Mapped[bool] = mapped_column(server_default="true")
    report: Mapped[dict] = mapped_column(JSONB, server_default="{}")

    __table_args__ = (
        UniqueConstraint("id", "community_id"),
        Index(
            "uq_block_build_current",
            "community_id",
            unique=True,
            postgresql_where=text("current"),
        ),
    )


class Enclosure(Base):
    """Ground between barriers; ``digest`` is the fingerprint of all that decides its blocks."""

    __tablename__ = "enclosure"

    id: Mapped[int] = mapped_column(primary_key=True)
    build_id: Mapped[int]
    community_id: Mapped[int]
    number: Mapped[int]
    digest: Mapped[str | None] = mapped_column(Text)
    geom: Mapped[object] = stored_geometry("MULTIPOLYGON")

    __table_args__ = (
        ForeignKeyConstraint(
            ["build_id", "community_id"],
            ["block_build.id", "block_build.community_id"],
            ondelete="CASCADE",
        ),
        UniqueConstraint("build_id", "number"),
        Index("ix_enclosure_geom", "geom", postgresql_using="gist"),
    )


class Block(Base):
    """The atomic piece of ground around one building or compound; grids are made of blocks.

    ``build_id`` is the build it was made in; a block that later builds keep stays as it is. The
    blocks in use are those not retired.
    """

    __tablename__ = "block"

    id: Mapped[int] = mapped_column(primary_key=True)
    build_id: Mapped[int]
    community_id: Mapped[int]
    enclosure_id: Mapped[int | None] = mapped_column(ForeignKey("enclosure.id"))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("block.id"))
    number: Mapped[int]
    n_buildings: Mapped[int] = mapped_column(server_default="0")
    area_m2: Mapped[float]
    retired_at: Mapped[datetime | None]
    geom: Mapped[object] = stored_geometry("MULTIPOLYGON")
    geom_3857: Mapped[object] = tile_geometry("MULTIPOLYGON")

    __table_args__ = (
        ForeignKeyConstraint(
            ["build_id", "community_id"],
            ["block_build.id", "block_build.community_id"],
            ondelete="CASCADE",
        ),
        UniqueConstraint("build_id", "number"),
        UniqueConstraint("id", "community_id"),
        CheckConstraint("area_m2 > 0", name="area_is_positive"),
        Index("ix_block_community_id", "community_id", postgresql_where=text("retired_at IS NULL")),
        Index("ix_block_enclosure_id", "enclosure_id"),
        Index("ix_block_geom", "geom", postgresql_using="gist"),
        Index("ix_block_geom_3857", "geom_3857", postgresql_using="gist"),
    )


class WaitingBlock(Base):
    """A block of a file that came before the community it lies in."""

    __tablename__ = "waiting_block"

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str | None] = mapped_column(Text)
    file_name: Mapped[str] = mapped_column(Text)
    geom: Mapped[object] = stored_geometry("MULTIPOLYGON")

    __table_args__ = (Index("ix_waiting_block_geom", "geom", postgresql_using="gist"),)


class BlockLineage(Base):
    """Which former blocks a block was made of when its ground was built anew.

    ``share`` is the part of the child's area on the parent, ``households`` how many were located
    in the parent and lie in the child.
    """

    __tablename__ = "block_lineage"

    child_id: Mapped[int] = mapped_column(
        ForeignKey("block.id", ondelete="CASCADE"), primary_key=True
    )
    parent_id: Mapped[int] = mapped_column(
        ForeignKey("block.id", ondelete="CASCADE"), primary_key=True
    )
    share: Mapped[float]
    households: Mapped[int] = mapped_column(server_default="0")

    __table_args__ = (
        CheckConstraint("share > 0 AND share <= 1.001", name="share_within_one"),
        Index("ix_block_lineage_parent_id", "parent_id"),
    )
