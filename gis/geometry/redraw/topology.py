"""Which blocks hang together, and which are shut in, walked on the graph of blocks. Pure.

Both walks stay near the grids asked about, so that an edit costs what it touches and not what the
community holds.
"""

from __future__ import annotations

import numpy as np
from numba import njit


@njit(cache=True)
def label_parts(
    indptr: np.ndarray, neighbour: np.ndarray, grid: np.ndarray, rows: np.ndarray
) -> np.ndarray:
    """Tell the connected parts of grids apart by numbers.

    Parameters
    ----------
    indptr, neighbour
        The graph in compressed rows.
    grid
        (n,) number of the grid of each block.
    rows
        The blocks asked about: all blocks of some grids.

    Returns
    -------
    (n,) number of the part of each block asked about, -1 for the others.
    """
    part = np.full(grid.size, -1, np.int64)
    queue = np.empty(grid.size, np.int64)
    found = 0
    for row in rows:
        if part[row] >= 0:
            continue
        part[row] = found
        queue[0] = row
        head, tail = 0, 1
        while head < tail:
            v = queue[head]
            head += 1
            for e in range(indptr[v], indptr[v + 1]):
                u = neighbour[e]
                if part[u] < 0 and grid[u] == grid[row]:
                    part[u] = found
                    queue[tail] = u
                    tail += 1
        found += 1
    return part


@njit(cache=True)
def shut_in(
    indptr: np.ndarray,
    neighbour: np.ndarray,
    grid: np.ndarray,
    mine: np.ndarray,
    at_edge: np.ndarray,
    label: np.ndarray,
    queue: np.ndarray,
) -> tuple:
    """Find the ground that one grid encloses: what cannot reach the edge but through it.

    A search spreads from every block beside the grid at once. Groups that meet are one; a group
    that comes to the edge is open and needs no further look; neither does the last one, if none
    was open and the grid has no part in the edge. So a search costs the ground enclosed and a ring
    around the grid.

    Parameters
    ----------
    mine
        Rows of the grid's blocks.
    at_edge
        (n,) whether a block lies on the outline of the community.
    label, queue
        (n,) room to work in: `label` -1 everywhere, before and after; `queue` anything.

    Returns
    -------
    rows, group
        Blocks enclosed, and the number of the connected group of each.
    """
    own = grid[mine[0]]
    tail = _beside(indptr, neighbour, grid, mine, label, queue)
    root = np.arange(tail)
    alive = np.ones(tail, np.int64)
    is_open = at_edge[queue[:tail]]
    growing = tail - is_open.sum()
    sure = not at_edge[mine].any()
    head = 0
    while head < tail and growing > 0:
        if growing == 1 and sure and not is_open.any():
            break
        v = queue[head]
        head += 1
        a = _root(root, label[v])
        if is_open[a]:
            continue
        for e in range(indptr[v], indptr[v + 1]):
            u = neighbour[e]
            if grid[u] == own:
                continue
            if label[u] < 0:
                label[u] = a
                queue[tail] = u
                tail += 1
                alive[a] += 1
                is_open[a] = at_edge[u]
            else:
                b = _root(root, label[u])
                if b != a:
                    growing -= not is_open[b]
                    root[b] = a
                    alive[a] += alive[b]
                    is_open[a] = is_open[b]
            if is_open[a]:
                growing -= 1
                break
        alive[a] -= 1
        if alive[a] == 0 and not is_open[a]:
            growing -= 1
    found = _closed_groups(root, label, queue[:tail], is_open, alive)
    label[queue[:tail]] = -1
    return found


@njit(cache=True)
def _beside(
    indptr: np.ndarray,
    neighbour: np.ndarray,
    grid: np.ndarray,
    mine: np.ndarray,
    label: np.ndarray,
    queue: np.ndarray,
) -> int:
    """Begin a group at every block beside a grid; give their number."""
    n = 0
    for v in mine:
        for e in range(indptr[v], indptr[v + 1]):
            u = neighbour[e]
            if grid[u] != grid[v] and label[u] < 0:
                label[u] = n
                queue[n] = u
                n += 1
    return n


@njit(cache=True)
def _root(root: np.ndarray, a: int) -> int:
    while root[a] != a:
        a = root[a]
    return a


@njit(cache=True)
def _closed_groups(
    root: np.ndarray, label: np.ndarray, seen: np.ndarray, is_open: np.ndarray, alive: np.ndarray
) -> tuple:
    """Give the blocks of the groups that ran out of ground before they came to the edge."""
    rows = np.empty(seen.size, np.int64)
    group = np.empty(seen.size, np.int64)
    n = 0
    for v in seen:
        a = _root(root, label[v])
        if alive[a] == 0 and not is_open[a]:
            rows[n] = v
            group[n] = a
            n += 1
    return rows[:n], group[:n]
