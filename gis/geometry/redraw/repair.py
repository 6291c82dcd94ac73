"""Mending a working division: what lies loose, apart or shut in, by the smallest change. Pure.

Every step takes the change that moves fewest households, ties go to the smaller row, and nothing
that is locked moves; so the same division is always mended in the same way.
"""

from __future__ import annotations

import heapq
from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
from scipy.spatial import cKDTree

from gis.geometry.redraw.desk import Desk
from gis.geometry.redraw.faults import Fault, enclosed_groups, find_faults
from gis.geometry.redraw.figures import home_piece, measure_grids
from gis.geometry.redraw.ground import WorkingGround
from gis.geometry.redraw.locks import Locks, as_codes
from gis.geometry.redraw.moves import Move, list_moves
from gis.geometry.redraw.topology import label_parts

BRIDGE_SHARE = 0.5
"""A way over other grids makes thin grids: it must move less than this share of households."""


@dataclass(frozen=True)
class Repair:
    """A mended division.

    Parameters
    ----------
    code
        (n,) the division after.
    moves
        What changed.
    left
        Faults of the kind mended that could not be: locks are in the way, or nothing is beside.
    """

    code: np.ndarray
    moves: list[Move]
    left: list[Fault]


def _report(desk: Desk, before: np.ndarray, *rules: str) -> Repair:
    code = as_codes(desk.code)
    left = [f for f in find_faults(desk.ground, code, desk.locks) if f.rule in rules]
    return Repair(code, list_moves(before, code), left)


def assign_unassigned(
    ground: WorkingGround, code: np.ndarray, locks: Locks | None = None
) -> Repair:
    """Give every block without a grid to one beside it: within the band, then along barriers.

    Blocks of an exclusive grid go to it. Pieces of the community in which there is no grid go to
    the nearest one.

    Examples
    --------
    >>> import geopandas as gpd, shapely
    >>> from gis.geometry.redraw.ground import make_working_ground
    >>> frame = gpd.GeoDataFrame({"block_id": [1, 2, 3], "households": [9, 1, 5]},
    ...     geometry=shapely.box([0, 9, 18], 0, [9, 18, 27], 9), crs=32632)
    >>> ground = make_working_ground(frame, minimum=1, maximum=9)
    >>> assign_unassigned(ground, np.array(["a", "", "b"])).code.tolist()
    ['a', 'b', 'b']
    """
    desk = Desk(ground, code, locks)
    _assign_exclusive(desk)
    assign_beside(desk)
    _assign_apart(desk)
    return _report(desk, code, "unassigned")


def _assign_exclusive(desk: Desk) -> None:
    ground = desk.ground
    for name in sorted(set(ground.exclusive[~ground.is_common].tolist())):
        mine = np.flatnonzero(ground.exclusive == name)
        held = sorted({c for c in desk.code[mine].tolist() if c})
        if len(held) == 1 and held[0] not in desk.locks.closed:
            desk.give(mine[desk.code[mine] == ""], held[0])


def assign_beside(desk: Desk) -> None:
    """Assign free blocks one after another, always the one that fits its neighbour best."""
    loose = np.flatnonzero((desk.code == "") & desk.free)
    queue = [(best, row) for row in loose.tolist() if (best := desk.best_home(np.array([row])))]
    heapq.heapify(queue)
    while queue:
        told, row = heapq.heappop(queue)
        if desk.code[row]:
            continue
        now = desk.best_home(np.array([row]))
        if now != told:
            if now:
                heapq.heappush(queue, (now, row))
            continue
        desk.give(np.array([row]), told[2])
        for other in desk.neighbours(row).tolist():
            if desk.code[other] or not desk.free[other]:
                continue
            if home := desk.best_home(np.array([other])):
                heapq.heappush(queue, (home, other))


