"""In which community and block a point lies: one border rule, the same for every path.

A point belongs to the block in use with the smallest id among those that cover it, and to that
block's community; `gis.store.ground.locate` has the whole rule. Only where there is no block do the
outlines of communities decide, the smaller code on a shared border.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from sqlalchemy.orm import Session

from gis.domain.access import SYSTEM, Scope
from gis.geometry.locate import PolygonLocator
from gis.store.area import divisions
from gis.store.ground import locate

FEW_POINTS = 5_000
"""Up to so many points are looked up by the index of the database, more by a raster of our own."""


class CommunityLocator:
    """Finds the community of points by the outlines of communities.

    Parameters
    ----------
    ids
        (n,) community ids.
    shapes
        Their outlines, EPSG:4326.
    """

    def __init__(self, ids: np.ndarray, shapes: object) -> None:
        self._ids = ids
        self._locator = PolygonLocator(shapes)

    def communities_at(self, lon: np.ndarray, lat: np.ndarray) -> np.ndarray:
        """Give the community id at each point, None outside all; (m,) object."""
        return _named(self._ids, self._locator.locate(lon, lat))


def community_locator(session: Session, scope: Scope) -> CommunityLocator:
    """Read the communities within a scope and index their outlines."""
    shapes = divisions.community_shapes(session, scope)
    return CommunityLocator(shapes["id"].to_numpy(), shapes.geometry)


@dataclass(frozen=True)
class Placed:
    """Community and block of each point.

    Parameters
    ----------
    community_id, block_id
        (n,) object, None where there is none.
    """

    community_id: np.ndarray
    block_id: np.ndarray


def place_points(session: Session, scope: Scope, lon: np.ndarray, lat: np.ndarray) -> Placed:
    """Find community and block of points; what lies outside the scope has neither.

    Parameters
    ----------
    lon, lat
        (n,) degrees; points that are not finite lie nowhere.
    """
    lon, lat = np.asarray(lon, dtype=float), np.asarray(lat, dtype=float)
    community = community_locator(session, SYSTEM).communities_at(lon, lat)
    placed = Placed(community, np.full(len(lon), None, dtype=object))
    is_open = np.isfinite(lon) & np.isfinite(lat)
    if is_open.sum() > FEW_POINTS:
        is_open = _find_by_raster(session, lon, lat, placed)
    _find_by_database(session, lon, lat, np.flatnonzero(is_open), placed)
    foreign = [not scope.covers(c) for c in placed.community_id]
    placed.community_id[foreign] = placed.block_id[foreign] = None
    return placed


def _find_by_database(
    session: Session, lon: np.ndarray, lat: np.ndarray, chosen: np.ndarray, placed: Placed
) -> None:
    """Find the blocks of the chosen points by the whole rule."""
    for row, found in zip(chosen, locate.blocks_at(session, lon[chosen], lat[chosen]), strict=True):
        if found.block_id is not None:
            placed.block_id[row], placed.community_id[row] = found.block_id, found.community_id


def _find_by_raster(
    session: Session, lon: np.ndarray, lat: np.ndarray, placed: Placed
) -> np.ndarray:
    """Find the blocks that cover points; tells which points the whole rule must decide."""
    known = np.isfinite(lon) & np.isfinite(lat)
    bounds = (lon[known].min(), lat[known].min(), lon[known].max(), lat[known].max())
    blocks = locate.blocks_in_use(session, tuple(float(b) for b in bounds))
    rows = PolygonLocator(blocks.geometry).locate(lon, lat)
    inside = rows >= 0
    placed.block_id[inside] = _named(blocks["block_id"].to_numpy(), rows[inside])
    placed.community_id[inside] = _named(blocks["community_id"].to_numpy(), rows[inside])
    has_blocks = set(blocks["community_id"])
    return known & ~inside & [c in has_blocks for c in placed.community_id]


def _named(names: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """Give the names of rows as plain Python values, None for row -1."""
    found = np.full(len(rows), None, dtype=object)
    inside = rows >= 0
    found[inside] = names[rows[inside]].tolist()
    return found
