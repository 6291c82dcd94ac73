"""Roads from the main roads to the hamlets: they keep to the valleys, and share their way.

Pure; plane coordinates in metres. One search of the cheapest ways over the grid of heights, from
all main roads at once, gives a tree, so roads meet instead of running beside one another.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import dijkstra

from gis.synthetic.relief import GRID_M
from gis.synthetic.shapes import round_corners
from gis.synthetic.terrain import Terrain

EASY_GRADE = 0.1
"""A way that rises this much counts double."""

BRIDGE_M = 350.0
"""What each grid point in a river adds to a way."""


def valley_ways(
    terrain: Terrain, ends: Sequence[NDArray[np.float64]], gates: NDArray[np.float64]
) -> list[shapely.LineString]:
    """Draw roads that join every place with the main roads.

    Parameters
    ----------
    ends
        For each place the (e, 2) points its road may start from.
    gates
        (g, 2) points on main roads.

    Returns
    -------
    roads
        Lines between places, junctions and gates; they touch only at their ends.
    """
    x, y = terrain.relief.axes
    columns, rows = len(x), len(y)

    def node_of(xy: NDArray[np.float64]) -> NDArray[np.int64]:
        column = np.clip(np.rint((xy[:, 0] - x[0]) / GRID_M), 0, columns - 1)
        row = np.clip(np.rint((xy[:, 1] - y[0]) / GRID_M), 0, rows - 1)
        return (row * columns + column).astype(np.int64)

    at_gate = node_of(gates)
    gate_of = dict(zip(at_gate[::-1].tolist(), range(len(gates) - 1, -1, -1), strict=True))
    far, before, _ = dijkstra(
        _ways(terrain), indices=np.unique(at_gate), min_only=True, return_predecessors=True
    )
    nodes = [node_of(e) for e in ends]
    starts = [int(n[np.argmin(far[n])]) for n in nodes]
    links: dict[int, set[int]] = {}
    for start in starts:
        here = start
        while (there := int(before[here])) >= 0 and there not in links.get(here, ()):
            links.setdefault(here, set()).add(there)
            links.setdefault(there, set()).add(here)
            here = there
    places = np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2)
    lines = [shapely.LineString(places[chain]) for chain in _chains(links, {*starts, *gate_of})]
    roads = [round_corners(line.simplify(0.9 * GRID_M)) for line in lines]
    for own, at, start in zip(ends, nodes, starts, strict=True):
        end = own[np.argmin(np.where(at == start, 0, 1))]
        roads.append(shapely.LineString(np.round([end, places[start]], 3)))
    for node, gate in gate_of.items():
        if node in links or node in starts:
            roads.append(shapely.LineString(np.round([places[node], gates[gate]], 3)))
    return [road for road in roads if road.length > 0.5]


def _ways(terrain: Terrain) -> coo_array:
    """Give the cost of each step between neighbouring grid points, both ways."""
    x, y = terrain.relief.axes
    height = terrain.relief.grid
    points = shapely.points(*np.meshgrid(x, y))
    shapely.prepare(terrain.territory)
    inside = shapely.contains(terrain.territory, points)
    rivers = shapely.union_all([r.buffer(60) for r in terrain.rivers])
    shapely.prepare(rivers)
    wet = np.where(shapely.contains(rivers, points), BRIDGE_M, 0.0)
    number = np.arange(height.size).reshape(height.shape)
    tables = []
    for down, across in ((0, 1), (1, 0), (1, 1), (1, -1), (1, 2), (2, 1), (1, -2), (2, -1)):
        a = (slice(0, height.shape[0] - down), slice(max(0, -across), len(x) - max(0, across)))
        b = (slice(down, None), slice(max(0, across), len(x) + min(0, across)))
        length = GRID_M * np.hypot(down, across)
        grade = np.abs(height[a] - height[b]) / length
        cost = length * (1 + np.minimum(grade / EASY_GRADE, 2.4) ** 2) + wet[a] + wet[b]
        able = inside[a] & inside[b]
        tables.append((number[a][able], number[b][able], cost[able]))
    start, end, cost = (np.concatenate(part) for part in zip(*tables, strict=True))
    both = (np.concatenate([start, end]), np.concatenate([end, start]))
    return coo_array((np.tile(cost, 2), both), shape=(height.size, height.size)).tocsr()


def _chains(links: dict[int, set[int]], fixed: set[int]) -> list[list[int]]:
    """Cut a tree of grid points into chains between its ends, junctions, places and gates."""
    stops = {n for n, others in links.items() if len(others) != 2} | (fixed & set(links))
    chains = []
    for stop in sorted(stops):
        for first in sorted(links[stop]):
            chain = [stop, first]
            while chain[-1] not in stops:
                chain.append(next(n for n in links[chain[-1]] if n != chain[-2]))
            if (chain[0], chain[1]) <= (chain[-1], chain[-2]):
                chains.append(chain)
    return chains
