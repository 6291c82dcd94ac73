"""Which small counts are hidden so that no sum or difference of what is shown gives one back.

Counts stand in a table of places by periods, and both are trees: grids add up to communities,
towns and counties, months to quarters and years. Every cell of every level is shown unless it is
hidden here, so a hidden one comes back wherever it is the only unknown of a sum, or of a
combination of sums. A cell stays unknown exactly when the counts could be other ones that agree
with everything shown: when there is a change of the finest cells that leaves all shown cells as
they are and this one not.

Such changes are made here of the simplest kind: an incident more in one place and one fewer in
another, in one month, and the other way round in another month. What it touches is the way up
from these four finest cells to where they meet, and that is hidden as a whole. Hence every hidden
cell, small or hidden for the sake of another, is unknown by construction.

Source: the idea of cycles of hidden cells is of D. Gusfield, “A graph theoretic approach to
statistical data security”, SIAM Journal on Computing 17 (1988), doi:10.1137/0217034; the way to
choose them here is greedy and not his.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import ArrayLike, NDArray

SMALLEST_SHOWN = 5
"""Counts below this are hidden, none among them."""

MOST_PARTNERS = 6
"""Neighbours looked at when one has to be hidden too; the cheapest of them is taken."""


@dataclass(frozen=True)
class Tree:
    """A tree of places or of periods.

    Parameters
    ----------
    parents
        (n,) row number of the parent of each node; -1 for a node whose sum with others is not
        shown. Parents come before their children.
    """

    parents: NDArray[np.int64]

    @property
    def children(self) -> list[NDArray[np.int64]]:
        """Give the row numbers of the children of each node."""
        return [np.flatnonzero(self.parents == node) for node in range(len(self.parents))]

    def sum_up(self, finest: ArrayLike, leaves: ArrayLike) -> NDArray[np.int64]:
        """Sum values of leaves into all nodes.

        Parameters
        ----------
        finest
            (m, k) values of the leaves.
        leaves
            (m,) node of each of them.

        Returns
        -------
        sums
            (n, k) values of all nodes.
        """
        values = np.asarray(finest)
        sums = np.zeros((len(self.parents), values.shape[1]), dtype=np.int64)
        np.add.at(sums, np.asarray(leaves, dtype=np.int64), values)
        for node in range(len(self.parents) - 1, -1, -1):
            if self.parents[node] >= 0:
                sums[self.parents[node]] += sums[node]
        return sums


def suppress(
    counts: ArrayLike, places: Tree, periods: Tree, *, smallest: int = SMALLEST_SHOWN
) -> NDArray[np.bool_]:
    """Say which cells are hidden.

    Parameters
    ----------
    counts
        (n places, n periods) counts, none negative; a parent has the sum of its children.
    places, periods
        How rows and how columns add up.
    smallest
        The least count that is shown for its own sake.

    Returns
    -------
    hidden
        (n places, n periods) booleans.

    Examples
    --------
    >>> alone, quarters = Tree(np.array([-1])), Tree(np.array([-1, 0, 0, 0, 0]))
    >>> suppress([[29, 2, 9, 9, 9]], alone, quarters).tolist()
    [[False, True, True, False, False]]
    """
    table = _Table(np.asarray(counts, dtype=np.int64), places, periods, smallest)
    table.settle_groups()
    for row, column in table.unsettled():
        if not table.settled[row, column]:
            table.settle(row, column)
    return table.hidden


class _Table:
    """Counts with what is hidden so far, and what of it is known to stay unknown (settled)."""

    def __init__(
        self, counts: NDArray[np.int64], places: Tree, periods: Tree, smallest: int
    ) -> None:
        self.counts = counts
        self.sides = (_Side(places), _Side(periods))
        self.hidden = counts < smallest
        self.settled = np.zeros(counts.shape, dtype=bool)
        self.cost = np.where(self.hidden, 0, counts + 1).astype(np.int64)

    def settle_groups(self) -> None:
        """Settle what lies with others like it: brothers small in the same two brother periods.

        Below a small cell all are small, so that the way down is hidden already.
        """
        small = self.hidden.copy()
        places, periods = self.sides
        for a, b in periods.pairs:
            both = small[:, a] & small[:, b]
            unknown = both & places.among_others(both)
            self.settled[unknown, a] = self.settled[unknown, b] = True
        for root in periods.roots:
            column = small[:, root]
            self.settled[column & places.among_others(column), root] = True

    def unsettled(self) -> list[tuple[int, int]]:
        """List what is hidden and not settled, the coarsest first."""
        rows, columns = np.nonzero(self.hidden & ~self.settled)
        depth = self.sides[0].depth[rows] + self.sides[1].depth[columns]
        order = np.lexsort((columns, rows, depth))
        return list(zip(rows[order].tolist(), columns[order].tolist(), strict=True))

    def settle(self, row: int, column: int) -> None:
        """Hide what has to be hidden with a cell, the least that is found, so that it stays so."""
        best, least = None, None
        for columns in self._changes(1, column, np.array([row])):
            for rows in self._changes(0, row, columns):
                cells = np.ix_(rows, columns)
                cost = int(self.cost[cells].sum())
                if least is None or cost < least:
                    best, least = cells, cost
        self.hidden[best] = self.settled[best] = True
        self.cost[best] = 0

    def _changes(self, axis: int, node: int, across: NDArray[np.int64]) -> list[NDArray]:
        """List the nodes that feel one more here and one fewer in a partner, for some partners."""
        side, cost = self.sides[axis], self._cost_along(axis, across)
        way = [*side.down(node, cost), node]
        top = node
        while side.parent[top] >= 0 and len(side.brothers(top)) == 0:
            top = side.parent[top]
            way.append(top)
        if side.parent[top] < 0:
            return [np.array(way)]
        brothers = side.brothers(top)
        chosen = brothers[np.argsort(cost[brothers], kind="stable")[:MOST_PARTNERS]]
        return [np.array([*way, *side.down(b, cost), b]) for b in chosen.tolist()]

    def _cost_along(self, axis: int, across: NDArray[np.int64]) -> NDArray[np.int64]:
        if axis == 0:
            return self.cost[:, across].sum(axis=1)
        return self.cost[across, :].sum(axis=0)


class _Side:
    """One of the two trees, with what is asked of it again and again."""

    def __init__(self, tree: Tree) -> None:
        self.parent = np.asarray(tree.parents, dtype=np.int64)
        self.children = tree.children
        self.roots = np.flatnonzero(self.parent < 0).tolist()
        self.depth = np.zeros(len(self.parent), dtype=np.int64)
        for node, parent in enumerate(self.parent.tolist()):
            if parent >= 0:
                self.depth[node] = self.depth[parent] + 1

    @property
    def pairs(self) -> list[tuple[int, int]]:
        """Give every two children of one parent."""
        return [pair for group in self.children for pair in combinations(group.tolist(), 2)]

    def among_others(self, chosen: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Say of which nodes a brother is chosen too; of a root nothing is asked."""
        inner = self.parent >= 0
        number = np.bincount(self.parent[inner & chosen], minlength=len(self.parent))
        return np.where(inner, number[self.parent] >= 2, True)

    def brothers(self, node: int) -> NDArray[np.int64]:
        """Give the other children of the node's parent."""
        if self.parent[node] < 0:
            return np.zeros(0, dtype=np.int64)
        group = self.children[self.parent[node]]
        return group[group != node]

    def down(self, node: int, cost: NDArray[np.int64]) -> list[int]:
        """Give the cheapest way down to a leaf, step by step, without the node itself."""
        way: list[int] = []
        while len(self.children[node]):
            group = self.children[node]
            node = int(group[np.argmin(cost[group])])
            way.append(node)
        return way
