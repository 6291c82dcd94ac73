"""In which community and block a point lies: one border rule, the same for every path."""

from __future__ import annotations

import numpy as np
from sqlalchemy.orm import Session

from gis.domain.access import Scope
from gis.geometry.locate import PolygonLocator
from gis.store import divisions, ground


class CommunityLocator:
    """Finds the community of points.

    Parameters
    ----------
    ids
        (n,) community ids.
    shapes
        Their outlines, EPSG:4326.
    """

    def __init__(self, ids: np.ndarray, shapes: object) -> None:
        self._ids = ids
        self._locator = PolygonLocator(shapes) if len(ids) else None

    def communities_at(self, lon: np.ndarray, lat: np.ndarray) -> np.ndarray:
        """Give the community id at each point, None outside all; (m,) object."""
        found = np.full(len(lon), None, dtype=object)
        if self._locator is None:
            return found
        known = np.isfinite(lon) & np.isfinite(lat)
        rows = self._locator.locate(np.asarray(lon)[known], np.asarray(lat)[known])
        values = np.full(len(rows), None, dtype=object)
        values[rows >= 0] = self._ids[rows[rows >= 0]].tolist()
        found[known] = values
        return found


def community_locator(session: Session, scope: Scope) -> CommunityLocator:
    """Read the communities within a scope and index their outlines."""
    shapes = divisions.community_shapes(session, scope)
    return CommunityLocator(shapes["id"].to_numpy(), shapes.geometry)


def blocks_at(
    session: Session, community_id: np.ndarray, lon: np.ndarray, lat: np.ndarray
) -> np.ndarray:
    """Give the block id at each point, looked up among the blocks of its community.

    Parameters
    ----------
    community_id
        (n,) object, None where unknown: such points get no block.
    lon, lat
        (n,) degrees.

    Returns
    -------
    (n,) object: block ids, None where the community has no blocks or the point is outside.
    """
    found = np.full(len(lon), None, dtype=object)
    for community in {c for c in community_id if c is not None}:
        blocks = ground.blocks_of(session, int(community))
        if blocks.empty:
            continue
        here = np.flatnonzero(community_id == community)
        rows = PolygonLocator(blocks.geometry).locate(lon[here], lat[here])
        inside = rows >= 0
        found[here[inside]] = blocks["block_id"].to_numpy()[rows[inside]].tolist()
    return found
