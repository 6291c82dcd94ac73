"""Places: compounds, key sites and institutions."""

from __future__ import annotations

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    Text,
)
from sqlalchemy.orm import Mapped, mapped_column

from gis.database.base import Base, one_of
from gis.domain.kinds.place import PLACE_KINDS
from gis.store.tables.kinds import (
    CountedInBlock,
    Counting,
    MayBeGrid,
    OfKind,
    ShowsGround,
    TellsOfReal,
)
from gis.store.tables.location.located import Located, located_rules
from gis.words import measures


class Place(Located, CountedInBlock, MayBeGrid, OfKind, ShowsGround, TellsOfReal, Base):
    """A compound, key site or institution with a name and a spot; an exclusive one is a grid."""

    __tablename__ = "place"
    record_kind = "places"
    found_by = ("name",)
    row_label = "t.name"
    title = "name"
    counted_as = (
        Counting(measures.PLACES, "SELECT t.block_id, 1 AS n FROM place t WHERE {counted}"),
    )

    name: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(Text, server_default="other")
    exclusive: Mapped[bool] = mapped_column(server_default="false")
    import_batch_id: Mapped[int] = mapped_column(ForeignKey("import_batch.id"))

    __table_args__ = (
        CheckConstraint(one_of("kind", PLACE_KINDS), name="kind_is_known"),
        Index("ix_place_import_batch_id", "import_batch_id"),
        *located_rules("place"),
    )
