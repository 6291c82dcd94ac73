"""Dividing a territory into communities: connected, gapless, along rivers and main roads.

Pure; plane coordinates in metres. The ground is cut once into cells by main roads, rivers and a
fine irregular mesh of the open land; communities are grown over cells that touch, so each is one
connected polygon and all together cover the territory exactly.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.random import Generator
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components, dijkstra

from gis.synthetic.terrain import Terrain

MESH_M = 230.0
GRID_M = 0.01
HILL_M = 60.0
"""A way this high above the river counts double, so that villages meet on the ridges."""


@dataclass(frozen=True)
class Cells:
    """Cells of the territory and how they touch.

    Parameters
    ----------
    shapes
        (n,) polygons that cover the territory and share their vertices.
    urban
        (n,) whether a cell belongs to the centre.
    pairs
        (m, 2) cells that share a border.
    cost_m
        (m,) way from middle to middle; longer across a river, and the higher the ground.
    middle
        (n, 2) a point inside each cell.
    """

    shapes: NDArray[np.object_]
    urban: NDArray[np.bool_]
    pairs: NDArray[np.int64]
    cost_m: NDArray[np.float64]
    middle: NDArray[np.float64]


def cut_cells(terrain: Terrain, main_roads: list[shapely.LineString], rng: Generator) -> Cells:
    """Cut the territory into cells along main roads, rivers and a mesh of the open land."""
    rivers = shapely.union_all(list(terrain.rivers))
    rural = terrain.territory.difference(terrain.urban)
    mesh = _mesh(terrain.territory, rng).intersection(rural)
    lines = [
        terrain.territory.boundary,
        terrain.urban.boundary,
        rivers.intersection(terrain.territory),
        mesh,
        *main_roads,
    ]
    network = shapely.union_all(lines, grid_size=GRID_M)
    shapes = np.array(shapely.get_parts(shapely.polygonize([network])), dtype=object)
    inner = shapely.point_on_surface(shapes)
    keep = shapely.intersects(terrain.territory, inner)
    shapes, inner = shapes[keep], inner[keep]
    urban = shapely.intersects(terrain.urban, inner)
    pairs = _touching(shapes)
    middle = shapely.get_coordinates(inner)
    cost = np.hypot(*(middle[pairs[:, 0]] - middle[pairs[:, 1]]).T)
    across = shapely.linestrings(middle[pairs].astype(float))
    height = terrain.relief.rough_height(middle[pairs].mean(axis=1))
    cost = cost * (1 + np.maximum(height - terrain.relief.grid.min(), 0.0) / HILL_M)
    cost = cost + 2_500.0 * shapely.intersects(rivers, across)
    return Cells(shapes, urban, pairs, cost, middle)


def _mesh(territory: shapely.Polygon, rng: Generator) -> shapely.Geometry:
    """Draw the edges of a Voronoi mesh of jittered points."""
    west, south, east, north = territory.bounds
    x, y = np.meshgrid(np.arange(west, east, MESH_M), np.arange(south, north, MESH_M))
    x = x + (np.arange(x.shape[0]) % 2 * MESH_M / 2)[:, None]
    jitter = rng.uniform(-0.36, 0.36, size=(2, *x.shape)) * MESH_M
    points = shapely.multipoints(np.stack([x + jitter[0], y + jitter[1]], axis=-1).reshape(-1, 2))
    return shapely.voronoi_polygons(points, only_edges=True)


def _touching(shapes: NDArray[np.object_]) -> NDArray[np.int64]:
    """List pairs of cells that share a border, not just a corner."""
    a, b = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    a, b = a[a < b], b[a < b]
    shared = shapely.length(
        shapely.intersection(shapely.boundary(shapes[a]), shapely.boundary(shapes[b]))
    )
    pairs = np.stack([a, b], axis=1)[shared > 1.0]
    return pairs[np.lexsort((pairs[:, 1], pairs[:, 0]))]


def grow_urban(cells: Cells, n: int, rng: Generator) -> NDArray[np.int64]:
    """Give each urban cell one of `n` communities of about the same area, each connected.

    Returns
    -------
    owner
        (cells,) 0 to n-1 for urban cells, -1 for the others and for slivers that touch nothing;
        number 0 lies nearest the middle.
    """
    rows = _largest_part(cells)
    owner = np.full(len(cells.shapes), -1)
    area = shapely.area(cells.shapes)
    owner[_spread_seeds(cells.middle, area, rows, n, rng)] = np.arange(n)
    around = _neighbours(cells, rows)
    held = np.array([area[owner == k].sum() for k in range(n)])
    while (owner[rows] < 0).any():
        for k in np.argsort(held, kind="stable").tolist():
            free = [
                j for i in np.flatnonzero(owner == k).tolist() for j in around[i] if owner[j] < 0
            ]
            if free:
                centre = cells.middle[owner == k].mean(axis=0)
                best = min(free, key=lambda j: (np.hypot(*(cells.middle[j] - centre)), j))
                owner[best] = k
                held[k] += area[best]
                break
        else:
            break  # only slivers are left that touch nothing
    return owner


def _largest_part(cells: Cells) -> NDArray[np.int64]:
    """List the urban cells that hang together, slivers beside them left out."""
    inside = cells.urban[cells.pairs].all(axis=1)
    a, b = cells.pairs[inside].T
    size = len(cells.shapes)
    graph = coo_array((np.ones(len(a)), (a, b)), shape=(size, size))
    _, part = connected_components(graph, directed=False)
    area = np.where(cells.urban, shapely.area(cells.shapes), 0.0)
    return np.flatnonzero(cells.urban & (part == np.argmax(np.bincount(part, weights=area))))


def _spread_seeds(
    middle: NDArray[np.float64],
    area: NDArray[np.float64],
    rows: NDArray[np.int64],
    n: int,
    rng: Generator,
) -> NDArray[np.int64]:
    """Choose large cells far from one another; the first is nearest the middle of all."""
    large = rows[area[rows] >= np.quantile(area[rows], 0.3)]
    centre = np.average(middle[rows], axis=0, weights=area[rows])
    seeds = [int(large[np.argmin(np.hypot(*(middle[large] - centre).T))])]
    while len(seeds) < n:
        gap = np.min(
            [np.hypot(*((middle[large] - middle[s]) * [1.0, 1.25]).T) for s in seeds], axis=0
        )
        seeds.append(int(large[np.argmax(gap)]))
    order = np.argsort([np.hypot(*(middle[s] - centre)) for s in seeds], kind="stable")
    return np.array(seeds)[order]


def _neighbours(cells: Cells, rows: NDArray[np.int64]) -> dict[int, list[int]]:
    inside = set(rows.tolist())
    around: dict[int, list[int]] = {int(i): [] for i in rows}
    for i, j in cells.pairs.tolist():
        if i in inside and j in inside:
            around[i].append(j)
            around[j].append(i)
    return around


def grow_rural(
    cells: Cells, n: int, gentle: NDArray[np.bool_], rng: Generator
) -> NDArray[np.int64]:
    """Give each rural cell one of `n` villages by the shortest way, each connected.

    Parameters
    ----------
    gentle
        (cells,) where people can live; villages share this ground out evenly.

    Returns
    -------
    owner
        (cells,) 0 to n-1 for rural cells, -1 for urban ones.
    """
    rows = np.flatnonzero(~cells.urban)
    rural = ~cells.urban[cells.pairs].any(axis=1)
    pairs = cells.pairs[rural]
    cost = cells.cost_m[rural] * rng.uniform(0.75, 1.3, rural.sum())
    size = len(cells.shapes)
    graph = coo_array((cost, (pairs[:, 0], pairs[:, 1])), shape=(size, size)).tocsr()
    settled = rows[gentle[rows]] if gentle[rows].sum() >= 4 * n else rows
    seeds = _rural_seeds(cells.middle, settled, n, rng)
    _, _, source = dijkstra(
        graph, directed=False, indices=seeds, min_only=True, return_predecessors=True
    )
    village = {int(s): k for k, s in enumerate(seeds)}
    owner = np.full(size, -1)
    owner[rows] = [village.get(int(s), -1) for s in source[rows]]
    return owner


def _rural_seeds(
    middle: NDArray[np.float64], rows: NDArray[np.int64], n: int, rng: Generator
) -> NDArray[np.int64]:
    """Choose cells far from one another, after a random first."""
    seeds = [int(rng.choice(rows))]
    for _ in range(n - 1):
        gap = np.min([np.hypot(*(middle[rows] - middle[s]).T) for s in seeds], axis=0)
        seeds.append(int(rows[np.argmax(gap)]))
    for _ in range(3):
        nearest = np.argmin([np.hypot(*(middle[rows] - middle[s]).T) for s in seeds], axis=0)
        for k in range(n):
            centre = middle[rows][nearest == k].mean(axis=0)
            seeds[k] = int(rows[np.argmin(np.hypot(*(middle[rows] - centre).T))])
    return np.array(seeds)


def community_shapes(
    cells: Cells, owner: NDArray[np.int64], *, n_urban: int
) -> NDArray[np.object_]:
    """Join the cells of each community and straighten the borders between villages a little.

    Parameters
    ----------
    owner
        (cells,) number of the community of each cell; -1 for slivers nothing reached, which go
        to the neighbour they share most border with.
    n_urban
        The first so many communities are urban; their borders stay as they are.
    """
    owner = _adopt_slivers(cells, owner)
    shapes = np.array(
        [shapely.coverage_union_all(cells.shapes[owner == k]) for k in range(owner.max() + 1)],
        dtype=object,
    )
    shapes[n_urban:] = shapely.coverage_simplify(shapes[n_urban:], 55.0, simplify_boundary=False)
    return shapely.coverage_clean(shapes, snapping_distance=GRID_M)


def _adopt_slivers(cells: Cells, owner: NDArray[np.int64]) -> NDArray[np.int64]:
    owner = owner.copy()
    known = np.flatnonzero(owner >= 0)
    for i in np.flatnonzero(owner < 0):
        shared = shapely.length(shapely.intersection(cells.shapes[i], cells.shapes[known]))
        owner[i] = owner[known[np.argmax(shared)]]
    return owner
