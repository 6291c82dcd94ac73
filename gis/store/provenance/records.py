"""Records of every kind into their tables, as `gis.actions.provenance.imports` has checked them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from sqlalchemy import insert, select
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

from gis.database.bulk import as_multi, copy_frame, read_frame
from gis.domain.record import ADDRESS_PARTS
from gis.store.tables import (
    DataSource,
    ImportBatch,
    ImportDefect,
)
from gis.store.tables.kinds import ToLocate, kinds_with

Rows = Callable[[pd.DataFrame], pd.DataFrame]


def _barriers(frame: gpd.GeoDataFrame) -> pd.DataFrame:
    """Give one row per line; a named road is found again as a street."""
    lines = frame.explode(index_parts=False)
    rows = _columns(lines, ["kind", "name", "left_from", "left_to", "right_from", "right_to"])
    rows["kind"] = rows["kind"].fillna("minor_road")
    rows["bridge"] = _flag(lines["bridge"])
    rows["geom"] = np.array(lines.geometry)
    return rows


def _land_cover(frame: gpd.GeoDataFrame) -> pd.DataFrame:
    return _columns(frame, ["kind", "name"]).assign(geom=as_multi(frame.geometry))


def _buildings(frame: gpd.GeoDataFrame) -> pd.DataFrame:
    rows = _columns(frame, ["community_id", "reference", "name", "kind", "levels", "dwellings"])
    return rows.assign(synthetic=_flag(frame["synthetic"]), geom=as_multi(frame.geometry))


def _compounds(frame: gpd.GeoDataFrame) -> pd.DataFrame:
    rows = _columns(frame, ["community_id", "reference", "name", "kind"])
    rows["kind"] = rows["kind"].fillna("compound")
    rows["exclusive"] = _flag(frame["exclusive"])
    return rows.assign(synthetic=_flag(frame["synthetic"]), geom=as_multi(frame.geometry))


def _addresses(frame: gpd.GeoDataFrame) -> pd.DataFrame:
    names = ["reference", "text", *ADDRESS_PARTS, "community_id", "block_id"]
    rows = _columns(frame, names)
    return rows.assign(synthetic=_flag(frame["synthetic"]), geom=np.array(frame.geometry))


def _households(frame: gpd.GeoDataFrame) -> pd.DataFrame:
    rows = _columns(frame, ["number", "head_name", "phone", "people"])
    rows["people"] = rows["people"].fillna(1)
    return _located(rows, frame)


def _places(frame: gpd.GeoDataFrame) -> pd.DataFrame:
    rows = _columns(frame, ["name", "kind"])
    rows["kind"] = rows["kind"].fillna("other")
    rows["exclusive"] = _flag(frame["exclusive"])
    return _located(rows, frame)


def _incidents(frame: gpd.GeoDataFrame) -> pd.DataFrame:
    columns = ["number", "topic", "occurred_at", "closed_at", "description"]
    return _located(_columns(frame, columns), frame)


def _residents(frame: pd.DataFrame) -> pd.DataFrame:
    columns = ["household_id", "household_number", "name", "birth_date", "relation"]
    rows = _columns(frame, columns)
    rows["household_number"] = rows["household_number"].where(rows["household_id"].isna(), None)
    rows["sex"] = frame["sex"].fillna("unknown").to_numpy()
    rows["category"] = frame["category"].fillna("registered").to_numpy()
    rows["synthetic"] = _flag(frame["synthetic"])
    return rows


ROWS: dict[str, Rows] = {
    "barriers": _barriers,
    "land_cover": _land_cover,
    "buildings": _buildings,
    "compounds": _compounds,
    "addresses": _addresses,
    "households": _households,
    "residents": _residents,
    "places": _places,
    "incidents": _incidents,
}
"""What records of each kind are in the columns of their table, as the checks have completed them:
buildings, compounds and addresses with their community, residents with their household or, while
it has not come, with its number only."""

MODELS = kinds_with()
"""The table of each kind of record; communities and blocks have rules of their own."""


LOCATED = tuple(kinds_with(ToLocate))
"""Kinds of things that may have to be located by their text."""


def rows_of(kind: str, frame: pd.DataFrame) -> pd.DataFrame:
    """Give records as rows of their table; the index holds row numbers of the file.

    A record of several lines is several rows. Located things come with the text and coordinates
    that the source gives, not located yet.
    """
    return ROWS[kind](frame)


def _columns(frame: pd.DataFrame, names: list[str]) -> pd.DataFrame:
    given = {n: frame[n].to_numpy() if n in frame else None for n in names}
    return pd.DataFrame(given, index=frame.index).astype(object)


def _flag(column: pd.Series) -> np.ndarray:
    return (column.astype("string").str.lower() == "true").fillna(False).to_numpy(dtype=bool)


def _located(rows: pd.DataFrame, frame: gpd.GeoDataFrame) -> pd.DataFrame:
    """Add what the source said about the place: text and coordinates."""
    points = shapely.point_on_surface(np.array(frame.geometry, dtype=object))
    lon, lat = (pd.to_numeric(frame[c]).to_numpy(dtype=float) for c in ("lon", "lat"))
    lon = np.where(shapely.is_missing(points), lon, shapely.get_x(points))
    lat = np.where(shapely.is_missing(points), lat, shapely.get_y(points))
    rows["address_text"] = frame["address_text"].to_numpy()
    rows["given_lon"], rows["given_lat"] = lon, lat
    rows["synthetic"] = _flag(frame["synthetic"])
    return rows


def insert_rows(session: Session, kind: str, rows: pd.DataFrame, batch_id: int) -> int:
    """Store rows of the table of a kind as new ones; gives how many.

    What is located keeps its row number in the file, which the index holds.
    """
    rows = rows.assign(import_batch_id=batch_id)
    if kind in LOCATED:
        rows = rows.assign(import_row=rows.index)
    return copy_frame(session, MODELS[kind], rows)


def ids_by_name(session: Session, kind: str) -> dict[str, object]:
    """Give the id of every row of a kind by the source's own name of it."""
    model = MODELS[kind]
    return dict(session.execute(select(getattr(model, model.found_by[0]), model.id)).all())


def where_named(session: Session, kind: str, names: Sequence[str]) -> pd.DataFrame:
    """Find where records lie by the source's own names: ``name, community_id, block_id``."""
    model = MODELS[kind]
    name = getattr(model, model.found_by[0])
    query = select(name.label("name"), model.community_id, model.block_id)
    return read_frame(session, query.where(name.in_(list(names))))


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
