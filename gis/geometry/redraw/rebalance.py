"""The machine's hand in an edit: the grids around it brought back into the band. Pure.

The grids touched and their neighbours are divided again from where they are; everything else, what
is locked and what a person has just drawn stays.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
import pandas as pd

from gis.errors import InvalidInput
from gis.geometry.band import Band
from gis.geometry.partition.graph import Graph, take_nodes
from gis.geometry.partition.objective import LOCKED, Objective, build_terms, measure_terms
from gis.geometry.partition.score import Terms
from gis.geometry.partition.search import Search, Work
from gis.geometry.redraw.desk import Desk
from gis.geometry.redraw.faults import Fault, find_faults, is_legal
from gis.geometry.redraw.figures import measure_grids, number_codes
from gis.geometry.redraw.ground import WorkingGround
from gis.geometry.redraw.locks import Locks, as_codes, no_locks
from gis.geometry.redraw.moves import Move, list_moves
from gis.geometry.redraw.repair import assign_beside, join_parts

START_PROPOSALS, REGION_PROPOSALS = 1e7, 2.5e7
"""Moves tried in all from the start and in regions: less than a second whatever the size."""

N_STARTS, N_REGIONS = 2, 24

MOST_RINGS = 3
"""Where the band is not met, rings of further grids are taken in up to this many."""


@dataclass(frozen=True)
class Proposal:
    """A division the machine proposes; nothing is changed until a person takes it.

    Parameters
    ----------
    code
        (n,) the division proposed.
    moves
        What it changes.
    before, after
        The figures of the grids that may change (`measure_grids`), now and as proposed.
    terms_before, terms_after
        Every term of the objective of these grids and of ``total``, one unit being the border of a
        usual grid; ``out_of_band`` in the measure of the band.
    faults
        What the proposed division still breaks, anywhere.
    """

    code: np.ndarray
    moves: list[Move]
    before: pd.DataFrame
    after: pd.DataFrame
    terms_before: pd.DataFrame
    terms_after: pd.DataFrame
    faults: list[Fault]


def rebalance_around(
    ground: WorkingGround,
    code: np.ndarray,
    touched: Collection[str] = (),
    *,
    previous_code: np.ndarray | None = None,
    locks: Locks | None = None,
    n_rings: int = 1,
    seed: int = 0,
    objective: Objective | None = None,
) -> Proposal:
    """Bring the grids around an edit back into the band, changing as little as helps.

    Torn grids are joined first. A division that could be saved is never made worse by the band.

    Parameters
    ----------
    touched
        Grids the edit touched; those that differ from ``previous_code`` when missing.
    previous_code
        (n,) the division before the edit: blocks that were moved since stay where they were put.
    locks
        Further blocks and grids that stay.
    n_rings
        How many rings of neighbouring grids may change too; more where the band is not met.
    objective
        Weights of the terms; staying counts against the division as it is now.

    Raises
    ------
    InvalidInput
        No grid was touched, or all of them are locked.

    Examples
    --------
    >>> import geopandas as gpd, shapely
    >>> from gis.geometry.redraw.ground import make_working_ground
    >>> frame = gpd.GeoDataFrame({"block_id": range(1, 7), "households": 100},
    ...     geometry=shapely.box(np.arange(6) * 9, 0, np.arange(6) * 9 + 9, 9), crs=32632)
    >>> ground = make_working_ground(frame, minimum=150, maximum=250)
    >>> proposal = rebalance_around(ground, np.array(list("aaaabc")), "a")
    >>> "".join(proposal.code), float(proposal.terms_after["out_of_band"]["total"])
    ('aabbcc', 0.0)
    """
    now = as_codes(code)
    free = no_locks(len(now)) if locks is None else locks
    edited = now if previous_code is None else as_codes(previous_code)
    painted = np.flatnonzero((now != edited) & (now != ""))
    touched = set(touched) or (set(now[now != edited]) | set(edited[now != edited])) - {""}
    firm = free.holding(now, painted)
    found: list[tuple[float, np.ndarray, list[str]]] = []
    for rings in range(n_rings, max(n_rings, MOST_RINGS) + 1):
        after, region = _redraw(ground, now, firm, touched, rings, seed, objective or Objective())
        table = measure_grids(ground, after, region)
        total = float(measure_grids(ground, after)["deviation"].abs().sum())
        found.append((total, after, region))
        if not table["deviation"].any() or (found[1:] and region == found[-2][2]):
            break
    if is_legal(find_faults(ground, now, locks)):
        total = float(measure_grids(ground, now)["deviation"].abs().sum())
        found.append((total, now, found[0][2]))
    _, after, region = min(found, key=lambda entry: entry[0])
    return compare(ground, now, after, region, locks, objective)


def _redraw(
    ground: WorkingGround,
    code: np.ndarray,
    locks: Locks,
    touched: set[str],
    n_rings: int,
    seed: int,
    objective: Objective,
) -> tuple[np.ndarray, list[str]]:
    """Divide some grids and rings of their neighbours again; give the division and the grids."""
    desk = Desk(ground, code, locks)
    region = _around(ground, code, touched, n_rings, desk.shut)
    if not region:
        raise InvalidInput("no grid to rebalance: choose grids that are neither locked nor closed")
    rows = _clear(desk, region)
    settled = as_codes(desk.code)
    names, place = number_codes(settled[rows], region)
    graph, terms = _lay_out(ground, desk, rows, place, len(names), objective)
    part = Search(graph, terms, seed).run(_work(len(rows)), place, only_start=True)
    after = settled.astype(object)
    after[rows] = np.array(names, dtype=object)[part]
    return as_codes(after), names


def _work(n_blocks: int) -> Work:
    """Share a fixed number of proposals among some blocks."""
    moves = np.clip([START_PROPOSALS / N_STARTS, REGION_PROPOSALS / N_REGIONS], 0, 4000 * n_blocks)
    start, region = (moves / max(n_blocks, 1)).astype(int).tolist()
    return Work(N_STARTS, start, 80, n_regions=N_REGIONS, region_moves=region)


def _around(
    ground: WorkingGround, code: np.ndarray, touched: set[str], n_rings: int, shut: frozenset[str]
) -> list[str]:
    """List grids and their neighbours, ring by ring, without those that no block may join."""
    names, grid = number_codes(code)
    pairs = grid[ground.edges]
    pairs = pairs[(pairs >= 0).all(axis=1) & (pairs[:, 0] != pairs[:, 1])]
    is_open = np.array([name not in shut for name in names], bool)
    chosen = is_open & np.isin(names, sorted(touched))
    for _ in range(n_rings):
        reached = np.unique(pairs[chosen[pairs].any(axis=1)])
        chosen[reached] = True
        chosen &= is_open
    return [name for name, yes in zip(names, chosen, strict=True) if yes]


def _clear(desk: Desk, region: list[str]) -> np.ndarray:
    """Assign loose blocks beside the region and join its torn grids; give the region's blocks."""
    elsewhere = (desk.code != "") & ~np.isin(as_codes(desk.code), region)
    desk.free &= ~elsewhere
    desk.shut = desk.shut | (set(desk.code[elsewhere].tolist()) - {""})
    assign_beside(desk)
    join_parts(desk, region)
    return np.flatnonzero(np.isin(as_codes(desk.code), region))


