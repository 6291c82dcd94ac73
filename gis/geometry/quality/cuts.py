"""Buildings and compounds that grids cut."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import shapely

from gis.geometry.quality.report import Violation

CUT_SHARE, CUT_AREA_M2 = 0.02, 1.0
"""A shape is cut when more than this of it lies outside the grid that holds most of it."""


def find_cut(
    numbers: np.ndarray, ground: np.ndarray, shapes: gpd.GeoDataFrame | None, what: str
) -> list[Violation]:
    """List the shapes of which a second grid holds more than a trace; `what` names them."""
    if shapes is None:
        return []
    polygons = shapes.geometry.make_valid().to_numpy()
    row, grid, area = _shared(ground, polygons)
    most = np.zeros(len(polygons))
    np.maximum.at(most, row, area)
    rest = np.bincount(row, area, len(polygons)) - most
    cut = np.flatnonzero((rest > CUT_AREA_M2) & (rest > CUT_SHARE * shapely.area(polygons)))
    found = []
    for shape in cut:
        held = numbers[grid[(row == shape) & (area > CUT_AREA_M2)]]
        says = f"{what} {shapes.index[shape]} is cut by grids {', '.join(map(str, held))}"
        found.append(Violation(f"{what}_cut", says, grid=int(held[0]) if len(held) else None))
    return found


def largest_shares(
    ground: np.ndarray, polygons: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Tell in which grid most of each shape lies.

    Parameters
    ----------
    ground, polygons
        (g,) grids and (n,) shapes, in metres.

    Returns
    -------
    grid, most_m2, whole_m2
        (n,) row of the grid with most of it (the first where it lies in one or none), the area it
        has there, and the area it has in grids at all; both 0 for a shape that lies in one grid.
    """
    row, grid, area = _shared(ground, polygons)
    most, where = np.zeros(len(polygons)), np.zeros(len(polygons), np.int64)
    np.maximum.at(most, row, area)
    first = area >= most[row]
    where[row[first][::-1]] = grid[first][::-1]
    return where, most, np.bincount(row, area, len(polygons))


def _shared(ground: np.ndarray, polygons: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Pair the shapes that reach into several grids with them: shape, grid, area shared."""
    row, grid = shapely.STRtree(ground).query(polygons, predicate="intersects")
    several = np.bincount(row, minlength=len(polygons))[row] > 1
    row, grid = row[several], grid[several]
    return row, grid, shapely.area(shapely.intersection(polygons[row], ground[grid]))