def _assign_apart(desk: Desk) -> None:
    """Give each piece of the community that holds no grid at all to the nearest grid."""
    ground = desk.ground
    loose = np.flatnonzero((desk.code == "") & desk.free)
    taken = np.flatnonzero([bool(c) and c not in desk.shut for c in desk.code.tolist()])
    if not len(loose) or not len(taken):
        return
    xy = np.column_stack([ground.x_m, ground.y_m])
    tree = cKDTree(xy[taken])
    for piece in np.unique(ground.common_piece[loose]):
        mine = loose[ground.common_piece[loose] == piece]
        distance, place = tree.query(xy[mine])
        desk.give(mine, desk.code[taken[place[np.argmin(distance)]]])


def make_contiguous(ground: WorkingGround, code: np.ndarray, locks: Locks | None = None) -> Repair:
    """Make every grid hang together.

    A part off the main one goes to a neighbouring grid; or it is joined to its own by a way over
    blocks of others, if that moves far fewer households.

    Examples
    --------
    >>> import geopandas as gpd, shapely
    >>> from gis.geometry.redraw.ground import make_working_ground
    >>> frame = gpd.GeoDataFrame({"block_id": [1, 2, 3, 4, 5], "households": [5, 9, 9, 0, 7]},
    ...     geometry=shapely.box([0, 9, 18, 27, 36], 0, [9, 18, 27, 36, 45], 9), crs=32632)
    >>> ground = make_working_ground(frame, minimum=1, maximum=99)
    >>> make_contiguous(ground, np.array(["a", "b", "b", "a", "a"])).code.tolist()
    ['b', 'b', 'b', 'a', 'a']
    """
    desk = Desk(ground, code, locks)
    join_parts(desk)
    return _report(desk, code, "not_connected")


def join_parts(desk: Desk, among: Collection[str] | None = None) -> None:
    """Make grids hang together, all or some, one part after another."""
    while any(
        _mend(desk, name, rows) for name, rows in _strays(desk) if among is None or name in among
    ):
        pass


def _strays(desk: Desk) -> list[tuple[str, np.ndarray]]:
    """List the parts off the main part of their grid, the lightest first.

    The main part in each piece of the community is the heaviest, of equals the one with the
    smallest row.
    """
    ground = desk.ground
    names, grid = desk.grids()
    rows = np.flatnonzero(grid >= 0)
    part = label_parts(ground.graph.indptr, ground.graph.neighbour, grid, rows)[rows]
    n = int(part.max(initial=-1)) + 1
    _, first = np.unique(part, return_index=True)
    first = rows[first]
    load = np.bincount(part, ground.households[rows] + 1e-9 * ground.area_m2[rows], n)
    home = np.column_stack([grid[first], home_piece(ground, first)])
    order = np.lexsort((-first, load))
    main = {tuple(home[p]): p for p in order.tolist()}
    found = []
    for p in order.tolist():
        if main[tuple(home[p])] != p:
            found.append((names[grid[first[p]]], rows[part == p]))
    return found


def _mend(desk: Desk, name: str, rows: np.ndarray) -> bool:
    """Join one part to its grid or to another; tell whether that was possible."""
    home = desk.best_home(rows, apart_from=name) if desk.free[rows].all() else None
    price = float(desk.ground.households[rows].sum()) if home else np.inf
    most = price * BRIDGE_SHARE
    if most > 0 and name not in desk.shut and _bridge(desk, name, rows, most):
        return True
    if home:
        desk.give(rows, home[2])
    return home is not None


def _bridge(desk: Desk, name: str, rows: np.ndarray, most: float) -> bool:
    """Join a part to the rest of its grid by a way that tears no other grid."""
    inside = set(rows.tolist())

    def arrives(row: int) -> bool:
        beside = desk.neighbours(row).tolist()
        return any(desk.code[other] == name and other not in inside for other in beside)

    way = desk.shortest_way(
        rows,
        may_pass=lambda row: desk.code[row] != name and desk.code[row] not in desk.shut,
        arrives=arrives,
        most=most,
    )
    return way is not None and _take(desk, way, name)


