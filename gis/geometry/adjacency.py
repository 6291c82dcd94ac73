"""Which blocks touch, how far, and what a grid border between them would cost. Pure, in metres.

A border is cheap where it follows a barrier: its cost is its length times a factor of what it
runs along, so that the cheapest division follows rivers, rails and roads by itself.
"""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import shapely
from pyproj import CRS

from gis.geometry.borders import SharedSegments, pair_index, shared_segments, sum_by_pair
from gis.geometry.clean import metric_frame
from gis.geometry.crs import metric_crs_of

BARRIER_FACTORS = {
    "river": 0.02,
    "rail": 0.02,
    "motorway": 0.02,
    "main_road": 0.1,
    "wall": 0.15,
    "minor_road": 0.3,
    "path": 0.6,
}
"""What a metre of border along each barrier costs; open ground costs 1."""

STRONG_KINDS = ("river", "rail", "motorway")
"""Barriers that are crossed only at bridges and underpasses."""

OPEN_FACTOR = 1.0
DEFAULT_KIND = "minor_road"
ALONG_WITHIN_M = 3.0
SHORTEST_BORDER_M = 0.5
"""Blocks that share less than this meet at a corner and are no neighbours."""

PIECE_M = 5.0
"""Borders are looked at in pieces no longer than this."""


@dataclass(frozen=True)
class BlockGraph:
    """The neighbourhood of blocks.

    Parameters
    ----------
    n_blocks
        Number of blocks; nodes are row numbers of the blocks' frame.
    edges
        (m, 2) rows of the neighbours, the smaller first, sorted.
    shared_length_m
        (m,) metres of border between them.
    barrier
        (m,) kind of barrier that most of the border follows, '' where most is open.
    cost
        (m,) metres of border weighted by the factor of what each piece follows.
    along_barrier_m
        (m,) metres of the border within `ALONG_WITHIN_M` of any barrier.
    along_strong_m
        (m,) the same for the barriers crossed only at bridges (`STRONG_KINDS`).
    """

    n_blocks: int
    edges: np.ndarray
    shared_length_m: np.ndarray
    barrier: np.ndarray
    cost: np.ndarray
    along_barrier_m: np.ndarray
    along_strong_m: np.ndarray


def block_graph(
    blocks: gpd.GeoDataFrame, *, barriers: gpd.GeoDataFrame | None = None
) -> BlockGraph:
    """Find the neighbours of each block and the cost of the borders between them.

    Parameters
    ----------
    blocks
        Polygons of a coverage; a geographic frame is projected to metres first.
    barriers
        Lines with a `kind`; polygons count as their outline, missing kinds as minor_road.

    Examples
    --------
    >>> blocks = gpd.GeoDataFrame(
    ...     geometry=[shapely.box(0, 0, 50, 40), shapely.box(50, 0, 90, 40)])
    >>> road = gpd.GeoDataFrame({"kind": ["main_road"]},
    ...     geometry=[shapely.LineString([(51, 0), (51, 40)])])
    >>> graph = block_graph(blocks, barriers=road)
    >>> graph.edges.tolist(), graph.shared_length_m.tolist(), graph.barrier.tolist()
    ([[0, 1]], [40.0], ['main_road'])
    >>> graph.cost.tolist(), graph.along_barrier_m.tolist()
    ([4.0], [40.0])
    """
    crs = metric_crs_of(blocks)
    shapes = np.asarray(metric_blocks(blocks, crs))
    shared = border_segments(shapes)
    edges, length_m = sum_by_pair(shared.left, shared.right, shared.length_m)
    near = length_m > SHORTEST_BORDER_M
    kinds, lines = barrier_kinds_and_lines(metric_frame(barriers, crs))
    left, right, piece_m, strongest = _follow_barriers(shared, kinds, lines)
    _, pair = pair_index(left, right)
    names, factors = _kind_table()
    cost = np.bincount(pair, weights=piece_m * factors[strongest], minlength=len(edges))
    open_ground = len(names) - 1
    along = np.bincount(pair, weights=piece_m * (strongest < open_ground), minlength=len(edges))
    share = np.bincount(
        pair * len(names) + strongest, weights=piece_m, minlength=len(edges) * len(names)
    ).reshape(len(edges), len(names))
    return BlockGraph(
        n_blocks=len(shapes),
        edges=edges[near],
        shared_length_m=length_m[near],
        barrier=names[_main_kind(share)][near],
        cost=cost[near],
        along_barrier_m=along[near],
        along_strong_m=share[:, np.isin(names, STRONG_KINDS)].sum(axis=1)[near],
    )


