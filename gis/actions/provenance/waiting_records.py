"""What records about to be imported wait for: a community to lie in, a household to belong to."""

from __future__ import annotations

import numpy as np
import pandas as pd
import shapely
from sqlalchemy.orm import Session

from gis.actions.area.community_locator import communities_of
from gis.domain.kinds import KINDS
from gis.store.area.divisions import every_outline


def count_waiting(session: Session, kind: str, frame: pd.DataFrame) -> dict[str, int]:
    """Count records about to be imported by what they wait for: ``community``, ``household``.

    Residents are completed by the checks: those without ``household_id`` wait for it.
    """
    if KINDS[kind].belongs_to:
        found = {"household": int(frame["household_id"].isna().sum())}
    else:
        found = {"community": _count_outside(session, kind, frame)}
    return {what: n for what, n in found.items() if n}


def _count_outside(session: Session, kind: str, frame: pd.DataFrame) -> int:
    """Count records that lie in no community.

    Barriers count when they reach into none; records without shape or coordinates are not asked
    about, because nothing is known of their place.
    """
    if not KINDS[kind].waits_for_community or frame.empty:
        return 0
    shapes = np.array(frame.geometry, dtype=object)
    if "line" in KINDS[kind].geometry:
        return _count_apart(session, shapes)
    if {"lon", "lat"} <= set(frame):
        shapes = _with_points(frame, shapes)
    known = shapes[~(shapely.is_missing(shapes) | shapely.is_empty(shapes))]
    return int(pd.isna(communities_of(session, known)).sum()) if len(known) else 0


def _with_points(frame: pd.DataFrame, shapes: np.ndarray) -> np.ndarray:
    """Make points of coordinates where there is no shape."""
    lon, lat = (pd.to_numeric(frame[c]).to_numpy(dtype=float) for c in ("lon", "lat"))
    use = shapely.is_missing(shapes) & np.isfinite(lon) & np.isfinite(lat)
    shapes[use] = shapely.points(lon[use], lat[use])
    return shapes


def _count_apart(session: Session, lines: np.ndarray) -> int:
    outlines = every_outline(session)
    if outlines.empty:
        return len(lines)
    touching = shapely.STRtree(lines).query(np.array(outlines.geometry), predicate="intersects")
    return len(lines) - len(np.unique(touching[1]))
