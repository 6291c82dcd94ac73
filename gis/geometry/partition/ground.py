"""The graph of a community's ground: blocks, the cost of their borders, and what joins pieces.

Metres throughout.
"""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import shapely

from gis.geometry.adjacency import block_graph
from gis.geometry.crs import metric_crs_of, to_metric
from gis.geometry.partition.graph import Graph, build_graph, find_components
from gis.geometry.partition.groups import HOLD_TOGETHER, bridge_pieces
from gis.geometry.partition.request import Request


@dataclass(frozen=True)
class Ground:
    """The graph of some blocks and what its parts are made of.

    ``rows`` (n,): rows of the blocks; ``piece`` (n,): connected piece of each; ``border_cost`` and
    ``strong_m`` (2 m,): cost and metres along strong barriers of each half edge.
    """

    graph: Graph
    rows: np.ndarray
    piece: np.ndarray
    border_cost: np.ndarray
    strong_m: np.ndarray


def build_ground(
    blocks: gpd.GeoDataFrame, request: Request, barriers: gpd.GeoDataFrame | None
) -> Ground:
    """Build the graph of the blocks that belong to no exclusive grid.

    Pieces too small to be a grid are bridged to the nearest one and held together themselves.
    """
    rows = request.common
    if not len(rows):
        empty = build_graph(np.zeros(0), np.zeros((0, 2)), np.zeros(0))
        return Ground(empty, rows, rows, empty.cost, empty.cost)
    crs = metric_crs_of(blocks)
    blocks = to_metric(blocks.iloc[rows], crs)
    net = block_graph(blocks, barriers=None if barriers is None else to_metric(barriers, crs))
    shapes = blocks.geometry.to_numpy()
    weight = np.minimum(request.weight[rows], request.band.maximum)
    edges = np.asarray(net.edges, np.int64).reshape(-1, 2)
    piece = find_components(build_graph(weight, edges, net.cost))
    bridges = bridge_pieces(shapes, weight, piece, request.band)
    seek = request.objective.border * net.cost - request.objective.straddling * net.along_strong_m
    small = np.bincount(piece, weight)[piece[edges[:, 0]]] < request.band.minimum
    if piece.max() > 0:
        seek = np.where(small, HOLD_TOGETHER * net.cost, seek)
    edges = np.vstack([edges, bridges])
    nothing = np.zeros(len(bridges))

    def lay_out(values: np.ndarray) -> Graph:
        return build_graph(weight, edges, np.concatenate([values, nothing]))

    graph = lay_out(seek)._replace(
        length_m=lay_out(net.shared_length_m).cost,
        area_m2=shapely.area(shapes),
        perimeter_m=shapely.length(shapes),
        others=request.others[rows],
    )
    return Ground(
        graph,
        rows,
        find_components(graph),
        lay_out(np.asarray(net.cost, float)).cost,
        lay_out(np.asarray(net.along_strong_m, float)).cost,
    )
