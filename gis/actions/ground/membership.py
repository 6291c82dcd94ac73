"""Which community things on the ground belong to: decided here, for every importer and `blocks`.

What came before that which it belongs to waits: blocks of files in
`gis.actions.plan.given_blocks`, residents under the number of their household in
`gis.store.register.waiting_residents`.

A thing belongs to the community in whose outline its inner point lies, whichever came first: it
is asked when the thing is imported, again for everything when outlines are imported, and once
more before blocks are cut. On a border that communities share, the smaller code has it.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd
import shapely
from sqlalchemy.orm import Session

from gis.actions.location.locate import community_locator
from gis.domain.access import SYSTEM, Scope, require
from gis.store.area.divisions import community_shapes
from gis.store.ground import membership
from gis.store.ground.membership import MEMBERS


def communities_of(session: Session, shapes: Iterable) -> np.ndarray:
    """Give the community id of each shape, None where its inner point lies in none.

    Parameters
    ----------
    shapes
        (n,) points, lines or polygons in EPSG:4326; missing ones lie nowhere.
    """
    points = shapely.point_on_surface(np.array(list(shapes), dtype=object))
    locator = community_locator(session, SYSTEM)
    return locator.communities_at(shapely.get_x(points), shapely.get_y(points))


def settle_ground(session: Session, scope: Scope) -> dict[str, int]:
    """Bring the community of everything on the ground up to the outlines as they are now.

    Returns
    -------
    dict
        How many rows of each kind changed their community.

    Raises
    ------
    NotAllowed
        The person may not import.
    """
    require(scope, "import")
    return {kind: _settle(session, kind) for kind in MEMBERS}


def _settle(session: Session, kind: str) -> int:
    rows = membership.read_members(session, kind)
    if rows.empty:
        return 0
    found = communities_of(session, rows.geometry)
    before = rows["community_id"].astype("Int64")
    after = pd.array(found, dtype="Int64")
    changed = ~((before == after).fillna(False) | (before.isna() & after.isna())).to_numpy(bool)
    if changed.any():
        membership.write_communities(session, kind, rows["id"][changed], found[changed])
    return int(changed.sum())


def count_waiting(session: Session, kind: str, frame: pd.DataFrame) -> dict[str, int]:
    """Count records about to be imported by what they wait for: ``community``, ``household``.

    Residents are completed by the checks: those without ``household_id`` wait for it.
    """
    if kind == "residents":
        found = {"household": int(frame["household_id"].isna().sum())}
    else:
        found = {"community": _count_outside(session, kind, frame)}
    return {what: n for what, n in found.items() if n}


def _count_outside(session: Session, kind: str, frame: pd.DataFrame) -> int:
    """Count records that lie in no community.

    Barriers count when they reach into none; records without shape or coordinates are not asked
    about, because nothing is known of their place.
    """
    if kind in ("communities", "land_cover") or frame.empty:
        return 0
    shapes = np.array(frame.geometry, dtype=object)
    if kind == "barriers":
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
    outlines = community_shapes(session, SYSTEM)
    if outlines.empty:
        return len(lines)
    touching = shapely.STRtree(lines).query(np.array(outlines.geometry), predicate="intersects")
    return len(lines) - len(np.unique(touching[1]))
