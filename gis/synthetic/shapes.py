"""Small shapes in metres: many rectangles at once, winding lines, what stands in the way of what.

Pure; plane coordinates in metres.
"""

from __future__ import annotations

import numpy as np
import shapely
from numpy.random import Generator
from numpy.typing import ArrayLike, NDArray


def make_boxes(
    centre_m: ArrayLike, length_m: ArrayLike, depth_m: ArrayLike, angle: ArrayLike
) -> NDArray[np.object_]:
    """Make rectangles around centres, turned by an angle.

    Parameters
    ----------
    centre_m
        (n, 2) centres.
    length_m, depth_m
        Sides along and across the angle.
    angle
        Radians from east, anticlockwise.

    Examples
    --------
    >>> make_boxes([[0, 0]], [4], [2], [0])[0].bounds
    (-2.0, -1.0, 2.0, 1.0)
    """
    x, y, a, b, t = np.broadcast_arrays(
        *np.asarray(centre_m, dtype=float).T,
        *(np.asarray(v, dtype=float) for v in (length_m, depth_m, angle)),
    )
    along = np.array([-0.5, 0.5, 0.5, -0.5, -0.5]) * a[:, None]
    across = np.array([-0.5, -0.5, 0.5, 0.5, -0.5]) * b[:, None]
    cos, sin = np.cos(t)[:, None], np.sin(t)[:, None]
    ring = np.stack(
        [x[:, None] + along * cos - across * sin, y[:, None] + along * sin + across * cos], axis=-1
    )
    return shapely.polygons(np.round(ring, 3))


def winding_line(
    start: ArrayLike, end: ArrayLike, rng: Generator, *, sway: float = 0.16, rounds: int = 5
) -> shapely.LineString:
    """Draw a winding way between two points by moving midpoints aside, then round its corners.

    Parameters
    ----------
    sway
        Largest first displacement, as a share of the distance.
    """
    line = np.array([start, end], dtype=float)
    for k in range(rounds):
        step = np.diff(line, axis=0)
        side = np.stack([-step[:, 1], step[:, 0]], axis=1)
        shift = rng.uniform(-sway, sway, size=(len(step), 1)) * (0.9**k)
        middle = line[:-1] + step / 2 + side * shift
        line = np.concatenate([np.stack([line[:-1], middle], axis=1).reshape(-1, 2), line[-1:]])
        if np.hypot(*step.T).max() < 60:
            break
    return round_corners(shapely.LineString(line))


def round_corners(line: shapely.LineString, *, rounds: int = 2) -> shapely.LineString:
    """Round the corners of a line, its ends staying where they are.

    **Source** Chaikin 1974, doi 10.1016/0146-664X(74)90028-8.
    """
    xy = shapely.get_coordinates(line)
    for _ in range(rounds):
        near = 0.75 * xy[:-1] + 0.25 * xy[1:]
        far = 0.25 * xy[:-1] + 0.75 * xy[1:]
        inner = np.stack([near, far], axis=1).reshape(-1, 2)
        xy = np.concatenate([xy[:1], inner[1:-1], xy[-1:]])
    return shapely.LineString(np.round(xy, 3))


def clear_of(
    shapes: NDArray[np.object_], obstacles: NDArray[np.object_], *, distance_m: float
) -> NDArray[np.bool_]:
    """Tell which shapes keep a distance from all obstacles."""
    free = np.ones(len(shapes), dtype=bool)
    if len(shapes) and len(obstacles):
        hit, _ = shapely.STRtree(_in_pieces(obstacles)).query(
            shapes, predicate="dwithin", distance=distance_m
        )
        free[hit] = False
    return free


def _in_pieces(obstacles: NDArray[np.object_]) -> NDArray[np.object_]:
    """Cut lines into their straight pieces, whose boxes are small, so that few are compared."""
    line = np.isin(
        shapely.get_type_id(obstacles),
        [shapely.GeometryType.LINESTRING, shapely.GeometryType.LINEARRING],
    )
    xy, of = shapely.get_coordinates(obstacles[line], return_index=True)
    same = of[:-1] == of[1:]
    pieces = shapely.linestrings(np.stack([xy[:-1][same], xy[1:][same]], axis=1))
    return np.concatenate([obstacles[~line], pieces])


def on_squares(shape: shapely.Geometry, *, side_m: float) -> NDArray[np.object_]:
    """Cut a shape into its parts on a grid of squares.

    Examples
    --------
    >>> sorted(on_squares(shapely.box(0, 0, 30, 10), side_m=20), key=shapely.area)[0].area
    100.0
    """
    west, south, east, north = shape.bounds
    x, y = np.meshgrid(np.arange(west, east, side_m), np.arange(south, north, side_m))
    parts = shapely.intersection(shape, shapely.box(x, y, x + side_m, y + side_m).ravel())
    return parts[shapely.area(parts) > 0]


def clear_of_each_other(
    shapes: NDArray[np.object_], *, distance_m: float = 0.5
) -> NDArray[np.bool_]:
    """Tell which shapes may stay so that all keep a distance; the earlier one stays.

    Examples
    --------
    >>> boxes = make_boxes([[0, 0], [1, 0], [9, 0]], 4, 4, 0)
    >>> clear_of_each_other(boxes).tolist()
    [True, False, True]
    """
    stays = np.ones(len(shapes), dtype=bool)
    if not len(shapes):
        return stays
    a, b = shapely.STRtree(shapes).query(shapes, predicate="dwithin", distance=distance_m)
    pairs = np.stack([a, b], axis=1)[a < b]
    for first, second in pairs[np.lexsort((pairs[:, 1], pairs[:, 0]))]:
        if stays[first]:
            stays[second] = False
    return stays


def polygons_of(shape: shapely.Geometry, *, smallest_m2: float = 0.0) -> list[shapely.Polygon]:
    """List the polygons of a shape that are not too small."""
    parts = shapely.get_parts(shape)
    return [p for p in parts if p.geom_type == "Polygon" and p.area > smallest_m2]


def lines_of(shape: shapely.Geometry, *, shortest_m: float = 0.5) -> list[shapely.LineString]:
    """List the lines of a shape that are not too short."""
    parts = shapely.get_parts(shape)
    return [p for p in parts if p.geom_type == "LineString" and p.length > shortest_m]