def usual_border(ground: WorkingGround, code: np.ndarray) -> float:
    """Give the border cost of a usual grid of a division: the unit of its objective."""
    names, grid = number_codes(code)
    pairs = grid[ground.edges]
    cut = (pairs[:, 0] != pairs[:, 1]) & (pairs >= 0).all(axis=1)
    mean = float(ground.cost.mean()) if len(ground.cost) else 1.0
    return max(float(ground.cost[cut].sum()) / max(len(names), 1), mean, 1e-9)


def _lay_out(
    ground: WorkingGround,
    desk: Desk,
    rows: np.ndarray,
    home: np.ndarray,
    n_parts: int,
    objective: Objective,
) -> tuple[Graph, Terms]:
    """Give the graph of a region with the price of leaving, and what its parts are judged by."""
    graph = take_nodes(ground.graph, rows)
    unit = usual_border(ground, as_codes(desk.code))
    mean = max(float(graph.weight.sum()) / n_parts, 1e-9)
    stay = np.where(desk.free[rows], objective.stability * unit / mean * graph.weight, LOCKED)
    terms = build_terms(
        graph,
        objective,
        n_parts,
        Band(ground.minimum, ground.maximum),
        unit=unit,
        measures=ground.other_measures,
    )
    return graph._replace(home=home.copy(), stay=stay), terms


def compare(
    ground: WorkingGround,
    before: np.ndarray,
    after: np.ndarray,
    codes: Collection[str],
    locks: Locks | None,
    objective: Objective | None = None,
) -> Proposal:
    """Lay two divisions side by side, looking at some grids."""
    unit = usual_border(ground, before)

    def terms(code: np.ndarray) -> pd.DataFrame:
        return tell_terms(ground, code, codes, before, unit=unit, objective=objective)

    return Proposal(
        code=after,
        moves=list_moves(before, after),
        before=measure_grids(ground, before, codes),
        after=measure_grids(ground, after, codes),
        terms_before=terms(before),
        terms_after=terms(after),
        faults=find_faults(ground, after, locks),
    )


def tell_terms(
    ground: WorkingGround,
    code: np.ndarray,
    codes: Collection[str],
    before: np.ndarray,
    *,
    unit: float,
    objective: Objective | None = None,
) -> pd.DataFrame:
    """Tell every term of the objective of some grids, and their ``total``.

    Borders with grids not asked about are left out, exclusive grids too; ``stability`` counts
    against ``before``.
    """
    objective = objective or Objective()
    code = as_codes(code)
    special = set(code[~ground.is_common].tolist())
    names, grid = number_codes(code, [c for c in codes if c not in special])
    rows = np.flatnonzero(grid >= 0)
    graph = take_nodes(ground.graph, rows)
    inner = take_nodes(ground.graph._replace(cost=_half(ground, ground.cost)), rows)
    strong = take_nodes(ground.graph._replace(cost=_half(ground, ground.strong_m)), rows)
    terms = build_terms(
        graph,
        objective,
        max(len(names), 1),
        Band(ground.minimum, ground.maximum),
        unit=1.0,
        measures=ground.other_measures,
    )
    table = measure_terms(
        graph,
        terms,
        grid[rows],
        border_cost=inner.cost / unit,
        strong_m=strong.cost / unit,
        moved=(as_codes(before)[rows] != code[rows]) & (as_codes(before)[rows] != ""),
        objective=objective,
        measures=ground.other_measures,
    )
    table.index = pd.Index(names, dtype=object, name="code")
    table = table[np.bincount(grid[rows], minlength=len(names)) > 0]
    table.loc["total"] = table.sum()
    return table


def _half(ground: WorkingGround, values: np.ndarray) -> np.ndarray:
    """Give a value of each border as one of each half edge of the graph."""
    source, target = ground.edges.T
    order = np.lexsort((np.append(target, source), np.append(source, target)))
    return np.append(values, values)[order].astype(float)
