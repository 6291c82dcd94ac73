"""Fields of an invented valley: plots along the river on its floor, terraces along the contours.

Pure; plane coordinates in metres. Terraces are the faces between contours and short cuts up the
slope, so neighbours share their edges and none overlaps another.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.random import Generator
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from gis.synthetic.relief import GRID_M, contour_lines
from gis.synthetic.terrain import RIVER_HALF_WIDTH_M, Terrain

TERRACE_RISE_M = 10.0
TERRACE_SLOPES = (0.05, 0.5)
AROUND_HAMLET_M = 400.0
SMALLEST_M2, LARGEST_M2 = 250.0, 14_000.0


@dataclass(frozen=True)
class Fields:
    """Plots and terraces, and the ground they take together.

    Parameters
    ----------
    plots
        Polygons; at the edge of the valley floor, of water and of built-up ground they reach
        under what lies there.
    tilled
        Valley floor and terraced slopes, what lies on them included.
    """

    plots: NDArray[np.object_]
    tilled: shapely.Geometry


def make_fields(
    terrain: Terrain, hamlets: NDArray[np.float64], kept: shapely.Geometry, rng: Generator
) -> Fields:
    """Make the fields of a town.

    Parameters
    ----------
    hamlets
        (h, 2) middles of the hamlets; terraces lie around them.
    kept
        Ground that is no field: built-up, water and its banks, parks.
    """
    inner = terrain.territory.buffer(-15)
    shapely.prepare(inner)
    terraces = _terraces(terrain, hamlets, rng)
    terraces = terraces[shapely.contains(inner, terraces)]
    tilled = shapely.union(terrain.valley, shapely.coverage_union_all(terraces))
    floor = _floor_plots(terrain, rng)
    floor = floor[shapely.contains(inner, floor) & shapely.intersects(terrain.valley, floor)]
    plots = np.concatenate([floor, terraces])
    shapely.prepare(kept)
    return Fields(plots[~shapely.contains(kept, plots)], tilled)


def _floor_plots(terrain: Terrain, rng: Generator) -> NDArray[np.object_]:
    """Lay strips beside the large river and cut each into plots."""
    river = shapely.get_coordinates(terrain.rivers[0])
    west, _, east, _ = terrain.territory.bounds
    reach = 1.0 + shapely.hausdorff_distance(terrain.valley, terrain.rivers[0])
    rings = []
    for side in (1.0, -1.0):
        near = RIVER_HALF_WIDTH_M + 18.0
        while near < reach:
            far = near + rng.uniform(38, 62)
            ends = west + np.cumsum(rng.uniform(85, 190, int((east - west) / 85)))
            ends = np.concatenate([[west], ends[ends < east], [east]])
            x = np.stack([ends[:-1], (ends[:-1] + ends[1:]) / 2, ends[1:]], axis=1)
            y = np.interp(x, river[:, 0], river[:, 1])
            inner = np.stack([x, y + side * near], axis=-1)
            outer = np.stack([x, y + side * far], axis=-1)[:, ::-1]
            rings.append(np.concatenate([inner, outer, inner[:, :1]], axis=1))
            near = far
    return shapely.polygons(np.round(np.concatenate(rings), 2))


def _terraces(
    terrain: Terrain, hamlets: NDArray[np.float64], rng: Generator
) -> NDArray[np.object_]:
    """Lay terraces on the slopes around hamlets, in patches with woods between."""
    relief = terrain.relief
    x, y = relief.axes
    tree = cKDTree(hamlets)
    middle = np.stack(np.meshgrid(x[:-1] + GRID_M / 2, y[:-1] + GRID_M / 2), axis=-1)
    far, _ = tree.query(middle, distance_upper_bound=AROUND_HAMLET_M)
    shapely.prepare(terrain.valley)
    near = np.isfinite(far)
    near[near] &= ~shapely.contains_xy(terrain.valley, *middle[near].T)
    lines = contour_lines(relief.grid, x, y, every_m=TERRACE_RISE_M, where=near)
    if not len(lines):
        return np.array([], dtype=object)
    starts = middle[near] + rng.uniform(-GRID_M / 2, GRID_M / 2, (int(near.sum()), 2))
    starts = starts[rng.random(len(starts)) < 0.3]
    cuts = shapely.linestrings(np.round(relief.trace(starts, 18.0, 4, uphill=True), 2))
    network = shapely.union_all(np.concatenate([lines, cuts]))
    faces = np.array(shapely.get_parts(shapely.polygonize([network])), dtype=object)
    area = shapely.area(faces)
    faces = faces[(area > SMALLEST_M2) & (area < LARGEST_M2)]
    at = shapely.get_coordinates(shapely.point_on_surface(faces))
    slope = relief.slope(at)
    far, _ = tree.query(at)
    waves = rng.uniform(0, 2 * np.pi, 4)
    patch = np.sin(at[:, 0] / 90 + waves[0]) + np.sin(at[:, 1] / 110 + waves[1])
    patch += np.sin((at[:, 0] + at[:, 1]) / 150 + waves[2])
    ends = AROUND_HAMLET_M * np.clip(0.75 + 0.2 * patch, 0.25, 1.0)
    low, high = TERRACE_SLOPES
    return faces[(slope > low) & (slope < high) & (far < ends)]
