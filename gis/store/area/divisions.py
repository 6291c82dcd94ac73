"""Division units in the database: writing the tree, and reading it within a scope."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
from geoalchemy2.shape import from_shape
from shapely.geometry import MultiPolygon
from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, aliased

from gis.database.bulk import read_geoframe
from gis.domain.access import Scope
from gis.domain.codes import level_of
from gis.errors import CommandHint, NotFound
from gis.store.area.visible import visible
from gis.store.tables import STORED_SRID, DivisionUnit


@dataclass(frozen=True)
class Community:
    """What the rest of the program needs to know of a community, without its shape."""

    id: int
    code: str
    name: str
    name_en: str | None
    minimum: int
    target: int
    maximum: int
    metric_epsg: int


def _current() -> Select:
    return select(DivisionUnit).where(DivisionUnit.valid_to.is_(None))


def find_unit(session: Session, code: str) -> DivisionUnit | None:
    """Find the division unit that has a code today."""
    return session.scalars(_current().where(DivisionUnit.code == code)).one_or_none()


def unit_of(session: Session, unit_id: int) -> DivisionUnit | None:
    """Find a division unit, of today or of former days."""
    return session.get(DivisionUnit, unit_id)


def known_unit(session: Session, unit_id: int) -> DivisionUnit:
    """Get a division unit that is known to be there, of today or of former days."""
    return session.get_one(DivisionUnit, unit_id)


def put_unit(
    session: Session,
    *,
    code: str,
    name: str | None = None,
    parent: DivisionUnit | None = None,
    shape: MultiPolygon | None = None,
    **columns: object,
) -> DivisionUnit:
    """Write a division unit, or bring the one with this code up to date.

    ``columns`` are further columns of the table (band, names, metric CRS); None leaves the
    stored value, a new unit without a name is called by its code.
    """
    unit = find_unit(session, code)
    if unit is None:
        unit = DivisionUnit(code=code, level=level_of(code), name=name or code)
        session.add(unit)
    unit.name = name or unit.name
    if parent is not None:
        unit.parent_id, unit.parent_level = parent.id, parent.level
    if shape is not None:
        unit.geom = from_shape(shape, srid=STORED_SRID)
    for column, value in columns.items():
        if value is not None:
            setattr(unit, column, value)
    session.flush()
    return unit


def put_outline(session: Session, unit_id: int, shape: MultiPolygon) -> None:
    """Write the outline of a division unit; it has the same ground as before."""
    session.get_one(DivisionUnit, unit_id).geom = from_shape(shape, srid=STORED_SRID)
    session.flush()


def communities(session: Session, scope: Scope) -> list[Community]:
    """List the communities within a scope, by code."""
    own = DivisionUnit.level == "community", visible(scope, DivisionUnit.id)
    query = _current().where(*own).order_by(DivisionUnit.code)
    return [_community(unit) for unit in session.scalars(query)]


def every_community(session: Session) -> list[Community]:
    """List all communities, by code, whoever asks: to find the one that something belongs to."""
    query = _current().where(DivisionUnit.level == "community").order_by(DivisionUnit.code)
    return [_community(unit) for unit in session.scalars(query)]


def get_community(session: Session, scope: Scope, code: str) -> Community:
    """Get a community by code.

    Raises
    ------
    NotFound
        No community has this code today, or it lies outside the scope.
    """
    unit = find_unit(session, code)
    if unit is None or unit.level != "community" or not scope.covers(unit.id):
        raise NotFound(
            "no community with code {code} in your area; check the code{hint}",
            code=code,
            hint=CommandHint("community-grid plan list shows them"),
        )
    return _community(unit)


def _community(unit: DivisionUnit) -> Community:
    return Community(
        unit.id,
        unit.code,
        unit.name,
        unit.name_en,
        unit.minimum,
        unit.target,
        unit.maximum,
        unit.metric_epsg or 3857,
    )


def every_outline(session: Session) -> gpd.GeoDataFrame:
    """Read all communities with their outlines, whoever asks: to find where something lies.

    Columns: ``id, code, name, metric_epsg``.
    """
    query = (
        select(
            DivisionUnit.id,
            DivisionUnit.code,
            DivisionUnit.name,
            DivisionUnit.metric_epsg,
            func.ST_AsBinary(DivisionUnit.geom).label("geometry"),
        )
        .where(
            DivisionUnit.valid_to.is_(None),
            DivisionUnit.level == "community",
            DivisionUnit.geom.is_not(None),
        )
        .order_by(DivisionUnit.code)
    )
    return read_geoframe(session, query)


def community_records(session: Session) -> gpd.GeoDataFrame:
    """Read the communities of today in the columns of a file of communities, by code."""
    town, county = aliased(DivisionUnit), aliased(DivisionUnit)
    own = (DivisionUnit.code, DivisionUnit.name, DivisionUnit.name_en, DivisionUnit.minimum)
    query = (
        select(
            *own,
            DivisionUnit.target,
            DivisionUnit.maximum,
            town.name.label("town_name"),
            county.name.label("county_name"),
            func.ST_AsBinary(DivisionUnit.geom).label("geometry"),
        )
        .outerjoin(town, town.id == DivisionUnit.parent_id)
        .outerjoin(county, county.id == town.parent_id)
        .where(DivisionUnit.valid_to.is_(None), DivisionUnit.level == "community")
    )
    return read_geoframe(session, query.order_by(DivisionUnit.code))


def codes_ever_given(session: Session) -> set[str]:
    """Give all codes of division units, of today and of former days."""
    return set(session.scalars(select(DivisionUnit.code)))


def community_names(session: Session) -> dict[int, tuple[str, str]]:
    """Give the town's name and the own name of every community, by its id."""
    town = aliased(DivisionUnit)
    query = (
        select(DivisionUnit.id, func.coalesce(town.name, ""), DivisionUnit.name)
        .outerjoin(town, town.id == DivisionUnit.parent_id)
        .where(DivisionUnit.valid_to.is_(None), DivisionUnit.level == "community")
    )
    return {row[0]: (row[1], row[2]) for row in session.execute(query)}


def outline_parents(session: Session) -> None:
    """Give towns and counties the union of their communities as outline."""
    for level in ("town", "county"):
        for parent in session.scalars(_current().where(DivisionUnit.level == level)):
            union = select(func.ST_Multi(func.ST_Union(DivisionUnit.geom))).where(
                DivisionUnit.parent_id == parent.id, DivisionUnit.valid_to.is_(None)
            )
            parent.geom = union.scalar_subquery()
        session.flush()
