"""In which community and block a point lies: one border rule, the same for every path.

A point belongs to the block in use with the smallest id among those that cover it, and to that
block's community; `gis.store.ground.locate` has the whole rule. Only where there is no block do the
outlines of communities decide, the smaller code on a shared border.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from sqlalchemy.orm import Session

from gis.actions.area.community_locator import community_locator, names_of_rows
from gis.domain.access import Scope
from gis.geometry.locate import PolygonLocator
from gis.store.ground import locate

FEW_POINTS = 5_000
"""Up to so many points are looked up by the index of the database, more by a raster of our own."""


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

    Parameters are those of `place_everywhere`.
    """
    placed = place_everywhere(session, lon, lat)
    foreign = [not scope.covers(c) for c in placed.community_id]
    placed.community_id[foreign] = placed.block_id[foreign] = None
    return placed


def place_everywhere(session: Session, lon: np.ndarray, lat: np.ndarray) -> Placed:
    """Find community and block of points, whoever asks.

    Parameters
    ----------
    lon, lat
        (n,) degrees; points that are not finite lie nowhere.
    """
    lon, lat = np.asarray(lon, dtype=float), np.asarray(lat, dtype=float)
    community = community_locator(session).communities_at(lon, lat)
    placed = Placed(community, np.full(len(lon), None, dtype=object))
    is_open = np.isfinite(lon) & np.isfinite(lat)
    if is_open.sum() > FEW_POINTS:
        is_open = _find_by_raster(session, lon, lat, placed)
    _find_by_database(session, lon, lat, np.flatnonzero(is_open), placed)
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
    west, south = float(lon[known].min()), float(lat[known].min())
    east, north = float(lon[known].max()), float(lat[known].max())
    blocks = locate.blocks_in_use(session, (west, south, east, north))
    rows = PolygonLocator(blocks.geometry).locate(lon, lat)
    inside = rows >= 0
    placed.block_id[inside] = names_of_rows(blocks["block_id"].to_numpy(), rows[inside])
    placed.community_id[inside] = names_of_rows(blocks["community_id"].to_numpy(), rows[inside])
    has_blocks = set(blocks["community_id"])
    return known & ~inside & [c in has_blocks for c in placed.community_id]
