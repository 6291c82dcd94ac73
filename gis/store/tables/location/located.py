"""What every table has whose rows reach their block by address text or coordinates."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from geoalchemy2 import WKBElement
from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    Text,
    func,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from gis.database.base import one_of, stored_geometry
from gis.domain.location import LEVELS, STATUSES
from gis.store.tables.kinds import OfKind, ToLocate
from gis.words.kinds import LOCATED_KINDS, RECORD_KINDS

SUBJECTS = tuple(sorted(RECORD_KINDS[many].one for many in LOCATED_KINDS))
"""What is located by address or coordinates, and may wait for review."""


class Located(ToLocate, OfKind):
    """The columns of everything that reaches its block by address text or coordinates.

    ``community_id`` is what decides who may see the row; it is null only while nothing is known.
    ``given_lon``/``given_lat`` keep what the source said, and ``import_row`` in which row of its
    file; ``geom`` is where it was located, and ``run_id`` the geocoding run that put it there.
    ``margin`` is the lead over the next best place, ``error_m`` how far the point may be off, and
    ``number_from``/``number_to`` are the ends of the stretch of house numbers where the text names
    no single one.
    """

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=func.gen_random_uuid())
    address_text: Mapped[str | None] = mapped_column(Text)
    given_lon: Mapped[float | None]
    given_lat: Mapped[float | None]
    import_row: Mapped[int | None]
    geom: Mapped[WKBElement | None] = stored_geometry("POINT", nullable=True)
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
