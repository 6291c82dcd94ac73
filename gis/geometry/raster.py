"""Compiled kernels of the point locator: a raster that knows which polygon fills each cell.

A cell that no border touches belongs to one polygon or none. A cell that borders touch lists the
polygons to be tested. The tests here are decided by floating point only where its error bound
proves the answer; the rest is left to the caller, as `UNDECIDED`. Pure.
"""

from __future__ import annotations

import numpy as np
from numba import njit

OUTSIDE = -1
UNDECIDED = -2
_ERROR_BOUND = 1e-15 * 8
"""Of the orientation of three points, relative to the sum of its two products."""

_LEAST_PRODUCT = 1e-290
"""Products smaller than this have lost digits, and the bound does not hold."""


@njit(cache=True)
def cell_of(value: float, origin: float, per_cell: float, n_cells: int) -> int:
    """Give the row or column of the cell a coordinate lies in, held inside the raster."""
    cell = int((value - origin) * per_cell)
    return min(max(cell, 0), n_cells - 1)


@njit(cache=True)
def mark_polygon(
    segments: np.ndarray,
    x0: float,
    y0: float,
    per_cell: float,
    n: int,
    slack: float,
    touched: np.ndarray,
    cells: np.ndarray,
) -> int:
    """List the cells that the borders of one polygon touch, each once.

    Parameters
    ----------
    segments
        (s, 4) x and y of both ends.
    touched
        (n, n) flags, False on entry; True for listed cells on return.
    cells
        Room for cell numbers (row * n + column).

    Returns
    -------
    How many cells were listed; -1 when `cells` has no room left.
    """
    count = 0
    for s in range(len(segments)):
        xa, ya, xb, yb = segments[s]
        if ya > yb:
            xa, ya, xb, yb = xb, yb, xa, ya
        low = cell_of(ya - slack, y0, per_cell, n)
        high = cell_of(yb + slack, y0, per_cell, n)
        for row in range(low, high + 1):
            left, right = _span_in_row(xa, ya, xb, yb, y0 + row / per_cell, 1 / per_cell, slack)
            first = cell_of(left - slack, x0, per_cell, n)
            last = cell_of(right + slack, x0, per_cell, n)
            for column in range(first, last + 1):
                if not touched[row, column]:
                    if count == len(cells):
                        return -1
                    touched[row, column] = True
                    cells[count] = row * n + column
                    count += 1
    return count


@njit(cache=True)
def _span_in_row(
    xa: float, ya: float, xb: float, yb: float, bottom: float, height: float, slack: float
) -> tuple[float, float]:
    """Give the least and greatest x of a segment (ya <= yb) between two heights."""
    if yb - ya <= 2 * slack:
        return min(xa, xb), max(xa, xb)
    t_low = min(max((bottom - slack - ya) / (yb - ya), 0.0), 1.0)
    t_high = min(max((bottom + height + slack - ya) / (yb - ya), 0.0), 1.0)
    x_low, x_high = xa + t_low * (xb - xa), xa + t_high * (xb - xa)
    return min(x_low, x_high), max(x_low, x_high)


@njit(cache=True)
def fill_polygon(
    segments: np.ndarray,
    polygon: int,
    x0: float,
    y0: float,
    per_cell: float,
    n: int,
    touched: np.ndarray,
    full: np.ndarray,
    crossings: np.ndarray,
) -> None:
    """Write a polygon's row into the untouched cells inside it, where no smaller row stands."""
    y_low, y_high = segments[:, 1].min(), segments[:, 1].max()
    y_low, y_high = min(y_low, segments[:, 3].min()), max(y_high, segments[:, 3].max())
    first = cell_of(y_low, y0, per_cell, n)
    last = cell_of(y_high, y0, per_cell, n)
    for row in range(first, last + 1):
        y = y0 + (row + 0.5) / per_cell
        count = 0
        for s in range(len(segments)):
            xa, ya, xb, yb = segments[s]
            if (ya > y) != (yb > y):
                crossings[count] = xa + (y - ya) * (xb - xa) / (yb - ya)
                count += 1
        crossings[:count].sort()
        for k in range(0, count - 1, 2):
            left = cell_of(crossings[k], x0, per_cell, n)
            right = cell_of(crossings[k + 1], x0, per_cell, n)
            for column in range(left, right + 1):
                centre = x0 + (column + 0.5) / per_cell
                inside = crossings[k] < centre < crossings[k + 1]
                if inside and not touched[row, column]:
                    here = full[row, column]
                    if here < 0 or here > polygon:
                        full[row, column] = polygon


@njit(cache=True)
def side_of_polygon(x: float, y: float, segments: np.ndarray) -> int:
    """Tell on which side of a polygon's border a point lies: 1 in, 0 out, -2 undecided."""
    inside = False
    for s in range(len(segments)):
        xa, ya, xb, yb = segments[s]
        if (ya > y) == (yb > y):
            level = ya == y and yb == y
            if level and min(xa, xb) <= x <= max(xa, xb):
                return 1
            if (ya == y and xa == x) or (yb == y and xb == x):
                return 1
            continue
        if x > max(xa, xb):
            continue
        if x < min(xa, xb):
            inside = not inside
            continue
        first, second = (xb - xa) * (y - ya), (yb - ya) * (x - xa)
        turn, sum_of_products = first - second, abs(first) + abs(second)
        is_sure = abs(turn) > _ERROR_BOUND * sum_of_products
        if not is_sure or sum_of_products < _LEAST_PRODUCT:
            return UNDECIDED
        if (turn > 0) == (yb > ya):
            inside = not inside
    return 1 if inside else 0


@njit(cache=True)
def locate_points(
    x: np.ndarray,
    y: np.ndarray,
    x0: float,
    y0: float,
    per_cell: float,
    n: int,
    width: float,
    height: float,
    raster: np.ndarray,
    edge: tuple[np.ndarray, np.ndarray, np.ndarray],
    segments: np.ndarray,
    starts: np.ndarray,
) -> np.ndarray:
    """Give the smallest row of the polygons that hold each point.

    Parameters
    ----------
    x, y
        (p,) coordinates.
    x0, y0, per_cell, n, width, height
        Place of the raster: corner, cells per unit, cells per side, extent of the polygons.
    raster
        (n, n) row of the polygon that fills the cell, -1 for none, ``-2 - k`` for edge cell k.
    edge
        Of the edge cells: (k + 1,) offsets, rows of polygons to test (ascending), and (k,) rows
        of polygons that fill the cell (-1 for none).
    segments, starts
        (s, 4) segments of all polygons and (polygons + 1,) offsets.

    Returns
    -------
    (p,) rows, `OUTSIDE`, or `UNDECIDED`.
    """
    offsets, candidates, filling = edge
    found = np.full(len(x), OUTSIDE, dtype=np.int64)
    for p in range(len(x)):
        dx, dy = x[p] - x0, y[p] - y0
        if not (0 <= dx <= width and 0 <= dy <= height):
            continue
        column, row = cell_of(x[p], x0, per_cell, n), cell_of(y[p], y0, per_cell, n)
        value = raster[row, column]
        if value >= OUTSIDE:
            found[p] = value
            continue
        cell = -2 - value
        answer = filling[cell]
        for k in range(offsets[cell], offsets[cell + 1]):
            polygon = candidates[k]
            if answer >= 0 and polygon > answer:
                break
            side = side_of_polygon(x[p], y[p], segments[starts[polygon] : starts[polygon + 1]])
            if side == 1:
                answer = polygon
                break
            if side == UNDECIDED:
                answer = UNDECIDED
                break
        found[p] = answer
    return found
