"""Records of every kind into their tables, as `gis.actions.provenance.imports` has checked them."""

from __future__ import annotations

from collections.abc import Sequence

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from sqlalchemy import insert, select
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

from gis.database.bulk import as_multi, copy_frame, read_frame
from gis.domain.access import Scope
from gis.domain.kinds import KINDS, RecordKind
from gis.store.area.visible import visible
from gis.store.tables import (
    DataSource,
    ImportBatch,
    ImportDefect,
)
from gis.store.tables.kinds import ToLocate, kinds_with

MODELS = kinds_with()
"""The table of each kind of record; communities and blocks have rules of their own."""


LOCATED = tuple(kinds_with(ToLocate))
"""Kinds of things that may have to be located by their text."""


_COMPLETED = ("community_id", "block_id", "household_id")
"""What the checks add to the fields of a kind: where a row lies, and whose it is."""


def rows_of(kind: str, frame: pd.DataFrame) -> pd.DataFrame:
    """Give records as rows of their table; the index holds row numbers of the file.

    A record of several lines is several rows. Located things come with the text and coordinates
    that the source gives, not located yet; the others with what the checks have added.
    """
    record, table = KINDS[kind], MODELS[kind].__table__
    if "line" in record.geometry:
        frame = frame.explode(index_parts=False)
    added = [] if record.is_located else [c for c in _COMPLETED if c in frame]
    names = [n for n in (*record.by_name, *added) if n in table.columns]
    given = {n: frame[n].to_numpy() if n in frame else None for n in names}
    rows = pd.DataFrame(given, index=frame.index).astype(object)
    for field in record.fields:
        if field.is_flag:
            rows[field.name] = _flag(rows[field.name])
        elif field.default is not None:
            rows[field.name] = rows[field.name].fillna(field.default)
    if record.belongs_to:
        number = _number_of(KINDS[record.belongs_to])
        rows[number] = rows[number].where(rows[f"{KINDS[record.belongs_to].one}_id"].isna(), None)
    if record.is_located:
        return _with_given_points(rows, frame)
    if record.geometry:
        shapes = np.array(frame.geometry)
        rows["geom"] = as_multi(frame.geometry) if record.geometry == ("polygon",) else shapes
    return rows


def _number_of(record: RecordKind) -> str:
    """Name the column that holds the own name of the record that a row belongs to and waits for."""
    return f"{record.one}_{record.key}"


def _flag(column: pd.Series) -> np.ndarray:
    return (column.astype("string").str.lower() == "true").fillna(False).to_numpy(dtype=bool)


def _with_given_points(rows: pd.DataFrame, frame: gpd.GeoDataFrame) -> pd.DataFrame:
    """Add the point that the source said: a shape's, else the coordinates."""
    points = shapely.point_on_surface(np.array(frame.geometry, dtype=object))
    lon, lat = (pd.to_numeric(frame[c]).to_numpy(dtype=float) for c in ("lon", "lat"))
    lon = np.where(shapely.is_missing(points), lon, shapely.get_x(points))
    lat = np.where(shapely.is_missing(points), lat, shapely.get_y(points))
    rows["given_lon"], rows["given_lat"] = lon, lat
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


def where_named(session: Session, scope: Scope, kind: str, names: Sequence[str]) -> pd.DataFrame:
    """Find where records lie by the source's own names: ``name, community_id, block_id``.

    What lies outside the area is as unknown as what is not there.
    """
    model = MODELS[kind]
    name = getattr(model, model.found_by[0])
    query = select(name.label("name"), model.community_id, model.block_id)
    own = name.in_(list(names)), visible(scope, model.community_id)
    return read_frame(session, query.where(*own))


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
