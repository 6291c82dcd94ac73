"""The border between two grids, dragged to another place: the blocks on either side decide.

Pure, in metres.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely

from gis.errors import InvalidInput
from gis.geometry.borders import shared_segments
from gis.geometry.redraw.faults import stray_parts
from gis.geometry.redraw.figures import number_codes
from gis.geometry.redraw.ground import WorkingGround
from gis.geometry.redraw.locks import Locks, as_codes, no_locks
from gis.geometry.redraw.sides import (
    TOUCHED_SHARE,
    share_left,
    split_sides,
    tidy_line,
)


@dataclass(frozen=True)
class BorderMove:
    """What a dragged border makes of a division.

    Parameters
    ----------
    code
        (n,) the division after.
    crossed
        Rows of the blocks the line cuts.
    held
        Rows that the line gives to the other grid but a lock keeps.
    returned
        Rows that hung on nothing on the other side and stay where they hang together.
    """

    code: np.ndarray
    crossed: np.ndarray
    held: np.ndarray
    returned: np.ndarray


def move_border(
    ground: WorkingGround,
    shapes: np.ndarray,
    code: np.ndarray,
    a: str,
    b: str,
    line: shapely.LineString,
    *,
    locks: Locks | None = None,
) -> BorderMove:
    """Lay the border between two grids along a drawn line.

    An end of the line inside the two grids goes on along the old border, so that a stretch of it
    can be moved; an end over their edge moves the border's end. Only blocks of the two grids move,
    each where most of its area lies, and none that is locked.

    Parameters
    ----------
    shapes
        (n,) polygons of all blocks.
    a, b
        Codes of grids with a common border; the drawing direction of the line does not matter.

    Raises
    ------
    InvalidInput
        The grids do not touch, the line crosses itself or misses them, or it would leave one of
        them without a block.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from gis.geometry.redraw.ground import make_working_ground
    >>> frame = gpd.GeoDataFrame({"block_id": [1, 2, 3], "households": 9},
    ...     geometry=shapely.box([0, 9, 18], 0, [9, 18, 27], 9), crs=32632)
    >>> ground = make_working_ground(frame, minimum=1, maximum=99)
    >>> moved = move_border(ground, frame.geometry.to_numpy(), np.array(["a", "a", "b"]), "a", "b",
    ...                     shapely.LineString([(8, 11), (8, -2)]))
    >>> moved.code.tolist(), moved.crossed.tolist()
    (['a', 'b', 'b'], [0])
    """
    code = as_codes(code)
    locks = no_locks(len(code)) if locks is None else locks
    line = tidy_line(line)
    members = np.flatnonzero((code == a) | (code == b))
    shapes = np.asarray(shapes, dtype=object)
    mine, in_a = shapes[members], code[members] == a
    region = shapely.union_all(mine)
    if not shapely.intersects(region, line):
        raise InvalidInput("the line misses grids {a} and {b}; draw it across them", a=a, b=b)
    old = _old_border(mine, in_a, line, (a, b))
    drawn = _joined_to(old, line, region)
    share = share_left(mine, *split_sides(region, drawn))
    wanted = np.where(share >= 0.5, a, b)
    fixed = locks.held[members] | np.isin(wanted, list(locks.closed))
    fixed |= np.isin(code[members], list(locks.closed))
    held = members[fixed & (wanted != code[members])]
    after = code.astype(object)
    after[members] = np.where(fixed, code[members], wanted)
    after = as_codes(after)
    for name in (a, b):
        if not (after == name).any():
            raise InvalidInput(
                "the line leaves grid {grid} without a block; merge the two grids", grid=name
            )
    after, returned = _connected(ground, code, after, (a, b))
    crossed = members[np.minimum(share, 1 - share) > TOUCHED_SHARE]
    return BorderMove(after, crossed, held, returned)


def _old_border(
    shapes: np.ndarray, in_a: np.ndarray, line: shapely.LineString, grids: tuple[str, str]
) -> shapely.LineString:
    """Give the stretch of the border nearest to a line, with the first grid on its left."""
    shared = shared_segments(shapes)
    between = in_a[shared.left] != in_a[shared.right]
    if not between.any():
        a, b = grids
        raise InvalidInput("grids {a} and {b} do not touch; choose neighbours", a=a, b=b)
    segments = shapely.linestrings(shared.ends[between].reshape(-1, 2, 2))
    stretches = shapely.get_parts(shapely.line_merge(shapely.union_all(segments)))
    order = np.lexsort((-shapely.length(stretches), shapely.distance(stretches, line).round(1)))
    old = stretches[order[0]]
    middle = shapely.line_interpolate_point(old, 0.5, normalized=True)
    step = _step(old)
    left = shapely.transform(middle, lambda xy: xy + 1e-3 * np.array([-step[1], step[0]]))
    holds = shapely.STRtree(shapes).query(left, predicate="intersects")
    a_is_left = bool(len(holds)) and bool(in_a[holds[0]])
    return old if a_is_left else shapely.reverse(old)


def _step(line: shapely.LineString) -> np.ndarray:
    """Give the direction, of length 1, in which a line passes its middle."""
    half = line.length / 2
    ends = shapely.get_coordinates(
        shapely.line_interpolate_point(line, [half - 1e-3 * half, half + 1e-3 * half])
    )
    step = ends[1] - ends[0]
    return step / np.hypot(*step)


def _joined_to(
    old: shapely.LineString, line: shapely.LineString, region: shapely.Geometry
) -> shapely.LineString:
    """Turn a line the way of the old border, and lead ends inside the region on along it."""
    xy = shapely.get_coordinates(shapely.force_2d(line))
    start, end = shapely.line_locate_point(old, shapely.points(xy[[0, -1]]))
    if start > end or (start == end and _goes_back(old, xy)):
        xy, start, end = xy[::-1], end, start
    inside = shapely.intersects(region, shapely.points(xy[[0, -1]]))
    parts = [xy]
    if inside[0]:
        parts.insert(0, _stretch(old, 0.0, start))
    if inside[1]:
        parts.append(_stretch(old, end, old.length))
    joined = shapely.remove_repeated_points(shapely.linestrings(np.vstack(parts)))
    if not joined.is_simple:
        raise InvalidInput(
            "the line crosses the old border between its ends and where they join it; draw it"
            " from edge to edge"
        )
    return joined


def _goes_back(old: shapely.LineString, xy: np.ndarray) -> bool:
    ends = shapely.get_coordinates(old)[[0, -1]]
    return bool((xy[-1] - xy[0]) @ (ends[1] - ends[0]) < 0)


def _stretch(line: shapely.LineString, start: float, end: float) -> np.ndarray:
    """Give the coordinates of a line between two places on it."""
    xy = shapely.get_coordinates(line)
    at = shapely.line_locate_point(line, shapely.points(xy))
    at[-1] = line.length
    inner = xy[(at > start) & (at < end)]
    ends = shapely.get_coordinates(shapely.line_interpolate_point(line, [start, end]))
    return np.vstack([ends[:1], inner, ends[1:]])


def _connected(
    ground: WorkingGround, before: np.ndarray, after: np.ndarray, pair: tuple[str, str]
) -> tuple[np.ndarray, np.ndarray]:
    """Give parts that the move tore off back to the grid they came from; say which."""
    after, back = after.copy(), np.zeros(len(after), bool)
    for name in (*pair, *pair):
        names, grid = number_codes(after)
        other = pair[1] if name == pair[0] else pair[0]
        for rows in stray_parts(ground, grid, np.flatnonzero(grid == names.index(name))):
            new = rows[before[rows] != name]
            if len(new) == len(rows):
                after[rows] = other
                back[rows] = True
    return after, np.flatnonzero(back)