def _take(desk: Desk, way: list[int], name: str) -> bool:
    """Give a way to a grid unless that tears or empties one it leads through."""
    was = desk.code[way].copy()
    donors = set(was.tolist()) - {""}
    parts = desk.count_parts(donors)
    desk.give(np.array(way), name)
    after = desk.count_parts(donors)
    if all(0 < after[donor] <= parts[donor] for donor in donors):
        return True
    desk.restore(way, was)
    return False


def fix_enclaves(ground: WorkingGround, code: np.ndarray, locks: Locks | None = None) -> Repair:
    """Open or fill what one grid shuts in.

    Loose blocks and parts of grids that lie elsewhere too go to the grid around them; a whole grid
    gets a way out through it, over as few households as can be.

    Examples
    --------
    >>> import geopandas as gpd, shapely
    >>> from gis.geometry.redraw.ground import make_working_ground
    >>> frame = gpd.GeoDataFrame({"block_id": range(1, 10), "households": [9, 5] * 4 + [9]},
    ...     geometry=[shapely.box(x, y, x + 9, y + 9) for y in (0, 9, 18) for x in (0, 9, 18)],
    ...     crs=32632)
    >>> ground = make_working_ground(frame, minimum=1, maximum=99)
    >>> "".join(fix_enclaves(ground, np.array(list("aaaabaaaa"))).code)
    'abaabaaaa'
    """
    desk = Desk(ground, code, locks)
    while _fix_one_enclave(desk):
        pass
    return _report(desk, code, "enclave")


def _fix_one_enclave(desk: Desk) -> bool:
    names, grid = desk.grids()
    for place, name in enumerate(names):
        for rows in enclosed_groups(desk.ground, grid, np.flatnonzero(grid == place)):
            if _fill(desk, name, rows, grid) or _open(desk, name, rows):
                return True
    return False


def _fill(desk: Desk, name: str, rows: np.ndarray, grid: np.ndarray) -> bool:
    """Give to the grid around them the blocks shut in that belong to no grid or one elsewhere."""
    inside = np.zeros(len(grid), bool)
    inside[rows] = True
    elsewhere = np.unique(grid[~inside])
    loose = rows[desk.free[rows] & (np.isin(grid[rows], elsewhere) | (grid[rows] < 0))]
    if name in desk.shut or not len(loose):
        return False
    was, before = desk.code[loose].copy(), _count_enclaves(desk)
    desk.give(loose, name)
    return _keep_if_fewer(desk, loose.tolist(), was, before)


def _open(desk: Desk, name: str, rows: np.ndarray) -> bool:
    """Lead a grid shut in out to the edge or to another grid, without tearing the one around."""
    inside = set(rows.tolist())
    at_edge = desk.ground.outline_m > 0
    shut_in = [r for r in rows.tolist() if desk.code[r] and desk.code[r] not in desk.shut]

    def arrives(row: int) -> bool:
        beside = desk.neighbours(row).tolist()
        return at_edge[row] or any(desk.code[o] != name and o not in inside for o in beside)

    way = desk.shortest_way(
        np.array(shut_in, np.int64),
        may_pass=lambda row: desk.code[row] == name and row not in inside,
        arrives=arrives,
    )
    if way is None:
        return False
    owner = desk.code[min(o for o in desk.neighbours(way[-1]).tolist() if o in set(shut_in))]
    was, before = desk.code[way].copy(), _count_enclaves(desk)
    return _take(desk, way, owner) and _keep_if_fewer(desk, way, was, before)


def _keep_if_fewer(desk: Desk, rows: list[int], was: np.ndarray, before: int) -> bool:
    """Undo a step after which no fewer enclaves are left; so the steps come to an end."""
    if _count_enclaves(desk) < before:
        return True
    desk.restore(rows, was)
    return False


def _count_enclaves(desk: Desk) -> int:
    return int(measure_grids(desk.ground, as_codes(desk.code))["enclaves"].sum())
