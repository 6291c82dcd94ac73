"""Drawing the grids of one community: from blocks to numbered, checked polygons."""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from gis.errors import InvalidInput
from gis.geometry.adjacency import block_graph
from gis.geometry.crs import metric_crs_of, to_metric
from gis.geometry.numbering import reading_order
from gis.geometry.partition.anneal import Terms
from gis.geometry.partition.deadline import Deadline
from gis.geometry.partition.feasible import count_bounds
from gis.geometry.partition.flags import Flag, explain_grids
from gis.geometry.partition.graph import Graph, build_graph, find_components, take_nodes
from gis.geometry.partition.groups import HOLD_TOGETHER, bridge_pieces, choose_count
from gis.geometry.partition.search import Progress, Search, Work
from gis.geometry.partition.start import join_strays, start_parts
from gis.geometry.quality import DivisionQuality, measure_division

BALANCE, COMPACTNESS = 5.0, 1.0
"""Soft terms as multiples of the border cost of a usual grid: all weight off, all shape lost."""

MOVED = 3.0
"""Cost of all households of a grid changing grid, in the same unit; it counts with `previous`."""

LOCKED = 1e15


@dataclass(frozen=True)
class Division:
    """The grids of a community.

    ``assignment``: grid number of each block_id; ``grids``: one polygon row per grid with its
    figures, flags and reasons; ``quality``: what the independent checker measured; ``flags``: what
    is odd, in words.
    """

    assignment: pd.Series
    grids: gpd.GeoDataFrame
    quality: DivisionQuality
    flags: tuple[Flag, ...]


def draw_grids(
    blocks: gpd.GeoDataFrame,
    *,
    weight: str,
    minimum: float,
    maximum: float,
    target: float | None = None,
    n_grids: int | None = None,
    barriers: gpd.GeoDataFrame | None = None,
    previous: Mapping | pd.Series | None = None,
    locked: Mapping | Set | None = None,
    seed: int = 0,
    time_limit_s: float | None = None,
    progress: Progress | None = None,
    effort: float = 1.0,
) -> Division:
    """Divide the blocks of one community into grids.

    Where the band cannot be met the nearest division is given and flagged, never refused.

    Parameters
    ----------
    blocks
        ``block_id``, the weight column, optionally ``people``; a clean coverage of polygons.
    weight, minimum, maximum, target
        Column to balance, its band (inclusive), and the usual size (the middle of the band).
    n_grids
        Number of grids; chosen by `target` when missing.
    barriers
        Lines with ``kind``; borders along them are cheap.
    previous
        Grid number of each block_id before; few households change grid, numbers are kept.
    locked
        Blocks that stay: a set of block_ids (they keep `previous`), or block_id -> grid number.
    seed, time_limit_s, effort
        Same input and seed, same grids; a limit cuts the work, effort multiplies it.
    progress
        Called with the fraction done and a message.

    Raises
    ------
    InvalidInput
        A column is missing, there are no blocks, or the band is not one.
    """
    _check(blocks, weight, minimum, maximum, n_grids)
    heft = blocks[weight].fillna(0).to_numpy(float)
    homes = _home_numbers(blocks["block_id"], previous, locked)
    graph, piece = _graph_of(blocks, np.minimum(heft, maximum), barriers, minimum, maximum)
    target = target or (minimum + maximum) / 2
    deadline = Deadline(time_limit_s)
    part = np.zeros(len(blocks), np.int64)
    counts = _share_counts(graph, piece, n_grids, minimum, maximum, target)
    for number, count in enumerate(counts):
        nodes = np.flatnonzero(piece == number)
        job = _Job(take_nodes(graph, nodes), minimum, maximum, seed, deadline, progress, effort)
        found = job.solve(count, homes.take(nodes), free=n_grids is None)
        part[nodes] = part.max() + 1 + found if number else found
    grid = _number(blocks, part, heft, homes)
    return _publish(blocks, grid, heft, weight, minimum, maximum, barriers)


def _check(
    blocks: gpd.GeoDataFrame, weight: str, minimum: float, maximum: float, n_grids: int | None
) -> None:
    for column in ("block_id", weight):
        if column not in blocks.columns:
            raise InvalidInput(
                f"blocks have no column '{column}'; they have {list(blocks.columns)}"
            )
    if not len(blocks):
        raise InvalidInput("there are no blocks to divide; build the community's blocks first")
    if not 0 < minimum <= maximum:
        raise InvalidInput(f"the band {minimum:g}-{maximum:g} is not one: 0 < minimum <= maximum")
    if n_grids is not None and not 1 <= n_grids <= len(blocks):
        raise InvalidInput(f"{n_grids} grids asked for; expected 1 to {len(blocks)} (the blocks)")
    values = blocks[weight].fillna(0).to_numpy(float)
    if not (np.isfinite(values) & (values >= 0)).all():
        raise InvalidInput(f"column '{weight}' must hold numbers from 0 up")


