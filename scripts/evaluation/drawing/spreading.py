"""A lower bound on the cost of any division, far stronger than that of the bare integer program.

Whatever the division, blocks outside the part of a block r weigh at least the total less the
maximum, and every path to them crosses a cut edge. So under any cut y (0 to 1 by edge), the sum of
weight times min(1, distance from r) is at least total - maximum, for every r: a linear program
whose rows are found by shortest paths, one tree at a time.

Sources: Even, Naor, Rao, Schieber (1999), spreading metrics, doi:10.1145/300515.300516; Ferreira
et al. (1996), knapsack tree inequalities, doi:10.1007/BF02592198.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from time import perf_counter

import highspy
import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from scripts.evaluation.drawing.instance import Instance

ROWS_AT_ONCE = 150
SMALL = 1e-4
"""Violation that is not worth a row, as a share of the right side."""

PURGE_EVERY = 8
SLACK_ROWS = 1e-6


@dataclass
class Spreading:
    """The linear program of one instance; `bound` is proven at any moment.

    Columns are edges, all rows are of the form coefficients · y >= 1.
    """

    instance: Instance
    bound: float = 0.0
    cut: np.ndarray = field(init=False)

    def __post_init__(self) -> None:
        one = self.instance
        self.cut = np.zeros(len(one.edges))
        self._edge = np.full((one.n_blocks, one.n_blocks), -1, np.int32)
        a, b = one.edges.T
        self._edge[a, b] = self._edge[b, a] = np.arange(len(one.edges))
        self._solver = _empty_program(one.cost)

    def tighten(self, limit_s: float, enough: float = math.inf) -> float:
        """Add rows until none is missing, the bound is enough, or time is over."""
        end = perf_counter() + limit_s
        for turn in range(10**6):
            rows = self._missing_rows()
            if not rows:
                break
            for columns, values in rows:
                self._solver.addRow(1.0, highspy.kHighsInf, len(columns), columns, values)
            spent = self._solver.getRunTime()
            self._solver.setOptionValue("time_limit", spent + max(end - perf_counter(), 0.01))
            self._solver.run()
            if self._solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
                break
            self.cut = np.clip(np.asarray(self._solver.getSolution().col_value), 0, 1)
            self.bound = max(self.bound, self._solver.getInfo().objective_function_value)
            if self.bound >= enough or perf_counter() > end:
                break
            if turn % PURGE_EVERY == PURGE_EVERY - 1:
                self._purge()
        return self.bound

    def tight_rows(self) -> list[tuple[np.ndarray, np.ndarray]]:
        """Give the rows that hold the bound up, for another program to use."""
        values = np.asarray(self._solver.getSolution().row_value)
        kept = []
        for row in np.flatnonzero(values <= 1 + SLACK_ROWS):
            _, columns, coefficients = self._solver.getRowEntries(int(row))
            kept.append((np.asarray(columns), np.asarray(coefficients)))
        return kept

    def _purge(self) -> None:
        """Drop rows that hold nothing up, so that the program stays small."""
        values = np.asarray(self._solver.getSolution().row_value)
        slack = np.flatnonzero(values > 1.02).astype(np.int32)
        if len(slack):
            self._solver.deleteRows(len(slack), slack)

    def _missing_rows(self) -> list[tuple[np.ndarray, np.ndarray]]:
        """Find the rows that the present cut breaks most, at most one for each block."""
        one = self.instance
        a, b = one.edges.T
        lengths = np.concatenate([self.cut, self.cut]) + 1e-9
        ends = (np.concatenate([a, b]), np.concatenate([b, a]))
        links = csr_array((lengths, ends), shape=(one.n_blocks,) * 2)
        distance, parent = dijkstra(links, limit=1.0, return_predecessors=True)
        near = distance < 1
        need = near @ one.weights - one.maximum
        has = np.where(near, distance, 0) @ one.weights
        short = np.where(need > 0, 1 - has / np.maximum(need, 1e-9), 0)
        worst = np.argsort(-short)[:ROWS_AT_ONCE]
        return [
            self._row(np.flatnonzero(near[r]), distance[r], parent[r], need[r])
            for r in worst[short[worst] > SMALL]
        ]

    def _row(
        self, tree: np.ndarray, distance: np.ndarray, parent: np.ndarray, need: float
    ) -> tuple[np.ndarray, np.ndarray]:
        """Write a shortest-path tree as a row: an edge counts for the weight below it."""
        below = np.zeros(len(distance))
        below[tree] = self.instance.weights[tree]
        order = tree[np.argsort(-distance[tree], kind="stable")]
        for node in order[:-1]:
            below[parent[node]] += below[node]
        nodes = order[:-1][below[order[:-1]] > 0]
        values = np.minimum(below[nodes], need) / need
        return self._edge[parent[nodes], nodes], values


def _empty_program(cost: np.ndarray) -> highspy.Highs:
    solver = highspy.Highs()
    solver.setOptionValue("output_flag", False)
    solver.setOptionValue("threads", 1)
    program = highspy.HighsLp()
    program.num_col_, program.num_row_ = len(cost), 0
    program.col_cost_ = np.asarray(cost, float)
    program.col_lower_, program.col_upper_ = np.zeros(len(cost)), np.ones(len(cost))
    solver.passModel(program)
    return solver
