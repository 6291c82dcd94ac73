"""Whether the coordinates of a whole file are wrong in one way: looked at, said, never changed.

A file is held against the places of its own addresses, where enough of them are known; else
against the buildings, on which households and addresses lie; else against the outlines of the
communities. What is found is kept with the import, for people to decide about.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import shapely
from sqlalchemy.orm import Session

from gis.actions.candidates import geocoder_of
from gis.domain.access import SYSTEM
from gis.geometry.misplacement import (
    FEWEST_WITNESSES,
    Misplacement,
    find_misplacement,
    find_misplacement_by_outline,
)
from gis.store import divisions, misplacements
from gis.store.locations import SUBJECTS
from gis.store.tables import ImportBatch

CHECKED = (*SUBJECTS, "addresses")
"""Kinds of records whose coordinates are checked when they are imported."""

MOST_COMPARED = 5_000
"""Rows of one file that are compared when they are stored."""

MOST_GEOCODED = 1_000
"""Rows of one file whose addresses are looked up before anything is stored."""

ON_BUILDINGS = ("households", "addresses")
BUILDING_REACH_DEGREES = 0.02
SHARE_ON_BUILDINGS = 0.8


def check_frame(session: Session, kind: str, frame: pd.DataFrame) -> Misplacement | None:
    """Look at the coordinates of records about to be imported; None when nothing is wrong.

    Parameters
    ----------
    kind
        Kind of record; nothing is looked at for kinds not in `CHECKED`.
    frame
        Columns as the kind says, ``lon``, ``lat`` or points.
    """
    if kind not in CHECKED or frame.empty:
        return None
    lon, lat = given_coordinates(frame)
    rows = _evenly(np.flatnonzero(np.isfinite(lon) & np.isfinite(lat)), MOST_COMPARED)
    if not len(rows):
        return None
    lon, lat = lon[rows], lat[rows]
    texts = frame["text" if kind == "addresses" else "address_text"].iloc[rows]
    found = _by_addresses(session, texts, lon, lat)
    if found is None and kind in ON_BUILDINGS:
        found = _by_buildings(session, lon, lat)
    return found or _by_outlines(session, lon, lat)


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
    batch = session.get(ImportBatch, batch_id)
    is_known = len(rows) >= FEWEST_WITNESSES and batch.correction is None
    if found is not None or is_known:
        batch.misplacement = as_record(found)
    return found


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
) -> Misplacement | None:
    """Compare with what the register says, if there is one."""
    said = np.flatnonzero(texts.fillna("").astype(str).str.strip() != "")
    rows = _evenly(said, MOST_GEOCODED)
    if not len(rows) or not misplacements.has_register(session):
        return None
    found = geocoder_of(session).geocode(texts.iloc[rows])
    sure = (found["status"] == "accepted") & found["level"].isin(misplacements.SURE_LEVELS)
    true = found[["lon", "lat"]].where(sure).to_numpy(dtype=float)
    return find_misplacement(lon[rows], lat[rows], true[:, 0], true[:, 1])


def _by_buildings(session: Session, lon: np.ndarray, lat: np.ndarray) -> Misplacement | None:
    reach = BUILDING_REACH_DEGREES
    bounds = (lon.min() - reach, lat.min() - reach, lon.max() + reach, lat.max() + reach)
    buildings = misplacements.buildings_within(session, tuple(float(b) for b in bounds))
    if buildings.empty:
        return None
    return find_misplacement_by_outline(lon, lat, buildings, least_share=SHARE_ON_BUILDINGS)


def _by_outlines(session: Session, lon: np.ndarray, lat: np.ndarray) -> Misplacement | None:
    outlines = divisions.community_shapes(session, SYSTEM)
    return None if outlines.empty else find_misplacement_by_outline(lon, lat, outlines)