def metric_blocks(blocks: gpd.GeoDataFrame, crs: CRS | None) -> gpd.array.GeometryArray:
    """Give the shapes of the blocks in metres, one per row."""
    frame = blocks if crs is None or blocks.crs == crs else blocks.to_crs(crs)
    return frame.geometry.array


def border_segments(shapes: np.ndarray) -> SharedSegments:
    """Find the shared segments; where neighbours lack each other's vertices, by intersection.

    Sorting equal segments serves any valid coverage. Blocks drawn elsewhere, whose borders run
    along one another without equal vertices, are intersected pair by pair instead.
    """
    found = shared_segments(shapes)
    if len(shapes) < 2 or shapely.coverage_is_valid(shapes):
        return found
    left, right = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    left, right = left[left < right], right[left < right]
    common = shapely.intersection(shapely.boundary(shapes[left]), shapely.boundary(shapes[right]))
    lines, pair = shapely.get_parts(common, return_index=True)
    is_line = shapely.get_dimensions(lines) == 1
    xy, line = shapely.get_coordinates(lines[is_line], return_index=True)
    pair = pair[is_line][line]
    inner = line[1:] == line[:-1]
    ends = np.hstack([xy[:-1], xy[1:]])[inner]
    return SharedSegments(left[pair[1:][inner]], right[pair[1:][inner]], ends)


def barrier_kinds_and_lines(barriers: gpd.GeoDataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Give the barriers segment by segment: kind number (strongest first) and two-point line.

    Long rivers have thousands of vertices; short lines keep every distance test short.
    """
    names, _ = _kind_table()
    number = {name: i for i, name in enumerate(names.tolist())}
    column = barriers["kind"] if "kind" in barriers else [None] * len(barriers)
    known = [
        number.get(kind if isinstance(kind, str) and kind else DEFAULT_KIND) for kind in column
    ]
    kinds = np.array([number[DEFAULT_KIND] if k is None else k for k in known], dtype=int)
    shapes = np.asarray(barriers.geometry.array, dtype=object)
    flat = shapely.get_dimensions(shapes) == 2
    parts, owner = shapely.get_parts(
        np.where(flat, shapely.boundary(shapes), shapes), return_index=True
    )
    xy, line = shapely.get_coordinates(parts, return_index=True)
    inner = line[1:] == line[:-1]
    segments = shapely.linestrings(np.stack([xy[:-1], xy[1:]], axis=1)[inner])
    return kinds[owner[line[1:][inner]]], segments


def _kind_table() -> tuple[np.ndarray, np.ndarray]:
    """Give all kinds, strongest first and open ground last, and their factors."""
    names = sorted(BARRIER_FACTORS, key=lambda name: BARRIER_FACTORS[name])
    factors = [BARRIER_FACTORS[name] for name in names]
    return np.array([*names, ""], dtype=object), np.array([*factors, OPEN_FACTOR])


def _follow_barriers(
    shared: SharedSegments, kinds: np.ndarray, lines: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Cut borders into short pieces and find the strongest barrier that each runs along.

    Returns
    -------
    left, right, length_m, strongest
        (p,) rows of the blocks, length and kind number of each piece.
    """
    length_m = shared.length_m
    n_pieces = np.maximum(np.ceil(length_m / PIECE_M), 1).astype(int)
    segment = np.repeat(np.arange(len(length_m)), n_pieces)
    step = np.arange(len(segment)) - np.repeat(np.cumsum(n_pieces) - n_pieces, n_pieces)
    along = ((step + 0.5) / n_pieces[segment])[:, None]
    ends = shared.ends[segment]
    middle = ends[:, :2] * (1 - along) + ends[:, 2:] * along
    strongest = np.full(len(segment), len(BARRIER_FACTORS))
    if len(lines) and len(segment):
        piece, line = shapely.STRtree(lines).query(
            shapely.points(middle), predicate="dwithin", distance=ALONG_WITHIN_M
        )
        np.minimum.at(strongest, piece, kinds[line])
    return shared.left[segment], shared.right[segment], (length_m / n_pieces)[segment], strongest


def _main_kind(share: np.ndarray) -> np.ndarray:
    """Give the kind most of each border follows, open ground if no more than half is along any.

    Parameters
    ----------
    share
        (m, kinds) metres of border along each kind, open ground last.
    """
    barred = share[:, :-1]
    if not len(share):
        return np.zeros(0, dtype=int)
    half = share.sum(axis=1) / 2
    return np.where(barred.sum(axis=1) > half, barred.argmax(axis=1), share.shape[1] - 1)
