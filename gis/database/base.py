"""The declarative base, its naming convention, and the columns that many tables share."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, ClassVar

from geoalchemy2 import Geometry
from sqlalchemy import Computed, DateTime, MetaData, Table, Text
from sqlalchemy.orm import DeclarativeBase, MappedColumn, mapped_column

STORED_SRID = 4326
"""Everything is stored as WGS 84 longitude and latitude; CGCS2000 is taken as equal to it."""

TILE_SRID = 3857
"""The projection of map tiles."""


class Base(DeclarativeBase):
    """Base of all tables; constraint names follow one rule so that migrations can name them."""

    if TYPE_CHECKING:
        __table__: ClassVar[Table]

    type_annotation_map: ClassVar[dict] = {datetime: DateTime(timezone=True), str: Text}
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


def stored_geometry(shape: str, *, nullable: bool = False) -> MappedColumn:
    """Make a geometry column in the stored CRS; its index is named in ``__table_args__``."""
    return mapped_column(
        Geometry(shape, srid=STORED_SRID, spatial_index=False, nullable=nullable), nullable=nullable
    )


def tile_geometry(shape: str, *, nullable: bool = False) -> MappedColumn:
    """Make the generated Web Mercator twin of ``geom`` that tiles are cut from."""
    return mapped_column(
        Geometry(shape, srid=TILE_SRID, spatial_index=False, nullable=nullable),
        Computed("ST_Transform(geom, 3857)", persisted=True),
        nullable=nullable,
        deferred=True,
    )


def one_of(column: str, values: tuple[str, ...]) -> str:
    """Write the check that a text column holds one of some words."""
    return f"{column} IN ({', '.join(repr(v) for v in values)})"
