"""The ground: barriers, land cover, buildings, compounds; the enclosures and blocks they make."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Text,
    UniqueConstraint,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from gis.database.base import Base, stored_geometry, tile_geometry
from gis.domain.record import BARRIER_KINDS, COMPOUND_KINDS, LAND_COVER_KINDS


def one_of(column: str, values: tuple[str, ...]) -> str:
    """Write the check that a text column holds one of some words."""
    return f"{column} IN ({', '.join(repr(v) for v in values)})"


class Barrier(Base):
    """A road, river, rail or wall: grids should end at it. A named road is also a street."""

    __tablename__ = "barrier"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(Text)
    name: Mapped[str | None] = mapped_column(Text)
    left_from: Mapped[int | None]
    left_to: Mapped[int | None]
    right_from: Mapped[int | None]
    right_to: Mapped[int | None]
    bridge: Mapped[bool] = mapped_column(server_default="false")
    import_batch_id: Mapped[int] = mapped_column(ForeignKey("import_batch.id"))
    geom: Mapped[object] = stored_geometry("LINESTRING")
    geom_3857: Mapped[object] = tile_geometry("LINESTRING")

    __table_args__ = (
        CheckConstraint(one_of("kind", BARRIER_KINDS), name="kind_is_known"),
        Index("ix_barrier_geom", "geom", postgresql_using="gist"),
        Index("ix_barrier_geom_3857", "geom_3857", postgresql_using="gist"),
        Index("ix_barrier_name", "name"),
        Index("ix_barrier_import_batch_id", "import_batch_id"),
    )


class LandCover(Base):
    """Water, green, farmland and built-up ground: what makes a map look like a place."""

    __tablename__ = "land_cover"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(Text)
    name: Mapped[str | None] = mapped_column(Text)
    import_batch_id: Mapped[int] = mapped_column(ForeignKey("import_batch.id"))
    geom: Mapped[object] = stored_geometry("MULTIPOLYGON")
    geom_3857: Mapped[object] = tile_geometry("MULTIPOLYGON")

    __table_args__ = (
        CheckConstraint(one_of("kind", LAND_COVER_KINDS), name="kind_is_known"),
        Index("ix_land_cover_geom", "geom", postgresql_using="gist"),
        Index("ix_land_cover_geom_3857", "geom_3857", postgresql_using="gist"),
        Index("ix_land_cover_import_batch_id", "import_batch_id"),
    )


class Compound(Base):
    """A compound, courtyard or hamlet that a grid never cuts; an exclusive one is a grid itself."""

    __tablename__ = "compound"

    id: Mapped[int] = mapped_column(primary_key=True)
    community_id: Mapped[int | None] = mapped_column(ForeignKey("division_unit.id"))
    reference: Mapped[str | None] = mapped_column(Text)
    name: Mapped[str | None] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(Text, server_default="compound")
    exclusive: Mapped[bool] = mapped_column(server_default="false")
    synthetic: Mapped[bool] = mapped_column(server_default="false")
    import_batch_id: Mapped[int] = mapped_column(ForeignKey("import_batch.id"))
    geom: Mapped[object] = stored_geometry("MULTIPOLYGON")
    geom_3857: Mapped[object] = tile_geometry("MULTIPOLYGON")

    __table_args__ = (
        CheckConstraint(one_of("kind", COMPOUND_KINDS), name="kind_is_known"),
        Index("ix_compound_community_id", "community_id"),
        Index("ix_compound_geom", "geom", postgresql_using="gist"),
        Index("ix_compound_geom_3857", "geom_3857", postgresql_using="gist"),
        Index("ix_compound_import_batch_id", "import_batch_id"),
    )


class Building(Base):
    """A building (or a parcel that stands for one): never cut by a block."""

    __tablename__ = "building"

    id: Mapped[int] = mapped_column(primary_key=True)
    community_id: Mapped[int | None] = mapped_column(ForeignKey("division_unit.id"))
    reference: Mapped[str | None] = mapped_column(Text)
    name: Mapped[str | None] = mapped_column(Text)
    kind: Mapped[str | None] = mapped_column(Text)
    levels: Mapped[int | None]
    dwellings: Mapped[int | None]
    synthetic: Mapped[bool] = mapped_column(server_default="false")
    import_batch_id: Mapped[int] = mapped_column(ForeignKey("import_batch.id"))
    geom: Mapped[object] = stored_geometry("MULTIPOLYGON")
    geom_3857: Mapped[object] = tile_geometry("MULTIPOLYGON")

    __table_args__ = (
        Index("ix_building_community_id", "community_id"),
        Index("ix_building_geom", "geom", postgresql_using="gist"),
        Index("ix_building_geom_3857", "geom_3857", postgresql_using="gist"),
        Index("ix_building_import_batch_id", "import_batch_id"),
    )


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


class BlockLoad(Base):
    """Households and people of a block, counted once and summed to any level."""

    __tablename__ = "block_load"

    block_id: Mapped[int] = mapped_column(
        ForeignKey("block.id", ondelete="CASCADE"), primary_key=True
    )
    households: Mapped[int] = mapped_column(server_default="0")
    people: Mapped[int] = mapped_column(server_default="0")
    counted_at: Mapped[datetime] = mapped_column(server_default=func.now())

    __table_args__ = (
        CheckConstraint("households >= 0 AND people >= 0", name="counts_are_not_negative"),
    )
