"""Coordinates of imported records beside the places of their addresses, and what checks found."""

from __future__ import annotations

from collections.abc import Sequence

import geopandas as gpd
import pandas as pd
from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session

from gis.database.bulk import read_frame, read_geoframe
from gis.store.location.locations import SUBJECTS
from gis.store.tables import STORED_SRID, Address, Building, ImportBatch

SURE_LEVELS = ("room", "unit", "building", "number", "interpolated")
"""Levels exact enough to hold coordinates against."""

FAR_FROM_GIVEN = "far_from_given"
"""Evidence of a place that is in review because the coordinates say otherwise."""

AT = 0.0001
"""Degrees (about 10 m) within which a building stands at a point."""

Bounds = tuple[float, float, float, float]


def batches_of(session: Session, subject: str) -> list[int]:
    """List the imports that gave coordinates to records of a subject, oldest first."""
    model = SUBJECTS[subject]
    query = select(model.import_batch_id).where(model.given_lon.is_not(None)).distinct()
    return sorted(session.scalars(query))


def witnesses(session: Session, subject: str, batch_id: int, *, limit: int) -> pd.DataFrame:
    """Read coordinates as given beside the place that the address has.

    The first ``limit`` rows by id, which is random, so any part of the file is as likely.

    Returns
    -------
    DataFrame
        ``given_lon, given_lat, lon, lat, import_row``; rows whose address was found to the house.
    """
    model = SUBJECTS[subject]
    codes = func.string_to_array(func.coalesce(model.evidence, ""), ";")
    is_sure = (model.status == "accepted") | (func.array_position(codes, FAR_FROM_GIVEN) > 0)
    query = select(
        model.given_lon,
        model.given_lat,
        func.ST_X(model.geom).label("lon"),
        func.ST_Y(model.geom).label("lat"),
        model.import_row,
    ).where(
        model.import_batch_id == batch_id,
        model.given_lon.is_not(None),
        model.geom.is_not(None),
        model.level.in_(SURE_LEVELS),
        is_sure,
    )
    return read_frame(session, query.order_by(model.id).limit(limit))


def has_register(session: Session) -> bool:
    """Say whether any address has a point."""
    first = select(Address.id).where(Address.geom.is_not(None)).limit(1)
    return session.scalar(first) is not None


def buildings_within(session: Session, bounds: Bounds) -> gpd.GeoDataFrame:
    """Read the buildings that reach into a rectangle (west, south, east, north): geometry."""
    envelope = func.ST_MakeEnvelope(*bounds, STORED_SRID)
    query = select(func.ST_AsBinary(Building.geom).label("geometry"))
    return read_geoframe(session, query.where(Building.geom.op("&&")(envelope)))


def dwellings_at(session: Session, points: Sequence[tuple[float, float]]) -> list[int]:
    """Count the dwellings of the buildings at each of some points (lon, lat); 0 where unknown."""
    total = func.coalesce(func.sum(Building.dwellings), 0)
    return [
        int(session.scalar(select(total).where(func.ST_DWithin(Building.geom, _point(*p), AT))))
        for p in points
    ]


def _point(lon: float, lat: float) -> object:
    return func.ST_SetSRID(func.ST_MakePoint(lon, lat), STORED_SRID)


def given_points(session: Session, subject: str, batch_id: int) -> pd.DataFrame:
    """Read what an import gave: given_lon, given_lat, text, import_row; in the order of the file.

    ``import_row`` is missing in imports of releases that did not keep it.
    """
    model = SUBJECTS[subject]
    query = select(
        model.given_lon, model.given_lat, model.address_text.label("text"), model.import_row
    ).where(model.import_batch_id == batch_id)
    return read_frame(session, query.order_by(model.import_row, model.id))


def doubtful_batches(session: Session, kinds: Sequence[str]) -> list[Row]:
    """List imports with a finding or a correction, newest first."""
    query = select(
        ImportBatch.id,
        ImportBatch.kind,
        ImportBatch.file_name,
        ImportBatch.correction,
        ImportBatch.misplacement,
    ).where(
        ImportBatch.kind.in_(kinds),
        ImportBatch.state == "committed",
        ImportBatch.misplacement.is_not(None) | ImportBatch.correction.is_not(None),
    )
    rows = session.execute(query.order_by(ImportBatch.id.desc()))
    return list(rows)