@dataclass(frozen=True)
class _Homes:
    """Grid number (-1: none) each block had, and which blocks must keep it."""

    number: np.ndarray
    locked: np.ndarray

    def take(self, nodes: np.ndarray) -> _Homes:
        return _Homes(self.number[nodes], self.locked[nodes])


def _home_numbers(
    ids: pd.Series, previous: Mapping | pd.Series | None, locked: Mapping | Set | None
) -> _Homes:
    before = {} if previous is None else dict(previous)
    locks = {b: before.get(b, -1) for b in locked or ()}
    if locked is not None and not isinstance(locked, Set):
        locks = dict(locked)
    unknown = [b for b in locks if b not in set(ids)]
    if unknown:
        raise InvalidInput(f"locked block {unknown[0]} is not among the blocks")
    number = np.array([locks.get(b, before.get(b, -1)) for b in ids], np.int64)
    return _Homes(number, np.array([b in locks for b in ids]) & (number >= 0))


def _graph_of(
    blocks: gpd.GeoDataFrame,
    heft: np.ndarray,
    barriers: gpd.GeoDataFrame | None,
    minimum: float,
    maximum: float,
) -> tuple[Graph, np.ndarray]:
    """Build the graph of the blocks; pieces too small for themselves are bridged to the nearest."""
    crs = metric_crs_of(blocks)
    blocks = to_metric(blocks, crs)
    if barriers is not None:
        barriers = to_metric(barriers, crs)
    net = block_graph(blocks, barriers=barriers)
    shapes = blocks.geometry.to_numpy()
    edges = np.asarray(net.edges, np.int64).reshape(-1, 2)
    cost, length = np.asarray(net.cost, float), np.asarray(net.shared_length_m, float)
    piece = find_components(build_graph(heft, edges, cost))
    totals = np.bincount(piece, heft)
    if len(totals) > 1:
        cost = np.where(totals[piece[edges[:, 0]]] < minimum, HOLD_TOGETHER * cost, cost)
    bridges = bridge_pieces(shapes, heft, piece, minimum, maximum)
    nothing = np.zeros(len(bridges))
    graph = build_graph(
        heft,
        np.vstack([edges, bridges]),
        np.concatenate([cost, nothing]),
        length_m=np.concatenate([length, nothing]),
        area_m2=shapely.area(shapes),
        perimeter_m=shapely.length(shapes),
    )
    return graph, find_components(graph)


def _share_counts(
    graph: Graph,
    piece: np.ndarray,
    n_grids: int | None,
    minimum: float,
    maximum: float,
    target: float,
) -> list[int]:
    """Choose the number of grids of each group of pieces."""
    totals, sizes = np.bincount(piece, graph.weight), np.bincount(piece)
    pairs = list(zip(totals, sizes, strict=True))
    if n_grids is not None and len(pairs) == 1:
        return [n_grids]
    counts = [choose_count(h, n, minimum, maximum, target) for h, n in pairs]
    if n_grids is None:
        return counts
    while sum(counts) != n_grids:
        step = 1 if sum(counts) < n_grids else -1
        room = [0 < c + step <= n for c, (_, n) in zip(counts, pairs, strict=True)]
        if not any(room):
            break
        off = [abs(h / max(c + step, 1) - target) for c, (h, _) in zip(counts, pairs, strict=True)]
        counts[int(np.argmin(np.where(room, off, np.inf)))] += step
    return counts


@dataclass
class _Job:
    """One connected group of blocks to divide."""

    graph: Graph
    minimum: float
    maximum: float
    seed: int
    deadline: Deadline
    progress: Progress | None
    effort: float

    def solve(self, count: int, homes: _Homes, *, free: bool) -> np.ndarray:
        """Divide into `count` parts, or a neighbouring number if that fits the band better."""
        count = max(count, len(np.unique(homes.number[homes.locked])))
        if free and (homes.number >= 0).any():
            count = self._keep_count(count, homes)
        best = self._search(count, homes)
        if not free or best.score[0] <= 0:
            return best.best
        fewest, most = count_bounds(self.graph.weight.sum(), self.minimum, self.maximum)
        for other in (count - 1, count + 1):
            if not max(1, fewest) <= other <= min(most, self.graph.n_nodes):
                continue
            trial = self._search(other, homes)
            if trial.score[0] < best.score[0]:
                best = trial
        return best.best

    def _keep_count(self, count: int, homes: _Homes) -> int:
        """Keep the number of grids there were, if it can be kept."""
        before = len(np.unique(homes.number[homes.number >= 0]))
        fewest, most = count_bounds(self.graph.weight.sum(), self.minimum, self.maximum)
        return before if fewest <= before <= min(most, self.graph.n_nodes) else count

    def _search(self, count: int, homes: _Homes) -> Search:
        graph, terms = self.graph, Terms(count, self.minimum, self.maximum, 0.0, 0.0, 0.0)
        raw = start_parts(graph, count, self.seed)
        cut = graph.cost[raw[graph.source] != raw[graph.neighbour]].sum()
        unit = max(float(cut) / count, float(graph.cost.mean()) if len(graph.cost) else 1.0, 1e-9)
        mean = max(float(graph.weight.sum()) / count, 1e-9)
        terms = terms._replace(
            mean=mean, balance=BALANCE * unit / mean**2, compactness=COMPACTNESS * unit
        )
        start = None
        if (homes.number >= 0).any():
            graph, start = _with_homes(graph, raw, count, homes, MOVED * unit / mean)
        search = Search(graph, terms, self.seed, self.deadline, self.progress)
        work = Work.for_size(graph.n_nodes, self.effort)
        search.run(work, start, only_start=start is not None)
        return search


