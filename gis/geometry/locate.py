"""Points in polygons, with one border rule: on a shared border the polygon with the smaller row."""

from __future__ import annotations

from collections.abc import Sequence

import geopandas as gpd
import numpy as np
import shapely


class PolygonLocator:
    """Finds in which polygon points lie.

    Parameters
    ----------
    polygons
        Polygons in any one reference system; points are given in the same.

    Examples
    --------
    >>> squares = [shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1)]
    >>> PolygonLocator(squares).locate([0.5, 1.0, 1.5, 9.0], [0.5, 0.5, 0.5, 0.5]).tolist()
    [0, 0, 1, -1]
    """

    def __init__(self, polygons: Sequence[shapely.Geometry] | gpd.GeoSeries) -> None:
        shapes = np.array(polygons, dtype=object)
        shapely.prepare(shapes)
        self._tree = shapely.STRtree(shapes)

    def locate(
        self, x: Sequence[float] | np.ndarray, y: Sequence[float] | np.ndarray
    ) -> np.ndarray:
        """Give the row number of the polygon each point lies in; (n,) int64, -1 outside all."""
        x, y = np.asarray(x, dtype=float), np.asarray(y, dtype=float)
        point, polygon = self._tree.query(shapely.points(x, y), predicate="intersects")
        found = np.full(len(x), np.iinfo(np.int64).max)
        np.minimum.at(found, point, polygon)
        found[found == np.iinfo(np.int64).max] = -1
        return found
