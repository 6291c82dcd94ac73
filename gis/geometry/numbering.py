"""The order in which new grids are numbered: west to east, and north to south by rows.

Pure; coordinates in metres.
"""

from __future__ import annotations

import numpy as np
import shapely


def reading_order(shapes: np.ndarray) -> np.ndarray:
    """Give each shape's place (n,), from 1, reading rows from the north, each from the west.

    A row is as high as the whole divided by the square root of the number of shapes; a shape
    belongs to the row of its centroid.

    Examples
    --------
    >>> west, east = shapely.box(0, 1, 1, 2), shapely.box(1, 1, 2, 2)
    >>> south = shapely.box(0, 0, 2, 1)
    >>> reading_order([south, east, west]).tolist()
    [3, 2, 1]
    """
    shapes = np.asarray(shapes, dtype=object)
    if not len(shapes):
        return np.zeros(0, np.int64)
    _, south, _, north = shapely.total_bounds(shapes)
    centre = shapely.get_coordinates(shapely.centroid(shapes)).round(3)
    height = (north - south) / np.sqrt(len(shapes))
    row = np.floor((north - centre[:, 1]) / height) if height > 0 else np.zeros(len(shapes))
    order = np.lexsort((-centre[:, 1], centre[:, 0], row))
    place = np.empty(len(shapes), np.int64)
    place[order] = np.arange(1, len(shapes) + 1)
    return place