def _with_homes(
    graph: Graph, raw: np.ndarray, count: int, homes: _Homes, price: float
) -> tuple[Graph, np.ndarray]:
    """Start from where the blocks were, and make leaving cost."""
    from scipy.optimize import linear_sum_assignment

    held = homes.number >= 0
    old, row = np.unique(homes.number[held], return_inverse=True)
    overlap = np.zeros((len(old), count))
    np.add.at(overlap, (row, raw[held]), graph.weight[held] + 1e-3 + 1e6 * homes.locked[held])
    grids, parts = linear_sum_assignment(-overlap)
    label = np.full(len(old), -1, np.int64)
    label[grids] = parts
    home = np.full(graph.n_nodes, -1, np.int64)
    home[held] = label[row]
    stay = np.where(homes.locked, LOCKED, price * graph.weight)
    start = np.where(home >= 0, home, raw)
    heavy = graph._replace(weight=graph.weight + 1e9 * homes.locked)
    start = join_strays(heavy, start, count)
    start = np.where(homes.locked & (home >= 0), home, start)
    return graph._replace(home=home, stay=stay), start


def _number(
    blocks: gpd.GeoDataFrame, part: np.ndarray, heft: np.ndarray, homes: _Homes
) -> np.ndarray:
    """Give parts their numbers: kept by the majority of their weight, new ones by place."""
    parts, row = np.unique(part, return_inverse=True)
    blocks = to_metric(blocks, metric_crs_of(blocks))
    shapes = blocks.geometry.to_numpy()
    ground = np.array([shapely.union_all(shapes[row == p]) for p in range(len(parts))], object)
    kept = _kept_numbers(row, heft, homes)
    free = iter(n for n in range(int(homes.number.max()) + 1 or 1, 10**9) if n > 0)
    if not (homes.number >= 0).any():
        return reading_order(ground)[row]
    number = np.zeros(len(parts), np.int64)
    for p in np.argsort(reading_order(ground)):
        number[p] = kept[p] if p in kept else next(free)
    return number[row]


def _kept_numbers(row: np.ndarray, heft: np.ndarray, homes: _Homes) -> dict[int, int]:
    """Find which part keeps which number: it holds a lock on it or at least half its weight."""
    kept: dict[int, int] = {}
    load = heft + 1e-6
    for number in np.unique(homes.number[homes.number >= 0]):
        mine = homes.number == number
        by_part = np.bincount(row[mine], load[mine] + 1e9 * homes.locked[mine], row.max() + 1)
        best = int(np.argmax(by_part))
        if by_part[best] >= 0.5 * by_part.sum() and best not in kept:
            kept[best] = int(number)
    return kept


def _publish(
    blocks: gpd.GeoDataFrame,
    grid: np.ndarray,
    heft: np.ndarray,
    weight: str,
    minimum: float,
    maximum: float,
    barriers: gpd.GeoDataFrame | None,
) -> Division:
    """Build the polygons, have them checked and say what is odd."""
    assignment = pd.Series(grid, index=blocks["block_id"].to_numpy(), name="grid")
    quality = measure_division(
        blocks, assignment, weight=weight, minimum=minimum, maximum=maximum, barriers=barriers
    )
    flags = explain_grids(quality, heft, grid, minimum=minimum, maximum=maximum, word=weight)
    shapes = blocks.geometry.to_numpy()
    table = quality.grids.reset_index()
    table["flags"] = [", ".join(f.rule for f in flags if f.grid == g) for g in table["grid"]]
    table["reason"] = [" ".join(f.reason for f in flags if f.grid == g) for g in table["grid"]]
    ground = [shapely.union_all(shapes[grid == g]) for g in table["grid"]]
    return Division(
        assignment, gpd.GeoDataFrame(table, geometry=ground, crs=blocks.crs), quality, flags
    )
