"""Whether the coordinates of a file are wrong or doubtful together: looked at, said, never changed.

A file is held against the places of its own addresses, where enough of them are known; else
against the buildings, on which households and addresses lie; else against the outlines of the
communities. What is found is kept with the import, for people to decide about.
"""

from __future__ import annotations

from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from sqlalchemy.orm import Session

from gis.actions.location.candidates import geocoder_of
from gis.actions.location.point_doubts import doubt_about_datum, doubts_about_points
from gis.actions.provenance.kept_doubts import PointDoubts, read_doubts
from gis.domain.kinds import KINDS
from gis.errors import Message
from gis.geometry.locate import PolygonLocator
from gis.geometry.misplacement import (
    FEWEST_WITNESSES,
    Misplacement,
    find_misplacement,
    find_misplacement_by_outline,
)
from gis.geometry.mixture import IsRight, near_places
from gis.geometry.rounding import Rounding
from gis.store.area import divisions
from gis.store.location import misplacements
from gis.store.provenance.batches import known_batch
from gis.store.tables import ImportBatch

CHECKED = tuple(kind.name for kind in KINDS.values() if {"lon", "lat"} <= set(kind.by_name))
"""Kinds of records whose coordinates are checked when they are imported."""

MOST_COMPARED = 5_000
"""Rows of one file that are compared when they are stored."""

MOST_GEOCODED = 1_000
"""Rows of one file whose addresses are looked up before anything is stored."""

BUILDING_REACH_DEGREES = 0.02
SHARE_ON_BUILDINGS = 0.8


def check_frame(
    session: Session, kind: str, frame: pd.DataFrame, *, rounding: Rounding | None = None
) -> tuple[Misplacement | None, PointDoubts | None]:
    """Look at the coordinates of records about to be imported.

    Parameters
    ----------
    kind
        Kind of record; nothing is looked at for kinds not in `CHECKED`.
    frame
        Columns as the kind says, ``lon``, ``lat`` or points; the index holds row numbers.
    rounding
        What the points of the file are rounded to as they were written, by row number.

    Returns
    -------
    misplacement
        What all rows have wrong in one way; None when nothing.
    doubts
        What is doubtful of many rows together, in words; None where nothing was looked at.
    """
    if kind not in CHECKED:
        return None, None
    if frame.empty:
        return None, PointDoubts()
    lon, lat = given_coordinates(frame)
    texts = frame["text" if kind == "addresses" else "address_text"]
    numbers = frame.index.to_numpy()
    about_points = doubts_about_points(
        session, lon, lat, texts, numbers=numbers, rounding=_among(rounding, numbers)
    )
    rows = _evenly(np.flatnonzero(np.isfinite(lon) & np.isfinite(lat)), MOST_COMPARED)
    if not len(rows):
        return None, PointDoubts(points=tuple(about_points))
    lon, lat = lon[rows], lat[rows]
    true = _by_addresses(session, texts.iloc[rows], lon, lat)
    found = None if true is None else find_misplacement(lon, lat, *true)
    buildings = _buildings(session, lon, lat) if KINDS[kind].on_buildings else None
    if found is None and buildings is not None:
        found = find_misplacement_by_outline(lon, lat, buildings, least_share=SHARE_ON_BUILDINGS)
    found = found or _by_outlines(session, lon, lat)
    mixed: list[Message] = []
    if found is None:
        tests = [] if true is None else [near_places(*true)]
        tests += [] if buildings is None else [_inside(buildings)]
        each = (doubt_about_datum(lon, lat, t, numbers=numbers[rows]) for t in tests)
        mixed = next(filter(None, each), [])
    return found, PointDoubts(tuple(mixed), tuple(about_points))


def _among(rounding: Rounding | None, numbers: np.ndarray) -> Rounding | None:
    """Give a rounding by position in some rows instead of by row number in the file."""
    if rounding is None:
        return None
    rows = np.flatnonzero(np.isin(numbers, rounding.rows))
    return replace(rounding, rows=rows) if len(rows) else None


def doubts_of_subject(session: Session, subject: str) -> list[tuple[str, Message]]:
    """List what is kept of every import of a subject that is doubtful: file, words."""
    batches = [known_batch(session, b) for b in misplacements.batches_of(session, subject)]
    return [(b.file_name, said) for b in batches for said in read_doubts(b.doubts).told]


def check_subject(session: Session, subject: str) -> list[Misplacement]:
    """Look at every import of a subject after its addresses were located, and keep what is found.

    Parameters
    ----------
    subject
        ``households``, ``incidents`` or ``places``.
    """
    found = [_check_batch(session, subject, b) for b in misplacements.batches_of(session, subject)]
    session.flush()
    return [f for f in found if f is not None]


