"""A working division while it is being mended: who neighbours whom, what may move. Pure."""

from __future__ import annotations

import heapq
from collections.abc import Callable

import numpy as np

from gis.geometry.redraw.figures import number_codes
from gis.geometry.redraw.ground import WorkingGround
from gis.geometry.redraw.locks import Locks, as_codes, no_locks
from gis.geometry.redraw.topology import label_parts

STEP = 0.01
"""What a block counts for on a way beside its households, so that short ways are preferred."""


class Desk:
    """A copy of a division to work on; only blocks that are free to move ever do."""

    def __init__(self, ground: WorkingGround, code: np.ndarray, locks: Locks | None) -> None:
        self.ground = ground
        self.locks = no_locks(ground.n_blocks) if locks is None else locks
        self.code = as_codes(code).astype(object)
        special = {c for c in self.code[~ground.is_common].tolist() if c}
        self.shut = self.locks.closed | special
        self.free = ~self.locks.held & ground.is_common
        self.free &= ~np.isin(as_codes(self.code), sorted(self.locks.closed))
        self.load: dict[str, float] = {}
        for name, weight in zip(self.code.tolist(), ground.weight.tolist(), strict=True):
            self.load[name] = self.load.get(name, 0.0) + weight

    def grids(self) -> tuple[list[str], np.ndarray]:
        """Give the codes and the place of each block's code."""
        return number_codes(as_codes(self.code))

    def neighbours(self, row: int) -> np.ndarray:
        """Give the rows beside a block."""
        graph = self.ground.graph
        return graph.neighbour[graph.indptr[row] : graph.indptr[row + 1]]

    def pulls(self, rows: np.ndarray) -> dict[str, float]:
        """Give what the border of some blocks with each grid they may join would cost."""
        graph, inside = self.ground.graph, set(rows.tolist())
        found: dict[str, float] = {}
        for row in rows.tolist():
            for e in range(graph.indptr[row], graph.indptr[row + 1]):
                name = self.code[graph.neighbour[e]]
                if graph.neighbour[e] not in inside and name and name not in self.shut:
                    found[name] = found.get(name, 0.0) + max(float(graph.cost[e]), 1e-6)
        return found

    def best_home(
        self, rows: np.ndarray, *, apart_from: str = ""
    ) -> tuple[float, float, str] | None:
        """Choose the neighbouring grid least over the band, then with the dearest border.

        Returns
        -------
        Weight over the maximum, cost of the border below 0, and code; None where no grid is beside.
        """
        weight = float(self.ground.weight[rows].sum())
        homes = [
            (round(self.excess(name, weight), 6), -pull, name)
            for name, pull in self.pulls(rows).items()
            if name != apart_from
        ]
        return min(homes, default=None)

    def excess(self, name: str, weight: float) -> float:
        """Give how much further over the maximum a grid comes with more weight."""
        now, most = self.load.get(name, 0.0), self.ground.maximum
        return max(now + weight - most, 0.0) - max(now - most, 0.0)

    def give(self, rows: np.ndarray, name: str) -> None:
        """Move blocks to a grid."""
        for row in np.asarray(rows).tolist():
            weight = float(self.ground.weight[row])
            self.load[self.code[row]] = self.load.get(self.code[row], 0.0) - weight
            self.load[name] = self.load.get(name, 0.0) + weight
            self.code[row] = name

    def restore(self, rows: list[int], was: np.ndarray) -> None:
        """Move blocks back to the grids they came from."""
        for row, name in zip(rows, was.tolist(), strict=True):
            self.give(np.array([row]), name)

    def count_parts(self, names: set[str]) -> dict[str, int]:
        """Count the connected parts of some grids."""
        places, grid = number_codes(as_codes(self.code), sorted(names))
        rows = np.flatnonzero(grid >= 0)
        graph = self.ground.graph
        part = label_parts(graph.indptr, graph.neighbour, grid, rows)[rows]
        _, first = np.unique(part, return_index=True)
        counts = np.bincount(grid[rows[first]], minlength=len(places))
        return dict(zip(places, counts.tolist(), strict=True))

    def shortest_way(
        self,
        sources: np.ndarray,
        *,
        may_pass: Callable[[int], bool],
        arrives: Callable[[int], bool],
        most: float = np.inf,
    ) -> list[int] | None:
        """Find the way over free blocks with fewest households.

        Parameters
        ----------
        sources
            Rows to begin beside.
        may_pass, arrives
            Whether a way may lead over a block (a free one), and whether it ends with it.
        most
            A way must move fewer households.

        Returns
        -------
        The blocks of the way, the last one first; None if there is none.
        """
        cost = {int(row): 0.0 for row in sources.tolist()}
        before: dict[int, int] = {}
        queue = [(0.0, row) for row in sorted(cost)]
        done: set[int] = set()
        while queue:
            so_far, row = heapq.heappop(queue)
            if row in done:
                continue
            done.add(row)
            if row in before and arrives(row):
                return _trace(before, row)
            for other in self.neighbours(row).tolist():
                if not self.free[other] or not may_pass(other):
                    continue
                price = so_far + float(self.ground.households[other]) + STEP
                if price < most and price < cost.get(other, np.inf):
                    cost[other], before[other] = price, row
                    heapq.heappush(queue, (price, other))
        return None


def _trace(before: dict[int, int], row: int) -> list[int]:
    way = [row]
    while way[-1] in before and before[way[-1]] in before:
        way.append(before[way[-1]])
    return way
