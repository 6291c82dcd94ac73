"""The ground as it is drawn: barriers, land cover, compounds, buildings."""

from __future__ import annotations

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    Text,
)
from sqlalchemy.orm import Mapped, mapped_column

from gis.database.base import Base, one_of, stored_geometry, tile_geometry
from gis.domain.kinds.barrier import BARRIER_KINDS
from gis.domain.kinds.compound import COMPOUND_KINDS
from gis.domain.kinds.land_cover import LAND_COVER_KINDS
from gis.store.tables.kinds import BelongsByPoint, OfKind, ShowsGround


class Barrier(OfKind, ShowsGround, Base):
    """A road, river, rail or wall: grids should end at it. A named road is also a street."""

    __tablename__ = "barrier"
    record_kind = "barriers"
    row_label = "concat_ws(' ', t.kind, t.name)"

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


class LandCover(OfKind, Base):
    """Water, green, farmland and built-up ground: what makes a map look like a place."""

    __tablename__ = "land_cover"
    record_kind = "land_cover"
    row_label = "concat_ws(' ', t.kind, t.name)"

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


class Compound(OfKind, BelongsByPoint, Base):
    """A compound, courtyard or hamlet that a grid never cuts; an exclusive one is a grid itself."""

    __tablename__ = "compound"
    record_kind = "compounds"
    found_by = ("reference",)
    row_label = "coalesce(t.reference, t.name)"

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


class Building(OfKind, BelongsByPoint, ShowsGround, Base):
    """A building (or a parcel that stands for one): never cut by a block."""

    __tablename__ = "building"
    record_kind = "buildings"
    found_by = ("reference",)
    row_label = "coalesce(t.reference, t.name)"

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
