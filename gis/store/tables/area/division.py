"""Division units: the dated tree county > town > community, each with its 12-digit code."""

from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import ExcludeConstraint
from sqlalchemy.orm import Mapped, mapped_column

from gis.database.base import Base, stored_geometry, tile_geometry


class DivisionUnit(Base):
    """A county, town or community between two dates.

    Codes are abolished and reissued, so a code is unique at any one time, not for ever.
    ``minimum``, ``target`` and ``maximum`` are the household band of a community's grids.
    """

    __tablename__ = "division_unit"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(Text)
    level: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)
    name_en: Mapped[str | None] = mapped_column(Text)
    parent_id: Mapped[int | None]
    parent_level: Mapped[str | None] = mapped_column(Text)
    successor_id: Mapped[int | None]
    valid_from: Mapped[date] = mapped_column(server_default="2000-01-01")
    valid_to: Mapped[date | None]
    minimum: Mapped[int] = mapped_column(server_default="300")
    target: Mapped[int] = mapped_column(server_default="400")
    maximum: Mapped[int] = mapped_column(server_default="500")
    metric_epsg: Mapped[int | None]
    synthetic: Mapped[bool] = mapped_column(server_default="false")
    geom: Mapped[object | None] = stored_geometry("MULTIPOLYGON", nullable=True)
    geom_3857: Mapped[object | None] = tile_geometry("MULTIPOLYGON", nullable=True)

    __table_args__ = (
        CheckConstraint("code ~ '^[0-9]{12}$'", name="code_has_12_digits"),
        CheckConstraint(
            "(level = 'county' AND parent_level IS NULL AND parent_id IS NULL)"
            " OR (level = 'town' AND parent_level = 'county' AND parent_id IS NOT NULL)"
            " OR (level = 'community' AND parent_level = 'town' AND parent_id IS NOT NULL)",
            name="parent_is_one_level_up",
        ),
        CheckConstraint("valid_to IS NULL OR valid_to > valid_from", name="dates_in_order"),
        CheckConstraint(
            "minimum >= 0 AND minimum <= target AND target <= maximum", name="band_in_order"
        ),
        CheckConstraint("geom IS NULL OR ST_IsValid(geom)", name="geom_is_valid"),
        UniqueConstraint("id", "level"),
        ForeignKeyConstraint(
            ["parent_id", "parent_level"], ["division_unit.id", "division_unit.level"]
        ),
        ForeignKeyConstraint(["successor_id"], ["division_unit.id"]),
        ExcludeConstraint(
            ("code", "="),
            (text("daterange(valid_from, valid_to)"), "&&"),
            name="ex_division_unit_code_at_one_time",
            using="gist",
        ),
        Index("ix_division_unit_parent_id", "parent_id"),
        Index("ix_division_unit_geom", "geom", postgresql_using="gist"),
        Index("ix_division_unit_geom_3857", "geom_3857", postgresql_using="gist"),
    )
