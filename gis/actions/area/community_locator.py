"""In which community a point or a shape lies, by the outlines of communities."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import shapely
from sqlalchemy.orm import Session

from gis.geometry.locate import PolygonLocator
from gis.store.area import divisions


class CommunityLocator:
    """Finds the community of points by the outlines of communities.

    Parameters
    ----------
    ids
        (n,) community ids.
    shapes
        Their outlines, EPSG:4326.
    """

    def __init__(self, ids: np.ndarray, shapes: Iterable[shapely.Geometry]) -> None:
        self._ids = ids
        self._locator = PolygonLocator(shapes)

    def communities_at(self, lon: np.ndarray, lat: np.ndarray) -> np.ndarray:
        """Give the community id at each point, None outside all; (m,) object."""
        return names_of_rows(self._ids, self._locator.locate(lon, lat))


def community_locator(session: Session) -> CommunityLocator:
    """Read all communities and index their outlines."""
    shapes = divisions.every_outline(session)
    return CommunityLocator(shapes["id"].to_numpy(), shapes.geometry)


def communities_of(session: Session, shapes: Iterable) -> np.ndarray:
    """Give the community id of each shape, None where its inner point lies in none.

    Parameters
    ----------
    shapes
        (n,) points, lines or polygons in EPSG:4326; missing ones lie nowhere.
    """
    points = shapely.point_on_surface(np.array(list(shapes), dtype=object))
    locator = community_locator(session)
    return locator.communities_at(shapely.get_x(points), shapely.get_y(points))


def names_of_rows(names: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """Give the names of rows as plain Python values, None for row -1."""
    found = np.full(len(rows), None, dtype=object)
    inside = rows >= 0
    found[inside] = names[rows[inside]].tolist()
    return found
