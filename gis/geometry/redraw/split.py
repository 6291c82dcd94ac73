"""One grid made into two, and several into one. Pure, in metres."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
import shapely
from scipy.spatial import cKDTree

from gis.errors import InvalidInput
from gis.geometry.band import Band
from gis.geometry.partition.graph import Graph, build_graph, find_components, take_nodes
from gis.geometry.partition.objective import Objective, build_terms
from gis.geometry.partition.search import Search, Work
from gis.geometry.partition.start import start_parts
from gis.geometry.redraw.ground import WorkingGround
from gis.geometry.redraw.locks import as_codes
from gis.geometry.redraw.sides import TOUCHED_SHARE, share_left, split_sides

HALVES_WITHIN = 0.1
"""Halves should differ from an even share by no more than this."""

HALVES_WORK = Work(2, 1500, 60)


@dataclass(frozen=True)
class Split:
    """Two sets of blocks.

    Parameters
    ----------
    larger, smaller
        Rows: the larger one, by households, goes on as the grid it was.
    crossed
        Rows of the blocks that the line cuts; each is where most of its area lies.
    share_across
        (c,) share of each crossed block that lies on the other side.
    """

    larger: np.ndarray
    smaller: np.ndarray
    crossed: np.ndarray
    share_across: np.ndarray


def split_by_line(
    ground: WorkingGround, shapes: np.ndarray, members: np.ndarray, line: shapely.LineString
) -> Split:
    """Split a grid along a drawn line.

    Parameters
    ----------
    shapes
        (n,) polygons of all blocks.
    members
        Rows of the grid's blocks.
    line
        From edge to edge; an end inside the grid goes on straight.

    Raises
    ------
    InvalidInput
        The line misses the grid, crosses itself, or leaves all blocks on one side.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from gis.geometry.redraw.ground import make_working_ground
    >>> frame = gpd.GeoDataFrame({"block_id": [1, 2, 3], "households": 9},
    ...     geometry=shapely.box([0, 9, 18], 0, [9, 18, 27], 9), crs=32632)
    >>> ground = make_working_ground(frame, minimum=1, maximum=99)
    >>> line = shapely.LineString([(16, -1), (16, 10)])
    >>> split = split_by_line(ground, frame.geometry.to_numpy(), np.arange(3), line)
    >>> split.larger.tolist(), split.smaller.tolist(), split.crossed.tolist()
    ([0, 1], [2], [1])
    """
    members = np.sort(np.asarray(members, np.int64))
    mine = np.asarray(shapes, dtype=object)[members]
    sides = split_sides(shapely.union_all(mine), line)
    share = share_left(mine, *sides)
    left = share >= 0.5
    if left.all() or not left.any():
        raise InvalidInput(
            "the line leaves every block of the grid on one side; draw it further inside, or cut"
            " the block it crosses"
        )
    across = np.minimum(share, 1 - share)
    crossed = across > TOUCHED_SHARE
    larger, smaller = _by_size(ground, members[left], members[~left])
    return Split(larger, smaller, members[crossed], across[crossed])


def split_in_halves(ground: WorkingGround, members: np.ndarray, *, seed: int = 0) -> Split:
    """Split a grid into two connected halves of about equal weight, along barriers.

    Raises
    ------
    InvalidInput
        The grid is a single block.
    """
    members = np.sort(np.asarray(members, np.int64))
    if len(members) < 2:
        raise InvalidInput("the grid is a single block; cut the block by a line instead")
    graph = _joined(ground, members)
    half = graph.weight.sum() / 2
    start = start_parts(graph, 2, seed)
    cut = start[graph.source] != start[graph.neighbour]
    terms = build_terms(
        graph,
        Objective(),
        2,
        Band(half * (1 - HALVES_WITHIN), half * (1 + HALVES_WITHIN)),
        unit=max(0.5 * graph.cost[cut].sum(), float(np.abs(graph.cost).mean()), 1e-9),
        mean=half,
        measures=ground.other_measures,
    )
    part = Search(graph, terms, seed).run(HALVES_WORK)
    none = np.zeros(0, np.int64)
    return Split(
        *_by_size(ground, members[part == 0], members[part == 1]), none, none.astype(float)
    )


def _by_size(ground: WorkingGround, a: np.ndarray, b: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Put the larger set first: households, then ground, then the smallest row."""

    def load(rows: np.ndarray) -> tuple[float, float, int]:
        households = float(ground.households[rows].sum())
        return households, float(ground.area_m2[rows].sum()), -int(rows[0])

    return (a, b) if load(a) > load(b) else (b, a)


def _joined(ground: WorkingGround, members: np.ndarray) -> Graph:
    """Give the graph of some blocks, parts that do not touch linked where they are nearest.

    Where nobody lives the ground is halved by area.
    """
    graph = take_nodes(ground.graph, members)
    links = _links(np.column_stack([ground.x_m, ground.y_m])[members], find_components(graph))
    kept = graph.source < graph.neighbour
    edges = np.column_stack([graph.source[kept], graph.neighbour[kept]])
    free = np.zeros(len(links))
    weight = graph.weight if graph.weight.sum() > 0 else graph.area_m2
    return build_graph(
        weight,
        np.vstack([edges, links]),
        np.append(graph.cost[kept], free),
        length_m=np.append(graph.length_m[kept], free),
        area_m2=graph.area_m2,
        perimeter_m=graph.perimeter_m,
        others=graph.others,
    )


def _links(xy: np.ndarray, part: np.ndarray) -> np.ndarray:
    """Link each part to those before it, where they are nearest: (parts - 1, 2)."""
    links = []
    for p in range(1, part.max() + 1):
        mine, before = np.flatnonzero(part == p), np.flatnonzero(part < p)
        distance, place = cKDTree(xy[before]).query(xy[mine])
        nearest = int(np.argmin(distance))
        links.append((before[place[nearest]], mine[nearest]))
    return np.array(links, np.int64).reshape(-1, 2)


def merge_grids(code: np.ndarray, codes: Collection[str], into: str) -> np.ndarray:
    """Give the blocks of some grids to one of them.

    Raises
    ------
    InvalidInput
        Fewer than two grids, a grid without blocks, or ``into`` is none of them.

    Examples
    --------
    >>> merge_grids(np.array(["a", "b", "c"]), ["a", "b"], "b").tolist()
    ['b', 'b', 'c']
    """
    code = as_codes(code)
    wanted = list(dict.fromkeys(codes))
    if len(wanted) < 2 or into not in wanted:
        raise InvalidInput("choose two grids or more to merge, and which of them goes on")
    missing = [c for c in wanted if c == "" or not (code == c).any()]
    if missing:
        raise InvalidInput("grid {grid} has no blocks to merge", grid=missing[0] or "(none)")
    return np.where(np.isin(code, wanted), into, code)


def larger_grid(ground: WorkingGround, code: np.ndarray, codes: Collection[str]) -> str:
    """Give the grid that goes on when some are merged: most households, then ground, then code."""
    code = as_codes(code)

    def load(name: str) -> tuple[float, float]:
        mine = code == name
        return float(ground.households[mine].sum()), float(ground.area_m2[mine].sum())

    return max(sorted(codes), key=load)
