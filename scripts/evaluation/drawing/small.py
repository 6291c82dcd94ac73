"""Graphs of 300 to 700 nodes from real ground, 2 to 4 parts, within half a percent, unit costs.

Small enough that a proof of the optimum, or a good bound, can be had.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import geopandas as gpd
import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import breadth_first_order

from scripts.evaluation.drawing.cambridge import read_census_blocks
from scripts.evaluation.drawing.instance import Instance, instance_by_length, numbered
from scripts.evaluation.drawing.taipei import read_areas

TOLERANCE = 0.005
PIECES = (
    ("cambridge", 300, 2, 100),
    ("cambridge", 400, 3, 500),
    ("cambridge", 550, 2, 300),
    ("cambridge", 700, 4, 800),
    ("taipei", 300, 3, 1000),
    ("taipei", 400, 2, 4000),
    ("taipei", 500, 4, 7000),
    ("taipei", 650, 2, 9500),
)
"""Town, number of nodes, number of parts, and the block the piece is grown from."""


def small_instances(data: Path) -> Iterator[Instance]:
    """Cut connected pieces out of the towns, breadth first from a block."""
    ground = {
        "cambridge": read_census_blocks(data).rename(columns={"POP_LAB": "weight"}),
        "taipei": numbered(read_areas(data).rename(columns={"H_CNT": "weight"})),
    }
    for town, n_nodes, n_parts, seed in PIECES:
        yield piece_of(town, ground[town], n_nodes, n_parts, seed)


def piece_of(
    town: str, blocks: gpd.GeoDataFrame, n_nodes: int, n_parts: int, seed: int
) -> Instance:
    """Cut out the nodes nearest a block, each border costing 1."""
    rules = {"weight": "weight", "minimum": 0.0, "maximum": 0.0, "target": 0.0}
    edges = instance_by_length("whole", blocks, **rules).edges
    matrix = coo_array((np.ones(len(edges)), edges.T), shape=(len(blocks),) * 2).tocsr()
    near = breadth_first_order(matrix, seed, directed=False, return_predecessors=False)
    taken = numbered(blocks.iloc[np.sort(near[:n_nodes])][["weight", "geometry"]])
    mean = float(taken["weight"].sum()) / n_parts
    rules = {
        "weight": "weight",
        "minimum": (1 - TOLERANCE) * mean,
        "maximum": (1 + TOLERANCE) * mean,
        "target": mean,
        "n_grids": n_parts,
    }
    found = instance_by_length(f"{town}, {n_nodes} nodes, {n_parts} parts", taken, **rules)
    return Instance(**{**vars(found), "cost": np.ones(len(found.edges))})
