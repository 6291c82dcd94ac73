"""Narrow necks: where little ground holds the parts of a grid together."""

from __future__ import annotations

import numpy as np
import shapely

NECK_M = 10.0
"""Ground narrower than this between two sizeable parts is a neck."""

SIZEABLE_SHARE = 0.05
"""A part on the other side of a neck counts from this share of the piece on."""

HALVINGS = 5
"""The width is told to within `NECK_M` / 2 to the power of this."""


def find_neck(ground: shapely.Geometry) -> tuple[float, shapely.Geometry | None]:
    """Find the narrowest neck of a grid.

    Parameters
    ----------
    ground
        Polygon or multipolygon in metres; each of its pieces is looked at by itself.

    Returns
    -------
    width_m
        Width of the narrowest neck; `NECK_M` where nothing is narrower.
    place
        Line across the place where it is; None where there is no neck.

    Examples
    --------
    >>> rooms = shapely.union_all([shapely.box(0, 0, 50, 50), shapely.box(50, 20, 60, 24),
    ...                            shapely.box(60, 0, 110, 50)])
    >>> width_m, place = find_neck(rooms)
    >>> 3.5 < width_m < 4.5, 40 < place.centroid.x < 70
    (True, True)
    >>> find_neck(shapely.box(0, 0, 50, 50))
    (10.0, None)
    """
    found = [_neck_of_piece(piece) for piece in shapely.get_parts(ground)]
    return min(found, key=lambda neck: neck[0], default=(NECK_M, None))


def _neck_of_piece(piece: shapely.Geometry) -> tuple[float, shapely.Geometry | None]:
    if len(_rooms(piece, NECK_M)) < 2:
        return NECK_M, None
    narrow, wide = 0.0, NECK_M
    for _ in range(HALVINGS):
        middle = (narrow + wide) / 2
        if len(_rooms(piece, middle)) < 2:
            narrow = middle
        else:
            wide = middle
    rooms = _rooms(piece, wide)
    return round(wide, 2), shapely.shortest_line(rooms[0], shapely.union_all(rooms[1:]))


def _rooms(piece: shapely.Geometry, width_m: float) -> np.ndarray:
    """Give the sizeable parts that are left when ground narrower than a width is taken away."""
    parts = shapely.get_parts(shapely.buffer(piece, -width_m / 2, join_style="round"))
    return parts[shapely.area(parts) >= SIZEABLE_SHARE * piece.area]
