"""Which side of a drawn line ground lies on. Pure, in metres."""

from __future__ import annotations

import numpy as np
import shapely

from gis.errors import InvalidInput

NEAR_M = 1e-5
"""A face's border this near to the drawn line was cut by it."""

BEYOND_M = 0.5
"""How far a line is drawn over the edge, so that it surely meets it."""

TOUCHED_SHARE = 0.001
"""A block of which less than this lies across the line is not crossed by it."""

DRAWN_M = 1e-3
"""A hand draws no finer."""


def split_sides(
    region: shapely.Geometry, line: shapely.LineString
) -> tuple[shapely.Geometry, shapely.Geometry]:
    """Give the ground of a region left and right of a line, looking along it.

    An end inside the region goes on straight to its edge. Ground that the line does not cut off is
    on the side of the nearest stretch of the line.

    Raises
    ------
    InvalidInput
        The line crosses itself, is no line, or misses the region.

    Examples
    --------
    >>> line = shapely.LineString([(4, -1), (4, 3)])
    >>> left, right = split_sides(shapely.box(0, 0, 10, 5), line)
    >>> left.area, right.area
    (20.0, 30.0)
    """
    line = tidy_line(line)
    if not shapely.intersects(region, line):
        raise InvalidInput("the line misses the ground it should divide; draw it across")
    line = reach_edges(line, region)
    network = shapely.union_all([shapely.boundary(region), line])
    faces = shapely.get_parts(shapely.polygonize([network]))
    shapely.prepare(region)
    faces = faces[shapely.intersects(region, shapely.point_on_surface(faces))]
    left = np.array([_is_left(face, line) for face in faces], bool)
    return shapely.union_all(faces[left]), shapely.union_all(faces[~left])


def tidy_line(line: shapely.Geometry) -> shapely.LineString:
    """Give a drawn line to the millimetre, without repeated points; refuse what is none.

    Examples
    --------
    >>> tidy_line(shapely.LineString([(0, 1e-300), (0, 0), (4, 3.00001)])).wkt
    'LINESTRING (0 0, 4 3)'
    """
    check_line(line)
    whole = shapely.set_precision(line, DRAWN_M, mode="pointwise")
    tidy = shapely.remove_repeated_points(whole)
    check_line(tidy)
    return tidy


def check_line(line: shapely.Geometry) -> None:
    """Refuse what is no single simple line with a length."""
    if line is None or line.geom_type != "LineString" or line.length <= 0:
        raise InvalidInput("expected one line of two or more points; draw it again")
    if not line.is_simple:
        raise InvalidInput("the line crosses itself; draw it without loops")


def reach_edges(line: shapely.LineString, region: shapely.Geometry) -> shapely.LineString:
    """Lengthen the ends of a line that stop inside a region, straight to its edge."""
    xy = shapely.get_coordinates(shapely.force_2d(line))
    start = _extension(xy[0], xy[1], region)
    end = _extension(xy[-1], xy[-2], region)
    return shapely.linestrings(np.vstack([*start, xy, *end]))


def _extension(end: np.ndarray, before: np.ndarray, region: shapely.Geometry) -> list[np.ndarray]:
    """Give the point just over the edge, straight on from an end inside the region."""
    if not shapely.intersects(region, shapely.Point(end)):
        return []
    west, south, east, north = region.bounds
    step = (end - before) / np.hypot(*(end - before))
    far = end + step * (east - west + north - south + 1)
    way = shapely.intersection(shapely.LineString([end, far]), region)
    parts = shapely.get_parts(way)
    first = parts[np.argmin(shapely.distance(parts, shapely.Point(end)))]
    return [end + step * (shapely.length(first) + BEYOND_M)]


def _is_left(face: shapely.Polygon, line: shapely.LineString) -> bool:
    """Tell on which side of a line that cut it a face lies."""
    rings = shapely.get_rings(shapely.orient_polygons(face))
    steps = [np.diff(shapely.get_coordinates(ring), axis=0) for ring in rings]
    starts = [shapely.get_coordinates(ring)[:-1] for ring in rings]
    step, start = np.vstack(steps), np.vstack(starts)
    middle = shapely.points(start + step / 2)
    cut = np.flatnonzero(shapely.distance(middle, line) < NEAR_M)
    if not len(cut):
        return is_left_of(line, shapely.point_on_surface(face))
    longest = cut[np.argmax(np.hypot(*step[cut].T))]
    return bool(step[longest] @ _direction(line, middle[longest]) > 0)


def is_left_of(line: shapely.LineString, point: shapely.Point) -> bool:
    """Tell whether a point lies left of the nearest stretch of a line."""
    direction = _direction(line, point)
    foot = shapely.line_interpolate_point(line, shapely.line_locate_point(line, point))
    off = shapely.get_coordinates(point)[0] - shapely.get_coordinates(foot)[0]
    return bool(direction[0] * off[1] - direction[1] * off[0] > 0)


def _direction(line: shapely.LineString, point: shapely.Point) -> np.ndarray:
    """Give the direction of a line where it passes nearest to a point."""
    at, reach = shapely.line_locate_point(line, point), min(1e-3, line.length / 4)
    ends = shapely.line_interpolate_point(
        line, [max(at - reach, 0.0), min(at + reach, line.length)]
    )
    first, last = shapely.get_coordinates(ends)
    return last - first


def share_left(shapes: np.ndarray, left: shapely.Geometry, right: shapely.Geometry) -> np.ndarray:
    """Give the share of each shape that lies left, of what lies on either side: (k,)."""
    shapely.prepare(left)
    shapely.prepare(right)
    there, here = shapely.intersects(shapes, right), shapely.intersects(shapes, left)
    share = np.where(here, 1.0, 0.0)
    both = np.flatnonzero(here & there)
    if len(both):
        on_left = shapely.area(shapely.intersection(shapes[both], left))
        total = on_left + shapely.area(shapely.intersection(shapes[both], right))
        share[both] = np.divide(on_left, total, out=np.zeros(len(both)), where=total > 0)
    return share
