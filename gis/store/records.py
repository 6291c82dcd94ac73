"""Records of every kind into their tables, as `gis.actions.imports` has checked them."""

from __future__ import annotations

from collections.abc import Callable

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from sqlalchemy import insert, select
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import DeclarativeBase, Session

from gis.store.bulk import as_multi, copy_frame
from gis.store.tables import (
    Address,
    Barrier,
    Building,
    Compound,
    DataSource,
    Household,
    ImportBatch,
    ImportDefect,
    Incident,
    LandCover,
    Place,
    Resident,
)

Write = Callable[[Session, pd.DataFrame, int], int]


def write_barriers(session: Session, frame: gpd.GeoDataFrame, batch_id: int) -> int:
    """Store barriers, one row per line; a named road is found again as a street."""
    lines = frame.explode(index_parts=False)
    columns = _columns(lines, ["kind", "name", "left_from", "left_to", "right_from", "right_to"])
    columns["kind"] = columns["kind"].fillna("minor_road")
    columns["bridge"] = _flag(lines["bridge"])
    columns["geom"] = np.array(lines.geometry)
    return _copy(session, Barrier, columns, batch_id)


def write_land_cover(session: Session, frame: gpd.GeoDataFrame, batch_id: int) -> int:
    """Store land cover polygons."""
    columns = _columns(frame, ["kind", "name"])
    columns["geom"] = as_multi(frame.geometry)
    return _copy(session, LandCover, columns, batch_id)


def write_buildings(session: Session, frame: gpd.GeoDataFrame, batch_id: int) -> int:
    """Store buildings; ``community_id`` says in which community their inner point lies."""
    columns = _columns(frame, ["community_id", "reference", "name", "kind", "levels", "dwellings"])
    columns["synthetic"] = _flag(frame["synthetic"])
    columns["geom"] = as_multi(frame.geometry)
    return _copy(session, Building, columns, batch_id)


def write_compounds(session: Session, frame: gpd.GeoDataFrame, batch_id: int) -> int:
    """Store compounds."""
    columns = _columns(frame, ["community_id", "reference", "name", "kind"])
    columns["kind"] = columns["kind"].fillna("compound")
    columns["exclusive"] = _flag(frame["exclusive"])
    columns["synthetic"] = _flag(frame["synthetic"])
    columns["geom"] = as_multi(frame.geometry)
    return _copy(session, Compound, columns, batch_id)


def write_addresses(session: Session, frame: gpd.GeoDataFrame, batch_id: int) -> int:
    """Store register entries; ``text`` is filled."""
    names = ["reference", "text", "town", "community", "street", "number", "estate", "building"]
    columns = _columns(frame, [*names, "stairwell", "room", "community_id", "block_id"])
    columns["synthetic"] = _flag(frame["synthetic"])
    columns["geom"] = np.array(frame.geometry)
    return _copy(session, Address, columns, batch_id)


def write_households(session: Session, frame: gpd.GeoDataFrame, batch_id: int) -> int:
    """Store households, not located yet."""
    columns = _columns(frame, ["number", "head_name", "phone", "people"])
    columns["people"] = columns["people"].fillna(1)
    return _copy(session, Household, _located(columns, frame), batch_id)


def write_places(session: Session, frame: gpd.GeoDataFrame, batch_id: int) -> int:
    """Store places, not located yet."""
    columns = _columns(frame, ["name", "kind"])
    columns["kind"] = columns["kind"].fillna("other")
    columns["exclusive"] = _flag(frame["exclusive"])
    return _copy(session, Place, _located(columns, frame), batch_id)


def write_incidents(session: Session, frame: gpd.GeoDataFrame, batch_id: int) -> int:
    """Store incidents, not located yet; their topics must be known."""
    columns = _columns(frame, ["number", "topic", "occurred_at", "closed_at", "description"])
    return _copy(session, Incident, _located(columns, frame), batch_id)


def write_residents(session: Session, frame: pd.DataFrame, batch_id: int) -> int:
    """Store residents; ``household_id`` is filled."""
    columns = _columns(frame, ["household_id", "name", "birth_date", "relation"])
    columns["sex"] = frame["sex"].fillna("unknown").to_numpy()
    columns["category"] = frame["category"].fillna("registered").to_numpy()
    columns["synthetic"] = _flag(frame["synthetic"])
    return _copy(session, Resident, columns, batch_id)


WRITERS: dict[str, Write] = {
    "barriers": write_barriers,
    "land_cover": write_land_cover,
    "buildings": write_buildings,
    "compounds": write_compounds,
    "addresses": write_addresses,
    "households": write_households,
    "residents": write_residents,
    "places": write_places,
    "incidents": write_incidents,
}
"""How each kind of record is stored; communities and blocks have rules of their own."""


def _columns(frame: pd.DataFrame, names: list[str]) -> pd.DataFrame:
    return pd.DataFrame({n: frame[n].to_numpy() if n in frame else None for n in names}).astype(
        object
    )


def _flag(column: pd.Series) -> np.ndarray:
    return (column.astype("string").str.lower() == "true").fillna(False).to_numpy(dtype=bool)


def _located(columns: pd.DataFrame, frame: gpd.GeoDataFrame) -> pd.DataFrame:
    """Add what the source said about the place: text and coordinates."""
    points = shapely.point_on_surface(np.array(frame.geometry, dtype=object))
    lon, lat = (pd.to_numeric(frame[c]).to_numpy(dtype=float) for c in ("lon", "lat"))
    lon = np.where(shapely.is_missing(points), lon, shapely.get_x(points))
    lat = np.where(shapely.is_missing(points), lat, shapely.get_y(points))
    columns["address_text"] = frame["address_text"].to_numpy()
    columns["given_lon"], columns["given_lat"] = lon, lat
    columns["synthetic"] = _flag(frame["synthetic"])
    return columns


def _copy(
    session: Session, model: type[DeclarativeBase], columns: pd.DataFrame, batch_id: int
) -> int:
    columns["import_batch_id"] = batch_id
    return copy_frame(session, model, columns)


def known_numbers(session: Session, kind: str, numbers: list[str]) -> set[str]:
    """Tell which household or incident numbers are stored already."""
    model = {"households": Household, "incidents": Incident}[kind]
    wanted = set(numbers)
    return {n for n in session.scalars(select(model.number)) if n in wanted}


def household_ids(session: Session) -> dict[str, object]:
    """Give the id of every household by its number."""
    return dict(session.execute(select(Household.number, Household.id)).all())


def put_source(session: Session, **columns: object) -> int:
    """Store where data come from, by name; gives its id."""
    statement = upsert(DataSource).values(**columns)
    return session.scalars(
        statement.on_conflict_do_update(
            index_elements=["name"],
            set_={c: statement.excluded[c] for c in columns if c != "name"}
            or {"name": statement.excluded.name},
        ).returning(DataSource.id)
    ).one()


def find_batch(session: Session, kind: str, sha256: str) -> ImportBatch | None:
    """Find the import that already stored a file of this content as this kind."""
    return session.scalars(
        select(ImportBatch).where(
            ImportBatch.kind == kind, ImportBatch.sha256 == sha256, ImportBatch.state == "committed"
        )
    ).first()


def add_batch(session: Session, **columns: object) -> ImportBatch:
    """Record an import."""
    batch = ImportBatch(**columns)
    session.add(batch)
    session.flush()
    return batch


def add_defects(session: Session, batch_id: int, defects: list[dict]) -> None:
    """Record what was refused in an import."""
    if defects:
        session.execute(insert(ImportDefect), [{"batch_id": batch_id, **d} for d in defects])
