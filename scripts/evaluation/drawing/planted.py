"""Lattices with a division planted in them: its borders are cheap, so its cost is known.

The planted cost is an upper bound of the best: a search may find a cheaper division.
"""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import shapely

from scripts.evaluation.drawing.instance import Instance

SIDES = (24, 72, 224)
PATCH = 4
BLOCK_M = 20.0
CHEAP = 0.3


def lattice_edges(side: int) -> np.ndarray:
    """List the neighbours in a square lattice numbered row by row."""
    number = np.arange(side * side).reshape(side, side)
    across = np.column_stack([number[:, :-1].ravel(), number[:, 1:].ravel()])
    down = np.column_stack([number[:-1].ravel(), number[1:].ravel()])
    return np.vstack([across, down])


def planted_parts(side: int) -> np.ndarray:
    """Give each block the patch of 4 x 4 that it lies in."""
    row, column = np.divmod(np.arange(side * side), side)
    return row // PATCH * (side // PATCH) + column // PATCH


def planted_instance(side: int, *, seed: int = 0) -> Instance:
    """Plant patches of 4 x 4 blocks; the band is as wide as the planted grids need."""
    rng = np.random.default_rng(seed)
    n, edges, planted = side * side, lattice_edges(side), planted_parts(side)
    weight = rng.integers(15, 36, n).astype(float)
    load = np.bincount(planted, weight)
    same = planted[edges[:, 0]] == planted[edges[:, 1]]
    cost = np.where(same, 1.0, CHEAP) * rng.uniform(0.8, 1.2, len(edges))
    row, column = np.divmod(np.arange(n), side)
    squares = shapely.box(column, -row - 1.0, column + 1.0, -1.0 * row)
    squares = shapely.transform(squares, lambda xy: xy * BLOCK_M)
    return Instance(
        f"planted, {n:,} blocks",
        gpd.GeoDataFrame({"block_id": np.arange(n), "households": weight}, geometry=squares),
        weight="households",
        minimum=float(load.min()),
        maximum=float(load.max()),
        target=float(load.mean()),
        edges=edges,
        cost=cost,
        n_grids=len(load),
        known_cost=float(cost[~same].sum()),
    )