def _check_batch(session: Session, subject: str, batch_id: int) -> Misplacement | None:
    rows = misplacements.witnesses(session, subject, batch_id, limit=MOST_COMPARED)
    columns = (rows[c].to_numpy(float) for c in ("given_lon", "given_lat", "lon", "lat"))
    found = find_misplacement(*columns)
    batch = known_batch(session, batch_id)
    is_known = len(rows) >= FEWEST_WITNESSES and batch.correction is None
    if found is not None or is_known:
        batch.misplacement = as_record(found)
    batch.doubts = _doubts_of(session, subject, batch, rows).as_record()
    return found


def _doubts_of(
    session: Session, subject: str, batch: ImportBatch, witnesses: pd.DataFrame
) -> PointDoubts:
    """Say what is doubtful of a stored import, now that the places of its addresses are known.

    What was said of its points when it came is kept: the file had the numbers as they were written.
    """
    given = misplacements.given_points(session, subject, batch.id)
    kept = read_doubts(batch.doubts)
    if batch.doubts is None:
        lon, lat = given["given_lon"].to_numpy(float), given["given_lat"].to_numpy(float)
        said = doubts_about_points(session, lon, lat, given["text"], numbers=_numbers(given))
        kept = PointDoubts(points=tuple(said))
    if batch.misplacement or batch.correction is not None:
        return replace(kept, datums=())
    return replace(kept, datums=tuple(_mixed(session, subject, witnesses, given)))


def _mixed(
    session: Session, subject: str, witnesses: pd.DataFrame, given: pd.DataFrame
) -> list[Message]:
    given_lon, given_lat, lon, lat = (
        witnesses[c].to_numpy(float) for c in ("given_lon", "given_lat", "lon", "lat")
    )
    right = near_places(lon, lat)
    said = doubt_about_datum(given_lon, given_lat, right, numbers=_numbers(witnesses))
    if said or not KINDS[subject].on_buildings:
        return said
    lon, lat = given["given_lon"].to_numpy(float), given["given_lat"].to_numpy(float)
    chosen = _evenly(np.flatnonzero(np.isfinite(lon) & np.isfinite(lat)), MOST_COMPARED)
    buildings = _buildings(session, lon[chosen], lat[chosen]) if len(chosen) else None
    if buildings is None:
        return []
    numbers = _numbers(given.iloc[chosen])
    return doubt_about_datum(lon[chosen], lat[chosen], _inside(buildings), numbers=numbers)


def _numbers(rows: pd.DataFrame) -> np.ndarray | None:
    """Give the row numbers in the file; None where an earlier release did not keep them."""
    numbers = rows["import_row"]
    return None if numbers.isna().any() else numbers.to_numpy(int)


def as_record(found: Misplacement | None) -> dict | None:
    """Write a finding as it is kept with the import."""
    if found is None:
        return None
    return vars(found) | {"correction": str(found.correction)}


def given_coordinates(frame: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Give longitude and latitude of records: of their points, else of their columns."""
    lon, lat = (pd.to_numeric(frame[c]).to_numpy(dtype=float) for c in ("lon", "lat"))
    points = shapely.point_on_surface(np.array(frame.geometry, dtype=object))
    drawn = ~shapely.is_missing(points)
    return np.where(drawn, shapely.get_x(points), lon), np.where(drawn, shapely.get_y(points), lat)


def _evenly(rows: np.ndarray, most: int) -> np.ndarray:
    """Choose at most so many rows, from the whole length of a file."""
    if len(rows) <= most:
        return rows
    return rows[np.linspace(0, len(rows) - 1, most).astype(int)]


def _by_addresses(
    session: Session, texts: pd.Series, lon: np.ndarray, lat: np.ndarray
) -> tuple[np.ndarray, np.ndarray] | None:
    """Give where the register puts rows, nan where it does not; None without any."""
    said = np.flatnonzero(texts.fillna("").astype(str).str.strip() != "")
    rows = _evenly(said, MOST_GEOCODED)
    if not len(rows) or not misplacements.has_register(session):
        return None
    found = geocoder_of(session).geocode(texts.iloc[rows])
    sure = (found["status"] == "accepted") & found["level"].isin(misplacements.SURE_LEVELS)
    true = np.full((len(lon), 2), np.nan)
    true[rows] = found[["lon", "lat"]].where(sure).to_numpy(dtype=float)
    return true[:, 0], true[:, 1]


def _buildings(session: Session, lon: np.ndarray, lat: np.ndarray) -> gpd.GeoDataFrame | None:
    """Read the buildings around points; None without any."""
    reach = BUILDING_REACH_DEGREES
    west, south = float(lon.min()) - reach, float(lat.min()) - reach
    east, north = float(lon.max()) + reach, float(lat.max()) + reach
    buildings = misplacements.buildings_within(session, (west, south, east, north))
    return None if buildings.empty else buildings


def _inside(buildings: gpd.GeoDataFrame) -> IsRight:
    locator = PolygonLocator(buildings)
    return lambda lon, lat: locator.locate(lon, lat) >= 0


def _by_outlines(session: Session, lon: np.ndarray, lat: np.ndarray) -> Misplacement | None:
    outlines = divisions.every_outline(session)
    return None if outlines.empty else find_misplacement_by_outline(lon, lat, outlines)
