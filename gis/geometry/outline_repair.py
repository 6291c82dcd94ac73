"""Outlines of neighbours that overlap or part by a little, mended; ground moves by row. Pure.

What lies in two outlines is left to the earlier one, so that stored ones never move; what lies in
none, and is closed in, goes to the new outline that borders most on it. Only what is narrower than
a stated width is mended: wider pieces are somebody's ground.
"""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import shapely
from pyproj import CRS

from gis.geometry.seam import WELD_M
from gis.geometry.spikes import without_spikes

LEAST_M2 = 0.01
"""Less ground than this in two outlines, or in none, is rounding."""

SMALLEST_PART_M2 = 1.0
"""Scraps smaller than this that a repair parts from an outline are let go."""


@dataclass(frozen=True)
class OutlineMove:
    """Ground that two outlines both hold, or that neither does.

    Parameters
    ----------
    row
        Row of the new outline that gives the ground up, or gets it.
    other
        Row of the other outline, counted through stored ones and new ones after them; -1: a gap.
    area_m2, width_m
        How much ground it is, and how wide at its widest.
    is_narrow
        Whether it can be mended.
    """

    row: int
    other: int
    area_m2: float
    width_m: float
    is_narrow: bool


def repair_outlines(
    new: np.ndarray, stored: np.ndarray, *, crs: CRS | None, width_m: float, close_gaps: bool = True
) -> tuple[np.ndarray, list[OutlineMove]]:
    """Mend small overlaps and gaps of new outlines among themselves and with stored ones.

    Parameters
    ----------
    new, stored
        (n,) and (m,) polygons in degrees.
    crs
        The metric system they are measured in.
    width_m
        Overlaps and gaps up to this width are mended.
    close_gaps
        False leaves gaps open, and tells them all the same.

    Returns
    -------
    repaired, moves
        (n,) polygons without spikes, and all that was found, what was too wide to mend among it.

    Examples
    --------
    >>> west, east = shapely.box(9, 47, 9.01, 47.01), shapely.box(9.00999, 47, 9.02, 47.01)
    >>> (mended,), (move,) = repair_outlines(
    ...     np.array([east]), np.array([west]), crs="EPSG:32632", width_m=2)
    >>> mended.bounds[0], round(move.width_m, 1), round(move.area_m2)
    (9.01, 0.8, 845)
    """
    shapes = np.concatenate([stored, without_spikes(new)]).astype(object)
    first, moves = len(stored), []
    for row in range(first, len(shapes)):
        for other in np.sort(shapely.STRtree(shapes[:row]).query(shapes[row], "intersects")):
            common = shapely.intersection(shapes[row], shapes[other])
            area_m2, across_m = _measured(common, crs)
            if area_m2 <= LEAST_M2 or across_m <= WELD_M:
                continue
            is_narrow = across_m <= width_m
            moves.append(OutlineMove(row - first, int(other), area_m2, across_m, is_narrow))
            if is_narrow:
                left = shapely.difference(shapes[row], shapes[other])
                shapes[row] = _without_scraps(left, crs)
    moves += _close_gaps(shapes, first, crs, width_m, close=close_gaps)
    return shapes[first:], moves


def _measured(shape: shapely.Geometry, crs: CRS | None) -> tuple[float, float]:
    """Give square metres and greatest width of ground; nothing for lines and points."""
    parts = shapely.get_parts(shapely.get_parts(shape))
    parts = parts[shapely.get_dimensions(parts) == 2]
    if not len(parts):
        return 0.0, 0.0
    metric = np.array(gpd.GeoSeries(parts, crs=4326).to_crs(crs))
    area = shapely.area(metric)
    metric = metric[area > LEAST_M2 / 10]
    return float(area.sum()), max((_width_m(part) for part in metric), default=0.0)


def _width_m(part: shapely.Polygon) -> float:
    """Give the width of the widest disc in a polygon in metres, to a millimetre or a percent.

    Shrunk until nothing is left: of long slivers that is found a hundred times faster than the
    disc itself.
    """
    low, high = 0.0, 2 * float(np.sqrt(part.area / np.pi))
    while high - low > max(WELD_M / 2, 0.005 * high):
        middle = (low + high) / 2
        if shapely.is_empty(shapely.buffer(part, -middle / 2, quad_segs=4)):
            high = middle
        else:
            low = middle
    return high


def _without_scraps(shape: shapely.Geometry, crs: CRS | None) -> shapely.Geometry:
    parts = shapely.get_parts(shape)
    parts = parts[shapely.get_dimensions(parts) == 2]
    metric = np.array(gpd.GeoSeries(parts, crs=4326).to_crs(crs))
    area = shapely.area(metric)
    kept = parts[(area >= SMALLEST_PART_M2) | (area == area.max())]
    kept = kept[0] if len(kept) == 1 else shapely.multipolygons(kept)
    return without_spikes(np.array([kept]))[0]


def _close_gaps(
    shapes: np.ndarray, first: int, crs: CRS | None, width_m: float, *, close: bool
) -> list[OutlineMove]:
    """Find narrow ground between outlines; give it to the new one that borders most on it."""
    union = shapely.union_all(shapes)
    filled = shapely.union_all(
        shapely.polygons(shapely.get_exterior_ring(shapely.get_parts(union)))
    )
    moves = []
    for hole in shapely.get_parts(shapely.difference(filled, union)):
        area_m2, across_m = _measured(hole, crs)
        if area_m2 <= LEAST_M2 or across_m <= WELD_M or across_m > width_m:
            continue
        near = shapely.STRtree(shapes[first:]).query(hole, "intersects")
        if len(near):
            border = shapely.intersection(shapely.boundary(hole), shapes[first + near])
            row = int(near[np.argmax(shapely.length(border))])
            if close:
                joined = shapely.union(shapes[first + row], hole)
                shapes[first + row] = _without_scraps(joined, crs)
            moves.append(OutlineMove(row, -1, area_m2, across_m, True))
    return moves
