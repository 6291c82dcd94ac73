"""The search for a good division of a connected graph: several starts, each annealed.

Pure. The work is a fixed number of proposals, so that the same input and seed give the same
division on every machine; a deadline only cuts it short.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from gis.geometry.partition.anneal import Terms, score_parts, sweep
from gis.geometry.partition.deadline import Deadline
from gis.geometry.partition.graph import Graph
from gis.geometry.partition.start import start_parts

Progress = Callable[[float, str], None]


@dataclass(frozen=True)
class Work:
    """How much is tried: runs, proposals per node and run, and steps of temperature."""

    n_runs: int
    moves_per_node: int
    n_steps: int = 150

    @classmethod
    def for_size(cls, n_nodes: int, effort: float) -> Work:
        """Choose the work for a graph: seconds for a thousand nodes, minutes for fifty thousand.

        Examples
        --------
        >>> Work.for_size(1000, 1.0).n_runs, Work.for_size(50_000, 1.0).n_runs
        (6, 1)
        """
        n_runs = int(np.clip(round(6 * effort * (1500 / max(n_nodes, 1)) ** 0.5), 1, 6 * effort))
        return cls(n_runs=max(1, n_runs), moves_per_node=max(50, int(5000 * min(1.0, effort))))


@dataclass
class Search:
    """One search; `best` is the best division so far, by weight outside the band, then cost."""

    graph: Graph
    terms: Terms
    seed: int = 0
    deadline: Deadline = field(default_factory=lambda: Deadline(None))
    progress: Progress | None = None
    best: np.ndarray | None = None
    score: tuple[float, float] = (np.inf, np.inf)

    def run(
        self, work: Work, start: np.ndarray | None = None, *, only_start: bool = False
    ) -> np.ndarray:
        """Anneal from several starts and give the best division."""
        for run in range(work.n_runs):
            if run and self.deadline.passed:
                break
            if start is not None and (only_start or run == 0):
                part = start.copy()
            else:
                part = start_parts(self.graph, self.terms.n_parts, self.seed + run)
            self.keep(part)
            self.anneal(part, work, run)
            self.report((run + 1) / work.n_runs)
        for extra in range(2):
            if self.score[0] <= 0 or self.terms.n_parts == 1 or self.deadline.passed:
                break
            self.anneal(self.best.copy(), work, work.n_runs + extra, strict=10.0)
        return self.best

    def anneal(self, part: np.ndarray, work: Work, run: int, strict: float = 1.0) -> None:
        """Cool one division down, in place, keeping the best states passed."""
        if self.terms.n_parts == 1:
            return
        dear = self.graph.cost[self.graph.cost > 0]
        unit = float(dear.mean()) if len(dear) else 1.0
        weight = max(self.terms.mean, 1e-9)
        state = np.uint64(0x9E3779B97F4A7C15 ^ (1000003 * (self.seed + 1) + 7919 * run))
        moves = max(200, work.moves_per_node * self.graph.n_nodes // work.n_steps)
        for step in range(work.n_steps):
            left = 1.0 - step / (work.n_steps - 1)
            heat = unit * (1.4 * left * left + 0.002)
            penalty = strict * (unit / weight) * (60.0 + 240.0 * (1 - left))
            state = np.uint64(sweep(self.graph, self.terms, part, heat, penalty, moves, state))
            if step >= work.n_steps // 2 or step % 10 == 0:
                self.keep(part)
            if self.deadline.passed:
                break
        sweep(self.graph, self.terms, part, 0.0, 100 * penalty, moves, state)
        self.keep(part)

    def keep(self, part: np.ndarray) -> None:
        """Remember a division if it is the best so far."""
        score = score_parts(self.graph, self.terms, part)
        score = (round(score[0], 6), score[1])
        if score < self.score:
            self.score, self.best = score, part.copy()

    def report(self, fraction: float) -> None:
        """Tell the caller how far the search has come."""
        if self.progress:
            self.progress(fraction, f"objective {self.score[1]:.6g}")
