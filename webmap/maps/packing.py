"""Pack the ground of a town into few bytes: lines of integer steps of 1e-5 degrees.

``[type, properties, lines]`` per shape, type 2 for lines and 3 for polygons as in vector tiles
(holes go the other way round); `unpackTown` in ``js/maps/ground_town.js`` reads it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

STEPS_PER_DEGREE = 100_000


def pack_shape(shape: BaseGeometry, properties: dict) -> list | None:
    """Pack one shape; None when nothing of it is left at this resolution.

    Examples
    --------
    >>> line = shapely.LineString([(9.5, 47.1), (9.50001, 47.1), (9.5, 47.2)])
    >>> pack_shape(line, {"kind": "rail"})
    [2, {'kind': 'rail'}, [[950000, 4710000, 1, 0, -1, 10000]]]
    """
    is_area = shapely.get_dimensions(shape) == 2
    if is_area:
        shape = shapely.orient_polygons(shape)
    pieces = shapely.get_rings(shapely.get_parts(shape)) if is_area else shapely.get_parts(shape)
    lines = [pack_line(shapely.get_coordinates(piece)) for piece in pieces]
    lines = [line for line in lines if len(line) >= (8 if is_area else 4)]
    return [3 if is_area else 2, properties, lines] if lines else None


def pack_line(coordinates: np.ndarray) -> list[int]:
    """Write a line as its first point and then steps; points that fall together are one."""
    whole = np.rint(coordinates * STEPS_PER_DEGREE).astype(int)
    moved = np.ones(len(whole), dtype=bool)
    moved[1:] = (whole[1:] != whole[:-1]).any(axis=1)
    kept = whole[moved]
    steps = np.vstack([kept[:1], np.diff(kept, axis=0)])
    return steps.ravel().tolist()


def pack_ground(ground: Mapping[str, Sequence[tuple[BaseGeometry, dict]]]) -> dict[str, list]:
    """Pack each layer of the ground."""
    return {
        layer: [p for shape, properties in rows if (p := pack_shape(shape, properties))]
        for layer, rows in ground.items()
    }
